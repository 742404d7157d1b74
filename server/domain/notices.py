"""Notices about a booking: their kinds, and whether one that still waits is still worth sending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from server.domain.booking import PROOF_TIME, Booking, BookingState

KINDS = ("proof", "booked", "moved", "cancelled", "replaced", "conflict", "reminder")
CONFLICT_REASONS = ("closed", "service", "capacity")


def still_true(
    kind: str,
    facts: Mapping[str, Any],
    made_at: datetime,
    send_at: datetime,
    booking: Booking,
    now: datetime,
) -> bool:
    """Whether a notice made at ``made_at`` for ``send_at`` tells its reader something that still holds.

    A code ends with its time or when another was sent; everything else when the booked time has come;
    a reminder is for the time it was made for.
    """
    if kind == "proof":
        ends_at = made_at + PROOF_TIME
        return booking.state is BookingState.UNCONFIRMED and booking.expires_at == ends_at and now < ends_at
    if now >= booking.starts_at:
        return False
    if kind in ("cancelled", "replaced"):
        return booking.state is BookingState.CANCELLED
    if booking.state is not BookingState.BOOKED:
        return False
    if kind == "reminder":
        return booking.starts_at - timedelta(minutes=facts["minutes"]) == send_at
    return kind != "conflict" or booking.noticed_at is not None
