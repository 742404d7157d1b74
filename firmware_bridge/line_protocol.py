"""What every kind of line offers to the bridge: wishes go in, events come out. Pure: no I/O, no clock.

``link.Line`` speaks our own protocol; ``buttons_line.ButtonsLine`` and ``modbus_line.ModbusLine`` speak
the protocols of equipment that offices own already. All are used in the same way by ``port.Port``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from firmware_bridge.catalog import SignMode

OperatorAction = Literal["call", "start", "redirect", "finish"]
"""What an operator asks for with a key: call or recall, start, redirect as configured, finish or no-show."""


class State(StrEnum):
    """What can be said about a device. UNKNOWN: not asked yet. ONE_WAY: it never answers, by design."""

    UNKNOWN = "unknown"
    SILENT = "silent"
    ONLINE = "online"
    ONE_WAY = "one_way"
    WRONG_VERSION = "wrong_version"
    TOO_OLD = "too_old"
    WRONG_KIND = "wrong_kind"
    WRONG_MAP = "wrong_map"
    TWO_DEVICES = "two_devices"
    GARBAGE = "garbage"


@dataclass(frozen=True)
class Show:
    """A sign shall show ``text`` (cut to what fits)."""

    text: str
    mode: SignMode


@dataclass(frozen=True)
class Arm:
    """A pad shall invite (``armed``) or sleep; ``until`` is when it falls asleep by itself, or ``None``."""

    armed: bool
    until: float | None = None


@dataclass(frozen=True)
class Lamp:
    """An operator's pad shall show how its desk stands, and ``text`` if it has letters (its last three)."""

    desk: Literal["closed", "break", "free", "called", "serving"]
    text: str = ""
    people_wait: bool = False
    """Somebody waits whom this desk may call: a free desk is asked to."""
    refused_until: float | None = None
    """Until then it shows that nothing came of a key."""


Wish = Show | Arm | Lamp


@dataclass(frozen=True)
class Pressed:
    """A key was pressed. Comes again until ``keep`` is called with it, and never after."""

    address: int
    boot: int
    counter: int
    key: int
    age_seconds: float


@dataclass(frozen=True)
class OperatorKey:
    """An operator pressed a key of his own pad. Comes once: a late command would surprise him."""

    address: int
    action: OperatorAction


@dataclass(frozen=True)
class Changed:
    """A device's state changed; ``why`` is for the log, in words that name the cure."""

    address: int
    state: State
    why: str


@dataclass(frozen=True)
class Refused:
    """A device did not do as told; it is not told again."""

    address: int
    request: str
    reason: int


Event = Pressed | OperatorKey | Changed | Refused


@dataclass(frozen=True)
class Facts:
    """What a device told of itself, and when it was last heard. ``lost``: presses it had no room to keep."""

    heard_at: float | None = None
    unit: int | None = None
    firmware: str = ""
    version: int | None = None
    lost: int = 0
    bad_frames: int = 0


class LineProtocol(Protocol):
    """One wire and its devices. Call ``step`` with what came, write what it gives, heed its events.

    Times are seconds of a monotonic clock.
    """

    @property
    def states(self) -> Mapping[int, State]:
        """How each device stands, by address."""

    def step(self, data: bytes, now: float) -> tuple[bytes, list[Event]]:
        """Take ``data`` received by ``now``; return bytes to write and what happened. Never raises."""

    def wait(self, now: float) -> float:
        """Seconds until ``step`` has something to do by itself."""

    def want(self, address: int, wish: Wish, now: float) -> None:
        """The device at ``address`` shall show ``wish``, also after it was away."""

    def keep(self, press: Pressed, now: float) -> None:
        """``press`` is safe on disk: it is never reported again."""

    def facts(self, address: int) -> Facts:
        """What is known of a device."""
