"""The wire between the server and ticket terminals: leased numbers, offline tickets, the terminal's state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from server.sdk.commands import Request
from server.sdk.messages import Answer, Code, ExpectedWait, Language, VisitId

LARGEST = 2**31 - 1
"""The largest number the database keeps."""
ClockAhead = Annotated[int, Field(ge=-(10**13), le=10**13, strict=True)]
"""Milliseconds; a clock that lost its battery is decades behind."""


def _cut(ahead: int) -> int:
    return max(-LARGEST, min(LARGEST, ahead))


def _thinkable(at: datetime) -> datetime:
    if not 1970 <= at.year <= 2200:
        raise ValueError("a time between 1970 and 2200 is needed")
    return at


TicketNumber = Annotated[str, Field(pattern=r"^[А-ЯA-Z]{1,2}[0-9]{3}$", examples=["А981"])]
TicketCode = Annotated[str, Field(pattern=r"^[23456789bcdfghjkmnpqrstvwxz]{20}$")]
PrinterState = Literal[
    "ready", "near_end", "paper_out", "cover_open", "cutter", "error", "offline", "unknown"
]

TerminalAct = Literal["reprint_last", "restart_page"]
DeviceKind = Literal["display", "bridge"]
PartState = Literal["ok", "warning", "fault"]


class LeaseNumbers(Request):
    """A terminal asks for numbers of today to give while the server is out of reach.

    ``anew``: it has lost what it knew of its blocks, so that they must not be used any more.
    """

    anew: bool = False
    count: Annotated[int, Field(ge=1, le=60, strict=True)] = 20


class NumberBlock(Answer):
    """Numbers ``first`` … ``last`` of a series, this terminal's alone; ``services`` share the series."""

    prefix: str
    first: int
    last: int
    services: list[str] = Field(default_factory=list)


class NumberLease(Answer):
    """What a terminal may give offline on ``day``: a block of each series. It ends with the day.

    A terminal that asks again gets its unused blocks back, refilled; it never gets a number twice.
    ``status_url`` + a ticket's code is the address for its QR.
    """

    day: date
    expires_at: datetime
    blocks: list[NumberBlock]
    status_url: str


class OfflineTicket(Request):
    """A ticket given while the server was out of reach. ``id`` and ``code`` were made by the terminal.

    ``issued_at`` is the terminal's own clock, ``clock_ahead_ms`` how far that clock was ahead of the
    server's when last compared (null: never compared).
    """

    id: VisitId
    number: TicketNumber
    code: TicketCode
    service: Code
    category: Code | None = None
    language: Language = "ru"
    issued_at: Annotated[AwareDatetime, AfterValidator(_thinkable)]
    clock_ahead_ms: ClockAhead | None = None


class HandInTickets(Request):
    """Tickets given offline, the oldest first. Handed in twice they count once."""

    tickets: Annotated[list[OfflineTicket], Field(min_length=1, max_length=100)]


class RefusedTicket(Answer):
    """An offline ticket the server could not take, and why: for staff and the log of the terminal."""

    id: str
    number: str
    code: str
    detail: str


class HandedIn(Answer):
    """What became of a hand-in: ids taken (now or before), and those that could not be."""

    taken: list[str]
    refused: list[RefusedTicket]


class UnprintedTicket(Request):
    """A number that was given but may not be on paper."""

    number: TicketNumber
    job: Literal["failed", "unknown"]


class ReportTerminal(Request):
    """A terminal tells how it stands: at each change, and every half minute."""

    name: Annotated[str, Field(max_length=60)] = ""
    printer: PrinterState
    fault: Annotated[str, Field(max_length=300)] = ""
    queued: Annotated[int, Field(ge=0, le=LARGEST, strict=True)] = 0
    unprinted: Annotated[list[UnprintedTicket], Field(max_length=20)] = Field(default_factory=list)
    offline_tickets: Annotated[int, Field(ge=0, le=LARGEST, strict=True)] = 0
    done: VisitId | None = None
    version: Annotated[str, Field(max_length=20)] = ""
    clock_ahead_ms: Annotated[ClockAhead, AfterValidator(_cut)] | None = None
    disk_free_mb: Annotated[int, Field(ge=0, le=LARGEST, strict=True)] | None = None


class CommandTerminal(Request):
    """Staff want a terminal to print its last ticket again, or to start its page anew."""

    terminal: Annotated[str, Field(max_length=60)]
    what: TerminalAct


class TerminalCommand(Answer):
    """What ``terminal`` has to do now; it tells by ``done`` in its next report."""

    id: str
    terminal: str
    what: TerminalAct


class DevicePart(Request):
    """A line, a pad, a sign, a sound of a device. ``fault``: what is wrong and its cure, for staff."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    state: PartState = "ok"
    fault: Annotated[str, Field(max_length=300)] = ""


class ReportDevice(Request):
    """A display program or a bridge tells how it stands: at each change, and every half minute."""

    kind: DeviceKind
    name: Annotated[str, Field(max_length=60)] = ""
    version: Annotated[str, Field(max_length=20)] = ""
    parts: Annotated[list[DevicePart], Field(max_length=80)] = Field(default_factory=list)


class DeviceHeard(Answer):
    """The report was taken; ``at`` is the server's time."""

    office: str
    at: datetime


class PrintOrder(Answer):
    """A ticket that staff want printed at ``terminal``: everything that stands on it."""

    id: str
    terminal: str
    ticket: str
    number: str
    service: str
    language: Language
    issued_at: datetime
    ahead: int
    expected_wait: ExpectedWait | None = None
    status_url: str


class TerminalView(Answer):
    """What terminals have to do now. Room ``terminal:{office}``: every terminal takes what is for it.

    ``you`` is the asking terminal's own id, in answers to commands.
    """

    office: str
    you: str | None = None
    version: int
    at: datetime
    print_orders: list[PrintOrder]
    commands: list[TerminalCommand] = Field(default_factory=list)


class ReportPrint(Request):
    """A print order is done; ``unknown`` when nobody can tell whether paper came out."""

    order: VisitId
    state: Literal["printed", "failed", "unknown"]
