"""What the voice says when a visitor is called, word by word, in Russian, Kazakh and English. Pure.

Wording by domain §11. A native speaker has yet to confirm what README.md of this folder lists.
"""

from __future__ import annotations

import re

from display.letter_names import letter_name
from display.number_words import kazakh_ordinal, spoken_digits
from server.sdk.messages import Announcement, Language, PointKind
from server.sdk.speech.engines import Phrase

_LETTER = "A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі"
NUMBER = re.compile(rf"[{_LETTER}]{{0,3}}[0-9]{{1,4}}")
"""What a ticket number may be: up to three prefix letters and up to four digits."""
LABEL = re.compile(rf"[{_LETTER}0-9][{_LETTER}0-9 ./-]{{0,5}}")
"""What the label of a window, room or counter may be: "5", "205", "5А", "2-1", «Касса»."""

_PIECES = re.compile(rf"[{_LETTER}]+|[0-9]+")
_SPELLED_UP_TO = 2  # longer runs of letters are words («Касса»), not abbreviations

_TO: dict[Language, dict[PointKind, str]] = {
    "ru": {"window": "окну", "room": "кабинету", "counter": "стойке"},
    "kk": {"window": "терезеге", "room": "кабинетке", "counter": "үстелге"},
    "en": {"window": "window", "room": "room", "counter": "counter"},
}
_TO_NAMED: dict[PointKind, str] = {"window": "терезесіне", "room": "кабинетіне", "counter": "үстеліне"}
"""Kazakh: to a point with a name instead of a number («Касса терезесіне»)."""


def call_phrase(language: Language, number: str, label: str, kind: PointKind) -> Phrase:
    """What to say when ticket ``number`` is called to the point ``label``.

    ``("ru", "А123", "5", "window")`` → «Талон номер А сто двадцать три, подойдите к окну пять».
    Raises ``ValueError`` where number or label is none (see ``NUMBER``, ``LABEL``).
    """
    if not NUMBER.fullmatch(number):
        raise ValueError(f"{number!r} is not a ticket number")
    if not LABEL.fullmatch(label):
        raise ValueError(f"{label!r} is not the label of a window, room or counter")
    ticket = " ".join(_spoken(number, language))
    point = " ".join(_spoken(label, language))
    to = _TO_NAMED[kind] if language == "kk" and _is_name(label) else _TO[language][kind]
    if language == "ru":
        return Phrase(language, f"Талон номер {ticket}, подойдите к {to} {point}")
    if language == "kk":
        return Phrase(language, f"{ticket} нөмірлі талон иесі, {_kazakh_point(label)} {to} келіңіз")
    return Phrase(language, f"Ticket {ticket}, please go to {to} {point}")


def announcement_phrases(announcement: Announcement) -> list[Phrase]:
    """An announcement in its languages, in their order; empty where number or label cannot be said."""
    number, label, kind = announcement.number, announcement.label, announcement.kind
    try:
        return [call_phrase(language, number, label, kind) for language in announcement.languages]
    except ValueError:
        return []


def _kazakh_point(label: str) -> str:
    """«бесінші»: the ordinal of a number; «бес А нөмірлі» where letters end it; a name as it is: «Касса»."""
    words = _spoken(label, "kk")
    if label[-1].isdigit():
        return " ".join(kazakh_ordinal(words))
    return " ".join(words) + ("" if _is_name(label) else " нөмірлі")


def _is_name(label: str) -> bool:
    """Whether a label ends in a word and not in a number or its letter."""
    last = _PIECES.findall(label)[-1]
    return not last.isdigit() and len(last) > _SPELLED_UP_TO


def _spoken(mark: str, language: Language) -> list[str]:
    words: list[str] = []
    for piece in _PIECES.findall(mark):
        if piece.isdigit():
            words += spoken_digits(piece, language)
        elif len(piece) <= _SPELLED_UP_TO:
            words += (letter_name(letter, language) for letter in piece)
        else:
            words.append(piece)
    return words
