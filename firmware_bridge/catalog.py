"""The one catalogue of messages between the bridge and its devices (PROTOCOL.md §3), as data.

Pure. The codec below reads these tables, and so does whatever else must agree with them: the tests
of PROTOCOL.md and the header of the firmware. All numbers go high byte first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag, StrEnum

from firmware_bridge.frame import MAX_PAYLOAD, Frame

VERSION = 1
"""The protocol version written here."""
OLDEST_VERSION = 1
"""The oldest device this bridge still understands."""

BROADCAST = 0
MAX_ADDRESS = 32
"""Devices have addresses 1…32 on a line, in both directions; 0 is kept for "all of you"."""


class Sender(StrEnum):
    """Who sends a message. Types of the device have the high bit set."""

    HOST = "host"
    DEVICE = "device"


class Kind(IntEnum):
    """What a device is."""

    PAD = 1
    SIGN = 2


class Ability(IntFlag):
    """What a device can do."""

    KEYS = 1
    LIGHTS = 2
    BUZZER = 4
    TEXT = 8


class Line(IntFlag):
    """How the device may behave on its line. POLLED: speak only when spoken to (many devices on it)."""

    POLLED = 1


class PadState(IntEnum):
    """What a pad shows. Keys are reported in either state: the server decides what a press counts for."""

    ASLEEP = 0
    ARMED = 1


class SignMode(IntEnum):
    """How a sign shows its text."""

    OFF = 0
    STEADY = 1
    BLINK = 2


class Refusal(IntEnum):
    """Why a device did not do as told."""

    NOT_GREETED = 1
    UNKNOWN_TYPE = 2
    BAD_PAYLOAD = 3


class Size(IntEnum):
    """Bytes of a field. TEXT is UTF-8, takes the rest of the payload, and stands last."""

    TEXT = 0
    U8 = 1
    U16 = 2
    U32 = 4


@dataclass(frozen=True)
class Field:
    """A field of a payload."""

    name: str
    size: Size


@dataclass(frozen=True)
class Message:
    """A kind of message: ``name``, ``type`` number, who sends it and what its payload holds.

    ``may_grow``: later versions may add fields at the end, and a receiver skips what it does not know;
    only the greeting needs it, for it is read before the versions are agreed.
    """

    name: str
    type: int
    sender: Sender
    fields: tuple[Field, ...] = ()
    may_grow: bool = False


def _message(name: str, type_: int, may_grow: bool = False, **fields: Size) -> Message:
    sender = Sender.DEVICE if type_ & 0x80 else Sender.HOST
    return Message(name, type_, sender, tuple(Field(*item) for item in fields.items()), may_grow)


MESSAGES: tuple[Message, ...] = (
    _message("hello", 0x01, may_grow=True, version=Size.U8, oldest=Size.U8, line=Size.U8),
    _message("poll", 0x02),
    _message("taken", 0x03, boot=Size.U32, counter=Size.U32),
    _message("show", 0x10, mode=Size.U8, text=Size.TEXT),
    _message("pad", 0x11, state=Size.U8, seconds=Size.U16),
    _message(
        "identity",
        0x81,
        may_grow=True,
        version=Size.U8,
        kind=Size.U8,
        abilities=Size.U8,
        size=Size.U8,
        unit=Size.U32,
        boot=Size.U32,
        firmware=Size.U16,
    ),
    _message("alive", 0x82, lost=Size.U16, bad_frames=Size.U16),
    _message(
        "press",
        0x83,
        boot=Size.U32,
        counter=Size.U32,
        key=Size.U8,
        age_ms=Size.U32,
    ),
    _message("done", 0x84),
    _message("refused", 0x85, type=Size.U8, reason=Size.U8),
)

BY_NAME: Mapping[str, Message] = {message.name: message for message in MESSAGES}
BY_TYPE: Mapping[int, Message] = {message.type: message for message in MESSAGES}
TEXT_BYTES = MAX_PAYLOAD - 1
"""Room for the text of a sign, in bytes of UTF-8."""


@dataclass(frozen=True)
class Said:
    """What a message says: its ``name``, its ``numbers`` by field name, and its ``text`` if it has one."""

    name: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    text: str = ""


def encode(address: int, sequence: int, said: Said) -> Frame:
    """A frame that says ``said``. Raises ``ValueError`` if fields are missing or do not fit."""
    message = BY_NAME[said.name]
    wanted = {item.name for item in message.fields if item.size is not Size.TEXT}
    if wanted != set(said.numbers):
        raise ValueError(f"{said.name} has the numbers {sorted(wanted)}, not {sorted(said.numbers)}")
    payload = b""
    for item in message.fields:
        try:
            if item.size is Size.TEXT:
                payload += said.text.encode()
            else:
                payload += said.numbers[item.name].to_bytes(item.size)
        except OverflowError:
            raise ValueError(f"{said.name}.{item.name} does not fit its {item.size} byte(s)") from None
    return Frame(address, sequence, message.type, payload)


def decode(frame: Frame) -> Said | None:
    """What ``frame`` says, or ``None`` if its type is unknown or its payload has a wrong size."""
    message = BY_TYPE.get(frame.type)
    if message is None:
        return None
    numbers, text, rest = {}, "", frame.payload
    for item in message.fields:
        if item.size is Size.TEXT:
            text, rest = rest.decode(errors="replace"), b""
            continue
        if len(rest) < item.size:
            return None
        numbers[item.name], rest = int.from_bytes(rest[: item.size]), rest[item.size :]
    if rest and not message.may_grow:
        return None
    return Said(message.name, numbers, text)


def fitting(text: str) -> str:
    """``text`` cut at a letter so that it fits a sign's message."""
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")
