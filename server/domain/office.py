"""An office as the company's data describes it: services, desks, categories, policy, schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.domain.board import Board, boards_from_document
from server.domain.booking_rules import BookingRules, rules_from_document
from server.domain.errors import NotFound
from server.domain.opening_hours import Schedule, intervals, local_day
from server.domain.survey import Survey, surveys_from_document
from server.domain.visit import BOOKED, Visit

Names = Mapping[str, str]
"""A text by language code; "ru" is always there."""

OTHER = "other"
"""The code of a reason given in own words."""


@dataclass(frozen=True)
class WaitLimit:
    """Limits of waiting from a day on: of walk-ins and of booked visitors."""

    since: date
    wait_seconds: int
    booked_seconds: int


@dataclass(frozen=True)
class Service:
    """Something people come for. Services with one ``prefix`` share one number series.

    ``state``: ``open``; ``closed`` (until ``opens_on``, if that is known); ``hidden`` from visitors, staff
    may give it; ``booking_only``; ``information`` (a text, no tickets). ``limits``: dated limits of waiting
    in order; before the first of them ``wait_limit_seconds`` and ``booked_wait_limit_seconds`` hold.
    """

    code: str
    name: Names
    prefix: str
    hint: Names
    state: str
    norm_seconds: int
    typical_seconds: int
    wait_limit_seconds: int
    group: str | None = None
    picture: str | None = None
    documents: Names = field(default_factory=dict)
    information: Names = field(default_factory=dict)
    keywords: Names = field(default_factory=dict)
    closed_reason: Names = field(default_factory=dict)
    opens_on: date | None = None
    booked_wait_limit_seconds: int = 300
    limits: tuple[WaitLimit, ...] = ()

    def state_on(self, day: date) -> str:
        """The state on ``day``: a closed service opens by itself on its date."""
        return "open" if self.state == "closed" and self.opens_on and day >= self.opens_on else self.state

    def limit_on(self, kind: str, day: date) -> int:
        """Seconds that a visitor of ``kind`` may wait who joins the queue on ``day``."""
        wait, booked = self.wait_limit_seconds, self.booked_wait_limit_seconds
        for dated in self.limits:
            if dated.since <= day:
                wait, booked = dated.wait_seconds, dated.booked_seconds
        return booked if kind == BOOKED else wait


@dataclass(frozen=True)
class Group:
    """Services that stand together on the touch page."""

    code: str
    name: Names
    picture: str | None = None


@dataclass(frozen=True)
class Desk:
    """A place where an operator receives: window, room or counter. ``id`` is unique in the company.

    ``services`` are all it may take; those also in ``additional`` come after its main ones, those in
    ``when_idle`` only when nobody else waits for it. ``redirect_to`` is where its pad's key "redirect" sends.
    """

    id: str
    label: str
    kind: str
    services: tuple[str, ...]
    additional: tuple[str, ...] = ()
    when_idle: tuple[str, ...] = ()
    redirect_to: str | None = None


@dataclass(frozen=True)
class Category:
    """A priority category a visitor may claim (domain §5): before all ordinary, or with a head start."""

    code: str
    name: Names
    out_of_turn: bool
    head_start_seconds: int = 0


@dataclass(frozen=True)
class Choice:
    """A reason or result that staff choose; its code goes into the log."""

    code: str
    name: Names


@dataclass(frozen=True)
class Reasons:
    """What staff choose from when an act needs a reason, and how a service may end.

    ``low_marks`` are what visitors choose from to say why a mark is low, ``corrections`` what managers
    choose from to say why they correct figures.
    """

    call: tuple[Choice, ...] = ()
    hold: tuple[Choice, ...] = ()
    breaks: tuple[Choice, ...] = ()
    annul: tuple[Choice, ...] = ()
    results: tuple[Choice, ...] = ()
    low_marks: tuple[Choice, ...] = ()
    corrections: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Policy:
    """Settings of an office that rules read.

    ``most_overtaken``: after so many later comers were called before a visitor by rule, nobody else is
    (0: no such guard). ``near_limit_percent`` of the wait limit makes a ticket near the limit (0: never).
    A mark up to ``low_mark`` is low (0: none is); its alert stands ``low_mark_alert_minutes`` or until seen.
    """

    rating_window_seconds: int = 180
    correction_seconds: int = 5
    low_mark: int = 2
    low_mark_alert_minutes: int = 30
    max_calls: int = 3
    most_overtaken: int = 5
    near_limit_percent: int = 80
    transfer_keeps_place: bool = True
    start_button: bool = True
    auto_call: bool = False
    result_required: bool = False
    remarks_kept_days: int = 3
    alert_queue_people: int = 15
    alert_idle_seconds: int = 180
    stop_when_full: bool = False
    show_operator: bool = False


@dataclass(frozen=True)
class Office:
    """One office, as in force on a day."""

    code: str
    company: Names
    name: Names
    address: Names
    phone: str
    hotline: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    ticket_languages: tuple[str, ...]
    wait_hint: Names
    running_line: Names
    demonstration: bool
    schedule: Schedule
    groups: tuple[Group, ...]
    services: tuple[Service, ...]
    desks: tuple[Desk, ...]
    categories: tuple[Category, ...]
    boards: tuple[Board, ...]
    surveys: tuple[Survey, ...]
    reasons: Reasons
    policy: Policy
    bookings: BookingRules | None = None

    def service(self, code: str) -> Service:
        """The service called ``code``; raises ``NotFound``."""
        for service in self.services:
            if service.code == code:
                return service
        raise NotFound("unknown_service", service=code)

    def desk(self, desk_id: str) -> Desk:
        """The desk with this id; raises ``NotFound``."""
        for desk in self.desks:
            if desk.id == desk_id:
                return desk
        raise NotFound("unknown_desk", desk=desk_id)

    def category(self, code: str) -> Category:
        """The category called ``code``; raises ``NotFound``."""
        for category in self.categories:
            if category.code == code:
                return category
        raise NotFound("unknown_category", category=code)

    def desks_for(self, service: str) -> tuple[Desk, ...]:
        """The desks that serve ``service``."""
        return tuple(desk for desk in self.desks if service in desk.services)

    def limit_at(self, service: str, kind: str, day: date) -> int:
        """The wait limit in force on ``day``, in seconds; raises ``NotFound`` for an unknown service."""
        return self.service(service).limit_on(kind, day)

    def limit_of(self, visit: Visit) -> int:
        """The wait limit of a visit: the one fixed when it joined; of older ones the one in force then."""
        if visit.limit_seconds is not None:
            return visit.limit_seconds
        known = (service for service in self.services if service.code == visit.first_service)
        return next((service.limit_on(visit.kind, visit.day) for service in known), 0)

    def day(self, at: datetime) -> date:
        """The office's own calendar day at the instant ``at``."""
        return local_day(at, self.zone)


@dataclass(frozen=True)
class Reception:
    """Whether the office receives apart from its schedule: opened or closed by hand, with a word why."""

    mode: str = "by_schedule"
    note: Names | None = None

    def is_open(self, office: Office, at: datetime) -> bool:
        """Whether tickets are given at the instant ``at``."""
        if self.mode == "by_schedule":
            return office.schedule.is_open(at, office.zone)
        return self.mode == "always_open"


def office_from_document(document: Mapping[str, Any]) -> Office:
    """Build an ``Office`` from its stored document (a checked ``company.OfficeSettings`` as JSON)."""
    schedule = document["schedule"]
    return Office(
        code=document["code"],
        company=document["company"],
        name=document["name"],
        address=document["address"],
        phone=document["phone"],
        hotline=document["hotline"],
        zone=ZoneInfo(document["timezone"]),
        languages=tuple(document["languages"]),
        ticket_languages=tuple(document["ticket_languages"]),
        wait_hint=document["wait_hint"],
        running_line=document["running_line"],
        demonstration=document["demonstration"],
        schedule=Schedule(
            weekly={int(day): intervals(pairs) for day, pairs in schedule["weekly"].items()},
            breaks={int(day): intervals(pairs) for day, pairs in schedule["breaks"].items()},
            exceptions={
                date.fromisoformat(day): intervals(pairs) for day, pairs in schedule["exceptions"].items()
            },
        ),
        groups=tuple(Group(**group) for group in document.get("groups", ())),
        services=tuple(_service(service) for service in document["services"]),
        desks=tuple(_desk(desk) for desk in document["desks"]),
        categories=tuple(Category(**category) for category in document["categories"]),
        boards=boards_from_document(document),
        surveys=surveys_from_document(document),
        reasons=Reasons(
            # Documents of the first version have no reasons.
            **{name: tuple(Choice(**c) for c in made) for name, made in document.get("reasons", {}).items()}
        ),
        policy=Policy(**document["policy"]),
        bookings=rules_from_document(document),
    )


def chosen(choices: tuple[Choice, ...], words: str) -> tuple[str, str]:
    """``(code, own words)``: the choice whose code is ``words``, or ``other`` with the words themselves."""
    if any(choice.code == words for choice in choices):
        return words, ""
    return OTHER, words


def _service(document: Mapping[str, Any]) -> Service:
    opens_on = document.get("opens_on")
    limits = tuple(
        WaitLimit(date.fromisoformat(dated["since"]), dated["wait_seconds"], dated["booked_seconds"])
        for dated in document.get("limits", ())
    )
    opens = date.fromisoformat(opens_on) if opens_on else None
    return Service(**{**document, "opens_on": opens, "limits": limits})


def _desk(document: Mapping[str, Any]) -> Desk:
    lists = {name: tuple(document.get(name, ())) for name in ("services", "additional", "when_idle")}
    redirect_to = document.get("redirect_to")
    return Desk(document["id"], document["label"], document["kind"], **lists, redirect_to=redirect_to)
