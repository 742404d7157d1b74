"""Figures: the metrics of domain §7, one function each, with the rule that is printed beside each figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from operator import add
from typing import Self
from zoneinfo import ZoneInfo

from server.domain.record import record
from server.domain.visit import TERMINAL, WALK_IN, Visit
from server.domain.worktime import WorkTime

_SECOND, _MILLISECOND = timedelta(seconds=1), timedelta(milliseconds=1)


def N_(message: str) -> str:
    """Mark a message for translation."""
    return message


RULES: Mapping[str, str] = {
    "wait": N_(
        "Waiting time: from the issue of the ticket (with a booking: from the booked time, or from a later "
        "check-in) to the start of service. The absence of a restored no-show is cut out."
    ),
    "to_call": N_("Wait to call: from joining the queue to the last call before the start of service."),
    "way": N_("Way time: from the last call to the start of service."),
    "repeated": N_(
        "Repeated wait: after each transfer, from going back to the queue to the start of the next service."
    ),
    "total_wait": N_("Total wait: the waiting time and the repeated wait together."),
    "service": N_(
        "Service time: from start to end at all desks, without the time the visitor was put aside."
    ),
    "average": N_(
        "Average: the sum over all served visitors divided by their number, by the month in which service "
        "began. Of a year or a company: the sum of all divided by the number of all, never an average of "
        "averages. No-shows, those who left and the unserved are not in it."
    ),
    "share_over": N_(
        "Share over the limit: of 100 served visitors, how many waited longer than the limit in force when "
        "they joined the queue. Exactly the limit is within it."
    ),
    "share_over_all": N_(
        "Share over the limit including the unserved: no-shows, those who left and the unserved count too, "
        "by the time to their first call, or to their leaving where they were never called."
    ),
    "rank": N_(
        "Median and P90: the waits of all served visitors put in order, the one at place N · 50 / 100 (or "
        "N · 90 / 100), rounded up to a whole place."
    ),
    "no_show": N_("No-show rate: no-shows of 100 tickets issued, the annulled left out."),
    "arrived": N_(
        "Came: tickets issued, the annulled left out, and those served without a ticket. Who booked and did "
        "not come is not among them."
    ),
    "load": N_("Desk load: time of service in 100 minutes of the desk's open time, breaks left out."),
    "rating": N_("Mean mark: the sum of all marks divided by their number; a visit has one mark at most."),
    "response": N_("Response rate: visits with a mark of 100 served."),
}
"""The rule of each metric as it stands beside the figure (domain §7)."""


@record(frozen=True)
class Counts:
    """Whole numbers that are added up: one kind of row of the kept sums."""

    def __add__(self, other: Self) -> Self:
        return type(self)(*map(add, self.values(), other.values()))

    def __neg__(self) -> Self:
        return type(self)(*(-value for value in self.values()))

    def values(self) -> tuple[int, ...]:
        """All numbers in the order of the fields."""
        return tuple(vars(self).values())


@record(frozen=True)
class Sums(Counts):
    """Counts and sums of a day or a longer period. Seconds are whole; averages are made from sums only."""

    issued: int = 0
    served: int = 0
    wait_seconds: int = 0
    service_seconds: int = 0
    no_show: int = 0
    cancelled: int = 0
    annulled: int = 0
    unserved: int = 0
    excluded: int = 0
    rated: int = 0
    score_sum: int = 0
    # Waits after a transfer, of the served; they are in no average of waiting (domain §7).
    repeated_seconds: int = 0
    # Served without a ticket: they have a service time and no wait.
    ticketless: int = 0
    ticketless_seconds: int = 0
    # Bookings nobody came for; they are no visits and in no other number.
    missed_bookings: int = 0
    # Served with W > L; no-show, left or closed unserved with A > L.
    wait_over: int = 0
    unserved_over: int = 0
    # Of how many of the served, and of those, the limit is known: logs of before have none.
    limited: int = 0
    unserved_limited: int = 0
    # The two parts of the waits of the served: to the last call before the start, and the way from there.
    to_call_seconds: int = 0
    way_seconds: int = 0


@record(frozen=True)
class DayKey:
    """What a day's sums are kept for: the office's local date, the service first asked for, kind, channel."""

    day: date
    service: str
    kind: str = WALK_IN
    channel: str = TERMINAL


# --- of one visit ---


def waiting_seconds(visit: Visit) -> int | None:
    """W = max(0, s₁ − J): whole seconds from joining to the start of service; ``None`` before the start.

    The absence of a restored no-show is cut out.
    """
    if visit.started_at is None:
        return None
    return max(0, whole_seconds(visit.queued_at, visit.started_at))


def wait_to_call_seconds(visit: Visit) -> int | None:
    """max(0, c − J), where c is the last call before s₁; ``None`` before the start."""
    if visit.started_at is None:
        return None
    called_at = visit.started_at - visit.way_ms * _MILLISECOND
    return max(0, whole_seconds(visit.queued_at, called_at))


def way_seconds(visit: Visit) -> int | None:
    """s₁ − c: from the last call before the start to the start; ``None`` before it."""
    return None if visit.started_at is None else visit.way_ms // 1000


def repeated_wait_seconds(visit: Visit) -> int:
    """Σ over i ≥ 2 of (sᵢ − moment the visitor re-entered the queue)."""
    return visit.repeated_ms // 1000


def total_wait_seconds(visit: Visit) -> int | None:
    """W + repeated wait; ``None`` before the start."""
    wait = waiting_seconds(visit)
    return None if wait is None else wait + repeated_wait_seconds(visit)


def service_seconds(visit: Visit) -> int | None:
    """S = Σ (eᵢ − sᵢ − Hᵢ): whole seconds of all legs without the time held; ``None`` before the finish."""
    if visit.started_at is None or visit.finished_at is None:
        return None
    return visit.served_ms // 1000


def unserved_seconds(visit: Visit) -> int:
    """A = first call (or leaving, closing) − J of a visit that ended unserved.

    A no-show's absence lies after its first call: nothing of it is in A.
    """
    end = visit.first_called_at or visit.finished_at
    return 0 if end is None else max(0, whole_seconds(visit.joined_at, end))


def is_excluded(visit: Visit) -> bool:
    """Whether a served visit has no trustworthy times: they contradict each other (end before start,
    start before issue), or nobody pressed «finish» and the day's end closed it."""
    if visit.incomplete:
        return True
    if visit.started_at is None or visit.finished_at is None:
        return True
    # A booked visitor may be called before the slot, but nobody before the ticket was given.
    return visit.finished_at < visit.started_at or visit.started_at < visit.issued_at


def counting_day(visit: Visit, zone: ZoneInfo) -> date:
    """The local date a visit's figures belong to: of s₁ where there is one, else of the ticket."""
    return visit.started_at.astimezone(zone).date() if visit.started_at else visit.day


def whole_seconds(start: datetime, end: datetime) -> int:
    """The length in whole seconds, the begun one not counted."""
    return (end - start) // _SECOND


# --- of sums ---


def average_minutes(seconds: int, count: int) -> float | None:
    """Σ/N in minutes with one decimal, half up; ``None`` («нет данных») when there is nothing to average.

    The rounding is done once, on the exact quotient of the sums.
    """
    return _average(seconds * 10, count * 60, 10)


def average_score(score_sum: int, rated: int) -> float | None:
    """The mean mark with two decimals, half up; ``None`` when nobody rated."""
    return _average(score_sum * 100, rated, 100)


def share(part: int, whole: int) -> float | None:
    """100 · part / whole with one decimal, half up; ``None`` when there is no whole."""
    return _average(part * 1000, whole, 10)


def share_over(sums: Sums) -> float | None:
    """100 · count(W > L) / N."""
    return share(sums.wait_over, sums.limited)


def share_over_all(sums: Sums) -> float | None:
    """100 · (count(W > L) + count(A > L)) / (N + U): the unserved count too."""
    return share(sums.wait_over + sums.unserved_over, sums.limited + sums.unserved_limited)


def no_show_rate(sums: Sums) -> float | None:
    """100 · no_show / (issued − annulled)."""
    return share(sums.no_show, sums.issued - sums.annulled)


def arrived(sums: Sums) -> int:
    """How many came: tickets issued less the annulled, and those served without a ticket."""
    return sums.issued - sums.annulled + sums.ticketless


def desk_load(work: WorkTime) -> float | None:
    """100 · serving time / open desk time, breaks excluded; ``None`` where the desk was never open."""
    return share(work.serving_ms, work.open_ms)


def response_rate(sums: Sums) -> float | None:
    """100 · rated / served, by ticket or without, also where nobody pressed «finish»."""
    return share(sums.rated, sums.served + sums.ticketless + sums.excluded)


def nearest_rank(percent: int, count: int) -> int:
    """The place of the percentile in the sorted list, from 1: ceil(p·N/100)."""
    return -(-percent * count // 100)


def _average(scaled_total: int, count: int, scale: int) -> float | None:
    if count <= 0:
        return None
    # Whole numbers only: no half is lost to a binary or decimal fraction before it is rounded up.
    return (2 * scaled_total + count) // (2 * count) / scale
