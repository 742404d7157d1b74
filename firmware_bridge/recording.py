"""Recordings of a line: what went over it, when and in which direction, in files of bounded size.

A text file per port: a head that names the line, then lines like ``2026-03-02T09:00:00.123456Z > 7E 00``;
``>`` went to the devices, ``<`` came from them. When a file is full it is kept as ``….1`` in place of the
one before, so a line never takes more than twice ``MOST_BYTES``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

from firmware_bridge.transport import Wire

log = logging.getLogger(__name__)

MOST_BYTES = 5_000_000
Direction = Literal[">", "<"]
_LINE = re.compile(r"(\S+) ([<>]) ((?:[0-9A-Fa-f]{2} ?)+)")
_HEAD = re.compile(r"# line (.*) protocol (\S+) baud (\d+)")


class BadRecording(Exception):
    """The file is no recording; the text says where and why."""


@dataclass(frozen=True)
class Recorded:
    """Bytes that went over the line at ``at``."""

    at: str
    direction: Direction
    data: bytes


class RecordedWire:
    """A wire that writes down what goes over ``wire``. A full or failing disk ends the recording alone."""

    def __init__(
        self, wire: Wire, folder: Path, name: str, head: str, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._wire = wire
        self._path = folder / f"{re.sub(r'[^A-Za-z0-9.-]+', '-', name).strip('-')}.line"
        self._head = head
        self._clock = clock or (lambda: datetime.now(UTC))
        self._file: IO[str] | None = None
        self._failed = False

    @property
    def path(self) -> str:
        """Where the port is."""
        return self._wire.path

    def open(self) -> None:
        self._wire.open()

    def read(self, seconds: float) -> bytes:
        data = self._wire.read(seconds)
        self._note("<", data)
        return data

    def write(self, data: bytes) -> None:
        self._wire.write(data)
        self._note(">", data)

    def wake(self) -> None:
        self._wire.wake()

    def close(self) -> None:
        self._wire.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _note(self, direction: Direction, data: bytes) -> None:
        if not data or self._failed:
            return
        try:
            file = self._file or self._begin()
            if file.tell() > MOST_BYTES:
                file.close()
                self._path.replace(self._path.with_suffix(".line.1"))
                file = self._begin()
            file.write(f"{self._clock():%Y-%m-%dT%H:%M:%S.%fZ} {direction} {data.hex(' ').upper()}\n")
            file.flush()
        except OSError as error:
            self._failed = True
            log.error("%s: no longer recorded (%s): make room on the disk", self._path, error.strerror)

    def _begin(self) -> IO[str]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("a", encoding="ascii", errors="backslashreplace")
        if self._file.tell() == 0:
            self._file.write(self._head + "\n")
        return self._file


def head(name: str, protocol: str, baud: int) -> str:
    """The first line of a recording."""
    return f"# line {name} protocol {protocol} baud {baud}"


def protocol_of(text: str) -> str:
    """Which protocol a recording is of; our own when it does not say."""
    found = _HEAD.match(text)
    return found[2] if found else "talon"


def recorded(text: str) -> Iterator[Recorded]:
    """What a recording holds, in order. Raises ``BadRecording`` at the first line that is none."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise BadRecording(f"line {number} is not like `time > 7E 00`: {line[:60]!r}")
        direction: Direction = ">" if found[2] == ">" else "<"
        yield Recorded(found[1], direction, bytes.fromhex(found[3]))
