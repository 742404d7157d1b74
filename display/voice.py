"""The voice: finds or makes the WAV of an announcement, keeps it in a bounded folder, makes it ahead."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from display.phrases import Phrase, call_phrase
from display.speech import SpeechEngine, SpeechFailed
from server.sdk.messages import Announcement, Language

log = logging.getLogger(__name__)


class Voice:
    """Engines in order of liking, and a folder of what they have said.

    The first engine that knows the language is asked; where it fails, the next one. Files are named
    by a hash of the engine's identity and the text, so a changed voice never answers with an old sound.
    """

    def __init__(self, engines: list[SpeechEngine], folder: Path, largest_bytes: int) -> None:
        self._engines = engines
        self._folder = folder
        self._largest = largest_bytes
        # One speech program at a time: a second request for the same phrase then finds the file.
        self._making = threading.Lock()
        self._ahead = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice")
        folder.mkdir(parents=True, exist_ok=True)

    def wav(self, phrase: Phrase) -> bytes | None:
        """The phrase as WAV; None when no engine can say it (the chime then stands alone)."""
        for engine in self._engines:
            identity = engine.identity(phrase.language)
            if identity is None:
                continue
            path = self._folder / f"{_key(identity, phrase)}.wav"
            if (kept := _kept(path)) is not None:
                return kept
            with self._making:
                if (kept := _kept(path)) is not None:
                    return kept
                try:
                    sound = engine.speak(phrase)
                except SpeechFailed as fault:
                    log.warning("no speech: %s", fault)
                    continue
                self._keep(path, sound)
                return sound
        return None

    def prepare(self, announcement: Announcement) -> list[Future[None]]:
        """Make the WAVs of an announcement in the background, in the order they will be played."""
        return [
            self._ahead.submit(self._prepare, language, announcement) for language in announcement.languages
        ]

    def close(self) -> None:
        """Drop what has not begun; what has begun ends within the engines' own time limit."""
        self._ahead.shutdown(wait=True, cancel_futures=True)

    def _prepare(self, language: Language, announcement: Announcement) -> None:
        try:
            self.wav(call_phrase(language, announcement.number, announcement.label, announcement.kind))
        except ValueError as fault:
            log.warning("cannot be said: %s", fault)

    def _keep(self, path: Path, sound: bytes) -> None:
        # A full disk must not silence the hall: the sound is played even if it cannot be kept.
        try:
            fresh = path.with_suffix(f".{threading.get_ident()}.part")
            fresh.write_bytes(sound)
            os.replace(fresh, path)
            self._forget_oldest()
        except OSError as error:
            log.warning("the sound was made but could not be kept in %s: %s", self._folder, error)

    def _forget_oldest(self) -> None:
        files = [(file, file.stat()) for file in self._folder.glob("*.wav")]
        total = sum(stat.st_size for _file, stat in files)
        for file, stat in sorted(files, key=lambda item: item[1].st_mtime):
            if total <= self._largest:
                return
            file.unlink(missing_ok=True)
            total -= stat.st_size


def _key(identity: str, phrase: Phrase) -> str:
    return hashlib.sha256(f"{identity}|{phrase.language}|{phrase.text}".encode()).hexdigest()[:32]


def _kept(path: Path) -> bytes | None:
    try:
        sound = path.read_bytes()
        os.utime(path)  # the oldest by use is the first to be forgotten
        return sound
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s cannot be read: %s", path, error)
        return None
