"""Webhooks between programs: two servers on one database tell a receiver everything, each thing once."""

from __future__ import annotations

import threading
from collections import Counter

from tests.flow.test_booking_race import take_bookings
from tests.programs import Caller, Programs, command, until
from tests.webhook_receiver import Receiver
from tests.working_company import OFFICE, WorkingCompany

BOOKINGS = 8


def test_two_servers_tell_each_thing_once_and_a_slow_receiver_delays_no_booking(
    programs: Programs, company: WorkingCompany
) -> None:
    take_bookings(company)
    allowed: dict[str, object] = {"allow_private": True}
    servers = [
        programs.server(company.database_url, name, webhooks=allowed) for name in ("server-1", "server-2")
    ]
    hears = threading.Event()
    with Receiver(lambda _told: 204 if hears.wait(60) else 500) as receiver:
        events = ("booking.made", "booking.cancelled")
        added = command(servers[0], "webhook", "add", receiver.url, "--events", *events)
        assert added.returncode == 0, added.stderr
        booked = [book_and_cancel(servers[n % 2].url, company, n) for n in range(BOOKINGS)]
        hears.set()
        until(lambda: len(taken(receiver)) >= 2 * BOOKINGS, "the receiver being told everything", 90)
        told = [one.content for one in receiver.told]
    # On a slow machine the first ones may have waited too long for an answer: they come again as they were.
    repeated = Counter(one["delivery"] for one in told)
    assert len(repeated) == 2 * BOOKINGS
    assert sum(repeated.values()) <= 2 * BOOKINGS + len(servers)
    for booking in booked:
        mine = [one for one in told if one["booking"]["id"] == booking]
        assert list(dict.fromkeys(one["event"] for one in mine)) == list(events)
        assert [one["sequence"] for one in mine] == sorted(one["sequence"] for one in mine)
    for server in servers:
        assert "Traceback" not in server.log, server.log


def taken(receiver: Receiver) -> set[str]:
    """The deliveries it has heard of."""
    return {one.content["delivery"] for one in receiver.told}


def book_and_cancel(url: str, company: WorkingCompany, number: int) -> str:
    """A visitor books over the company's site and thinks better of it; returns the booking's id."""
    with Caller(url, company.devices["integration"]) as site:
        consent = site.get(f"offices/{OFFICE}/booking-rules").json()["consent"]["version"]
        days = site.get(f"offices/{OFFICE}/slots", service="contract").json()["days"]
        at = days[1]["slots"][number]["at"]
        hold = site.post("bookings", {"office": OFFICE, "service": "contract", "at": at}).json()
        who = {"name": "A. A.", "phone": f"+792700000{number:02d}", "consent": True}
        path = f"bookings/{hold['hold']}"
        confirmed = site.post(f"{path}/confirm", {**who, "consent_version": consent})
        assert confirmed.json()["state"] == "booked", confirmed.text
        assert site.post(f"{path}/cancel").status_code == 200
    return str(hold["id"])
