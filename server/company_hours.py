"""Hours in the company's file: intervals by weekday, breaks, and dates that differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from server.sdk.settings import Settings, WallTime

Hours = list[tuple[WallTime, WallTime]]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def check_in_order(days: Iterable[tuple[object, Hours]]) -> None:
    """Raise ``ValueError`` when a day's intervals are not in order, or one ends before it begins."""
    for day, hours in days:
        if any(start >= end for start, end in hours) or sorted(hours) != hours:
            raise ValueError(f"{day}: intervals must be given in order, each from an earlier to a later time")


def by_number(weekly: dict[str, Any]) -> dict[str, Any]:
    """Hours by weekday as the database keeps them: ``mon`` → ``1``."""
    return {str(WEEKDAYS.index(day) + 1): hours for day, hours in weekly.items()}


class ScheduleSettings(Settings):
    """``[offices.schedule]``: hours by weekday (``mon`` … ``sun``), breaks, and dates that differ."""

    weekly: dict[Weekday, Hours]
    breaks: dict[Weekday, Hours] = Field(default_factory=dict)
    exceptions: dict[date, Hours] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_order(self) -> ScheduleSettings:
        check_in_order([*self.weekly.items(), *self.breaks.items(), *self.exceptions.items()])
        return self
