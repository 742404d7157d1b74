"""The voice: finds or makes the WAV of a phrase, keeps it in a bounded folder, makes likely ones ahead."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from server.sdk.messages import LANGUAGES
from server.sdk.speech import wave_file
from server.sdk.speech.engines import CHILD_SECONDS, Phrase, SpeechEngine, SpeechFailed

log = logging.getLogger(__name__)


class Voice:
    """Engines in order of liking, and a folder of what they have said.

    The first engine that knows the language is asked; where it fails, the next one. Files are named
    by a hash of the engine's identity and the text, so a changed voice never answers with an old sound.
    All are equally loud (``wave_file.levelled``).
    """

    def __init__(self, engines: list[SpeechEngine], folder: Path, largest_bytes: int) -> None:
        self._engines = engines
        self._folder = folder
        self._largest = largest_bytes
        # One speech program at a time: a second request for the same phrase then finds the file.
        self._making = threading.Lock()
        self._soon = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice")
        self._turn = threading.Condition()
        self._asked = 0  # phrases somebody waits for now: what is only likely stands back
        self._likely: deque[Phrase] = deque()
        self._ahead: threading.Thread | None = None
        self._closed = False
        self._faults: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("what is said cannot be kept in %s: %s", folder, error)

    def wav(self, phrase: Phrase) -> bytes | None:
        """The phrase as WAV; None when no engine can say it (the chime then stands alone)."""
        with self._somebody_waits():
            return self._found_or_made(phrase)

    def prepare(self, phrases: Iterable[Phrase]) -> list[Future[bytes | None]]:
        """Make these in the background at once, in their order: they are about to be said."""
        return [self._soon.submit(self.wav, phrase) for phrase in phrases]

    def warm(self, phrases: Iterable[Phrase]) -> None:
        """Make these when nobody waits for another; what was likely before is forgotten."""
        with self._turn:
            self._likely = deque(phrases)
            if self._ahead is None and self._likely:
                self._ahead = threading.Thread(target=self._make_likely, name="voice-ahead", daemon=True)
                self._ahead.start()
            self._turn.notify_all()

    @property
    def engines(self) -> dict[str, list[str]]:
        """Names of the engines that can be asked now, by language, in their order."""
        asked = {one: [engine.identity(one) for engine in self._engines] for one in LANGUAGES}
        return {one: [name.partition("|")[0] for name in names if name] for one, names in asked.items()}

    @property
    def waited_for(self) -> int:
        """How many phrases somebody waits for now."""
        return self._asked

    def close(self) -> None:
        """Drop what has not begun; what has begun ends within the engines' own time limit."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()
        self._soon.shutdown(wait=True, cancel_futures=True)
        if self._ahead:
            self._ahead.join(CHILD_SECONDS * 2)

    @contextmanager
    def _somebody_waits(self) -> Iterator[None]:
        with self._turn:
            self._asked += 1
        try:
            yield
        finally:
            with self._turn:
                self._asked -= 1
                self._turn.notify_all()

    def _make_likely(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._closed or (self._likely and not self._asked))
                if self._closed:
                    return
                phrase = self._likely.popleft()
            if not self._is_kept(phrase):
                self._found_or_made(phrase)

    def _found_or_made(self, phrase: Phrase) -> bytes | None:
        for engine in self._engines:
            path = self._path(engine, phrase)
            if path is None:
                continue
            if (kept := _kept(path)) is not None:
                return kept
            with self._making:
                if (kept := _kept(path)) is not None:
                    return kept
                try:
                    sound = wave_file.levelled(engine.speak(phrase))
                except SpeechFailed as fault:
                    self._tell(str(fault))
                    continue
                self._keep(path, sound)
                return sound
        return None

    def _is_kept(self, phrase: Phrase) -> bool:
        paths = (self._path(engine, phrase) for engine in self._engines)
        return any(path.exists() for path in paths if path)

    def _path(self, engine: SpeechEngine, phrase: Phrase) -> Path | None:
        identity = engine.identity(phrase.language)
        return self._folder / f"{_key(identity, phrase)}.wav" if identity else None

    def _tell(self, fault: str) -> None:
        # Once each: a hall calls hundreds of times a day, and the next engine steps in.
        if fault not in self._faults:
            self._faults.add(fault)
            log.warning("no speech: %s", fault)

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


_TREATMENT = "levelled"
"""What is done to every sound after its engine: another word here makes all of them anew."""


def _key(identity: str, phrase: Phrase) -> str:
    return hashlib.sha256(f"{_TREATMENT}|{identity}|{phrase.language}|{phrase.text}".encode()).hexdigest()[
        :32
    ]


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
