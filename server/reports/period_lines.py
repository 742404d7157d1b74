"""The figures of a period line by line: value, unit, of how many, rule, what differs from other periods."""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.figures import average_minutes
from server.sdk.figures_messages import PeriodFigures, PeriodReport


def N_(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True)
class Metric:
    """One figure: its title and unit, of how many it is, its rule, which way is good (``""``: neither)."""

    key: str
    title: str
    unit: str = ""
    of: str = ""
    rule: str = ""
    good: str = ""


MIN, PERCENT = N_("min"), "%"

METRICS = (
    Metric("arrived", N_("Came"), rule="arrived"),
    Metric("served", N_("Served with a known wait"), rule="wait"),
    Metric("average_wait_minutes", N_("Mean wait"), MIN, "served", "average", "less"),
    Metric("median_wait_minutes", N_("Median of waits"), MIN, "served", "rank", "less"),
    Metric("p90_wait_minutes", N_("Nine of ten waited at most (P90)"), MIN, "served", "rank", "less"),
    Metric("average_service_minutes", N_("Mean service"), MIN, "services", "service"),
    Metric("within_limit_share", N_("Within the limit"), PERCENT, "limited", "share_over", "more"),
    Metric("over_limit_share", N_("Over the limit"), PERCENT, "limited", "share_over", "less"),
    Metric(
        "over_limit_all_share",
        N_("Over the limit with the unserved"),
        PERCENT,
        "over_limit_all_of",
        "share_over_all",
        "less",
    ),
    Metric("no_show_rate", N_("No-show rate"), PERCENT, "tickets", "no_show", "less"),
    Metric("left", N_("Left without service"), good="less"),
    Metric("unserved", N_("Not served by the end of the day"), good="less"),
    Metric("bookings_kept", N_("Bookings kept")),
    Metric("bookings_late", N_("Came too late for their booking"), good="less"),
    Metric("bookings_missed", N_("Bookings missed"), good="less"),
    Metric("average_score", N_("Mean mark"), "", "rated", "rating", "more"),
    Metric("response_rate", N_("Response rate"), PERCENT, "all_served", "response", "more"),
)
"""The summary's figures in their order."""


@dataclass(frozen=True)
class Change:
    """A figure of another period and the difference to it; ``word``: better, worse, more, less, same.

    Both are ``None`` where one of the two periods has no data.
    """

    value: float | int | None
    difference: float | int | None
    word: str


@dataclass(frozen=True)
class Line:
    """A figure of the period, of how many it is (``None``: it is a count itself), and its two changes."""

    metric: Metric
    value: float | int | None
    of: int | None
    previous: Change
    year_before: Change


def lines(report: PeriodReport) -> list[Line]:
    """The summary of a report."""
    return [
        Line(
            metric,
            value(report.total, metric.key),
            int(value(report.total, metric.of) or 0) if metric.of else None,
            _change(metric, report.total, report.previous.figures),
            _change(metric, report.total, report.year_before.figures),
        )
        for metric in METRICS
    ]


def value(figures: PeriodFigures, key: str) -> float | int | None:
    """A figure by its metric's key; seconds become minutes with one decimal."""
    if key in ("median_wait_minutes", "p90_wait_minutes"):
        seconds = getattr(figures, key.replace("minutes", "seconds"))
        return None if seconds is None else average_minutes(seconds, 1)
    found: float | int | None = getattr(figures, key)
    return found


def _change(metric: Metric, now: PeriodFigures, before: PeriodFigures) -> Change:
    mine, other = value(now, metric.key), value(before, metric.key)
    # Where nobody came at all nothing is known, and a count of 0 would be made up.
    if mine is None or other is None or not before.arrived:
        return Change(other if before.arrived else None, None, "")
    difference = round(mine - other, 2)
    if difference == 0:
        return Change(other, difference, "same")
    way = "more" if difference > 0 else "less"
    return Change(other, difference, way if not metric.good else "better" if way == metric.good else "worse")
