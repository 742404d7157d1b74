"""A line in virtual time: a host and its devices, and a cable that loses, changes and repeats frames."""

from __future__ import annotations

import random
from collections.abc import Callable

from firmware_bridge.catalog import Kind
from firmware_bridge.device import Device
from firmware_bridge.frame import SYNC
from firmware_bridge.link import Changed, Event, Line, Pressed, Refused, State

BAUD = 57600


class WireModel:
    """``spoil`` turns the bytes of one transmission into what arrives. Time only moves in ``run``."""

    def __init__(
        self,
        devices: dict[int, Device],
        spoil: Callable[[bytes], bytes] = lambda data: data,
        version_kinds: dict[int, Kind] | None = None,
    ) -> None:
        self.devices = devices
        self.spoil = spoil
        self.now = 100.0
        self.kinds = version_kinds or {address: device.kind for address, device in devices.items()}
        self.line = Line(self.kinds, BAUD)
        self.events: list[Event] = []
        self.plugged = True
        self.keep = True
        self.sent = 0
        self._to_host = b""

    def run(self, seconds: float) -> None:
        """Let everything happen that happens in ``seconds``."""
        end = self.now + seconds
        while self.now < end:
            data, self._to_host = self._to_host, b""
            out, events = self.line.step(data, self.now)
            self.events += events
            for event in events:
                if isinstance(event, Pressed) and self.keep:
                    self.line.keep(event, self.now)
            self.sent += len(out)
            arrived = self._cable(out)
            # An answer takes its time on the line; here it comes within a millisecond.
            for device in self.devices.values():
                self._to_host += self._cable(device.hear(arrived, self.now))
            pause = 0.001 if self._to_host else self.line.wait(self.now)
            self.now = min(end, self.now + max(pause, 0.0001)) if pause < end - self.now else end

    def press(self, address: int, key: int) -> None:
        """A visitor presses a key."""
        self._to_host += self._cable(self.devices[address].press(key, self.now))

    def restart_host(self) -> None:
        """The bridge starts anew and knows nothing."""
        self.line = Line(self.kinds, BAUD)
        self._to_host = b""

    def states(self, address: int) -> list[State]:
        """The states the device went through."""
        return [
            event.state for event in self.events if isinstance(event, Changed) and event.address == address
        ]

    def presses(self) -> list[tuple[int, int, int]]:
        """Presses reported: boot, counter and key."""
        return [(event.boot, event.counter, event.key) for event in self.events if isinstance(event, Pressed)]

    def refusals(self) -> list[Refused]:
        """What devices refused."""
        return [event for event in self.events if isinstance(event, Refused)]

    def _cable(self, data: bytes) -> bytes:
        if not self.plugged:
            return b""
        frames = [bytes((SYNC,)) + body for body in data.split(bytes((SYNC,)))[1:]]
        return b"".join(self.spoil(frame) for frame in frames)


def bad_cable(chance: random.Random, share: float) -> Callable[[bytes], bytes]:
    """A cable that loses, repeats and corrupts ``share`` of the frames each, and adds noise now and then."""

    def spoil(data: bytes) -> bytes:
        draw = chance.random()
        if draw < share:
            return b""
        if draw < 2 * share:
            return data + data
        if draw < 3 * share:
            place = chance.randrange(len(data))
            return data[:place] + chance.randbytes(1) + data[place + 1 :]
        if draw < 4 * share:
            return chance.randbytes(chance.randrange(1, 20)) + data
        return data

    return spoil
