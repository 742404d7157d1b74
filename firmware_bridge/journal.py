"""Presses on disk: what a device was told is kept stays kept, until the server has it.

An append-only file of JSON lines, ``presses.journal``: a press is written and fsynced before its device
gets the receipt; a second line says what became of it. What the server will never take goes to
``refused.journal`` for people to read.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path

log = logging.getLogger(__name__)

REMEMBERED = 2000
"""Ids of handed-in presses that are remembered, so that a press repeated late is known as such."""
TIDY_BYTES = 1_000_000
"""The size at which the file is rewritten with what still matters."""


class JournalInUse(Exception):
    """Another program keeps its presses here; two would lose each other's."""


@dataclass(frozen=True)
class KeptPress:
    """A press: its ``id``, ``desk``, ``score`` 1…5, and the Unix time it was made at."""

    id: str
    desk: str
    score: int
    pressed_at: float


class Journal:
    """The presses of one bridge. Any thread may call; what is returned as pending is in order of coming.

    ``wall`` and ``steady`` are the two clocks: ages within one run are measured by the steady one, for
    the wall clock of a small PC may jump after its start. Raises ``JournalInUse`` or ``OSError``.
    """

    def __init__(
        self,
        folder: Path,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._path = folder / "presses.journal"
        self._wall = wall
        self._steady = steady
        self._pending: dict[str, KeptPress] = {}
        self._pressed: dict[str, float] = {}
        self._done: dict[str, None] = {}
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._claim = FileIO(folder / "in-use", "a")
        try:
            fcntl.flock(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._claim.close()
            raise JournalInUse(
                f"{folder} belongs to a running bridge: stop it, or give another folder"
            ) from None
        self._read()
        self._file = self._rewritten()

    def add(self, press_id: str, desk: str, score: int, age_seconds: float) -> bool:
        """Keep a press made ``age_seconds`` ago; on return it is on the disk. False: it was known already.

        Raises ``OSError`` when the disk does not take it; nothing is kept then.
        """
        with self._lock:
            if press_id in self._pending or press_id in self._done:
                return False
            press = KeptPress(press_id, desk, score, self._wall() - age_seconds)
            self._append({"press": asdict(press)}, durable=True)
            self._pending[press_id] = press
            self._pressed[press_id] = self._steady() - age_seconds
            return True

    def pending(self) -> list[KeptPress]:
        """Presses not handed in yet, oldest first."""
        with self._lock:
            return list(self._pending.values())

    def age(self, press: KeptPress) -> float:
        """Seconds since ``press`` was made."""
        with self._lock:
            return max(0.0, self._steady() - self._pressed[press.id])

    def handed_in(self, press: KeptPress) -> None:
        """The server has ``press``."""
        with self._lock:
            self._forget(press, "handed_in")

    def set_aside(self, press: KeptPress, why: str) -> None:
        """The server will never take ``press``: keep it apart, for people."""
        line = json.dumps(asdict(press) | {"why": why}, ensure_ascii=False)
        with self._lock:
            try:
                with (self._folder / "refused.journal").open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
            except OSError as error:
                log.error("the refused press %s could not be set aside on disk (%s)", line, error.strerror)
            self._forget(press, "refused")

    def close(self) -> None:
        """Close the file. Nothing may be called after that."""
        with self._lock:
            self._file.close()
            self._claim.close()

    def _forget(self, press: KeptPress, how: str) -> None:
        self._settle(press.id)
        try:
            self._append({how: press.id}, durable=False)
            if self._file.tell() > TIDY_BYTES:
                self._file = self._rewritten(self._file)
        except OSError as error:
            # Then the press is handed in once more after a restart: the server knows its id.
            log.error("%s takes no writing (%s): make room on the disk", self._path, error.strerror)

    def _settle(self, press_id: str) -> None:
        self._pending.pop(press_id, None)
        self._pressed.pop(press_id, None)
        self._done[press_id] = None
        while len(self._done) > REMEMBERED:
            self._done.pop(next(iter(self._done)))

    def _append(self, line: dict[str, object], durable: bool) -> None:
        before = self._file.tell()
        data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        try:
            if self._file.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if durable:
                os.fsync(self._file.fileno())
        except OSError:
            # A half-written line would spoil the next one.
            self._file.truncate(before)
            self._file.seek(before)
            raise

    def _read(self) -> None:
        if not self._path.exists():
            return
        for line in self._path.read_bytes().splitlines():
            try:
                self._take(json.loads(line))
            except (ValueError, TypeError, KeyError):
                # The power went in the middle of a line: its device got no receipt and says it again.
                log.warning("%s: a broken line of %d bytes was skipped", self._path, len(line))

    def _take(self, line: dict[str, object]) -> None:
        match line:
            case {
                "press": {
                    "id": str(press_id),
                    "desk": str(desk),
                    "score": int(score),
                    "pressed_at": float(at),
                }
            }:
                press = KeptPress(press_id, desk, score, at)
                if not 1 <= score <= 5:
                    raise ValueError("no such mark")
                self._pending[press.id] = press
                self._pressed[press.id] = self._steady() - max(0.0, self._wall() - press.pressed_at)
            case {"handed_in": str(press_id)} | {"refused": str(press_id)}:
                self._settle(press_id)
            case _:
                raise ValueError("not a line of this journal")

    def _rewritten(self, old: FileIO | None = None) -> FileIO:
        lines: list[dict[str, object]] = [{"handed_in": press_id} for press_id in self._done]
        lines += [{"press": asdict(press)} for press in self._pending.values()]
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.writelines(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        if old is not None:
            old.close()
        # Unbuffered: what was written is with the system before it is synced.
        return FileIO(self._path, "a")
