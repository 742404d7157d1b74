"""A booking as a calendar file (RFC 5545), for the visitor's own calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event

from server.domain.booking import Booking
from server.sdk.booking_messages import BookingView
from server.web.booking_page_steps import hour, say

REMIND_BEFORE = timedelta(hours=1)


def calendar_file(booking: Booking, view: BookingView, now: datetime) -> bytes:
    """The calendar file of a booking that stands or was cancelled, in the reader's language.

    A calendar that has the booking already takes the newer of two files: ``SEQUENCE`` counts the seconds
    since the booking was made, so whatever was moved or cancelled later is newer. Times are in the
    office's own zone, which the file describes.
    """
    zone = ZoneInfo(view.timezone)
    standing = view.state in ("booked", "arrived")
    title = _("Visit: %(service)s", service=say(view.service_name))
    event = Event.new(
        uid=f"{booking.id}@{urlsplit(view.link).hostname}",
        stamp=now,
        sequence=int((now - booking.made_at).total_seconds()),
        start=view.starts_at.astimezone(zone),
        end=view.ends_at.astimezone(zone),
        summary=title,
        description="\n".join(_lines(view, zone)),
        location=", ".join(text for text in (say(view.office_name), say(view.address)) if text),
        url=view.link,
        created=booking.made_at,
        status="CONFIRMED" if standing else "CANCELLED",  # type: ignore[arg-type]
    )
    if standing:
        alarm = Alarm.new(description=title)
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -REMIND_BEFORE)
        event.add_component(alarm)
    calendar = Calendar.new(prodid="-//Talon//booking//EN", method="PUBLISH", subcomponents=[event])
    around = view.starts_at.date()
    # One year each way holds every change of clocks that matters to this visit.
    calendar.add_missing_timezones(around - timedelta(days=366), around + timedelta(days=366))
    return bytes(calendar.to_ical())


def _lines(view: BookingView, zone: ZoneInfo) -> list[str]:
    lines = []
    if view.code:
        lines.append(_("Booking code: %(code)s", code=view.code))
    if view.check_in_needed:
        begin, end = hour(view.check_in_from, zone), hour(view.check_in_until, zone)
        lines.append(_("Check in at the kiosk from %(begin)s to %(end)s.", begin=begin, end=end))
    if documents := say(view.documents):
        lines += [_("What to bring:"), documents]
    lines.append(_("Move or cancel: %(link)s", link=view.link))
    return lines
