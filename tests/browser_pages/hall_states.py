"""Builders of the hall administrator's states, and the page in tests: open it, push another state."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from server.sdk import messages, staff_messages
from tests.browser_pages import states
from tests.browser_pages.hall_stub import HallStub

HALL = "offices/zarechny/hall"
OFFICE = "offices/zarechny"
ANNUL_REASONS: dict[str, dict[messages.Language, str]] = {
    "mistake": {"ru": "Выдан по ошибке", "kk": "Қателесіп берілді", "en": "Issued by mistake"},
    "test": {"ru": "Проверка терминала", "kk": "Терминалды тексеру", "en": "A test of the terminal"},
}


def desk(label: str = "1", **changes: Any) -> dict[str, Any]:
    """A free window with its operator; pass ``state``, ``current``, ``since`` for others."""
    facts: dict[str, Any] = {
        "desk": f"zarechny-{label}",
        "label": label,
        "kind": "window",
        "state": "open",
        "operator": f"operator{label}",
        "break_reason": None,
        "since": states.ago(240),
        "current": None,
        "served_today": 14,
    }
    return {**facts, **changes}


def service(code: str = "meters", **changes: Any) -> dict[str, Any]:
    """A service that one open desk serves and for which nobody waits."""
    facts: dict[str, Any] = {
        "code": code,
        "name": states.SERVICES[code],
        "state": "open",
        "waiting": 0,
        "longest_wait_seconds": None,
        "desks_open": 1,
        "wait_limit_seconds": 900,
    }
    return {**facts, **changes}


def hall(version: int = 1, **changes: Any) -> dict[str, Any]:
    """An open hall with two windows and nobody in it; pass ``waiting``, ``desks`` and the rest."""
    facts: dict[str, Any] = {
        "office": "zarechny",
        "version": version,
        "at": states.ago(0),
        "is_open": True,
        "reception": "by_schedule",
        "waiting": [],
        "held": [],
        "missed": [],
        "desks": [desk("1"), desk("2")],
        "services": [service("meters"), service("contract")],
        "alerts": [],
        "live_wait_seconds": None,
    }
    return states.json_of(staff_messages.HallView(**{**facts, **changes}))


def queue(people: int = 3) -> list[dict[str, Any]]:
    """Visitors in their places, the first has waited 1000 seconds, each other 90 less."""
    return [
        states.ticket(f"A{30 + place:03d}", waited=1000 - place * 90, place=place + 1)
        for place in range(people)
    ]


def serving(number: str = "A019", seconds: int = 60, **changes: Any) -> dict[str, Any]:
    """A visitor whose service began ``seconds`` ago."""
    began = states.ago(seconds)
    return states.ticket(number, state="serving", started_at=began, leg_started_at=began, **changes)


def busy_hall(version: int = 1) -> dict[str, Any]:
    """A full hall where every kind of row, desk and alert is to be seen."""
    people = [
        states.ticket("A031", waited=1260, place=1, reason="guarded", overtaken=3),
        states.ticket(
            "B002", service="contract", waited=130, place=2, reason="out_of_turn", category="veteran"
        ),
        states.ticket(
            "A034",
            waited=780,
            place=3,
            reason="near_limit",
            remarks=[
                states.remark("Просила позвать сына, он в коридоре"),
            ],
        ),
        states.ticket(
            "C011",
            service="bills",
            waited=660,
            place=4,
            reason="transferred",
            to_desk="zarechny-2",
            then=[states.step("payment"), states.step("contract", "3")],
            language="kk",
        ),
        states.ticket("A036", waited=420, place=5, reason="raised"),
        states.ticket("A037", waited=400, place=6, reason="returned", to_operator="operator6"),
        states.ticket(
            "B005", service="contract", waited=30, place=7, reason="booked", booked_for=states.ago(30)
        ),
        *[states.ticket(f"A{40 + n:03d}", waited=380 - n * 18, place=8 + n) for n in range(16)],
    ]
    held = [
        states.ticket("A007", state="held", held_reason="documents", held_until=states.ago(-250)),
        states.ticket(
            "A009",
            state="held",
            held_reason="other",
            remarks=[
                states.remark("Пошёл в кассу", kind="hold"),
            ],
        ),
    ]
    missed = [states.ticket("A005", state="no_show", finished_at="2026-03-02T05:40:00Z")]
    desks = [
        desk("1", current=serving("A019", 700)),
        desk("2", current=serving("C004", 500, service="bills")),
        desk("3", state="break", break_reason="lunch", since=states.ago(1300)),
        desk("4", current=states.ticket("A028", state="called", called_at=states.ago(35), call_count=1)),
        desk("5", current=serving("*001", 95, ticketless=True)),
        desk("6", state="closed", operator=None, served_today=0),
        desk("7", since=states.ago(190)),
    ]
    services = [
        service("meters", waiting=19, longest_wait_seconds=1260, desks_open=4),
        service("contract", waiting=2, longest_wait_seconds=130, desks_open=0),
        service("bills", waiting=1, longest_wait_seconds=760, desks_open=2),
        service("payment", desks_open=0),
    ]
    alerts = [
        states.alert("nobody_serves", people=2),
        states.alert("addressee_away", ticket="id-A037", number="A037", operator="operator6"),
        states.alert("wait_over_limit", ticket="id-A031", number="A031", seconds=1260),
        states.alert(
            "service_over_norm", ticket="id-A019", number="A019", desk="zarechny-1", label="1", seconds=700
        ),
        states.alert("idle_desk", desk="zarechny-7", label="7", seconds=190, people=19),
        states.alert("long_queue", people=23),
    ]
    return hall(
        version,
        waiting=people,
        held=held,
        missed=missed,
        desks=desks,
        services=services,
        alerts=alerts,
        live_wait_seconds=410,
    )


def choices() -> dict[str, Any]:
    """What the office's staff choose from, with reasons to annul."""
    return states.choices(annul_reasons=states.named(ANNUL_REASONS))


def open_hall(page: Page, stub: HallStub, view: dict[str, Any], language: str = "ru") -> None:
    """Open the page and wait until it shows ``view``."""
    stub.gets[HALL] = view
    stub.gets[f"{OFFICE}/choices"] = choices()
    page.goto(f"{stub.url}/hall/zarechny?language={language}")
    page.wait_for_function("() => window.news")
    expect(page.locator("#load dd").first).to_have_text(str(len(view["waiting"])))


def push(page: Page, view: dict[str, Any]) -> None:
    """News from the server."""
    page.evaluate("view => window.news.push('hall:zarechny', view)", view)


def sent(stub: HallStub) -> list[tuple[str, dict[str, Any]]]:
    """What the page asked of the server: the command and its body."""
    return [(path, body) for path, body, _ in stub.posts]
