"""What people do with a visit: take a ticket, call, recall, start, finish, mark a no-show, leave."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from server.domain import dispatch, figures, ids, numbering
from server.domain import visit as life
from server.domain.errors import Conflict, Forbidden, NotFound
from server.domain.events import Event
from server.domain.visit import State, Visit

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


def issue_ticket(uow: UnitOfWork, service_code: str, category: str | None, language: str) -> Visit:
    """Give a visitor the next number of the service's series.

    Raises ``NotFound`` (service, category), ``Conflict`` ``office_closed`` with the next opening,
    ``service_closed``, ``numbers_used_up``.
    """
    office = uow.office
    service = office.service(service_code)
    if category is not None:
        office.category(category)
    if not uow.reception.is_open(office, uow.now):
        opens_at = office.schedule.next_opening(uow.now, office.zone)
        raise Conflict("office_closed", opens_at=opens_at, timezone=str(office.zone))
    if service.state != "open":
        raise Conflict("service_closed", service=service.name)
    count = numbering.next_count(uow.last_count(service.prefix))
    visit, event = life.issue(
        visit_id=ids.uuid7(uow.now, secrets.token_bytes),
        office=office.code,
        day=uow.today,
        number=numbering.format_number(service.prefix, count),
        service=service.code,
        code=ids.secret_code(secrets.token_bytes),
        language=language,
        category=category,
        at=uow.now,
        actor=uow.actor,
    )
    uow.save_count(service.prefix, count)
    uow.add_visit(visit)
    uow.add_sums(visit.day, visit.service, figures.Sums(issued=1))
    uow.record(event)
    return visit


def call_next(uow: UnitOfWork, desk_id: str) -> Visit:
    """Call the first visitor in the order whom this desk serves.

    Raises ``Conflict`` ``nobody_waiting``, ``desk_busy`` (with the visitor there), ``desk_closed``,
    ``Forbidden`` ``not_your_desk``.
    """
    desk = uow.office.desk(desk_id)
    _check_operator(uow, desk_id)
    if (current := uow.visit_at_desk(desk_id)) is not None:
        raise Conflict("desk_busy", number=current.number, state=str(current.state))
    today = [visit for visit in uow.open_visits() if visit.day == uow.today]
    place = dispatch.next_for(dispatch.order(today, uow.office), desk)
    if place is None:
        raise Conflict("nobody_waiting")
    call_id = ids.uuid7(uow.now, secrets.token_bytes)
    return _keep(uow, life.call(place.visit, desk=desk_id, operator=uow.actor, call_id=call_id, at=uow.now))


def call(uow: UnitOfWork, desk_id: str, visit_id: str, reason: str) -> Visit:
    """Call one certain visitor: a waiting one out of turn, or a held one. The reason is logged.

    Raises as ``call_next``, ``NotFound``, ``Conflict`` ``other_service`` when the desk does not serve it.
    """
    desk = uow.office.desk(desk_id)
    _check_operator(uow, desk_id)
    if (current := uow.visit_at_desk(desk_id)) is not None:
        raise Conflict("desk_busy", number=current.number, state=str(current.state))
    visit = _todays(uow, visit_id)
    if visit.service not in desk.services:
        raise Conflict("other_service", number=visit.number)
    call_id = ids.uuid7(uow.now, secrets.token_bytes)
    moved = life.call(visit, desk=desk_id, operator=uow.actor, call_id=call_id, at=uow.now, reason=reason)
    return _keep(uow, moved)


def hold(uow: UnitOfWork, desk_id: str, reason: str, minutes: int | None) -> Visit:
    """Put the visitor at the desk aside; with ``minutes`` the visitor returns to the queue by itself."""
    until = uow.now + timedelta(minutes=minutes) if minutes is not None else None
    visit = _visitor_here(uow, desk_id)
    return _keep(uow, life.hold(visit, reason=reason, until=until, operator=uow.actor, at=uow.now))


def return_held(uow: UnitOfWork, desk_id: str, visit_id: str) -> Visit:
    """Send a held visitor back to the queue now."""
    _check_operator(uow, desk_id)
    return _keep(uow, life.return_held(_todays(uow, visit_id), actor=uow.actor, at=uow.now))


def return_due(uow: UnitOfWork) -> int:
    """Send back every held visitor whose time has come. Returns how many; safe to repeat."""
    due = [v for v in uow.open_visits() if v.state is State.HELD and v.held_until and v.held_until <= uow.now]
    for visit in due:
        _keep(uow, life.return_held(visit, actor=uow.actor, at=uow.now))
    return len(due)


def restore(uow: UnitOfWork, desk_id: str, visit_id: str) -> Visit:
    """A no-show of today has come after all: back to the queue, the time away cut out of the wait."""
    _check_operator(uow, desk_id)
    missed = _todays(uow, visit_id)
    visit = _keep(uow, life.restore(missed, actor=uow.actor, at=uow.now))
    uow.add_sums(figures.counting_day(missed, uow.office.zone), missed.service, figures.sums_at_restoring())
    return visit


def annul(uow: UnitOfWork, visit_id: str, reason: str) -> Visit:
    """Take an erroneous or test ticket out of the queue and of all figures. The reason is logged."""
    visit = _keep(uow, life.annul(_todays(uow, visit_id), reason=reason, actor=uow.actor, at=uow.now))
    _end(uow, visit)
    return visit


def recall(uow: UnitOfWork, desk_id: str) -> Visit:
    """Call the visitor of this desk once more; ``Conflict`` ``too_many_calls`` at the office's limit."""
    visit = _visitor_here(uow, desk_id)
    if visit.call_count >= uow.office.policy.max_calls and visit.state is State.CALLED:
        raise Conflict("too_many_calls", number=visit.number, most=uow.office.policy.max_calls)
    call_id = ids.uuid7(uow.now, secrets.token_bytes)
    return _keep(uow, life.recall(visit, operator=uow.actor, call_id=call_id, at=uow.now))


def start(uow: UnitOfWork, desk_id: str) -> Visit:
    """The called visitor has come: the wait ends here."""
    return _keep(uow, life.start(_visitor_here(uow, desk_id), operator=uow.actor, at=uow.now))


def finish(uow: UnitOfWork, desk_id: str) -> Visit:
    """End the service: the visit's figures are fixed and added to the day's sums; the pad is armed."""
    visit = _keep(uow, life.finish(_visitor_here(uow, desk_id), operator=uow.actor, at=uow.now))
    _end(uow, visit)
    return visit


def no_show(uow: UnitOfWork, desk_id: str) -> Visit:
    """The called visitor did not come."""
    visit = _keep(uow, life.no_show(_visitor_here(uow, desk_id), operator=uow.actor, at=uow.now))
    _end(uow, visit)
    return visit


def cancel(uow: UnitOfWork, code: str) -> Visit:
    """The visitor leaves the queue by the code on the ticket. Leaving twice is the same as once."""
    visit = uow.visit_by_code(code)
    if visit.state is State.CANCELLED:
        return visit
    visit = _keep(uow, life.cancel(visit, actor=uow.actor, at=uow.now))
    _end(uow, visit)
    return visit


def end_past_days(uow: UnitOfWork) -> int:
    """Close what remains open of earlier days. Returns how many visits were closed; safe to repeat."""
    left = [visit for visit in uow.open_visits() if visit.day < uow.today]
    for visit in left:
        _end(uow, _keep(uow, life.close_at_day_end(visit, actor=uow.actor, at=uow.now)))
    return len(left)


def _check_operator(uow: UnitOfWork, desk_id: str) -> None:
    desk = uow.desk(desk_id)
    if desk.state != "open":
        raise Conflict("desk_closed")
    if desk.operator != uow.actor:
        raise Forbidden("not_your_desk", operator=desk.operator)


def _todays(uow: UnitOfWork, visit_id: str) -> Visit:
    visit = uow.visit(visit_id)
    if visit is None or visit.office != uow.office.code or visit.day != uow.today:
        raise NotFound("unknown_visit")
    return visit


def _visitor_here(uow: UnitOfWork, desk_id: str) -> Visit:
    uow.office.desk(desk_id)
    _check_operator(uow, desk_id)
    visit = uow.visit_at_desk(desk_id)
    if visit is None:
        raise Conflict("nobody_at_desk")
    return visit


def _keep(uow: UnitOfWork, moved: tuple[Visit, Event]) -> Visit:
    visit, event = moved
    uow.save_visit(visit)
    uow.record(event)
    return visit


def _end(uow: UnitOfWork, visit: Visit) -> None:
    """Fix the figures of a visit that is over, and let the desk remember it."""
    uow.add_sums(figures.counting_day(visit, uow.office.zone), visit.service, figures.sums_at_end(visit))
    if visit.state is not State.SERVED or visit.desk is None:
        return
    if not figures.is_excluded(visit):
        uow.add_pace(visit.service, figures.service_seconds(visit) or 0)
    uow.remember_served(visit)
