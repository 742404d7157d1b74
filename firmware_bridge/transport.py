"""Serial ports: the only file that knows pyserial. Bytes in and out, nothing about their meaning."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import termios
import threading
import time
from typing import Protocol

import serial

WRITE_SECONDS = 1.0
"""A port that takes no bytes for so long is treated as unplugged."""

_FAULTS = (serial.SerialException, OSError, termios.error)


class PortFault(Exception):
    """The port cannot be used. The text says what happened and the cure."""


class Wire(Protocol):
    """A line of bytes. One thread opens, reads, writes and closes; any thread may wake it."""

    def open(self) -> None:
        """Take the port for ourselves alone. Raises ``PortFault``."""

    def read(self, seconds: float) -> bytes:
        """Bytes as soon as there are any; none after ``seconds`` or ``wake``. Raises ``PortFault``."""

    def write(self, data: bytes) -> None:
        """Send all of ``data``. Raises ``PortFault``."""

    def wake(self) -> None:
        """Make the ``read`` in progress, or the next one, return at once. From any thread."""

    def close(self) -> None:
        """Let the port go. May be called at any time, also twice."""


class SerialWire:
    """A serial port or pseudo-terminal at ``path``, 8N1, opened exclusively."""

    def __init__(self, path: str, baud: int) -> None:
        self._path = path
        self._baud = baud
        self._port: serial.Serial | None = None
        self._alarm, self._bell = -1, -1
        self._pipe = threading.Lock()

    def open(self) -> None:
        self.close()
        try:
            self._port = serial.Serial(
                self._path, self._baud, timeout=0, write_timeout=WRITE_SECONDS, exclusive=True
            )
        except (*_FAULTS, ValueError) as error:
            raise PortFault(f"{self._path}: {_cure(error)}") from error
        with self._pipe:
            self._alarm, self._bell = os.pipe()
            os.set_blocking(self._bell, False)

    def read(self, seconds: float) -> bytes:
        port = self._opened()
        try:
            ready, _, _ = select.select([port.fileno(), self._alarm], [], [], max(0.0, seconds))
            if self._alarm in ready:
                os.read(self._alarm, 1024)
            return bytes(port.read(1024)) if port.fileno() in ready else b""
        except _FAULTS as error:
            raise PortFault(f"{self._path}: unplugged or failed ({error}): check its cable") from error

    def write(self, data: bytes) -> None:
        try:
            self._opened().write(data)
        except _FAULTS as error:
            raise PortFault(f"{self._path}: takes no bytes ({error}): check its cable") from error

    def wake(self) -> None:
        with self._pipe:
            if self._bell >= 0:
                # A full pipe means that it has been rung often enough.
                with contextlib.suppress(BlockingIOError):
                    os.write(self._bell, b"!")

    def close(self) -> None:
        if self._port is None:
            return
        self._port.close()
        self._port = None
        with self._pipe:
            os.close(self._alarm)
            os.close(self._bell)
            self._alarm, self._bell = -1, -1

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise PortFault(f"{self._path}: not open")
        return self._port


class RememberedWire:
    """The twin without a port: remembers what was written, gives out what it was told to hear."""

    def __init__(self) -> None:
        self.written = bytearray()
        self._heard = bytearray()
        self._open = False
        self._awake = False
        self._fault: str | None = None
        self._news = threading.Condition()

    def hear(self, data: bytes) -> None:
        """Let ``data`` arrive."""
        with self._news:
            self._heard += data
            self._news.notify_all()

    def unplug(self, why: str | None = "unplugged") -> None:
        """Fail from now on; ``None`` plugs it in again."""
        with self._news:
            self._fault = why
            self._news.notify_all()

    def open(self) -> None:
        with self._news:
            self._open = True
            self._check()

    def read(self, seconds: float) -> bytes:
        end = time.monotonic() + seconds
        with self._news:
            self._check()
            while not self._heard and not self._awake and (left := end - time.monotonic()) > 0:
                self._news.wait(left)
                self._check()
            self._awake = False
            data = bytes(self._heard)
            self._heard.clear()
            return data

    def write(self, data: bytes) -> None:
        with self._news:
            self._check()
            self.written += data
            self._news.notify_all()

    def wake(self) -> None:
        with self._news:
            self._awake = True
            self._news.notify_all()

    def close(self) -> None:
        with self._news:
            self._open = False

    def _check(self) -> None:
        if self._fault is not None:
            self._open = False
            raise PortFault(self._fault)
        if not self._open:
            raise PortFault("not open")


def _cure(error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return "is not there: plug the device in, or correct the path"
    if number == errno.EACCES:
        return "may not be opened: add this program's user to the group of the port (dialout)"
    if number in (errno.EBUSY, errno.EAGAIN):
        return "belongs to another program: stop that one, only one may own a port"
    return f"cannot be opened ({error}): check that it is a serial port and the baud rate is right"
