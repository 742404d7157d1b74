"""Events: what happened, in order, chained by hashes so that a change in the past shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from json.encoder import encode_basestring as _text
from types import MappingProxyType
from typing import Any, NamedTuple

FIRST_HASH = "0" * 64
"""What the first row of an office's log is chained to."""


# Made once: json.dumps makes an encoder at each call.
_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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
    CALL_GIVEN_BACK = "call_given_back"
    TICKET_TRANSFERRED = "ticket_transferred"
    TICKET_MOVED = "ticket_moved"
    TICKET_RAISED = "ticket_raised"
    SERVED_WITHOUT_TICKET = "served_without_ticket"
    NO_SHOW_RESTORED = "no_show_restored"
    TICKET_CANCELLED = "ticket_cancelled"
    TICKET_ANNULLED = "ticket_annulled"
    CLOSED_UNSERVED = "closed_unserved"
    SERVICE_UNFINISHED = "service_unfinished"
    DESK_OPENED = "desk_opened"
    DESK_BREAK = "desk_break"
    DESK_CLOSED = "desk_closed"
    BREAK_DUE = "break_due"
    BREAK_TAKEN_BACK = "break_taken_back"
    REMARK_ADDED = "remark_added"
    RATED = "rated"
    RATING_STRAY = "rating_stray"
    RATING_EXPLAINED = "rating_explained"
    LOW_MARK_SEEN = "low_mark_seen"
    NUMBERS_LEASED = "numbers_leased"
    RECEPTION_SET = "reception_set"
    OFFICE_REVISED = "office_revised"
    BOOKING_MADE = "booking_made"
    BOOKING_MOVED = "booking_moved"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_ARRIVED = "booking_arrived"
    BOOKING_MISSED = "booking_missed"
    FIGURES_CORRECTED = "figures_corrected"


NO_FACTS: Mapping[str, Any] = MappingProxyType({})
"""The payload of an event that needs no particulars."""


class Event(NamedTuple):
    """One fact about one office. ``payload`` holds no personal data; ``actor`` is a login or device id."""

    kind: Kind
    at: datetime
    actor: str
    visit: str | None = None
    desk: str | None = None
    payload: Mapping[str, Any] = NO_FACTS


class LoggedEvent(NamedTuple):
    """An event with its place in an office's log and the hash of everything up to it."""

    office: str
    seq: int
    event: Event
    hash: str


StoredEvent = tuple[int, datetime, str, str | None, str | None, str, str, str]
"""An event as its row holds it: seq, at, kind, visit, desk, actor, the payload's text, hash."""


def timestamp(at: datetime) -> str:
    """UTC with milliseconds, the one way times are written in the log: ``2026-03-01T05:00:00.000Z``."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds")[:-6] + "Z"


def payload_text(payload: Mapping[str, Any]) -> str:
    """The canonical JSON of a payload: sorted keys, no spaces, letters as they are."""
    return _SORTED.encode(payload) if payload else "{}"


def chain_hash(previous: str, office: str, seq: int, event: Event, payload: str | None = None) -> str:
    """SHA-256 (hex) over the previous row's hash and this row's own content.

    ``payload``: the event's ``payload_text``, if it is already at hand.
    """
    written = payload_text(event.payload) if payload is None else payload
    at = timestamp(event.at)
    return row_hash(previous, office, seq, at, event.kind, event.visit, event.desk, event.actor, written)


def row_hash(
    previous: str,
    office: str,
    seq: int,
    at: str,
    kind: str,
    visit: str | None,
    desk: str | None,
    actor: str,
    payload: str,
) -> str:
    """SHA-256 (hex) of a row's content as texts: of their JSON array, without spaces, letters as they are."""
    # Written out: an encoder of whole arrays takes three times as long, and a year has millions of rows.
    line = (
        f"[{_text(previous)},{_text(office)},{seq},{_text(at)},{_text(kind)},"
        f"{'null' if visit is None else _text(visit)},{'null' if desk is None else _text(desk)},"
        f"{_text(actor)},{_text(payload)}]"
    )
    return hashlib.sha256(line.encode()).hexdigest()


def log_faults(office: str, rows: Iterable[StoredEvent]) -> list[str]:
    """Check one office's log from its beginning; every fault in words, none when it is whole.

    What is compared is the very text that is stored: nothing of it needs to make sense.
    """
    faults: list[str] = []
    previous, expected = FIRST_HASH, 1
    for seq, at, kind, visit, desk, actor, payload, told in rows:
        if seq != expected:
            missing = f"{expected}" if seq == expected + 1 else f"{expected}…{seq - 1}"
            faults.append(f"{office}: event {missing} is missing or out of order before {seq}")
        elif (
            told != row_hash(previous, office, seq, timestamp(at), kind, visit, desk, actor, payload)
            # The hash knows nothing finer than the log's own grain.
            or at.microsecond % 1000
        ):
            faults.append(f"{office}: event {seq} ({kind}) was changed after it was written")
        previous, expected = told, seq + 1
    return faults
