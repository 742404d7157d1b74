"""The figures of a period as a manager reads them: of all, by month, hour, office, service, operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from server.domain import figures
from server.domain.figures import RULES, Sums, average_minutes, average_score, nearest_rank, share
from server.domain.kept_sums import HourSums, OperatorSums
from server.domain.office import Office
from server.domain.visit import WALK_IN
from server.domain.worktime import WorkTime
from server.reports.inputs import service_minutes, wait_minutes
from server.sdk.figures_messages import PeriodFigures, PeriodReport, VisitKind, WaitBucket, WorkFigures

MOST_BUCKETS = 36
_WIDTHS = (1, 2, 5, 10, 15, 30, 60)
_TAIL_PERCENT = 95
"""Waits beyond this percentile are told together: one visitor who was forgotten makes no axis of hours."""


@dataclass(frozen=True)
class Span:
    """Months from ``first`` to ``last``, both included, by their first days."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """How many months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def months(self) -> list[date]:
        """Every month."""
        return [shifted(self.first, offset) for offset in range(self.length)]

    def moved(self, months: int) -> Span:
        """As many months, so many months later (earlier: negative)."""
        return Span(shifted(self.first, months), shifted(self.last, months))


@dataclass
class SpanCounts:
    """What was counted in a span. ``minutes``: how many waited so many whole minutes."""

    sums: Sums = field(default_factory=Sums)
    bookings_kept: int = 0
    bookings_late: int | None = None
    minutes: dict[int, int] = field(default_factory=dict)
    median: int | None = None
    p90: int | None = None


@dataclass
class Counts:
    """All that was read for a report."""

    total: SpanCounts = field(default_factory=SpanCounts)
    previous: SpanCounts = field(default_factory=SpanCounts)
    year_before: SpanCounts = field(default_factory=SpanCounts)
    months: dict[date, Sums] = field(default_factory=dict)
    offices: dict[str, Sums] = field(default_factory=dict)
    services: dict[str, Sums] = field(default_factory=dict)
    hours: dict[tuple[int, int], HourSums] = field(default_factory=dict)
    operators: dict[tuple[str, str], OperatorSums] | None = None
    desks: dict[tuple[str, str], OperatorSums] | None = None
    work: dict[tuple[str, str, str], WorkTime] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """What was asked for: months, offices (none: all there are to see), a service, a kind of visits."""

    span: Span
    offices: Sequence[str] = ()
    service: str | None = None
    kind: VisitKind | None = None


def report(
    choice: Choice, offices: Sequence[Office], counts: Counts, now: datetime, say: Callable[[str], str]
) -> PeriodReport:
    """The report on ``offices``; ``say`` puts the rules into the reader's language."""
    span = choice.span
    names = {office.code: dict(office.name) for office in offices}
    return PeriodReport.model_validate(
        {
            "first": written(span.first),
            "last": written(span.last),
            "unfinished": any(office.day(now) < shifted(span.last, 1) for office in offices),
            "generated_at": now,
            "offices": list(choice.offices),
            "service": choice.service,
            "kind": choice.kind,
            "total": of_span(counts.total),
            "previous": _compared(span.moved(-span.length), counts.previous),
            "year_before": _compared(span.moved(-12), counts.year_before),
            "months": [
                {
                    "month": written(month),
                    "figures": of_sums(counts.months.get(month, Sums())),
                    **_limits(offices, choice, month),
                }
                for month in span.months
            ],
            "distribution": buckets(counts.total.minutes),
            "hours": [
                {
                    "weekday": weekday,
                    "hour": hour,
                    "arrived": sums.arrived,
                    "served": sums.served,
                    "average_wait_minutes": average_minutes(sums.wait_seconds, sums.served),
                    "over_limit_share": share(sums.wait_over, sums.served),
                }
                for (weekday, hour), sums in sorted(counts.hours.items())
            ],
            "by_office": [
                {"office": code, "name": names[code], "figures": of_sums(counts.offices.get(code, Sums()))}
                for code in names
            ],
            "by_service": [
                {"service": code, "name": _service_name(offices, code), "figures": of_sums(sums)}
                for code, sums in sorted(counts.services.items(), key=lambda one: -one[1].served)
            ],
            "operators": _operators(offices, counts),
            "desks": _desks(offices, counts),
            "rules": {name: say(rule) for name, rule in RULES.items()},
        }
    )


def of_span(counts: SpanCounts) -> PeriodFigures:
    """The figures of a span, with those that no sum tells."""
    more = {
        "bookings_kept": counts.bookings_kept,
        "bookings_late": counts.bookings_late,
        "median_wait_seconds": counts.median,
        "p90_wait_seconds": counts.p90,
    }
    return of_sums(counts.sums).model_copy(update=more)


def of_sums(sums: Sums) -> PeriodFigures:
    """The figures that sums tell (domain §7)."""
    return PeriodFigures(
        arrived=figures.arrived(sums),
        tickets=sums.issued - sums.annulled,
        served=sums.served,
        wait_seconds=sums.wait_seconds,
        average_wait_minutes=wait_minutes(sums),
        limited=sums.limited,
        over_limit=sums.wait_over,
        over_limit_share=figures.share_over(sums),
        within_limit_share=share(sums.limited - sums.wait_over, sums.limited),
        over_limit_all_share=figures.share_over_all(sums),
        over_limit_all_of=sums.limited + sums.unserved_limited,
        services=sums.served + sums.ticketless,
        service_seconds=sums.service_seconds + sums.ticketless_seconds,
        average_service_minutes=service_minutes(sums),
        no_show=sums.no_show,
        no_show_rate=figures.no_show_rate(sums),
        left=sums.cancelled,
        unserved=sums.unserved,
        excluded=sums.excluded,
        bookings_kept=0,
        bookings_late=None,
        bookings_missed=sums.missed_bookings,
        all_served=sums.served + sums.ticketless + sums.excluded,
        rated=sums.rated,
        average_score=average_score(sums.score_sum, sums.rated),
        response_rate=figures.response_rate(sums),
    )


def of_work(sums: OperatorSums, work: WorkTime | None) -> WorkFigures:
    """The figures of an operator or a desk; ``work`` is their time, where it is known."""
    services = sums.served + sums.ticketless
    minutes = {name: None if work is None else getattr(work, f"{name}_ms") // 60_000 for name in _TIMES}
    return WorkFigures(
        served=sums.served,
        services=services,
        average_wait_minutes=average_minutes(sums.wait_seconds, sums.served),
        average_service_minutes=average_minutes(sums.service_seconds + sums.ticketless_seconds, services),
        over_limit_share=share(sums.wait_over, sums.served),
        no_show=sums.no_show,
        excluded=sums.excluded,
        rated=sums.rated,
        average_score=average_score(sums.score_sum, sums.rated),
        open_minutes=minutes["open"],
        break_minutes=minutes["break"],
        serving_minutes=minutes["serving"],
        load=figures.desk_load(work) if work is not None else None,
    )


_TIMES = ("open", "break", "serving")


def buckets(minutes: Mapping[int, int]) -> list[WaitBucket]:
    """How waits are spread, in a few dozen equal steps of whole minutes and the long tail as one."""
    whole = sum(minutes.values())
    if not whole:
        return []
    rank, top = nearest_rank(_TAIL_PERCENT, whole), 0
    for minute in sorted(minutes):
        top, rank = minute, rank - minutes[minute]
        if rank <= 0:
            break
    width = next((one for one in _WIDTHS if (top + one) // one <= MOST_BUCKETS), top // MOST_BUCKETS + 1)
    steps = top // width + 1
    counted = [0] * (steps + 1)
    for minute, visits in minutes.items():
        counted[min(minute // width, steps)] += visits
    found = [
        WaitBucket(from_minute=step * width, to_minute=(step + 1) * width, visits=counted[step])
        for step in range(steps)
    ]
    if counted[steps]:
        found.append(WaitBucket(from_minute=steps * width, to_minute=None, visits=counted[steps]))
    return found


def shifted(month: date, by: int) -> date:
    """The first day of the month so many months later."""
    place = month.year * 12 + month.month - 1 + by
    return date(place // 12, place % 12 + 1, 1)


def written(month: date) -> str:
    """``2026-03``."""
    return f"{month:%Y-%m}"


def _compared(span: Span, counts: SpanCounts) -> dict[str, Any]:
    return {"first": written(span.first), "last": written(span.last), "figures": of_span(counts)}


def _limits(offices: Sequence[Office], choice: Choice, month: date) -> dict[str, int | None]:
    day = date.fromordinal(shifted(month, 1).toordinal() - 1)
    limits = [
        service.limit_on(choice.kind or WALK_IN, day)
        for office in offices
        for service in office.services
        if service.state != "information" and choice.service in (None, service.code)
    ]
    return {
        "limit_from_seconds": min(limits, default=None),
        "limit_to_seconds": max(limits, default=None),
    }


def _service_name(offices: Sequence[Office], code: str) -> dict[str, str]:
    known = (service for office in offices for service in office.services if service.code == code)
    service = next(known, None)
    return dict(service.name) if service else {"ru": code}


def _operators(offices: Sequence[Office], counts: Counts) -> list[dict[str, Any]] | None:
    if counts.operators is None:
        return None
    names = {office.code: dict(office.name) for office in offices}
    work: dict[tuple[str, str], WorkTime] = {}
    for (office, _desk, operator), time in counts.work.items():
        work[office, operator] = work.get((office, operator), WorkTime()) + time
    return [
        {
            "office": office,
            "office_name": names[office],
            "operator": operator,
            "name": counts.names.get(operator) or operator,
            "figures": of_work(sums, work.get((office, operator))),
        }
        for (office, operator), sums in _busiest_first(counts.operators)
    ]


def _desks(offices: Sequence[Office], counts: Counts) -> list[dict[str, Any]] | None:
    if counts.desks is None:
        return None
    names = {office.code: dict(office.name) for office in offices}
    points = {desk.id: desk for office in offices for desk in office.desks}
    work: dict[tuple[str, str], WorkTime] = {}
    for (office, desk, _operator), time in counts.work.items():
        work[office, desk] = work.get((office, desk), WorkTime()) + time
    return [
        {
            "office": office,
            "office_name": names[office],
            "desk": desk,
            "label": points[desk].label if desk in points else desk,
            "kind": points[desk].kind if desk in points else None,
            "figures": of_work(sums, work.get((office, desk))),
        }
        for (office, desk), sums in _busiest_first(counts.desks)
    ]


def _busiest_first(
    found: Mapping[tuple[str, str], OperatorSums],
) -> list[tuple[tuple[str, str], OperatorSums]]:
    return sorted(found.items(), key=lambda one: (-one[1].served - one[1].ticketless, one[0]))
