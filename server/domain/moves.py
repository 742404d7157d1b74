"""The moves of a visit: who may make them, from which states, and what each makes of the visit (domain §4).

Each move takes a visit and returns the visit after the move with the event that records it; the
caller stores both. What the table of moves does not list is refused.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from server.domain.errors import Conflict
from server.domain.events import Event, Kind, timestamp
from server.domain.visit import TERMINAL, TICKETLESS, State, Step, Visit, changed, leg_ms, whole_ms


@dataclass(frozen=True)
class Move:
    """One line of the table of moves: from which states, to which, and who may make it.

    ``by``: ``terminal``, ``visitor``, ``operator`` (an administrator may do all an operator may),
    ``administrator``, ``clock``.
    """

    states: tuple[State, ...]
    to: State
    by: tuple[str, ...]


MOVES: dict[str, Move] = {
    "issue": Move((), State.WAITING, ("terminal",)),
    "serve_without_ticket": Move((), State.SERVING, ("operator",)),
    "call": Move((State.WAITING, State.HELD), State.CALLED, ("operator",)),
    "recall": Move((State.CALLED,), State.CALLED, ("operator",)),
    "start": Move((State.CALLED,), State.SERVING, ("operator",)),
    "finish": Move((State.SERVING,), State.SERVED, ("operator",)),
    "transfer": Move((State.CALLED, State.SERVING), State.WAITING, ("operator",)),
    "no_show": Move((State.CALLED,), State.NO_SHOW, ("operator",)),
    "hold": Move((State.CALLED, State.SERVING), State.HELD, ("operator",)),
    "return": Move((State.HELD,), State.WAITING, ("operator", "clock")),
    "give_back": Move((State.CALLED,), State.WAITING, ("operator",)),
    "restore": Move((State.NO_SHOW,), State.WAITING, ("operator",)),
    "raise": Move((State.WAITING,), State.WAITING, ("administrator",)),
    "move": Move((State.WAITING, State.HELD), State.WAITING, ("administrator",)),
    "cancel": Move((State.WAITING, State.CALLED, State.HELD), State.CANCELLED, ("visitor",)),
    "annul": Move((State.WAITING, State.HELD), State.ANNULLED, ("administrator",)),
    "close_unserved": Move((State.WAITING, State.CALLED, State.HELD), State.CLOSED_UNSERVED, ("clock",)),
    "close_unfinished": Move((State.SERVING,), State.SERVED, ("administrator", "clock")),
}
"""Every allowed move."""


def issue(
    *,
    visit_id: str,
    office: str,
    day: date,
    number: str,
    service: str,
    code: str,
    language: str,
    category: str | None,
    at: datetime,
    actor: str,
    plan: tuple[Step, ...] = (),
    booked_for: datetime | None = None,
    issued_at: datetime | None = None,
    channel: str = TERMINAL,
    limit: int | None = None,
) -> tuple[Visit, Event]:
    """A visitor takes a ticket or checks in: the visit begins as ``waiting``.

    ``issued_at``: the real moment, where a terminal gave the ticket while the server was out of reach.
    The waiting time runs from the issue, or from the booked time if that is later (domain §7).
    ``limit``: the wait limit then in force, in seconds.
    """
    issued = issued_at or at
    joined = max(issued, booked_for) if booked_for else issued
    visit = Visit(
        visit_id,
        office,
        day,
        number,
        service,
        service,
        code,
        State.WAITING,
        language,
        category,
        issued,
        joined,
        booked_for,
        plan=plan,
        channel=channel,
        limit_seconds=limit,
    )
    payload: dict[str, Any] = {
        "number": number,
        "service": service,
        "category": category,
        "language": language,
    }
    if plan:
        payload["plan"] = [asdict(step) for step in plan]
    if booked_for:
        payload["booked_for"] = timestamp(booked_for)
    if issued_at:
        payload["issued_at"] = timestamp(issued_at)
    if channel != TERMINAL:
        payload["channel"] = channel
    if limit is not None:
        payload["limit"] = limit
    return visit, Event(Kind.TICKET_ISSUED, at, actor, visit_id, None, payload)


def serve_without_ticket(
    *,
    visit_id: str,
    office: str,
    day: date,
    number: str,
    service: str,
    code: str,
    language: str,
    desk: str,
    operator: str,
    at: datetime,
) -> tuple[Visit, Event]:
    """Somebody is served who took no ticket: there is a service but no wait («без талона»)."""
    visit = Visit(
        visit_id,
        office,
        day,
        number,
        service,
        service,
        code,
        State.SERVING,
        language,
        None,
        at,
        at,
        ticketless=True,
        channel=TICKETLESS,
        started_at=at,
        leg_started_at=at,
        desk=desk,
        operator=operator,
    )
    payload = {"number": number, "service": service, "language": language}
    return visit, Event(Kind.SERVED_WITHOUT_TICKET, at, operator, visit_id, desk, payload)


def call(
    visit: Visit,
    *,
    desk: str,
    operator: str,
    call_id: str,
    at: datetime,
    why: str | None = None,
    reason: str | None = None,
    overtook: int = 0,
    auto: bool = False,
) -> tuple[Visit, Event]:
    """An operator calls a waiting or held visitor to a desk.

    ``why`` is the rule that put the visitor first; ``reason`` the code why out of turn; ``overtook`` how
    many earlier comers are passed over; ``auto`` that the office calls by itself for the operator.
    """
    called = _moved(
        visit,
        "call",
        desk=desk,
        operator=operator,
        called_at=at,
        first_called_at=visit.first_called_at or at,
        call_count=visit.call_count + 1,
        call_id=call_id,
        held_until=None,
        overtaken=0,
    )
    facts = _call_facts(called)
    for name, value in (("why", why), ("reason", reason), ("overtook", overtook), ("auto", auto)):
        if value:
            facts[name] = value
    return called, Event(Kind.TICKET_CALLED, at, operator, visit.id, desk, facts)


def recall(visit: Visit, *, operator: str, call_id: str, at: datetime) -> tuple[Visit, Event]:
    """The operator calls the same visitor once more; the last call is the one that counts."""
    called = _moved(visit, "recall", called_at=at, call_count=visit.call_count + 1, call_id=call_id)
    return called, Event(Kind.TICKET_RECALLED, at, operator, visit.id, visit.desk, _call_facts(called))


def start(visit: Visit, *, operator: str, at: datetime, since: datetime | None = None) -> tuple[Visit, Event]:
    """The visitor has come to the desk: waiting ends, a leg begins; or goes on after having been held.

    ``since``: the moment it began, where a desk without a start button says so only at the finish.
    """
    begun = since or at
    held = whole_ms(visit.held_at, begun) if visit.leg_started_at and visit.held_at else 0
    waited_again = 0
    if visit.leg_started_at is None and visit.requeued_at is not None:
        waited_again = whole_ms(visit.requeued_at, begun)
    way = visit.way_ms
    if visit.started_at is None and visit.called_at is not None:
        way = whole_ms(visit.called_at, begun)
    started = _moved(
        visit,
        "start",
        started_at=visit.started_at or begun,
        leg_started_at=visit.leg_started_at or begun,
        operator=operator,
        held_ms=visit.held_ms + held,
        repeated_ms=visit.repeated_ms + waited_again,
        way_ms=way,
        held_at=None,
        held_until=None,
        held_reason=None,
        raised=None,
        to_desk=None,
        to_operator=None,
    )
    payload = {"since": timestamp(since)} if since else {}
    return started, Event(Kind.SERVICE_STARTED, at, operator, visit.id, visit.desk, payload)


def finish(visit: Visit, *, operator: str, at: datetime, result: str | None = None) -> tuple[Visit, Event]:
    """The last service is done: the visit's wait and service time are fixed from here on."""
    finished = _moved(
        visit, "finish", finished_at=at, result=result, served_ms=visit.served_ms + leg_ms(visit, at)
    )
    payload = {"result": result} if result else {}
    return finished, Event(Kind.SERVICE_FINISHED, at, operator, visit.id, visit.desk, payload)


def transfer(
    visit: Visit, *, steps: tuple[Step, ...], operator: str, at: datetime, result: str | None = None
) -> tuple[Visit, Event]:
    """The visitor goes on to ``steps[0]``, later to the others, under the same number.

    A leg under way ends with its ``result``; the repeated wait begins. A visitor who was only called
    goes on waiting as before.
    """
    sent = changed(_sent(visit, "transfer", steps[0], at), plan=steps[1:])
    payload: dict[str, Any] = {"steps": [asdict(step) for step in steps]}
    if result:
        payload["result"] = result
    return sent, Event(Kind.TICKET_TRANSFERRED, at, operator, visit.id, visit.desk, payload)


def no_show(visit: Visit, *, operator: str, at: datetime) -> tuple[Visit, Event]:
    """The visitor did not come when called."""
    missed = _moved(visit, "no_show", finished_at=at)
    return missed, Event(Kind.NO_SHOW, at, operator, visit.id, visit.desk)


def hold(
    visit: Visit, *, reason: str, until: datetime | None, operator: str, at: datetime
) -> tuple[Visit, Event]:
    """The operator puts the visitor aside, until ``until`` or until somebody calls; the desk is free."""
    held = _moved(
        visit,
        "hold",  # A visitor held again before being seen stays held from the first time on.
        held_at=visit.held_at or at,
        held_until=until,
        held_reason=reason,
        raised=None,
        call_count=0,
    )
    payload = {"reason": reason, "until": timestamp(until) if until else None}
    return held, Event(Kind.TICKET_HELD, at, operator, visit.id, visit.desk, payload)


def return_held(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """A held visitor goes back to the queue, before those who only just came."""
    back = _moved(visit, "return", raised="returned", held_until=None, held_reason=None)
    return back, Event(Kind.TICKET_RETURNED, at, actor, visit.id, visit.desk)


def give_back(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """A called visitor goes back to the queue, before those who only wait: the call was in vain."""
    back = _moved(visit, "give_back", raised="returned", call_count=0)
    return back, Event(Kind.CALL_GIVEN_BACK, at, actor, visit.id, visit.desk)


def restore(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """A no-show has come after all: the time away is cut out of the wait (domain §7)."""
    away = whole_ms(visit.finished_at, at) if visit.finished_at else 0
    back = _moved(visit, "restore", finished_at=None, call_count=0)
    if visit.started_at is None:
        back = changed(back, absent_ms=visit.absent_ms + away)
    elif visit.leg_started_at is None and visit.requeued_at is not None:
        # The first wait is over and fixed: the absence falls into the repeated one.
        back = changed(back, requeued_at=visit.requeued_at + timedelta(milliseconds=away))
    return back, Event(Kind.NO_SHOW_RESTORED, at, actor, visit.id, visit.desk)


def raise_priority(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """An administrator puts a waiting visitor before those who only wait."""
    raised = _moved(visit, "raise", raised="raised")
    return raised, Event(Kind.TICKET_RAISED, at, actor, visit.id)


def move(visit: Visit, *, step: Step, actor: str, at: datetime) -> tuple[Visit, Event]:
    """An administrator sends a waiting or held visitor to another service, desk or operator."""
    moved = _sent(visit, "move", step, at)
    if visit.state is State.HELD:
        moved = changed(moved, raised="returned")
    return moved, Event(Kind.TICKET_MOVED, at, actor, visit.id, None, asdict(step))


def annul(visit: Visit, *, reason: str, actor: str, at: datetime) -> tuple[Visit, Event]:
    """An erroneous or test ticket is taken out of all figures."""
    gone = _moved(visit, "annul", finished_at=at)
    return gone, Event(Kind.TICKET_ANNULLED, at, actor, visit.id, None, {"reason": reason})


def cancel(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """The visitor leaves the queue and says so."""
    left = _moved(visit, "cancel", finished_at=at)
    return left, Event(Kind.TICKET_CANCELLED, at, actor, visit.id, visit.desk)


def close_unfinished(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """Nobody pressed «finish»: the service is closed, marked incomplete and kept out of the averages."""
    closed = _moved(
        visit,
        "close_unfinished",
        finished_at=at,
        incomplete=True,
        served_ms=visit.served_ms + leg_ms(visit, at),
    )
    return closed, Event(Kind.SERVICE_UNFINISHED, at, actor, visit.id, visit.desk)


def close_at_day_end(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """The day is over: who still waits is closed unserved; a forgotten service is closed as incomplete.

    A visitor held in the middle of a service and never seen again was not served.
    """
    if visit.state is State.SERVING:
        return close_unfinished(visit, actor=actor, at=at)
    closed = _moved(visit, "close_unserved", finished_at=at)
    return closed, Event(Kind.CLOSED_UNSERVED, at, actor, visit.id, visit.desk)


def _moved(visit: Visit, move: str, **changes: Any) -> Visit:
    """The visit in its new state with these changes; refuses what the table does not list."""
    allowed = MOVES[move]
    if visit.state not in allowed.states:
        raise Conflict("move_not_allowed", move=move, number=visit.number, state=str(visit.state))
    return changed(visit, state=allowed.to, **changes)


def _sent(visit: Visit, move: str, step: Step, at: datetime) -> Visit:
    """The visit on its way to another step: a leg that had begun ends, the repeated wait begins."""
    leg_began = visit.leg_started_at is not None
    return _moved(
        visit,
        move,
        service=step.service,
        to_desk=step.desk,
        to_operator=step.operator,
        call_count=0,
        held_at=None,
        held_until=None,
        held_reason=None,
        leg=visit.leg + leg_began,
        leg_started_at=None,
        requeued_at=at if leg_began else visit.requeued_at,
        served_ms=visit.served_ms + leg_ms(visit, at),
        held_ms=0,
    )


def _call_facts(visit: Visit) -> dict[str, Any]:
    return {"number": visit.number, "call": visit.call_id, "count": visit.call_count}
