"""A network company's yearly information (Единые стандарты, Приложение № 7): tables 4.1–4.3."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

from server.domain.entries import CHANNELS, TOPICS, Entry
from server.domain.figures import Sums, arrived, average_minutes
from server.domain.office import Office
from server.domain.opening_hours import Interval
from server.reports import methodology
from server.reports.document import Cell, Column, Document, Row, Table
from server.reports.inputs import (
    Inputs,
    calls_of,
    missing_note,
    percent,
    service_minutes,
    total,
    wait_minutes,
)

TITLE = "Информация о качестве обслуживания потребителей {company} услуг за {year} год"
APPEALS = (
    "4.1. Количество обращений, поступивших в сетевую организацию (всего), обращений, содержащих жалобу, "
    "и обращений, содержащих заявку на оказание услуг"
)
OFFICES = "4.2. Информация о деятельности офисов обслуживания потребителей"
PHONE = "4.3. Информация о заочном обслуживании потребителей посредством телефонной связи"
ALL, COMPLAINTS, APPLICATIONS = (
    "Всего обращений потребителей",
    "Обращения потребителей, содержащие жалобу",
    "Обращения потребителей, содержащие заявку на оказание услуг",
)
DAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")

# Under which topic of all appeals a complaint or an application counts (columns 10–15 of domain §8.4).
_GENERAL_TOPIC = {
    ("complaint", "transmission_quality"): "transmission",
    ("complaint", "energy_quality"): "transmission",
    ("application", "contract"): "transmission",
}


def document(inputs: Inputs) -> Document:
    """The three tables of the year."""
    return Document(
        form="network",
        period=str(inputs.year),
        title=TITLE.format(company=inputs.company, year=inputs.year),
        company=inputs.company,
        tables=(_appeals(inputs), _offices(inputs), _phone(inputs)),
        methodology=methodology.rules("network"),
        counts=methodology.counts(inputs),
    )


def _appeals(inputs: Inputs) -> Table:
    columns = [
        Column("number", "N", width=6),
        Column("category", "Категории обращений потребителей", width=36),
    ]
    for channel, name in CHANNELS.items():
        above = ("Формы обслуживания", name)
        columns += [
            Column(f"{channel}|before", "N-1", "count", above, 9),
            Column(f"{channel}|now", "N (текущий год)", "count", above, 11),
            Column(f"{channel}|change", "Динамика изменения показателя, %", "decimal", above, 14),
        ]
    now, before = inputs.of("appeals"), inputs.of("appeals", inputs.year - 1)
    rows = []
    for number, name, fits in _categories():
        cells: list[Cell] = [number, name]
        for channel in CHANNELS:

            def here(entry: Entry, channel: str = channel, fits: Callable[[Entry], bool] = fits) -> bool:
                return entry.text("channel") == channel and fits(entry)

            earlier, later = total(before, "received", here), total(now, "received", here)
            cells += [earlier, later, _change(earlier, later)]
        rows.append(Row(number, tuple(cells), strong="." not in number))
    notes = (
        *missing_note(now, f"Обращения {inputs.year} года"),
        *missing_note(before, f"Обращения {inputs.year - 1} года"),
    )
    return Table("4.1", "4.1 Обращения", APPEALS, tuple(columns), tuple(rows), notes)


def _categories() -> Iterator[tuple[str, str, Callable[[Entry], bool]]]:
    """The rows of 4.1: number, name, and whether an entry counts there."""
    yield "1", f"{ALL}, в том числе:", lambda entry: True
    for place, (topic, name) in enumerate(TOPICS["appeal"].items(), start=1):
        yield f"1.{place}", name, partial(_is_about, topic)
    for number, kind, title in (("2", "complaint", COMPLAINTS), ("3", "application", APPLICATIONS)):
        yield number, f"{title}, в том числе:", partial(_is_of, kind, None)
        for place, (topic, name) in enumerate(TOPICS[kind].items(), start=1):
            yield f"{number}.{place}", name, partial(_is_of, kind, topic)


def _is_about(general: str, entry: Entry) -> bool:
    topic = entry.text("topic")
    return _GENERAL_TOPIC.get((entry.text("kind"), topic), topic) == general


def _is_of(kind: str, topic: str | None, entry: Entry) -> bool:
    return entry.text("kind") == kind and topic in (None, entry.text("topic"))


def _change(before: int | None, now: int | None) -> Cell:
    """100·(N − N₋₁)/N₋₁; a dash where there was nothing the year before (domain §8.2)."""
    if before is None or now is None:
        return None
    return "—" if before == 0 else percent(now - before, before)


def _offices(inputs: Inputs) -> Table:
    cards = {entry.text("office"): entry for entry in inputs.of("offices")}
    rows = []
    for number, office in enumerate(inputs.offices, start=1):
        card, year = cards.get(office.code), sum(inputs.twelve(office.code), Sums())
        contacts = [part for part in (office.phone, card.text("email") if card else "") if part]
        came = arrived(year)
        cells = (
            number,
            office.name["ru"],
            card.text("type") if card else None,
            office.address.get("ru") or None,
            ", ".join(contacts) or None,
            opening_hours(office) or None,
            "; ".join(service.name["ru"] for service in office.services if service.state != "hidden"),
            came or None,
            service_minutes(year),
            wait_minutes(year),
            _others(card) if card else None,
        )
        rows.append(Row(office.code, cells))
    columns = (
        Column("number", "N", "count", width=6),
        Column("office", "Офис обслуживания потребителей", width=24),
        Column("type", "Тип офиса", width=14),
        Column("address", "Адрес местонахождения", width=26),
        Column("contacts", "Номер телефона, адрес электронной почты", width=24),
        Column("hours", "Режим работы", width=24),
        Column("services", "Предоставляемые услуги", width=32),
        Column("arrived", "Количество потребителей, обратившихся очно в отчетном периоде", "count", width=22),
        Column("service", "Среднее время на обслуживание потребителя, мин.", "decimal", width=21),
        Column("wait", "Среднее время ожидания потребителя в очереди, мин.", "decimal", width=21),
        Column(
            "others",
            "Количество сторонних организаций на территории офиса обслуживания "
            "(при наличии указать названия)",
            width=22,
        ),
    )
    return Table("4.2", "4.2 Офисы", OFFICES, columns, tuple(rows))


def _others(card: Entry) -> str:
    names = card.text("other_names")
    return f"{card.count('others')} ({names})" if names else str(card.count("others"))


def _phone(inputs: Inputs) -> Table:
    entries = inputs.of("calls")
    calls = calls_of(entries)
    phones = dict.fromkeys(
        phone for office in inputs.offices for phone in (office.hotline or office.phone,) if phone
    )
    counted = entries or None
    lines: list[tuple[str, str, str, Cell]] = [
        ("1", "Номера телефонов", "номер", ", ".join(phones) or None),
        (
            "2",
            "Общее число телефонных вызовов по выделенным номерам",
            "ед.",
            counted and calls.calls,
        ),
        ("2.1", "в т.ч. на которые ответил оператор", "ед.", counted and calls.answered),
        (
            "2.2",
            "в т.ч. обработанных автоматически системой интерактивного голосового меню",
            "ед.",
            counted and calls.automatic,
        ),
        ("3", "Среднее время ожидания ответа", "мин.", average_minutes(calls.wait_seconds, calls.answered)),
        (
            "4",
            "Среднее время обработки вызова",
            "мин.",
            average_minutes(calls.handling_seconds, calls.answered),
        ),
    ]
    columns = (
        Column("number", "N", width=6),
        Column("name", "Наименование", width=60),
        Column("unit", "Единица измерения", width=14),
        Column("value", "Значение", width=30),
    )
    rows = tuple(Row(line[0], line) for line in lines)
    return Table("4.3", "4.3 Телефон", PHONE, columns, rows, missing_note(entries, "Телефонные вызовы"))


def opening_hours(office: Office) -> str:
    """The weekly hours in short: ``пн–чт 08:00–17:00, перерыв 12:00–13:00; пт 08:00–15:00``."""
    schedule = office.schedule
    days = [(schedule.weekly.get(day, ()), schedule.breaks.get(day, ())) for day in range(1, 8)]
    parts = []
    for (hours, breaks), run in groupby(enumerate(days), key=lambda pair: pair[1]):
        numbers = [number for number, _ in run]
        if not hours:
            continue
        name = DAYS[numbers[0]] if len(numbers) == 1 else f"{DAYS[numbers[0]]}–{DAYS[numbers[-1]]}"
        pause = f", перерыв {_intervals(breaks)}" if breaks else ""
        parts.append(f"{name} {_intervals(hours)}{pause}")
    return "; ".join(parts)


def _intervals(intervals: Sequence[Interval]) -> str:
    return ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in intervals)
