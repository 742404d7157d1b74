"""``[speech]``: the voice's settings, the same in every program that speaks; and the voice they describe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from server.sdk.messages import Language
from server.sdk.settings import Settings
from server.sdk.speech.engines import EspeakNg, RecordedClips, RhVoice, SpeechEngine
from server.sdk.speech.voice import Voice


class SpeechSettings(Settings):
    """``[speech]``: recorded clips first, then RHVoice, then espeak-ng."""

    clips_folder: Path | None = None
    rhvoice: dict[Language, str] = {"ru": "anna"}  # noqa: RUF012
    words_per_minute: Annotated[int, Field(ge=80, le=260)] = 140
    cache_megabytes: Annotated[int, Field(ge=1, le=10_000)] = 200


def make_voice(settings: SpeechSettings, folder: Path, by_words: bool = True) -> Voice:
    """The voice by the settings, keeping what it says in ``folder``.

    ``by_words`` false: whole texts are said, no clips of single words are tried.
    """
    engines: list[SpeechEngine] = [RhVoice(settings.rhvoice), EspeakNg(settings.words_per_minute)]
    if settings.clips_folder and by_words:
        engines.insert(0, RecordedClips(settings.clips_folder))
    return Voice(engines, folder, settings.cache_megabytes * 1_000_000)
