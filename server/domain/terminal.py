"""Ticket terminals and other devices as rules see them: leased numbers, how each stands, its tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

SILENT_AFTER = timedelta(seconds=75)
"""A terminal tells how it stands every half minute: after two missed times it is silent."""
COMMAND_FOR = timedelta(minutes=2)
"""A command to a terminal that was not there to hear it must not come true much later."""


@dataclass(frozen=True)
class Lease:
    """Numbers ``first`` … ``last`` of a series that one terminal alone may give."""

    prefix: str
    first: int
    last: int


@dataclass(frozen=True)
class Terminal:
    """How a terminal stands, as it last told."""

    id: str
    office: str
    name: str
    seen_at: datetime
    printer: str
    fault: str
    queued: int
    unprinted: list[dict[str, str]] = field(default_factory=list)
    offline_tickets: int = 0
    command: str | None = None
    command_id: str | None = None
    commanded_at: datetime | None = None
    version: str = ""
    clock_ahead_ms: int | None = None
    disk_free_mb: int | None = None

    def has_command(self, now: datetime) -> bool:
        """Whether staff want something of it that it has not done: it is forgotten after a while."""
        return self.commanded_at is not None and now - self.commanded_at <= COMMAND_FOR


@dataclass(frozen=True)
class Device:
    """A display program or a bridge, as it last told: ``parts`` are its lines, pads, signs and sounds.

    A part is ``{"name", "state", "fault"}``: ``ok``, ``warning`` or ``fault``, and words for staff.
    """

    id: str
    office: str
    kind: str
    name: str
    version: str
    seen_at: datetime
    parts: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class PrintOrder:
    """A ticket that is to be printed at a terminal."""

    id: str
    office: str
    terminal: str
    visit: str
    at: datetime
    state: str
