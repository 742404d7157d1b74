"""What people enter by the month where no register counts it yet: appeals, calls, remote channels, measures.

An *entry* is one row of one *form*. Its key says what it is about; a later entry under the same key is a
correction: the newest counts, the older stay on record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

LONGEST_TEXT = 500
LONGEST_NAME = 100
"""Texts that a row is known by are names, not stories."""
LARGEST_COUNT = 1_000_000_000
"""No company has more appeals, calls or seconds in a month: what is larger is a slip of the hand."""

KINDS = {
    "appeal": "Обращение",
    "complaint": "Обращение, содержащее жалобу",
    "application": "Обращение, содержащее заявку на оказание услуг",
}
CHANNELS = {
    "in_person": "Очная форма",
    "phone": "Заочная форма с использованием телефонной связи",
    "internet": "Электронная форма с использованием сети Интернет",
    "post": "Письменная форма с использованием почтовой связи",
    "other": "Прочее",
}
TOPICS = {
    "appeal": {
        "transmission": "Оказание услуг по передаче электрической энергии",
        "connection": "Осуществление технологического присоединения",
        "metering": "Коммерческий учет электрической энергии",
        "service": "Качество обслуживания потребителей",
        "maintenance": "Техническое обслуживание электросетевых объектов",
        "other": "Прочее",
    },
    "complaint": {
        "transmission_quality": "Качество услуг по передаче электрической энергии",
        "energy_quality": "Качество электрической энергии",
        "connection": "Осуществление технологического присоединения",
        "metering": "Коммерческий учет электрической энергии",
        "service": "Качество обслуживания потребителей",
        "maintenance": "Техническое обслуживание электросетевых объектов",
        "other": "Прочее",
    },
    "application": {
        "connection": "По технологическому присоединению",
        "contract": "Заключение договора на оказание услуг по передаче электроэнергии",
        "metering": "Организация коммерческого учета электроэнергии",
        "other": "Прочее",
    },
}
"""Kinds, channels and topics as domain §8.2 and §8.4 call them."""
SHORT_NAMES = {
    "жалоба": "complaint",
    "претензия": "complaint",
    "заявка": "application",
    "очно": "in_person",
    "телефон": "phone",
    "интернет": "internet",
    "почта": "post",
}
"""What people also write for kinds and channels."""


@dataclass(frozen=True)
class Field:
    """One value of a row. ``title`` is its column's name in files; ``type`` says what may stand there:
    ``month`` (YYYY-MM), ``year``, ``office`` (a code; empty: the company as a whole), ``choice``, ``topic``
    (a choice among the kind's), ``count`` (a whole number from 0), ``text``.
    """

    code: str
    title: str
    type: str
    key: bool = False
    needed: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)


_MONTH = Field("month", "Месяц", "month", key=True)
_YEAR = Field("year", "Год", "year", key=True)
_OFFICE = Field("office", "Офис", "office", key=True, needed=False)

FORMS: dict[str, tuple[Field, ...]] = {
    "appeals": (
        _MONTH,
        _OFFICE,
        Field("kind", "Вид", "choice", key=True, choices=KINDS),
        Field("channel", "Форма обращения", "choice", key=True, choices=CHANNELS),
        Field("topic", "Тема", "topic", key=True),
        Field("received", "Поступило", "count"),
        Field("in_time", "Отвечено в срок", "count"),
        Field("late", "Отвечено с нарушением срока", "count"),
        Field("open", "Без ответа", "count"),
        Field("extended", "Срок продлён", "count"),
        Field("repeated", "Повторных", "count"),
    ),
    "calls": (
        _MONTH,
        _OFFICE,
        Field("calls", "Всего вызовов", "count"),
        Field("answered", "Ответил оператор", "count"),
        Field("automatic", "Обработано автоматически", "count"),
        Field("wait_seconds", "Сумма ожидания ответа, с", "count"),
        Field("handling_seconds", "Сумма обработки вызовов, с", "count"),
    ),
    "channels": (
        _MONTH,
        Field("channel", "Канал", "text", key=True),
        Field("hours", "Режим работы", "text"),
        Field("outages", "Перерывов в работе", "count"),
        Field("outage_minutes", "Длительность перерывов, мин", "count"),
    ),
    "measures": (
        _YEAR,
        Field("number", "№ п/п", "text", key=True),
        Field("measure", "Наименование мероприятия", "text"),
        Field("term", "Срок реализации", "text"),
        Field("responsible", "Ответственные исполнители", "text", needed=False),
        Field("result", "Результат", "text"),
    ),
    "offices": (
        _YEAR,
        Field("office", "Офис", "office", key=True),
        Field("type", "Тип офиса", "text"),
        Field("email", "Адрес электронной почты", "text", needed=False),
        Field("others", "Количество сторонних организаций", "count"),
        Field("other_names", "Названия сторонних организаций", "text", needed=False),
    ),
}
"""What can be entered: the forms and their fields in order."""


@dataclass(frozen=True)
class Entry:
    """One row of a form. ``month`` is 0 where the form is yearly; ``values``: every field by its code."""

    form: str
    year: int
    month: int
    key: str
    values: Mapping[str, Any]

    def count(self, name: str) -> int:
        """The number in a field."""
        return int(self.values[name])

    def text(self, name: str) -> str:
        """The text in a field; empty when nothing was given."""
        return str(self.values[name])


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: its line (1 is the first), the field (``None``: the row), and a code why."""

    line: int
    place: str | None
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


class RowFault(Exception):
    """A value that cannot be taken."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.values = values
        super().__init__(code)


_MONTH_WRITINGS = (
    re.compile(r"^(?P<year>\d{4})-(?P<month>\d{1,2})(-01)?$"),
    re.compile(r"^(01\.)?(?P<month>\d{1,2})\.(?P<year>\d{4})$"),
)
_SPACES = str.maketrans("", "", " \u00a0\u202f")


def read_row(
    form: str, line: int, cells: Mapping[str, str], offices: Collection[str], today: date
) -> tuple[Entry | None, list[Fault]]:
    """Check one row of texts by field code. Returns the entry, or ``None`` and every fault of the row."""
    values: dict[str, Any] = {}
    faults = []
    for part in FORMS[form]:
        try:
            values[part.code] = _value(part, cells.get(part.code, ""), values, offices, today)
        except RowFault as fault:
            faults.append(Fault(line, part.code, fault.code, fault.values))
    if not faults:
        faults = [Fault(line, place, code, more) for place, code, more in _CHECKS.get(form, _none)(values)]
    if faults:
        return None, faults
    when = str(values.get("month") or values["year"])
    year, _, month = when.partition("-")
    return Entry(form, int(year), int(month or 0), key_of(form, values), values), []


def key_of(form: str, values: Mapping[str, Any]) -> str:
    """What a row is about, as one text."""
    return "|".join(str(values[part.code]).replace("|", "/") for part in FORMS[form] if part.key)


def doubles(entries: Sequence[tuple[int, Entry]]) -> list[Fault]:
    """Rows of one file that are about the same thing as an earlier one; ``(line, entry)`` in order."""
    first: dict[str, int] = {}
    faults = []
    for line, entry in entries:
        earlier = first.setdefault(entry.key, line)
        if earlier != line:
            faults.append(Fault(line, None, "duplicate", {"line": earlier}))
    return faults


def _value(
    part: Field, written: str, row: Mapping[str, Any], offices: Collection[str], today: date
) -> str | int:
    text = " ".join(written.split())
    if not text:
        if part.needed:
            raise RowFault("missing")
        return ""
    if part.type == "month":
        return _month(text, today)
    if part.type == "year":
        if not re.match(r"^20\d\d$", text):
            raise RowFault("not_a_year", text=text)
        if int(text) > today.year:
            raise RowFault("in_future", text=text)
        return int(text)
    if part.type == "count":
        return _count(text)
    if part.type == "office":
        if text not in offices:
            raise RowFault("unknown_office", text=text)
        return text
    if part.type in ("choice", "topic"):
        return _choice(part, text, row)
    most = LONGEST_NAME if part.key else LONGEST_TEXT
    if len(text) > most:
        raise RowFault("too_long", most=most)
    return text


def _month(text: str, today: date) -> str:
    found = next((match for pattern in _MONTH_WRITINGS if (match := pattern.match(text))), None)
    if found is None or not 1 <= int(found["month"]) <= 12 or not 2000 <= int(found["year"]) <= 2100:
        raise RowFault("not_a_month", text=text)
    year, month = int(found["year"]), int(found["month"])
    if (year, month) > (today.year, today.month):
        raise RowFault("in_future", text=text)
    return f"{year:04}-{month:02}"


def _count(text: str) -> int:
    digits = text.translate(_SPACES)
    if re.match(r"^[-−–]\d+([.,]\d+)?$", digits):
        raise RowFault("negative", text=text)
    if not re.match(r"^[0-9]+$", digits):
        raise RowFault("not_whole", text=text)
    # A long run of digits is refused before it is made a number.
    if len(digits) > 12 or int(digits) > LARGEST_COUNT:
        raise RowFault("too_large", text=text)
    return int(digits)


def _choice(part: Field, text: str, row: Mapping[str, Any]) -> str:
    if part.type == "topic":
        if "kind" not in row:
            raise RowFault("topic_needs_kind")
        choices: Mapping[str, str] = TOPICS[row["kind"]]
    else:
        choices = part.choices
    wanted = text.casefold()
    for code, name in choices.items():
        if wanted in (code, name.casefold()) or SHORT_NAMES.get(wanted) == code:
            return code
    raise RowFault("unknown_choice", text=text, choices="; ".join(choices.values()))


_Found = list[tuple[str | None, str, dict[str, Any]]]


def _none(_values: Mapping[str, Any]) -> _Found:
    return []


def _appeals(values: Mapping[str, Any]) -> _Found:
    found: _Found = []
    parts = values["in_time"] + values["late"] + values["open"]
    if parts != values["received"]:
        found.append(("received", "parts_differ", {"sum": parts, "received": values["received"]}))
    found += [
        (name, "more_than_received", {"received": values["received"]})
        for name in ("extended", "repeated")
        if values[name] > values["received"]
    ]
    return found


def _calls(values: Mapping[str, Any]) -> _Found:
    found: _Found = []
    if values["answered"] + values["automatic"] > values["calls"]:
        found.append(("calls", "more_than_calls", {"calls": values["calls"]}))
    if values["answered"] == 0:
        found += [
            (name, "seconds_of_nobody", {}) for name in ("wait_seconds", "handling_seconds") if values[name]
        ]
    return found


def _channels(values: Mapping[str, Any]) -> _Found:
    if (values["outages"] == 0) != (values["outage_minutes"] == 0):
        return [("outage_minutes", "outages_differ", {})]
    return []


_CHECKS: dict[str, Callable[[Mapping[str, Any]], _Found]] = {
    "appeals": _appeals,
    "calls": _calls,
    "channels": _channels,
}
