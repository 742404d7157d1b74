"""Replay: sums and working times derived again from nothing but the event log, to check the kept ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.domain import moves
from server.domain.events import Event, Kind, LoggedEvent
from server.domain.figures import DayKey, Sums
from server.domain.kept_sums import (
    Changes,
    Outcome,
    changes_at_end,
    changes_at_issue,
    changes_of,
    changes_of_mark,
    changes_of_missed,
    corrected,
    outcome,
)
from server.domain.opening_hours import local_day
from server.domain.totals import Totals, add_to
from server.domain.visit import OPEN, TERMINAL, Corrected, State, Step, Visit, leg_ended
from server.domain.worktime import WorkKey, WorkTime, of_leg, of_state

_DESK_STATES = frozenset({Kind.DESK_OPENED, Kind.DESK_BREAK, Kind.DESK_CLOSED})
LEG_ENDS = (Kind.SERVICE_FINISHED, Kind.TICKET_TRANSFERRED, Kind.TICKET_MOVED)
"""The events that end a leg which counts as work; a forgotten service does not."""

_MOVES: dict[Kind, Callable[[Visit, Event], Visit]] = {
    Kind.TICKET_CALLED: lambda v, e: moves.call(
        v, desk=str(e.desk), operator=e.actor, call_id=e.payload["call"], at=e.at
    )[0],
    Kind.TICKET_RECALLED: lambda v, e: moves.recall(v, operator=e.actor, call_id=e.payload["call"], at=e.at)[
        0
    ],
    Kind.SERVICE_STARTED: lambda v, e: moves.start(v, operator=e.actor, at=e.at, since=_moment(e, "since"))[
        0
    ],
    Kind.SERVICE_FINISHED: lambda v, e: moves.finish(v, operator=e.actor, at=e.at)[0],
    Kind.TICKET_TRANSFERRED: lambda v, e: moves.transfer(
        v, steps=_steps(e.payload["steps"]), operator=e.actor, at=e.at
    )[0],
    Kind.NO_SHOW: lambda v, e: moves.no_show(v, operator=e.actor, at=e.at)[0],
    Kind.TICKET_HELD: lambda v, e: moves.hold(v, reason="", until=None, operator=e.actor, at=e.at)[0],
    Kind.TICKET_RETURNED: lambda v, e: moves.return_held(v, actor=e.actor, at=e.at)[0],
    Kind.CALL_GIVEN_BACK: lambda v, e: moves.give_back(v, actor=e.actor, at=e.at)[0],
    Kind.NO_SHOW_RESTORED: lambda v, e: moves.restore(v, actor=e.actor, at=e.at)[0],
    Kind.TICKET_RAISED: lambda v, e: moves.raise_priority(v, actor=e.actor, at=e.at)[0],
    Kind.TICKET_MOVED: lambda v, e: moves.move(v, step=Step(**e.payload), actor=e.actor, at=e.at)[0],
    Kind.TICKET_ANNULLED: lambda v, e: moves.annul(v, reason="", actor=e.actor, at=e.at)[0],
    Kind.TICKET_CANCELLED: lambda v, e: moves.cancel(v, actor=e.actor, at=e.at)[0],
    Kind.CLOSED_UNSERVED: lambda v, e: moves.close_at_day_end(v, actor=e.actor, at=e.at)[0],
    Kind.SERVICE_UNFINISHED: lambda v, e: moves.close_at_day_end(v, actor=e.actor, at=e.at)[0],
}


@dataclass
class Derived:
    """What one office's log implies: all its sums, and the working time of its operators."""

    totals: Totals = field(default_factory=Totals)
    # Plain keys and lists of numbers, as in the totals.
    _work: dict[tuple[date, str, str], list[int]] = field(init=False, default_factory=dict)

    @property
    def sums(self) -> dict[DayKey, Sums]:
        """The sums of its days."""
        return self.totals.days

    @property
    def work(self) -> dict[WorkKey, WorkTime]:
        """The working times."""
        return {WorkKey(*key): WorkTime(*values) for key, values in self._work.items()}

    def add_work(self, day: date, desk: str, operator: str, added: WorkTime) -> None:
        """Add to the working time of an operator at a desk."""
        add_to(self._work, (day, desk, operator), vars(added).values())


def derive(rows: Iterable[LoggedEvent], zone: ZoneInfo) -> Derived:
    """Derive all that is kept beside the log of one office, from its whole log in order."""
    replay = Replay(zone)
    for row in rows:
        replay.take(row)
    return replay.derived


class Replay:
    """An office's log played once more, event by event: ``derived`` is what it implies so far."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.derived = Derived()
        self.last_seq = 0
        self._visits: dict[str, Visit] = {}
        self._ended: dict[str, Outcome] = {}
        self._marks: dict[str, Changes] = {}
        self._desks: dict[str, Event] = {}

    def take(self, row: LoggedEvent) -> None:
        """The next event."""
        event, totals = row.event, self.derived.totals
        self.last_seq = row.seq
        # Two of three events are moves: they are looked for first.
        if event.visit is not None and (move := _MOVES.get(event.kind)) is not None:
            self._move(event.visit, move, event)
        elif event.kind in _DESK_STATES:
            _end_of_state(self.derived, self._desks.get(str(event.desk)), event, self.zone)
            self._desks[str(event.desk)] = event
        elif event.kind is Kind.BOOKING_MISSED:
            day = date.fromisoformat(event.payload["day"])
            totals.add(changes_of_missed(day, event.payload["service"]))
        elif event.visit is None:
            return
        elif event.kind is Kind.TICKET_ISSUED:
            visit = self._visits[event.visit] = _issued(row, self.zone)
            totals.add(changes_at_issue(visit))
        elif event.kind is Kind.RATED:
            self._mark(event.visit, event)
        elif event.kind is Kind.SERVED_WITHOUT_TICKET:
            self._visits[event.visit] = _served_without_ticket(row, self.zone)
        elif event.kind is Kind.FIGURES_CORRECTED:
            old = self._ended[event.visit]
            new = self._ended[event.visit] = corrected(old, Corrected(**event.payload["new"]))
            totals.add(-changes_of(old))
            totals.add(changes_of(new))

    def _move(self, visit_id: str, move: Callable[[Visit, Event], Visit], event: Event) -> None:
        before = self._visits[visit_id]
        visit = self._visits[visit_id] = move(before, event)
        if event.kind in LEG_ENDS and (leg := leg_ended(before, event.at)):
            self.derived.add_work(local_day(event.at, self.zone), leg.desk, leg.operator, of_leg(leg))
        if event.kind is Kind.NO_SHOW_RESTORED:
            self.derived.totals.add(-changes_at_end(before, self.zone))
        elif visit.state not in OPEN:
            ended = outcome(visit, self.zone)
            self.derived.totals.add(changes_of(ended))
            if visit.state is not State.NO_SHOW:
                # It can only be rated or corrected from now on: forget what only its moves needed.
                del self._visits[visit_id]
                self._ended[visit_id] = ended

    def _mark(self, visit_id: str, event: Event) -> None:
        present = self._visits.get(visit_id)
        about = outcome(present, self.zone) if present else self._ended[visit_id]
        # Logs of before do not say who was rated: whoever served the visit then.
        operator = event.payload.get("operator", about.operator)
        mark = changes_of_mark(about.key, operator, event.desk, event.payload["score"])
        if "replaces" in event.payload and visit_id in self._marks:
            self.derived.totals.add(-self._marks[visit_id])
        self._marks[visit_id] = mark
        self.derived.totals.add(mark)


def differences(kept: Mapping[Any, Any], derived: Mapping[Any, Any]) -> list[str]:
    """Where what is kept differs from what was derived, in words; both are sums by key."""
    found = []
    for key in sorted({*kept, *derived}, key=lambda key: (type(key).__name__, *map(str, vars(key).values()))):
        nothing = type(kept.get(key) or derived[key])()
        have, want = kept.get(key, nothing), derived.get(key, nothing)
        if have != want:
            parts = [
                f"{name} {value} instead of {getattr(want, name)}"
                for name, value in vars(have).items()
                if value != getattr(want, name)
            ]
            name = type(key).__name__.removesuffix("Key").lower()
            found.append(f"{' '.join([name, *map(str, vars(key).values())])}: {', '.join(parts)}")
    return found


def _end_of_state(derived: Derived, before: Event | None, event: Event, zone: ZoneInfo) -> None:
    """Count the time of a desk's state that ended with ``event``."""
    if before is None or before.kind is Kind.DESK_CLOSED:
        return
    state = "open" if before.kind is Kind.DESK_OPENED else "break"
    until = event.payload.get("until")
    end = datetime.fromisoformat(until) if until else event.at
    operator = before.payload.get("operator", before.actor)
    derived.add_work(local_day(before.at, zone), str(event.desk), operator, of_state(state, before.at, end))


def _issued(row: LoggedEvent, zone: ZoneInfo) -> Visit:
    event = row.event
    booked_for, issued_at = _moment(event, "booked_for"), _moment(event, "issued_at")
    visit, _event = moves.issue(
        visit_id=str(event.visit),
        office=row.office,
        day=local_day(issued_at or event.at, zone),
        number=event.payload["number"],
        service=event.payload["service"],
        code="",
        language=event.payload["language"],
        category=event.payload["category"],
        at=event.at,
        actor=event.actor,
        plan=_steps(event.payload.get("plan", [])),
        booked_for=booked_for,
        issued_at=issued_at,
        channel=event.payload.get("channel", TERMINAL),
        limit=event.payload.get("limit"),
    )
    return visit


def _served_without_ticket(row: LoggedEvent, zone: ZoneInfo) -> Visit:
    event = row.event
    visit, _event = moves.serve_without_ticket(
        visit_id=str(event.visit),
        office=row.office,
        day=local_day(event.at, zone),
        number=event.payload["number"],
        service=event.payload["service"],
        code="",
        language=event.payload["language"],
        desk=str(event.desk),
        operator=event.actor,
        at=event.at,
    )
    return visit


def _steps(written: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple([Step(**step) for step in written])


def _moment(event: Event, name: str) -> datetime | None:
    written = event.payload.get(name)
    return datetime.fromisoformat(written) if written else None
