"""Figures: waiting and service time and their monthly averages, exactly as defined in domain §7."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain.visit import State, Visit


@dataclass(frozen=True)
class Sums:
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

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(a + b for a, b in zip(self.values(), other.values(), strict=True)))

    def values(self) -> tuple[int, ...]:
        """All numbers in the order of the fields."""
        return (
            self.issued,
            self.served,
            self.wait_seconds,
            self.service_seconds,
            self.no_show,
            self.cancelled,
            self.annulled,
            self.unserved,
            self.excluded,
            self.rated,
            self.score_sum,
        )


@dataclass(frozen=True)
class DayKey:
    """What a day's sums are kept for: the office's local date and the service."""

    day: date
    service: str


def waiting_seconds(visit: Visit) -> int | None:
    """W = max(0, s₁ − J): whole seconds from joining to the start of service; ``None`` before the start.

    The absence of a restored no-show is cut out.
    """
    if visit.started_at is None:
        return None
    return max(0, whole_seconds(visit.queued_at, visit.started_at))


def service_seconds(visit: Visit) -> int | None:
    """S = e − s − H: whole seconds of service without the time held; ``None`` while it is not finished."""
    if visit.started_at is None or visit.finished_at is None:
        return None
    return whole_seconds(visit.started_at + timedelta(milliseconds=visit.held_ms), visit.finished_at)


def is_excluded(visit: Visit) -> bool:
    """Whether a served visit has no trustworthy times: they contradict each other (end before start,
    start before issue), or nobody pressed «finish» and the day's end closed it."""
    if visit.incomplete:
        return True
    if visit.started_at is None or visit.finished_at is None:
        return True
    return visit.finished_at < visit.started_at or visit.started_at < visit.joined_at


def counting_day(visit: Visit, zone: ZoneInfo) -> date:
    """The local date a visit's figures belong to: of s₁ where there is one, else of the ticket."""
    return visit.started_at.astimezone(zone).date() if visit.started_at else visit.day


def whole_seconds(start: datetime, end: datetime) -> int:
    """The length in whole seconds, the begun one not counted."""
    return int((end - start).total_seconds() // 1)


def sums_at_end(visit: Visit) -> Sums:
    """What a visit that has just ended (served, no-show, cancelled) adds to its day."""
    if visit.state is State.NO_SHOW:
        return Sums(no_show=1)
    if visit.state is State.CANCELLED:
        return Sums(cancelled=1)
    if visit.state is State.ANNULLED:
        return Sums(annulled=1)
    if visit.state is State.CLOSED_UNSERVED:
        return Sums(unserved=1)
    if is_excluded(visit):
        return Sums(excluded=1)
    return Sums(
        served=1, wait_seconds=waiting_seconds(visit) or 0, service_seconds=service_seconds(visit) or 0
    )


def sums_at_restoring() -> Sums:
    """What a restored no-show takes back from its day: it will end once more, in another way."""
    return Sums(no_show=-1)


def with_rating(score: int, replaced: int | None = None) -> Sums:
    """What a mark adds to its visit's day; a correction takes the ``replaced`` mark away again."""
    if replaced is None:
        return Sums(rated=1, score_sum=score)
    return replace(Sums(), score_sum=score - replaced)


def average_minutes(seconds: int, count: int) -> float | None:
    """Σ/N in minutes with one decimal, half up; ``None`` («нет данных») when there is nothing to average.

    The rounding is done once, on the exact quotient of the sums.
    """
    return _average(seconds * 10, count * 60, 10)


def average_score(score_sum: int, rated: int) -> float | None:
    """The mean mark with two decimals, half up; ``None`` when nobody rated."""
    return _average(score_sum * 100, rated, 100)


def _average(scaled_total: int, count: int, scale: int) -> float | None:
    if count == 0:
        return None
    # Whole numbers only: no half is lost to a binary or decimal fraction before it is rounded up.
    return (2 * scaled_total + count) // (2 * count) / scale
