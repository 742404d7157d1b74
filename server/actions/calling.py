"""What calling and ending have in common: keep a move, fix the figures, call by rule for a free desk."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from server.domain import dispatch, figures, ids, moves
from server.domain.dispatch import Seat
from server.domain.events import Event
from server.domain.forecast import Served
from server.domain.kept_sums import changes_at_end
from server.domain.visit import Leg, State, Visit, leg_ended
from server.domain.worktime import WorkKey, of_leg

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


def call_first(uow: UnitOfWork, seat: Seat, auto: bool = False) -> Visit | None:
    """Call whoever is first in the order for this desk, for its operator; ``None`` when nobody waits."""
    waiting = [visit for visit in uow.open_visits() if visit.day == uow.today]
    places = dispatch.order(waiting, uow.office, uow.now)
    place = dispatch.next_for(places, seat)
    if place is None:
        return None
    passed = dispatch.overtaken_by(place.visit, places, seat, uow.office.policy)
    uow.add_overtaken(passed)
    return keep(
        uow,
        moves.call(
            place.visit,
            desk=seat.desk.id,
            operator=str(seat.operator),
            call_id=ids.uuid7(uow.now, secrets.token_bytes),
            at=uow.now,
            why=place.reason,
            overtook=len(passed),
            auto=auto,
        ),
    )


def call_by_itself(uow: UnitOfWork) -> None:
    """Where the office wants it, let every free open desk call its next visitor, the longest free first."""
    if not uow.office.policy.auto_call:
        return
    busy = {visit.desk for visit in uow.open_visits() if visit.state in (State.CALLED, State.SERVING)}
    free = [desk for desk in uow.desks() if desk.state == "open" and desk.id not in busy]
    for desk in sorted(free, key=lambda desk: (desk.freed_at or desk.since, desk.id)):
        if any(known.id == desk.id for known in uow.office.desks):
            call_first(uow, uow.seat(desk.id), auto=True)


def keep(uow: UnitOfWork, moved: tuple[Visit, Event]) -> Visit:
    """Store what a move made of a visit, and its event."""
    visit, event = moved
    uow.save_visit(visit)
    uow.record(event)
    return visit


def end(uow: UnitOfWork, visit: Visit) -> None:
    """Fix the figures of a visit that is over, and let its desk remember it."""
    uow.sums.add(changes_at_end(visit, uow.office.zone))
    if visit.state is State.SERVED and visit.desk is not None:
        uow.remember_freed(visit, served=not visit.incomplete)


def _turnover(uow: UnitOfWork, visit: Visit, leg: Leg) -> int | None:
    """Seconds from the desk's being free, or the visitor's being there, to the start of the service."""
    desk = uow.desk(leg.desk)
    queued = visit.requeued_at if visit.leg > 1 else visit.queued_at
    if visit.ticketless or queued is None:
        return None
    free = max(moment for moment in (desk.since, desk.freed_at, queued) if moment)
    return max(0, figures.whole_seconds(free, leg.started_at))


def end_leg(uow: UnitOfWork, before: Visit, result: str | None = None) -> None:
    """Keep the leg that ends now, for the operator's working time and for the pace of its service."""
    leg = leg_ended(before, uow.now, result)
    if leg is None:
        return
    uow.add_leg(leg)
    uow.add_work(WorkKey(uow.today, leg.desk, leg.operator), of_leg(leg))
    if leg.served_ms >= 0:
        hour = leg.started_at.astimezone(uow.office.zone).hour
        uow.add_pace(leg.service, Served(hour, leg.served_ms // 1000, _turnover(uow, before, leg)))
