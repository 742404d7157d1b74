"""What the database guarantees by itself, and that migrations and tables are the same thing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from server.actions import visits
from server.db import event_log, migrate, queries, tables
from server.db.engine import connect
from server.db.unit_of_work import Store
from server.domain import replay
from server.domain.visit import Visit
from tests.builders import a_visit


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
    with pytest.raises(StatementError, match="naive"):
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
    zone = store.hall("north").office.zone

    def differences() -> list[str]:
        with store.read() as connection:
            derived = replay.day_sums(event_log.read(connection, "north"), zone)
            return replay.differences(queries.day_sums(connection, "north"), derived)

    assert differences() == []
    with store.engine.begin() as connection:
        connection.execute(update(tables.day_sum).values(issued=5))
    assert differences() == ["2026-03-02 contract: issued 5 instead of 2"]


def test_an_office_cannot_be_written_without_its_row(store: Store) -> None:
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(
            insert(tables.number_series).values(office="west", day=store.clock().date(), prefix="А", last=1)
        )


def test_the_waiting_list_is_found_by_index_however_long_history_is(store: Store) -> None:
    query = "SELECT * FROM visit WHERE office = 'north' AND state IN ('waiting', 'called', 'serving')"
    with store.read() as connection:
        if connection.dialect.name == "postgresql":
            # An empty table is read whole; with that ruled out the planner shows which index it can use.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            plan = connection.execute(text(f"EXPLAIN {query}")).fetchall()
        else:
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).fetchall()
    assert "ix_visit_open" in str(plan)
