"""Tickets, desks and calls as people do them, on a real database with a frozen clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server.actions import desks, offices, visits
from server.db import event_log, queries
from server.db.store import Store
from server.domain.errors import Conflict, Forbidden, NotFound
from server.domain.figures import DayKey, Sums
from server.domain.visit import State, Visit
from tests.builders import Clock


def do(
    store: Store, act: Callable[..., Any], *arguments: Any, actor: str = "anna", office: str = "north"
) -> Any:
    with store.write(office, actor) as uow:
        return act(uow, *arguments)


def take(store: Store, service: str = "contract", category: str | None = None) -> Visit:
    visit: Visit = do(store, visits.issue_ticket, service, category, "ru", actor="kiosk")
    return visit


def events(store: Store) -> list[str]:
    return [kind for kind, _payload in logged(store)]


def logged(store: Store) -> list[tuple[str, dict[str, Any]]]:
    """Kind and payload of every event of the office."""
    with store.read() as connection:
        return [(str(r.event.kind), dict(r.event.payload)) for r in event_log.read(connection, "north")]


def test_numbers_run_by_series_and_services_may_share_one(store: Store) -> None:
    assert [take(store).number, take(store, "cash").number, take(store).number] == ["А001", "К001", "А002"]


def test_numbers_begin_anew_each_day_of_the_offices_zone(store: Store, clock: Clock) -> None:
    take(store)
    clock.forward(days=1)
    assert take(store).number == "А001"


def test_a_closed_office_gives_no_ticket_and_says_when_it_opens(store: Store, clock: Clock) -> None:
    clock.forward(hours=9)  # 21:00 in Moscow
    with pytest.raises(Conflict) as refusal:
        take(store)
    assert refusal.value.code == "office_closed"
    assert str(refusal.value.values["opens_at"]) == "2026-03-03 08:00:00+03:00"
    assert events(store) == ["office_revised"]


def test_a_closed_service_and_unknown_names_are_refused(store: Store) -> None:
    with pytest.raises(Conflict, match="service_closed"):
        take(store, "archive")
    with pytest.raises(NotFound, match="unknown_service"):
        take(store, "weather")
    with pytest.raises(NotFound, match="unknown_category"):
        take(store, "contract", "sleepy")
    with pytest.raises(NotFound, match="unknown_office"):
        do(store, visits.issue_ticket, "contract", None, "ru", office="west")


def test_an_office_opened_by_hand_gives_tickets_outside_its_hours(store: Store, clock: Clock) -> None:
    clock.forward(hours=9)
    do(store, offices.set_reception, "always_open", {"ru": "Сегодня до 22:00"})
    assert take(store).number == "А001"
    do(store, offices.set_reception, "closed", {"ru": "Авария"})
    with pytest.raises(Conflict, match="office_closed"):
        take(store)


def test_an_operator_opens_a_desk_calls_serves_and_the_day_is_summed(store: Store, clock: Clock) -> None:
    first, second = take(store), take(store)
    do(store, desks.open_desk, "north-1")
    clock.forward(minutes=4)
    assert do(store, visits.call_next, "north-1").id == first.id
    clock.forward(minutes=1)
    do(store, visits.start, "north-1")
    clock.forward(minutes=10)
    served = do(store, visits.finish, "north-1")
    assert (served.state, served.operator) == (State.SERVED, "anna")
    clock.forward(minutes=1)
    assert do(store, visits.call_next, "north-1").id == second.id
    do(store, visits.no_show, "north-1")
    with store.read() as connection:
        sums = queries.day_sums(connection, "north")
    assert sums == {
        DayKey(first.day, "contract"): Sums(
            issued=2,
            served=1,
            wait_seconds=300,
            service_seconds=600,
            no_show=1,
            limited=1,
            unserved_limited=1,
            to_call_seconds=240,
            way_seconds=60,
        )
    }


def test_nobody_waiting_is_said_and_nothing_changes(store: Store) -> None:
    do(store, desks.open_desk, "north-1")
    before = events(store)
    with pytest.raises(Conflict, match="nobody_waiting"):
        do(store, visits.call_next, "north-1")
    assert events(store) == before


def test_one_visitor_at_a_desk_at_a_time(store: Store) -> None:
    take(store), take(store)
    do(store, desks.open_desk, "north-1")
    first = do(store, visits.call_next, "north-1")
    with pytest.raises(Conflict) as refusal:
        do(store, visits.call_next, "north-1")
    assert (refusal.value.code, refusal.value.values["number"]) == ("desk_busy", first.number)


def test_a_desk_must_be_open_and_ones_own_to_call(store: Store) -> None:
    take(store)
    with pytest.raises(Conflict, match="desk_closed"):
        do(store, visits.call_next, "north-1")
    do(store, desks.open_desk, "north-1")
    with pytest.raises(Forbidden, match="not_your_desk"):
        do(store, visits.call_next, "north-1", actor="boris")


def test_an_operator_works_at_one_desk_and_a_desk_has_one_operator(store: Store) -> None:
    do(store, desks.open_desk, "north-1")
    with pytest.raises(Conflict, match="operator_elsewhere"):
        do(store, desks.open_desk, "north-2")
    with pytest.raises(Conflict, match="desk_taken"):
        do(store, desks.open_desk, "north-1", actor="boris")
    do(store, desks.close_desk, "north-1")
    do(store, desks.open_desk, "north-2")


def test_a_desk_with_a_visitor_is_neither_closed_nor_left_for_a_break(store: Store) -> None:
    take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    for act in (
        lambda uow: desks.close_desk(uow, "north-1"),
        lambda uow: desks.take_break(uow, "north-1", "lunch"),
    ):
        with pytest.raises(Conflict, match="desk_busy"):
            do(store, act)


def test_doing_the_same_to_a_desk_twice_logs_it_once(store: Store) -> None:
    for _ in range(2):
        do(store, desks.open_desk, "north-1")
    for _ in range(2):
        do(store, desks.take_break, "north-1", "lunch")
    for _ in range(2):
        do(store, desks.close_desk, "north-1")
    assert events(store) == ["office_revised", "desk_opened", "desk_break", "desk_closed"]


def test_a_visitor_is_called_no_more_often_than_the_office_allows(store: Store) -> None:
    take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, visits.recall, "north-1")
    do(store, visits.recall, "north-1")
    with pytest.raises(Conflict, match="too_many_calls"):
        do(store, visits.recall, "north-1")


def test_a_visitor_leaves_the_queue_by_the_tickets_code_and_twice_is_once(store: Store) -> None:
    visit = take(store)
    for _ in range(2):
        assert do(store, visits.cancel, visit.code, actor="visitor").state is State.CANCELLED
    assert events(store).count("ticket_cancelled") == 1


def test_a_visitor_being_served_cannot_leave_the_queue(store: Store) -> None:
    visit = take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, visits.start, "north-1")
    with pytest.raises(Conflict, match="move_not_allowed"):
        do(store, visits.cancel, visit.code, actor="visitor")


def test_what_a_day_left_open_is_closed_the_next_day_and_excluded_from_averages(
    store: Store, clock: Clock
) -> None:
    forgotten, waiting = take(store), take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, visits.start, "north-1")
    assert do(store, visits.end_past_days) == 0
    clock.forward(days=1)
    assert do(store, visits.end_past_days, actor="clock") == 2
    assert do(store, visits.end_past_days, actor="clock") == 0
    with store.read() as connection:
        states = {
            v.id: v.state
            for v in [queries.visit_by_id(connection, i) for i in (forgotten.id, waiting.id)]
            if v
        }
        sums = queries.day_sums(connection, "north")
    assert states == {forgotten.id: State.SERVED, waiting.id: State.CLOSED_UNSERVED}
    assert sum(sums.values(), Sums()) == Sums(
        issued=2, excluded=1, unserved=1, unserved_limited=1, unserved_over=1
    )


def test_a_failed_act_leaves_no_trace(store: Store) -> None:
    def issue_and_break(uow: Any) -> None:
        visits.issue_ticket(uow, "contract", None, "ru")
        raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        do(store, issue_and_break)
    assert events(store) == ["office_revised"]
    assert take(store).number == "А001"


def test_call_list_board_and_people_ahead_agree(store: Store) -> None:
    for service, category in (
        ("contract", None),
        ("cash", None),
        ("contract", "veteran"),
        ("cash", "pensioner"),
    ):
        take(store, service, category)
    do(store, desks.open_desk, "north-2")
    listed = [place.visit.number for place in store.hall("north").places]
    called = []
    for _ in range(4):
        called.append(do(store, visits.call_next, "north-2").number)
        do(store, visits.start, "north-2")
        do(store, visits.finish, "north-2")
    assert called == listed == ["А002", "А001", "К001", "К002"]


@pytest.fixture
def at_desk(store: Store) -> Visit:
    """A visitor called to an open desk, while one more waits."""
    take(store), take(store)
    do(store, desks.open_desk, "north-1")
    called: Visit = do(store, visits.call_next, "north-1")
    return called


def test_a_held_visitor_frees_the_desk_and_is_called_again_by_hand(store: Store, at_desk: Visit) -> None:
    held = do(store, visits.hold, "north-1", "fills-form", None)
    assert (held.state, held.held_reason) == (State.HELD, "fills-form")
    assert store.hall("north").held == [held]
    assert do(store, visits.call, "north-1", held.id, "is ready").number == at_desk.number
    assert store.hall("north").held == []


def test_a_held_visitor_returns_by_itself_when_the_time_has_come(
    store: Store, clock: Clock, at_desk: Visit
) -> None:
    do(store, visits.hold, "north-1", "went to the bank", 10)
    clock.forward(minutes=9)
    assert do(store, visits.return_due, actor="clock") == 0
    clock.forward(minutes=1)
    assert do(store, visits.return_due, actor="clock") == 1
    assert do(store, visits.return_due, actor="clock") == 0
    first = store.hall("north").places[0]
    assert (first.visit.id, first.reason) == (at_desk.id, "returned")


def test_a_restored_no_show_is_no_longer_counted_as_one(store: Store, clock: Clock, at_desk: Visit) -> None:
    do(store, visits.no_show, "north-1")
    assert [visit.id for visit in store.hall("north").missed] == [at_desk.id]
    clock.forward(minutes=3)
    do(store, visits.restore, at_desk.id)
    assert store.hall("north").missed == ()
    with store.read() as connection:
        whole = sum(queries.day_sums(connection, "north").values(), Sums())
    assert whole == Sums(issued=2)


def test_calling_out_of_turn_needs_a_ticket_of_this_desk_and_day(
    store: Store, clock: Clock, at_desk: Visit
) -> None:
    cash = take(store, "cash")
    do(store, visits.hold, "north-1", "form", None)
    with pytest.raises(Conflict, match="other_service"):
        do(store, visits.call, "north-1", cash.id, "is old")
    with pytest.raises(NotFound, match="unknown_visit"):
        do(store, visits.call, "north-1", "no-such-visit", "is old")
    clock.forward(days=1)
    with pytest.raises(NotFound, match="unknown_visit"):
        do(store, visits.call, "north-1", at_desk.id, "is old")


def test_of_two_who_call_one_visitor_by_hand_the_second_hears_where_the_visitor_is(
    store: Store, at_desk: Visit
) -> None:
    do(store, visits.hold, "north-1", "form", None)
    do(store, desks.open_desk, "north-2", actor="boris")
    do(store, visits.call, "north-2", at_desk.id, "is ready", actor="boris")
    with pytest.raises(Conflict) as refusal:
        do(store, visits.call, "north-1", at_desk.id, "is ready")
    assert (refusal.value.code, refusal.value.values["state"]) == ("move_not_allowed", "called")


def test_an_annulled_ticket_is_in_no_average_and_no_queue(store: Store, at_desk: Visit) -> None:
    (waiting,) = [place.visit for place in store.hall("north").places]
    do(store, visits.annul, waiting.id, "printed as a test", actor="admin")
    assert store.hall("north").places == []
    with store.read() as connection:
        assert sum(queries.day_sums(connection, "north").values(), Sums()) == Sums(issued=2, annulled=1)
    with pytest.raises(Conflict, match="move_not_allowed"):
        do(store, visits.annul, at_desk.id, "is being called", actor="admin")
