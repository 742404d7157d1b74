"""Words: every string of every screen is translated, and the catalogues are in step with the sources."""

from __future__ import annotations

import re

import pytest

from server import words

PAIRS = [(domain, language) for domain in words.DOMAINS for language in words.LANGUAGES]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize(("domain", "language"), PAIRS)
def test_every_string_is_translated(domain: str, language: str) -> None:
    missing = [
        message.id
        for message in words.read(domain, language)
        if message.id and not (message.string if isinstance(message.string, str) else all(message.string))
    ]
    assert missing == []


@pytest.mark.parametrize(("domain", "language"), PAIRS)
def test_the_catalogue_holds_exactly_the_strings_of_the_sources(domain: str, language: str) -> None:
    marked = {
        message if isinstance(message, str) else tuple(message) for message, _ in words.source_ids(domain)
    }
    known = {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in words.read(domain, language)
    }
    assert known - {""} == marked


@pytest.mark.parametrize(("domain", "language"), PAIRS)
def test_a_translation_keeps_the_values_of_its_string(domain: str, language: str) -> None:
    wrong = []
    for message in words.read(domain, language):
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        wrong += [text for text in texts if message.id and set(PLACEHOLDER.findall(text)) - wanted]
        if message.id and len(ids) == 1 and set(PLACEHOLDER.findall(texts[0])) != wanted:
            wrong.append(texts[0])
    assert wrong == []
