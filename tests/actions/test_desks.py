"""Desks and their operators: breaks, closing for a colleague, calling by itself, working time, skills."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server import cli, company
from server.actions import desks, offices, visits
from server.db import queries
from server.db.store import Store
from server.domain.errors import Conflict, NotFound
from server.domain.figures import Sums
from server.domain.visit import State
from server.domain.worktime import WorkTime
from tests.actions.test_queue import do, logged, take
from tests.builders import COMPANY, Clock, add_person


def with_policy(store: Store, **policy: Any) -> None:
    """Put the company in force anew with this policy of its first office."""
    north = {**COMPANY["offices"][0], "policy": policy}
    document = {**COMPANY, "offices": [north, COMPANY["offices"][1]]}
    if "results" in policy:
        north["reasons"] = {"results": policy.pop("results")}
    cli.import_company(store, company.CompanySettings.model_validate(document), "test")


def work(store: Store) -> dict[tuple[str, str], WorkTime]:
    with store.read() as connection:
        kept = queries.work_times(connection, "north")
    return {(key.desk, key.operator): time for key, time in kept.items()}


def test_a_break_after_the_visitor_begins_when_the_visitor_is_done(store: Store, clock: Clock) -> None:
    take(store), take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, desks.take_break, "north-1", "lunch", True)
    assert store.hall("north").desk("north-1").state == "open"
    do(store, visits.start, "north-1")
    do(store, visits.finish, "north-1")
    row = store.hall("north").desk("north-1")
    assert (row.state, row.break_reason, row.break_due, row.operator) == ("break", "lunch", None, "anna")


def test_a_break_that_is_due_can_be_taken_back(store: Store) -> None:
    take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, desks.take_break, "north-1", "lunch", True)
    do(store, desks.open_desk, "north-1")
    do(store, visits.no_show, "north-1")
    assert store.hall("north").desk("north-1").state == "open"


def test_when_a_called_visitor_leaves_the_queue_the_desk_is_free_and_its_break_begins(store: Store) -> None:
    visit = take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, desks.take_break, "north-1", "lunch", True)
    do(store, visits.cancel, visit.code, actor="visitor")
    row = store.hall("north").desk("north-1")
    assert (row.state, row.operator) == ("break", "anna")
    do(store, desks.open_desk, "north-1")


def test_working_time_is_kept_by_state_and_operator(store: Store, clock: Clock) -> None:
    take(store)
    do(store, desks.open_desk, "north-1")
    clock.forward(minutes=10)
    do(store, visits.call_next, "north-1")
    do(store, visits.start, "north-1")
    clock.forward(minutes=7)
    do(store, visits.finish, "north-1")
    do(store, desks.take_break, "north-1", "lunch")
    clock.forward(minutes=30)
    do(store, desks.open_desk, "north-1")
    clock.forward(minutes=3)
    do(store, desks.close_desk, "north-1")
    minute = 60_000
    assert work(store) == {
        ("north-1", "anna"): WorkTime(20 * minute, 30 * minute, 7 * minute, 1),
    }


def test_a_desk_forgotten_open_is_closed_the_next_day_and_counts_until_the_hall_closed(
    store: Store, clock: Clock
) -> None:
    do(store, desks.open_desk, "north-1")  # 12:00 in Moscow; the hall closes at 17:00
    clock.forward(days=1)
    assert do(store, desks.close_left_open, actor="clock") == 1
    assert do(store, desks.close_left_open, actor="clock") == 0
    assert work(store)["north-1", "anna"].open_ms == timedelta(hours=5) / timedelta(milliseconds=1)
    assert store.hall("north").desk("north-1").state == "closed"


def test_an_administrator_closes_the_desk_of_a_colleague_who_left(store: Store) -> None:
    take(store), take(store)
    do(store, desks.open_desk, "north-1")
    do(store, desks.open_desk, "north-2", actor="boris")
    called = do(store, visits.call_next, "north-1")
    do(store, visits.call_next, "north-2", actor="boris")
    do(store, visits.start, "north-2", actor="boris")
    do(store, desks.close_for_colleague, "north-1", actor="admin")
    do(store, desks.close_for_colleague, "north-2", actor="admin")
    do(store, desks.close_for_colleague, "north-2", actor="admin")
    hall = store.hall("north")
    assert [(p.visit.id, p.reason) for p in hall.places] == [(called.id, "returned")]
    assert {row.state for row in hall.desks.values()} == {"closed"}
    with store.read() as connection:
        assert sum(queries.day_sums(connection, "north").values(), Sums()).excluded == 1


def test_an_office_that_wants_it_calls_by_itself(store: Store, clock: Clock) -> None:
    with_policy(store, auto_call=True)
    do(store, desks.open_desk, "north-1")
    first = take(store)
    assert store.hall("north").at_desk("north-1").id == first.id  # type: ignore[union-attr]
    second, third = take(store), take(store)
    do(store, visits.start, "north-1")
    do(store, visits.finish, "north-1", first.id)
    assert store.hall("north").at_desk("north-1").id == second.id  # type: ignore[union-attr]
    do(store, desks.take_break, "north-1", "lunch", True)
    do(store, visits.no_show, "north-1")
    hall = store.hall("north")
    assert (hall.at_desk("north-1"), hall.desk("north-1").state) == (None, "break")
    do(store, desks.open_desk, "north-2", actor="boris")
    assert store.hall("north").at_desk("north-2").id == third.id  # type: ignore[union-attr]


def test_where_there_is_no_start_button_the_call_is_the_start(store: Store, clock: Clock) -> None:
    with_policy(store, start_button=False)
    take(store)
    do(store, desks.open_desk, "north-1")
    clock.forward(minutes=2)
    do(store, visits.call_next, "north-1")
    clock.forward(minutes=5)
    do(store, visits.finish, "north-1")
    with store.read() as connection:
        whole = sum(queries.day_sums(connection, "north").values(), Sums())
    assert whole == Sums(
        issued=1, served=1, wait_seconds=120, service_seconds=300, limited=1, to_call_seconds=120
    )


def test_a_called_visitor_cannot_be_finished_where_there_is_a_start_button(store: Store) -> None:
    take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    with pytest.raises(Conflict, match="move_not_allowed"):
        do(store, visits.finish, "north-1")


def test_a_result_is_one_of_the_offices_and_needed_where_the_office_says_so(store: Store) -> None:
    done = {"code": "done", "name": {"ru": "Решено"}}
    with_policy(store, result_required=True, results=[done])
    take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, visits.start, "north-1")
    with pytest.raises(Conflict, match="result_needed"):
        do(store, visits.finish, "north-1")
    with pytest.raises(NotFound, match="unknown_result"):
        do(store, visits.finish, "north-1", None, "perhaps")
    assert do(store, visits.finish, "north-1", None, "done").result == "done"


def test_an_operator_is_given_only_what_he_or_she_can_give(store: Store) -> None:
    add_person(store, "vera", "operator", services=("contract",))
    cash = take(store, "cash")
    do(store, desks.open_desk, "north-2", actor="vera")
    with pytest.raises(Conflict, match="nobody_waiting"):
        do(store, visits.call_next, "north-2", actor="vera")
    hall = store.hall("north")
    assert (hall.working_desks("cash"), hall.working_desks("contract")) == (0, 1)
    assert hall.alerts[0].code == "nobody_serves"
    # By hand, with a reason, the desk's services are the bound.
    assert do(store, visits.call, "north-2", cash.id, "by-manager", actor="vera").id == cash.id


def test_somebody_without_a_ticket_is_served_and_counts_for_service_alone(store: Store, clock: Clock) -> None:
    do(store, desks.open_desk, "north-2")
    with pytest.raises(Conflict, match="service_not_here"):
        do(store, visits.serve_without_ticket, "north-2", "archive")
    visit = do(store, visits.serve_without_ticket, "north-2", "cash")
    assert (visit.state, visit.number) == (State.SERVING, "*001")
    clock.forward(minutes=3)
    do(store, visits.finish, "north-2")
    with store.read() as connection:
        whole = sum(queries.day_sums(connection, "north").values(), Sums())
    assert whole == Sums(ticketless=1, ticketless_seconds=180)
    assert take(store, "cash").number == "К001"


def test_own_words_are_kept_apart_from_the_log_and_erased_after_their_days(
    store: Store, clock: Clock
) -> None:
    secret = "Иванова просила подождать сына"
    visit = take(store)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, visits.add_note, "north-1", secret)
    do(store, visits.hold, "north-1", secret, None)
    do(store, visits.call, "north-1", visit.id, secret)
    do(store, visits.give_back, "north-1")
    do(store, visits.annul, visit.id, secret, actor="admin")
    do(store, desks.take_break, "north-1", secret)
    assert secret not in str(logged(store))
    kinds = [remark.kind for remark in store.hall("north").remarks[visit.id]]
    assert sorted(kinds) == ["annul", "call", "hold", "note"]
    clock.forward(days=3)
    assert do(store, visits.erase_old_remarks, actor="clock") == 0
    clock.forward(days=1)
    assert do(store, visits.erase_old_remarks, actor="clock") == 5


def test_the_reception_opened_by_hand_lets_desks_call_as_ever(store: Store, clock: Clock) -> None:
    clock.forward(hours=10)
    do(store, offices.set_reception, "always_open", {"ru": "Сегодня до 22:00"})
    take(store)
    do(store, desks.open_desk, "north-1")
    assert do(store, visits.call_next, "north-1").state is State.CALLED


def test_the_log_says_by_which_rule_and_past_how_many_each_visitor_was_called(
    store: Store, clock: Clock
) -> None:
    take(store)
    clock.forward(seconds=1)
    take(store, "contract", "veteran")
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    (called,) = [payload for kind, payload in logged(store) if kind == "ticket_called"]
    assert (called["why"], called["overtook"]) == ("out_of_turn", 1)
    assert store.hall("north").places[0].visit.overtaken == 1
