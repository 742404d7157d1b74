"""What operators do with a desk: open it, take a break, close it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from server.domain.errors import Conflict, Forbidden
from server.domain.events import Event, Kind

if TYPE_CHECKING:
    from server.db.queries import DeskRow
    from server.db.unit_of_work import UnitOfWork


def open_desk(uow: UnitOfWork, desk_id: str) -> None:
    """The operator sits down (or comes back from a break). Opening an open desk again changes nothing.

    Raises ``Conflict`` ``desk_taken`` (another operator works there) or ``operator_elsewhere``.
    """
    desk = _desk(uow, desk_id)
    if desk.operator not in (None, uow.actor):
        raise Conflict("desk_taken", operator=desk.operator)
    if desk.state == "open":
        return
    other = uow.desk_of_operator(uow.actor)
    if other not in (None, desk_id):
        raise Conflict("operator_elsewhere", desk=uow.office.desk(str(other)).label)
    _change(uow, desk, "open", Kind.DESK_OPENED, operator=uow.actor)


def take_break(uow: UnitOfWork, desk_id: str, reason: str) -> None:
    """The operator leaves for a while. Raises ``Conflict`` ``desk_busy`` while a visitor is there."""
    desk = _own_desk(uow, desk_id)
    if desk.state == "closed":
        raise Conflict("desk_closed")
    if desk.state == "break" and desk.break_reason == reason:
        return
    _check_free(uow, desk_id)
    _change(uow, desk, "break", Kind.DESK_BREAK, operator=uow.actor, reason=reason)


def close_desk(uow: UnitOfWork, desk_id: str) -> None:
    """The operator's work at this desk is over. Closing a closed desk changes nothing."""
    desk = _own_desk(uow, desk_id)
    if desk.state == "closed":
        return
    _check_free(uow, desk_id)
    _change(uow, desk, "closed", Kind.DESK_CLOSED, operator=None)


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
    uow: UnitOfWork, desk: DeskRow, state: str, kind: Kind, operator: str | None, reason: str | None = None
) -> None:
    uow.save_desk(replace(desk, state=state, operator=operator, break_reason=reason, since=uow.now))
    payload = {} if reason is None else {"reason": reason}
    uow.record(Event(kind, uow.now, uow.actor, None, desk.id, payload))
