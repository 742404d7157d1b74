"""What an operator's pad on a wire does: one key, one act of the operator who works at that desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.actions import visits
from server.domain.errors import Conflict
from server.domain.visit import State, Visit

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


def press(uow: UnitOfWork, desk_id: str, key: str) -> Visit:
    """Do what ``key`` means now, in the name of the operator who has opened the desk (domain §16).

    ``call``: the next visitor, or the one who was called once more; ``start``: the service begins;
    ``finish``: the service ends, or the called visitor did not come; ``redirect``: on to the service that the
    desk's data name. Raises ``Conflict`` ``desk_closed``, ``no_redirect``, and what these acts refuse.
    """
    point = uow.office.desk(desk_id)
    operator = uow.desk(desk_id).operator
    if operator is None:
        raise Conflict("desk_closed")
    visit = uow.visit_at_desk(desk_id)
    called = visit is not None and visit.state is State.CALLED
    with uow.acting_as(operator):
        if key == "call":
            return visits.recall(uow, desk_id) if called else visits.call_next(uow, desk_id)
        if key == "start":
            return visits.start(uow, desk_id)
        if key == "finish":
            return visits.no_show(uow, desk_id) if called else visits.finish(uow, desk_id)
        if point.redirect_to is None:
            raise Conflict("no_redirect", desk=point.label)
        return visits.transfer(uow, desk_id, (point.redirect_to, None, None), return_after=False, note="")
