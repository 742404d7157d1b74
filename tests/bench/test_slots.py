"""What the list of free times costs: a month of an office with ten services, few bookings and very many."""

from __future__ import annotations

import copy
import gc
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from server import cli, company
from server.db.booking_tables import booking, booking_place
from server.db.store import Store
from server.domain import slots
from server.domain.booking_rules import PUBLIC, Pool
from server.domain.office import Office, office_from_document
from server.domain.slots import Grid
from server.sdk.booking_messages import AskSlots
from server.web import booking_views
from tests.bench.tables import Measured, print_table
from tests.builders import COMPANY, NINE, Clock, a_store

LIMIT = 0.050
DAYS = 30
SERVICES = 10
DESKS = 20
ROUNDS = 200
FILLED = (
    ("no booking", 0, 0),
    ("1,000, all in the month", 1_000, 1_000),
    ("100,000, 1,000 of them in the month", 1_000, 100_000),
    ("100,000, the month half full", 5_500, 100_000),
)
"""What is in the table: how many in the month that is listed, how many in all."""


@pytest.mark.bench
def test_the_list_of_free_times_for_a_month(tmp_path: Path) -> None:
    lasted, worked = [], []
    for what, coming, count in FILLED:
        store = a_store(f"sqlite:///{tmp_path}/{coming}-{count}.sqlite", Clock(NINE))
        fill(store, an_office_of_ten_services(store), coming, count)
        wall, processor = measure(store)
        lasted.append(Measured(what, wall, LIMIT))
        worked.append(Measured(what, processor))
        store.engine.dispose()
    print_table(f"Free times of one of {SERVICES} services, {DAYS} days", lasted)
    print_table("The same in time of the processor, whatever else the machine does", worked)


def measure(store: Store) -> tuple[list[float], list[float]]:
    """Seconds each list takes by the clock and of the processor, from the question to the JSON."""
    asked = AskSlots.model_validate({"service": "service-3", "from": "2026-03-03", "to": "2026-04-01"})
    wall, processor = [], []
    # The heap of the test programs is not the server's: no list is to pay for its collection.
    gc.collect()
    gc.freeze()
    for _round in range(ROUNDS):
        begun = time.perf_counter(), time.process_time()
        listed = booking_views.slot_list(store, "north", asked, PUBLIC).model_dump_json()
        wall.append(time.perf_counter() - begun[0])
        processor.append(time.process_time() - begun[1])
        assert len(listed) > 1000
    gc.unfreeze()
    return wall, processor


def an_office_of_ten_services(store: Store) -> Office:
    """Twenty desks that give all of ten services every day, of whose time 60 % can be booked."""
    values: dict[str, Any] = copy.deepcopy(COMPANY)
    office = values["offices"][0]
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    office["schedule"] = {"weekly": {day: [["08:00", "20:00"]] for day in days}}
    office["services"] = [
        {"code": f"service-{n}", "prefix": "А", "name": {"ru": f"Услуга {n}"}} for n in range(SERVICES)
    ]
    office["desks"] = [{"label": str(n)} for n in range(DESKS)]
    office["bookings"] = {"horizon_days": DAYS}
    settings = company.CompanySettings.model_validate(values)
    cli.import_company(store, settings, "test")
    return office_from_document(settings.documents()[0])


def fill(store: Store, office: Office, coming: int, count: int) -> None:
    """Put so many bookings in: some in the month to come, the rest in the years before."""
    made = [*rows(office, coming, 1), *rows(office, count - coming, -1)]
    with store.write_company() as connection:
        for begin in range(0, len(made), 5_000):
            part = made[begin : begin + 5_000]
            connection.execute(insert(booking), [row for row, _places in part])
            connection.execute(insert(booking_place), [place for _row, places in part for place in places])
    assert len(made) == count


def rows(office: Office, count: int, way: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Rows of bookings and of their places, day by day into the future (``way`` 1) or the past (-1)."""
    assert office.bookings is not None
    pool = office.bookings.pools[0]
    grid = Grid(pool, office.schedule, office.zone)
    today = office.day(NINE)
    days = [today + timedelta(days=way * n) for n in range(1, DAYS if way > 0 else 2_000)]
    times = (
        (day, first, number)
        for number in range(int(pool.public))
        for day in days
        for first in grid.starts(grid.pieces(day)[0], 3)
    )
    for day, first, number in islice(times, count):
        yield a_booking(office, pool, day, first, number)


def a_booking(
    office: Office, pool: Pool, day: date, first: int, number: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A booking of a quarter of an hour, with its places."""
    name = secrets.token_hex(18)
    starts_at = slots.moment(first)
    values = {
        "id": name,
        "office": office.code,
        "link_hash": name,
        "code": None,
        "day": day,
        "service": f"service-{first % SERVICES}",
        "pool": pool.code,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=15),
        "count": 1,
        "state": "booked" if starts_at > datetime(2026, 3, 2, tzinfo=UTC) else "missed",
        "channel": "site",
        "language": "ru",
        "made_at": NINE,
        "expires_at": None,
        "codes_sent": 0,
        "tries": 0,
    }
    place = {"office": office.code, "pool": pool.code, "share": PUBLIC, "place": number, "booking": name}
    return values, [{**place, "cell": first + n, "expires_at": None} for n in range(3)]
