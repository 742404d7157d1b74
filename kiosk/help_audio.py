"""Help by voice on the touch page: a recording of the screen where there is one, else speech made here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from kiosk.help_audio_texts import help_texts
from server.sdk.messages import LANGUAGES, OfficeInfo
from server.sdk.speech.engines import Phrase
from server.sdk.speech.voice import Voice

log = logging.getLogger(__name__)


class HelpAudio:
    """Sounds by screen and language. ``recordings`` holds ``help/<language>/<screen>.wav``, tried first."""

    def __init__(
        self, voice: Voice, recordings: Path | None, office: Callable[[], OfficeInfo | None]
    ) -> None:
        self._voice = voice
        self._recordings = recordings
        self._office = office

    def make_ahead(self) -> None:
        """Begin to make the speech of all screens in the office's languages, in the background."""
        office = self._office()
        languages = office.languages if office else []
        self._voice.warm(
            Phrase(language, text)
            for language in languages
            for screen, text in help_texts(language, office).items()
            if not self._recorded(screen, language)
        )

    def wav(self, screen: str, language: str) -> bytes | None:
        """The help of a screen; None where there is no such screen or nothing can speak the language."""
        if language not in LANGUAGES:
            return None
        text = help_texts(language, self._office()).get(screen)
        if text is None:
            return None
        return self._recorded(screen, language) or self._voice.wav(Phrase(language, text))

    def _recorded(self, screen: str, language: str) -> bytes | None:
        if self._recordings is None:
            return None
        path = self._recordings / "help" / language / f"{screen}.wav"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("the recording %s cannot be read (%s): speech is made instead", path, error.strerror)
            return None
