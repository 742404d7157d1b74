"""Two hundred visitors want twenty places at one time, over two server processes: twenty get one."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from server import cli
from server.company import CompanySettings
from server.db.engine import connect
from server.db.store import Store
from tests.postgresql import PostgreSql
from tests.programs import Caller, Program, Programs, assert_books_are_right
from tests.working_company import OFFICE, WorkingCompany, a_working_company, company_document

CLIENTS = 200
PLACES = 20
STAFF_PLACES = 5


def test_two_servers_on_one_sqlite_file_give_each_place_once(
    programs: Programs, company: WorkingCompany
) -> None:
    each_place_is_given_once(programs, company)


def test_two_servers_on_one_postgresql_give_each_place_once(
    programs: Programs, postgresql: PostgreSql
) -> None:
    each_place_is_given_once(programs, a_working_company(postgresql.new_database()))


def each_place_is_given_once(programs: Programs, company: WorkingCompany) -> None:
    """Hold and confirm from everywhere at once, then count what stands."""
    take_bookings(company)
    servers = [programs.server(company.database_url, name) for name in ("server-1", "server-2")]
    now = datetime.now(UTC)
    at = (now + timedelta(hours=2)).replace(minute=now.minute // 15 * 15, second=0, microsecond=0)

    answers = race(servers, company, at)

    statuses = Counter(hold.status_code for hold, _confirmed in answers)
    assert statuses == {201: PLACES, 409: CLIENTS - PLACES}
    for hold, confirmed in answers:
        if hold.status_code == 201:
            assert (confirmed.status_code, confirmed.json()["state"]) == (200, "booked"), confirmed.text
        else:
            problem = hold.json()
            assert problem["code"] == "slot_taken"
            nearest = [datetime.fromisoformat(time) for time in problem["nearest"]]
            assert len(nearest) == 5
            assert at not in nearest
            assert max(abs(time - at) for time in nearest) <= timedelta(minutes=45)
    codes = [confirmed.json()["code"] for hold, confirmed in answers if hold.status_code == 201]
    assert len(set(codes)) == PLACES
    assert [book_by_staff(servers, company, at, n) for n in range(STAFF_PLACES + 1)] == STAFF_PLACES * [
        201
    ] + [409]
    with Caller(servers[0].url, company.people["admin"]) as staff:
        day = staff.get(f"offices/{OFFICE}/bookings").json()["bookings"]
    assert Counter(booking["state"] for booking in day) == {"booked": PLACES + STAFF_PLACES}
    for server in servers:
        assert "Traceback" not in server.log, server.log
    assert_books_are_right(servers[0])


def take_bookings(company: WorkingCompany) -> None:
    """Let the office take bookings: so many at once for the public, some for staff."""
    document = company_document()
    pool = {"code": "hall", "services": ["contract"], "public": PLACES, "staff": STAFF_PLACES}
    document["offices"][0]["bookings"] = {"pools": [pool], "lead_minutes": 0}
    engine = connect(company.database_url)
    cli.import_company(Store(engine), CompanySettings.model_validate(document), "test")
    engine.dispose()


def race(servers: list[Program], company: WorkingCompany, at: datetime) -> list[tuple[Any, Any]]:
    """Everybody's answers to the hold, and to the confirm where there was one to make."""
    begin = threading.Barrier(CLIENTS)
    # A program of the company asks for all its visitors: the public's limit is not what is tested here.
    token = company.devices["integration"]

    def visitor(number: int) -> tuple[Any, Any]:
        with Caller(servers[number % len(servers)].url, token) as caller:
            rules = caller.get(f"offices/{OFFICE}/booking-rules").json()
            begin.wait()
            body = {"office": OFFICE, "service": "contract", "at": at.isoformat(), "channel": "account"}
            hold = caller.post("bookings", body, key=f"hold-of-{number:04}")
            if hold.status_code != 201:
                return hold, None
            details = {
                "name": f"В. {number}",
                "phone": f"+7927{number:07}",
                "consent": True,
                "consent_version": rules["consent"]["version"],
            }
            return hold, caller.post(f"bookings/{hold.json()['hold']}/confirm", details)

    with ThreadPoolExecutor(CLIENTS) as visitors:
        return list(visitors.map(visitor, range(CLIENTS)))


def book_by_staff(servers: list[Program], company: WorkingCompany, at: datetime, number: int) -> int:
    """An operator books for a caller; the status of the answer."""
    body = {
        "service": "contract",
        "at": at.isoformat(),
        "name": "А. Б.",
        "phone": f"+7999{number:07}",
        "consent": True,
    }
    with Caller(servers[number % 2].url, company.people["operator-1"]) as operator:
        return operator.post(f"offices/{OFFICE}/bookings", body).status_code
