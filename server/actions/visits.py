"""What people do with a visit: take a ticket, call, start, finish, hold, send on, mark a no-show, leave."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from server.actions import desks
from server.actions.calling import call_by_itself, call_first, end, end_leg, keep
from server.actions.destinations import check_time_left, open_service, step_to
from server.domain import dispatch, ids, moves, numbering
from server.domain.errors import Conflict, Forbidden, Invalid, NotFound
from server.domain.events import Event, Kind
from server.domain.kept_sums import changes_at_end, day_key
from server.domain.office import chosen
from server.domain.visit import TERMINAL, WALK_IN, State, Step, Visit

if TYPE_CHECKING:
    from server.db.hall_now import DeskRow
    from server.db.unit_of_work import UnitOfWork

TICKETLESS_SERIES = "*"


def issue_ticket(
    uow: UnitOfWork,
    service_code: str,
    category: str | None,
    language: str,
    then: tuple[str, ...] = (),
    channel: str = TERMINAL,
) -> Visit:
    """Give a visitor the next number of the service's series; ``then`` are further services to follow.

    ``channel``: whether the ticket is taken at a terminal or given at the reception.

    Raises ``NotFound`` (service, category), ``Conflict`` ``office_closed`` with the next opening,
    ``service_closed``, ``no_time_left``, ``numbers_used_up``.
    """
    office = uow.office
    if category is not None:
        office.category(category)
    if not uow.reception.is_open(office, uow.now):
        opens_at = office.schedule.next_opening(uow.now, office.zone)
        raise Conflict("office_closed", opens_at=opens_at, timezone=str(office.zone))
    service, *_later = [open_service(uow, code) for code in (service_code, *then)]
    if office.policy.stop_when_full:
        check_time_left(uow, service)
    visit, event = moves.issue(
        visit_id=ids.uuid7(uow.now, secrets.token_bytes),
        office=office.code,
        day=uow.today,
        number=next_number(uow, service.prefix),
        service=service.code,
        code=ids.secret_code(secrets.token_bytes),
        language=language,
        category=category,
        at=uow.now,
        actor=uow.actor,
        plan=tuple(Step(code) for code in then),
        channel=channel,
        limit=service.limit_on(WALK_IN, uow.today),
    )
    uow.add_visit(visit)
    uow.sums.count_issued(day_key(visit, visit.day))
    uow.record(event)
    call_by_itself(uow)
    return visit


def serve_without_ticket(uow: UnitOfWork, desk_id: str, service_code: str) -> Visit:
    """Serve somebody who took no ticket: the service counts, a wait is not known.

    Raises ``Conflict`` ``desk_busy``, ``desk_closed``, ``service_not_here``.
    """
    desk = uow.office.desk(desk_id)
    _check_free(uow, desk_id)
    service = uow.office.service(service_code)
    if service.code not in desk.services:
        raise Conflict("service_not_here", service=service.name)
    visit, event = moves.serve_without_ticket(
        visit_id=ids.uuid7(uow.now, secrets.token_bytes),
        office=uow.office.code,
        day=uow.today,
        number=next_number(uow, TICKETLESS_SERIES),
        service=service.code,
        code=ids.secret_code(secrets.token_bytes),
        language=uow.office.languages[0],
        desk=desk_id,
        operator=uow.actor,
        at=uow.now,
    )
    uow.add_visit(visit)
    uow.record(event)
    return visit


def call_next(uow: UnitOfWork, desk_id: str) -> Visit:
    """Call the first visitor in the order whom this desk serves.

    Raises ``Conflict`` ``nobody_waiting``, ``desk_busy`` (with the visitor there), ``desk_closed``,
    ``Forbidden`` ``not_your_desk``.
    """
    uow.office.desk(desk_id)
    _check_free(uow, desk_id)
    called = call_first(uow, uow.seat(desk_id))
    if called is None:
        raise Conflict("nobody_waiting")
    return called


def call(uow: UnitOfWork, desk_id: str, visit_id: str, reason: str | None) -> Visit:
    """Call one certain visitor: a waiting one out of turn, or a held one. The reason's code is logged.

    Raises as ``call_next``, ``NotFound``, ``Conflict`` ``other_service`` when the desk does not serve it,
    ``Invalid`` ``reason_needed`` when a waiting visitor is called without one.
    """
    desk = uow.office.desk(desk_id)
    _check_free(uow, desk_id)
    visit = _todays(uow, visit_id)
    if visit.service not in desk.services:
        raise Conflict("other_service", number=visit.number)
    if reason is None and visit.state is State.WAITING:
        raise Invalid("reason_needed", number=visit.number)
    code, words = chosen(uow.office.reasons.call, reason) if reason else (None, "")
    seat = uow.seat(desk_id)
    places = dispatch.order((v for v in uow.open_visits() if v.day == uow.today), uow.office, uow.now)
    passed = dispatch.overtaken_by(visit, places, seat, uow.office.policy)
    called = moves.call(
        visit,
        desk=desk_id,
        operator=uow.actor,
        call_id=ids.uuid7(uow.now, secrets.token_bytes),
        at=uow.now,
        reason=code,
        overtook=len(passed),
    )
    uow.add_overtaken(passed)
    if words:
        uow.add_remark("call", words, visit, desk_id)
    return keep(uow, called)


def recall(uow: UnitOfWork, desk_id: str, ticket: str | None = None) -> Visit:
    """Call the visitor of this desk once more; ``Conflict`` ``too_many_calls`` at the office's limit."""
    visit = _visitor_here(uow, desk_id, "recall", ticket)
    if visit.call_count >= uow.office.policy.max_calls and visit.state is State.CALLED:
        raise Conflict("too_many_calls", number=visit.number, most=uow.office.policy.max_calls)
    call_id = ids.uuid7(uow.now, secrets.token_bytes)
    return keep(uow, moves.recall(visit, operator=uow.actor, call_id=call_id, at=uow.now))


def start(uow: UnitOfWork, desk_id: str, ticket: str | None = None) -> Visit:
    """The called visitor has come: the wait ends here."""
    visit = _visitor_here(uow, desk_id, "start", ticket)
    return keep(uow, moves.start(visit, operator=uow.actor, at=uow.now))


def finish(uow: UnitOfWork, desk_id: str, ticket: str | None = None, result: str | None = None) -> Visit:
    """End the service: the visit's figures are fixed, the pad is armed; or the next service of it follows.

    Raises ``Conflict`` ``result_needed``, ``NotFound`` ``unknown_result``.
    """
    visit = _visitor_here(uow, desk_id, "finish", ticket)
    results = uow.office.reasons.results
    if result is None and results and uow.office.policy.result_required:
        raise Conflict("result_needed", number=visit.number)
    if result is not None and result not in {choice.code for choice in results}:
        raise NotFound("unknown_result", result=result)
    if visit.state is State.CALLED and not uow.office.policy.start_button:
        # A desk without a start button: the service began at the last call (domain §7).
        visit = keep(uow, moves.start(visit, operator=uow.actor, at=uow.now, since=visit.called_at))
    if visit.plan:
        after = moves.transfer(visit, steps=visit.plan, operator=uow.actor, at=uow.now, result=result)
    else:
        after = moves.finish(visit, operator=uow.actor, at=uow.now, result=result)
    end_leg(uow, visit, result)
    done = keep(uow, after)
    if visit.plan:
        uow.remember_freed(done, served=True)
    else:
        end(uow, done)
    desks.free(uow, desk_id)
    return done


def transfer(
    uow: UnitOfWork,
    desk_id: str,
    step: tuple[str | None, str | None, str | None],
    *,
    return_after: bool,
    note: str = "",
    ticket: str | None = None,
) -> Visit:
    """Send the visitor at the desk on to ``(service, desk, operator)``; back here after that if wanted.

    Raises ``Invalid`` ``nowhere``, ``Conflict`` ``other_service``, ``operator_away``, ``service_closed``.
    """
    visit = _visitor_here(uow, desk_id, "transfer", ticket)
    steps = (step_to(uow, visit, *step), *visit.plan)
    if return_after:
        steps = (steps[0], Step(visit.service, desk_id), *visit.plan)
    sent = moves.transfer(visit, steps=steps, operator=uow.actor, at=uow.now)
    end_leg(uow, visit)
    done = keep(uow, sent)
    if note:
        uow.add_remark("transfer", note, visit, desk_id)
    uow.remember_freed(done, served=visit.leg_started_at is not None)
    desks.free(uow, desk_id)
    return done


def no_show(uow: UnitOfWork, desk_id: str, ticket: str | None = None) -> Visit:
    """The called visitor did not come."""
    visit = _visitor_here(uow, desk_id, "no_show", ticket)
    missed = keep(uow, moves.no_show(visit, operator=uow.actor, at=uow.now))
    end(uow, missed)
    _leave_desk(uow, missed)
    return missed


def hold(uow: UnitOfWork, desk_id: str, reason: str, minutes: int | None, ticket: str | None = None) -> Visit:
    """Put the visitor at the desk aside; with ``minutes`` the visitor returns to the queue by itself."""
    visit = _visitor_here(uow, desk_id, "hold", ticket)
    until = uow.now + timedelta(minutes=minutes) if minutes is not None else None
    code, words = chosen(uow.office.reasons.hold, reason)
    held = keep(uow, moves.hold(visit, reason=code, until=until, operator=uow.actor, at=uow.now))
    if words:
        uow.add_remark("hold", words, visit, desk_id)
    _leave_desk(uow, held)
    return held


def give_back(uow: UnitOfWork, desk_id: str, ticket: str | None = None) -> Visit:
    """The call was in vain: the called visitor goes back to the queue. The office does not call by itself."""
    visit = _visitor_here(uow, desk_id, "give_back", ticket)
    back = keep(uow, moves.give_back(visit, actor=uow.actor, at=uow.now))
    uow.remember_freed(back, served=False)
    desks.begin_due_break(uow, desk_id)
    return back


def return_held(uow: UnitOfWork, visit_id: str) -> Visit:
    """Send a held visitor back to the queue now."""
    back = keep(uow, moves.return_held(_todays(uow, visit_id), actor=uow.actor, at=uow.now))
    call_by_itself(uow)
    return back


def return_due(uow: UnitOfWork) -> int:
    """Send back every held visitor whose time has come. Returns how many; safe to repeat."""
    due = [v for v in uow.open_visits() if v.state is State.HELD and v.held_until and v.held_until <= uow.now]
    for visit in due:
        keep(uow, moves.return_held(visit, actor=uow.actor, at=uow.now))
    if due:
        call_by_itself(uow)
    return len(due)


def restore(uow: UnitOfWork, visit_id: str) -> Visit:
    """A no-show of today has come after all: back to the queue, the time away cut out of the wait."""
    missed = _todays(uow, visit_id)
    visit = keep(uow, moves.restore(missed, actor=uow.actor, at=uow.now))
    uow.sums.add(-changes_at_end(missed, uow.office.zone))
    call_by_itself(uow)
    return visit


def raise_priority(uow: UnitOfWork, visit_id: str) -> Visit:
    """Put a waiting visitor before those who only wait. Raising twice is the same as once."""
    visit = _todays(uow, visit_id)
    if visit.raised == "raised" and visit.state is State.WAITING:
        return visit
    return keep(uow, moves.raise_priority(visit, actor=uow.actor, at=uow.now))


def move(
    uow: UnitOfWork, visit_id: str, step: tuple[str | None, str | None, str | None], note: str = ""
) -> Visit:
    """Send a waiting or held visitor to another ``(service, desk, operator)``; raises as ``transfer``."""
    visit = _todays(uow, visit_id)
    moved = moves.move(visit, step=step_to(uow, visit, *step), actor=uow.actor, at=uow.now)
    end_leg(uow, visit)
    if note:
        uow.add_remark("transfer", note, visit, None)
    done = keep(uow, moved)
    call_by_itself(uow)
    return done


def annul(uow: UnitOfWork, visit_id: str, reason: str) -> Visit:
    """Take an erroneous or test ticket out of the queue and of all figures. The reason's code is logged."""
    visit = _todays(uow, visit_id)
    code, words = chosen(uow.office.reasons.annul, reason)
    gone = keep(uow, moves.annul(visit, reason=code, actor=uow.actor, at=uow.now))
    if words:
        uow.add_remark("annul", words, visit, None)
    end(uow, gone)
    return gone


def cancel(uow: UnitOfWork, code: str) -> Visit:
    """The visitor leaves the queue by the code on the ticket. Leaving twice is the same as once."""
    before = uow.visit_by_code(code)
    if before.state is State.CANCELLED:
        return before
    visit = keep(uow, moves.cancel(before, actor=uow.actor, at=uow.now))
    end(uow, visit)
    if before.state is State.CALLED:
        _leave_desk(uow, visit)
    return visit


def add_note(uow: UnitOfWork, desk_id: str, text: str, ticket: str | None = None) -> Visit:
    """Keep a note on the visitor at the desk, for staff only; the log says no more than that there is one."""
    visit = _visitor_here(uow, desk_id, "note", ticket)
    uow.add_remark("note", text, visit, desk_id)
    uow.record(Event(Kind.REMARK_ADDED, uow.now, uow.actor, visit.id, desk_id))
    return visit


def end_past_days(uow: UnitOfWork) -> int:
    """Close what remains open of earlier days. Returns how many visits were closed; safe to repeat."""
    left = [visit for visit in uow.open_visits() if visit.day < uow.today]
    for visit in left:
        end(uow, keep(uow, moves.close_at_day_end(visit, actor=uow.actor, at=uow.now)))
    return len(left)


def erase_old_remarks(uow: UnitOfWork) -> int:
    """Erase the free words that the office keeps no longer. Returns how many; safe to repeat."""
    return uow.erase_remarks(uow.today - timedelta(days=uow.office.policy.remarks_kept_days))


def check_operator(uow: UnitOfWork, desk_id: str) -> DeskRow:
    """The desk, if it is open and whoever acts works there."""
    uow.office.desk(desk_id)
    desk = uow.desk(desk_id)
    if desk.state != "open":
        raise Conflict("desk_closed")
    if desk.operator != uow.actor:
        raise Forbidden("not_your_desk", operator=desk.operator)
    return desk


def _check_free(uow: UnitOfWork, desk_id: str) -> None:
    check_operator(uow, desk_id)
    if (current := uow.visit_at_desk(desk_id)) is not None:
        raise Conflict("desk_busy", number=current.number, state=str(current.state))


def _leave_desk(uow: UnitOfWork, visit: Visit) -> None:
    uow.remember_freed(visit, served=False)
    desks.free(uow, str(visit.desk))


def next_number(uow: UnitOfWork, series: str) -> str:
    """The next number of a series today; raises ``Conflict`` ``numbers_used_up``."""
    return numbering.format_number(series, numbering.checked(*uow.count_up(series)))


def _todays(uow: UnitOfWork, visit_id: str) -> Visit:
    visit = uow.visit(visit_id)
    if visit is None or visit.office != uow.office.code or visit.day != uow.today:
        raise NotFound("unknown_visit")
    return visit


def _visitor_here(uow: UnitOfWork, desk_id: str, move: str, ticket: str | None) -> Visit:
    """The visitor at the desk, if it is ``ticket``; else says where the one meant is now."""
    desk = check_operator(uow, desk_id)
    visit = uow.visit_at_desk(desk_id)
    if visit is not None and ticket in (None, visit.id):
        return visit
    meant = ticket or desk.freed_visit
    gone = uow.visit(meant) if meant else None
    if gone is None or gone.office != uow.office.code or gone.day != uow.today:
        raise NotFound("unknown_visit") if ticket else Conflict("nobody_at_desk")
    raise Conflict("move_not_allowed", move=move, number=gone.number, state=str(gone.state))
