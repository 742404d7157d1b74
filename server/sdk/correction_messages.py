"""Suspicious figures and their corrections, as the API tells and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from server.sdk.commands import Request
from server.sdk.messages import Answer, Code, Names, Reason, VisitId

Anomaly = Literal["short_service", "long_service", "uncalled", "day_end"]
Seconds = Annotated[int, Field(ge=0, le=86_400)]


class AnomaliesQuery(Request):
    """Which office, and which month of it: ``2026-03``."""

    office: Code
    month: Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class CorrectFigures(Request):
    """What is to stand instead of the measured figures; what is not given stays as it is.

    ``reason``: a code of the office's list, or own words.
    """

    wait_seconds: Seconds | None = None
    service_seconds: Seconds | None = None
    excluded: bool | None = None
    reason: Reason

    @model_validator(mode="after")
    def _something(self) -> CorrectFigures:
        if self.wait_seconds is None and self.service_seconds is None and self.excluded is None:
            raise ValueError("give wait_seconds, service_seconds or excluded")
        return self


class VisitFigures(Answer):
    """The figures of a visit; a wait is null where there is none: without a ticket, or not served."""

    wait_seconds: int | None
    service_seconds: int | None
    excluded: bool


class SuspiciousVisit(Answer):
    """A visit whose figures a person should look at, and what is strange about it."""

    id: VisitId
    number: str
    day: date
    service: Code
    desk: Code | None
    operator: str | None
    issued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    served: bool
    figures: VisitFigures
    anomalies: list[Anomaly]


class SuspiciousOperator(Answer):
    """An operator with at least twice the office's share of no-shows."""

    operator: str
    no_show: int
    served: int


class FiguresCorrection(Answer):
    """A correction: the figures before and after, who made it, when and why (the reason's code)."""

    visit: VisitId
    number: str
    day: date
    at: datetime
    actor: str
    reason: str
    old: VisitFigures
    new: VisitFigures


class CorrectionReason(Answer):
    """A reason to choose from."""

    code: Code
    name: Names


class Anomalies(Answer):
    """What in an office's month a person should look at. ``count`` visits in all, the newest are listed."""

    office: Code
    month: str
    count: int
    visits: list[SuspiciousVisit]
    operators: list[SuspiciousOperator]
    corrections: list[FiguresCorrection]
    reasons: list[CorrectionReason]


class CorrectedVisit(Answer):
    """A visit after its correction."""

    id: VisitId
    number: str
    figures: VisitFigures
