"""Pages of the hall administrator: the whole hall, its equipment, its bookings, a ticket's slip to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import qrcode
from flask import Blueprint, render_template
from flask_babel import force_locale, gettext, ngettext

from server.db import queries
from server.domain.errors import NotFound
from server.sdk.messages import Language, Names, OfficeInfo, TicketStatus
from server.web import views
from server.web.api import Api
from server.web.auth import Identity

_REPRINT_AFTER = timedelta(minutes=2)
"""A slip printed so long after the issue says when its people ahead and its wait were true."""


def blueprint(api: Api) -> Blueprint:
    """The hall's page and the slip."""
    pages = Blueprint("hall_pages", __name__)

    def staff_of(office: str, right: str) -> Identity:
        identity = api.gate.identity_for_page(right)
        identity.check_office(office)
        return identity

    @pages.get("/hall/<office>")
    def hall(office: str) -> str:
        identity = staff_of(office, "hall.watch")
        now_hall = api.store.hall(office)
        return render_template(
            "hall.html",
            office=views.office_info(now_hall).model_dump(mode="json"),
            person=identity.person,
            may_manage="office.manage" in identity.rights,
            takes_bookings=now_hall.office.bookings is not None,
        )

    @pages.get("/hall/<office>/equipment")
    def equipment(office: str) -> str:
        identity = staff_of(office, "hall.watch")
        info = views.office_info(api.store.hall(office)).model_dump(mode="json")
        return render_template("equipment.html", office=info, may_manage="office.manage" in identity.rights)

    @pages.get("/hall/<office>/bookings")
    def bookings(office: str) -> str:
        identity = staff_of(office, "booking.watch")
        info = views.office_info(api.store.hall(office)).model_dump(mode="json")
        rights = identity.rights
        return render_template(
            "staff_bookings.html",
            office=info,
            person=identity.person,
            may_manage="booking.manage" in rights,
            may_print="ticket.issue" in rights,
            may_watch_hall="hall.watch" in rights,
        )

    @pages.get("/hall/<office>/slip/<ticket>")
    def slip(office: str, ticket: str) -> str:
        # The slip carries the holder's own code: only who may give tickets out may see it.
        staff_of(office, "ticket.issue")
        with api.store.read() as connection:
            visit = queries.visit_by_id(connection, ticket)
        if visit is None or visit.office != office:
            raise NotFound("unknown_ticket")
        now_hall = api.store.hall(office)
        status = views.ticket_status(now_hall, visit)
        info = views.office_info(now_hall)
        return render_template("slip.html", slip=slip_of(info, status, f"{api.public_url}/t/{visit.code}"))

    return pages


@dataclass(frozen=True)
class Line:
    """A text of the slip in one language."""

    language: Language
    text: str


@dataclass(frozen=True)
class Slip:
    """All that stands on a slip, from top to bottom; each text once in every language of the paper."""

    number: str
    demonstration: list[Line]
    company: list[Line]
    office: list[Line]
    address: list[Line]
    your_number: list[Line]
    service: list[Line]
    issued: str
    queue: list[Line]
    reprinted: list[Line]
    where_to_wait: list[Line]
    live: list[Line]
    hot_line: list[Line]
    valid: list[Line]
    qr_squares: int
    qr_path: str


def slip_of(office: OfficeInfo, status: TicketStatus, status_url: str) -> Slip:
    """Lay out the slip of a ticket as the terminals lay out theirs.

    The languages are the office's languages of the paper, in their order. Date and time are those of the
    issue, in the office's zone. Nothing personal is printed: not the category either.
    """
    languages = office.ticket_languages
    zone = ZoneInfo(office.timezone)
    again = status.at - status.issued_at > _REPRINT_AFTER and status.ahead is not None
    squares, path = qr(status_url)

    def words(text: str, **values: str) -> list[Line]:
        return _different([Line(one, _said(one, text, **values)) for one in languages])

    def names(texts: Names) -> list[Line]:
        return _different([Line(one, texts.get(one) or texts.get("ru", "")) for one in languages])

    return Slip(
        number=status.number,
        demonstration=words(N_("DEMONSTRATION")) if office.demonstration else [],
        company=names(office.company),
        office=names(office.name),
        address=names(office.address),
        your_number=words(N_("Your number")),
        service=names(status.service_name),
        issued=f"{status.issued_at.astimezone(zone):%d.%m.%Y %H:%M}",
        queue=[line for one in languages for line in _queue_lines(one, status)],
        reprinted=words(N_("Printed again at %(time)s"), time=_hour(status.at, zone)) if again else [],
        where_to_wait=names(office.wait_hint),
        live=words(N_("Your place in the queue, live:")),
        hot_line=words(N_("Hot line: %(phone)s"), phone=office.hotline) if office.hotline else [],
        valid=words(N_("Valid today")),
        qr_squares=squares,
        qr_path=path,
    )


@lru_cache(maxsize=64)
def qr(data: str) -> tuple[int, str]:
    """A QR code as an SVG path of unit squares, and the squares of a side with the four empty ones around."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(data)
    code.make(fit=True)
    matrix = code.get_matrix()
    path = [
        f"M{column} {line}h1v1h-1z"
        for line, row in enumerate(matrix)
        for column, black in enumerate(row)
        if black
    ]
    return len(matrix), "".join(path)


def _queue_lines(language: Language, status: TicketStatus) -> list[Line]:
    """People ahead and the expected wait, while the ticket waits."""
    if status.ahead is None:
        return []
    with force_locale(language):
        people = (
            ngettext("%(n)s person before you", "%(n)s people before you", status.ahead, n=status.ahead)
            if status.ahead
            else gettext("You are next")
        )
        wait = _expected_wait(status)
    return [Line(language, text) for text in (people, wait) if text]


def _expected_wait(status: TicketStatus) -> str:
    expected = status.expected_wait
    if expected is None:
        return ""
    n = expected.to_minutes
    if expected.from_minutes == n:
        return str(ngettext("Wait about %(n)s minute", "Wait about %(n)s minutes", n, n=n))
    if expected.from_minutes == 0:
        return str(ngettext("Wait up to %(n)s minute", "Wait up to %(n)s minutes", n, n=n))
    values = {"from": expected.from_minutes, "n": n}
    return str(ngettext("Wait %(from)s–%(n)s minute", "Wait %(from)s–%(n)s minutes", n, **values))


def _said(language: Language, text: str, **values: str) -> str:
    with force_locale(language):
        return str(gettext(text, **values))


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where its language is known."""
    return text


def _different(lines: list[Line]) -> list[Line]:
    """Each different text once, in order: a hot line or a name may be the same in both languages."""
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(line.text, line)
    return [line for line in found.values() if line.text]


def _hour(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%H:%M}"
