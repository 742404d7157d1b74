"""The order of the queue: total, deterministic, one for all who ask."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.domain import dispatch
from server.domain.visit import State, Visit
from tests.builders import NINE, a_visit, an_office

OFFICE = an_office()
DESK_CONTRACTS, DESK_BOTH = OFFICE.desks

waiting_lists = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from([None, "veteran", "pensioner"]),
        st.sampled_from(["contract", "cash"]),
        st.sampled_from([State.WAITING, State.WAITING, State.CALLED, State.SERVED]),
    ),
    max_size=12,
).map(
    lambda rows: [
        a_visit(
            f"А{index:03d}",
            joined_at=NINE + timedelta(seconds=delay),
            category=category,
            service=service,
            state=state,
        )
        for index, (delay, category, service, state) in enumerate(rows)
    ]
)


def numbers(places: list[dispatch.Place]) -> list[str]:
    return [place.visit.number for place in places]


def test_who_came_first_is_called_first() -> None:
    late = a_visit("А001", joined_at=NINE + timedelta(minutes=2))
    early = a_visit("А002", joined_at=NINE)
    assert numbers(dispatch.order([late, early], OFFICE)) == ["А002", "А001"]


def test_an_out_of_turn_category_goes_before_all_ordinary_and_says_why() -> None:
    ordinary = a_visit("А001")
    veteran = a_visit("А002", joined_at=NINE + timedelta(minutes=9), category="veteran")
    pensioner = a_visit("А003", joined_at=NINE + timedelta(minutes=1), category="pensioner")
    places = dispatch.order([ordinary, pensioner, veteran], OFFICE)
    assert [(p.visit.number, p.place, p.reason) for p in places] == [
        ("А002", 1, "out_of_turn"),
        ("А001", 2, "arrival"),
        ("А003", 3, "arrival"),
    ]


def test_who_was_held_and_came_back_goes_before_those_who_only_waited() -> None:
    early = a_visit("А001")
    returned = a_visit("А002", joined_at=NINE + timedelta(minutes=9), returned=True)
    veteran = a_visit("А003", joined_at=NINE + timedelta(minutes=10), category="veteran")
    places = dispatch.order([early, returned, veteran], OFFICE)
    assert [(p.visit.number, p.reason) for p in places] == [
        ("А003", "out_of_turn"),
        ("А002", "returned"),
        ("А001", "arrival"),
    ]


def test_a_restored_no_show_stands_later_by_the_time_away() -> None:
    restored = a_visit("А001", absent_ms=5 * 60_000)
    before = a_visit("А002", joined_at=NINE + timedelta(minutes=4))
    after = a_visit("А003", joined_at=NINE + timedelta(minutes=6))
    assert numbers(dispatch.order([restored, before, after], OFFICE)) == ["А002", "А001", "А003"]


def test_a_desk_calls_only_the_services_it_serves() -> None:
    cash = a_visit("К001", service="cash")
    contract = a_visit("А001", joined_at=NINE + timedelta(minutes=1))
    places = dispatch.order([cash, contract], OFFICE)
    assert dispatch.next_for(places, DESK_CONTRACTS) is places[1]
    assert dispatch.next_for(places, DESK_BOTH) is places[0]
    assert dispatch.next_for([places[0]], DESK_CONTRACTS) is None


@given(waiting_lists, st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_how_rows_come(
    visits: list[Visit], chance: random.Random
) -> None:
    shuffled = visits[:]
    chance.shuffle(shuffled)
    places = dispatch.order(visits, OFFICE)
    assert places == dispatch.order(shuffled, OFFICE)
    assert [place.place for place in places] == list(range(1, len(places) + 1))
    assert {p.visit.id for p in places} == {v.id for v in visits if v.state is State.WAITING}


@given(waiting_lists)
def test_people_ahead_are_exactly_those_called_before_by_the_desks_of_ones_service(
    visits: list[Visit],
) -> None:
    places = dispatch.order(visits, OFFICE)
    for place in places:
        rivals = dispatch.competing_services(place.visit.service, OFFICE)
        before = [p for p in places if p.place < place.place and p.visit.service in rivals]
        assert dispatch.ahead_of(place.visit, places, OFFICE) == len(before)


def test_services_compete_when_some_desk_takes_both() -> None:
    assert dispatch.competing_services("cash", OFFICE) == {"cash", "contract"}
    assert dispatch.competing_services("archive", OFFICE) == {"archive"}
