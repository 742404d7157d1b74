"""What the voice says when a visitor is called, word by word, in Russian, Kazakh and English. Pure.

Wording by domain §11. A native speaker has yet to confirm what README.md of this folder lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from display.letter_names import letter_name
from display.number_words import kazakh_ordinal, spoken_digits
from server.sdk.messages import Language, PointKind

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


@dataclass(frozen=True)
class Phrase:
    """One announcement in one language: ``text`` for a speech program, ``words`` for recorded clips."""

    language: Language
    text: str

    @property
    def words(self) -> list[str]:
        """The words in order, lower case, without punctuation: the names of the clips."""
        return [word.strip(",.").lower() for word in self.text.split()]


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
    to = _TO[language][kind]
    if language == "ru":
        return Phrase(language, f"Талон номер {ticket}, подойдите к {to} {point}")
    if language == "kk":
        return Phrase(language, f"{ticket} нөмірлі талон иесі, {_kazakh_point(label)} {to} келіңіз")
    return Phrase(language, f"Ticket {ticket}, please go to {to} {point}")


def _kazakh_point(label: str) -> str:
    """«бесінші»: the ordinal of a number; a label that ends in letters is named: «бес А нөмірлі»."""
    words = _spoken(label, "kk")
    if label[-1].isdigit():
        return " ".join(kazakh_ordinal(words))
    return " ".join(words) + " нөмірлі"


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
