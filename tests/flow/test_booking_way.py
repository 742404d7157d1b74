"""A booked visitor's whole way on real programs: booked over HTTP, checked in, called in time, counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from server import cli
from server.company import CompanySettings
from server.config import TalonSettings
from server.db.contact_safe import safe_from_file
from server.db.engine import connect
from server.db.store import Store
from server.web.app import create_web
from tests.printer_sink import PrinterSink
from tests.programs import Caller, Program, Programs, assert_books_are_right
from tests.working_company import OFFICE, WorkingCompany, company_document

DESK = f"{OFFICE}-5"
SLOT = timedelta(minutes=5)


def test_a_booked_visitor_is_called_at_the_time_before_who_came_earlier_and_counts_as_booked(
    programs: Programs, company: WorkingCompany, tmp_path: Path
) -> None:
    take_bookings(company)
    server = programs.server(company.database_url)
    with PrinterSink() as printer, Caller(server.url) as public:
        kiosk = programs.kiosk(server, company.devices["kiosk"], OFFICE, printer.port)
        # The clock of real programs cannot be moved: this visitor booked a quarter of an hour ago.
        begun = last_slot(datetime.now(UTC))
        in_time = booked_earlier(company, tmp_path, begun)
        ahead = book(public, first_free(public))

        walk_in = ticket(kiosk, "take", {"service": "contract"})
        early = ticket(kiosk, "check-in", {"code": ahead["code"]})
        booked = ticket(kiosk, "check-in", {"code": in_time["code"]})
        again = touch(kiosk, "check-in", {"code": in_time["code"]})
        assert again.status_code == 409
        assert booked["number"] in again.json()["text"], "who has come already is told the number"
        assert len(printer.wait_for(3).data) > 0

    with Caller(server.url, company.people["operator-5"]) as operator:
        assert operator.post(f"desks/{DESK}/open").status_code == 200
        waiting = operator.get(f"offices/{OFFICE}/queue").json()["waiting"]
        assert [(one["number"], one["reason"]) for one in waiting] == [
            (booked["number"], "booked"),
            (walk_in["number"], "arrival"),
            (early["number"], "early"),
        ]
        served = [serve_next(operator) for _ in waiting]
    assert served == [booked["number"], walk_in["number"], early["number"]]

    with Caller(server.url, company.devices["audit"]) as auditor:
        events = auditor.events(OFFICE)
    visits = visits_of(events)
    assert visits[booked["number"]]["turn"] == begun
    assert visits[walk_in["number"]]["turn"] is None
    # W runs from the later of check-in and booked time; who is called before it has not waited.
    waits = {number: wait(visit) for number, visit in visits.items()}
    with Caller(server.url, company.people["manager"]) as manager:
        report = manager.get("reports/monthly").json()
    month = next(m for o in report["offices"] if o["office"] == OFFICE for m in o["months"] if m["served"])
    assert (month["served"], month["wait_seconds"]) == (3, sum(waits.values()))
    assert visits[early["number"]]["began"] < visits[early["number"]]["turn"]
    assert waits[early["number"]] == 0
    with Caller(server.url, company.people["admin"]) as staff:
        day = staff.get(f"offices/{OFFICE}/bookings").json()["bookings"]
    assert [(one["state"], one["number"]) for one in day] == [
        ("arrived", booked["number"]),
        ("arrived", early["number"]),
    ]
    assert kinds_served(company) == {"booked": 2, "walk_in": 1}
    assert "Traceback" not in server.log, server.log
    assert_books_are_right(server)


def take_bookings(company: WorkingCompany) -> None:
    """Let the office take bookings of five minutes from this minute on."""
    document = company_document()
    document["offices"][0]["bookings"] = {
        "services": [{"service": "contract", "minutes": 5}],
        "slot_minutes": 5,
        "lead_minutes": 0,
    }
    engine = connect(company.database_url)
    cli.import_company(Store(engine), CompanySettings.model_validate(document), "test")
    engine.dispose()


def last_slot(now: datetime) -> datetime:
    """The last time at which a booking may have begun."""
    return datetime.fromtimestamp(now.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), UTC)


def booked_earlier(company: WorkingCompany, folder: Path, at: datetime) -> dict[str, Any]:
    """Book over HTTP as it was a quarter of an hour before ``at``: the application on its own clock."""
    safe, _made = safe_from_file(folder / "server" / "contacts.key")
    engine = connect(company.database_url)
    store = Store(engine, lambda: at - timedelta(minutes=15), safe)
    settings = TalonSettings.model_validate({"server": {"state_folder": str(folder / "earlier")}})
    client = create_web(settings, store, lambda: None, async_mode="threading").app.test_client()
    version = client.get(f"/api/v1/offices/{OFFICE}/booking-rules").get_json()["consent"]["version"]
    body = {"office": OFFICE, "service": "contract", "at": at.isoformat()}
    held = client.post("/api/v1/bookings", json=body)
    assert held.status_code == 201, held.text
    details = {"name": "А. Б.", "email": "a@visitor.example", "consent": True, "consent_version": version}
    confirmed = client.post(f"/api/v1/bookings/{held.get_json()['hold']}/confirm", json=details)
    assert confirmed.status_code == 200, confirmed.text
    engine.dispose()
    made: dict[str, Any] = confirmed.get_json()
    return made


def first_free(public: Caller) -> str:
    """The first free time that is still ten minutes off."""
    listed = public.get(f"offices/{OFFICE}/slots", service="contract").json()
    soon = datetime.now(UTC) + timedelta(minutes=10)
    times = [slot["at"] for day in listed["days"] for slot in day["slots"]]
    return next(at for at in times if datetime.fromisoformat(at) > soon)


def book(public: Caller, at: str) -> dict[str, Any]:
    """Book as the company's site does: hold, then say who it is."""
    version = public.get(f"offices/{OFFICE}/booking-rules").json()["consent"]["version"]
    held = public.post("bookings", {"office": OFFICE, "service": "contract", "at": at})
    assert held.status_code == 201, held.text
    details = {"name": "В. Г.", "phone": "+79270000042", "consent": True, "consent_version": version}
    confirmed = public.post(f"bookings/{held.json()['hold']}/confirm", details)
    assert confirmed.json()["state"] == "booked", confirmed.text
    made: dict[str, Any] = confirmed.json()
    return made


def touch(kiosk: Program, what: str, body: dict[str, str]) -> requests.Response:
    """What the touch page sends to its terminal."""
    body = {**body, "language": "ru", "tap": str(uuid4())}
    return requests.post(f"{kiosk.url}/{what}", json=body, timeout=30)


def ticket(kiosk: Program, what: str, body: dict[str, str]) -> dict[str, Any]:
    """The ticket the terminal gave."""
    answer = touch(kiosk, what, body)
    assert answer.status_code == 200, answer.text
    given: dict[str, Any] = answer.json()["ticket"]
    return given


def serve_next(operator: Caller) -> str:
    """Call the next visitor, serve, finish; the number."""
    for act in ("call-next", "start", "finish"):
        answer = operator.post(f"desks/{DESK}/{act}")
        assert answer.status_code == 200, answer.text
        if act == "call-next":
            number = str(answer.json()["number"])
    return number


def visits_of(events: list[dict[str, Any]]) -> dict[str, dict[str, datetime | None]]:
    """By number: when each came, was booked for, and when service began; read from the raw log."""
    found: dict[str, dict[str, datetime | None]] = {}
    for issued in [event for event in events if event["kind"] == "ticket_issued"]:
        mine = {event["kind"]: event for event in events if event["visit"] == issued["visit"]}
        turn = issued["payload"].get("booked_for")
        found[issued["payload"]["number"]] = {
            "came": datetime.fromisoformat(issued["at"]),
            "turn": datetime.fromisoformat(turn) if turn else None,
            "began": datetime.fromisoformat(mine["service_started"]["at"]),
        }
    return found


def wait(visit: dict[str, datetime | None]) -> int:
    """W by the published rule: whole seconds from max(check-in, booked time) to the start, or 0."""
    came, turn, began = visit["came"], visit["turn"], visit["began"]
    assert came
    assert began
    return max(0, int((began - max(came, turn or came)).total_seconds()))


def kinds_served(company: WorkingCompany) -> dict[str, int]:
    """How many were served by kind, as the day's sums keep it."""
    engine = connect(company.database_url)
    query = "SELECT kind, SUM(served) FROM day_sum GROUP BY kind HAVING SUM(served) > 0"
    with engine.connect() as connection:
        found = {str(kind): int(served) for kind, served in connection.exec_driver_sql(query)}
    engine.dispose()
    return found
