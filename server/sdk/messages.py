"""The wire: what the server answers and pushes to its pages and the device programs.

These models and those of ``commands`` validate, build answers and generate ``/api/v1/openapi.json``,
so the document cannot differ from what the server does. Unknown keys are refused in commands and
ignored by clients in answers (a newer server may say more).

Conventions: times are aware UTC ISO 8601; durations are whole seconds unless the name says
minutes; names for people come in every language of the company as ``{"ru": …, "kk": …, "en": …}``.
"""

from __future__ import annotations

from datetime import date, datetime
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
BoardLayout = Literal["side", "rows", "slides"]
BoardPart = Literal["next", "expected", "wait", "clock", "line", "slides"]
Direction = Literal["left", "right", "up", "down"]
SignState = Literal["closed", "break", "free", "called", "serving"]
SlideKind = Literal["text", "image", "video"]
VoiceMode = Literal["off", "chime", "voice"]
ServiceState = Literal["open", "closed", "hidden", "booking_only", "information"]


class Answer(BaseModel):
    """What the server answers or pushes."""

    model_config = ConfigDict(extra="ignore")


class Problem(Answer):
    """RFC 9457 problem: ``code`` is for programs, ``title`` and ``detail`` for people.

    ``number`` and ``state`` tell of the ticket that stood in the way, as it is now; ``nearest`` are free
    times next to one that is taken.
    """

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = Field(default_factory=list)
    number: str | None = None
    state: str | None = None
    nearest: list[datetime] = Field(default_factory=list)


class ExpectedWait(Answer):
    """A probable wait in whole minutes, as a range; the real one lies in it about nine times of ten."""

    from_minutes: int
    to_minutes: int


class ServiceInfo(Answer):
    """A service as the visitor sees it.

    ``documents`` and ``information`` are plain text: a blank line parts paragraphs, "- " begins a list item.
    """

    code: str
    name: Names
    hint: Names = Field(default_factory=dict)
    state: ServiceState = "open"
    group: str | None = None
    picture: str | None = None
    documents: Names = Field(default_factory=dict)
    information: Names = Field(default_factory=dict)
    keywords: Names = Field(default_factory=dict)
    closed_reason: Names = Field(default_factory=dict)
    opens_on: date | None = None
    waiting: int = 0
    expected_wait_minutes: int | None = None
    expected_wait: ExpectedWait | None = None


class GroupInfo(Answer):
    """A group of services on the touch page."""

    code: str
    name: Names
    picture: str | None = None


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
    groups: list[GroupInfo] = Field(default_factory=list)
    services: list[ServiceInfo]
    categories: list[CategoryInfo]
    bookings: bool = False
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
    expected_wait: ExpectedWait | None = None
    status_url: str
    booked_for: datetime | None = None


class CalledRow(Answer):
    """One row of the hall board."""

    number: str
    desk: str
    label: str
    kind: PointKind
    state: Literal["called", "serving"]
    called_at: datetime
    call_id: str
    direction: Direction | None = None


class BoardWait(Answer):
    """The expected wait of one service, for the board."""

    name: Names
    expected_wait: ExpectedWait


class Slide(Answer):
    """Information between calls: a text, or a file that whoever serves the page has at ``/slides/``."""

    kind: SlideKind
    seconds: int
    text: Names = Field(default_factory=dict)
    file: str | None = None


class VoiceRules(Answer):
    """How a board sounds; ``hours`` are local times between which it does, none: always."""

    mode: VoiceMode = "voice"
    languages: list[Language] = Field(default_factory=list)
    repeats: int = 0
    repeat_after_seconds: int = 8
    volume: int = 100
    hours: list[tuple[str, str]] = Field(default_factory=list)
    limit_seconds: int = 60


class BoardView(Answer):
    """A hall board, newest call first. Rooms ``board:{office}`` (its first) and ``board:{office}/{board}``.

    ``turn_seconds`` 0: all languages together; else each alone for so long. ``shown_seconds``: the least
    time a call stays in sight. ``rows``: the most called rows at once.
    """

    office: str
    board: str = "hall"
    title: Names = Field(default_factory=dict)
    layout: BoardLayout = "side"
    rows: int = 8
    turn_seconds: int = 0
    highlight_seconds: int = 12
    shown_seconds: int = 20
    parts: list[BoardPart] = Field(default_factory=list)
    slides: list[Slide] = Field(default_factory=list)
    voice: VoiceRules = VoiceRules()
    version: int
    at: datetime
    name: Names
    company: Names
    timezone: str
    languages: list[Language]
    demonstration: bool = False
    called: list[CalledRow]
    next: list[str]
    waiting: int
    live_wait_seconds: int | None
    expected: list[BoardWait] = Field(default_factory=list)
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


class WindowView(Answer):
    """The screen over one window. Room ``window:{desk}``. ``operator``: only where the office shows names."""

    office: str
    desk: str
    label: str
    kind: PointKind
    version: int
    at: datetime
    timezone: str
    languages: list[Language]
    demonstration: bool = False
    state: SignState
    number: str | None = None
    call_id: str | None = None
    operator: str = ""


class SignView(Answer):
    """What the sign over a window shows and what the pad at the desk does."""

    desk: str
    label: str
    text: str
    mode: Literal["off", "steady", "blink"]
    state: SignState
    pad: Literal["asleep", "armed"]
    people_wait: bool = False
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
    expected_wait: ExpectedWait | None = None
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
    """Averages of one calendar month; null means «нет данных», never zero.

    Those served without a ticket have no wait: they are in the average of service alone.
    """

    month: Annotated[int, Field(ge=1, le=12)]
    served: int
    wait_seconds: int
    service_seconds: int
    average_wait_minutes: float | None
    average_service_minutes: float | None
    ticketless: int = 0
    ticketless_service_seconds: int = 0
    issued: int
    no_show: int
    excluded: int
    rated: int
    average_score: float | None
    over_limit_percent: float | None = None
    over_limit_with_unserved_percent: float | None = None
    no_show_percent: float | None = None
    arrived: int = 0


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
