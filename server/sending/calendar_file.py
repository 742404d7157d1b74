"""A booking as a calendar file (RFC 5545) for the visitor: offered on its page, sent with its mails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from server.domain.booking import Booking, BookingState

REMIND_BEFORE = timedelta(hours=1)
KIND = "text/calendar; charset=utf-8; method=PUBLISH"
NAME = "booking.ics"


@dataclass(frozen=True)
class CalendarWords:
    """What the entry says in the visitor's language: its title, its text, and where to come."""

    title: str
    text: str
    place: str


def calendar_file(booking: Booking, zone: ZoneInfo, words: CalendarWords, link: str, now: datetime) -> bytes:
    """The calendar file of a booking that stands or was cancelled; ``link`` is the address of its page.

    A calendar that has the booking already takes the newer of two files: ``SEQUENCE`` counts the seconds
    since the booking was made, so whatever was moved or cancelled later is newer. Times are in the
    office's own zone, which the file describes.
    """
    name = f"{booking.id}@{urlsplit(link).hostname}"
    standing = booking.state in (BookingState.BOOKED, BookingState.ARRIVED)
    event = Event.new(
        uid=name,
        stamp=now,
        sequence=int((now - booking.made_at).total_seconds()),
        start=booking.starts_at.astimezone(zone),
        end=booking.ends_at.astimezone(zone),
        summary=words.title,
        description=words.text,
        location=words.place,
        url=link,
        created=booking.made_at,
        status="CONFIRMED" if standing else "CANCELLED",  # type: ignore[arg-type]
    )
    if standing:
        alarm = Alarm.new(description=words.title)
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -REMIND_BEFORE)
        event.add_component(alarm)
    # The same name each time (RFC 7986 §5.3): a mail that goes again is the same to the byte.
    calendar = Calendar.new(prodid="-//Talon//booking//EN", method="PUBLISH", uid=name, subcomponents=[event])
    around = booking.starts_at.date()
    # One year each way holds every change of clocks that matters to this visit.
    calendar.add_missing_timezones(around - timedelta(days=366), around + timedelta(days=366))
    return bytes(calendar.to_ical())
