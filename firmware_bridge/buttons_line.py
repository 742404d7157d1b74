"""A line of common RS-485 buttons, pads and LED boards (``buttons_frame.py``), which never answer.

What is promised without a checksum and without receipts: a press counts only if it comes from a known
address, with a key that this pad has, and while the pad is lit; lighting arms exactly one press. A press
whose bytes are lost on the line is lost (the pad stays lit or is lit again within ``AGAIN_SECONDS``, so
the visitor sees it and presses again); one changed on the line into a neighbouring key cannot be noticed.
Whether a device is there is not known until it is heard.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from firmware_bridge import buttons_frame as frames
from firmware_bridge.catalog import SignMode
from firmware_bridge.config import DeviceSettings
from firmware_bridge.held_presses import HeldPresses
from firmware_bridge.line_protocol import (
    Arm,
    Changed,
    Event,
    Facts,
    Lamp,
    OperatorAction,
    OperatorKey,
    Pressed,
    Show,
    State,
    Wish,
)

BOARD_REST_SECONDS = 0.3
"""LED boards in a chain need this pause after every message."""
PAD_REST_SECONDS = 0.02
"""Between two messages to pads."""
AGAIN_SECONDS = 20.0
"""Everything is said again so often: nobody acknowledges, and a device may have started anew."""
QUIET_SECONDS = 0.5
"""A frame begun is given up after so long without a byte."""
BOUNCE_SECONDS = 0.5
"""The same operator's key again within this time is one press."""
GARBAGE_BYTES = 40
"""So many bytes without one whole frame: the baud rate is wrong."""

OPERATOR_KEYS: Mapping[int, OperatorAction] = {
    0x31: "call",
    0x32: "start",
    0x33: "redirect",
    0x34: "finish",
}
OFF, RED, GREEN, RED_FLASH, GREEN_BLINK = 0x30, 0x31, 0x32, 0x33, 0x36
DESK_LAMPS = {"closed": OFF, "break": RED, "free": OFF, "called": GREEN_BLINK, "serving": GREEN}
PEOPLE_WAIT = "CAL"


@dataclass
class _Device:
    settings: DeviceSettings
    wish: Wish | None = None
    lit: bool = False
    """A rating pad that is armed for one press."""
    heard_at: float | None = None
    key: int = 0
    """The last key of an operator's pad."""

    @property
    def ends_at(self) -> float | None:
        """When what it shows is over by itself."""
        if isinstance(self.wish, Arm):
            return self.wish.until if self.lit else None
        return self.wish.refused_until if isinstance(self.wish, Lamp) else None


class ButtonsLine:
    """See ``LineProtocol``. ``run``: the number of this start, for ids of presses; ``wall``: local time."""

    def __init__(
        self,
        devices: Sequence[DeviceSettings],
        run: int,
        wall: Callable[[], datetime],
    ) -> None:
        self.decoder = frames.KeyDecoder()
        self.ignored = 0
        """Whole frames that were not taken: of a strange address or key, or of a pad that was not lit."""
        self._devices = {device.address: _Device(device) for device in devices}
        self._wall = wall
        self._presses = HeldPresses(run)
        self._lost = 0
        self._pads: deque[tuple[int, bytes]] = deque()
        self._boards: dict[int, bytes] = {}
        self._free_at = 0.0
        self._again_at: float | None = None
        self._minute = ""
        self._last_byte = 0.0
        self._state = State.UNKNOWN

    @property
    def states(self) -> Mapping[int, State]:
        """ONE_WAY for all of them, or GARBAGE."""
        return dict.fromkeys(self._devices, self._state)

    def facts(self, address: int) -> Facts:
        """When a device was last heard, and presses of this line that found no room; no more can be known."""
        return Facts(self._devices[address].heard_at, lost=self._lost)

    def want(self, address: int, wish: Wish, now: float) -> None:
        """The device at ``address`` shall show ``wish``; the same wish again changes nothing."""
        device = self._devices[address]
        if wish != device.wish:
            device.wish = wish
            device.lit = isinstance(wish, Arm) and wish.armed
            self._tell(device, now)

    def keep(self, press: Pressed, now: float) -> None:
        """``press`` is safe on disk."""
        self._presses.keep(press)

    def step(self, data: bytes, now: float) -> tuple[bytes, list[Event]]:
        """Take ``data`` received by ``now``; return bytes to write and what happened."""
        events = self._hear(data, now)
        events += self._presses.due(now)
        self._end_invitations(now)
        self._remind(now)
        return self._speak(now), events

    def wait(self, now: float) -> float:
        """Seconds until there is something to say."""
        moments = [self._again_at or now, now + 60 - self._wall().second, *self._presses.moments]
        if self._pads or self._boards:
            moments.append(self._free_at)
        moments += [end for device in self._devices.values() if (end := device.ends_at) is not None]
        return max(0.0, min(moments) - now)

    def _hear(self, data: bytes, now: float) -> list[Event]:
        events: list[Event] = []
        if data:
            if now - self._last_byte > QUIET_SECONDS:
                self.decoder.forget()
            self._last_byte = now
        for frame in self.decoder.feed(data):
            device = self._devices.get(frame.address)
            taken = device is not None and self._key(device, frame.code, now, events)
            self.ignored += not taken
        return self._judge() + events

    def _judge(self) -> list[Event]:
        garbage = self.decoder.frames == 0 and self.decoder.noise >= GARBAGE_BYTES
        state = State.GARBAGE if garbage else State.ONE_WAY
        if state is self._state:
            return []
        self._state = state
        why = (
            "only garbage comes: set `baud` as the devices are set, check the wires A and B"
            if garbage
            else "it never answers: press a key to see that it is there"
        )
        return [Changed(address, state, why) for address in self._devices]

    def _key(self, device: _Device, code: int, now: float, events: list[Event]) -> bool:
        settings = device.settings
        again = device.heard_at is not None and now - device.heard_at < BOUNCE_SECONDS and device.key == code
        device.heard_at, device.key = now, code
        if settings.kind == "operator":
            action = OPERATOR_KEYS.get(code)
            if action is None or again:
                return False
            events.append(OperatorKey(settings.address, action))
            return True
        key = code - settings.first_key + 1
        if settings.kind != "pad" or not 1 <= key <= len(settings.keys) or not device.lit:
            return False
        if not self._presses.add(settings.address, key, now, now):
            # Nothing was kept: the pad is lit again, and the visitor may press once more.
            self._lost += 1
            self._tell(device, now)
            return False
        device.lit = False
        return True

    def _end_invitations(self, now: float) -> None:
        for device in self._devices.values():
            if device.ends_at is not None and now >= device.ends_at:
                device.lit = False
                if isinstance(device.wish, Lamp):
                    device.wish = replace(device.wish, refused_until=None)
                self._tell(device, now)

    def _remind(self, now: float) -> None:
        minute = f"{self._wall():%H:%M}"
        if minute != self._minute:
            self._minute = minute
            for device in self._devices.values():
                if device.settings.kind == "clock":
                    self._tell(device, now)
        if self._again_at is None or now >= self._again_at:
            self._again_at = now + AGAIN_SECONDS
            for device in self._devices.values():
                self._tell(device, now)

    def _tell(self, device: _Device, now: float) -> None:
        settings, wish, address = device.settings, device.wish, device.settings.address
        if settings.kind == "clock":
            self._boards[address] = frames.board(address, self._minute, settings.room)
        elif isinstance(wish, Show) and settings.kind == "sign":
            text = "" if wish.mode is SignMode.OFF else wish.text
            self._boards[address] = frames.board(address, text, settings.room)
        elif isinstance(wish, Arm) and settings.kind == "pad":
            self._say(address, frames.lamp(address, settings.lamp if device.lit else OFF))
        elif isinstance(wish, Lamp) and settings.kind == "operator":
            refused = wish.refused_until is not None
            said = frames.lamp(address, RED_FLASH if refused else DESK_LAMPS[wish.desk])
            if settings.room:
                call = wish.desk == "free" and wish.people_wait
                blinking = call or wish.desk == "called"
                text = PEOPLE_WAIT if call else wish.text[-frames.THREE :]
                said += frames.three(address, frames.BLINKING if blinking else frames.STEADY, text)
            self._say(address, said)

    def _say(self, address: int, data: bytes) -> None:
        # What a pad was to be told before is out of date.
        self._pads = deque(item for item in self._pads if item[0] != address)
        self._pads.append((address, data))

    def _speak(self, now: float) -> bytes:
        if now < self._free_at:
            return b""
        if self._pads:
            self._free_at = now + PAD_REST_SECONDS
            return self._pads.popleft()[1]
        if self._boards:
            self._free_at = now + BOARD_REST_SECONDS
            return self._boards.pop(next(iter(self._boards)))
        return b""
