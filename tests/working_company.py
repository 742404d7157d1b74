"""A company for whole-program tests: open at any hour, with people and tokens, on a given database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from server import cli, company
from server.db import accounts
from server.db.accounts import Person
from server.db.engine import connect
from server.db.store import Store
from server.web.auth import SCOPE_RIGHTS
from tests.new_tables import lay_tables

OFFICE = "north"
OTHER_OFFICE = "south"
CLOSED_OFFICE = "west"
DESKS = 8
PASSWORD = "the password of a test"
BEGUN = datetime.now(UTC)
"""When this run of tests began: a document made twice in it is the same, also across an hour's end."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class WorkingCompany:
    """What a test needs to act: tokens by device scope, personal tokens by login."""

    database_url: str
    devices: dict[str, str]
    people: dict[str, str]

    @property
    def operators(self) -> list[tuple[str, str]]:
        """``(desk, token)`` of each operator of the office."""
        count = sum(login.startswith("operator-") for login in self.people)
        return [(f"{OFFICE}-{n}", self.people[f"operator-{n}"]) for n in range(1, count + 1)]


def a_working_company(
    database_url: str, desks: int = DESKS, more_series: tuple[str, ...] = ()
) -> WorkingCompany:
    """Make the tables, put the company in force, make its people and tokens.

    The office has so many ``desks``, an operator for each, and one more service for each prefix in
    ``more_series``: a series of numbers ends at 999 a day.
    """
    lay_tables(database_url)
    engine = connect(database_url)
    store = Store(engine)
    document = company_document(desks=desks, more_series=more_series)
    cli.import_company(store, company.CompanySettings.model_validate(document), "test")
    people = [
        Person("admin", "administrator", None, None),
        Person("manager", "manager", None, None),
        Person("other-operator", "operator", OTHER_OFFICE, f"{OTHER_OFFICE}-1"),
        *(Person(f"operator-{n}", "operator", OFFICE, f"{OFFICE}-{n}") for n in range(1, desks + 1)),
    ]
    with store.write_company() as connection:
        for person in people:
            accounts.save_person(connection, person, PASSWORD)
    made = WorkingCompany(
        database_url,
        devices={
            **{scope: cli.make_token(store, scope, "test", None) for scope in SCOPE_RIGHTS},
            "other-kiosk": cli.make_token(store, "kiosk", "test", OTHER_OFFICE),
        },
        people={
            person.login: cli.make_token(store, "person", "test", None, person.login) for person in people
        },
    )
    engine.dispose()
    return made


def company_document(
    now: datetime = BEGUN, desks: int = DESKS, more_series: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Three offices: one open, one open elsewhere, one closed today."""
    zone, today = _zone_where_it_is_noon(now)
    every_day = {day: [["00:30", "23:30"]] for day in WEEKDAYS}
    names = {"ru": "Север", "kk": "Солтүстік", "en": "North"}
    common = {"timezone": zone, "languages": ["ru", "kk", "en"]}
    return {
        "name": {"ru": "Компания", "kk": "Компания", "en": "Company"},
        "offices": [
            {
                **common,
                "code": OFFICE,
                "name": names,
                "ticket_languages": ["kk", "ru"],
                "voice_languages": ["kk", "ru"],
                "schedule": {"weekly": every_day},
                "services": [
                    {"code": "contract", "prefix": "А", "name": {"ru": "Договор", "kk": "Шарт"}},
                    {"code": "cash", "prefix": "К", "name": {"ru": "Касса"}},
                    {"code": "archive", "prefix": "Л", "name": {"ru": "Архив"}, "state": "closed"},
                    *(
                        {"code": f"more-{n}", "prefix": prefix, "name": {"ru": f"Услуга {prefix}"}}
                        for n, prefix in enumerate(more_series, start=1)
                    ),
                ],
                "desks": [{"label": str(n)} for n in range(1, desks + 1)],
                "categories": [{"code": "veteran", "name": {"ru": "Ветераны"}}],
            },
            {
                **common,
                "code": OTHER_OFFICE,
                "name": {"ru": "Юг"},
                "schedule": {"weekly": every_day},
                "services": [{"code": "all", "prefix": "Е", "name": {"ru": "Всё"}}],
                "desks": [{"label": "1"}],
            },
            {
                **common,
                "code": CLOSED_OFFICE,
                "name": {"ru": "Запад"},
                "schedule": {"weekly": {WEEKDAYS[(today + 2) % 7]: [["09:00", "17:00"]]}},
                "services": [{"code": "all", "prefix": "П", "name": {"ru": "Всё"}}],
                "desks": [{"label": "1"}],
            },
        ],
    }


def _zone_where_it_is_noon(now: datetime) -> tuple[str, int]:
    """A zone in which it is about noon now, and the weekday there (0 = Monday).

    So no test ever runs across midnight: the office's day, its numbers and its month stay one, as long as a
    run of tests takes less than half a day.
    """
    east = 12 - now.hour
    # In these names the sign is turned: Etc/GMT-5 lies five hours east of Greenwich.
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT", (now + timedelta(hours=east)).weekday()
