"""The quarterly report on complaints and appeals (domain §8.5), from what was entered by the month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from server.domain.entries import CHANNELS, KINDS, TOPICS, Entry
from server.reports import methodology
from server.reports.document import Cell, Column, Document, Row, Table
from server.reports.inputs import MONTHS, Inputs, missing_note, percent

COUNTS = {
    "received": "Поступило",
    "in_time": "Отвечено в срок",
    "late": "Отвечено с нарушением срока",
    "open": "Без ответа",
    "extended": "Срок продлён",
    "repeated": "Повторных",
}
WITHOUT_OFFICE = "Без указания офиса"
DUE_DAY = 15

_Cut = Sequence[tuple[str, str, Callable[[Entry], bool]]]


def due(year: int, quarter: int) -> date:
    """When the report is to be ready: the 15th of the month after the quarter."""
    month = 3 * quarter + 1
    return date(year + (month > 12), 1 if month > 12 else month, DUE_DAY)


def document(inputs: Inputs, quarter: int) -> Document:
    """The report of a quarter, 1…4."""
    months = range(3 * quarter - 2, 3 * quarter + 1)
    entries = [entry for entry in inputs.of("appeals") if entry.month in months]
    notes = missing_note(entries, "Обращения", months)
    cuts: list[tuple[str, str, str, _Cut]] = [
        (
            "month",
            "По месяцам",
            "Месяц",
            [_cut("month", f"{inputs.year}-{m:02}", MONTHS[m - 1]) for m in months],
        ),
        ("kind", "По видам", "Вид", [_cut("kind", code, name) for code, name in KINDS.items()]),
        (
            "channel",
            "По формам обращения",
            "Форма обращения",
            [_cut("channel", code, name) for code, name in CHANNELS.items()],
        ),
        ("topic", "По темам", "Тема", _topics()),
        ("office", "По офисам", "Офис", _offices(inputs)),
    ]
    return Document(
        form="quarterly",
        period=f"{inputs.year}-Q{quarter}",
        title=f"Отчёт о жалобах и обращениях за {quarter} квартал {inputs.year} года",
        company=inputs.company,
        tables=tuple(_table(key, title, head, cut, entries, notes) for key, title, head, cut in cuts),
        methodology=methodology.rules("quarterly"),
        counts=(),
    )


def _table(
    key: str, title: str, head: str, cut: _Cut, entries: Sequence[Entry], notes: tuple[str, ...]
) -> Table:
    columns = (
        Column("name", head, width=50),
        *(Column(name, words, "count", width=14) for name, words in COUNTS.items()),
        Column("share", "Доля повторных, %", "decimal", width=14),
    )
    rows = [
        Row(code, (name, *_counts([entry for entry in entries if fits(entry)], bool(entries))))
        for code, name, fits in cut
    ]
    rows.append(Row("all", ("Всего", *_counts(entries, bool(entries))), strong=True))
    return Table(key, title, title, columns, tuple(rows), notes)


def _counts(entries: Sequence[Entry], anything: bool) -> list[Cell]:
    if not anything:
        return [None] * (len(COUNTS) + 1)
    sums = {name: sum(entry.count(name) for entry in entries) for name in COUNTS}
    return [*sums.values(), percent(sums["repeated"], sums["received"])]


def _topics() -> _Cut:
    found = []
    for kind, topics in TOPICS.items():
        for topic, name in topics.items():

            def fits(entry: Entry, kind: str = kind, topic: str = topic) -> bool:
                return (entry.text("kind"), entry.text("topic")) == (kind, topic)

            found.append((f"{kind}|{topic}", f"{KINDS[kind]}: {name}", fits))
    return found


def _offices(inputs: Inputs) -> _Cut:
    named = [_cut("office", office.code, office.name["ru"]) for office in inputs.offices]
    return [*named, _cut("office", "", WITHOUT_OFFICE)]


def _cut(field: str, code: str, name: str) -> tuple[str, str, Callable[[Entry], bool]]:
    return code, name, lambda entry: entry.text(field) == code
