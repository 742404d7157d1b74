"""What the charts of a period's page are drawn from, and what its sentences say: pure functions."""

from __future__ import annotations

from typing import Any

from server.domain.figures import average_minutes, share
from server.reports.period_document import Words, bucket_name
from server.reports.period_lines import MIN, N_
from server.sdk.figures_messages import HourCell, PeriodReport

HEAT_LEVELS = 5


def charts(report: PeriodReport, words: Words) -> dict[str, Any]:
    """Labels and values of each chart; the page's script draws them as they are."""
    lowest = [row.limit_from_seconds for row in report.months]
    alike = all(row.limit_from_seconds == row.limit_to_seconds for row in report.months)
    whole = sum(bucket.visits for bucket in report.distribution)
    return {
        "months": {
            "labels": [words.month(row.month) for row in report.months],
            "values": [row.figures.average_wait_minutes for row in report.months],
            "limit": [None if limit is None else average_minutes(limit, 1) for limit in lowest],
            "limit_label": words.say(N_("limit") if alike else N_("lowest limit")),
            "unit": words.say(MIN),
        },
        "waits": {
            "labels": [bucket_name(one.from_minute, one.to_minute) for one in report.distribution],
            "values": [share(one.visits, whole) for one in report.distribution],
            "width": report.distribution[0].to_minute if report.distribution else 1,
            "median": _in_minutes(report.total.median_wait_seconds),
            "p90": _in_minutes(report.total.p90_wait_seconds),
            "median_label": words.say(N_("median")),
            "p90_label": "P90",
            "minutes": words.say(MIN),
            "unit": "%",
        },
    }


def heat(report: PeriodReport) -> dict[str, Any]:
    """The hours somebody came at, a cell by ``(weekday, hour)`` with its level 0…4 of the mean wait."""
    cells = {(cell.weekday, cell.hour): cell for cell in report.hours if cell.arrived}
    waits = [cell.average_wait_minutes for cell in cells.values() if cell.average_wait_minutes is not None]
    most = max(waits, default=0.0)
    return {
        "hours": list(range(min(hour for _day, hour in cells), max(hour for _day, hour in cells) + 1))
        if cells
        else [],
        "weekdays": sorted({weekday for weekday, _hour in cells}),
        "cells": cells,
        "levels": {place: _level(cell, most) for place, cell in cells.items()},
        "steps": [round(most * step / HEAT_LEVELS, 1) for step in range(HEAT_LEVELS + 1)],
        "busiest": max(cells.values(), key=lambda cell: cell.arrived, default=None),
        "slowest": max(cells.values(), key=lambda cell: cell.average_wait_minutes or -1, default=None),
    }


def _level(cell: HourCell, most: float) -> int | None:
    if cell.average_wait_minutes is None:
        return None
    return min(HEAT_LEVELS - 1, int(cell.average_wait_minutes / most * HEAT_LEVELS)) if most else 0


def _in_minutes(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / 60
