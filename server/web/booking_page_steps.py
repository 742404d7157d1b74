"""What the booking pages show: the choice in the address, days as a calendar, times by part of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import format_date, format_datetime, get_locale
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.domain.errors import Invalid
from server.sdk.booking_messages import AskSlots, BookingRules, BookingView, Count, Slot, SlotDate, SlotDay
from server.sdk.messages import Code
from server.sending.calendar_file import CalendarWords

DAYS_SHOWN = 28
"""Days on one page of the calendar: four weeks; further ones are a link away."""
NOON, EVENING = 12, 17
KEPT = ("language", "frame")
"""What every address of these pages takes along."""


class Choice(BaseModel):
    """What the visitor has chosen so far, as the address tells it: nothing of the person.

    Other words in the address are left alone: the company's site may add its own.
    """

    model_config = ConfigDict(extra="ignore")

    service: Code | None = None
    count: Count = 1
    day: SlotDate | None = None
    first: SlotDate | None = Field(None, alias="from")

    def asks(self, service: str, today: date, last: date) -> AskSlots:
        """The free times to ask for: of the chosen day, or of four weeks up to ``last``."""
        first = self.day or max(self.first or today, today)
        until = self.day or max(first, min(last, first + timedelta(days=DAYS_SHOWN - 1)))
        return AskSlots.model_validate({"service": service, "from": first, "to": until, "count": self.count})


class Row(NamedTuple):
    """A line of the summary; ``change`` leads to where it can be chosen anew."""

    label: str
    text: str
    change: str | None = None


class DayCell(NamedTuple):
    """A day of the calendar: its own words, and where it stands in the week (1 = Monday)."""

    day: date
    state: Literal["free", "full", "closed"]
    weekday: str
    date: str
    column: int


class Part(NamedTuple):
    """A part of the day with its free times."""

    title: str
    slots: list[Slot]


def choice() -> Choice:
    """What the address of the current request says; raises ``Invalid``."""
    try:
        return Choice.model_validate(request.args.to_dict())
    except ValidationError:
        raise Invalid("invalid") from None


def framed() -> bool:
    """Whether the page is shown inside a page of the company."""
    return request.args.get("frame") == "1"


def to(path: str, **values: object) -> str:
    """An address of these pages that keeps the language and the frame."""
    told = {name: value for name, value in values.items() if value is not None}
    told |= {name: request.args[name] for name in KEPT if name in request.args}
    return f"{path}?{urlencode(told)}" if told else path


def say(names: Mapping[Any, str]) -> str:
    """A text of the company in the reader's language, Russian where it is missing."""
    return names.get(str(get_locale())) or names.get("ru") or ""


def day_words(day: date) -> str:
    """A day in words: "Tuesday, 3 March"."""
    words = str(format_date(day, "EEEE, d MMMM"))
    return words[:1].upper() + words[1:]


def time_words(at: datetime, zone: ZoneInfo) -> str:
    """A moment in words by the office's clock: "Tuesday, 3 March, 10:15"."""
    local = at.astimezone(zone)
    return f"{day_words(local.date())}, {local:%H:%M}"


def hour(at: datetime, zone: ZoneInfo) -> str:
    """The office's wall clock: "10:15"."""
    return f"{at.astimezone(zone):%H:%M}"


def zone_words(at: datetime, zone: ZoneInfo) -> str:
    """The name of the office's time: "Saratov, UTC+4"."""
    local = at.astimezone(zone)
    offset = f"{local:%z}"
    minutes = f":{offset[3:5]}" if offset[3:5] != "00" else ""
    city = format_datetime(local, "VVV", rebase=False)
    return f"{city}, UTC{offset[0]}{int(offset[1:3])}{minutes}"


def offset_minutes(at: datetime, zone: ZoneInfo) -> int:
    """How far the office's clock is before UTC: pages name the zone to whoever lives by another one."""
    offset = at.astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(minutes=1)


def calendar(days: Sequence[SlotDay]) -> list[DayCell]:
    """The days of a list as cells of a calendar."""
    return [
        DayCell(
            one.day,
            one.state,
            format_date(one.day, "EEEE"),
            format_date(one.day, "d MMMM"),
            one.day.isoweekday(),
        )
        for one in days
    ]


def parts(day: SlotDay) -> list[Part]:
    """The free times of a day by morning, afternoon and evening; parts without any are left out."""
    named = (
        (_("Morning"), 0, NOON),
        (_("Afternoon"), NOON, EVENING),
        (_("Evening"), EVENING, 24),
    )
    found = [
        Part(title, [slot for slot in day.slots if begin <= int(slot.time[:2]) < end])
        for title, begin, end in named
    ]
    return [part for part in found if part.slots]


def summary(
    rules: BookingRules, chosen: Choice, *, several_offices: bool, day: date | None = None
) -> list[Row]:
    """What has been chosen so far, each with the way to choose it anew."""
    path = f"/book/{rules.office}"
    rows = [Row(_("Office"), say(rules.name), to("/book") if several_offices else None)]
    service = next((one for one in rules.services if one.code == chosen.service), None)
    if service is None:
        return rows
    again = to(path) if len(rules.services) > 1 else None
    minutes = _("%(name)s, %(n)s min", name=say(service.name), n=service.minutes * chosen.count)
    rows.append(Row(_("Service"), minutes, again))
    if service.most > 1:
        other = to(f"{path}/count", service=service.code, day=chosen.day, count=chosen.count)
        rows.append(Row(_("Matters at once"), str(chosen.count), other))
    if day is not None:
        change = to(path, service=service.code, count=chosen.count)
        rows.append(Row(_("Day"), day_words(day), change))
    return rows


def booking_rows(view: BookingView) -> list[Row]:
    """The summary of a booking: where, what, when."""
    zone = ZoneInfo(view.timezone)
    rows = [
        Row(_("When"), f"{time_words(view.starts_at, zone)}–{hour(view.ends_at, zone)}"),
        Row(_("Service"), say(view.service_name)),
        Row(_("Where"), place_of(view)),
    ]
    if view.count > 1:
        rows.insert(2, Row(_("Matters at once"), str(view.count)))
    return rows


def calendar_words(view: BookingView, zone: ZoneInfo) -> CalendarWords:
    """What the booking says in the visitor's calendar."""
    lines = []
    if view.code:
        lines.append(_("Booking code: %(code)s", code=view.code))
    if view.check_in_needed:
        begin, end = hour(view.check_in_from, zone), hour(view.check_in_until, zone)
        lines.append(_("Check in at the kiosk from %(begin)s to %(end)s.", begin=begin, end=end))
    if documents := say(view.documents):
        lines += [_("What to bring:"), documents]
    lines.append(_("Move or cancel: %(link)s", link=view.link))
    title = _("Visit: %(service)s", service=say(view.service_name))
    return CalendarWords(title, "\n".join(lines), place_of(view))


def place_of(view: BookingView) -> str:
    """Where to come: the office and its address."""
    return ", ".join(text for text in (say(view.office_name), say(view.address)) if text)


def day_of(view: BookingView) -> date:
    """The office's day of a booking."""
    return view.starts_at.astimezone(ZoneInfo(view.timezone)).date()


def pages_of(first: date, today: date, last: date) -> dict[str, Any]:
    """The first days of the calendar's page before and after the one that begins on ``first``."""
    after = first + timedelta(days=DAYS_SHOWN)
    return {
        "earlier": max(today, first - timedelta(days=DAYS_SHOWN)) if first > today else None,
        "later": after if after <= last else None,
    }
