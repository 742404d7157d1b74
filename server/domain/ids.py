"""Identifiers made by whoever creates the thing; time and randomness are arguments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Randomness = Callable[[int], bytes]
"""``n`` → ``n`` random bytes (``secrets.token_bytes`` in the programs)."""

# No vowels and no look-alikes: a code read aloud or typed from paper is not misread and spells nothing.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
CODE_LENGTH = 20


def uuid7(at: datetime, randomness: Randomness) -> str:
    """A UUID version 7 (RFC 9562 §5.7): ordered by time, unique without asking anybody."""
    milliseconds = int(at.timestamp() * 1000)
    noise = int.from_bytes(randomness(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def secret_code(randomness: Randomness, length: int = CODE_LENGTH) -> str:
    """An unguessable code of so many letters of 27; the 20 in a ticket's QR are about 95 bits."""
    # As many bytes each time: else the days of a seeded simulation would be others.
    number = int.from_bytes(randomness(24), "big")
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[index])
    return "".join(letters)
