"""Ticket numbers: prefix letters and a counter that restarts each office-day (domain §3)."""

from __future__ import annotations

import re

from server.domain.errors import Conflict

LOOK_ALIKES = "ЗОБЧЙЩЪЫЬ"
"""Russian letters easily taken for a digit or another letter: never a prefix."""

_PREFIX = re.compile(r"^(?:[АВГДЕЖИКЛМНПРСТУФХЦШЭЮЯ]{1,2}|[A-Z]{1,2})$")
LARGEST = 999


def prefix_fault(prefix: str) -> str | None:
    """Why ``prefix`` cannot head a number, in words; ``None`` when it can."""
    if any(letter in LOOK_ALIKES for letter in prefix):
        return f"«{prefix}» has a letter that is easily confused ({', '.join(LOOK_ALIKES)}): choose another"
    if not _PREFIX.match(prefix):
        return f"«{prefix}» must be one or two capital letters of one alphabet, Cyrillic or Latin"
    return None


def format_number(prefix: str, count: int) -> str:
    """``("А", 7)`` → ``"А007"``: three digits, so that a column of numbers reads straight."""
    return f"{prefix}{count:03d}"


def next_count(last: int) -> int:
    """The count after ``last`` (0 = none issued yet today).

    A number is never given twice in one office-day, so the series does not wrap: it ends.
    """
    if last >= LARGEST:
        raise Conflict("numbers_used_up", largest=LARGEST)
    return last + 1
