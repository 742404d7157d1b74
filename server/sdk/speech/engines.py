"""Speech engines: a phrase in, WAV out, from recorded clips, RHVoice or espeak-ng; and a remembering twin."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from server.sdk.messages import Language
from server.sdk.speech import wave_file

CHILD_SECONDS = 5.0
"""A speech program that takes longer has hung; the hall hears the chime alone."""
WORD_PAUSE_SECONDS = 0.04


@dataclass(frozen=True)
class Phrase:
    """What to say in one language: ``text`` for a speech program, ``words`` for recorded clips."""

    language: Language
    text: str

    @property
    def words(self) -> list[str]:
        """The words in order, lower case, without punctuation: the names of the clips."""
        return [word.strip(",.").lower() for word in re.split(r"[\s-]+", self.text)]


class SpeechFailed(Exception):
    """This engine cannot say this phrase now; the text says why."""


class SpeechEngine(Protocol):
    """Something that can say a phrase."""

    def identity(self, language: Language) -> str | None:
        """What decides how it sounds (``name|voice|speed``): part of the cache key; None: not available."""

    def speak(self, phrase: Phrase) -> bytes:
        """The phrase as WAV; raises ``SpeechFailed``."""


class RecordedClips:
    """Words recorded by a speaker: ``folder/ru/талон.wav``, one file a word, all at one WAV rate."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def identity(self, language: Language) -> str | None:
        """Changes when a clip is added, removed or replaced."""
        try:
            files = [(file.name, file.stat()) for file in sorted((self._folder / language).glob("*.wav"))]
        except OSError:
            return None
        facts = ",".join(f"{name}:{stat.st_size}:{stat.st_mtime_ns}" for name, stat in files)
        return f"clips|{self._folder}|{facts}" if files else None

    def speak(self, phrase: Phrase) -> bytes:
        """The clips of all words in order; one missing word fails the phrase (half a sentence misleads)."""
        folder = self._folder / phrase.language
        paths = [folder / f"{word}.wav" for word in phrase.words]
        if missing := [path.name for path in paths if not path.is_file()]:
            raise SpeechFailed(f"no clip {', '.join(sorted(set(missing)))} in {folder}: record it")
        try:
            return wave_file.join([path.read_bytes() for path in paths], WORD_PAUSE_SECONDS)
        except (OSError, ValueError) as error:
            raise SpeechFailed(f"clips in {folder}: {error}") from None


class RhVoice:
    """RHVoice through its ``RHVoice-test`` program, for the languages a voice is named for."""

    def __init__(self, voices: dict[Language, str], program: str = "RHVoice-test") -> None:
        self._voices = voices
        self._program = shutil.which(program)

    def identity(self, language: Language) -> str | None:
        """Available where the program is installed and the language has a voice."""
        if self._program is None or language not in self._voices:
            return None
        return f"rhvoice|{self._voices[language]}"

    def speak(self, phrase: Phrase) -> bytes:
        """Write the WAV into a file of its own: RHVoice plays aloud without one."""
        if self._program is None or phrase.language not in self._voices:
            raise SpeechFailed(f"RHVoice has no voice for {phrase.language}")
        with tempfile.TemporaryDirectory(prefix="talon-voice-") as folder:
            target = Path(folder) / "phrase.wav"
            _run([self._program, "-p", self._voices[phrase.language], "-o", str(target)], phrase.text)
            try:
                return wave_file.plain(target.read_bytes())
            except (OSError, ValueError) as error:
                raise SpeechFailed(f"RHVoice: {error}") from None


class EspeakNg:
    """espeak-ng: plain but speaks all three languages; installed from the system's packages."""

    VOICES: dict[Language, str] = {"ru": "ru", "kk": "kk", "en": "en-gb"}  # noqa: RUF012

    def __init__(self, words_per_minute: int = 140, program: str = "espeak-ng") -> None:
        self._speed = words_per_minute
        self._program = shutil.which(program)

    def identity(self, language: Language) -> str | None:
        """Available where the program is installed."""
        return f"espeak-ng|{self.VOICES[language]}|{self._speed}" if self._program else None

    def speak(self, phrase: Phrase) -> bytes:
        """Ask for WAV on standard output; its header is then made true."""
        if self._program is None:
            raise SpeechFailed("espeak-ng is not installed: apt-get install espeak-ng")
        voice = self.VOICES[phrase.language]
        command = [self._program, "-v", voice, "-s", str(self._speed), "--stdin", "--stdout"]
        try:
            return wave_file.plain(_run(command, espeak_text(phrase)))
        except ValueError as error:
            raise SpeechFailed(f"espeak-ng: {error}") from None


_SPELLED: dict[Language, dict[str, str]] = {"en": {"A": "eh"}, "kk": {"У": "ұу"}}
"""Letters espeak-ng cannot name: it reads the English A as the article, the Kazakh У as a consonant."""


def espeak_text(phrase: Phrase) -> str:
    """The text as espeak-ng has to be given it to be read rightly."""
    text = phrase.text
    for letter, spelled in _SPELLED.get(phrase.language, {}).items():
        text = re.sub(rf"\b{letter}\b", spelled, text)
    return text


class RememberedSpeech:
    """The twin for tests and trials: remembers what it was asked, answers with its sound or its fault."""

    def __init__(
        self, languages: tuple[Language, ...] = ("ru", "kk", "en"), fault: str | None = None
    ) -> None:
        self.spoken: list[Phrase] = []
        self.fault = fault
        self._languages = languages

    def identity(self, language: Language) -> str | None:
        """Available for the languages it was made with."""
        return "remembered" if language in self._languages else None

    def speak(self, phrase: Phrase) -> bytes:
        """The chime in place of a voice."""
        self.spoken.append(phrase)
        if self.fault or phrase.language not in self._languages:
            raise SpeechFailed(self.fault or f"no voice for {phrase.language}")
        return wave_file.chime()


def _run(command: list[str], text: str) -> bytes:
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=CHILD_SECONDS, check=True
        )
    except subprocess.TimeoutExpired:
        raise SpeechFailed(f"{command[0]} did not end within {CHILD_SECONDS:g} s") from None
    except (OSError, subprocess.CalledProcessError) as error:
        raise SpeechFailed(f"{command[0]}: {error}") from None
    return done.stdout
