"""What a visit adds to the kept sums, by the definitions of the trade; and what is strange about one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import anomalies, figures, kept_sums
from server.domain.figures import Counts, DayKey, Sums
from server.domain.kept_sums import (
    Changes,
    HourKey,
    HourSums,
    Key,
    MinuteKey,
    MonthKey,
    OperatorKey,
    OperatorSums,
    SecondKey,
    Waited,
    changes_at_end,
    spread,
)
from server.domain.totals import Totals
from server.domain.visit import Corrected, State, Visit
from server.domain.worktime import WorkTime
from tests.builders import NINE, a_served_visit, a_visit, an_office

ZONE = an_office().zone  # Moscow: three hours ahead of UTC
MONTH = date(2026, 3, 1)


def sums(visit: Visit) -> Sums:
    return changes_at_end(visit, ZONE).sums


def ended(state: State, after: float, **changes: Any) -> Visit:
    finished = NINE + timedelta(seconds=after)
    return a_visit(**{"state": state, "finished_at": finished, "limit_seconds": 600, **changes})


@pytest.mark.parametrize(("wait", "over"), [(600, 0), (600.9, 0), (601, 1)])
def test_a_wait_of_exactly_the_limit_is_within_it(wait: float, over: int) -> None:
    found = sums(a_served_visit(wait=wait, limit_seconds=600))
    assert (found.wait_over, found.limited) == (over, 1)


def test_a_visit_whose_limit_nobody_knows_is_in_no_share() -> None:
    found = sums(a_served_visit(wait=9000))
    assert (found.wait_over, found.limited, figures.share_over(found)) == (0, 0, None)


@pytest.mark.parametrize("state", [State.NO_SHOW, State.CANCELLED, State.CLOSED_UNSERVED])
def test_the_unserved_are_over_the_limit_by_their_first_call_or_by_their_leaving(state: State) -> None:
    called_late = {"first_called_at": NINE + timedelta(seconds=601), "desk": "north-1", "operator": "anna"}
    called_early = {**called_late, "first_called_at": NINE + timedelta(seconds=60)}
    for visit, over in (
        (ended(state, 700, **called_late), 1),
        # Recalled and gone much later: the wait to the first call was within the limit.
        (ended(state, 9000, **called_early), 0),
        (ended(state, 600), 0),
        (ended(state, 601), 1),
    ):
        found = sums(visit)
        assert (found.unserved_over, found.unserved_limited) == (over, 1)


def test_the_annulled_and_the_excluded_are_in_no_share() -> None:
    for visit in (ended(State.ANNULLED, 9000), a_served_visit(incomplete=True, limit_seconds=1)):
        found = sums(visit)
        assert (found.limited, found.unserved_limited, found.wait_over, found.unserved_over) == (0, 0, 0, 0)


def test_the_shares_of_forty_within_and_two_over_the_limit() -> None:
    whole = Sums(served=42, limited=42, wait_over=2, no_show=3, unserved_over=1, unserved_limited=3)
    assert figures.share_over(whole) == 4.8  # 2 of 42
    assert figures.share_over_all(whole) == 6.7  # 3 of 45


def test_rates_come_from_whole_counts_and_are_no_data_without_any() -> None:
    whole = Sums(issued=11, annulled=1, no_show=1, served=8, ticketless=2, rated=5)
    assert figures.no_show_rate(whole) == 10.0
    assert figures.arrived(whole) == 12
    assert figures.response_rate(whole) == 50.0
    assert figures.desk_load(WorkTime(open_ms=3_600_000, break_ms=600_000, serving_ms=900_000)) == 25.0
    nothing = Sums()
    assert figures.no_show_rate(nothing) is figures.response_rate(nothing) is None
    assert figures.desk_load(WorkTime(break_ms=5)) is figures.share_over_all(nothing) is None


def test_the_wait_is_made_of_the_wait_to_the_last_call_before_the_start_and_the_way() -> None:
    visit = a_served_visit(wait=300, way_ms=45_500)
    assert figures.wait_to_call_seconds(visit) == 254
    assert figures.way_seconds(visit) == 45
    assert figures.total_wait_seconds(a_served_visit(wait=300, repeated_ms=60_000)) == 360


@given(st.integers(1, 100), st.integers(1, 10_000))
def test_the_nearest_rank_is_the_least_place_that_holds_so_many_percent(percent: int, count: int) -> None:
    rank = figures.nearest_rank(percent, count)
    assert 1 <= rank <= count
    assert 100 * rank >= percent * count > 100 * (rank - 1)


def test_a_served_visit_is_in_every_table_once() -> None:
    visit = a_served_visit(wait=754, service=61, limit_seconds=600, booked_for=NINE)
    rows = dict(spread(changes_at_end(visit, ZONE)))
    whole = Sums(served=1, wait_seconds=754, service_seconds=61, wait_over=1, limited=1, to_call_seconds=754)
    assert rows == {
        DayKey(NINE.date(), "contract", "booked", "terminal"): whole,
        MonthKey(MONTH, "contract", "booked", "terminal"): whole,
        HourKey(MONTH, 1, 12): HourSums(arrived=1, served=1, wait_seconds=754, wait_over=1),
        OperatorKey(MONTH, "anna", "north-1", "contract"): OperatorSums(
            served=1, service_seconds=61, wait_seconds=754, wait_over=1
        ),
        **{MinuteKey(MONTH, service, "booked", 12): Waited(1) for service in ("contract", "")},
        **{SecondKey(MONTH, service, "booked", 754): Waited(1) for service in ("contract", "")},
    }


def test_who_ended_in_another_way_is_in_no_average_but_came_in_its_hour() -> None:
    left = changes_at_end(ended(State.CANCELLED, 60), ZONE)
    assert (left.hour_sums, left.seat, left.waited) == (HourSums(arrived=1), None, None)
    missed = changes_at_end(ended(State.NO_SHOW, 60, desk="north-1", operator="anna"), ZONE)
    assert missed.seat_sums == OperatorSums(no_show=1)
    annulled = changes_at_end(ended(State.ANNULLED, 60), ZONE)
    assert (annulled.hour, annulled.seat) == (None, None)
    ticketless = changes_at_end(a_served_visit(ticketless=True, service=240), ZONE)
    assert ticketless.seat_sums == OperatorSums(ticketless=1, ticketless_seconds=240)
    assert ticketless.waited is None


marks = st.builds(
    a_served_visit,
    wait=st.integers(0, 5000),
    service=st.integers(0, 9000),
    limit_seconds=st.sampled_from([None, 300, 1800]),
    booked_for=st.sampled_from([None, NINE]),
    operator=st.sampled_from(["anna", "boris"]),
)


@given(st.lists(marks, max_size=12), st.integers(0, 11))
def test_totals_are_what_the_rows_add_up_to_and_taking_back_leaves_nothing(
    visits: list[Visit], which: int
) -> None:
    changes = [changes_at_end(visit, ZONE) for visit in visits]
    totals, by_hand = Totals(), dict[Key, Counts]()
    for one in changes:
        totals.add(one)
        for key, counts in spread(one):
            by_hand[key] = by_hand[key] + counts if key in by_hand else counts
    assert totals.rows() == by_hand
    for one in (*changes[which:], *changes[:which]):
        totals.add(-one)
    assert {value for counts in totals.rows().values() for value in counts.values()} <= {0}


def test_a_correction_stands_instead_of_what_was_measured() -> None:
    measured = a_served_visit(wait=60, service=9000, incomplete=True, limit_seconds=50)
    assert sums(measured) == Sums(excluded=1)
    put_right = a_served_visit(
        wait=60, service=9000, incomplete=True, limit_seconds=50, corrected=Corrected(70, 300, False)
    )
    found = sums(put_right)
    assert (found.served, found.wait_seconds, found.service_seconds, found.wait_over) == (1, 70, 300, 1)
    left_out = a_served_visit(corrected=Corrected(60, 300, True))
    assert sums(left_out) == Sums(excluded=1)


@pytest.mark.parametrize(
    ("visit", "strange"),
    [
        (a_served_visit(service=9.9), ("short_service",)),
        (a_served_visit(service=10), ()),
        (a_served_visit(service=7200), ()),
        (a_served_visit(service=7201), ("long_service",)),
        (a_served_visit(service=300, called_at=None, ticketless=True), ("uncalled",)),
        (a_served_visit(service=20_000, incomplete=True), ("day_end",)),
        (ended(State.CLOSED_UNSERVED, 9000), ("day_end",)),
        (ended(State.CANCELLED, 5), ()),
        (a_served_visit(service=3, corrected=Corrected(60, 300, False)), ()),
    ],
)
def test_what_is_strange_about_a_visit(visit: Visit, strange: tuple[str, ...]) -> None:
    assert anomalies.of_visit(visit) == strange


def test_an_operator_with_twice_the_offices_share_of_no_shows_is_named() -> None:
    def did(served: int, no_show: int) -> OperatorSums:
        return OperatorSums(served=served, no_show=no_show)

    usual = {"anna": did(300, 10), "boris": did(290, 9)}
    assert anomalies.many_no_shows(usual) == []
    assert anomalies.many_no_shows({**usual, "vera": did(60, 30)}) == ["vera"]
    assert anomalies.many_no_shows({**usual, "vera": did(10, 9)}) == []  # too few to tell


def test_every_rule_is_told_of_a_metric_and_no_change_is_lost() -> None:
    assert all(figures.RULES.values())
    mark = kept_sums.changes_of_mark(DayKey(MONTH, "contract"), None, None, 4)
    assert mark == Changes(DayKey(MONTH, "contract"), Sums(rated=1, score_sum=4), seat_sums=mark.seat_sums)
    assert mark.seat is None
