"""The company as one TOML file: offices, services, desks, hours, limits; every fault listed with its cure."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from server.company_boards import BoardSettings
from server.company_bookings import BookingSettings, booking_document
from server.company_hours import ScheduleSettings, by_number
from server.company_reasons import ReasonsSettings, doubled
from server.company_surveys import SurveySettings
from server.domain.numbering import prefix_fault
from server.domain.office import office_from_document
from server.sdk.messages import Code, Language, Names, PointKind, ServiceState
from server.sdk.settings import Settings

LEAST_WEEKLY_HOURS = 25
"""Reception is at least 25 hours a week (001_d600190ee764bec0.txt, 11.1)."""

Text = Annotated[str, Field(max_length=300)]


class LimitSettings(Settings):
    """``limits = [{ from = 2026-01-01, minutes = 30, booked_minutes = 5 }]``: limits from a day on."""

    since: Annotated[date, Field(alias="from")]
    minutes: Annotated[int, Field(ge=1, le=480)]
    booked_minutes: Annotated[int, Field(ge=1, le=480)] = 5


class ServiceSettings(Settings):
    """``[[offices.services]]``: something people come for. ``limits`` stand in the order of their days."""

    code: Code
    name: Names
    prefix: str
    hint: Names = Field(default_factory=dict)
    state: ServiceState = "open"
    group: Code | None = None
    picture: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] | None = None
    documents: Names = Field(default_factory=dict)
    information: Names = Field(default_factory=dict)
    keywords: Names = Field(default_factory=dict)
    closed_reason: Names = Field(default_factory=dict)
    opens_on: date | None = None
    norm_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    typical_minutes: Annotated[int, Field(ge=1, le=240)] = 8
    wait_limit_minutes: Annotated[int, Field(ge=1, le=480)] = 30
    booked_wait_limit_minutes: Annotated[int, Field(ge=1, le=480)] = 5
    limits: list[LimitSettings] = Field(default_factory=list)

    @field_validator("prefix")
    @classmethod
    def _prefix(cls, value: str) -> str:
        if fault := prefix_fault(value):
            raise ValueError(fault)
        return value


class GroupSettings(Settings):
    """``[[offices.groups]]``: services that stand together on the touch page; ``picture`` names an icon."""

    code: Code
    name: Names
    picture: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] | None = None


class DeskSettings(Settings):
    """``[[offices.desks]]``: a window, room or counter. ``services`` empty means all of the office.

    ``code`` makes the desk's id (``<office>-<code>``); without it the label does. ``services`` are the
    main ones; ``additional`` come after them, ``when_idle`` only when nobody else waits for the desk.
    """

    code: Code | None = None
    label: Annotated[str, Field(min_length=1, max_length=6)]
    kind: PointKind = "window"
    services: list[Code] = Field(default_factory=list)
    additional: list[Code] = Field(default_factory=list)
    when_idle: list[Code] = Field(default_factory=list)
    redirect_to: Code | None = None


class CategorySettings(Settings):
    """``[[offices.categories]]``: a priority category: before the ordinary queue, or with a head start."""

    code: Code
    name: Names
    out_of_turn: bool = True
    head_start_minutes: Annotated[int, Field(ge=0, le=240)] = 0

    @model_validator(mode="after")
    def _one_mode(self) -> CategorySettings:
        if self.out_of_turn and self.head_start_minutes:
            raise ValueError(f"{self.code}: a head start needs out_of_turn = false")
        return self


class PolicySettings(Settings):
    """``[offices.policy]``: settings that rules read."""

    rating_window_seconds: Annotated[int, Field(ge=10, le=3600)] = 180
    correction_seconds: Annotated[int, Field(ge=0, le=60)] = 5
    low_mark: Annotated[int, Field(ge=0, le=4)] = 2
    low_mark_alert_minutes: Annotated[int, Field(ge=1, le=480)] = 30
    max_calls: Annotated[int, Field(ge=1, le=10)] = 3
    most_overtaken: Annotated[int, Field(ge=0, le=100)] = 5
    near_limit_percent: Annotated[int, Field(ge=0, le=100)] = 80
    transfer_keeps_place: bool = True
    start_button: bool = True
    auto_call: bool = False
    result_required: bool = False
    remarks_kept_days: Annotated[int, Field(ge=0, le=365)] = 3
    alert_queue_people: Annotated[int, Field(ge=1, le=1000)] = 15
    alert_idle_seconds: Annotated[int, Field(ge=10, le=3600)] = 180
    stop_when_full: bool = False
    show_operator: bool = False


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
    groups: list[GroupSettings] = Field(default_factory=list)
    services: list[ServiceSettings] = Field(min_length=1)
    desks: list[DeskSettings] = Field(min_length=1)
    categories: list[CategorySettings] = Field(default_factory=list)
    boards: list[BoardSettings] = Field(default_factory=list)
    surveys: list[SurveySettings] = Field(default_factory=list)
    reasons: ReasonsSettings = ReasonsSettings()
    policy: PolicySettings = PolicySettings()
    bookings: BookingSettings | None = None

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
        faults = doubled("service", [service.code for service in self.services])
        faults += doubled("group", [group.code for group in self.groups])
        groups = {group.code for group in self.groups}
        for service in self.services:
            if service.group is not None and service.group not in groups:
                faults.append(f"service {service.code} names unknown group {service.group}")
            faults += [
                f"service {service.code}: limits from {later.since} stand after those from {earlier.since}: "
                "put them in the order of their days, each day once"
                for earlier, later in pairwise(service.limits)
                if later.since <= earlier.since
            ]
            if service.state == "information" and not service.information.get("ru"):
                faults.append(f"service {service.code} gives information: add information = {{ ru = … }}")
        faults += doubled("desk", [desk.code or desk.label for desk in self.desks])
        for desk in self.desks:
            if desk.code is None and not re.fullmatch("[A-Za-z0-9-]+", desk.label):
                faults.append(f'desk {desk.label}: add code = "…" in Latin letters or digits for its address')
        known = {service.code for service in self.services}
        for desk in self.desks:
            named = [*desk.services, *desk.additional, *desk.when_idle]
            if desk.redirect_to not in (None, *known):
                faults.append(f"desk {desk.label} sends to unknown service {desk.redirect_to}")
            faults += [f"desk {desk.label} names unknown service {s}" for s in named if s not in known]
            faults += doubled(f"desk {desk.label}: service", named)
        faults += doubled("board", [board.code for board in self.boards])
        faults += doubled("survey", [survey.code for survey in self.surveys])
        for board in self.boards:
            faults += board.faults({desk.code or desk.label for desk in self.desks}, known)
        if self.bookings:
            given = {service.code for service in self.services if service.state != "information"}
            faults += self.bookings.faults(given)
        for owner, names in self._names():
            if not names.get("ru"):
                faults.append(f"{owner} has no Russian name (ru)")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _names(self) -> list[tuple[str, Names]]:
        services = [(f"service {service.code}", service.name) for service in self.services]
        categories = [(f"category {category.code}", category.name) for category in self.categories]
        groups = [(f"group {group.code}", group.name) for group in self.groups]
        return [(f"office {self.code}", self.name), *groups, *services, *categories]


class CompanySettings(Settings):
    """The whole file. ``demonstration`` puts the word on every screen and ticket."""

    name: Names
    demonstration: bool = False
    offices: list[OfficeSettings] = Field(min_length=1)

    @model_validator(mode="after")
    def _offices_differ(self) -> CompanySettings:
        if faults := doubled("office", [office.code for office in self.offices]):
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
        schedule[key] = by_number(schedule[key])
    codes = [service.code for service in office.services]
    ids = {}
    for desk in document["desks"]:
        code = desk.pop("code") or desk["label"]
        desk["id"] = ids[code] = f"{office.code}-{code.lower()}"
        later = [*desk["additional"], *desk["when_idle"]]
        desk["services"] = [*(desk["services"] or [code for code in codes if code not in later]), *later]
    for board in document["boards"]:
        board["desks"] = [ids[code] for code in board["desks"]]
        board["directions"] = {ids[code]: way for code, way in board["directions"].items()}
    for category in document["categories"]:
        category["head_start_seconds"] = category.pop("head_start_minutes") * 60
    for service in document["services"]:
        for unit in ("norm", "typical", "wait_limit", "booked_wait_limit"):
            service[f"{unit}_seconds"] = service.pop(f"{unit}_minutes") * 60
        service["limits"] = [
            {
                "since": dated["since"],
                "wait_seconds": dated["minutes"] * 60,
                "booked_seconds": dated["booked_minutes"] * 60,
            }
            for dated in service["limits"]
        ]
    if office.bookings:
        document["bookings"] = booking_document(document["bookings"])
    return document
