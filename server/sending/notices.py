"""From a booking to the message about it: the office's name and zone, the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.domain.booking import PROOF_TIME, Booking, Contact
from server.domain.office import Names, Office
from server.sending import texts as words
from server.sending.calendar_file import KIND, NAME, CalendarWords, calendar_file
from server.sending.templates import filled
from server.sending.texts import LanguageTexts, Texts
from server.sending.ways import Attachment, Mail, Sms

_CHANGES_CALENDAR = ("booked", "moved", "cancelled", "replaced")


@dataclass(frozen=True)
class Notice:
    """All that one message is made of. ``facts`` and ``made_at`` are those of the outbox."""

    id: str
    kind: str
    facts: Mapping[str, Any]
    made_at: datetime
    booking: Booking
    office: Office
    contact: Contact


def mail(notice: Notice, texts: Texts, public_url: str) -> Mail:
    """The mail to the visitor's address, with the visit for their calendar where the notice changes it."""
    used = texts.of(notice.booking.language)
    values = _values(notice, used, public_url)
    own = used.messages[notice.kind]
    text = words.plain(own, values)
    language = notice.booking.language
    html = words.html(text, language, values["link"])
    files: tuple[Attachment, ...] = ()
    if notice.kind in _CHANGES_CALENDAR:
        place = ", ".join(part for part in (values["office"], values["address"]) if part)
        entry = CalendarWords(filled(used.visit, values), text, place)
        made = calendar_file(notice.booking, notice.office.zone, entry, values["link"], notice.made_at)
        files = (Attachment(NAME, KIND, made),)
    to = notice.contact.email or ""
    return Mail(notice.id, to, words.subject(own, values), text, html, language, files)


def sms(notice: Notice, texts: Texts, public_url: str) -> Sms:
    """The SMS to the visitor's phone."""
    used = texts.of(notice.booking.language)
    text = words.sms(used.messages[notice.kind], _values(notice, used, public_url))
    return Sms(notice.id, notice.contact.phone or "", text)


def _values(notice: Notice, used: LanguageTexts, public_url: str) -> dict[str, str]:
    booking, office, contact = notice.booking, notice.office, notice.contact
    language = booking.language

    def say(names: Names) -> str:
        return names.get(language) or names.get("ru", "")

    date, short_date, time = _told(booking.starts_at, office, used)
    old_date = old_time = ""
    if told := notice.facts.get("from"):
        old_date, _short, old_time = _told(datetime.fromisoformat(told), office, used)
    services = [service for service in office.services if service.code == booking.service]
    return {
        "company": say(office.company),
        "office": say(office.name),
        "address": say(office.address),
        "phone": office.phone,
        # A service the office gives no longer has no name here.
        "service": say(services[0].name) if services else "",
        "date": date,
        "short_date": short_date,
        "time": time,
        "old_date": old_date,
        "old_time": old_time,
        "reason": used.reasons.get(notice.facts.get("reason", ""), ""),
        "code": contact.proof if notice.kind == "proof" else booking.code or "",
        "minutes": str(round(PROOF_TIME.total_seconds() / 60)),
        "link": f"{public_url}/b/{contact.link}",
    }


def _told(at: datetime, office: Office, used: LanguageTexts) -> tuple[str, str, str]:
    """Date, short date and time as the office's own clock and calendar show them."""
    local = at.astimezone(office.zone)
    names = {
        "weekday": used.weekdays[local.weekday()],
        "day": str(local.day),
        "month": used.months[local.month - 1],
    }
    return filled(used.date, names), filled(used.short_date, names), f"{local:%H:%M}"
