"""A cable to a printer: jobs in pieces with a time limit, questions and answers; and the device file."""

from __future__ import annotations

import errno
import os
import select
import stat
import termios
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from kiosk.printer_protocol import NOT_OPENED, PrinterFault
from kiosk.printer_status import (
    END_MARK,
    FULL_STATUS,
    N_,
    STOPPED,
    UNKNOWN,
    Answers,
    PrinterStatus,
    StatusLanguage,
    custom_status,
    epson_status,
    question,
)

ANSWER_SECONDS: Final = 0.4
"""A printer answers a real-time question within a few milliseconds; on a slow line within a tenth."""
PIECE: Final = 1024
"""Bytes sent at a time: each piece has the printer's timeout, so a slow printer is no dead one."""
JOB_SECONDS: Final = 30.0
"""The longest a job may take to leave, however steadily it trickles."""
DEAF_AFTER: Final = 2
"""So many end marks without an answer, and the printer is not asked for them any more."""
GONE: Final = (OSError, termios.error, AssertionError, ValueError)
"""What a line may raise: python-escpos bare assertions, pyusb ``ValueError`` where its library is missing."""

T = TypeVar("T")


class Cable(ABC):
    """A line opened anew for each job, with its errors put into our words."""

    answers_possible = True
    """Whether this kind of cable carries answers at all."""

    def __init__(self, status: StatusLanguage = "epson") -> None:
        self._line: Any = None
        self._language: StatusLanguage = status
        self._answers = Answers(status)
        self._unmarked = 0
        self._owed = False

    def open(self) -> None:
        """Reach the printer."""
        self.close()
        self._answers = Answers(self._language)
        self._owed = False
        try:
            self._line = self._reach()
        except GONE as error:
            raise self._fault(error) from error

    def print(self, data: bytes) -> None:
        """Send a whole job, and wait until it has left this machine."""
        if self._line is None:
            raise PrinterFault(NOT_OPENED)
        give_up = time.monotonic() + JOB_SECONDS
        try:
            for start in range(0, len(data), PIECE):
                if time.monotonic() > give_up:
                    raise TimeoutError(errno.ETIMEDOUT, "too slow")
                self._send(data[start : start + PIECE])
            self._settle()
        except GONE as error:
            raise PrinterFault(
                N_(
                    "The printer stopped taking the ticket (%(error)s): look whether it came out, check "
                    "paper, cover and cable."
                ),
                maybe_printed=True,
                error=error,
            ) from error

    def status(self) -> PrinterStatus:
        """What the printer says about itself; silence and a dead line are ``UNKNOWN``."""
        if self._line is None or self._language == "none" or not self.answers_possible:
            return UNKNOWN
        try:
            if self._language == "custom":
                return custom_status(self._ask(FULL_STATUS, lambda: self._answers.full) or b"")
            answers: dict[int, int] = {}
            for number in (1, 2, 3, 4):
                answer = self._ask(question(number), lambda: self._answers.realtime[:1])
                if answer:
                    answers[number] = answer[0]
                elif number == 1:
                    return UNKNOWN
            return epson_status(answers)
        except GONE:
            return UNKNOWN

    def finished(self, seconds: float) -> bool:
        """Ask for the end mark and wait for it; a printer that says it stopped is not waited for."""
        if self._line is None or self._language == "none" or not self.answers_possible:
            return False
        if self._unmarked >= DEAF_AFTER:
            return False
        give_up = time.monotonic() + seconds
        seen, answering = self._answers.marks, True
        try:
            self._send(END_MARK)
            while (left := give_up - time.monotonic()) > 0:
                self._answers.feed(self._receive(min(left, ANSWER_SECONDS)))
                if self._answers.marks > seen:
                    self._unmarked = 0
                    return True
                # One that answers nothing while it prints is left in peace, its mark may still come.
                if answering:
                    status = self.status()
                    if status.state in STOPPED:
                        return False
                    answering = status != UNKNOWN
        except GONE:
            return False
        self._unmarked += 1
        return False

    def close(self) -> None:
        """Let the line go."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(*GONE):  # it may be gone: nothing is left to let go then
                self._hang_up(line)

    def _ask(self, asked: bytes, answer: Callable[[], T]) -> T | None:
        # An answer that comes late must not be taken for that to the next question.
        self._answers.feed(self._receive(ANSWER_SECONDS if self._owed else 0))
        self._owed = False
        self._answers.forget()
        self._send(asked)
        give_up = time.monotonic() + ANSWER_SECONDS
        while (left := give_up - time.monotonic()) > 0:
            self._answers.feed(self._receive(left))
            if said := answer():
                return said
        self._owed = True
        return None

    @abstractmethod
    def _reach(self) -> Any:
        """A line that is ready."""

    @abstractmethod
    def _send(self, data: bytes) -> None:
        """Send ``data`` (at most ``PIECE`` bytes) whole, or raise ``OSError``."""

    @abstractmethod
    def _receive(self, seconds: float) -> bytes:
        """What came, waiting up to ``seconds``; empty when nothing came. Raises ``OSError`` when gone."""

    @abstractmethod
    def _fault(self, error: Exception) -> PrinterFault:
        """What to tell staff when the printer cannot be reached."""

    def _settle(self) -> None:  # noqa: B027 - most cables have nothing to wait for
        """Wait until what was sent has left this machine; raises ``OSError`` when it does not."""

    def _hang_up(self, line: Any) -> None:
        line.close()


class FilePrinter(Cable):
    """A printer behind a device path such as ``/dev/usb/lp0``; a plain file keeps the last ticket only."""

    def __init__(self, path: Path, timeout: float = 3.0, status: StatusLanguage = "epson") -> None:
        super().__init__(status)
        self._path = path
        self._timeout = timeout

    def _reach(self) -> int:
        # Opening a device that was unplugged would quietly make a plain file of its name.
        is_device = self._path.is_relative_to("/dev")
        if is_device and not self._path.exists():
            raise FileNotFoundError(errno.ENODEV, "no such device")
        how = os.O_RDWR if is_device else os.O_WRONLY | os.O_CREAT
        line = os.open(self._path, how | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, 0o644)
        self.answers_possible = stat.S_ISCHR(os.fstat(line).st_mode)
        return line

    def print(self, data: bytes) -> None:
        """Send a whole job; a plain file is written anew."""
        if self._line is not None and not self.answers_possible:
            os.ftruncate(self._line, 0)
        super().print(data)

    def _send(self, data: bytes) -> None:
        # Without a limit a printer without paper would hold this thread in the kernel for ever.
        give_up = time.monotonic() + self._timeout
        while data:
            left = give_up - time.monotonic()
            if left <= 0 or not select.select([], [self._line], [], left)[1]:
                raise TimeoutError(errno.ETIMEDOUT, "it takes no more")
            try:
                data = data[os.write(self._line, data) :]
            except BlockingIOError:
                continue

    def _receive(self, seconds: float) -> bytes:
        if not select.select([self._line], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._line, 256)
        except BlockingIOError:
            return b""
        if not data and seconds:
            time.sleep(min(seconds, 0.02))  # usblp says "nothing" at once instead of waiting
        return data

    def _fault(self, error: Exception) -> PrinterFault:
        number = error.errno if isinstance(error, OSError) else None
        if number == errno.ENODEV:
            return PrinterFault(
                N_("%(path)s is not there: plug the printer in and switch it on, or correct [printer] path."),
                path=self._path,
            )
        if number in (errno.EACCES, errno.EPERM):
            return PrinterFault(
                N_(
                    "This program may not open %(path)s: add its user to the group that owns it (usually lp "
                    "or dialout), start the program anew, and check [printer] path."
                ),
                path=self._path,
            )
        if number == errno.EBUSY:
            return PrinterFault(
                N_("Another program holds %(path)s: end it (often CUPS), or correct [printer] path."),
                path=self._path,
            )
        return PrinterFault(
            N_("The printer at %(path)s cannot be opened (%(error)s): check its cable and [printer] path."),
            path=self._path,
            error=error,
        )

    def _hang_up(self, line: int) -> None:
        os.close(line)
