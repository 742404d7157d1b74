"""The yearly information of a guaranteeing supplier (domain §8.1), under the titles companies publish."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.domain.entries import Entry
from server.domain.figures import Sums, average_minutes
from server.reports import methodology
from server.reports.document import NO_DATA, Cell, Column, Document, Row, Table, shown
from server.reports.inputs import (
    MONTHS,
    Inputs,
    calls_of,
    missing_months,
    missing_note,
    percent,
    service_minutes,
    total,
    wait_minutes,
)

APPEALS = "Количество обращений, претензий и жалоб на действия гарантирующего поставщика"
SERVICE = (
    "Среднее за календарный месяц время обслуживания работниками центра потребителей (покупателей) "
    "очно и (или) по каналам заочного обслуживания"
)
WAIT = (
    "Среднее за календарный месяц время ожидания потребителей (покупателей) в очереди до начала очного "
    "и (или) заочного обслуживания работником центра потребителей (покупателей)"
)
CHANNELS = "Режим работы каналов заочного обслуживания в течение года"
RECEIVED = "Количество поступивших обращений"
ANSWERS = "Количество ответов на поступившие обращения"
REPEATED = "Повторные обращения по одному и тому же вопросу"
MEASURES = "Перечень мероприятий, включенных в Программу и выполненных за год"
IN_PERSON, PHONE = "Очно", "По телефону"
WITHOUT_OFFICE = "Без указания офиса"

# What row 1 counts: applications for a service are no appeals against the supplier's doings.
_COUNTED = ("appeal", "complaint")

_COUNTS = (Column("received", RECEIVED, "count", width=30), Column("answers", ANSWERS, "count", width=22))
_PLACE = Column("place", "Подразделение", width=34)


def document(inputs: Inputs) -> Document:
    """The whole information of the year."""
    return Document(
        form="supplier",
        period=str(inputs.year),
        title=f"Информация за {inputs.year} год",
        company=inputs.company,
        tables=(
            _summary(inputs),
            _appeals(inputs),
            _minutes(
                inputs,
                "service",
                "2 Обслуживание",
                f"2. {SERVICE}, мин.",
                service_minutes,
                "handling_seconds",
            ),
            _minutes(inputs, "wait", "3 Ожидание", f"3. {WAIT}, мин.", wait_minutes, "wait_seconds"),
            _channels(inputs),
            _repeated(inputs),
            _measures(inputs),
        ),
        methodology=methodology.rules("supplier"),
        counts=methodology.counts(inputs),
    )


def _summary(inputs: Inputs) -> Table:
    """The table as the companies publish it: four rows, two columns of counts."""
    year = sum(inputs.twelve(), Sums())
    calls = calls_of(inputs.of("calls"))

    def both(in_person: float | None, phone: float | None, table: int) -> str:
        words = [
            f"{way} — {shown(value, 'decimal')}{' мин.' if value is not None else ''}"
            for way, value in ((IN_PERSON.lower(), in_person), (PHONE.lower(), phone))
        ]
        return f"{'; '.join(words)} (по месяцам — таблица {table})"

    service = both(service_minutes(year), average_minutes(calls.handling_seconds, calls.answered), 2)
    wait = both(wait_minutes(year), average_minutes(calls.wait_seconds, calls.answered), 3)
    received, answers = _received_and_answers(_appeals_of(inputs))
    rows = (
        Row("1", (1, APPEALS, received, answers)),
        Row("2", (2, SERVICE, service, "")),
        Row("3", (3, WAIT, wait, "")),
        Row("4", (4, CHANNELS, _channels_in_short(inputs), "")),
    )
    columns = (
        Column("number", "№ п/п", "count", width=6),
        Column("name", "Наименование", width=60),
        *_COUNTS,
    )
    return Table("summary", "Информация", f"Информация за {inputs.year} год", columns, rows)


def _appeals(inputs: Inputs) -> Table:
    entries = _appeals_of(inputs)
    rows = [Row("", (inputs.company, *_received_and_answers(entries)), strong=True)]
    rows += [
        Row(office.code, (office.name["ru"], *_received_and_answers(own)))
        for office in inputs.offices
        for own in [[entry for entry in entries if entry.text("office") == office.code]]
    ]
    if apart := [entry for entry in entries if not entry.text("office")]:
        rows.append(Row("-", (WITHOUT_OFFICE, *_received_and_answers(apart))))
    notes = missing_note(entries, "Обращения")
    return Table("appeals", "1 Обращения", f"1. {APPEALS}", (_PLACE, *_COUNTS), tuple(rows), notes)


def _minutes(
    inputs: Inputs, key: str, short: str, title: str, average: Callable[[Sums], float | None], phone_sum: str
) -> Table:
    """Twelve months and the year, in person and by phone, of the company and of each office."""
    calls = inputs.of("calls")

    def in_person(office: str | None) -> list[Cell]:
        months = inputs.twelve(office)
        return [*(average(month) for month in months), average(sum(months, Sums()))]

    def by_phone(entries: Sequence[Entry]) -> list[Cell]:
        periods = [[entry for entry in entries if entry.month == month] for month in range(1, 13)]
        counted = [calls_of(period) for period in [*periods, entries]]
        return [average_minutes(getattr(one, phone_sum), one.answered) for one in counted]

    rows = [
        Row("|in_person", (inputs.company, IN_PERSON, *in_person(None)), strong=True),
        Row("|phone", (inputs.company, PHONE, *by_phone(calls)), strong=True),
    ]
    for office in inputs.offices:
        name = office.name["ru"]
        rows.append(Row(f"{office.code}|in_person", (name, IN_PERSON, *in_person(office.code))))
        if own := [entry for entry in calls if entry.text("office") == office.code]:
            rows.append(Row(f"{office.code}|phone", (name, PHONE, *by_phone(own))))
    columns = (
        Column("place", "Подразделение", width=30),
        Column("way", "Обслуживание", width=16),
        *(Column(str(number), name, "decimal") for number, name in enumerate(MONTHS, start=1)),
        Column("year", "Год", "decimal"),
    )
    return Table(key, short, title, columns, tuple(rows), missing_note(calls, "Телефонные вызовы"))


def _channels(inputs: Inputs) -> Table:
    rows = []
    for name, entries in _by_channel(inputs).items():
        hours: dict[str, list[str]] = {}
        for entry in entries:
            hours.setdefault(entry.text("hours"), []).append(MONTHS[entry.month - 1].lower())
        written = "; ".join(
            text if len(hours) == 1 else f"{text} ({', '.join(months)})" for text, months in hours.items()
        )
        rows.append(Row(name, (name, written, _outages(entries))))
    columns = (
        Column("channel", "Канал заочного обслуживания", width=30),
        Column("hours", "Режим работы", width=40),
        Column("outages", "Перерывы в работе в течение года", width=40),
    )
    if not rows:
        rows = [Row("-", (NO_DATA, None, None))]
    return Table("channels", "4 Заочные каналы", f"4. {CHANNELS}", columns, tuple(rows))


def _outages(entries: Sequence[Entry]) -> str:
    number, minutes = (sum(entry.count(name) for entry in entries) for name in ("outages", "outage_minutes"))
    words = f"перерывов: {shown(number)}, всего {shown(minutes)} мин." if number else "без перерывов"
    missing = missing_months(entries)
    return f"{words} (нет данных за {', '.join(missing)})" if missing else words


def _channels_in_short(inputs: Inputs) -> str | None:
    found = {name: _outages(entries) for name, entries in _by_channel(inputs).items()}
    if not found:
        return None
    if set(found.values()) == {"без перерывов"}:
        return "без перерывов"
    return "; ".join(f"{name} — {words}" for name, words in found.items())


def _by_channel(inputs: Inputs) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in sorted(inputs.of("channels"), key=lambda entry: (entry.text("channel"), entry.month)):
        found.setdefault(entry.text("channel"), []).append(entry)
    return found


def _repeated(inputs: Inputs) -> Table:
    entries = _appeals_of(inputs)
    received, repeated = total(entries, "received"), total(entries, "repeated")
    share = percent(repeated, received) if received and repeated is not None else None
    columns = (
        Column("received", RECEIVED, "count"),
        Column("repeated", "Из них повторных", "count"),
        Column("share", "Доля повторных, % (целевое значение — не более 1 %)", "decimal"),
    )
    row = Row("year", (received, repeated, share))
    return Table("repeated", "Повторные", REPEATED, columns, (row,), missing_note(entries, "Обращения"))


def _measures(inputs: Inputs) -> Table:
    names = ("number", "measure", "term", "responsible", "result")
    titles = (
        "№ п/п",
        "Наименование мероприятия",
        "Срок реализации",
        "Ответственные исполнители",
        "Результат",
    )
    widths = (8, 50, 18, 28, 50)
    columns = tuple(
        Column(name, title, width=width) for name, title, width in zip(names, titles, widths, strict=True)
    )
    entries = sorted(inputs.of("measures"), key=lambda entry: _in_order(entry.text("number")))
    rows = tuple(Row(entry.key, tuple(entry.text(name) for name in names)) for entry in entries)
    if not rows:
        rows = (Row("-", ("", None, None, None, None)),)
    return Table("measures", "Мероприятия", MEASURES, columns, rows)


def _in_order(number: str) -> list[tuple[int, str]]:
    """1.2 before 1.10, and words after numbers."""
    return [(int(part) if part.isdigit() else 10**9, part) for part in number.replace("-", ".").split(".")]


def _appeals_of(inputs: Inputs) -> list[Entry]:
    return [entry for entry in inputs.of("appeals") if entry.text("kind") in _COUNTED]


def _received_and_answers(entries: Sequence[Entry]) -> tuple[int | None, int | None]:
    if not entries:
        return None, None
    answers = sum(entry.count("in_time") + entry.count("late") for entry in entries)
    return total(entries, "received"), answers
