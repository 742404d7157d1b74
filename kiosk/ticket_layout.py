"""What stands on a ticket, in which order and how large: pure, knows no printer (domain §12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from server.sdk.messages import IssuedTicket, Language, Names, OfficeInfo

Words = Mapping[str, NullTranslations]
"""gettext words of the ticket by language code."""


class Size(Enum):
    """How large a text is printed; HUGE is as large as the paper lets."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"


@dataclass(frozen=True)
class Text:
    """A centred text; the printer wraps it to its own width."""

    text: str
    size: Size = Size.SMALL
    bold: bool = False


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


Item = Text | Rule | Qr | Feed | Cut


def ticket_layout(office: OfficeInfo, ticket: IssuedTicket, words: Words) -> list[Item]:
    """Lay out the ticket of a walk-in visitor.

    ``office.ticket_languages`` gives the languages in order (a bilingual office: kk, then ru), each
    at the same size, the number once. Date and time are those of the issue, in the office's zone.
    ``words`` must hold every ticket language. Nothing personal is printed: not the category either.
    """
    languages = office.ticket_languages
    service: Names = next((one.name for one in office.services if one.code == ticket.service), {})
    issued = ticket.issued_at.astimezone(ZoneInfo(office.timezone))

    items: list[Item] = []
    if office.demonstration:
        items += _each([words[one].gettext("DEMONSTRATION") for one in languages], Size.MEDIUM, bold=True)
    items += _names(office.company, languages, Size.SMALL)
    items += _names(office.name, languages, Size.SMALL, bold=True)
    items += _names(office.address, languages, Size.SMALL)
    items += [Rule(), *_each([words[one].gettext("Your number") for one in languages], Size.MEDIUM)]
    items += [Text(ticket.number, Size.HUGE, bold=True)]
    items += _names(service, languages, Size.LARGE, bold=True)
    items += [Feed(8), Text(f"{issued:%d.%m.%Y %H:%M}", Size.MEDIUM), Rule()]
    for language in languages:
        items.append(Text(people_ahead(words[language], ticket.ahead), Size.LARGE))
        if ticket.expected_wait_minutes:
            items.append(Text(expected_wait(words[language], ticket.expected_wait_minutes), Size.LARGE))
    items += [Feed(8), *_names(office.wait_hint, languages, Size.MEDIUM)]
    items += [Rule(), *_each([words[one].gettext("Your place in the queue, live:") for one in languages])]
    items += [Qr(ticket.status_url)]
    if office.hotline:
        items += _each(
            [words[one].gettext("Hot line: %(phone)s") % {"phone": office.hotline} for one in languages]
        )
    items += _each([words[one].gettext("Valid today") for one in languages], bold=True)
    return [*items, Cut()]


def people_ahead(words: NullTranslations, ahead: int) -> str:
    """How many people are called before this visitor, by the plural rule of the language (domain §11)."""
    if ahead <= 0:
        return words.gettext("You are next")
    return words.ngettext("%(n)s person before you", "%(n)s people before you", ahead) % {"n": ahead}


def expected_wait(words: NullTranslations, minutes: int) -> str:
    """The expected wait in minutes, as a phrase."""
    return words.ngettext("Wait about %(n)s minute", "Wait about %(n)s minutes", minutes) % {"n": minutes}


def _names(names: Names, languages: Sequence[Language], size: Size, bold: bool = False) -> list[Item]:
    """The same name in each ticket language; Russian where a language is missing."""
    return _each([names.get(one) or names.get("ru", "") for one in languages], size, bold)


def _each(texts: Sequence[str], size: Size = Size.SMALL, bold: bool = False) -> list[Item]:
    """Each different text once, in order: a hot line or a name may be the same in both languages."""
    return [Text(text, size, bold) for text in dict.fromkeys(texts) if text]
