"""The demonstration always has somebody who is expected soon, and nobody who could be a real person."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server import cli, company
from server.actions import booking_arrivals, offices
from server.db import booking_rows, migrate
from server.db.contact_safe import ContactSafe
from server.db.engine import connect
from server.db.store import Store
from server.demonstration.bookings import write_bookings
from server.demonstration.start import COMPANY
from server.sdk import settings as settings_file
from tests.builders import Clock

SUNDAY_NIGHT = datetime(2026, 3, 1, 23, 50, tzinfo=UTC)
WEDNESDAY_NOON = datetime(2026, 3, 4, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize("now", [SUNDAY_NIGHT, WEDNESDAY_NOON])
def test_at_whatever_hour_it_starts_a_booked_visitor_can_check_in_at_each_office(
    tmp_path: Path, now: datetime
) -> None:
    engine = connect(f"sqlite:///{tmp_path}/talon.sqlite")
    migrate.upgrade(engine)
    clock = Clock(now)
    safe = ContactSafe(b"a key of the tests".ljust(32))
    store = Store(engine, clock, safe)
    document = settings_file.load(company.CompanySettings, COMPANY)
    cli.import_company(store, document, "test")
    for office in [one["code"] for one in document.documents()]:
        with store.write(office, "test") as uow:
            offices.set_reception(uow, "always_open", {})
        made = write_bookings(store, office)
        assert made >= 10
        assert write_bookings(store, office) == 0, "a second start adds nothing"
        with store.read() as connection:
            to_come = booking_rows.to_come(connection, office, now)
            contacts = booking_rows.contacts(connection, safe, [booking.id for booking in to_come])
        assert len(to_come) == made
        for contact in contacts.values():
            assert re.fullmatch(r"Демо [А-Я]\.", contact.name)
            assert contact.phone is None or contact.phone.startswith("+7000000")
            assert contact.email is None or contact.email.endswith("@example.org")
        soon = to_come[0]
        assert soon.starts_at - now <= timedelta(minutes=30)
        clock.now = soon.starts_at - timedelta(minutes=20)
        with store.write(office, "kiosk") as uow:
            visit = booking_arrivals.check_in(uow, booking_arrivals.find(uow, soon.code, None, None))
        assert visit.booked_for == soon.starts_at
        clock.now = now
    engine.dispose()
