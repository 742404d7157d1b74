"""What stands on a ticket, in which order and how large: pure, knows no printer (domain §12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from gettext import NullTranslations
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from kiosk.printer_status import N_
from kiosk.ticket_template import TicketField, TicketTemplate
from server.sdk.messages import ExpectedWait, IssuedTicket, Language, Names, OfficeInfo

Words = Mapping[str, NullTranslations]
"""gettext words of the ticket by language code."""
USUAL: Final = TicketTemplate()
"""The ticket of an office that has no template of its own."""


class Size(Enum):
    """How large a text is printed; HUGE is as large as the paper lets."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"


@dataclass(frozen=True)
class Text:
    """A text, centred or from the left; the printer wraps it to its own width.

    One from the left that begins with "- " is an item of a list: its further lines stand under its words.
    """

    text: str
    size: Size = Size.SMALL
    bold: bool = False
    align: Literal["center", "left"] = "center"


@dataclass(frozen=True)
class Logo:
    """A picture file, made to fit."""

    path: Path


@dataclass(frozen=True)
class Rule:
    """A thin line over the whole width."""


@dataclass(frozen=True)
class Qr:
    """A QR code that holds ``data``."""

    data: str


@dataclass(frozen=True)
class Feed:
    """Empty paper, in dots (8 dots are 1 mm at 203 dpi)."""

    dots: int


@dataclass(frozen=True)
class Cut:
    """The end of the ticket."""


Item = Text | Logo | Rule | Qr | Feed | Cut


def ticket_layout(
    office: OfficeInfo, ticket: IssuedTicket, words: Words, template: TicketTemplate = USUAL
) -> list[Item]:
    """Lay out the ticket of a walk-in visitor.

    ``office.ticket_languages`` gives the languages in order (a bilingual office: kk, then ru), each
    at the same size, the number once. Date and time are those of the issue, in the office's zone.
    ``words`` must hold every ticket language. Nothing personal is printed: not the category either.
    ``template`` says which fields stand on it in which order; one without content takes no place.
    """
    languages = office.ticket_languages
    service: Names = next((one.name for one in office.services if one.code == ticket.service), {})
    items = demonstration(office, languages, words)
    for field in template.fields:
        match field:
            case "number":
                items += said(words, languages, N_("Your number"), Size.MEDIUM)
                items.append(Text(ticket.number, Size.HUGE, bold=True))
            case "service":
                items += named(service, languages, Size.LARGE, bold=True)
            case "issued":
                items += [Feed(8), Text(local_time(office, ticket.issued_at), Size.MEDIUM)]
            case "people_ahead":
                for language in languages:
                    items.append(Text(people_ahead(words[language], ticket.ahead), Size.LARGE))
                    if template.expected_wait and ticket.expected_wait:
                        items.append(Text(expected_wait(words[language], ticket.expected_wait), Size.LARGE))
            case "wait_hint":
                items += [Feed(8), *named(office.wait_hint, languages, Size.MEDIUM)]
            case "status":
                items += said(words, languages, N_("Your place in the queue, live:"))
                items.append(Qr(ticket.status_url))
            case "valid_today":
                items += said(words, languages, N_("Valid today"), bold=True)
            case _:
                items += frame(field, office, languages, words, template)
    return [*items, Cut()]


def frame(
    field: TicketField,
    office: OfficeInfo,
    languages: Sequence[Language],
    words: Words,
    template: TicketTemplate,
) -> list[Item]:
    """A field that every paper of the office may have; none for a field of tickets only."""
    match field:
        case "logo":
            return [] if template.logo is None else [Logo(template.logo), Feed(8)]
        case "header" | "footer":
            lines = template.header if field == "header" else template.footer
            return [item for one in lines for item in named(one.names, languages, Size(one.size), one.bold)]
        case "company":
            return named(office.company, languages)
        case "office":
            return named(office.name, languages, bold=True)
        case "address":
            return named(office.address, languages)
        case "line":
            return [Rule()]
        case "hotline" if office.hotline:
            line = N_("Hot line: %(phone)s")
            return each([words[one].gettext(line) % {"phone": office.hotline} for one in languages])
        case _:
            return []


def demonstration(office: OfficeInfo, languages: Sequence[Language], words: Words) -> list[Item]:
    """What a paper of a demonstration begins with, whatever its template; nothing in a real office."""
    if not office.demonstration:
        return []
    return said(words, languages, N_("DEMONSTRATION"), Size.MEDIUM, bold=True)


def local_time(office: OfficeInfo, at: datetime) -> str:
    """Date and time in the office's own zone."""
    return f"{at.astimezone(ZoneInfo(office.timezone)):%d.%m.%Y %H:%M}"


def people_ahead(words: NullTranslations, ahead: int) -> str:
    """How many people are called before this visitor, by the plural rule of the language (domain §11)."""
    if ahead <= 0:
        return words.gettext("You are next")
    return words.ngettext("%(n)s person before you", "%(n)s people before you", ahead) % {"n": ahead}


def expected_wait(words: NullTranslations, wait: ExpectedWait) -> str:
    """The expected wait as a phrase; the last number rules the plural (domain §11).

    Between the numbers stands a hyphen: the printers' own letters have no dash (domain §14).
    """
    n = wait.to_minutes
    if wait.from_minutes == n:
        text = words.ngettext("Wait about %(n)s minute", "Wait about %(n)s minutes", n)
    elif wait.from_minutes == 0:
        text = words.ngettext("Wait up to %(n)s minute", "Wait up to %(n)s minutes", n)
    else:
        text = words.ngettext("Wait %(from)s-%(n)s minute", "Wait %(from)s-%(n)s minutes", n)
    return text % {"from": wait.from_minutes, "n": n}


def named(
    names: Names, languages: Sequence[Language], size: Size = Size.SMALL, bold: bool = False
) -> list[Item]:
    """The same name in each ticket language; Russian where a language is missing."""
    return each([names.get(one) or names.get("ru", "") for one in languages], size, bold)


def said(
    words: Words, languages: Sequence[Language], text: str, size: Size = Size.SMALL, bold: bool = False
) -> list[Item]:
    """A message id of the kiosk in each ticket language."""
    return each([words[one].gettext(text) for one in languages], size, bold)


def each(texts: Sequence[str], size: Size = Size.SMALL, bold: bool = False) -> list[Item]:
    """Each different text once, in order: a hot line or a name may be the same in both languages."""
    return [Text(text, size, bold) for text in dict.fromkeys(texts) if text]
