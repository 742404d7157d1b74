"""The month in one paper for those who answer for it: averages, numbers and appeals by office."""

from __future__ import annotations

from collections.abc import Sequence

from server.domain.entries import Entry
from server.domain.figures import Sums, arrived
from server.reports import methodology
from server.reports.document import Cell, Column, Document, Row, Table
from server.reports.inputs import (
    MONTHS,
    Inputs,
    calls_of,
    percent,
    service_minutes,
    total,
    wait_minutes,
)

_COLUMNS = (
    Column("place", "Подразделение", width=34),
    Column("wait", "Среднее ожидание, мин.", "decimal", width=14),
    Column("service", "Среднее обслуживание, мин.", "decimal", width=14),
    Column("served", "Обслужено", "count", width=12),
    Column("arrived", "Обратилось очно", "count", width=12),
    Column("no_show", "Неявки", "count", width=10),
    Column("excluded", "Исключено из средних", "count", width=12),
    Column("received", "Поступило обращений", "count", width=12),
    Column("late", "Отвечено с нарушением срока", "count", width=14),
    Column("repeated", "Повторных, %", "decimal", width=12),
)


def document(inputs: Inputs, month: int) -> Document:
    """The paper of a month, 1…12."""
    name = MONTHS[month - 1].lower()
    appeals = [entry for entry in inputs.of("appeals") if entry.month == month]
    rows = [Row("", (inputs.company, *_cells(inputs.month(month), appeals)), strong=True)]
    rows += [
        Row(office.code, (office.name["ru"], *_cells(inputs.month(month, office.code), own)))
        for office in inputs.offices
        for own in [[entry for entry in appeals if entry.text("office") == office.code]]
    ]
    notes = () if appeals else (f"Обращения: нет данных за {name}.",)
    return Document(
        form="monthly",
        period=f"{inputs.year}-{month:02}",
        title=f"Ожидание и обслуживание: {name} {inputs.year} года",
        company=inputs.company,
        tables=(
            Table("month", "Месяц", "Показатели месяца", _COLUMNS, tuple(rows), notes),
            _phone(inputs, month),
        ),
        methodology=methodology.rules("supplier"),
        counts=(),
    )


def _cells(sums: Sums, appeals: Sequence[Entry]) -> list[Cell]:
    anything = sums != Sums()
    received, repeated = total(appeals, "received"), total(appeals, "repeated")
    return [
        wait_minutes(sums),
        service_minutes(sums),
        sums.served + sums.ticketless if anything else None,
        arrived(sums) if anything else None,
        sums.no_show if anything else None,
        sums.excluded if anything else None,
        received,
        total(appeals, "late"),
        percent(repeated, received) if received and repeated is not None else None,
    ]


def _phone(inputs: Inputs, month: int) -> Table:
    entries = [entry for entry in inputs.of("calls") if entry.month == month]
    calls = calls_of(entries)
    counted = entries or None
    columns = (
        Column("calls", "Всего вызовов", "count"),
        Column("answered", "Ответил оператор", "count"),
        Column("automatic", "Обработано автоматически", "count"),
        Column("lost", "Потеряно", "count"),
    )
    lost = calls.calls - calls.answered - calls.automatic
    cells = (
        counted and calls.calls,
        counted and calls.answered,
        counted and calls.automatic,
        counted and lost,
    )
    return Table("phone", "Телефон", "Телефонные вызовы", columns, (Row("month", cells),))
