"""Expected wait: a range from the real order and the measured pace, or silence."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.estimate import Wait, waits
from server.domain.line_walk import Busy, DeskAhead, Person
from server.domain.pace import Pace, pace_of

TEN_MINUTES = Pace(600, 0.5, 0.05)
PACES = {"contract": TEN_MINUTES, "cash": Pace(180, 0.5, 0.05)}
TURNOVERS = [float(seconds) for seconds in range(20, 70)]
NEW = "newcomer"


def ahead(count: int, service: str = "contract") -> dict[str, Person]:
    """So many people, and behind them a newcomer who asks."""
    people = {f"visit {n}": Person(service) for n in range(count)}
    return {**people, NEW: Person("contract", newcomer=True)}


def told(people: dict[str, Person], *desks: DeskAhead, paces: dict[str, Pace] = PACES) -> Wait | None:
    return waits(people, desks, paces, TURNOVERS).get(NEW)


def desk(people: dict[str, Person], elapsed: float | None = None, **changes: object) -> DeskAhead:
    busy = None if elapsed is None else Busy("contract", elapsed)
    return DeskAhead(tuple(people), busy, **changes)  # type: ignore[arg-type]


def known(wait: Wait | None) -> Wait:
    assert wait is not None
    assert wait.low_seconds <= wait.middle_seconds <= wait.high_seconds
    return wait


def test_with_nobody_ahead_and_a_free_desk_the_wait_is_only_the_way_to_it() -> None:
    people = ahead(0)
    assert known(told(people, desk(people))).high_seconds <= 70


def test_without_a_desk_nothing_is_said() -> None:
    assert told(ahead(3)) is None


def test_nothing_is_said_when_no_desk_gives_the_service() -> None:
    people = ahead(3)
    assert told(people, DeskAhead(tuple(key for key in people if key != NEW))) is None


def test_nothing_is_said_when_the_only_operator_left_and_nobody_knows_until_when() -> None:
    people = ahead(1)
    assert told(people, desk(people, gone_seconds=300)) is None
    assert told(people, desk(people, gone_seconds=300), desk(people)) is not None


def test_nothing_is_said_when_the_desk_closes_before_the_turn_comes() -> None:
    people = ahead(5)
    assert told(people, desk(people, 0, away=((600, inf),))) is None


def test_a_visitor_at_the_desk_is_waited_for_although_nobody_is_ahead() -> None:
    people = ahead(0)
    assert known(told(people, desk(people, 60))).middle_seconds > 300


def test_a_service_nearly_over_is_waited_for_less_than_one_just_begun() -> None:
    people = ahead(0)
    just_begun, nearly_over = known(told(people, desk(people, 10))), known(told(people, desk(people, 500)))
    assert nearly_over.middle_seconds < just_begun.middle_seconds


def test_a_break_due_lengthens_the_wait_by_about_itself() -> None:
    people = ahead(3)
    without = known(told(people, desk(people, 0)))
    with_break = known(told(people, desk(people, 0, away=((900, 900 + 3600),))))
    assert with_break.middle_seconds - without.middle_seconds == pytest.approx(3600, abs=700)


def test_on_a_break_of_the_schedule_its_rest_is_waited_for() -> None:
    people = ahead(0)
    assert known(told(people, desk(people, away=((0, 1200),)))).low_seconds >= 1200


def test_people_of_short_services_ahead_are_a_short_wait() -> None:
    contracts, payments = ahead(5), ahead(5, "cash")
    long, short = known(told(contracts, desk(contracts))), known(told(payments, desk(payments)))
    assert short.middle_seconds < long.middle_seconds / 2


def test_people_ahead_who_go_to_other_desks_are_not_waited_for() -> None:
    people = ahead(5, "cash")
    assert known(told(people, DeskAhead((NEW,)), DeskAhead(tuple(people)[:-1]))).high_seconds <= 70


def test_a_booked_visitor_who_comes_in_time_goes_first() -> None:
    people = ahead(1)
    booked = {**people, "booked": Person("contract", due_seconds=300, here=False)}
    without, with_booked = known(told(people, desk(people, 0))), known(told(booked, desk(booked, 0)))
    assert with_booked.middle_seconds > without.middle_seconds + 300


def test_a_booking_of_the_afternoon_changes_nothing_in_the_morning() -> None:
    people = ahead(1)
    later = {**people, "booked": Person("contract", due_seconds=4 * 3600, here=False)}
    assert told(later, desk(later, 0)) == told(people, desk(people, 0))


def test_everybody_waiting_gets_an_answer_in_the_order_of_the_line() -> None:
    people = ahead(6)
    found = waits(people, [desk(people)], PACES, TURNOVERS)
    middles = [found[key].middle_seconds for key in people]
    assert middles == sorted(middles)


def test_the_less_is_measured_the_wider_is_the_range() -> None:
    people = ahead(6)
    sure = known(told(people, desk(people), paces={"contract": Pace(600, 0.5, 0.02)}))
    unsure = known(told(people, desk(people), paces={"contract": Pace(600, 0.5, 0.3)}))
    assert unsure.high_seconds - unsure.low_seconds > sure.high_seconds - sure.low_seconds


queues = st.integers(0, 25)
elapsed = st.lists(st.none() | st.floats(0, 1500), min_size=1, max_size=5)
paces = st.floats(60, 2400).map(lambda seconds: {"contract": Pace(seconds, 0.5, 0.05)})


@given(queues, elapsed, paces)
def test_one_desk_more_never_makes_the_wait_longer(
    count: int, busy: list[float | None], paces: dict[str, Pace]
) -> None:
    people = ahead(count)
    desks = [desk(people, seconds) for seconds in busy]
    fewer, more = told(people, *desks, paces=paces), told(people, *desks, desk(people, 0), paces=paces)
    for bound in ("low_seconds", "middle_seconds", "high_seconds"):
        assert getattr(known(more), bound) <= getattr(known(fewer), bound)


@given(queues, elapsed, paces)
def test_one_person_more_ahead_never_makes_the_wait_shorter(
    count: int, busy: list[float | None], paces: dict[str, Pace]
) -> None:
    def wait(people: dict[str, Person]) -> Wait:
        return known(told(people, *(desk(people, seconds) for seconds in busy), paces=paces))

    fewer, more = wait(ahead(count)), wait(ahead(count + 1))
    # The newcomer's own way to the desk is another one in each scenario.
    assert more.middle_seconds >= fewer.middle_seconds - max(TURNOVERS)
    assert more.high_seconds >= fewer.high_seconds - max(TURNOVERS)


@given(queues, elapsed, paces)
def test_the_same_hall_always_gets_the_same_answer(
    count: int, busy: list[float | None], paces: dict[str, Pace]
) -> None:
    people = ahead(count)
    desks = [desk(people, seconds) for seconds in busy]
    assert told(people, *desks, paces=paces) == told(people, *desks, paces=paces)


def test_before_anything_is_measured_the_pace_is_the_planned_one() -> None:
    assert pace_of([], 9, 600).seconds == pytest.approx(600)


def test_many_measured_times_outweigh_the_plan_and_one_forgotten_service_weighs_little() -> None:
    measured = [(9, 300.0 + n) for n in range(50)]
    assert pace_of(measured, 9, 900).seconds == pytest.approx(350, rel=0.1)
    forgotten = pace_of([*measured, (9, 6 * 3600)], 9, 900).seconds
    assert forgotten == pytest.approx(pace_of(measured, 9, 900).seconds, rel=0.02)


def test_an_hour_that_was_slow_before_is_expected_to_be_slow_again() -> None:
    measured = [(9, 300.0)] * 20 + [(13, 600.0)] * 20
    assert pace_of(measured, 13, 400).seconds > 1.2 * pace_of(measured, 9, 400).seconds


@pytest.mark.parametrize(
    ("low", "high", "minutes"),
    [
        (0, 40, (0, 1)),
        (61, 119, (1, 2)),
        (125, 540, (2, 9)),
        (540, 601, (9, 15)),
        (660, 1500, (10, 25)),
        (1799, 1801, (25, 35)),
    ],
)
def test_a_range_is_told_rounded_outwards(low: int, high: int, minutes: tuple[int, int]) -> None:
    assert Wait(low, (low + high) // 2, high).minutes == minutes


@pytest.mark.parametrize(("middle", "minutes"), [(0, 0), (59, 0), (60, 5), (300, 5), (301, 10)])
def test_one_number_is_the_middle_rounded_up_to_five_minutes(middle: int, minutes: int) -> None:
    assert Wait(0, middle, 4000).about_minutes == minutes
