"""The life of a visit: each allowed move, and every other one refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.domain import figures, moves
from server.domain.errors import Conflict
from server.domain.events import Event, Kind
from server.domain.figures import Sums
from server.domain.kept_sums import changes_at_end
from server.domain.moves import MOVES
from server.domain.visit import State, Step, Visit
from tests.builders import NINE, a_visit

UTC = ZoneInfo("UTC")
LATER = NINE + timedelta(minutes=5)

ACTS: dict[str, Callable[[Visit], tuple[Visit, Event]]] = {
    "call": lambda v: moves.call(v, desk="north-1", operator="anna", call_id="c1", at=LATER),
    "recall": lambda v: moves.recall(v, operator="anna", call_id="c2", at=LATER),
    "start": lambda v: moves.start(v, operator="anna", at=LATER),
    "finish": lambda v: moves.finish(v, operator="anna", at=LATER),
    "no_show": lambda v: moves.no_show(v, operator="anna", at=LATER),
    "cancel": lambda v: moves.cancel(v, actor="visitor", at=LATER),
    "hold": lambda v: moves.hold(v, reason="form", until=None, operator="anna", at=LATER),
    "return": lambda v: moves.return_held(v, actor="anna", at=LATER),
    "restore": lambda v: moves.restore(v, actor="anna", at=LATER),
    "transfer": lambda v: moves.transfer(v, steps=(Step("cash"),), operator="anna", at=LATER),
    "give_back": lambda v: moves.give_back(v, actor="anna", at=LATER),
    "raise": lambda v: moves.raise_priority(v, actor="admin", at=LATER),
    "move": lambda v: moves.move(v, step=Step("cash"), actor="admin", at=LATER),
    "close_unfinished": lambda v: moves.close_unfinished(v, actor="admin", at=LATER),
    "annul": lambda v: moves.annul(v, reason="test", actor="admin", at=LATER),
}


def test_a_visit_begins_as_waiting_from_the_issue_of_its_ticket() -> None:
    visit = a_visit("А007")
    assert (visit.state, visit.joined_at, visit.number) == (State.WAITING, NINE, "А007")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", list(State))
def test_a_move_is_allowed_only_from_the_states_of_the_table(act: str, state: State) -> None:
    visit = a_visit(state=state)
    allowed = MOVES[act]
    if state in allowed.states:
        assert ACTS[act](visit)[0].state is allowed.to
    else:
        with pytest.raises(Conflict) as refusal:
            ACTS[act](visit)
        assert refusal.value.code == "move_not_allowed"
        assert refusal.value.values["state"] == str(state)


def test_a_recall_moves_the_call_to_its_own_moment_and_counts_it() -> None:
    called, _ = ACTS["call"](a_visit())
    again, event = moves.recall(called, operator="anna", call_id="c2", at=LATER + timedelta(minutes=1))
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
    forgotten, first = moves.close_at_day_end(
        a_visit(state=State.SERVING, started_at=NINE, leg_started_at=NINE), actor="clock", at=LATER
    )
    left, second = moves.close_at_day_end(a_visit(), actor="clock", at=LATER)
    assert (forgotten.state, forgotten.incomplete, first.kind) == (
        State.SERVED,
        True,
        Kind.SERVICE_UNFINISHED,
    )
    assert (left.state, second.kind) == (State.CLOSED_UNSERVED, Kind.CLOSED_UNSERVED)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_time_held_in_the_middle_of_a_service_is_no_service_time() -> None:
    visit, _ = moves.call(a_visit(), desk="north-1", operator="anna", call_id="c1", at=at(5))
    visit, _ = moves.start(visit, operator="anna", at=at(6))
    visit, _ = moves.hold(visit, reason="fills in a form", until=at(30), operator="anna", at=at(10))
    assert (visit.state, visit.held_reason, visit.held_until) == (State.HELD, "fills in a form", at(30))
    visit, _ = moves.call(visit, desk="north-2", operator="boris", call_id="c2", at=at(20), reason="is ready")
    visit, _ = moves.start(visit, operator="boris", at=at(21))
    visit, _ = moves.finish(visit, operator="boris", at=at(23))
    assert figures.waiting_seconds(visit) == 6 * 60
    assert figures.service_seconds(visit) == (4 + 2) * 60


def test_time_held_before_the_service_is_wait() -> None:
    visit, _ = moves.call(a_visit(), desk="north-1", operator="anna", call_id="c1", at=at(5))
    visit, _ = moves.hold(visit, reason="on the phone", until=None, operator="anna", at=at(6))
    visit, _ = moves.return_held(visit, actor="anna", at=at(9))
    assert (visit.state, visit.raised, visit.call_count) == (State.WAITING, "returned", 0)
    visit, _ = moves.call(visit, desk="north-1", operator="anna", call_id="c2", at=at(10))
    visit, _ = moves.start(visit, operator="anna", at=at(11))
    visit, _ = moves.finish(visit, operator="anna", at=at(13))
    assert (figures.waiting_seconds(visit), figures.service_seconds(visit)) == (11 * 60, 2 * 60)


def test_a_visitor_held_called_and_held_again_was_held_from_the_first_time_on() -> None:
    visit = a_visit(state=State.SERVING, started_at=NINE, leg_started_at=NINE, desk="north-1")
    visit, _ = moves.hold(visit, reason="form", until=None, operator="anna", at=at(2))
    visit, _ = moves.call(visit, desk="north-1", operator="anna", call_id="c2", at=at(5), reason="ready")
    visit, _ = moves.hold(visit, reason="form", until=None, operator="anna", at=at(6))
    visit, _ = moves.call(visit, desk="north-1", operator="anna", call_id="c3", at=at(8), reason="ready")
    visit, _ = moves.start(visit, operator="anna", at=at(10))
    visit, _ = moves.finish(visit, operator="anna", at=at(11))
    assert figures.service_seconds(visit) == (2 + 1) * 60


def test_the_absence_of_a_restored_no_show_is_cut_out_of_the_wait() -> None:
    visit, _ = moves.call(a_visit(), desk="north-1", operator="anna", call_id="c1", at=at(5))
    visit, _ = moves.no_show(visit, operator="anna", at=at(7))
    visit, _ = moves.restore(visit, actor="anna", at=at(27))
    assert (visit.state, visit.call_count, visit.queued_at) == (State.WAITING, 0, at(20))
    visit, _ = moves.call(visit, desk="north-1", operator="anna", call_id="c2", at=at(28))
    visit, _ = moves.start(visit, operator="anna", at=at(30))
    assert figures.waiting_seconds(visit) == (7 + 3) * 60


def called(visit: Visit, minutes: float, desk: str = "north-1") -> Visit:
    return moves.call(visit, desk=desk, operator=f"operator of {desk}", call_id="c", at=at(minutes))[0]


def served(visit: Visit, begin: float, end: float) -> Visit:
    """Start at ``begin`` and finish at ``end`` minutes after nine."""
    visit, _ = moves.start(visit, operator="anna", at=at(begin))
    return moves.finish(visit, operator="anna", at=at(end))[0]


def test_a_transfer_ends_a_leg_and_begins_the_repeated_wait_under_the_same_number() -> None:
    visit, _ = moves.start(called(a_visit(), 5), operator="anna", at=at(6))
    visit, event = moves.transfer(visit, steps=(Step("cash"),), operator="anna", at=at(10))
    assert (visit.state, visit.service, visit.first_service) == (State.WAITING, "cash", "contract")
    assert (visit.leg, visit.number, event.kind) == (2, "А001", Kind.TICKET_TRANSFERRED)
    visit = served(called(visit, 13, "north-2"), 15, 18)
    assert figures.waiting_seconds(visit) == 6 * 60
    assert figures.service_seconds(visit) == (4 + 3) * 60
    assert changes_at_end(visit, UTC).sums.repeated_seconds == 5 * 60


def test_who_was_only_called_and_is_sent_on_waits_on_as_before() -> None:
    visit, _ = moves.transfer(called(a_visit(), 5), steps=(Step("cash"),), operator="anna", at=at(6))
    assert (visit.leg, visit.requeued_at) == (1, None)
    visit = served(called(visit, 8, "north-2"), 9, 12)
    assert figures.waiting_seconds(visit) == 9 * 60
    assert changes_at_end(visit, UTC).sums.repeated_seconds == 0


def test_time_held_before_a_transfer_is_cut_out_of_the_leg_that_ends() -> None:
    visit, _ = moves.start(called(a_visit(), 5), operator="anna", at=at(5))
    visit, _ = moves.hold(visit, reason="form", until=None, operator="anna", at=at(7))
    visit, _ = moves.transfer(called(visit, 17), steps=(Step("cash"),), operator="anna", at=at(18))
    assert visit.served_ms == 2 * 60_000
    visit = served(called(visit, 20, "north-2"), 21, 22)
    assert figures.service_seconds(visit) == 3 * 60


def test_further_services_of_a_visit_follow_one_another() -> None:
    visit = a_visit(plan=(Step("cash"), Step("contract", "north-1")))
    visit, _ = moves.start(called(visit, 1), operator="anna", at=at(2))
    visit, _ = moves.transfer(visit, steps=visit.plan, operator="anna", at=at(3))
    assert (visit.service, visit.to_desk, visit.plan) == ("cash", None, (Step("contract", "north-1"),))
    visit, _ = moves.start(called(visit, 4, "north-2"), operator="boris", at=at(5))
    visit, _ = moves.transfer(visit, steps=visit.plan, operator="boris", at=at(6))
    assert (visit.service, visit.to_desk, visit.plan) == ("contract", "north-1", ())


def test_the_absence_of_a_no_show_after_a_transfer_is_cut_out_of_the_repeated_wait() -> None:
    visit, _ = moves.start(called(a_visit(), 5), operator="anna", at=at(6))
    visit, _ = moves.transfer(visit, steps=(Step("cash"),), operator="anna", at=at(10))
    visit, _ = moves.no_show(called(visit, 12, "north-2"), operator="boris", at=at(14))
    visit, _ = moves.restore(visit, actor="boris", at=at(34))
    visit = served(called(visit, 35, "north-2"), 36, 37)
    assert figures.waiting_seconds(visit) == 6 * 60
    assert changes_at_end(visit, UTC).sums.repeated_seconds == 6 * 60


def test_a_call_given_back_puts_the_visitor_before_those_who_only_wait() -> None:
    visit, event = moves.give_back(called(a_visit(), 5), actor="anna", at=at(6))
    assert (visit.state, visit.raised, visit.call_count, event.kind) == (
        State.WAITING,
        "returned",
        0,
        Kind.CALL_GIVEN_BACK,
    )


def test_a_booked_visitor_waits_from_the_booked_time_or_from_a_later_check_in() -> None:
    assert a_visit(booked_for=at(20)).joined_at == at(20)
    assert a_visit(booked_for=at(-20)).joined_at == NINE
    early = served(called(a_visit(booked_for=at(20)), 5), 6, 9)
    assert figures.waiting_seconds(early) == 0
    assert changes_at_end(early, UTC).sums.excluded == 0


def test_without_a_start_button_the_service_began_at_the_last_call() -> None:
    visit, event = moves.start(called(a_visit(), 5), operator="anna", at=at(12), since=at(5))
    visit, _ = moves.finish(visit, operator="anna", at=at(12))
    assert (figures.waiting_seconds(visit), figures.service_seconds(visit)) == (5 * 60, 7 * 60)
    assert event.payload["since"] == "2026-03-02T09:05:00.000Z"


def test_somebody_without_a_ticket_has_a_service_and_no_wait() -> None:
    visit, _ = moves.serve_without_ticket(
        visit_id="v",
        office="north",
        day=NINE.date(),
        number="*001",
        service="cash",
        code="c",
        language="ru",
        desk="north-2",
        operator="boris",
        at=NINE,
    )
    visit, _ = moves.finish(visit, operator="boris", at=at(4))
    assert changes_at_end(visit, UTC).sums == Sums(ticketless=1, ticketless_seconds=240)
