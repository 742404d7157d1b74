"""A period's report as tables in the reader's language: on the page, and as the file to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.domain.figures import average_minutes
from server.domain.office import Names
from server.reports.document import Cell, Column, Document, Row, Table
from server.reports.period_lines import N_, Change, lines
from server.sdk.figures_messages import PeriodFigures, PeriodReport, WorkFigures

MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
POINTS = {"window": N_("Window %(label)s"), "room": N_("Room %(label)s"), "counter": N_("Counter %(label)s")}
CHANGES = {
    "better": N_("better"), "worse": N_("worse"), "more": N_("more"), "less": N_("less"),
    "same": N_("the same"), "": "",
}  # fmt: skip
PARTS = ("summary", "months", "waits", "hours", "offices", "services", "operators", "desks")
"""The tables in their order; the rules come last."""

_FIGURES = (
    ("average_wait_minutes", N_("Mean wait, min"), "decimal"),
    ("average_service_minutes", N_("Mean service, min"), "decimal"),
    ("served", N_("Served"), "count"),
    ("arrived", N_("Came"), "count"),
    ("over_limit_share", N_("Over the limit, %"), "decimal"),
    ("no_show_rate", N_("No-shows, %"), "decimal"),
    ("average_score", N_("Mean mark"), "decimal"),
    ("rated", N_("Ratings"), "count"),
)
_WORK = (
    ("average_wait_minutes", N_("Mean wait, min"), "decimal"),
    ("average_service_minutes", N_("Mean service, min"), "decimal"),
    ("services", N_("Served"), "count"),
    ("over_limit_share", N_("Over the limit, %"), "decimal"),
    ("load", N_("Load, %"), "decimal"),
    ("open_hours", N_("Open, h"), "decimal"),
    ("no_show", N_("No-shows"), "count"),
    ("average_score", N_("Mean mark"), "decimal"),
    ("rated", N_("Ratings"), "count"),
)


@dataclass(frozen=True)
class Words:
    """The reader's language: how a message and a name are said in it."""

    say: Callable[[str], str]
    language: str

    def name(self, names: Mapping[Any, str]) -> str:
        """A name of the company's data, Russian where it is missing."""
        return names.get(self.language) or names.get("ru") or ""

    def month(self, month: str, inside: bool = False) -> str:
        """``2026-03`` → ``March 2026``; ``inside`` a sentence only English begins it with a capital."""
        return f"{self._month_alone(month, inside)} {month[:4]}"

    def span(self, first: str, last: str, inside: bool = False) -> str:
        """``March 2026``, ``January – March 2026``, ``December 2025 – March 2026``."""
        if first == last:
            return self.month(first, inside)
        begun = self._month_alone(first, inside) if first[:4] == last[:4] else self.month(first, inside)
        return f"{begun} – {self.month(last, inside=True)}"

    def _month_alone(self, month: str, inside: bool) -> str:
        name = self.say(MONTHS[int(month[5:7]) - 1])
        return name.lower() if inside and self.language != "en" else name

    def point(self, kind: str | None, label: str) -> str:
        """``Window 3``."""
        return self.say(POINTS[kind]) % {"label": label} if kind in POINTS else label


def document(report: PeriodReport, company: Names, words: Words, part: str | None = None) -> Document:
    """The file: all tables with the rules, or one of ``PARTS``."""
    made = tables(report, words)
    chosen = [part] if part else [name for name in PARTS if name in made]
    return Document(
        form="period",
        period=f"{report.first}_{report.last}",
        title=f"{words.say(N_('Figures of a period'))}: {words.span(report.first, report.last)}",
        company=words.name(company),
        tables=(*(made[name] for name in chosen if name in made), _rules(report, words)),
        methodology=(),
        counts=(),
    )


def tables(report: PeriodReport, words: Words) -> dict[str, Table]:
    """Every table by its name of ``PARTS``; operators and desks only where they are told."""
    found = {
        "summary": _summary(report, words),
        "months": _months(report, words),
        "waits": _waits(report, words),
        "hours": _hours(report, words),
        "offices": _figures_table(
            "offices",
            N_("By office"),
            N_("Office"),
            [(row.office, words.name(row.name), row.figures) for row in report.by_office],
            words,
        ),
        "services": _figures_table(
            "services",
            N_("By service"),
            N_("Service"),
            [(row.service, words.name(row.name), row.figures) for row in report.by_service],
            words,
        ),
    }
    if report.operators is not None:
        found["operators"] = _work_table(
            "operators",
            N_("By operator"),
            N_("Operator"),
            [(row.operator, row.name, words.name(row.office_name), row.figures) for row in report.operators],
            words,
        )
    if report.desks is not None:
        found["desks"] = _work_table(
            "desks",
            N_("By desk"),
            N_("Desk"),
            [
                (row.desk, words.point(row.kind, row.label), words.name(row.office_name), row.figures)
                for row in report.desks
            ],
            words,
        )
    return found


def _summary(report: PeriodReport, words: Words) -> Table:
    previous = words.span(report.previous.first, report.previous.last)
    year_before = words.span(report.year_before.first, report.year_before.last)
    columns = (
        ("figure", N_("Figure"), "text", 34),
        ("value", N_("Value"), "decimal", 10),
        ("unit", N_("Unit"), "text", 8),
        ("of", N_("Over how many"), "count", 12),
        ("previous", previous, "decimal", 14),
        ("previous_difference", N_("Difference"), "decimal", 10),
        ("previous_change", N_("Better or worse"), "text", 10),
        ("year_before", year_before, "decimal", 14),
        ("year_before_difference", N_("Difference"), "decimal", 10),
        ("year_before_change", N_("Better or worse"), "text", 10),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            line.metric.key,
            words.say(line.metric.title),
            line.value,
            words.say(line.metric.unit) if line.metric.unit else "",
            "" if line.of is None else line.of,
            *_changed(line.previous, words),
            *_changed(line.year_before, words),
        )
        for line in lines(report)
    ]
    return _table("summary", N_("Summary"), columns, rows, words)


def _months(report: PeriodReport, words: Words) -> Table:
    columns = (
        ("month", N_("Month"), "text", 20),
        *((key, title, kind, 12) for key, title, kind in _FIGURES),
        ("limit_from", N_("Lowest limit, min"), "decimal", 12),
        ("limit_to", N_("Highest limit, min"), "decimal", 12),
    )
    rows = [
        (
            row.month,
            words.month(row.month),
            *_cells(row.figures),
            _minutes(row.limit_from_seconds),
            _minutes(row.limit_to_seconds),
        )
        for row in report.months
    ]
    return _table("months", N_("By month"), columns, rows, words)


def _waits(report: PeriodReport, words: Words) -> Table:
    columns = (
        ("waited", N_("Waited, min"), "text", 20),
        ("visits", N_("Served"), "count", 12),
        ("share", N_("Share, %"), "decimal", 12),
        ("so_far", N_("So long or less, %"), "decimal", 14),
    )
    whole, before = sum(bucket.visits for bucket in report.distribution), 0
    rows: list[tuple[Cell, ...]] = []
    for bucket in report.distribution:
        before += bucket.visits
        shares = [round(100 * part / whole, 1) for part in (bucket.visits, before)]
        name = bucket_name(bucket.from_minute, bucket.to_minute)
        rows.append((str(bucket.from_minute), name, bucket.visits, *shares))
    return _table("waits", N_("How long people waited"), columns, rows, words)


def bucket_name(first: int, end: int | None) -> str:
    """``5–10`` minutes, ``60+``."""
    return f"{first}+" if end is None else f"{first}–{end}"


def _hours(report: PeriodReport, words: Words) -> Table:
    columns = (
        ("weekday", N_("Day of the week"), "text", 20),
        ("hour", N_("Hour"), "text", 10),
        ("arrived", N_("Came"), "count", 12),
        ("served", N_("Served"), "count", 12),
        ("average_wait_minutes", N_("Mean wait, min"), "decimal", 12),
        ("over_limit_share", N_("Over the limit, %"), "decimal", 12),
    )
    rows = [
        (
            f"{cell.weekday} {cell.hour}",
            words.say(WEEKDAYS[cell.weekday - 1]),
            f"{cell.hour:02}:00",
            cell.arrived,
            cell.served,
            cell.average_wait_minutes,
            cell.over_limit_share,
        )
        for cell in report.hours
    ]
    return _table("hours", N_("By hour and day of the week"), columns, rows, words)


def _figures_table(
    key: str, title: str, first: str, found: Sequence[tuple[str, str, PeriodFigures]], words: Words
) -> Table:
    columns = (("name", first, "text", 34), *((name, said, kind, 12) for name, said, kind in _FIGURES))
    rows = [(code, name, *_cells(figures)) for code, name, figures in found]
    return _table(key, title, columns, rows, words)


def _work_table(
    key: str, title: str, first: str, found: Sequence[tuple[str, str, str, WorkFigures]], words: Words
) -> Table:
    several = len({office for _code, _name, office, _figures in found}) > 1
    offices = (("office", N_("Office"), "text", 28),) if several else ()
    columns = (("name", first, "text", 28), *offices, *((name, said, kind, 12) for name, said, kind in _WORK))
    rows = [
        (f"{office} {code}", name, *((office,) if several else ()), *_work_cells(figures))
        for code, name, office, figures in found
    ]
    return _table(key, title, columns, rows, words)


def _rules(report: PeriodReport, words: Words) -> Table:
    columns = (("rule", N_("How the figures are made"), "text", 100),)
    rows = [(name, text) for name, text in report.rules.items()]
    return _table("rules", N_("Rules"), columns, rows, words)


def _table(
    key: str,
    title: str,
    columns: Sequence[tuple[str, str, str, int]],
    rows: Sequence[tuple[Cell, ...]],
    words: Words,
) -> Table:
    """``rows`` begin with their key; what is not known is said in words."""
    nothing = words.say(N_("no data"))
    return Table(
        key=key,
        short=words.say(title),
        title=words.say(title),
        columns=tuple(
            Column(name, words.say(said), kind, width=width)  # type: ignore[arg-type]
            for name, said, kind, width in columns
        ),
        rows=tuple(
            Row(str(row[0]), tuple(nothing if cell is None else cell for cell in row[1:])) for row in rows
        ),
    )


def cut(table: Table, rows: int) -> Table:
    """The first rows of a table."""
    return replace(table, rows=table.rows[:rows])


def _cells(figures: PeriodFigures) -> list[Cell]:
    return [getattr(figures, name) for name, _title, _kind in _FIGURES]


def _work_cells(figures: WorkFigures) -> list[Cell]:
    hours = None if figures.open_minutes is None else round(figures.open_minutes / 60, 1)
    return [hours if name == "open_hours" else getattr(figures, name) for name, _title, _kind in _WORK]


def _minutes(seconds: int | None) -> float | None:
    return None if seconds is None else average_minutes(seconds, 1)


def _changed(change: Change, words: Words) -> tuple[Cell, Cell, str]:
    return change.value, change.difference, words.say(CHANGES[change.word]) if change.word else ""
