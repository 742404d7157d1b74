"""What operators do with a desk: open it, take a break, close it; and what follows when it is free."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from server.actions import calling
from server.domain import moves
from server.domain.errors import Conflict, Forbidden
from server.domain.events import Event, Kind, timestamp
from server.domain.office import chosen
from server.domain.opening_hours import day_end
from server.domain.visit import State
from server.domain.worktime import WorkKey, of_state

if TYPE_CHECKING:
    from server.db.hall_now import DeskRow
    from server.db.unit_of_work import UnitOfWork


def open_desk(uow: UnitOfWork, desk_id: str) -> None:
    """The operator sits down, comes back from a break, or takes back a break that is due.

    Opening an open desk again changes nothing. Raises ``Conflict`` ``desk_taken`` (another operator
    works there) or ``operator_elsewhere``.
    """
    desk = _desk(uow, desk_id)
    if desk.operator not in (None, uow.actor):
        raise Conflict("desk_taken", operator=desk.operator)
    if desk.state == "open":
        if desk.break_due is not None:
            uow.save_desk(replace(desk, break_due=None))
            uow.record(Event(Kind.BREAK_TAKEN_BACK, uow.now, uow.actor, None, desk_id))
        return
    other = uow.desk_of_operator(uow.actor)
    if other not in (None, desk_id):
        raise Conflict("operator_elsewhere", desk=uow.office.desk(str(other)).label)
    skills = uow.skills()
    _change(uow, replace(desk, skills=skills), "open", Kind.DESK_OPENED, operator=uow.actor)
    calling.call_by_itself(uow)


def take_break(uow: UnitOfWork, desk_id: str, reason: str, after_visitor: bool = False) -> None:
    """The operator leaves for a while, at once or when the visitor at the desk is done.

    Raises ``Conflict`` ``desk_busy`` while a visitor is there and it was not to be after the visitor.
    """
    desk = _own_desk(uow, desk_id)
    if desk.state == "closed":
        raise Conflict("desk_closed")
    code, words = chosen(uow.office.reasons.breaks, reason)
    if desk.state == "break" and desk.break_reason == code:
        return
    if after_visitor and uow.visit_at_desk(desk_id) is not None:
        if desk.break_due != code:
            uow.save_desk(replace(desk, break_due=code))
            uow.record(Event(Kind.BREAK_DUE, uow.now, uow.actor, None, desk_id, {"reason": code}))
    else:
        _check_free(uow, desk_id)
        _change(uow, desk, "break", Kind.DESK_BREAK, operator=uow.actor, reason=code)
    if words:
        uow.add_remark("break", words, None, desk_id)


def close_desk(uow: UnitOfWork, desk_id: str) -> None:
    """The operator's work at this desk is over. Closing a closed desk changes nothing."""
    desk = _own_desk(uow, desk_id)
    if desk.state == "closed":
        return
    _check_free(uow, desk_id)
    _change(uow, desk, "closed", Kind.DESK_CLOSED, operator=None)


def close_for_colleague(uow: UnitOfWork, desk_id: str) -> None:
    """An administrator closes the desk of a colleague who has left.

    A visitor called there goes back to the queue; a service under way ends, marked incomplete.
    """
    desk = _desk(uow, desk_id)
    if desk.state == "closed":
        return
    visit = uow.visit_at_desk(desk_id)
    if visit is not None and visit.state is State.CALLED:
        calling.keep(uow, moves.give_back(visit, actor=uow.actor, at=uow.now))
    elif visit is not None:
        closed = calling.keep(uow, moves.close_unfinished(visit, actor=uow.actor, at=uow.now))
        calling.end(uow, closed)
    _change(uow, uow.desk(desk_id), "closed", Kind.DESK_CLOSED, operator=None)
    calling.call_by_itself(uow)


def close_left_open(uow: UnitOfWork) -> int:
    """Close the desks that nobody closed on an earlier day; returns how many. Safe to repeat.

    The operator's time counts until the hall closed that day, if that was after the last change.
    """
    left = 0
    for desk in uow.desks():
        day = uow.office.day(desk.since)
        if desk.state == "closed" or day >= uow.today or uow.visit_at_desk(desk.id) is not None:
            continue
        until = max(desk.since, day_end(uow.office.schedule, day, uow.office.zone))
        _change(uow, desk, "closed", Kind.DESK_CLOSED, operator=None, until=until)
        left += 1
    return left


def free(uow: UnitOfWork, desk_id: str) -> None:
    """The visitor has left the desk: a break that was due begins, or the office calls by itself."""
    begin_due_break(uow, desk_id)
    calling.call_by_itself(uow)


def begin_due_break(uow: UnitOfWork, desk_id: str) -> None:
    """Begin the break that was to follow the visitor who has just left the desk."""
    desk = uow.desk(desk_id)
    if desk.break_due is not None:
        _change(uow, desk, "break", Kind.DESK_BREAK, operator=desk.operator, reason=desk.break_due)


def _desk(uow: UnitOfWork, desk_id: str) -> DeskRow:
    uow.office.desk(desk_id)
    return uow.desk(desk_id)


def _own_desk(uow: UnitOfWork, desk_id: str) -> DeskRow:
    desk = _desk(uow, desk_id)
    if desk.state != "closed" and desk.operator != uow.actor:
        raise Forbidden("not_your_desk", operator=desk.operator)
    return desk


def _check_free(uow: UnitOfWork, desk_id: str) -> None:
    if (current := uow.visit_at_desk(desk_id)) is not None:
        raise Conflict("desk_busy", number=current.number, state=str(current.state))


def _change(
    uow: UnitOfWork,
    desk: DeskRow,
    state: str,
    kind: Kind,
    operator: str | None,
    reason: str | None = None,
    until: datetime | None = None,
) -> None:
    """Store a desk's new state, and count the time of the one that ends."""
    if desk.state != "closed":
        key = WorkKey(uow.office.day(desk.since), desk.id, str(desk.operator))
        uow.add_work(key, of_state(desk.state, desk.since, until or uow.now))
    changed = replace(
        desk, state=state, operator=operator, break_reason=reason, break_due=None, since=uow.now
    )
    uow.save_desk(replace(changed, skills=None) if state == "closed" else changed)
    payload = {"reason": reason, "until": timestamp(until) if until else None}
    if operator not in (None, uow.actor):
        payload["operator"] = operator
    facts = {name: value for name, value in payload.items() if value is not None}
    uow.record(Event(kind, uow.now, uow.actor, None, desk.id, facts))
