"""A line of Modbus RTU panels and indicators; which registers they use is told by the settings.

Frames carry a CRC, so nothing is taken for a press that was not one. Panels are read in turn, about ten
times a second each. What is promised depends on the panel: counters miss no press while the bridge runs;
key states miss a press shorter than the time between two readings. Presses made while a panel could not be
read for ``KNOWN_SECONDS`` are counted as lost: nobody could tell whose they are. So are those before a
start of the bridge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firmware_bridge.catalog import SignMode
from firmware_bridge.config import DeviceSettings, KeysIn, NumberIn
from firmware_bridge.held_presses import HeldPresses
from firmware_bridge.line_protocol import Arm, Changed, Event, Facts, Pressed, Refused, Show, State, Wish
from firmware_bridge.modbus_codec import LONGEST, Answer, Exchange, Read, Write

POLL_SECONDS = 0.1
"""How often a panel is read."""
AGAIN_SECONDS = 5.0
"""How often lamps and indicators are written anew: one may have lost its power in between."""
TRIES = 3
SILENT_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""Waits before asking a silent device again."""
REFUSED_SECONDS = 10.0
KNOWN_SECONDS = 10.0
"""The age of a press is known to within this, or it is not handed in."""
MOST_PRESSES = 20
"""A counter that jumps further has started anew."""
GARBLED_ANSWERS = 2
COUNTER_TURN = 0x10000
NOTHING: Mapping[str, Wish] = {"pad": Arm(False), "sign": Show("", SignMode.OFF)}


@dataclass
class _Device:
    settings: DeviceSettings
    state: State = State.UNKNOWN
    due: float = 0.0
    again_at: float = 0.0
    tries: int = 0
    failures: int = 0
    garbled: int = 0
    wish: Wish | None = None
    to_write: list[Write] = field(default_factory=list)
    keys: tuple[int, ...] | None = None
    """What the keys' registers held at the last reading."""
    heard_at: float | None = None
    lost: int = 0


class ModbusLine:
    """See ``LineProtocol``. ``run`` is the number of this start, for the ids of presses."""

    def __init__(self, devices: Sequence[DeviceSettings], baud: int, run: int) -> None:
        self._devices = {device.address: _Device(device) for device in devices}
        byte_seconds = 11 / baud
        self._gap = max(0.002, 3.5 * byte_seconds)
        self._patience = 0.1 + LONGEST * byte_seconds
        self._presses = HeldPresses(run)
        self._asked: tuple[_Device, Read | Write, Exchange, float] | None = None
        self._quiet_until = 0.0

    @property
    def states(self) -> Mapping[int, State]:
        """How each device stands."""
        return {address: device.state for address, device in self._devices.items()}

    def facts(self, address: int) -> Facts:
        """When a device answered last, and its presses whose moment is not known."""
        device = self._devices[address]
        return Facts(device.heard_at, lost=device.lost)

    def want(self, address: int, wish: Wish, now: float) -> None:
        """The device at ``address`` shall show ``wish``."""
        device = self._devices[address]
        if wish != device.wish:
            device.wish = wish
            device.to_write = _writes(device.settings, wish, now)
            if device.state is State.ONLINE:
                device.due = now

    def keep(self, press: Pressed, now: float) -> None:
        """``press`` is safe on disk."""
        self._presses.keep(press)

    def step(self, data: bytes, now: float) -> tuple[bytes, list[Event]]:
        """Take ``data`` received by ``now``; return bytes to write and what happened."""
        events = self._hear(data, now)
        return self._speak(now), events + self._presses.due(now)

    def wait(self, now: float) -> float:
        """Seconds until there is something to ask or to give up."""
        if self._asked is not None:
            moment = self._asked[3]
        else:
            moment = max(self._quiet_until, min(device.due for device in self._devices.values()))
        return max(0.0, min([moment, *self._presses.moments]) - now)

    def _hear(self, data: bytes, now: float) -> list[Event]:
        if self._asked is None:
            return []
        device, asked, exchange, deadline = self._asked
        answer = exchange.feed(data)
        if answer is not None:
            self._asked = None
            self._quiet_until = now + self._gap
            return self._answered(device, asked, answer, now)
        if now < deadline:
            return []
        self._asked = None
        device.tries += 1
        if device.tries < TRIES and device.state is State.ONLINE:
            device.due = now
            return []
        return self._unanswered(device, exchange.garbage, now)

    def _speak(self, now: float) -> bytes:
        if self._asked is not None or now < self._quiet_until:
            return b""
        device = min(self._devices.values(), key=lambda device: device.due)
        if device.due > now:
            return b""
        asked = _request(device, now)
        exchange = Exchange(device.settings.address, asked)
        self._asked = device, asked, exchange, now + self._patience
        return exchange.wire

    def _answered(self, device: _Device, asked: Read | Write, answer: Answer, now: float) -> list[Event]:
        device.tries = device.failures = device.garbled = 0
        before, device.heard_at = device.heard_at, now
        if answer.exception:
            device.due = now + REFUSED_SECONDS
            refused = Refused(device.settings.address, str(asked), answer.exception)
            why = f"it refuses {asked} (exception {answer.exception}): correct its registers in the settings"
            changed = self._become(device, State.WRONG_MAP, why)
            return [refused, *changed] if changed else []
        events = self._become(device, State.ONLINE, "it answers")
        if events:
            device.again_at = now
        if isinstance(asked, Write):
            device.to_write = [write for write in device.to_write if write != asked]
        elif device.settings.keys_in is not None:
            self._read_keys(device, device.settings.keys_in, answer.values, before, now)
        pause = POLL_SECONDS if device.settings.kind == "pad" else AGAIN_SECONDS
        device.due = now if device.to_write else now + pause
        return events

    def _read_keys(
        self, device: _Device, where: KeysIn, values: tuple[int, ...], before: float | None, now: float
    ) -> None:
        known, device.keys = device.keys, values
        if known is None:
            return
        for key, (old, new) in enumerate(zip(known, values, strict=True), start=1):
            presses = (new - old) % COUNTER_TURN if where.hold == "counters" else int(new != 0 and old == 0)
            if presses > MOST_PRESSES:
                continue
            for _ in range(presses):
                dated = before is not None and now - before <= KNOWN_SECONDS
                # It was pressed between two readings: half way is at most half a pause wrong.
                moment = now if before is None else (before + now) / 2
                if not dated or not self._presses.add(device.settings.address, key, moment, now):
                    device.lost += 1

    def _unanswered(self, device: _Device, garbled: bool, now: float) -> list[Event]:
        device.tries = 0
        device.due = now + SILENT_SECONDS[min(device.failures, len(SILENT_SECONDS) - 1)]
        device.failures += 1
        device.garbled = device.garbled + 1 if garbled else 0
        if device.garbled < GARBLED_ANSWERS:
            why = "no answer: check its power, cable, address, baud rate and parity"
            return self._become(device, State.SILENT, why)
        if any(other.state is State.ONLINE for other in self._devices.values()):
            why = "its answers cannot be read, others can: give each device its own address, check its cable"
            return self._become(device, State.TWO_DEVICES, why)
        why = "only garbage comes: set `baud` and `parity` as the devices are set, check the wires A and B"
        return self._become(device, State.GARBAGE, why)

    def _become(self, device: _Device, state: State, why: str) -> list[Event]:
        if state is device.state:
            return []
        device.state = state
        return [Changed(device.settings.address, state, why)]


def _request(device: _Device, now: float) -> Read | Write:
    """What to ask the device now: to take what it shall show, else for its keys."""
    settings, wish = device.settings, device.wish
    if isinstance(wish, Arm) and wish.armed and wish.until is not None and now >= wish.until:
        wish = device.wish = Arm(False)
        device.again_at = now
    if now >= device.again_at:
        device.again_at = now + AGAIN_SECONDS
        device.to_write = _writes(settings, wish or NOTHING[settings.kind], now)
    # Keys first: only what comes after the first reading is known as a press.
    if settings.keys_in is not None and (device.keys is None or not device.to_write):
        return Read(settings.keys_in.table, settings.keys_in.first, len(settings.keys))
    # An indicator has nothing to read: only telling it again shows that it is there.
    return (device.to_write or _writes(settings, wish or NOTHING[settings.kind], now))[0]


def _writes(settings: DeviceSettings, wish: Wish, now: float) -> list[Write]:
    """The registers that make the device show ``wish``."""
    if isinstance(wish, Arm) and settings.lamp_coil is not None:
        lit = wish.armed and (wish.until is None or now < wish.until)
        return [Write(settings.lamp_coil, (int(lit),), coil=True)]
    if isinstance(wish, Show) and settings.number_in is not None:
        return _shown(settings.number_in, wish)
    return []


def _shown(where: NumberIn, wish: Show) -> list[Write]:
    text = "" if wish.mode is SignMode.OFF else wish.text
    if where.format == "text":
        room = 2 * where.registers
        coded = text[:room].ljust(room).encode("cp1251", errors="replace")
        values = tuple(int.from_bytes(coded[place : place + 2]) for place in range(0, room, 2))
    else:
        digits = "".join(letter for letter in text if letter in "0123456789")
        # A number that does not fit would be shown as another visitor's.
        fits = digits and int(digits) < COUNTER_TURN
        values = (int(digits) if fits else where.blank,)
    writes = [Write(where.first, values)]
    if where.mode_at is not None:
        writes.append(Write(where.mode_at, (int(wish.mode),)))
    return writes
