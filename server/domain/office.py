"""An office as the company's data describes it: services, desks, categories, policy, schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from server.domain.errors import NotFound
from server.domain.opening_hours import Interval, Schedule, local_day

Names = Mapping[str, str]
"""A text by language code; "ru" is always there."""


@dataclass(frozen=True)
class Service:
    """Something people come for. Services with one ``prefix`` share one number series."""

    code: str
    name: Names
    prefix: str
    hint: Names
    state: str
    norm_seconds: int
    typical_seconds: int
    wait_limit_seconds: int


@dataclass(frozen=True)
class Desk:
    """A place where an operator receives: window, room or counter. ``id`` is unique in the company."""

    id: str
    label: str
    kind: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    """A priority category a visitor may claim (domain §5)."""

    code: str
    name: Names
    out_of_turn: bool


@dataclass(frozen=True)
class Policy:
    """Settings of an office that rules read."""

    rating_window_seconds: int = 180
    correction_seconds: int = 5
    max_calls: int = 3


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
    voice_languages: tuple[str, ...]
    wait_hint: Names
    running_line: Names
    demonstration: bool
    schedule: Schedule
    services: tuple[Service, ...]
    desks: tuple[Desk, ...]
    categories: tuple[Category, ...]
    policy: Policy

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
        voice_languages=tuple(document["voice_languages"]),
        wait_hint=document["wait_hint"],
        running_line=document["running_line"],
        demonstration=document["demonstration"],
        schedule=Schedule(
            weekly={int(day): _intervals(pairs) for day, pairs in schedule["weekly"].items()},
            breaks={int(day): _intervals(pairs) for day, pairs in schedule["breaks"].items()},
            exceptions={
                date.fromisoformat(day): _intervals(pairs) for day, pairs in schedule["exceptions"].items()
            },
        ),
        services=tuple(Service(**service) for service in document["services"]),
        desks=tuple(Desk(**{**desk, "services": tuple(desk["services"])}) for desk in document["desks"]),
        categories=tuple(Category(**category) for category in document["categories"]),
        policy=Policy(**document["policy"]),
    )


def _intervals(pairs: list[list[str]]) -> tuple[Interval, ...]:
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)
