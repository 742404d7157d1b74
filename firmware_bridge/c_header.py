"""Writes firmware/messages.h, so that the devices speak from the same catalogue as the bridge.

``python -m firmware_bridge.c_header`` writes it; a test fails when it is older than the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, IntFlag
from pathlib import Path

from firmware_bridge import catalog, device, frame
from firmware_bridge.catalog import Message, Sender, Size

HEADER = Path(__file__).parent / "firmware" / "messages.h"

_BEGIN = """\
/* The messages between bridge and devices (PROTOCOL.md §2, §3).
 * Written by `python -m firmware_bridge.c_header` from catalog.py: change that, not this. */
#ifndef MESSAGES_H
#define MESSAGES_H
"""


def header() -> str:
    """The text of messages.h."""
    return "\n".join([_BEGIN, *_lines(), "#endif", ""])


def _lines() -> Iterator[str]:
    longest = frame.MAX_PAYLOAD
    yield from _enum(
        "",
        {
            "SYNC": f"0x{frame.SYNC:02X}",
            "ESCAPE": f"0x{frame.ESCAPE:02X}",
            "FLIP": f"0x{frame.FLIP:02X}",
            "MAX_PAYLOAD": longest,
            "MAX_WIRE": frame.MAX_WIRE,
            "MAX_ADDRESS": catalog.MAX_ADDRESS,
            "TEXT_BYTES": catalog.TEXT_BYTES,
            "PROTOCOL_VERSION": catalog.VERSION,
            "KEPT_PRESSES": device.KEPT_PRESSES,
            "THANKS_MS": round(device.THANKS_SECONDS * 1000),
        },
    )
    for group in (
        catalog.Kind,
        catalog.Ability,
        catalog.Line,
        catalog.PadState,
        catalog.SignMode,
        catalog.Refusal,
    ):
        yield from _group(group)
    yield "/* Types. */"
    yield from _enum(
        "", {f"MESSAGE_{message.name.upper()}": f"0x{message.type:02X}" for message in catalog.MESSAGES}
    )
    for message in catalog.MESSAGES:
        if message.fields:
            yield f"/* {message.name}: where each field begins in the payload; bytes of all numbers. */"
            yield from _enum(f"{message.name.upper()}_", _offsets(message))
    yield "/* What a device may hear: ROW(name, fewest, most bytes of payload). */"
    yield "#define HOST_MESSAGES(ROW) \\"
    rows = [
        f"    ROW({message.name.upper()}, {_numbers(message)}, "
        f"{longest if message.may_grow or _has_text(message) else _numbers(message)})"
        for message in catalog.MESSAGES
        if message.sender is Sender.HOST
    ]
    yield " \\\n".join(rows)
    yield ""


def _group(group: type[IntEnum] | type[IntFlag]) -> Iterator[str]:
    words = "".join(f"_{letter}" if letter.isupper() else letter for letter in group.__name__)
    prefix = words.removeprefix("_").upper()
    yield from _enum(f"{prefix}_", {str(item.name): int(item) for item in group})


def _enum(prefix: str, values: dict[str, int | str]) -> Iterator[str]:
    yield "enum {"
    yield from (f"    {prefix}{name} = {value}," for name, value in values.items())
    yield "};\n"


def _offsets(message: Message) -> dict[str, int | str]:
    at, offsets = 0, {}
    for field in message.fields:
        offsets[field.name.upper()] = at
        at += field.size
    return {**offsets, "BYTES": at}


def _numbers(message: Message) -> int:
    return sum(field.size for field in message.fields)


def _has_text(message: Message) -> bool:
    return any(field.size is Size.TEXT for field in message.fields)


if __name__ == "__main__":
    HEADER.write_text(header(), "utf-8")
