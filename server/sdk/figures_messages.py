"""The wire of the manager's pages: how the company stands today, and the figures of a period."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from server.sdk.messages import Answer, Code, DeskState, Names, PointKind
from server.sdk.staff_messages import AlertView

OfficeMood = Literal["over", "watch", "calm", "closed"]
"""``over``: somebody waits longer than the limit, or nobody serves whom people wait for; ``watch``: another
alert stands; ``closed``: it does not receive and nobody waits."""


class TodayLoad(Answer):
    """How a company, an office or a service stands now, and its figures of today so far. Null: no data.

    ``waiting`` leaves out who is early for a booking. ``longest_wait_seconds`` is of the first wait, beside
    the limit of that visitor's service. ``counted`` of the ``served`` have a wait:
    ``wait_seconds`` in all; ``over_limit`` of ``limited`` waited longer than the limit at their joining.
    """

    waiting: int
    over_limit_now: int
    longest_wait_seconds: int | None
    longest_wait_limit_seconds: int | None
    live_wait_seconds: int | None
    served: int
    counted: int
    wait_seconds: int
    limited: int
    over_limit: int
    over_limit_share: float | None
    average_wait_minutes: float | None
    bookings_to_come: int


class DeskCounts(Answer):
    """How many desks call or serve, are free, on a break, closed."""

    busy: int
    free: int
    on_break: int
    closed: int


class TodayAlert(AlertView):
    """An alert of an office; ``several`` of one code are told as one, the longest. ``kind`` is the desk's."""

    several: int = 1
    kind: PointKind | None = None


class OfficeToday(TodayLoad):
    """One office now, its alerts the worst first."""

    office: str
    name: Names
    timezone: str
    version: int
    is_open: bool
    mood: OfficeMood
    desks: DeskCounts
    alerts: list[TodayAlert]


class ServiceToday(TodayLoad):
    """One service of an office now; ``desks_open`` may call for it."""

    service: str
    name: Names
    desks_open: int
    wait_limit_seconds: int


class DeskToday(Answer):
    """One desk now: ``busy`` with the ticket ``number`` (null: without a ticket); the operator's name."""

    desk: str
    label: str
    kind: PointKind
    state: DeskState
    busy: bool
    operator: str | None
    number: str | None
    served_today: int


class CompanyToday(TodayLoad):
    """All offices together."""

    desks: DeskCounts
    alerts: int
    offices_open: int


class TodayReport(Answer):
    """How the offices stand now, the worst first; services and desks where one office is asked for."""

    at: datetime
    office: str | None
    total: CompanyToday
    offices: list[OfficeToday]
    services: Annotated[list[ServiceToday], Field(default_factory=list)]
    desks: Annotated[list[DeskToday], Field(default_factory=list)]


Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
VisitKind = Literal["walk_in", "booked"]


class PeriodFigures(Answer):
    """The figures of a period, of an office, service, operator or desk in it. Null: no data.

    Averages and shares are of sums, never of averages: of ``served`` waits, of ``limited`` waits against a
    limit, of ``services`` services, of ``tickets`` issued and not annulled. Marks are of ``all_served``.
    Median and P90 are nearest rank, in seconds. ``bookings_late`` came too late for their turn; it is null
    where too many months and offices are asked for.
    """

    arrived: int
    tickets: int
    served: int
    wait_seconds: int
    average_wait_minutes: float | None
    median_wait_seconds: int | None = None
    p90_wait_seconds: int | None = None
    limited: int
    over_limit: int
    over_limit_share: float | None
    within_limit_share: float | None
    over_limit_all_share: float | None
    over_limit_all_of: int
    services: int
    service_seconds: int
    average_service_minutes: float | None
    no_show: int
    no_show_rate: float | None
    left: int
    unserved: int
    excluded: int
    bookings_kept: int
    bookings_late: int | None = None
    bookings_missed: int
    all_served: int
    rated: int
    average_score: float | None
    response_rate: float | None


class ComparedPeriod(Answer):
    """The same figures of another period of the same length."""

    first: Month
    last: Month
    figures: PeriodFigures


class MonthRow(Answer):
    """A month of the period; the lowest and highest limit in force on its last day among what is chosen."""

    month: Month
    figures: PeriodFigures
    limit_from_seconds: int | None
    limit_to_seconds: int | None


class WaitBucket(Answer):
    """How many of the served waited from so many minutes to less than so many; null: and longer."""

    from_minute: int
    to_minute: int | None
    visits: int


class HourCell(Answer):
    """Who joined the queue in an hour of a weekday (1 is Monday)."""

    weekday: int
    hour: int
    arrived: int
    served: int
    average_wait_minutes: float | None
    over_limit_share: float | None


class OfficeRow(Answer):
    """One office in the period."""

    office: str
    name: Names
    figures: PeriodFigures


class ServiceRow(Answer):
    """One service, in all chosen offices that have it under this code."""

    service: str
    name: Names
    figures: PeriodFigures


class WorkFigures(Answer):
    """What was done by an operator or at a desk. ``load``: serving of 100 minutes open, breaks left out."""

    served: int
    services: int
    average_wait_minutes: float | None
    average_service_minutes: float | None
    over_limit_share: float | None
    no_show: int
    excluded: int
    rated: int
    average_score: float | None
    open_minutes: int | None
    break_minutes: int | None
    serving_minutes: int | None
    load: float | None


class OperatorRow(Answer):
    """One operator in one office."""

    office: str
    office_name: Names
    operator: str
    name: str
    figures: WorkFigures


class DeskRow(Answer):
    """One desk."""

    office: str
    office_name: Names
    desk: str
    label: str
    kind: PointKind | None
    figures: WorkFigures


class PeriodReport(Answer):
    """The figures of the months ``first`` to ``last``, both included.

    ``offices`` are those chosen, none: all the asker may see. ``operators`` and ``desks`` are told where few
    enough offices are chosen (null: too many). ``hours`` know neither service nor kind, ``operators`` and
    ``desks`` no kind: they are of all. ``unfinished``: the last month is not over yet.
    """

    first: Month
    last: Month
    unfinished: bool
    generated_at: datetime
    offices: list[Code]
    service: str | None
    kind: VisitKind | None
    total: PeriodFigures
    previous: ComparedPeriod
    year_before: ComparedPeriod
    months: list[MonthRow]
    distribution: list[WaitBucket]
    hours: list[HourCell]
    by_office: list[OfficeRow]
    by_service: list[ServiceRow]
    operators: list[OperatorRow] | None
    desks: list[DeskRow] | None
    rules: dict[str, str]
