"""Papers beside the ticket: the slip of a booking and a service's information, in the template's frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.printer_status import N_
from kiosk.ticket_layout import (
    USUAL,
    Cut,
    Feed,
    Item,
    Qr,
    Rule,
    Size,
    Text,
    Words,
    demonstration,
    frame,
    local_time,
    named,
    said,
)
from kiosk.ticket_template import TicketField, TicketTemplate
from server.sdk.messages import Language, Names, OfficeInfo

_TOP: tuple[TicketField, ...] = ("logo", "header", "company", "office", "address")
_BOTTOM: tuple[TicketField, ...] = ("hotline", "footer")


@dataclass(frozen=True)
class Registration:
    """A booking as its slip shows it. ``url``: where it can be looked at and cancelled; empty without one."""

    code: str
    service: str
    at: datetime
    url: str = ""


def registration_layout(
    office: OfficeInfo, registration: Registration, words: Words, template: TicketTemplate = USUAL
) -> list[Item]:
    """Lay out the slip of a booking: code, service, date and time, what to do on coming (domain §12).

    Of the template's fields those hold that are not a ticket's own; nothing personal is printed.
    """
    languages = office.ticket_languages
    service: Names = next((one.name for one in office.services if one.code == registration.service), {})
    link = [*said(words, languages, N_("To see or cancel it:")), Qr(registration.url)]
    return [
        *_part(_TOP, office, languages, words, template),
        Rule(),
        *said(words, languages, N_("You are registered"), Size.MEDIUM),
        Text(local_time(office, registration.at), Size.LARGE, bold=True),
        *named(service, languages, Size.LARGE, bold=True),
        Rule(),
        *said(words, languages, N_("Your code"), Size.MEDIUM),
        Text(registration.code, Size.HUGE, bold=True),
        *said(words, languages, N_("When you come, enter this code at the terminal."), Size.MEDIUM),
        Rule(),
        *(link if registration.url else []),
        *_part(_BOTTOM, office, languages, words, template),
        Cut(),
    ]


def information_layout(
    office: OfficeInfo,
    service: str,
    language: Language,
    words: Words,
    template: TicketTemplate = USUAL,
) -> list[Item]:
    """Lay out what the terminal tells about a service, in the visitor's language: text, then documents.

    A blank line of the text parts paragraphs, "- " begins an item of a list. Raises ``LookupError`` for
    a service the office does not have.
    """
    known = next((one for one in office.services if one.code == service), None)
    if known is None:
        raise LookupError(f"the office {office.code} has no service {service!r}")
    languages: list[Language] = [language]
    information = known.information.get(language) or known.information.get("ru", "")
    documents = known.documents.get(language) or known.documents.get("ru", "")
    items = [*_part(_TOP, office, languages, words, template), Rule()]
    items += [*named(known.name, languages, Size.LARGE, bold=True), Feed(12), *_paragraphs(information)]
    if documents:
        title = words[language].gettext("Documents you need")
        items += [Feed(8), Text(title, bold=True, align="left"), Feed(4), *_paragraphs(documents)]
    items += [Rule(), *_part(_BOTTOM, office, languages, words, template)]
    return [*items, Cut()]


def _part(
    fields: Sequence[TicketField],
    office: OfficeInfo,
    languages: Sequence[Language],
    words: Words,
    template: TicketTemplate,
) -> list[Item]:
    """The fields of the top or the bottom that the template has, in the template's order."""
    top = demonstration(office, languages, words) if fields is _TOP else []
    for field in template.fields:
        if field in fields:
            top += frame(field, office, languages, words, template)
    return top


def _paragraphs(text: str) -> list[Item]:
    items: list[Item] = []
    paragraph = ""
    for line in [*text.splitlines(), ""]:
        line = line.strip()
        if paragraph and (not line or line.startswith("- ")):
            items.append(Text(paragraph, align="left"))
            paragraph = ""
        if line:
            paragraph = f"{paragraph} {line}" if paragraph else line
        elif items and not isinstance(items[-1], Feed):
            items.append(Feed(12))
    return items
