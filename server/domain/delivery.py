"""Delivery: when what could not be sent is tried again, and when it is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600))
"""The pause after each failed try. After the last one what was not taken is given up: a day in all."""
SPREAD = 0.2


def next_try(tries: int, now: datetime, chance: float) -> datetime | None:
    """When to try again after ``tries`` failed ones (1 or more); ``None``: give it up.

    ``chance`` (0 ≤ chance < 1) lengthens the pause by up to a fifth, so that what failed together does
    not come again together.
    """
    if tries > len(PAUSES):
        return None
    return now + PAUSES[tries - 1] * (1 + SPREAD * chance)


@dataclass(frozen=True)
class ChannelState:
    """How the sending in one channel (``email``, ``sms``) stands in this process since its start.

    ``way`` is how it is sent, ``none``: not at all. ``waiting`` are those of all processes that should have
    been sent, the oldest since ``oldest_seconds``; ``None``: the database did not say. ``fault`` tells what
    is wrong with the way now, if anything.
    """

    channel: str
    way: str
    sent: int
    failed: int
    dropped: int
    waiting: int | None
    oldest_seconds: float | None
    fault: str
