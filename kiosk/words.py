"""The kiosk's own words in the languages of visitors, from the gettext catalogues."""

from __future__ import annotations

import gettext

from server.sdk import catalogues
from server.sdk.messages import LANGUAGES


def all_words() -> dict[str, gettext.NullTranslations]:
    """Words by language code."""
    return {language: words(language) for language in LANGUAGES}


def words(language: str) -> gettext.NullTranslations:
    """Words of one language; Russian for a language nobody knows."""
    return catalogues.words("kiosk", language)
