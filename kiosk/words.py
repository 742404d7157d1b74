"""The kiosk's own words in the languages of visitors, from the gettext catalogues."""

from __future__ import annotations

import gettext
from functools import cache

from server.sdk.messages import LANGUAGES
from server.sdk.shared_files import TRANSLATIONS_FOLDER


@cache
def all_words() -> dict[str, gettext.NullTranslations]:
    """Words by language code. English is the message ids themselves; a missing catalogue too."""
    return {
        language: gettext.translation("kiosk", TRANSLATIONS_FOLDER, languages=[language], fallback=True)
        for language in LANGUAGES
    }


def words(language: str) -> gettext.NullTranslations:
    """Words of one language; Russian for a language nobody knows."""
    return all_words().get(language) or all_words()["ru"]
