"""What a visit adds to the kept sums: one rule for the acts, the replay of the log and simulated days."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.domain import figures
from server.domain.figures import Counts, DayKey, Sums
from server.domain.record import record
from server.domain.visit import BOOKED, OFFICE, Corrected, State, Visit

ALL_SERVICES = ""
"""Stands for all services together where it is counted how often each wait was."""


@record(frozen=True)
class MonthKey:
    """A month (its first day) of a service, kind and channel."""

    month: date
    service: str
    kind: str
    channel: str


@record(frozen=True)
class HourKey:
    """An hour of the week (1 is Monday) in a month, by the local moment of joining the queue."""

    month: date
    weekday: int
    hour: int


@record(frozen=True)
class OperatorKey:
    """Whoever ended a visit, or was rated: operator, desk, and the service first asked for."""

    month: date
    operator: str
    desk: str
    service: str


@record(frozen=True)
class MinuteKey:
    """A wait of ``minute`` whole minutes."""

    month: date
    service: str
    kind: str
    minute: int


@record(frozen=True)
class SecondKey:
    """A wait of ``second`` whole seconds."""

    month: date
    service: str
    kind: str
    second: int


Key = DayKey | MonthKey | HourKey | OperatorKey | MinuteKey | SecondKey


@record(frozen=True)
class HourSums(Counts):
    """Who joined the queue in an hour, counted when the visit ends; waits are of the served."""

    arrived: int = 0
    served: int = 0
    wait_seconds: int = 0
    wait_over: int = 0


@record(frozen=True)
class OperatorSums(Counts):
    """What an operator did at a desk; ``served`` by ticket, ``ticketless`` without."""

    served: int = 0
    service_seconds: int = 0
    wait_seconds: int = 0
    wait_over: int = 0
    no_show: int = 0
    excluded: int = 0
    rated: int = 0
    score_sum: int = 0
    ticketless: int = 0
    ticketless_seconds: int = 0


@record(frozen=True)
class Waited(Counts):
    """How many of the served waited so long."""

    visits: int = 0


class Outcome(NamedTuple):
    """What counts of a visit that is over; all else of it may be forgotten. Seconds are whole."""

    key: DayKey
    state: State
    ticketless: bool
    excluded: bool
    weekday: int
    hour: int
    desk: str | None
    operator: str | None
    limit: int | None
    wait: int
    service: int
    repeated: int
    to_call: int
    way: int
    unserved: int


class Changes(NamedTuple):
    """What one thing that happened adds to an office's sums. ``waited`` is the wait of one served."""

    key: DayKey
    sums: Sums
    hour: HourKey | None = None
    hour_sums: HourSums = HourSums()
    seat: OperatorKey | None = None
    seat_sums: OperatorSums = OperatorSums()
    waited: int | None = None
    times: int = 1

    def __neg__(self) -> Changes:
        """The same taken back."""
        return self._replace(
            sums=-self.sums,
            hour_sums=-self.hour_sums,
            seat_sums=-self.seat_sums,
            times=-self.times,
        )


_ISSUED = Sums(issued=1)
_UNSERVED = {State.NO_SHOW: "no_show", State.CANCELLED: "cancelled", State.CLOSED_UNSERVED: "unserved"}


@lru_cache(maxsize=1024)
def first_of_month(day: date) -> date:
    """The month of a day, as sums are kept by it."""
    return day.replace(day=1)


def day_key(visit: Visit, day: date) -> DayKey:
    """Where a visit counts on ``day``."""
    return DayKey(day, visit.first_service, visit.kind, visit.channel)


def outcome(visit: Visit, zone: ZoneInfo) -> Outcome:
    """What counts of a visit that has ended, in whatever way."""
    joined = visit.joined_at.astimezone(zone)
    measured = Outcome(
        key=day_key(visit, figures.counting_day(visit, zone)),
        state=visit.state,
        ticketless=visit.ticketless,
        excluded=visit.state is State.SERVED and figures.is_excluded(visit),
        weekday=joined.isoweekday(),
        hour=joined.hour,
        desk=visit.desk,
        operator=visit.operator,
        limit=visit.limit_seconds,
        wait=figures.waiting_seconds(visit) or 0,
        service=figures.service_seconds(visit) or 0,
        repeated=figures.repeated_wait_seconds(visit),
        to_call=figures.wait_to_call_seconds(visit) or 0,
        way=figures.way_seconds(visit) or 0,
        unserved=figures.unserved_seconds(visit),
    )
    return measured if visit.corrected is None else corrected(measured, visit.corrected)


def corrected(ended: Outcome, by: Corrected) -> Outcome:
    """What counts of a visit once a manager has put its figures right."""
    return ended._replace(wait=by.wait, service=by.service, excluded=by.excluded)


def changes_at_issue(visit: Visit) -> Changes:
    """What a ticket adds when it is given."""
    return Changes(day_key(visit, visit.day), _ISSUED)


def changes_at_end(visit: Visit, zone: ZoneInfo) -> Changes:
    """What a visit that has just ended adds. A no-show that is restored takes the same back."""
    return changes_of(outcome(visit, zone))


def changes_of(ended: Outcome) -> Changes:
    """What a visit that ended so adds to the sums."""
    key, limited = ended.key, ended.limit is not None
    month = first_of_month(key.day)
    hour = HourKey(month, ended.weekday, ended.hour)
    seat = None
    if ended.operator is not None and ended.desk is not None:
        seat = OperatorKey(month, ended.operator, ended.desk, key.service)
    if ended.state is State.ANNULLED:
        return Changes(key, Sums(annulled=1))
    if ended.state is not State.SERVED:
        late = limited and ended.unserved > (ended.limit or 0)
        name = _UNSERVED[ended.state]
        sums = Sums(**{name: 1}, unserved_limited=int(limited), unserved_over=int(late))
        if ended.state is not State.NO_SHOW:
            return Changes(key, sums, hour, HourSums(arrived=1))
        return Changes(key, sums, hour, HourSums(arrived=1), seat, OperatorSums(no_show=1))
    if ended.excluded:
        return Changes(key, Sums(excluded=1), hour, HourSums(arrived=1), seat, OperatorSums(excluded=1))
    if ended.ticketless:
        return Changes(
            key,
            Sums(ticketless=1, ticketless_seconds=ended.service),
            hour,
            HourSums(arrived=1),
            seat,
            OperatorSums(ticketless=1, ticketless_seconds=ended.service),
        )
    over = int(limited and ended.wait > (ended.limit or 0))
    return Changes(
        key,
        Sums(
            served=1,
            wait_seconds=ended.wait,
            service_seconds=ended.service,
            repeated_seconds=ended.repeated,
            wait_over=over,
            limited=int(limited),
            to_call_seconds=ended.to_call,
            way_seconds=ended.way,
        ),
        hour,
        HourSums(arrived=1, served=1, wait_seconds=ended.wait, wait_over=over),
        seat,
        OperatorSums(served=1, service_seconds=ended.service, wait_seconds=ended.wait, wait_over=over),
        waited=ended.wait,
    )


def changes_of_missed(day: date, service: str) -> Changes:
    """What a booking adds that nobody came for: it is no visit, the office itself takes note of it."""
    return Changes(DayKey(day, service, BOOKED, OFFICE), Sums(missed_bookings=1))


def changes_of_mark(key: DayKey, operator: str | None, desk: str | None, score: int) -> Changes:
    """What a mark adds to its visit's day and to whoever was rated; what it replaces is taken back."""
    seat = None
    if operator is not None and desk is not None:
        seat = OperatorKey(first_of_month(key.day), operator, desk, key.service)
    sums = Sums(rated=1, score_sum=score)
    return Changes(key, sums, seat=seat, seat_sums=OperatorSums(rated=1, score_sum=score))


def spread(changes: Changes) -> list[tuple[Key, Counts]]:
    """Every row of the kept sums that changes, with what is added to it."""
    key = changes.key
    month = first_of_month(key.day)
    rows: list[tuple[Key, Counts]] = [
        (key, changes.sums),
        (MonthKey(month, key.service, key.kind, key.channel), changes.sums),
    ]
    if changes.hour is not None:
        rows.append((changes.hour, changes.hour_sums))
    if changes.seat is not None:
        rows.append((changes.seat, changes.seat_sums))
    if changes.waited is not None:
        rows += _waits(month, key.service, key.kind, changes.waited, changes.times)
    return rows


def _waits(month: date, service: str, kind: str, seconds: int, times: int) -> list[tuple[Key, Counts]]:
    """The rows that tell how often each wait was, of the service and of all together."""
    waited = Waited(times)
    return [
        row
        for name in (service, ALL_SERVICES)
        for row in (
            (MinuteKey(month, name, kind, seconds // 60), waited),
            (SecondKey(month, name, kind, seconds), waited),
        )
    ]
