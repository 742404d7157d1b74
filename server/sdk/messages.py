"""The wire: what the server answers and pushes to its pages and the device programs.

These models and those of ``commands`` validate, build answers and generate ``/api/v1/openapi.json``,
so the document cannot differ from what the server does. Unknown keys are refused in commands and
ignored by clients in answers (a newer server may say more).

Conventions: times are aware UTC ISO 8601; durations are whole seconds unless the name says
minutes; names for people come in every language of the company as ``{"ru": …, "kk": …, "en": …}``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["ru", "kk", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "kk", "en")
Names = dict[Language, str]
"""A text in the languages the office uses; "ru" is always there."""

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", examples=["zarechny"])]
VisitId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
PointKind = Literal["window", "room", "counter"]
VisitState = Literal[
    "waiting", "called", "serving", "held", "served", "no_show", "cancelled", "annulled", "closed_unserved"
]
DeskState = Literal["closed", "open", "break"]


class Answer(BaseModel):
    """What the server answers or pushes."""

    model_config = ConfigDict(extra="ignore")


class Problem(Answer):
    """RFC 9457 problem: ``code`` is for programs, ``title`` and ``detail`` for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = Field(default_factory=list)


class ServiceInfo(Answer):
    """A service as the visitor sees it."""

    code: str
    name: Names
    hint: Names = Field(default_factory=dict)
    state: Literal["open", "closed", "hidden"] = "open"
    waiting: int = 0
    expected_wait_minutes: int | None = None


class CategoryInfo(Answer):
    """A priority category the visitor may claim."""

    code: str
    name: Names


class DayHours(Answer):
    """Opening hours of one weekday (1 = Monday) in local wall time, "HH:MM"."""

    weekday: int
    intervals: list[tuple[str, str]]


class OfficeInfo(Answer):
    """An office for the public: what the kiosk shows and the ticket prints. Room ``kiosk:{office}``."""

    code: str
    version: int
    company: Names
    name: Names
    address: Names
    phone: str
    hotline: str = ""
    timezone: str
    languages: list[Language]
    ticket_languages: list[Language]
    wait_hint: Names = Field(default_factory=dict)
    demonstration: bool = False
    is_open: bool
    closed_reason: Names = Field(default_factory=dict)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reception: Literal["by_schedule", "always_open", "closed"] = "by_schedule"
    reception_note: Names = Field(default_factory=dict)
    hours: list[DayHours]
    services: list[ServiceInfo]
    categories: list[CategoryInfo]
    waiting: int
    desks_open: int
    live_wait_seconds: int | None = None


class OfficeList(Answer):
    """All offices of the company."""

    offices: list[OfficeInfo]


class IssuedTicket(Answer):
    """The answer to a tap: everything the kiosk prints beside the office's own texts."""

    id: str
    number: str
    service: str
    issued_at: datetime
    ahead: int
    expected_wait_minutes: int | None
    status_url: str


class TicketView(Answer):
    """A ticket for staff. ``reason`` says why it stands where it stands in the order.

    ``held_seconds`` is the time since ``started_at`` that was no service, because the visitor was held.
    """

    id: str
    number: str
    service: str
    service_name: Names
    state: VisitState
    category: str | None = None
    language: Language
    joined_at: datetime
    called_at: datetime | None = None
    call_count: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    desk: str | None = None
    wait_seconds: int | None = None
    service_seconds: int | None = None
    place: int | None = None
    reason: str | None = None
    held_reason: str | None = None
    held_until: datetime | None = None
    held_seconds: int = 0


class QueueView(Answer):
    """The waiting list in the order of calling. Room ``queue:{office}``."""

    office: str
    version: int
    at: datetime
    waiting: list[TicketView]


class DeskView(Answer):
    """The state of an operator's screen. Room ``desk:{desk}``.

    ``callable`` counts the waiting visitors this desk may call; ``waiting`` is the office's whole
    list in order, ``mine`` tells by id which of them this desk serves. ``held`` are those put aside
    and ``missed`` today's last no-shows, both of this desk's services, the latest first.
    """

    office: str
    desk: str
    label: str
    kind: PointKind
    version: int
    at: datetime
    state: DeskState
    operator: str | None
    break_reason: str | None = None
    current: TicketView | None
    waiting: list[TicketView]
    mine: list[str]
    held: list[TicketView] = Field(default_factory=list)
    missed: list[TicketView] = Field(default_factory=list)
    service_norm_seconds: int
    wait_limit_seconds: int
    served_today: int


class TicketMoved(TicketView):
    """A ticket after an operator's act, and the operator's screen as it is now."""

    screen: DeskView


class CalledRow(Answer):
    """One row of the hall board."""

    number: str
    desk: str
    label: str
    kind: PointKind
    state: Literal["called", "serving"]
    called_at: datetime
    call_id: str


class BoardView(Answer):
    """The hall board, newest call first. Room ``board:{office}``."""

    office: str
    version: int
    at: datetime
    name: Names
    company: Names
    timezone: str
    languages: list[Language]
    voice_languages: list[Language]
    demonstration: bool = False
    called: list[CalledRow]
    next: list[str]
    waiting: int
    live_wait_seconds: int | None
    running_line: Names = Field(default_factory=dict)
    is_open: bool
    reception_note: Names = Field(default_factory=dict)


class Announcement(Answer):
    """Say this now, once: event ``say`` in room ``board:{office}``."""

    id: str
    office: str
    at: datetime
    number: str
    label: str
    kind: PointKind
    languages: list[Language]


class SignView(Answer):
    """What the sign over a window shows and what the pad at the desk does."""

    desk: str
    label: str
    text: str
    mode: Literal["off", "steady", "blink"]
    state: Literal["closed", "break", "free", "called", "serving"]
    pad: Literal["asleep", "armed"]
    rate_until: datetime | None = None


class BridgeView(Answer):
    """All signs and pads of an office. Room ``bridge:{office}``."""

    office: str
    version: int
    at: datetime
    desks: list[SignView]


class RatingPageView(Answer):
    """What the rating tablet at a desk shows. Room ``rating:{desk}``."""

    office: str
    desk: str
    label: str
    kind: PointKind
    version: int
    at: datetime
    name: Names
    languages: list[Language]
    visit: str | None = None
    number: str | None = None
    state: Literal["idle", "serving", "ask", "thanks"]
    rate_until: datetime | None = None


class TicketStatus(Answer):
    """What the ticket's holder sees. Room ``ticket:{code}``. No personal data."""

    number: str
    version: int
    at: datetime
    office: str
    office_name: Names
    timezone: str
    languages: list[Language]
    service_name: Names
    state: VisitState
    issued_at: datetime
    ahead: int | None = None
    expected_wait_minutes: int | None = None
    label: str | None = None
    kind: PointKind | None = None
    call_id: str | None = None
    may_rate: bool = False
    score: int | None = None


class RatingTaken(Answer):
    """A press was taken. ``counted`` is false for a stray press (nobody was being served)."""

    press_id: str
    counted: bool
    replaced: bool = False


class MonthFigures(Answer):
    """Averages of one calendar month; null means «нет данных», never zero."""

    month: Annotated[int, Field(ge=1, le=12)]
    served: int
    wait_seconds: int
    service_seconds: int
    average_wait_minutes: float | None
    average_service_minutes: float | None
    issued: int
    no_show: int
    excluded: int
    rated: int
    average_score: float | None


class YearFigures(Answer):
    """Twelve months and their Σ/Σ for one office, or for the company (``office`` is null)."""

    office: str | None
    name: Names
    months: list[MonthFigures]
    year: MonthFigures | None = None


class MonthlyReport(Answer):
    """Monthly averages of waiting and service time, by domain rule «Σ/N over served visits»."""

    year: int
    years: list[int]
    generated_at: datetime
    rule: Names
    company: YearFigures
    offices: list[YearFigures]
