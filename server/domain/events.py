"""Events: what happened, in order, chained by hashes so that a change in the past shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

FIRST_HASH = "0" * 64
"""What the first row of an office's log is chained to."""


class Kind(StrEnum):
    """Every kind of event. A kind is never renamed or reused: old logs must stay readable."""

    TICKET_ISSUED = "ticket_issued"
    TICKET_CALLED = "ticket_called"
    TICKET_RECALLED = "ticket_recalled"
    SERVICE_STARTED = "service_started"
    SERVICE_FINISHED = "service_finished"
    NO_SHOW = "no_show"
    TICKET_HELD = "ticket_held"
    TICKET_RETURNED = "ticket_returned"
    NO_SHOW_RESTORED = "no_show_restored"
    TICKET_CANCELLED = "ticket_cancelled"
    TICKET_ANNULLED = "ticket_annulled"
    CLOSED_UNSERVED = "closed_unserved"
    SERVICE_UNFINISHED = "service_unfinished"
    DESK_OPENED = "desk_opened"
    DESK_BREAK = "desk_break"
    DESK_CLOSED = "desk_closed"
    RATED = "rated"
    RATING_STRAY = "rating_stray"
    RECEPTION_SET = "reception_set"
    OFFICE_REVISED = "office_revised"


@dataclass(frozen=True)
class Event:
    """One fact about one office. ``payload`` holds no personal data; ``actor`` is a login or device id."""

    kind: Kind
    at: datetime
    actor: str
    visit: str | None = None
    desk: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LoggedEvent:
    """An event with its place in an office's log and the hash of everything up to it."""

    office: str
    seq: int
    event: Event
    hash: str


def timestamp(at: datetime) -> str:
    """UTC with milliseconds, the one way times are written in the log: ``2026-03-01T05:00:00.000Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def payload_text(payload: Mapping[str, Any]) -> str:
    """The canonical JSON of a payload: sorted keys, no spaces, letters as they are."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain_hash(previous: str, office: str, seq: int, event: Event) -> str:
    """SHA-256 (hex) over the previous row's hash and this row's own content."""
    content = [
        previous,
        office,
        seq,
        timestamp(event.at),
        str(event.kind),
        event.visit,
        event.desk,
        event.actor,
        payload_text(event.payload),
    ]
    line = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def log_faults(rows: Iterable[LoggedEvent]) -> list[str]:
    """Check one office's log from its beginning; every fault in words, none when it is whole."""
    faults: list[str] = []
    previous, expected = FIRST_HASH, 1
    for row in rows:
        if row.seq != expected:
            missing = f"{expected}" if row.seq == expected + 1 else f"{expected}…{row.seq - 1}"
            faults.append(f"{row.office}: event {missing} is missing or out of order before {row.seq}")
        elif row.hash != chain_hash(previous, row.office, row.seq, row.event):
            faults.append(
                f"{row.office}: event {row.seq} ({row.event.kind}) was changed after it was written"
            )
        previous, expected = row.hash, row.seq + 1
    return faults
