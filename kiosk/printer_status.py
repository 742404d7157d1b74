"""What a printer answers about itself, byte by byte, as one state: pure (domain §14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from server.sdk.terminal_messages import PrinterState


def N_(text: str) -> str:
    """Mark a text of this program for translation; it is translated where it is shown."""
    return text


StatusLanguage = Literal["epson", "custom", "none"]
"""How a family is asked: four real-time bytes, Custom's full status, or not at all."""

FULL_STATUS: Final = bytes([0x10, 0x04, 0x14])
"""Custom's question: answered by ``10 0F``, paper, user, recoverable and unrecoverable errors."""
END_MARK: Final = bytes([0x1D, 0x72, 0x01])
"""A question that is not real-time: the printer comes to it when all before it is worked off."""
STOPPED: Final[frozenset[PrinterState]] = frozenset({"paper_out", "cover_open", "cutter", "error", "offline"})
"""States in which no ticket comes out."""

CURES: Final[Mapping[PrinterState, str]] = {
    "near_end": N_("The paper is running low: have a new roll ready."),
    "paper_out": N_("The paper has run out: load a new roll."),
    "cover_open": N_("The printer's cover is open: close it until it clicks."),
    "cutter": N_("The cutter is stuck: switch the printer off, take out the jammed paper, switch it on."),
    "error": N_("The printer reports an error: switch it off and on; if the error stays, call its service."),
    "offline": N_("The printer is offline: check that it is switched on and its cable is plugged in."),
    "unknown": N_("The printer does not tell its state: look at its lamps and at the paper."),
}
"""What to tell staff, with the cure. ``ready`` needs no words."""


@dataclass(frozen=True)
class PrinterStatus:
    """The state of a printer, and whether a ticket still hangs in the presenter's mouth."""

    state: PrinterState
    ticket_in_mouth: bool = False


UNKNOWN: Final = PrinterStatus("unknown")
OFFLINE: Final = PrinterStatus("offline")


def question(number: int) -> bytes:
    """Real-time question 1 printer, 2 why offline, 3 which error, 4 paper."""
    return bytes([0x10, 0x04, number])


def epson_status(answers: Mapping[int, int]) -> PrinterStatus:
    """The state told by the answers to questions 1 to 4; a question left out was not answered.

    Silence is ``unknown`` and never ``paper_out``: only a byte that says so may stop printing. An open
    cover comes first, because with the cover open the paper sensors see nothing.
    """
    if 1 not in answers:
        return UNKNOWN
    why, error, paper = answers.get(2, 0x12), answers.get(3, 0x12), answers.get(4, 0x12)
    if why & 0x04:
        return PrinterStatus("cover_open")
    if why & 0x20 or _both(paper, 0x60):
        return PrinterStatus("paper_out")
    if error & 0x08:
        return PrinterStatus("cutter")
    if error & 0x60 or why & 0x40:
        return PrinterStatus("error")
    if answers[1] & 0x08:
        return OFFLINE
    if 4 not in answers:
        return UNKNOWN
    return PrinterStatus("near_end" if _both(paper, 0x0C) else "ready")


def custom_status(answer: bytes) -> PrinterStatus:
    """The state told by Custom's full status (six bytes); anything else is ``unknown``."""
    if len(answer) != 6 or answer[:2] != b"\x10\x0f":
        return UNKNOWN
    paper, user, recoverable, unrecoverable = answer[2:]
    in_mouth = bool(paper & 0x20)
    if user & 0x03:
        return PrinterStatus("cover_open", in_mouth)
    if paper & 0x01:
        return PrinterStatus("paper_out", in_mouth)
    if unrecoverable & 0x03:
        return PrinterStatus("cutter", in_mouth)
    # Head too hot, voltage, jam, notch not found; and broken memory.
    if recoverable & 0xC9 or unrecoverable & 0xFC:
        return PrinterStatus("error", in_mouth)
    return PrinterStatus("near_end" if paper & 0x04 else "ready", in_mouth)


@dataclass
class Answers:
    """Sorts the bytes a printer sends by the bits each kind of answer has fixed.

    Real-time answers are ``0xx1xx10``, the end mark ``0xx0xxxx``; an automatic status nobody asked for
    begins with ``0xx1xx00`` and is four bytes long. XON, XOFF and garbage are passed over.
    """

    language: StatusLanguage = "epson"
    realtime: list[int] = field(default_factory=list)
    full: bytes = b""
    marks: int = 0
    _rest: bytes = b""

    def forget(self) -> None:
        """Leave aside what came before the next question."""
        self.realtime.clear()
        self.full = b""

    def feed(self, data: bytes) -> None:
        """Take bytes as they come; an answer may come in parts."""
        self._rest += data
        while self._rest:
            first = self._rest[0]
            if self.language == "custom" and first == 0x10:
                if len(self._rest) < 6 and b"\x10\x0f".startswith(self._rest[:2]):
                    return
                if self._rest[1:2] == b"\x0f":
                    self.full, self._rest = self._rest[:6], self._rest[6:]
                    continue
            elif first & 0x93 == 0x12:
                self.realtime.append(first)
            elif first & 0x93 == 0x10:
                if len(self._rest) < 4:
                    return
                self._rest = self._rest[3:]
            elif first & 0x90 == 0:
                self.marks += 1
            self._rest = self._rest[1:]


def _both(byte: int, mask: int) -> bool:
    """The two sensors of one roll are told by two bits that are always alike; unlike ones are garbage."""
    return byte & mask == mask
