"""Identifiers made by whoever creates the thing; time and randomness are arguments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Randomness = Callable[[int], bytes]
"""``n`` → ``n`` random bytes (``secrets.token_bytes`` in the programs)."""

# No vowels and no look-alikes: a code read aloud or typed from paper is not misread and spells nothing.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_EVEN = 256 // len(_LETTERS) * len(_LETTERS)
_LETTER_OF_BYTE = bytes(ord(_LETTERS[byte % len(_LETTERS)]) for byte in range(256))
_NO_LETTER = bytes(range(_EVEN, 256))
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
    # Of each byte below the greatest multiple of 27 the rest is a letter: all letters are alike likely.
    letters = randomness(2 * length).translate(_LETTER_OF_BYTE, _NO_LETTER)
    while len(letters) < length:
        letters += randomness(length).translate(_LETTER_OF_BYTE, _NO_LETTER)
    return letters[:length].decode()
