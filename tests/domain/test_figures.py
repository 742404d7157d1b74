"""Figures by the definitions of the trade: worked examples, and rounding proved against exact fractions."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from server.domain import figures
from server.domain.figures import Sums
from server.domain.kept_sums import changes_at_end, changes_of_mark, day_key
from server.domain.visit import State, Visit
from tests.builders import NINE, a_served_visit, a_visit, an_office


def sums_at_end(visit: Visit) -> Sums:
    return changes_at_end(visit, an_office().zone).sums


def test_waiting_runs_from_the_issue_of_the_ticket_to_the_start_of_service() -> None:
    visit = a_served_visit(wait=754.9, service=61.2)
    assert figures.waiting_seconds(visit) == 754
    assert figures.service_seconds(visit) == 61


def test_a_visit_not_yet_started_has_no_wait_and_no_service_time() -> None:
    assert figures.waiting_seconds(a_visit()) is None
    assert figures.service_seconds(a_visit(started_at=NINE, leg_started_at=NINE)) is None


def test_one_busy_hour_and_one_calm_hour_average_to_28_7_minutes_not_16() -> None:
    busy, calm = Sums(served=40, wait_seconds=40 * 30 * 60), Sums(served=2, wait_seconds=2 * 2 * 60)
    whole = busy + calm
    assert figures.average_minutes(whole.wait_seconds, whole.served) == 28.7


def test_nothing_to_average_is_no_data_and_never_zero() -> None:
    assert figures.average_minutes(0, 0) is None
    assert figures.average_score(0, 0) is None
    assert figures.average_minutes(0, 5) == 0.0


def test_a_half_is_rounded_up() -> None:
    assert figures.average_minutes(3, 1) == 0.1  # 0.05 min
    assert figures.average_minutes(15, 1) == 0.3  # 0.25 min, which binary and half-even rounding make 0.2
    assert figures.average_minutes(2, 1) == 0.0


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_an_average_equals_the_exact_quotient_rounded_half_up(seconds: int, count: int) -> None:
    exact = Fraction(seconds, 60 * count)
    # Enough digits to tell a half from nearly a half for these sizes.
    wanted = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert figures.average_minutes(seconds, count) == float(wanted)


def test_only_served_visits_enter_the_averages() -> None:
    assert sums_at_end(a_served_visit(wait=60, service=300)) == Sums(
        served=1, wait_seconds=60, service_seconds=300, to_call_seconds=60
    )
    assert sums_at_end(a_visit(state=State.NO_SHOW)) == Sums(no_show=1)
    assert sums_at_end(a_visit(state=State.CANCELLED)) == Sums(cancelled=1)
    assert sums_at_end(a_visit(state=State.CLOSED_UNSERVED)) == Sums(unserved=1)


def test_a_visit_whose_times_contradict_each_other_is_excluded_and_counted_as_such() -> None:
    backwards = a_served_visit(finished_at=NINE)
    before_issue = a_served_visit(wait=-10)
    forgotten = a_served_visit(incomplete=True)
    for visit in (backwards, before_issue, forgotten):
        assert sums_at_end(visit) == Sums(excluded=1)


def test_figures_belong_to_the_local_date_on_which_service_began() -> None:
    zone = an_office().zone  # Moscow, three hours ahead of UTC
    late = a_served_visit(started_at=NINE.replace(hour=21, minute=30))
    assert figures.counting_day(late, zone) == NINE.date() + timedelta(days=1)
    assert figures.counting_day(a_visit(), zone) == NINE.date()


def test_a_correction_changes_the_marks_sum_but_not_their_number() -> None:
    key = day_key(a_visit(), NINE.date())
    first, second = (changes_of_mark(key, "anna", "north-1", score) for score in (2, 5))
    assert first.sums + (-first).sums + second.sums == Sums(rated=1, score_sum=5)
