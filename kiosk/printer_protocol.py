"""What every printer of ready bytes can do, how its faults are told, and the twin that remembers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kiosk.printer_status import UNKNOWN, PrinterStatus

NOT_OPENED = "the printer was not opened before the job: open it first"


class PrinterFault(Exception):
    """The job did not go through. The text is for staff: what happened and the cure.

    ``text`` is a message id with ``places``; ``str()`` gives it in English, for the log. ``maybe_printed``
    is true when bytes had already left: paper may or may not have come out, so the job must not be sent
    again by itself.
    """

    def __init__(self, text: str, maybe_printed: bool = False, **places: object) -> None:
        self.text = text
        # As text: an exception kept here would keep the ticket's bytes through its traceback.
        self.places = {name: str(value) for name, value in places.items()}
        self.maybe_printed = maybe_printed
        super().__init__(self.said(str))

    def untraced(self) -> PrinterFault:
        """The same fault without its traceback, to be kept for long."""
        return PrinterFault(self.text, self.maybe_printed, **self.places)

    def said(self, gettext: Callable[[str], str]) -> str:
        """The text in the language of ``gettext``."""
        text = gettext(self.text)
        return text % self.places if self.places else text


class Printer(Protocol):
    """A printer of ready bytes: open, print, close for every job. Not for two threads at once."""

    def open(self) -> None:
        """Reach the printer. Raises ``PrinterFault``; nothing was printed then."""

    def print(self, data: bytes) -> None:
        """Send a whole job. Raises ``PrinterFault`` with ``maybe_printed``."""

    def status(self) -> PrinterStatus:
        """What the opened printer says about itself now; ``UNKNOWN`` when it says nothing. Never raises."""

    def finished(self, seconds: float) -> bool:
        """Whether the opened printer says that all that was sent is worked off; waits up to ``seconds``.

        False: it does not say so, or says that it stopped. Never raises.
        """

    def close(self) -> None:
        """Let the printer go; never raises, may be called at any time."""


class RememberingPrinter:
    """The twin that keeps what was printed; told to be ``broken`` it fails like a real one.

    ``state`` is what it says when asked, ``state_after`` what it says once it has printed (None: the same).
    """

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self.broken: PrinterFault | None = None
        self.state = PrinterStatus("ready")
        self.state_after: PrinterStatus | None = None
        self.works_off = True
        self._is_open = False

    def open(self) -> None:
        """Ready, unless broken before anything was sent."""
        if self.broken and not self.broken.maybe_printed:
            raise self.broken
        self._is_open = True

    def print(self, data: bytes) -> None:
        """Keep the job, unless broken in the middle of it."""
        if not self._is_open:
            raise PrinterFault(NOT_OPENED)
        if self.broken:
            raise self.broken
        self.jobs.append(data)
        if self.state_after is not None:
            self.state = self.state_after

    def status(self) -> PrinterStatus:
        """As it was told to say."""
        return self.state if self._is_open else UNKNOWN

    def finished(self, seconds: float) -> bool:
        """At once."""
        return self._is_open and self.works_off and self.state.state != "unknown"

    def close(self) -> None:
        """Nothing to let go."""
        self._is_open = False
