"""Alerts: what in the hall needs a person now, and only that."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.domain import alerts, dispatch
from server.domain.alerts import Alert
from server.domain.dispatch import Seat
from server.domain.visit import State, Visit
from tests.builders import NINE, a_visit, an_office

OFFICE = an_office()
ANNA, BORIS = (Seat(desk, name) for desk, name in zip(OFFICE.desks, ("anna", "boris"), strict=True))
CONTRACT = OFFICE.service("contract")


def found(
    visits: list[Visit],
    minutes: float,
    seats: tuple[Seat, ...] = (ANNA, BORIS),
    idle_since: dict[str, datetime] | None = None,
    on_break: tuple[Seat, ...] = (),
) -> list[Alert]:
    now = NINE + timedelta(minutes=minutes)
    places = dispatch.order(visits, OFFICE, now)
    at_desks = [visit for visit in visits if visit.state is State.SERVING]
    return alerts.alerts(OFFICE, places, at_desks, seats, on_break, idle_since or {}, now)


def test_a_calm_hall_has_no_alerts() -> None:
    assert found([a_visit()], 2) == []


def test_a_wait_strictly_over_its_limit_is_told_longest_first() -> None:
    limit = CONTRACT.wait_limit_seconds / 60
    older = a_visit("А001", joined_at=NINE - timedelta(minutes=3))
    assert found([a_visit()], limit) == []
    told = found([a_visit("А002"), older], limit + 1)
    assert [(a.code, a.visit.number, a.seconds) for a in told if a.visit] == [
        ("wait_over_limit", "А001", CONTRACT.wait_limit_seconds + 240),
        ("wait_over_limit", "А002", CONTRACT.wait_limit_seconds + 60),
    ]


def test_a_repeated_wait_has_no_limit() -> None:
    again = a_visit(leg=2, started_at=NINE, requeued_at=NINE)
    assert found([again], CONTRACT.wait_limit_seconds) == []


def test_a_service_longer_than_its_norm_is_told_with_its_desk_and_time_held_does_not_count() -> None:
    norm = CONTRACT.norm_seconds / 60
    serving = a_visit(state=State.SERVING, started_at=NINE, leg_started_at=NINE, desk="north-1")
    assert [(a.code, a.desk, a.seconds) for a in found([serving], norm + 1)] == [
        ("service_over_norm", "north-1", CONTRACT.norm_seconds + 60)
    ]
    held = a_visit(state=State.SERVING, started_at=NINE, leg_started_at=NINE, desk="north-1", held_ms=120_000)
    assert found([held], norm + 1) == []


def test_people_whom_no_working_desk_serves_are_told_first() -> None:
    cash = a_visit("К001", service="cash")
    (alert,) = found([cash], 1, seats=(ANNA,))
    assert (alert.code, alert.service, alert.people) == ("nobody_serves", "cash", 1)
    skilled = Seat(BORIS.desk, "boris", frozenset({"contract"}))
    assert [a.code for a in found([cash], 1, seats=(skilled,))] == ["nobody_serves"]


def test_who_was_sent_to_a_desk_or_an_operator_that_is_away_is_told_of_and_a_break_is_no_absence() -> None:
    to_desk = a_visit(to_desk="north-2", leg=2, started_at=NINE, requeued_at=NINE)
    assert found([to_desk], 1) == []
    assert found([to_desk], 1, seats=(ANNA,), on_break=(BORIS,)) == []
    (alert,) = found([to_desk], 1, seats=(ANNA,))
    assert (alert.code, alert.visit, alert.desk, alert.operator) == (
        "addressee_away",
        to_desk,
        "north-2",
        None,
    )
    to_boris = a_visit("А002", to_operator="boris")
    (alert,) = found([to_boris], 1, seats=(ANNA,))
    assert (alert.code, alert.service, alert.desk, alert.operator) == (
        "addressee_away",
        "contract",
        None,
        "boris",
    )
    elsewhere = Seat(ANNA.desk, "boris")
    assert found([to_boris], 1, seats=(elsewhere,)) == []
    unskilled = Seat(BORIS.desk, "boris", frozenset({"cash"}))
    assert [a.code for a in found([to_boris], 1, seats=(ANNA, unskilled))] == ["addressee_away"]


def test_where_no_desk_serves_at_all_an_absent_addressee_is_not_told_of_again() -> None:
    to_desk = a_visit(to_desk="north-2")
    assert [a.code for a in found([to_desk], 1, seats=())] == ["nobody_serves"]


def test_a_desk_idle_while_somebody_waits_for_it_is_told_after_a_while() -> None:
    limit = OFFICE.policy.alert_idle_seconds / 60
    idle = {"north-1": NINE - timedelta(minutes=30), "north-2": NINE - timedelta(minutes=30)}
    cash = a_visit("К001", service="cash")
    assert found([cash], limit - 0.1, idle_since=idle) == []
    told = [(a.code, a.desk, a.people) for a in found([cash], limit, idle_since=idle)]
    assert told == [("idle_desk", "north-2", 1)]


def test_a_long_queue_is_told_with_its_length() -> None:
    most = OFFICE.policy.alert_queue_people
    visits = [a_visit(f"А{n:03d}") for n in range(most + 1)]
    assert found(visits[:-1], 1) == []
    assert [(a.code, a.people) for a in found(visits, 1)] == [("long_queue", most + 1)]


services = st.sampled_from(["contract", "cash"])
addressed = st.tuples(
    services,
    st.sampled_from([None, None, "north-1", "north-2"]),
    st.sampled_from([None, None, "anna", "boris"]),
)
seated = st.tuples(
    st.sampled_from(["anna", "boris", "vera"]),
    st.none() | st.frozensets(services),
    st.sampled_from(["open", "break", "closed"]),
)


@given(st.lists(addressed, max_size=6), seated, seated)
def test_nobody_waits_where_none_may_call_and_no_alert_says_so(
    queue: list[tuple[str, str | None, str | None]],
    at_first: tuple[str, frozenset[str] | None, str],
    at_second: tuple[str, frozenset[str] | None, str],
) -> None:
    visits = [
        a_visit(f"А{number:03d}", service=service, to_desk=desk, to_operator=operator)
        for number, (service, desk, operator) in enumerate(queue)
    ]
    seats: dict[str, list[Seat]] = {"open": [], "break": [], "closed": []}
    for desk, (operator, skills, state) in zip(OFFICE.desks, (at_first, at_second), strict=True):
        seats[state].append(Seat(desk, operator, skills))
    told = found(visits, 1, tuple(seats["open"]), on_break=tuple(seats["break"]))
    for visit in visits:
        comes = any(seat.may_call(visit) for seat in seats["open"] + seats["break"])
        of_service = ("nobody_serves", visit.service) in [(one.code, one.service) for one in told]
        of_visit = ("addressee_away", visit) in [(one.code, one.visit) for one in told]
        assert comes or of_service or of_visit
        assert not (comes and of_visit)
