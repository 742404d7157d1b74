"""How a text becomes one SMS or several parts: UCS-2, which every phone shows in any of our languages."""

from __future__ import annotations

ONE, EACH = 70, 67
"""Characters of an SMS alone, and of each part of a longer one, which carries a header of six bytes."""


def parts(text: str) -> list[str]:
    """The text in the parts it is sent in. A character of two units is never cut in two."""
    if units(text) <= ONE:
        return [text]
    found, part = [], ""
    for letter in text:
        if units(part) + units(letter) > EACH:
            found.append(part)
            part = ""
        part += letter
    return [*found, part]


def units(text: str) -> int:
    """The length of a text in units of UCS-2."""
    return len(text.encode("utf-16-be")) // 2
