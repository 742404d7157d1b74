"""Lines that must outlive a power cut: an append-only JSON file and its twin, each line with its checksum."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import zlib
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

Line = dict[str, Any]


class JournalInUse(Exception):
    """Another kiosk program keeps its journal in this folder; two would print each other's numbers."""


class JournalFile:
    """``name.journal`` and its twin ``name.copy`` in ``folder``. Not for two threads at once.

    Every line is written and fsynced to the first file, then to the twin. So a last line broken by a power
    cut was never acted upon and is dropped, and a file that was damaged or removed is made whole again from
    the other; what was unreadable is set aside as ``*.damaged`` for people. ``lines`` is what was found at
    the start, ``repaired`` tells of a repair, ``lost`` that lines are gone from both files.
    Raises ``JournalInUse``, ``OSError``.
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._paths = (folder / f"{name}.journal", folder / f"{name}.copy")
        self._claim = FileIO(folder / f"{name}.in-use", "a")
        try:
            fcntl.flock(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._claim.close()
            raise JournalInUse(
                f"{folder} belongs to a running kiosk: end that program, or give this one another "
                "[kiosk] state_folder"
            ) from None
        self.repaired = self.lost = False
        self._number = 0
        self._files: list[FileIO] = []
        self.lines = self._read()
        self.rewrite(self.lines)

    def append(self, *lines: Line) -> None:
        """Add ``lines``; on return they are on the disk. Raises ``OSError``: none of them counts then."""
        numbered = [_written({"n": self._number + i, **line}) for i, line in enumerate(lines, start=1)]
        data = b"".join(numbered)
        first, twin = self._files
        _add(first, data)
        self._number += len(lines)
        try:
            _add(twin, data)
        except OSError as error:
            # The line is kept; the twin is made whole at the next start.
            log.error("%s takes no writing (%s): make room on the disk", self._paths[1], error.strerror)

    def rewrite(self, lines: Iterable[Line]) -> None:
        """Replace all lines by ``lines``, one file after the other: at every moment one of them is whole."""
        kept = list(lines)
        data = b"".join(_written({"n": number, **line}) for number, line in enumerate(kept, start=1))
        for path in self._paths:
            fresh = path.with_suffix(path.suffix + ".new")
            with fresh.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        for old in self._files:
            old.close()
        # Unbuffered: what was written is with the system before it is synced.
        self._files = [FileIO(path, "a") for path in self._paths]
        self._number = len(kept)

    def close(self) -> None:
        """Close the files. Nothing may be called after that."""
        for file in self._files:
            file.close()
        self._claim.close()

    def _read(self) -> list[Line]:
        contents = [path.read_bytes() if path.exists() else b"" for path in self._paths]
        (first, first_bad, first_end), (twin, twin_bad, twin_end) = (_parsed(content) for content in contents)
        if _agree(first, twin):
            merged, expected = {**twin, **first}, max(first_end, twin_end)
        elif first_bad and not twin_bad:
            merged, expected = twin, twin_end
        else:
            # A rewriting that a power cut broke off leaves an older twin: the first file is the newer.
            merged, expected = first, first_end
        self.lost = sorted(merged) != list(range(1, expected + 1))
        for path, content, bad in zip(self._paths, contents, (first_bad, twin_bad), strict=True):
            if bad:
                path.with_suffix(path.suffix + ".damaged").write_bytes(content)
                log.error("%s was damaged: it was set aside as %s.damaged", path, path.name)
        removed = bool(merged) and not all(path.exists() for path in self._paths)
        self.repaired = bool(first_bad or twin_bad or removed)
        return [line for _number, line in sorted(merged.items())]


def _written(line: Line) -> bytes:
    text = json.dumps(line, ensure_ascii=False)
    return f'{text[:-1]}, "sum": "{zlib.crc32(text.encode()):08x}"}}\n'.encode()


def _parsed(content: bytes) -> tuple[dict[int, Line], int, int]:
    """Readable lines by number, how many whole ones were not readable, and the number the last one had."""
    lines: dict[int, Line] = {}
    bad = end = 0
    *ended, torn = content.split(b"\n")
    if torn:
        log.info("a last line of %d bytes, broken by a power cut, was dropped", len(torn))
    for raw in ended:
        try:
            line = json.loads(raw)
            if _written({key: value for key, value in line.items() if key != "sum"}) != raw + b"\n":
                raise ValueError("not as it was written")
            end = int(line["n"])
            lines[end] = {key: value for key, value in line.items() if key not in ("n", "sum")}
        except (ValueError, TypeError, KeyError, AttributeError):
            bad += 1
            end += 1
    return lines, bad, end


def _agree(one: dict[int, Line], other: dict[int, Line]) -> bool:
    return all(other[number] == line for number, line in one.items() if number in other)


def _add(file: FileIO, data: bytes) -> None:
    before = file.seek(0, os.SEEK_END)
    try:
        if file.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())
    except OSError:
        # A half-written line would spoil the next one.
        file.truncate(before)
        raise
