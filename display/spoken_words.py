"""Every word the voice may have to say in a language: the list of clips to record. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from display.letter_names import LETTERS, letter_name
from display.number_words import LARGEST, cardinal, kazakh_ordinal
from display.phrases import call_phrase
from server.sdk.messages import Language, PointKind
from server.sdk.speech.engines import Phrase

KINDS: tuple[PointKind, ...] = ("window", "room", "counter")


def words_to_record(language: Language) -> list[str]:
    """All words of announcements, each once: of the sentence, of numbers, of letters.

    Words that an office has as labels («Касса») are its own and come beside these.
    """
    texts = [*_sentences(language), *_numbers(language), *_letters(language)]
    return list(dict.fromkeys(word for text in texts for word in Phrase(language, text).words))


def _sentences(language: Language) -> Iterator[str]:
    # A label that ends in a letter, or is a name, has a wording of its own in Kazakh.
    name = "Имярек"
    for kind, label in product(KINDS, ("1", "1А", name)):
        yield call_phrase(language, "1", label, kind).text.replace(f" {name}", "")


def _numbers(language: Language) -> Iterator[str]:
    for number in range(LARGEST + 1):
        words = cardinal(number, language)
        yield " ".join(words)
        if language == "kk":
            yield " ".join(kazakh_ordinal(words))


def _letters(language: Language) -> Iterator[str]:
    for letter in sorted(LETTERS):
        yield letter_name(letter, language)
