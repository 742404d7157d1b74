"""Ticket printers by their cable: network, serial, USB. The one file that knows python-escpos."""

from __future__ import annotations

import errno
import fcntl
import socket
import struct
import termios
import time
from pathlib import Path
from typing import Any, Literal

from escpos.exceptions import Error as EscposError
from escpos.printer import Network, Serial, Usb

from kiosk.cable import GONE, Cable, FilePrinter
from kiosk.config import PrinterSettings
from kiosk.preview_printer import PreviewPrinter
from kiosk.printer_protocol import Printer, PrinterFault, RememberingPrinter
from kiosk.printer_status import N_, StatusLanguage

__all__ = [
    "FilePrinter", "NetworkPrinter", "Printer", "PrinterFault", "RememberingPrinter", "SerialPrinter",
    "UsbPrinter", "make_printer",
]  # fmt: skip

DRAIN_SECONDS = 0.3
"""How long to listen for a printer's last words before hanging up."""
Flow = Literal["none", "rtscts", "dsrdtr", "xonxoff"]


class NetworkPrinter(Cable):
    """A printer that listens on a raw TCP port, usually 9100. ``timeout`` in seconds."""

    def __init__(
        self, address: str, port: int = 9100, timeout: float = 3.0, status: StatusLanguage = "epson"
    ) -> None:
        super().__init__(status)
        self._address = address
        self._port = port
        self._timeout = timeout

    def _reach(self) -> Network:
        driver = Network(self._address, self._port, self._timeout)
        # Not the driver's own open(): a failed one leaves its socket open, and it knows no IPv6.
        driver.device = socket.create_connection((self._address, self._port), self._timeout)
        # Questions are three bytes: waiting to fill a packet would cost 40 ms each.
        driver.device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return driver

    def _send(self, data: bytes) -> None:
        self._line.device.settimeout(self._timeout)
        self._line._raw(data)

    def _settle(self) -> None:
        # Bytes in this machine's buffer are not at the printer yet: wait for their acknowledgement.
        line = self._line.device
        give_up = time.monotonic() + self._timeout
        while struct.unpack("i", fcntl.ioctl(line, termios.TIOCOUTQ, bytes(4)))[0]:
            if time.monotonic() > give_up:
                raise TimeoutError(errno.ETIMEDOUT, "it takes no more")
            time.sleep(0.005)
        # A printer that hung up on unread bytes has thrown them away.
        if broken := line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(broken, "the line broke")

    def _receive(self, seconds: float) -> bytes:
        line = self._line.device
        line.settimeout(seconds)
        try:
            data: bytes = line.recv(256)
        except (TimeoutError, BlockingIOError):
            return b""
        if not data:
            raise ConnectionError("the printer hung up")
        return data

    def _fault(self, error: Exception) -> PrinterFault:
        return PrinterFault(
            N_(
                "No printer answers at %(address)s port %(port)s (%(error)s): switch it on, check its "
                "cable, and that [printer] address and port are those on its self-test page."
            ),
            address=self._address,
            port=self._port,
            error=error,
        )

    def _hang_up(self, line: Network) -> None:
        # Closing while unread status bytes of the printer wait would reset the connection and may
        # cut the end of the ticket: say "no more" first, and listen until the printer hangs up too.
        try:
            line.device.shutdown(socket.SHUT_WR)
            line.device.settimeout(DRAIN_SECONDS)
            give_up = time.monotonic() + DRAIN_SECONDS
            while line.device.recv(256) and time.monotonic() < give_up:
                pass
        except OSError:
            pass  # the printer keeps the line open, or is gone: hang up from here
        line.close()


class SerialPrinter(Cable):
    """A printer on a serial port, 8 bits, no parity. ``flow`` is how it says "wait" when its buffer is full.

    The library's own status is not used: it takes silence for "paper is there".
    """

    def __init__(
        self,
        path: Path,
        baud: int = 115200,
        flow: Flow = "rtscts",
        timeout: float = 3.0,
        status: StatusLanguage = "epson",
    ) -> None:
        super().__init__(status)
        self._path = path
        self._baud = baud
        self._flow = flow
        self._timeout = timeout

    def _reach(self) -> Serial:
        driver = Serial(
            str(self._path),
            baudrate=self._baud,
            timeout=self._timeout,
            xonxoff=self._flow == "xonxoff",
            dsrdtr=self._flow == "dsrdtr",
        )
        try:
            driver.open()
        except EscposError as error:
            raise OSError(_number(error), str(error.__context__ or error)) from error
        try:
            driver.device.rtscts = self._flow == "rtscts"
            driver.device.write_timeout = self._timeout
            driver.device.exclusive = True
        except GONE:
            self._hang_up(driver)
            raise
        return driver

    def _send(self, data: bytes) -> None:
        self._line._raw(data)

    def _settle(self) -> None:
        give_up = time.monotonic() + self._timeout
        while self._line.device.out_waiting:
            if time.monotonic() > give_up:
                raise TimeoutError(errno.ETIMEDOUT, "it takes no more")
            time.sleep(0.005)

    def _receive(self, seconds: float) -> bytes:
        device = self._line.device
        if not seconds:
            return bytes(device.read(device.in_waiting)) if device.in_waiting else b""
        device.timeout = seconds
        first = bytes(device.read(1))
        return first + bytes(device.read(device.in_waiting)) if first else b""

    def _fault(self, error: Exception) -> PrinterFault:
        number = error.errno if isinstance(error, OSError) else None
        if number in (errno.EACCES, errno.EPERM):
            return PrinterFault(
                N_(
                    "This program may not open %(path)s: add its user to the group that owns it (usually lp "
                    "or dialout), start the program anew, and check [printer] path."
                ),
                path=self._path,
            )
        return PrinterFault(
            N_("The serial port %(path)s cannot be opened (%(error)s): check its cable and [printer] path."),
            path=self._path,
            error=error,
        )

    def _hang_up(self, line: Serial) -> None:
        # Not the driver's own close(): it would wait without limit for a printer that takes no more.
        device, line.device = line.device, False
        try:
            if device.out_waiting:
                device.reset_output_buffer()
        finally:
            device.close()


class UsbPrinter(Cable):
    """A printer on USB that no kernel driver serves, found by its maker's and its own number."""

    def __init__(
        self, vendor: int, product: int, timeout: float = 3.0, status: StatusLanguage = "epson"
    ) -> None:
        super().__init__(status)
        self._vendor = vendor
        self._product = product
        self._timeout = timeout

    def _reach(self) -> Usb:
        if not Usb.is_usable():
            raise OSError(errno.ENOPKG, "pyusb")
        driver = Usb(self._vendor, self._product, timeout=int(self._timeout * 1000))
        try:
            driver.open()
        except EscposError as error:
            raise OSError(_number(error), str(error)) from error
        return driver

    def _send(self, data: bytes) -> None:
        self._line._raw(data)

    def _receive(self, seconds: float) -> bytes:
        try:
            return bytes(self._line.device.read(self._line.in_ep, 64, max(1, int(seconds * 1000))))
        except OSError as error:
            if error.errno == errno.ETIMEDOUT:
                return b""
            raise

    def _fault(self, error: Exception) -> PrinterFault:
        if isinstance(error, OSError) and error.errno == errno.ENOPKG:
            return PrinterFault(
                N_(
                    'kind = "usb" needs pyusb: .venv/bin/pip install pyusb and apt-get install libusb-1.0-0; '
                    'or choose kind = "file" with path = "/dev/usb/lp0".'
                )
            )
        return PrinterFault(
            N_(
                "No USB printer %(printer)s (%(error)s): plug it in, switch it on, compare [printer] vendor "
                "and product with the list of lsusb, and let this program's user open it."
            ),
            printer=f"{self._vendor:04x}:{self._product:04x}",
            error=error,
        )


def make_printer(settings: PrinterSettings, pictures: Path) -> Printer:
    """The printer the settings name; a preview draws into ``pictures``."""
    profile = settings.printer_profile()
    timeout, status = settings.timeout_seconds, profile.status
    if settings.kind == "network":
        return NetworkPrinter(settings.address, settings.port, timeout, status)
    if settings.kind == "usb" and settings.vendor is not None and settings.product is not None:
        return UsbPrinter(settings.vendor, settings.product, timeout, status)
    if settings.kind == "serial" and settings.path is not None:
        return SerialPrinter(settings.path, settings.baud, settings.flow, timeout, status)
    if settings.kind == "file" and settings.path is not None:
        return FilePrinter(settings.path, timeout, status)
    return PreviewPrinter(pictures, profile, settings.keep_pictures)


def _number(error: BaseException) -> int | None:
    """The error number of the operating system behind the library's own error."""
    cause: Any = error
    while cause is not None and not isinstance(getattr(cause, "errno", None), int):
        cause = cause.__cause__ or cause.__context__
    return None if cause is None else cause.errno
