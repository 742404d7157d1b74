"""Ticket printers behind one small protocol: network, device or file, and one that remembers."""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Protocol

from escpos.escpos import Escpos
from escpos.exceptions import Error as EscposError
from escpos.printer import File, Network

DRAIN_SECONDS = 0.3
"""How long to listen for a printer's last words before hanging up."""


class PrinterFault(Exception):
    """The job did not go through. The text is for staff: what happened and the cure.

    ``maybe_printed`` is true when bytes had already left: paper may or may not have come out,
    so the job must not be sent again by itself.
    """

    def __init__(self, text: str, maybe_printed: bool = False) -> None:
        self.maybe_printed = maybe_printed
        super().__init__(text)


class Printer(Protocol):
    """A printer of ready bytes: open, print, close for every job. Not for two threads at once."""

    def open(self) -> None:
        """Reach the printer. Raises ``PrinterFault``; nothing was printed then."""

    def print(self, data: bytes) -> None:
        """Send a whole job. Raises ``PrinterFault`` with ``maybe_printed``."""

    def close(self) -> None:
        """Let the printer go; never raises, may be called at any time."""


class _Cable(ABC):
    """A python-escpos driver opened anew for each job, with its errors put into our words.

    After a failed open the library's next call raises a bare ``AssertionError``; here a driver
    lives for one job only, and whatever it raises becomes ``PrinterFault``.
    """

    def __init__(self) -> None:
        self._driver: Escpos | None = None

    def open(self) -> None:
        self.close()
        try:
            self._driver = self._reach()
        except (EscposError, OSError, AssertionError) as error:
            raise PrinterFault(self._cure(error)) from error

    def print(self, data: bytes) -> None:
        if self._driver is None:
            raise PrinterFault("the printer was not opened before the job: open it first")
        try:
            self._driver._raw(data)
        except (EscposError, OSError, AssertionError) as error:
            raise PrinterFault(
                f"the printer stopped taking the ticket ({error}): look whether it came out, "
                "check paper, cover and cable",
                maybe_printed=True,
            ) from error

    def close(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            self._hang_up(driver)

    @abstractmethod
    def _reach(self) -> Escpos:
        """A driver that is ready to print."""

    @abstractmethod
    def _cure(self, error: Exception) -> str:
        """What to tell staff when the printer cannot be reached."""

    def _hang_up(self, driver: Escpos) -> None:
        driver.close()


class NetworkPrinter(_Cable):
    """A printer that listens on a raw TCP port, usually 9100. ``timeout`` in seconds."""

    def __init__(self, address: str, port: int = 9100, timeout: float = 3.0) -> None:
        super().__init__()
        self._address = address
        self._port = port
        self._timeout = timeout

    def _reach(self) -> Escpos:
        driver = Network(self._address, self._port, self._timeout)
        # Not the driver's own open(): a failed one leaves its socket open, and it knows no IPv6.
        driver.device = socket.create_connection((self._address, self._port), self._timeout)
        return driver

    def _cure(self, error: Exception) -> str:
        return (
            f"no printer answers at {self._address} port {self._port} ({error}): switch it on, check its "
            "cable, and that [printer] address and port are those on its self-test page"
        )

    def _hang_up(self, driver: Escpos) -> None:
        # Closing while unread status bytes of the printer wait would reset the connection and may
        # cut the end of the ticket: say "no more" first, and listen until the printer hangs up too.
        line = driver.device
        try:
            line.shutdown(socket.SHUT_WR)
            line.settimeout(DRAIN_SECONDS)
            while line.recv(256):
                pass
        except OSError:
            pass  # the printer keeps the line open, or is gone: hang up from here
        driver.close()


class FilePrinter(_Cable):
    """A printer behind a device path such as ``/dev/usb/lp0``; a plain file keeps the last ticket only."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def _reach(self) -> Escpos:
        # Opening a device that was unplugged would quietly make a plain file of its name.
        if self._path.is_relative_to("/dev") and not self._path.exists():
            raise PrinterFault(f"{self._path} is not there: plug the printer in and switch it on")
        driver = File(str(self._path))
        driver.open()
        return driver

    def _cure(self, error: Exception) -> str:
        return (
            f"the printer at {self._path} cannot be opened ({error}): check [printer] path, and that the "
            "user of the kiosk program is in the group that owns it (usually lp)"
        )


class RememberingPrinter:
    """The twin that keeps what was printed; told to be ``broken`` it fails like a real one."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self.broken: PrinterFault | None = None
        self._is_open = False

    def open(self) -> None:
        """Ready, unless broken before anything was sent."""
        if self.broken and not self.broken.maybe_printed:
            raise self.broken
        self._is_open = True

    def print(self, data: bytes) -> None:
        """Keep the job, unless broken in the middle of it."""
        if not self._is_open:
            raise PrinterFault("the printer was not opened before the job: open it first")
        if self.broken:
            raise self.broken
        self.jobs.append(data)

    def close(self) -> None:
        """Nothing to let go."""
        self._is_open = False
