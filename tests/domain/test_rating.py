"""Which visit a press judges, and which press of a visit counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import rating
from server.domain.office import Policy
from server.domain.rating import Rating, Turn
from tests.builders import NINE

POLICY = Policy(rating_window_seconds=180, correction_seconds=5)


def later(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def press(after: float, score: int = 5, press_id: str = "", taken: float = 0) -> Rating:
    at = NINE + later(after)
    return Rating(press_id or f"p{after}", None, score, at, "pad", NINE.date(), NINE + later(taken))


def test_a_press_while_the_visitor_is_served_judges_that_visit() -> None:
    assert rating.is_judged(Turn("visit", "anna", NINE), NINE + later(3600), POLICY)
    ended = Turn("visit", "anna", NINE, NINE + later(600), finished=True)
    assert rating.is_judged(ended, NINE + later(300), POLICY)


@pytest.mark.parametrize(("after", "judged"), [(0, True), (180, True), (181, False)])
def test_a_press_after_the_finish_judges_that_visit_for_the_offices_window(after: int, judged: bool) -> None:
    ended = Turn("visit", "anna", NINE, NINE + later(600), finished=True)
    assert rating.is_judged(ended, NINE + later(600 + after), POLICY) is judged


def test_a_visitor_put_aside_is_not_judged_any_more() -> None:
    aside = Turn("visit", "anna", NINE, NINE + later(600), finished=False)
    assert not rating.is_judged(aside, NINE + later(601), POLICY)


def test_the_last_press_within_the_correction_seconds_after_the_first_counts() -> None:
    presses = [press(0, 2), press(4, 3), press(5, 4), press(6, 1)]
    assert rating.mark_of(presses, POLICY).score == 4


def test_of_presses_at_one_moment_the_one_taken_last_counts() -> None:
    assert rating.mark_of([press(0, 1, "z", taken=1), press(0, 5, "a", taken=2)], POLICY).score == 5


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=8, unique=True), st.randoms())
def test_the_mark_does_not_depend_on_the_order_of_arrival(moments: list[int], chance: object) -> None:
    presses = [press(moment / 1000, moment % 5 + 1) for moment in moments]
    shuffled = list(presses)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    first = min(moments)
    wanted = max(moment for moment in moments if moment <= first + 5000)
    assert rating.mark_of(shuffled, POLICY).at == NINE + later(wanted / 1000)


@pytest.mark.parametrize(("most", "low"), [(2, [1, 2]), (0, []), (4, [1, 2, 3, 4])])
def test_the_office_says_which_marks_are_low(most: int, low: list[int]) -> None:
    assert [score for score in range(1, 6) if rating.is_low(score, Policy(low_mark=most))] == low
