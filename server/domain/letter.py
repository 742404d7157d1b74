"""A letter with a file, for the month's paper; and what an e-mail address looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"^[^\s@,;<>\"']{1,64}@[^\s@,;<>\"']+\.[^\s@,;<>\"'.]{2,}$")


@dataclass(frozen=True)
class Letter:
    """What is sent to every addressee: ``period`` is the month, ``2026-02``."""

    period: str
    subject: str
    body: str
    file_name: str
    file: bytes


def is_address(text: str) -> bool:
    """Whether a text may be an e-mail address; never holds what could end a mail header."""
    return len(text) <= 200 and _ADDRESS.match(text) is not None
