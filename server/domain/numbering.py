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
    """The count after ``last`` (0 = none issued yet today); raises as ``checked``."""
    return checked(last + 1)


def lease(size: int, last: int, leased_from: int | None) -> tuple[int, int]:
    """The next block ``(first, last)`` of ``size`` numbers for a terminal, from the top of the series down.

    So leased numbers leave no gap in those given one after another. ``last`` is the last one given,
    ``leased_from`` the lowest leased so far. The block is shorter where the two ends meet; raises
    ``numbers_used_up`` when nothing is left between them.
    """
    top = (leased_from or LARGEST + 1) - 1
    first = max(last + 1, top - size + 1)
    if first > top:
        raise Conflict("numbers_used_up", largest=LARGEST)
    return first, top


def parsed(number: str) -> tuple[str, int]:
    """``"А007"`` → ``("А", 7)``."""
    prefix = number.rstrip("0123456789")
    return prefix, int(number[len(prefix) :])


def checked(count: int, leased_from: int | None = None) -> int:
    """``count``, if the series goes so far; ``Conflict`` ``numbers_used_up`` else.

    From ``leased_from`` on the numbers belong to terminals for times without the server.

    A number is never given twice in one office-day, so the series does not wrap: it ends.
    """
    if count > LARGEST or (leased_from is not None and count >= leased_from):
        raise Conflict("numbers_used_up", largest=LARGEST)
    return count
