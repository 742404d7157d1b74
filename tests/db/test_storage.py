"""What the database guarantees by itself, and that migrations and tables are the same thing."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event, insert, text, update
from sqlalchemy.exc import IntegrityError

from server import db
from server.actions import visits
from server.db import event_log, migrate, queries, tables
from server.db.engine import connect
from server.db.store import Store
from server.db.sum_tables import day_sum, month_sum
from server.domain.visit import Visit
from tests.builders import NINE, a_visit
from tests.sums import differences


def issue(store: Store, times: int = 1) -> None:
    for _ in range(times):
        with store.write("north", "kiosk") as uow:
            visits.issue_ticket(uow, "contract", None, "ru")


def add(store: Store, *made: Visit) -> None:
    with store.write("north", "kiosk") as uow:
        for visit in made:
            uow.add_visit(visit)


def faults(store: Store) -> list[str]:
    with store.read() as connection:
        return event_log.faults(connection, "north")


def test_migrations_make_exactly_the_tables(store: Store) -> None:
    for found in pkgutil.iter_modules(db.__path__):
        if found.name.endswith("tables"):
            importlib.import_module(f"server.db.{found.name}")
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_a_database_of_another_version_is_not_ready_and_says_the_cure(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/new.sqlite")
    assert "talon-server migrate" in str(migrate.not_current(engine))
    migrate.upgrade(engine)
    assert migrate.not_current(engine) is None
    engine.dispose()


def test_a_database_that_cannot_be_reached_is_not_ready(tmp_path: Path) -> None:
    assert "does not answer" in str(
        migrate.not_current(connect(f"sqlite:///{tmp_path}/no/such/folder.sqlite"))
    )


def test_one_number_twice_on_one_day_is_impossible(store: Store) -> None:
    with pytest.raises(IntegrityError):
        add(store, a_visit("А001"), a_visit("А001", id="another", code="another"))


def test_two_visitors_at_one_desk_are_impossible(store: Store) -> None:
    called = a_visit("А001", state="called", desk="north-1")
    with pytest.raises(IntegrityError):
        add(store, called, a_visit("А002", state="serving", desk="north-1"))


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"):
        add(store, a_visit(joined_at=datetime(2026, 3, 2)))


def test_times_come_back_as_they_went_in(store: Store) -> None:
    issue(store)
    visit = store.hall("north").visits[0]
    assert visit.joined_at == store.clock()
    assert visit.joined_at.tzinfo is not None


def test_the_log_of_a_days_work_is_whole(store: Store) -> None:
    issue(store, 3)
    assert faults(store) == []


def test_a_changed_event_in_the_database_is_found(store: Store) -> None:
    issue(store, 3)
    with store.engine.begin() as connection:
        changed = update(tables.event).where(tables.event.c.seq == 3)
        connection.execute(changed.values(payload='{"number":"А999"}'))
    assert ["event 3" in fault for fault in faults(store)] == [True]


def test_a_log_cut_off_at_its_end_is_found(store: Store) -> None:
    issue(store, 3)
    with store.engine.begin() as connection:
        connection.execute(tables.event.delete().where(tables.event.c.seq == 4))
    assert "ends at event 3" in faults(store)[0]


def test_sums_kept_equal_sums_derived_and_a_false_sum_is_named(store: Store) -> None:
    issue(store, 2)
    assert differences(store) == []
    with store.engine.begin() as connection:
        connection.execute(update(day_sum).values(issued=5))
        connection.execute(update(month_sum).values(issued=1))
    assert differences(store) == [
        "day 2026-03-02 contract walk_in terminal: issued 5 instead of 2",
        "month 2026-03-01 contract walk_in terminal: issued 1 instead of 2",
    ]


def test_an_office_cannot_be_written_without_its_row(store: Store) -> None:
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(
            insert(tables.number_series).values(office="west", day=store.clock().date(), prefix="А", last=1)
        )


def plans(store: Store, act: Callable[[Connection], object], table: str = "visit") -> list[str]:
    """How the database finds what ``act`` reads: the plan of each of its queries on a table."""
    found: list[tuple[str, Any]] = []

    def remember(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        found.append((statement, values))

    with store.read() as connection:
        event.listen(store.engine, "before_cursor_execute", remember)
        act(connection)
        event.remove(store.engine, "before_cursor_execute", remember)
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            # An empty table is read whole; with that ruled out the planner shows which index it can use.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
            explain = "EXPLAIN"
        statements = [(sql, values) for sql, values in found if re.search(rf"FROM {table}\b", sql)]
        return [str(connection.exec_driver_sql(f"{explain} {sql}", v).fetchall()) for sql, v in statements]


@pytest.mark.parametrize(
    ("read", "index"),
    [
        (lambda c: queries.open_visits(c, "north"), "ix_visit_open"),
        (lambda c: queries.visit_at_desk(c, "north-1"), "uq_visit_at_desk"),
        (lambda c: queries.missed_visits(c, "north", NINE.date()), "ix_visit_no_show"),
        (lambda c: queries.offices_to_return(c, NINE), "ix_visit_held_until"),
    ],
)
def test_what_screens_and_acts_read_is_found_by_index_however_long_history_is(
    store: Store, read: Callable[[Connection], object], index: str
) -> None:
    (plan,) = plans(store, read)
    assert index in plan
