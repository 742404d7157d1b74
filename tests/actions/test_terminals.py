"""Terminals: numbers leased for times without the server, tickets handed in, print orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from server.actions import desks, terminals, visits
from server.actions.terminals import GivenOffline
from server.db import queries
from server.db.store import Store
from server.domain.errors import Conflict, NotFound
from server.domain.figures import Sums
from server.domain.terminal import Lease, Terminal
from tests.actions.test_queue import do, logged, take
from tests.builders import NINE, Clock
from tests.sums import differences

ONE, OTHER = "device:one", "device:other"


def lease(store: Store, terminal: str = ONE, count: int = 10, anew: bool = False) -> list[Lease]:
    found: list[Lease] = do(store, terminals.lease_numbers, count, anew, actor=terminal)
    return found


def given(number: str, at: datetime, **changes: Any) -> GivenOffline:
    values = {
        "id": f"00000000-0000-7000-8000-{int(number[1:]):012d}",
        "number": number,
        "code": (number[-3:] * 7)[:20],
        "service": "contract",
        "category": None,
        "language": "ru",
        "issued_at": at,
        "clock_ahead_ms": 0,
    }
    return GivenOffline(**{**values, **changes})


def hand_in(store: Store, *tickets: GivenOffline, terminal: str = ONE) -> tuple[int, list[str]]:
    taken, refused = do(store, terminals.hand_in, tickets, actor=terminal)
    return len(taken), [refusal.code for _ticket, refusal in refused]


def test_numbers_are_leased_from_the_top_and_no_two_terminals_get_one(store: Store) -> None:
    assert lease(store) == [Lease("А", 990, 999), Lease("К", 990, 999)]
    assert lease(store, OTHER) == [Lease("А", 980, 989), Lease("К", 980, 989)]
    assert take(store).number == "А001"


def test_a_lease_asked_for_again_is_the_same_until_half_of_it_is_used(store: Store) -> None:
    first = lease(store)
    assert lease(store) == first
    used = [given(f"А{n}", NINE) for n in range(990, 995)]
    assert hand_in(store, *used) == (5, [])
    assert lease(store)[:2] == [Lease("А", 985, 989), Lease("А", 990, 999)]


def test_a_terminal_that_lost_its_memory_gets_other_numbers(store: Store) -> None:
    before, after = lease(store), lease(store, anew=True)
    assert {(b.prefix, b.first) for b in before}.isdisjoint({(b.prefix, b.first) for b in after})


def test_leases_end_with_the_day(store: Store, clock: Clock) -> None:
    lease(store)
    clock.forward(days=1)
    assert lease(store)[0] == Lease("А", 990, 999)


def test_numbers_given_one_by_one_stop_where_the_leased_ones_begin(store: Store) -> None:
    lease(store, count=60)
    with store.write("north", "test") as uow:
        for _ in range(939):
            uow.count_up("А")
    with pytest.raises(Conflict, match="numbers_used_up"):
        take(store)
    assert [block.prefix for block in lease(store, OTHER, 60)] == ["К"]


def test_a_ticket_given_offline_counts_from_its_real_moment(store: Store, clock: Clock) -> None:
    lease(store)
    online = take(store)
    clock.forward(minutes=20)
    # The terminal's clock is five minutes ahead: it was given at 09:10, ten minutes after the first.
    offline = given("А990", NINE + timedelta(minutes=15), clock_ahead_ms=300_000)
    assert hand_in(store, offline) == (1, [])
    newest = take(store)
    hall = store.hall("north")
    assert [place.visit.number for place in hall.places] == [online.number, "А990", newest.number]
    do(store, desks.open_desk, "north-1")
    for _ in range(2):
        do(store, visits.call_next, "north-1")
        do(store, visits.start, "north-1")
        do(store, visits.finish, "north-1")
    with store.read() as connection:
        sums = queries.day_sums(connection, "north")
    assert sum(sums.values(), Sums()).wait_seconds == (20 + 10) * 60
    assert differences(store) == []


def test_a_ticket_handed_in_twice_is_one_ticket(store: Store) -> None:
    lease(store)
    for _ in range(2):
        assert hand_in(store, given("А990", NINE)) == (1, [])
    assert [kind for kind, _payload in logged(store)].count("ticket_issued") == 1


def test_a_number_that_is_not_the_terminals_or_is_taken_is_refused_and_the_others_are_taken(
    store: Store,
) -> None:
    lease(store)
    lease(store, OTHER)
    taken = given("А990", NINE)
    assert hand_in(store, taken) == (1, [])
    foreign = given("А985", NINE)
    twice = given("А990", NINE, id="00000000-0000-7000-8000-000000000009", code="z" * 20)
    same_code = given("А991", NINE, code=taken.code)
    good = given("А992", NINE)
    assert hand_in(store, foreign, twice, same_code, good) == (
        1,
        ["number_not_leased", "number_taken", "number_taken"],
    )


def test_a_ticket_of_yesterday_is_counted_then_and_closed_with_that_day(store: Store, clock: Clock) -> None:
    lease(store)
    clock.forward(days=1)
    assert hand_in(store, given("А990", NINE + timedelta(minutes=1))) == (1, [])
    assert store.hall("north").places == []
    do(store, visits.end_past_days, actor="clock")
    with store.read() as connection:
        ((key, sums),) = queries.day_sums(connection, "north").items()
    assert (key.day, sums) == (NINE.date(), Sums(issued=1, unserved=1, unserved_limited=1, unserved_over=1))


def a_terminal(store: Store, **changes: Any) -> Terminal:
    values = {"id": ONE, "office": "north", "name": "у входа", "seen_at": store.clock(), "printer": "ready"}
    return Terminal(**{**values, "fault": "", "queued": 0, **changes})


def test_staff_have_a_ticket_printed_at_the_terminal_heard_of_last(store: Store, clock: Clock) -> None:
    visit = take(store)
    with pytest.raises(Conflict, match="no_terminal"):
        do(store, terminals.order_print, visit.id, None, actor="admin")
    do(store, terminals.report, a_terminal(store), actor=ONE)
    do(store, terminals.report, a_terminal(store, id=OTHER, printer="paper_out"), actor=OTHER)
    order = do(store, terminals.order_print, visit.id, None, actor="admin")
    assert order.terminal == ONE
    assert [one.visit for one in store.hall("north").print_orders] == [visit.id]
    with pytest.raises(NotFound, match="unknown_order"):
        do(store, terminals.report_print, order.id, "printed", actor=OTHER)
    do(store, terminals.report_print, order.id, "printed", actor=ONE)
    assert store.hall("north").print_orders == ()


def test_a_report_is_told_to_the_hall_only_when_something_changed(store: Store, clock: Clock) -> None:
    def told(**changes: Any) -> bool:
        with store.write("north", ONE) as uow:
            terminals.report(uow, a_terminal(store, **changes))
            return uow.changed

    assert [told(), told()] == [True, False]
    clock.forward(seconds=30)
    assert [told(), told(printer="paper_out", fault="put paper in")] == [False, True]
    clock.forward(minutes=5)
    assert told(printer="paper_out", fault="put paper in")
