"""The order of the queue: total, deterministic, one for all who ask; nobody is passed over too often."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import dispatch, moves
from server.domain.dispatch import Place, Seat
from server.domain.office import Desk, Office
from server.domain.visit import State, Step, Visit
from tests.builders import NINE, a_visit, an_office

OFFICE = an_office()
DESK_CONTRACTS, DESK_BOTH = OFFICE.desks
CONTRACTS, BOTH = Seat(DESK_CONTRACTS, "anna"), Seat(DESK_BOTH, "boris")


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def with_policy(**changes: Any) -> Office:
    return replace(OFFICE, policy=replace(OFFICE.policy, **changes))


waiting_lists = st.lists(
    st.fixed_dictionaries(
        {
            "joined_at": st.integers(0, 5).map(lambda s: NINE + timedelta(seconds=s)),
            "category": st.sampled_from([None, "veteran", "pensioner"]),
            "service": st.sampled_from(["contract", "cash"]),
            "state": st.sampled_from([State.WAITING, State.WAITING, State.CALLED, State.SERVED]),
            "booked_for": st.sampled_from([None, None, at(-5), at(2)]),
            "raised": st.sampled_from([None, None, "raised", "returned"]),
            "overtaken": st.integers(0, 6),
            "to_desk": st.sampled_from([None, None, "north-2"]),
        }
    ),
    max_size=12,
).map(lambda rows: [replace(a_visit(f"А{index:03d}"), **row) for index, row in enumerate(rows)])


def numbers(places: Iterable[Place]) -> list[str]:
    return [place.visit.number for place in places]


def reasons(places: Iterable[Place]) -> list[tuple[str, str]]:
    return [(place.visit.number, place.reason) for place in places]


def test_who_came_first_is_called_first() -> None:
    late = a_visit("А001", joined_at=at(2))
    early = a_visit("А002", joined_at=NINE)
    assert numbers(dispatch.order([late, early], OFFICE, at(3))) == ["А002", "А001"]


def test_the_groups_stand_in_the_order_of_the_rules_and_each_says_why() -> None:
    visits = [
        a_visit("А001", joined_at=at(-1), booked_for=at(20)),
        a_visit("А002", joined_at=at(1)),
        a_visit("А003", joined_at=at(2), category="pensioner"),
        a_visit("А004", joined_at=at(3), leg=2, requeued_at=at(3), started_at=at(1)),
        a_visit("А005", joined_at=at(4), raised="returned"),
        a_visit("А006", joined_at=at(5), raised="raised"),
        a_visit("А007", joined_at=at(-25)),
        a_visit("А008", joined_at=at(6), category="veteran"),
        a_visit("А009", joined_at=at(7), booked_for=at(7)),
        a_visit("А010", joined_at=at(0.5), overtaken=5),
    ]
    assert reasons(dispatch.order(visits, OFFICE, at(10))) == [
        ("А010", "guarded"),
        ("А009", "booked"),
        ("А008", "out_of_turn"),
        ("А007", "near_limit"),
        ("А005", "returned"),
        ("А006", "raised"),
        ("А002", "arrival"),
        ("А003", "arrival"),
        ("А004", "transferred"),
        ("А001", "early"),
    ]


def test_a_head_start_counts_as_having_come_earlier_and_no_more() -> None:
    pensioner = replace(OFFICE.category("pensioner"), head_start_seconds=600)
    office = replace(OFFICE, categories=(OFFICE.category("veteran"), pensioner))
    ordinary, long_before = a_visit("А001", joined_at=at(5)), a_visit("А002", joined_at=at(-1))
    favoured = a_visit("А003", joined_at=at(10), category="pensioner")
    assert reasons(dispatch.order([ordinary, favoured, long_before], office, at(11))) == [
        ("А002", "arrival"),
        ("А003", "head_start"),
        ("А001", "arrival"),
    ]


def test_a_ticket_near_its_limit_goes_before_raised_priority_from_that_moment_on() -> None:
    waits, raised = a_visit("А001"), a_visit("А002", joined_at=at(5), raised="raised")
    limit = OFFICE.service("contract").wait_limit_seconds / 60
    assert numbers(dispatch.order([waits, raised], OFFICE, at(limit * 0.8 - 0.1))) == ["А002", "А001"]
    assert numbers(dispatch.order([waits, raised], OFFICE, at(limit * 0.8))) == ["А001", "А002"]
    never = with_policy(near_limit_percent=0)
    assert numbers(dispatch.order([waits, raised], never, at(limit * 2))) == ["А002", "А001"]


@pytest.mark.parametrize(("keeps", "first"), [(True, "А001"), (False, "А002")])
def test_a_transferred_visitor_keeps_the_place_of_arrival_where_the_office_wants_it(
    keeps: bool, first: str
) -> None:
    transferred = a_visit("А001", leg=2, started_at=at(1), requeued_at=at(8))
    other = a_visit("А002", joined_at=at(3))
    office = with_policy(transfer_keeps_place=keeps)
    assert numbers(dispatch.order([other, transferred], office, at(9)))[0] == first


def test_a_restored_no_show_stands_later_by_the_time_away() -> None:
    restored = a_visit("А001", absent_ms=5 * 60_000)
    before = a_visit("А002", joined_at=at(4))
    after = a_visit("А003", joined_at=at(6))
    assert numbers(dispatch.order([restored, before, after], OFFICE, at(7))) == ["А002", "А001", "А003"]


def test_a_desk_calls_only_the_services_it_serves_and_its_operator_can_give() -> None:
    cash = a_visit("К001", service="cash")
    contract = a_visit("А001", joined_at=at(1))
    places = dispatch.order([cash, contract], OFFICE, at(2))
    assert dispatch.next_for(places, CONTRACTS) is places[1]
    assert dispatch.next_for(places, BOTH) is places[0]
    assert dispatch.next_for(places, Seat(DESK_BOTH, "boris", frozenset({"contract"}))) is places[1]
    assert dispatch.next_for([places[0]], CONTRACTS) is None


def test_who_is_sent_to_one_desk_or_operator_is_called_there_alone() -> None:
    to_desk = a_visit("А001", to_desk="north-2")
    to_boris = a_visit("А002", joined_at=at(1), to_operator="boris")
    places = dispatch.order([to_desk, to_boris], OFFICE, at(2))
    assert numbers(dispatch.callable_at(places, CONTRACTS)) == []
    assert numbers(dispatch.callable_at(places, BOTH)) == ["А001", "А002"]
    assert numbers(dispatch.callable_at(places, Seat(DESK_CONTRACTS, "boris"))) == ["А002"]


def test_a_desk_takes_main_services_first_additional_ones_next_and_others_only_when_idle() -> None:
    desk = Desk("d", "3", "window", ("contract", "cash", "archive"), ("cash",), ("archive",))
    visits = [
        a_visit("Л001", service="archive", category="veteran"),
        a_visit("К001", service="cash", joined_at=at(1)),
        a_visit("А001", joined_at=at(2)),
    ]
    places = dispatch.order(visits, OFFICE, at(3))
    assert numbers(dispatch.callable_at(places, Seat(desk))) == ["А001", "К001", "Л001"]
    privileged = replace(visits[1], category="veteran")
    places = dispatch.order([visits[0], privileged, visits[2]], OFFICE, at(3))
    assert numbers(dispatch.callable_at(places, Seat(desk))) == ["К001", "А001", "Л001"]


@given(waiting_lists, st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_how_rows_come(
    visits: list[Visit], chance: random.Random
) -> None:
    shuffled = visits[:]
    chance.shuffle(shuffled)
    places = dispatch.order(visits, OFFICE, at(1))
    assert places == dispatch.order(shuffled, OFFICE, at(1))
    assert [place.place for place in places] == list(range(1, len(places) + 1))
    assert {p.visit.id for p in places} == {v.id for v in visits if v.state is State.WAITING}


@given(waiting_lists)
def test_people_ahead_are_exactly_those_earlier_in_the_order_who_compete_for_ones_desks(
    visits: list[Visit],
) -> None:
    places = dispatch.order(visits, OFFICE, at(1))
    for place in places:
        mine = dispatch.desks_of(place.visit, OFFICE)
        before = [p for p in places if p.place < place.place and dispatch.desks_of(p.visit, OFFICE) & mine]
        assert dispatch.ahead_of(place.visit, places, OFFICE) == len(before)


def test_services_compete_when_some_desk_takes_both() -> None:
    assert dispatch.desks_of(a_visit(), OFFICE) == {"north-1", "north-2"}
    assert dispatch.desks_of(a_visit(service="cash"), OFFICE) == {"north-2"}
    assert dispatch.desks_of(a_visit(to_desk="north-1"), OFFICE) == {"north-1"}


DESKS = (
    Desk("d1", "1", "window", ("contract", "cash")),
    Desk("d2", "2", "window", ("contract", "cash"), ("cash",)),
    Desk("d3", "3", "window", ("cash", "archive", "contract"), ("archive",), ("contract",)),
)

days = st.lists(
    st.tuples(
        st.sampled_from(["come", "come", "come", "call", "call", "raise", "hold and return", "transfer"]),
        st.integers(0, 2),
        st.sampled_from([None, None, "veteran", "pensioner"]),
        st.sampled_from(["contract", "cash", "archive"]),
        st.integers(1, 400),
    ),
    max_size=120,
)


@given(days, st.integers(1, 4), st.booleans())
def test_by_rule_nobody_is_passed_over_more_often_than_the_policy_allows(
    day: list[tuple[str, int, str | None, str, int]], most: int, keeps: bool
) -> None:
    pensioner = replace(OFFICE.category("pensioner"), head_start_seconds=900)
    office = replace(
        with_policy(most_overtaken=most, transfer_keeps_place=keeps),
        desks=DESKS,
        categories=(OFFICE.category("veteran"), pensioner),
    )
    visits: dict[str, Visit] = {}
    passed_over: Counter[str] = Counter()
    now = NINE
    for act, index, category, service, seconds in day:
        now += timedelta(seconds=seconds)
        waiting = [visit for visit in visits.values() if visit.state is State.WAITING]
        if act == "come":
            number = f"А{len(visits):03d}"
            booked = now + timedelta(seconds=300) if category == "veteran" and index == 2 else None
            came = a_visit(number, service=service, category=category, issued_at=now, joined_at=now)
            visits[came.id] = replace(came, booked_for=booked, joined_at=booked or now)
        elif act == "raise" and waiting:
            raised, _ = moves.raise_priority(waiting[index % len(waiting)], actor="admin", at=now)
            visits[raised.id] = raised
        elif act in ("call", "hold and return", "transfer"):
            seat = Seat(DESKS[index], f"operator {index}")
            places = dispatch.order(visits.values(), office, now)
            place = dispatch.next_for(places, seat)
            if place is None:
                continue
            called = place.visit
            # Counted by hand: who came before, could be called here in the first place, and was not.
            for visit in waiting:
                early = visit.booked_for is not None and visit.booked_for > now
                if (
                    visit.id != called.id
                    and not early
                    and seat.may_call(visit)
                    and visit.service not in seat.desk.when_idle
                    and dispatch.stands_since(visit, office.policy)
                    < dispatch.stands_since(called, office.policy)
                ):
                    passed_over[visit.id] += 1
                    assert passed_over[visit.id] <= most
            for visit in dispatch.overtaken_by(called, places, seat, office.policy):
                visits[visit.id] = replace(visits[visit.id], overtaken=visit.overtaken + 1)
            visits[called.id] = _served(called, act, seat, now)
            passed_over[called.id] = 0


def _served(visit: Visit, act: str, seat: Seat, now: datetime) -> Visit:
    """What becomes of whoever was called: served, put aside and back again, or sent on."""
    operator = str(seat.operator)
    visit, _ = moves.call(visit, desk=seat.desk.id, operator=operator, call_id="c", at=now)
    if act == "hold and return":
        visit, _ = moves.hold(visit, reason="form", until=None, operator=operator, at=now)
        return moves.return_held(visit, actor=operator, at=now)[0]
    visit, _ = moves.start(visit, operator=operator, at=now)
    if act == "transfer":
        return moves.transfer(visit, steps=(Step("cash"),), operator=operator, at=now)[0]
    return moves.finish(visit, operator=operator, at=now)[0]
