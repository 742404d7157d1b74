"""The life of a visit: each allowed move, and every other one refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from server.domain import figures
from server.domain import visit as life
from server.domain.errors import Conflict
from server.domain.events import Event, Kind
from server.domain.visit import MOVES, State, Visit
from tests.builders import NINE, a_visit

LATER = NINE + timedelta(minutes=5)

ACTS: dict[str, Callable[[Visit], tuple[Visit, Event]]] = {
    "call": lambda v: life.call(v, desk="north-1", operator="anna", call_id="c1", at=LATER),
    "recall": lambda v: life.recall(v, operator="anna", call_id="c2", at=LATER),
    "start": lambda v: life.start(v, operator="anna", at=LATER),
    "finish": lambda v: life.finish(v, operator="anna", at=LATER),
    "no_show": lambda v: life.no_show(v, operator="anna", at=LATER),
    "cancel": lambda v: life.cancel(v, actor="visitor", at=LATER),
    "hold": lambda v: life.hold(v, reason="form", until=None, operator="anna", at=LATER),
    "return": lambda v: life.return_held(v, actor="anna", at=LATER),
    "restore": lambda v: life.restore(v, actor="anna", at=LATER),
    "annul": lambda v: life.annul(v, reason="test", actor="admin", at=LATER),
}


def test_a_visit_begins_as_waiting_from_the_issue_of_its_ticket() -> None:
    visit = a_visit("А007")
    assert (visit.state, visit.joined_at, visit.number) == (State.WAITING, NINE, "А007")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", list(State))
def test_a_move_is_allowed_only_from_the_states_of_the_table(act: str, state: State) -> None:
    visit = a_visit(state=state)
    allowed, target = MOVES[act]
    if state in allowed:
        assert ACTS[act](visit)[0].state is target
    else:
        with pytest.raises(Conflict) as refusal:
            ACTS[act](visit)
        assert refusal.value.code == "move_not_allowed"
        assert refusal.value.values["state"] == str(state)


def test_a_recall_moves_the_call_to_its_own_moment_and_counts_it() -> None:
    called, _ = ACTS["call"](a_visit())
    again, event = life.recall(called, operator="anna", call_id="c2", at=LATER + timedelta(minutes=1))
    assert (again.called_at, again.call_count, again.call_id) == (LATER + timedelta(minutes=1), 2, "c2")
    assert event.payload["call"] == "c2"


def test_every_move_tells_which_visit_and_desk_it_was() -> None:
    visit, events = a_visit(), []
    for act in ("call", "start", "finish"):
        visit, event = ACTS[act](visit)
        events.append(event)
    assert [event.kind for event in events] == [
        Kind.TICKET_CALLED,
        Kind.SERVICE_STARTED,
        Kind.SERVICE_FINISHED,
    ]
    assert {(event.visit, event.desk) for event in events} == {(visit.id, "north-1")}


def test_a_forgotten_service_is_closed_as_incomplete_and_a_waiting_visit_as_unserved() -> None:
    forgotten, first = life.close_at_day_end(
        a_visit(state=State.SERVING, started_at=NINE), actor="clock", at=LATER
    )
    left, second = life.close_at_day_end(a_visit(), actor="clock", at=LATER)
    assert (forgotten.state, forgotten.incomplete, first.kind) == (
        State.SERVED,
        True,
        Kind.SERVICE_UNFINISHED,
    )
    assert (left.state, second.kind) == (State.CLOSED_UNSERVED, Kind.CLOSED_UNSERVED)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_time_held_in_the_middle_of_a_service_is_no_service_time() -> None:
    visit, _ = life.call(a_visit(), desk="north-1", operator="anna", call_id="c1", at=at(5))
    visit, _ = life.start(visit, operator="anna", at=at(6))
    visit, _ = life.hold(visit, reason="fills in a form", until=at(30), operator="anna", at=at(10))
    assert (visit.state, visit.held_reason, visit.held_until) == (State.HELD, "fills in a form", at(30))
    visit, _ = life.call(visit, desk="north-2", operator="boris", call_id="c2", at=at(20), reason="is ready")
    visit, _ = life.start(visit, operator="boris", at=at(21))
    visit, _ = life.finish(visit, operator="boris", at=at(23))
    assert figures.waiting_seconds(visit) == 6 * 60
    assert figures.service_seconds(visit) == (4 + 2) * 60


def test_time_held_before_the_service_is_wait() -> None:
    visit, _ = life.call(a_visit(), desk="north-1", operator="anna", call_id="c1", at=at(5))
    visit, _ = life.hold(visit, reason="on the phone", until=None, operator="anna", at=at(6))
    visit, _ = life.return_held(visit, actor="anna", at=at(9))
    assert (visit.state, visit.returned, visit.call_count) == (State.WAITING, True, 0)
    visit, _ = life.call(visit, desk="north-1", operator="anna", call_id="c2", at=at(10))
    visit, _ = life.start(visit, operator="anna", at=at(11))
    visit, _ = life.finish(visit, operator="anna", at=at(13))
    assert (figures.waiting_seconds(visit), figures.service_seconds(visit)) == (11 * 60, 2 * 60)


def test_a_visitor_held_called_and_held_again_was_held_from_the_first_time_on() -> None:
    visit = a_visit(state=State.SERVING, started_at=NINE, desk="north-1")
    visit, _ = life.hold(visit, reason="form", until=None, operator="anna", at=at(2))
    visit, _ = life.call(visit, desk="north-1", operator="anna", call_id="c2", at=at(5), reason="ready")
    visit, _ = life.hold(visit, reason="form", until=None, operator="anna", at=at(6))
    visit, _ = life.call(visit, desk="north-1", operator="anna", call_id="c3", at=at(8), reason="ready")
    visit, _ = life.start(visit, operator="anna", at=at(10))
    visit, _ = life.finish(visit, operator="anna", at=at(11))
    assert figures.service_seconds(visit) == (2 + 1) * 60


def test_the_absence_of_a_restored_no_show_is_cut_out_of_the_wait() -> None:
    visit, _ = life.call(a_visit(), desk="north-1", operator="anna", call_id="c1", at=at(5))
    visit, _ = life.no_show(visit, operator="anna", at=at(7))
    visit, _ = life.restore(visit, actor="anna", at=at(27))
    assert (visit.state, visit.call_count, visit.queued_at) == (State.WAITING, 0, at(20))
    visit, _ = life.call(visit, desk="north-1", operator="anna", call_id="c2", at=at(28))
    visit, _ = life.start(visit, operator="anna", at=at(30))
    assert figures.waiting_seconds(visit) == (7 + 3) * 60
