"""Serial ports: the only file that knows pyserial. Bytes in and out, nothing about their meaning."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import termios
import threading
import time
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import serial
from serial.tools import list_ports

from firmware_bridge.config import Parity

WRITE_SECONDS = 1.0
"""A port that takes no bytes for so long is treated as unplugged."""

_FAULTS = (serial.SerialException, OSError, termios.error)


PSEUDO_TERMINALS = range(136, 144)
"""Major numbers of pseudo-terminals on Linux."""


class PortState(StrEnum):
    """What can be said about a port. WAITING: not tried yet."""

    WAITING = "waiting"
    OPEN = "open"
    MISSING = "port_missing"
    NO_PERMISSION = "no_permission"
    BUSY = "port_busy"
    AMBIGUOUS = "same_serial_number"
    NOT_SERIAL = "not_serial"
    FAILED = "port_failed"


class PortFault(Exception):
    """The port cannot be used. The text says what happened and the cure, ``state`` the same as a code."""

    def __init__(self, text: str, state: PortState = PortState.FAILED) -> None:
        super().__init__(text)
        self.state = state


class Wire(Protocol):
    """A line of bytes. One thread opens, reads, writes and closes; any thread may wake it."""

    @property
    def path(self) -> str:
        """Where the port is, for people."""

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
    """A serial port or pseudo-terminal, 8 data bits, 1 stop bit, opened for ourselves alone.

    ``path`` names it, or ``usb_serial``, the serial number of its USB adapter: then it may come and go
    under any name.
    """

    def __init__(self, path: str, baud: int, parity: Parity = "none", usb_serial: str = "") -> None:
        self._path = path
        self._usb_serial = usb_serial
        self._baud = baud
        self._parity = parity[0].upper()
        self._port: serial.Serial | None = None
        self._alarm, self._bell = -1, -1
        self._pipe = threading.Lock()

    @property
    def path(self) -> str:
        """Where the port was last found; the serial number in words while it was not."""
        return self._path or f"USB {self._usb_serial}"

    def open(self) -> None:
        self.close()
        if self._usb_serial:
            self._path = find_usb(self._usb_serial)
        try:
            port = serial.Serial(
                self._path,
                self._baud,
                parity=self._parity,
                timeout=0,
                write_timeout=WRITE_SECONDS,
                exclusive=True,
            )
        except (*_FAULTS, ValueError) as error:
            raise _told(self._path, error) from error
        _claim(port)
        self._port = port
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
        with contextlib.suppress(*_FAULTS):
            fcntl.ioctl(self._port.fileno(), termios.TIOCNXCL)
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

    @property
    def path(self) -> str:
        """There is none."""
        return "memory"

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


def find_usb(usb_serial: str) -> str:
    """The path of the port whose USB adapter has this serial number. Raises ``PortFault``."""
    there = {port.device: port.serial_number for port in list_ports.comports() if port.serial_number}
    found = [path for path, number in there.items() if number == usb_serial]
    if len(found) == 1:
        return found[0]
    if found:
        raise PortFault(
            f"USB {usb_serial}: {', '.join(sorted(found))} have the same serial number: name the port by "
            "`path` instead, /dev/serial/by-path/…",
            PortState.AMBIGUOUS,
        )
    others = ", ".join(sorted(set(there.values()))) or "none"
    raise PortFault(
        f"USB {usb_serial} is not there: plug the adapter in, or correct `usb_serial` (there now: {others})",
        PortState.MISSING,
    )


def owners(path: str) -> list[str]:
    """Programs that have ``path`` open, like "minicom (1234)", as far as we may know them."""
    found, target = [], os.path.realpath(path)
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if any(os.path.realpath(handle) == target for handle in (process / "fd").iterdir()):
                name = (process / "comm").read_text("utf-8", "replace").strip()
                found.append(f"{name} ({process.name})")
    return found


def _claim(port: serial.Serial) -> None:
    """Keep out programs that do not ask for the lock, and let bytes come at once."""
    # A pseudo-terminal would stay closed to our successor while its other end is held.
    if os.major(os.fstat(port.fileno()).st_rdev) not in PSEUDO_TERMINALS:
        with contextlib.suppress(*_FAULTS):
            fcntl.ioctl(port.fileno(), termios.TIOCEXCL)
        # FTDI adapters otherwise gather bytes for 16 ms: half of what a shared line can do would be lost.
        with contextlib.suppress(*_FAULTS, ValueError, NotImplementedError):
            port.set_low_latency_mode(True)


def _told(path: str, error: Exception) -> PortFault:
    number = getattr(error, "errno", None)
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return PortFault(f"{path}: is not there: plug the device in, or correct the path", PortState.MISSING)
    if number in (errno.EACCES, errno.EPERM):
        return PortFault(
            f"{path}: may not be opened: add this program's user to the group of the port (dialout)",
            PortState.NO_PERMISSION,
        )
    if number in (errno.EBUSY, errno.EAGAIN):
        names = ", ".join(owners(path))
        return PortFault(
            f"{path}: belongs to another program{f', {names}' if names else ''}: stop that one, only one "
            "may own a port",
            PortState.BUSY,
        )
    return PortFault(
        f"{path}: cannot be opened ({error}): check that it is a serial port and the baud rate is right",
        PortState.NOT_SERIAL,
    )
