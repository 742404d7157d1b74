"""A printer of tests at the other end of a pseudo-terminal: answers questions, remembers its job."""

from __future__ import annotations

import os
import select
import threading
import time
import tty
from collections.abc import Mapping
from pathlib import Path

from tests.printer_sink import WELL, PrinterLine


class Port:
    """The other end of a pseudo-terminal: a printer behind ``/dev/ttyS0`` or ``/dev/usb/lp0``.

    ``bytes_per_second``: how fast the line carries bytes; None: as fast as they come. ``last_byte_at`` is
    when the last one came (``time.monotonic``). ``unplugged_after``: so many bytes, and the cable is out.
    """

    def __init__(
        self,
        answers: Mapping[bytes, bytes] = WELL,
        bytes_per_second: float | None = None,
        unplugged_after: int | None = None,
    ) -> None:
        self._pace = bytes_per_second
        self._unplugged_after = unplugged_after
        self.last_byte_at = 0.0
        self._end, self._device = os.openpty()
        tty.setraw(self._device)
        self.path = Path(os.ttyname(self._device))
        self.line = PrinterLine(answers)
        self._came = threading.Condition()
        self._stop_read, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            if self._stop_read in select.select([self._end, self._stop_read], [], [])[0]:
                return
            if self._unplugged_after is not None and len(self.line.data) > self._unplugged_after:
                os.close(self._end)
                os.close(self._device)
                self._end = self._device = -1
                return
            reply = self.line.take(self._read())
            with self._came:
                self._came.notify_all()
            if reply:
                os.write(self._end, reply)

    def _read(self) -> bytes:
        """What came; a paced line gives a few bytes at a time, each in its time."""
        part = os.read(self._end, 64 if self._pace else 4096)
        if self._pace:
            # A line knows no busy machine: what waited to be read was under way meanwhile.
            began = max(self.last_byte_at, time.monotonic() - 0.05)
            self.last_byte_at = began + len(part) / self._pace
            time.sleep(max(0.0, self.last_byte_at - time.monotonic()))
        else:
            self.last_byte_at = time.monotonic()
        return part

    def job(self, whole: bytes) -> bytes:
        """The job, once as many bytes came as ``whole`` has; the next one begins anew."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.line.job) >= len(whole), 30)
            job, self.line.data, self.line._answered = self.line.job, b"", 0
            return job

    def close(self) -> None:
        os.write(self._stop, b"x")
        self._thread.join(5)
        for one in (self._end, self._device, self._stop, self._stop_read):
            if one >= 0:
                os.close(one)
