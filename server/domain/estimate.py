"""Expected wait: people ahead × typical service time ÷ working desks, rounded up to 5 min (domain §7)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from statistics import median_low

ENOUGH_SAMPLES = 5
STEP_MINUTES = 5


def typical_seconds(recent: Sequence[int], planned: int) -> int:
    """The robust middle of recent service times; ``planned`` while there are fewer than five."""
    return median_low(recent) if len(recent) >= ENOUGH_SAMPLES else planned


def expected_wait_minutes(ahead: int, typical: int, desks: int) -> int | None:
    """Minutes a newcomer will probably wait; ``None`` (say nothing) when no desk works.

    ``ahead`` people, ``typical`` seconds a service, ``desks`` working for this service.
    """
    if desks <= 0:
        return None
    return ceil(ahead * typical / desks / 60 / STEP_MINUTES) * STEP_MINUTES
