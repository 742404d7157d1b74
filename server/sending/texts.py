"""The texts of messages: templates in three languages, each of which a company may replace by its own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from server.domain.notices import CONFLICT_REASONS, KINDS
from server.sdk.messages import LANGUAGES
from server.sdk.settings import Settings, SettingsError
from server.sending.sms_parts import EACH, ONE, parts, units
from server.sending.templates import filled, filled_lines, names_in

FOLDER = Path(__file__).parent / "texts"
PLACEHOLDERS = (
    "company",
    "office",
    "address",
    "phone",
    "service",
    "date",
    "short_date",
    "time",
    "old_date",
    "old_time",
    "reason",
    "code",
    "minutes",
    "link",
)
"""What a template may hold: the office's name, address and phone; date, time and code of the booking (in a
``proof``: the code to type and its minutes), in a ``moved`` what they were; why a booking cannot stand."""
_DATE_NAMES = ("weekday", "day", "month")
_MAY_BE_CUT = ("office", "address", "service", "company")
_MOST_PARTS = 2


class KindTexts(Settings):
    """One kind of message: the mail's subject and text, and the SMS."""

    subject: str
    text: str
    sms: str


class LanguageTexts(Settings):
    """All of one language: months, days, how a date and a calendar's entry are written, reasons, messages."""

    months: list[str]
    weekdays: list[str]
    date: str
    short_date: str
    visit: str
    reasons: dict[str, str]
    messages: dict[str, KindTexts]


@dataclass(frozen=True)
class Texts:
    """The texts in force, by language."""

    languages: Mapping[str, LanguageTexts]

    def of(self, language: str) -> LanguageTexts:
        """The texts of a language; of one we have not: Russian."""
        return self.languages.get(language) or self.languages["ru"]


def load(folder: Path | None) -> Texts:
    """Our texts, with those of ``folder`` in place of ours; there a file holds only what differs.

    Raises ``SettingsError`` with every fault of the folder's files.
    """
    own = {language: _read(FOLDER / f"{language}.toml") for language in LANGUAGES}
    found: dict[str, LanguageTexts] = {}
    faults: list[str] = []
    if folder is not None and not folder.is_dir():
        raise SettingsError(str(folder), ["[messages] templates is no folder: correct its path"])
    for path in sorted(folder.glob("*.toml")) if folder else ():
        if path.stem not in LANGUAGES:
            faults.append(f"{path.name}: unknown language: name it {', '.join(LANGUAGES)}")
            continue
        try:
            faults += [f"{path.name}: {fault}" for fault in _replace(own[path.stem], _read(path))]
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{path.name}: not valid TOML in UTF-8: {error}")
        except OSError as error:
            faults.append(f"{path.name}: cannot be read ({error.strerror}): check its owner")
    for language, values in own.items():
        faults += [f"{language}.toml: {fault}" for fault in _unknown_names(values)]
        found[language] = LanguageTexts.model_validate(values)
    if faults:
        raise SettingsError(str(folder), faults)
    return Texts(found)


def subject(texts: KindTexts, values: Mapping[str, str]) -> str:
    """The subject of a mail."""
    return " ".join(filled(texts.subject, values).split())


def plain(texts: KindTexts, values: Mapping[str, str]) -> str:
    """The plain text of a mail."""
    return filled_lines(texts.text, values) + "\n"


def html(text: str, language: str, link: str) -> str:
    """The same text as a plain page: paragraphs, and the link to press."""
    told = escape(text.strip())
    if link:
        told = told.replace(escape(link), f'<a href="{escape(link)}">{escape(link)}</a>')
    paragraphs = "".join(f"<p>{'<br>'.join(part.splitlines())}</p>" for part in told.split("\n\n"))
    style = "font-family: sans-serif; font-size: 16px; line-height: 1.5; overflow-wrap: anywhere"
    body = f'<body style="{style}">{paragraphs}</body>'
    return f'<!DOCTYPE html><html lang="{escape(language)}"><meta charset="utf-8">{body}</html>\n'


def sms(texts: KindTexts, values: Mapping[str, str]) -> str:
    """The text of an SMS. Long names are cut so that it has two parts at the most, if that is enough."""
    used = dict(values)
    said = " ".join(filled_lines(texts.sms, used).split())
    names = [name for name in _MAY_BE_CUT if name in names_in(texts.sms)]
    while len(parts(said)) > _MOST_PARTS and names:
        longest = max(names, key=lambda name: len(used[name]))
        kept = len(used[longest].rstrip("…")) - (units(said) - _MOST_PARTS * EACH) - 1
        names.remove(longest)
        used[longest] = used[longest][: max(kept, ONE // 7)].rstrip() + "…"
        said = " ".join(filled_lines(texts.sms, used).split())
    return said


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _replace(own: dict[str, Any], given: Mapping[str, Any], place: str = "") -> list[str]:
    """Put what is given in the place of our own; returns what has no place there, in words."""
    faults = []
    for key, value in given.items():
        name = f"{place}{key}"
        if key not in own:
            known = ", ".join(own)
            faults.append(f"{name}: unknown: remove it or correct its spelling (known here: {known})")
        elif isinstance(own[key], dict) and isinstance(value, dict):
            faults += _replace(own[key], value, f"{name}.")
        elif type(value) is not type(own[key]) or (isinstance(value, list) and len(value) != len(own[key])):
            faults.append(f"{name}: not of the kind that belongs here: write it as in our own file")
        else:
            own[key] = value
    return faults


def _unknown_names(values: Mapping[str, Any]) -> list[str]:
    faults = []
    allowed: list[tuple[str, Any, tuple[str, ...]]] = [
        ("date", values["date"], _DATE_NAMES),
        ("short_date", values["short_date"], _DATE_NAMES),
        ("visit", values["visit"], PLACEHOLDERS),
    ]
    allowed += [(f"messages.{kind}", values["messages"][kind], PLACEHOLDERS) for kind in KINDS]
    allowed += [(f"reasons.{code}", values["reasons"][code], ()) for code in CONFLICT_REASONS]
    for place, template, known in allowed:
        for name in sorted(names_in(template) - set(known)):
            listed = ", ".join(known) or "none"
            faults.append(f"{place}: unknown placeholder {{{name}}}: correct its spelling (known: {listed})")
    if "code" not in names_in(values["messages"]["proof"]["sms"]):
        faults.append("messages.proof.sms: {code} is missing: add it, nobody can confirm without")
    if "code" not in names_in(values["messages"]["proof"]["text"]):
        faults.append("messages.proof.text: {code} is missing: add it, nobody can confirm without")
    return faults
