"""Kept sums read by period: what they add up to, exact percentiles, and by which key they are found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, update

from server import recompute
from server.actions import desks, visits
from server.db import correction_rows, queries, sum_rows
from server.db.store import Store
from server.db.sum_rows import Period
from server.db.sum_tables import day_sum, hour_sum, wait_minute
from server.domain.figures import DayKey, Sums
from server.domain.kept_sums import Changes, OperatorSums, changes_at_end
from server.domain.totals import Totals
from tests.builders import NINE, Clock, a_served_visit
from tests.db.test_storage import issue, plans
from tests.sums import differences

UTC = ZoneInfo("UTC")
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
BOTH = Period(["north", "south"], MARCH, APRIL)


def add(store: Store, office: str, key: DayKey, sums: Sums) -> None:
    with store.write(office, "test") as uow:
        uow.sums.add(Changes(key, sums))


@pytest.fixture
def spring(store: Store) -> Store:
    """Two offices, two months, two services, kinds and channels."""
    one = Sums(issued=1, served=1, wait_seconds=60)
    add(store, "north", DayKey(date(2026, 3, 31), "cash"), one)
    add(store, "north", DayKey(date(2026, 3, 2), "cash", "booked", "reception"), one)
    add(store, "north", DayKey(date(2026, 4, 1), "contract"), one)
    add(store, "south", DayKey(date(2026, 4, 30), "cash", "booked"), one)
    add(store, "south", DayKey(date(2026, 5, 1), "cash"), one)
    return store


def test_a_period_is_told_apart_by_month_office_service_and_kind(spring: Store) -> None:
    with spring.read() as connection:
        assert {m: s.served for m, s in sum_rows.by_month(connection, BOTH).items()} == {MARCH: 2, APRIL: 2}
        assert {o: s.served for o, s in sum_rows.by_office(connection, BOTH).items()} == {
            "north": 3,
            "south": 1,
        }
        assert {c: s.served for c, s in sum_rows.by_service(connection, BOTH).items()} == {
            "cash": 3,
            "contract": 1,
        }
        assert {k: s.served for k, s in sum_rows.by_kind(connection, BOTH).items()} == {
            ("walk_in", "terminal"): 2,
            ("booked", "reception"): 1,
            ("booked", "terminal"): 1,
        }
        only = Period(["north"], MARCH, APRIL, ["contract"])
        assert {m: s.served for m, s in sum_rows.by_month(connection, only).items()} == {APRIL: 1}


def test_a_year_without_figures_is_empty_and_not_among_the_years(spring: Store) -> None:
    with spring.read() as connection:
        assert queries.month_sums(connection, 2026)
        assert queries.month_sums(connection, 2025) == {}
        assert queries.years_with_figures(connection) == [2026]


def test_operators_desks_and_hours_are_added_up(store: Store) -> None:
    zone = store.hall("north").office.zone
    with store.write("north", "test") as uow:
        for operator, desk in (("anna", "north-1"), ("anna", "north-2"), ("boris", "north-2")):
            uow.sums.add(changes_at_end(a_served_visit(60, 300, operator=operator, desk=desk), zone))
    with store.read() as connection:
        by_operator = sum_rows.by_operator(connection, BOTH)
        by_desk = sum_rows.by_desk(connection, BOTH)
        by_hour = sum_rows.by_hour(connection, BOTH)
    assert by_operator["north", "anna"] == OperatorSums(served=2, service_seconds=600, wait_seconds=120)
    assert {desk: sums.served for (_office, desk), sums in by_desk.items()} == {"north-1": 1, "north-2": 2}
    assert {hour: sums.arrived for hour, sums in by_hour.items()} == {(1, 12): 3}


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 200), st.booleans(), st.booleans()), max_size=60))
def test_percentiles_are_those_of_the_sorted_waits(store: Store, waits: list[tuple[int, bool, bool]]) -> None:
    totals = Totals()
    for seconds, cash, booked in waits:
        service = "cash" if cash else "contract"
        visit = a_served_visit(seconds, first_service=service, booked_for=NINE if booked else None)
        totals.add(changes_at_end(visit, UTC))
    with store.write("north", "test") as uow:
        uow.sums.replace_all(totals.rows(), {})
    asked: tuple[tuple[tuple[str, ...], str | None], ...] = (
        ((), None), (("cash",), None), ((), "booked"), (("cash", "contract"), "walk_in")
    )  # fmt: skip
    with store.read() as connection:
        for services, kind in asked:
            fit = sorted(
                seconds
                for seconds, cash, booked in waits
                if ("cash" if cash else "contract") in (services or ("cash", "contract"))
                and kind in (None, "booked" if booked else "walk_in")
            )
            period = Period(["north"], MARCH, APRIL, services, kind)
            for percent in (50, 90, 100):
                wanted = fit[ceil(percent * len(fit) / 100) - 1] if fit else None
                assert sum_rows.wait_rank(connection, period, percent) == wanted


def test_recomputing_puts_every_false_sum_right_while_the_office_works(store: Store, clock: Clock) -> None:
    issue(store, 3)
    with store.write("north", "anna") as uow:
        desks.open_desk(uow, "north-1")
        visits.call_next(uow, "north-1")
        visits.start(uow, "north-1")
    clock.forward(minutes=3)
    with store.write("north", "anna") as uow:
        visits.finish(uow, "north-1")
    assert recompute.differences(store) == []
    with store.engine.begin() as connection:
        connection.execute(update(day_sum).values(issued=9))
        connection.execute(wait_minute.delete())
        connection.execute(
            insert(hour_sum).values(
                office="north",
                month=MARCH,
                weekday=7,
                hour=3,
                arrived=1,
                served=1,
                wait_seconds=1,
                wait_over=1,
            )
        )
    found = recompute.differences(store)
    assert {line.split()[1] for line in found} == {"day", "minute", "hour"}
    assert recompute.keep_anew(store, "command-line") == 2
    assert recompute.differences(store) == []
    issue(store)
    assert differences(store) == []


KEYS = (
    "USING PRIMARY KEY",
    "pk_month_sum",
    "pk_hour_sum",
    "pk_operator_sum",
    "pk_wait_minute",
    "pk_wait_second",
)


@pytest.mark.parametrize(
    ("table", "read"),
    [
        ("month_sum", lambda c: queries.month_sums(c, 2026)),
        ("month_sum", lambda c: queries.years_with_figures(c)),
        ("month_sum", lambda c: sum_rows.by_month(c, BOTH)),
        ("month_sum", lambda c: sum_rows.by_service(c, BOTH)),
        ("month_sum", lambda c: sum_rows.by_kind(c, BOTH)),
        ("operator_sum", lambda c: sum_rows.by_operator(c, BOTH)),
        ("operator_sum", lambda c: sum_rows.by_desk(c, BOTH)),
        ("hour_sum", lambda c: sum_rows.by_hour(c, BOTH)),
        ("wait_minute", lambda c: sum_rows.wait_rank(c, BOTH, 90)),
    ],
)
def test_sums_of_a_period_are_found_by_key_however_long_history_is(
    store: Store, table: str, read: Callable[[Connection], object]
) -> None:
    zone = store.hall("north").office.zone
    with store.write("north", "test") as uow:
        uow.sums.add(changes_at_end(a_served_visit(), zone))
    found = plans(store, read, table) or plans(store, read, "office_log")
    assert found
    for plan in found:
        assert any(key in plan for key in KEYS), plan
        assert f"SCAN {table}" not in plan


def test_suspicious_visits_are_found_by_office_and_day(store: Store) -> None:
    last = MARCH + timedelta(days=30)
    for plan in plans(store, lambda c: correction_rows.suspicious(c, "north", MARCH, last)):
        assert "sqlite_autoindex_visit" in plan or "uq_visit_office_day_number" in plan, plan
        assert "SCAN" not in plan.replace("Index Scan", "")
