"""The company as one TOML file: offices, services, desks, hours, limits; every fault listed with its cure."""

from __future__ import annotations

import re
from collections import Counter
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, PlainSerializer, field_validator, model_validator

from server.domain.numbering import prefix_fault
from server.domain.office import office_from_document
from server.sdk.messages import Code, Language, Names, PointKind
from server.sdk.settings import Settings

LEAST_WEEKLY_HOURS = 25
"""Reception is at least 25 hours a week (001_d600190ee764bec0.txt, 11.1)."""

WallTime = Annotated[time, PlainSerializer(lambda value: value.isoformat("minutes"))]
Hours = list[tuple[WallTime, WallTime]]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Text = Annotated[str, Field(max_length=300)]


class ServiceSettings(Settings):
    """``[[offices.services]]``: something people come for."""

    code: Code
    name: Names
    prefix: str
    hint: Names = Field(default_factory=dict)
    state: Literal["open", "closed", "hidden"] = "open"
    norm_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    typical_minutes: Annotated[int, Field(ge=1, le=240)] = 8
    wait_limit_minutes: Annotated[int, Field(ge=1, le=480)] = 30

    @field_validator("prefix")
    @classmethod
    def _prefix(cls, value: str) -> str:
        if fault := prefix_fault(value):
            raise ValueError(fault)
        return value


class DeskSettings(Settings):
    """``[[offices.desks]]``: a window, room or counter. ``services`` empty means all of the office.

    ``code`` makes the desk's id (``<office>-<code>``); without it the label does.
    """

    code: Code | None = None
    label: Annotated[str, Field(min_length=1, max_length=6)]
    kind: PointKind = "window"
    services: list[Code] = Field(default_factory=list)


class CategorySettings(Settings):
    """``[[offices.categories]]``: a priority category and whether it goes before the ordinary queue."""

    code: Code
    name: Names
    out_of_turn: bool = True


class PolicySettings(Settings):
    """``[offices.policy]``: settings that rules read."""

    rating_window_seconds: Annotated[int, Field(ge=10, le=3600)] = 180
    correction_seconds: Annotated[int, Field(ge=0, le=60)] = 5
    max_calls: Annotated[int, Field(ge=1, le=10)] = 3


class ScheduleSettings(Settings):
    """``[offices.schedule]``: hours by weekday (``mon`` … ``sun``), breaks, and dates that differ."""

    weekly: dict[Weekday, Hours]
    breaks: dict[Weekday, Hours] = Field(default_factory=dict)
    exceptions: dict[str, Hours] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_order(self) -> ScheduleSettings:
        for day, hours in [*self.weekly.items(), *self.breaks.items(), *self.exceptions.items()]:
            if any(start >= end for start, end in hours) or sorted(hours) != hours:
                raise ValueError(
                    f"{day}: intervals must be given in order, each from an earlier to a later time"
                )
        return self


class OfficeSettings(Settings):
    """``[[offices]]``: one customer office."""

    code: Code
    name: Names
    address: Names = Field(default_factory=dict)
    phone: Text = ""
    hotline: Text = ""
    timezone: str
    languages: list[Language] = Field(["ru"], min_length=1)
    ticket_languages: list[Language] = Field(["ru"], min_length=1, max_length=2)
    voice_languages: list[Language] = Field(["ru"], min_length=1)
    wait_hint: Names = Field(default_factory=dict)
    running_line: Names = Field(default_factory=dict)
    schedule: ScheduleSettings
    services: list[ServiceSettings] = Field(min_length=1)
    desks: list[DeskSettings] = Field(min_length=1)
    categories: list[CategorySettings] = Field(default_factory=list)
    policy: PolicySettings = PolicySettings()

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(
                f"«{value}» is not a time zone: write it as Europe/Saratov or Asia/Almaty"
            ) from None
        return value

    @model_validator(mode="after")
    def _whole(self) -> OfficeSettings:
        faults = _doubled("service", [service.code for service in self.services])
        faults += _doubled("desk", [desk.code or desk.label for desk in self.desks])
        for desk in self.desks:
            if desk.code is None and not re.fullmatch("[A-Za-z0-9-]+", desk.label):
                faults.append(f'desk {desk.label}: add code = "…" in Latin letters or digits for its address')
        known = {service.code for service in self.services}
        for desk in self.desks:
            faults += [
                f"desk {desk.label} names unknown service {s}" for s in desk.services if s not in known
            ]
        for owner, names in self._names():
            if not names.get("ru"):
                faults.append(f"{owner} has no Russian name (ru)")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _names(self) -> list[tuple[str, Names]]:
        services = [(f"service {service.code}", service.name) for service in self.services]
        categories = [(f"category {category.code}", category.name) for category in self.categories]
        return [(f"office {self.code}", self.name), *services, *categories]


class CompanySettings(Settings):
    """The whole file. ``demonstration`` puts the word on every screen and ticket."""

    name: Names
    demonstration: bool = False
    offices: list[OfficeSettings] = Field(min_length=1)

    @model_validator(mode="after")
    def _offices_differ(self) -> CompanySettings:
        if faults := _doubled("office", [office.code for office in self.offices]):
            raise ValueError("; ".join(faults))
        return self

    def documents(self) -> list[dict[str, Any]]:
        """Each office as the document the database keeps (see ``domain.office.office_from_document``)."""
        return [_document(self, office) for office in self.offices]


def warnings(company: CompanySettings) -> list[str]:
    """What is allowed but probably wrong, in words."""
    found = []
    for document in company.documents():
        hours = office_from_document(document).schedule.weekly_seconds() / 3600
        if hours < LEAST_WEEKLY_HOURS:
            found.append(
                f"{document['code']}: receives {hours:g} hours a week, the rule asks for {LEAST_WEEKLY_HOURS}"
            )
    return found


def _document(company: CompanySettings, office: OfficeSettings) -> dict[str, Any]:
    document = office.model_dump(mode="json")
    document["company"] = company.name
    document["demonstration"] = company.demonstration
    schedule = document["schedule"]
    for key in ("weekly", "breaks"):
        schedule[key] = {str(WEEKDAYS.index(day) + 1): hours for day, hours in schedule[key].items()}
    codes = [service.code for service in office.services]
    for desk in document["desks"]:
        desk["id"] = f"{office.code}-{(desk.pop('code') or desk['label']).lower()}"
        desk["services"] = desk["services"] or codes
    for service in document["services"]:
        for unit in ("norm", "typical", "wait_limit"):
            service[f"{unit}_seconds"] = service.pop(f"{unit}_minutes") * 60
    return document


def _doubled(what: str, names: list[str]) -> list[str]:
    return [f"{what} {name} is given twice" for name, count in Counter(names).items() if count > 1]
