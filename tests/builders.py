"""Builders: an office, a visit, a store with a frozen clock; each test states only what it is about."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from server import cli, company
from server.db import accounts
from server.db.contact_safe import ContactSafe
from server.db.engine import connect
from server.db.store import Store
from server.domain import moves
from server.domain.office import Office, office_from_document
from server.domain.visit import State, Visit
from tests.new_tables import lay_tables

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, 09:00 UTC: 12:00 in Moscow."""

COMPANY: dict[str, Any] = {
    "name": {"ru": "Компания"},
    "offices": [
        {
            "code": "north",
            "name": {"ru": "Север", "kk": "Солтүстік", "en": "North"},
            "timezone": "Europe/Moscow",
            "languages": ["ru", "kk", "en"],
            "schedule": {
                "weekly": {
                    "mon": [["08:00", "17:00"]],
                    "tue": [["08:00", "17:00"]],
                    "wed": [["08:00", "17:00"]],
                },
                "breaks": {"mon": [["12:00", "13:00"]]},
            },
            "services": [
                {"code": "contract", "prefix": "А", "name": {"ru": "Договор"}, "typical_minutes": 10},
                {"code": "cash", "prefix": "К", "name": {"ru": "Касса"}, "typical_minutes": 3},
                {"code": "archive", "prefix": "А", "name": {"ru": "Архив"}, "state": "closed"},
            ],
            "desks": [
                {"label": "1", "services": ["contract"]},
                {"label": "2", "services": ["contract", "cash"]},
            ],
            "categories": [
                {"code": "veteran", "name": {"ru": "Ветераны"}},
                {"code": "pensioner", "name": {"ru": "Пенсионеры"}, "out_of_turn": False},
            ],
        },
        {
            "code": "south",
            "name": {"ru": "Юг"},
            "timezone": "Asia/Almaty",
            "schedule": {"weekly": {"mon": [["09:00", "18:00"]]}},
            "services": [{"code": "all", "prefix": "Е", "name": {"ru": "Всё"}}],
            "desks": [{"label": "1"}],
        },
    ],
}


def changed_company(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The company of the tests as data, its first office changed by ``change``."""
    values = copy.deepcopy(COMPANY)
    change(values["offices"][0])
    return values


def a_company() -> company.CompanySettings:
    """The company of the tests: two offices in two zones."""
    return company.CompanySettings.model_validate(COMPANY)


def an_office(code: str = "north") -> Office:
    """One of its offices, as the rules see it."""
    documents = {document["code"]: document for document in a_company().documents()}
    return office_from_document(documents[code])


def a_visit(number: str = "А001", **changes: Any) -> Visit:
    """A visitor who took a ticket for a contract at 09:00 UTC."""
    booked_for = changes.pop("booked_for", None)
    visit, _event = moves.issue(
        visit_id=f"visit-{number}",
        office="north",
        day=NINE.date(),
        number=number,
        service="contract",
        code=f"code-{number}",
        language="ru",
        category=None,
        at=NINE,
        actor="kiosk",
        booked_for=booked_for,
    )
    return replace(visit, **changes)


def a_served_visit(wait: float = 60, service: float = 300, **changes: Any) -> Visit:
    """A visit that waited and was served for so many seconds."""
    started = changes.get("started_at", NINE + timedelta(seconds=wait))
    values = {
        "state": State.SERVED,
        "called_at": started,
        "call_count": 1,
        "call_id": "call",
        "started_at": started,
        "leg_started_at": started,
        "served_ms": round(service * 1000),
        "finished_at": started + timedelta(seconds=service),
        "desk": "north-1",
        "operator": "anna",
    }
    return a_visit(**{**values, **changes})


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NINE) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.now

    def forward(self, **amount: float) -> datetime:
        """Move it on by a timedelta's arguments; returns the new moment."""
        self.now += timedelta(**amount)
        return self.now


def a_store(url: str, clock: Clock | None = None, let_others: Callable[[], None] | None = None) -> Store:
    """A migrated database with the company in force."""
    lay_tables(url)
    engine = connect(url)
    store = Store(engine, clock or Clock(), ContactSafe(b"a key of the tests".ljust(32)), let_others)
    cli.import_company(store, a_company(), "test")
    return store


def add_person(
    store: Store,
    login: str,
    role: str,
    office: str | None = None,
    desk: str | None = None,
    services: tuple[str, ...] = (),
    name: str = "",
) -> str:
    """Make a person with the password "password"; returns a personal token."""
    with store.write_company() as connection:
        accounts.save_person(
            connection, accounts.Person(login, role, office, desk, services, name), "password"
        )
    return cli.make_token(store, "person", "test", None, login)
