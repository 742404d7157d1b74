"""Numbers, estimates, ratings, codes: the small rules."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import estimate, ids, numbering, rating
from server.domain.errors import Conflict
from server.domain.office import Policy
from server.domain.rating import Rating
from server.domain.visit import State
from tests.builders import NINE, a_served_visit

POLICY = Policy(rating_window_seconds=180, correction_seconds=5)


def test_a_number_is_its_prefix_and_three_digits() -> None:
    assert numbering.format_number("А", 7) == "А007"
    assert numbering.format_number("КА", 999) == "КА999"


def test_a_series_ends_instead_of_giving_a_number_twice() -> None:
    assert numbering.next_count(998) == 999
    with pytest.raises(Conflict, match="numbers_used_up"):
        numbering.next_count(999)


@pytest.mark.parametrize("prefix", ["З", "О", "Б", "Ч", "Й", "AБ", "АA", "", "АБВ", "а", "1"])
def test_a_prefix_that_could_be_misread_is_named_as_a_fault(prefix: str) -> None:
    assert numbering.prefix_fault(prefix)


@pytest.mark.parametrize("prefix", ["А", "К", "ТП", "A", "VIP"[:2]])
def test_a_clear_prefix_has_no_fault(prefix: str) -> None:
    assert numbering.prefix_fault(prefix) is None


def test_an_expected_wait_is_rounded_up_to_five_minutes_and_unknown_without_desks() -> None:
    assert estimate.expected_wait_minutes(3, 8 * 60, 2) == 15
    assert estimate.expected_wait_minutes(0, 8 * 60, 2) == 0
    assert estimate.expected_wait_minutes(3, 8 * 60, 0) is None


def test_the_typical_time_is_planned_until_enough_was_measured_then_robust() -> None:
    assert estimate.typical_seconds([1, 1, 1, 1], planned=600) == 600
    assert estimate.typical_seconds([300, 310, 290, 305, 7200], planned=600) == 305


def test_a_press_judges_the_visit_just_finished() -> None:
    visit = a_served_visit()
    assert visit.finished_at
    assert rating.visit_for_press([visit], visit.finished_at + timedelta(seconds=180), POLICY) is visit


def test_a_press_long_after_the_visit_is_stray() -> None:
    visit = a_served_visit()
    assert visit.finished_at
    assert rating.visit_for_press([visit], visit.finished_at + timedelta(seconds=181), POLICY) is None
    assert rating.visit_for_press([], NINE, POLICY) is None


def test_a_press_during_the_next_visit_judges_the_one_who_sits_there() -> None:
    before = a_served_visit()
    now = a_served_visit(wait=400, id="visit-2", number="А002", state=State.SERVING, finished_at=None)
    assert now.started_at
    assert rating.visit_for_press([before, now], now.started_at + timedelta(seconds=1), POLICY) is now


def test_a_press_handed_in_late_judges_who_was_served_when_it_was_pressed() -> None:
    first = a_served_visit(wait=60, service=300)
    second = a_served_visit(wait=900, service=300, id="visit-2", number="А002")
    assert first.started_at
    pressed = first.started_at + timedelta(seconds=30)
    assert rating.visit_for_press([first, second], pressed, POLICY) is first


def test_a_correction_counts_only_within_its_seconds() -> None:
    first = Rating("p1", "visit", 2, NINE, "pad")
    assert rating.replaces(first, NINE + timedelta(seconds=5), POLICY)
    assert not rating.replaces(first, NINE + timedelta(seconds=6), POLICY)
    assert not rating.replaces(first, NINE - timedelta(seconds=1), POLICY)


@given(st.binary(min_size=10, max_size=10), st.integers(0, 10**9))
def test_an_identifier_is_a_uuid_of_version_7_ordered_by_time(noise: bytes, seconds: int) -> None:
    import uuid

    at = NINE + timedelta(seconds=seconds)
    made = uuid.UUID(ids.uuid7(at, lambda _n: noise))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert ids.uuid7(at + timedelta(milliseconds=1), lambda _n: bytes(10)) > str(made)[:13]


def test_a_tickets_code_has_at_least_64_bits_and_nothing_to_misread() -> None:
    code = ids.secret_code(secrets.token_bytes)
    assert len(code) == ids.CODE_LENGTH
    assert 27**ids.CODE_LENGTH > 2**64
    assert not set(code) & set("01loiOIaeuy")
