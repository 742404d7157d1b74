"""A network printer of tests: listens as on TCP 9100, remembers each job's bytes and when they came."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class PrintedJob:
    """One connection: its bytes, and when the first of them came (``time.monotonic``)."""

    data: bytes
    first_byte_at: float


class PrinterSink:
    """Takes one job per connection until closed; hangs up when the other side does."""

    def __init__(self) -> None:
        self.jobs: list[PrintedJob] = []
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._run, name="printer-sink", daemon=True)
        self._thread.start()

    def wait_for(self, count: int, seconds: float = 15) -> PrintedJob:
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
            with line:
                parts, first_byte_at = [], 0.0
                while part := line.recv(65536):
                    first_byte_at = first_byte_at or time.monotonic()
                    parts.append(part)
            with self._changed:
                self.jobs.append(PrintedJob(b"".join(parts), first_byte_at))
                self._changed.notify_all()
