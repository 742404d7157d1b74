"""Replay: visits and day sums derived again from nothing but the event log, to check the kept ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from server.domain import visit as life
from server.domain.events import Event, Kind, LoggedEvent
from server.domain.figures import DayKey, Sums, counting_day, sums_at_end, sums_at_restoring, with_rating
from server.domain.opening_hours import local_day
from server.domain.visit import OPEN, State, Visit

_MOVES: dict[Kind, Callable[[Visit, Event], Visit]] = {
    Kind.TICKET_CALLED: lambda v, e: life.call(
        v, desk=str(e.desk), operator=e.actor, call_id=e.payload["call"], at=e.at
    )[0],
    Kind.TICKET_RECALLED: lambda v, e: life.recall(v, operator=e.actor, call_id=e.payload["call"], at=e.at)[
        0
    ],
    Kind.SERVICE_STARTED: lambda v, e: life.start(v, operator=e.actor, at=e.at)[0],
    Kind.SERVICE_FINISHED: lambda v, e: life.finish(v, operator=e.actor, at=e.at)[0],
    Kind.NO_SHOW: lambda v, e: life.no_show(v, operator=e.actor, at=e.at)[0],
    Kind.TICKET_HELD: lambda v, e: life.hold(v, reason="", until=None, operator=e.actor, at=e.at)[0],
    Kind.TICKET_RETURNED: lambda v, e: life.return_held(v, actor=e.actor, at=e.at)[0],
    Kind.NO_SHOW_RESTORED: lambda v, e: life.restore(v, actor=e.actor, at=e.at)[0],
    Kind.TICKET_ANNULLED: lambda v, e: life.annul(v, reason="", actor=e.actor, at=e.at)[0],
    Kind.TICKET_CANCELLED: lambda v, e: life.cancel(v, actor=e.actor, at=e.at)[0],
    Kind.CLOSED_UNSERVED: lambda v, e: life.close_at_day_end(v, actor=e.actor, at=e.at)[0],
    Kind.SERVICE_UNFINISHED: lambda v, e: life.close_at_day_end(v, actor=e.actor, at=e.at)[0],
}


def day_sums(rows: Iterable[LoggedEvent], zone: ZoneInfo) -> dict[DayKey, Sums]:
    """The sums of one office by day and service, from its whole log in order."""
    sums: dict[DayKey, Sums] = {}
    visits: dict[str, Visit] = {}
    ended: dict[str, DayKey] = {}
    scores: dict[str, int] = {}

    def add(day: date, service: str, added: Sums) -> DayKey:
        key = DayKey(day, service)
        sums[key] = sums.get(key, Sums()) + added
        return key

    for row in rows:
        event = row.event
        if event.visit is None:
            continue
        if event.kind is Kind.TICKET_ISSUED:
            visit = _issued(row, zone)
            visits[visit.id] = visit
            add(visit.day, visit.service, Sums(issued=1))
        elif event.kind in _MOVES:
            visit = _MOVES[event.kind](visits[event.visit], event)
            visits[visit.id] = visit
            if event.kind is Kind.NO_SHOW_RESTORED:
                add(counting_day(visit, zone), visit.service, sums_at_restoring())
            elif visit.state not in OPEN:
                ended[visit.id] = add(counting_day(visit, zone), visit.service, sums_at_end(visit))
                if visit.state is not State.NO_SHOW:
                    # It can only be rated from now on: forget what only its moves needed.
                    del visits[visit.id]
        elif event.kind is Kind.RATED:
            replaced = scores.get(event.visit) if "replaces" in event.payload else None
            scores[event.visit] = event.payload["score"]
            open_visit = visits.get(event.visit)
            key = (
                DayKey(counting_day(open_visit, zone), open_visit.service)
                if open_visit
                else ended[event.visit]
            )
            add(key.day, key.service, with_rating(event.payload["score"], replaced))
    return sums


def differences(kept: dict[DayKey, Sums], derived: dict[DayKey, Sums]) -> list[str]:
    """Where the kept sums differ from the derived ones, in words."""
    found = []
    for key in sorted({*kept, *derived}, key=lambda key: (key.day, key.service)):
        have, want = kept.get(key, Sums()), derived.get(key, Sums())
        if have != want:
            parts = [
                f"{name} {getattr(have, name)} instead of {getattr(want, name)}"
                for name in Sums.__dataclass_fields__
                if getattr(have, name) != getattr(want, name)
            ]
            found.append(f"{key.day} {key.service}: {', '.join(parts)}")
    return found


def _issued(row: LoggedEvent, zone: ZoneInfo) -> Visit:
    event = row.event
    visit, _event = life.issue(
        visit_id=str(event.visit),
        office=row.office,
        day=local_day(event.at, zone),
        number=event.payload["number"],
        service=event.payload["service"],
        code="",
        language=event.payload["language"],
        category=event.payload["category"],
        at=event.at,
        actor=event.actor,
    )
    return visit
