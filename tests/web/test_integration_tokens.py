"""What a site, personal account or chat bot may do with its token: book everywhere, or in one office."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from server.web.rate_limit import Limits
from tests.booking_builders import TUESDAY, take_bookings
from tests.web.conftest import Site

WANTED = {"office": "north", "service": "contract", "at": TUESDAY.isoformat(), "channel": "bot"}


@pytest.fixture
def booked_site(site: Site) -> Site:
    take_bookings(site.store)
    return site


def details(site: Site, token: str) -> dict[str, Any]:
    version = site.get("offices/north/booking-rules", token=token).json["consent"]["version"]
    who = {"name": "Иванов И. И.", "phone": "+79270000012"}
    return {**who, "consent": True, "consent_version": version}


def test_a_program_books_moves_and_cancels_and_each_command_is_done_once(
    booked_site: Site, operator: str
) -> None:
    site, bot = booked_site, booked_site.token("integration")
    slots = site.get("offices/north/slots?service=contract&from=2026-03-03", token=bot).json
    assert slots["days"][0]["slots"][0]["left"] is None
    holds = [site.post("bookings", WANTED, token=bot, key="the-hold-01") for _ in range(2)]
    assert holds[0].json == holds[1].json
    held = holds[0].json
    path = f"bookings/{held['hold']}"
    confirmed = site.post(f"{path}/confirm", details(site, bot), token=bot, key="confirm-01")
    assert (confirmed.json["state"], confirmed.json["id"]) == ("booked", held["id"])
    later = {"at": (TUESDAY + timedelta(hours=1)).isoformat()}
    moves = [site.post(f"{path}/move", later, token=bot, key="the-move-01") for _ in range(2)]
    assert [answer.status_code for answer in moves] == [200, 200]
    assert moves[1].headers["Idempotent-Replayed"] == "true"
    (listed,) = site.get("offices/north/bookings?day=2026-03-03", token=operator).json["bookings"]
    assert (listed["id"], listed["channel"]) == (held["id"], "bot")
    assert site.post(f"{path}/cancel", token=bot, key="cancel-001").json["state"] == "cancelled"
    events = [event for event in _log(site) if event.startswith("booking_")]
    assert events == ["booking_made", "booking_moved", "booking_cancelled"]


def test_a_program_of_one_office_is_refused_at_the_others(booked_site: Site) -> None:
    site, here, there = (
        booked_site,
        booked_site.token("integration"),
        booked_site.token("integration", "south"),
    )
    link = site.post("bookings", WANTED, token=here).json["hold"]
    path = f"bookings/{link}"
    asked = [
        site.get("offices/north/slots?service=contract", token=there),
        site.get("offices/north/booking-rules", token=there),
        site.post("bookings", WANTED, token=there),
        site.get(path, token=there),
        site.post(f"{path}/confirm", details(site, here), token=there),
        site.post(f"{path}/move", {"at": TUESDAY.isoformat()}, token=there),
        site.post(f"{path}/cancel", token=there),
    ]
    assert [(answer.status_code, answer.json["code"]) for answer in asked] == 7 * [(403, "other_office")]
    assert site.get(path, token=here).json["state"] == "held"


def test_a_program_sees_no_list_of_visitors_and_no_contact(booked_site: Site, operator: str) -> None:
    site, bot = booked_site, booked_site.token("integration")
    held = site.post("bookings", WANTED, token=bot).json
    view = site.post(f"bookings/{held['hold']}/confirm", details(site, bot), token=bot).json
    assert (view["contact"], view["name"]) == (["+7 *** **-12"], "И*** И. И.")
    for answer in (
        site.get("offices/north/bookings", token=bot),
        site.get("offices/north/booking-conflicts", token=bot),
        site.post(f"offices/north/bookings/{held['id']}/contact", token=bot),
        site.post(f"offices/north/bookings/{held['id']}/cancel", token=bot),
        site.get("offices/north/queue", token=bot),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "no_right")


@pytest.mark.parametrize("channel", ["account", "bot"])
def test_who_has_no_token_cannot_book_in_a_programs_name(booked_site: Site, channel: str) -> None:
    answer = booked_site.post("bookings", {**WANTED, "channel": channel})
    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")
    assert booked_site.post("bookings", {**WANTED, "channel": "site"}).status_code == 201


def test_a_program_has_a_limit_of_its_own_whatever_machine_it_says_it_is(booked_site: Site) -> None:
    site, bot, other = booked_site, booked_site.token("integration"), booked_site.token("integration")
    site.web.api.limits = Limits({"integration": 3, "booking": 1}, clock=lambda: 6000.0)
    machines = ("first", "second", "third", "fourth")
    answers = [site.get("offices/north/booking-rules", token=bot, machine=name) for name in machines]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert site.get("offices/north/booking-rules", token=other).status_code == 200
    assert site.get("offices/north/booking-rules").status_code == 200
    assert site.get("offices/north/booking-rules").status_code == 429


def _log(site: Site) -> list[str]:
    lines = site.get("offices/north/events", token=site.token("audit")).get_data(as_text=True).splitlines()
    return [json.loads(line)["kind"] for line in lines]
