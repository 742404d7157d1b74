"""A network printer of tests: listens as on TCP 9100, answers questions, remembers each job's bytes."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from tests.programs import READY_SECONDS

_QUESTION = re.compile(rb"\x10\x04[\x01-\x04\x14]|\x1dr\x01")
_BEFORE = re.compile(rb"\A(?:\x10\x04[\x01-\x04\x14]|\x1de[\x02\x05])+")
_AFTER = re.compile(rb"(?:\x10\x04[\x01-\x04\x14]|\x1dr\x01)+\Z")
WELL = {b"\x10\x04" + bytes([n]): b"\x12" for n in (1, 2, 3, 4)} | {b"\x1dr\x01": b"\x00"}
"""The answers of a printer that has nothing to complain of, by question."""


@dataclass
class PrinterLine:
    """One line to a printer: what came over it, and what the printer answers; no answer is silence."""

    answers: Mapping[bytes, bytes] = field(default_factory=lambda: WELL)
    data: bytes = b""
    _answered: int = 0

    def take(self, part: bytes) -> bytes:
        """Take bytes as they come: what the printer sends back for them."""
        self.data += part
        reply = b""
        for asked in _QUESTION.finditer(self.data, self._answered):
            reply += self.answers.get(asked.group(), b"")
            self._answered = asked.end()
        return reply

    @property
    def job(self) -> bytes:
        """What goes to paper: all but the questions before and after."""
        return _AFTER.sub(b"", _BEFORE.sub(b"", self.data))


@dataclass(frozen=True)
class PrintedJob:
    """One connection: its bytes, and when the first of them came (``time.monotonic``)."""

    data: bytes
    first_byte_at: float


class PrinterSink:
    """Takes one job per connection until closed; hangs up when the other side does.

    A line on which nothing but questions came is no job.
    """

    def __init__(self, answers: Mapping[bytes, bytes] = WELL) -> None:
        self.answers = answers
        self.jobs: list[PrintedJob] = []
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._run, name="printer-sink", daemon=True)
        self._thread.start()

    def wait_for(self, count: int, seconds: float = READY_SECONDS) -> PrintedJob:
        """The job number ``count`` (1 = first), once it is whole."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.jobs) >= count, seconds)
            assert came, f"{len(self.jobs)} of {count} jobs came to the printer in {seconds} s"
            return self.jobs[count - 1]

    def close(self) -> None:
        """Stop listening."""
        # Closing alone does not wake an accept() that waits.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            try:
                line, _address = self._listener.accept()
            except OSError:
                return
            taken, first_byte_at = PrinterLine(self.answers), 0.0
            with line, suppress(OSError):
                while part := line.recv(65536):
                    reply = taken.take(part)
                    first_byte_at = first_byte_at or (time.monotonic() if taken.job else 0.0)
                    if reply:
                        line.sendall(reply)
            if not taken.job:
                continue
            with self._changed:
                self.jobs.append(PrintedJob(taken.job, first_byte_at))
                self._changed.notify_all()
