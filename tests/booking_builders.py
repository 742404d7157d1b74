"""Builders for bookings: a company that takes them, and the steps of a booking in one call."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from server import cli, company
from server.actions import bookings
from server.db.booking_tables import outbox
from server.db.store import Store
from server.domain.booking import Booking
from server.domain.office import Office, office_from_document
from tests.builders import COMPANY

WHOLE: dict[str, Any] = {"public_percent": 50, "staff_percent": 50, "lead_minutes": 0}
"""All of the desks' time can be booked: two desks give one public place and one for staff."""

TUESDAY = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
"""The day after the tests' clock, 08:00 in Moscow: the office opens."""


def booking_company(office_changes: dict[str, Any] | None = None, **rules: Any) -> company.CompanySettings:
    """The company of the tests; its first office takes bookings by these rules."""
    values = copy.deepcopy(COMPANY)
    office = values["offices"][0]
    # Both services at both desks, a quarter of an hour each: one pool of two desks.
    office["desks"] = [{"label": label, "services": ["contract", "cash"]} for label in ("1", "2")]
    office["services"][0]["norm_minutes"] = 15
    office["services"][1]["norm_minutes"] = 15
    office["bookings"] = {**WHOLE, **rules}
    office.update(office_changes or {})
    return company.CompanySettings.model_validate(values)


def take_bookings(store: Store, office_changes: dict[str, Any] | None = None, **rules: Any) -> Office:
    """Put these rules in force in the first office; returns it."""
    settings = booking_company(office_changes, **rules)
    cli.import_company(store, settings, "test")
    return office_from_document(settings.documents()[0])


def book(
    store: Store,
    at: datetime = TUESDAY,
    service: str = "contract",
    phone: str | None = "+79270000012",
    email: str | None = None,
    count: int = 1,
) -> tuple[Booking, str]:
    """A visitor books on the site; returns the booking and its link."""
    with store.write("north", "visitor") as uow:
        _held, link = bookings.hold(uow, service, at, count, channel="site", language="ru")
    with store.write("north", "visitor") as uow:
        assert uow.office.bookings is not None
        version = uow.office.bookings.consent_version
        made = bookings.confirm(
            uow, link, name="Иванов И. И.", phone=phone, email=email, consent_version=version
        )
    return made, link


def book_by_staff(store: Store, at: datetime = TUESDAY, phone: str | None = None, **more: Any) -> Booking:
    """An operator books for a caller."""
    values = {"service": "contract", "count": 1, "channel": "phone", "language": "ru", **more}
    with store.write("north", "anna") as uow:
        return bookings.book_for_caller(uow, at=at, name="Петров П. П.", phone=phone, email=None, **values)


def messages(store: Store) -> list[tuple[str, str, str]]:
    """Kind, channel and state of everything in the outbox, in the order written."""
    with store.read() as connection:
        rows = connection.execute(outbox.select().order_by(outbox.c.made_at, outbox.c.id))
        return [(row.kind, row.channel, row.state) for row in rows]


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
