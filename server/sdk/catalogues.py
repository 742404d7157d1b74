"""Words of a device program in the languages of the company, from the gettext catalogues."""

from __future__ import annotations

import gettext
from functools import cache

from server.sdk.messages import LANGUAGES
from server.sdk.shared_files import TRANSLATIONS_FOLDER


@cache
def words(program: str, language: str) -> gettext.NullTranslations:
    """Words of ``program`` (a catalogue: kiosk, display, bridge); Russian for a language nobody knows.

    English is the message ids themselves; a missing catalogue too.
    """
    known = language if language in LANGUAGES else "ru"
    return gettext.translation(program, TRANSLATIONS_FOLDER, languages=[known], fallback=True)
