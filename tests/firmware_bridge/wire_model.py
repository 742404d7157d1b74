"""A line in virtual time: a host and its devices, and a cable that loses, changes and repeats frames."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.catalog import Kind
from firmware_bridge.device import Device
from firmware_bridge.frame import SYNC
from firmware_bridge.line_protocol import Changed, Event, Pressed, Refused, State
from firmware_bridge.link import Line

BAUD = 57600


@dataclass(frozen=True)
class Pace:
    """How fast a line is: ``byte_seconds`` on the wire, ``turnaround`` of a device, ``latency`` of the host.

    The default is the least that keeps things in order: bytes need no time, an answer a millisecond.
    """

    byte_seconds: float = 0.0
    turnaround: float = 0.0
    latency: float = 0.001


class WireModel:
    """``spoil`` turns the bytes of one transmission into what arrives. Time only moves in ``run``."""

    def __init__(
        self,
        devices: dict[int, Device],
        spoil: Callable[[bytes], bytes] = lambda data: data,
        version_kinds: dict[int, Kind] | None = None,
        pace: Pace = Pace(),
    ) -> None:
        self.devices = devices
        self.spoil = spoil
        self.pace = pace
        self.now = 100.0
        self.kinds = version_kinds or {address: device.kind for address, device in devices.items()}
        self.line = Line(self.kinds, BAUD)
        self.events: list[Event] = []
        self.plugged = True
        self.keep = True
        self.sent = 0
        self.heard_at: list[tuple[float, bytes]] = []
        """When what arrived at the host."""
        self._on_the_way: list[tuple[float, int, bytes]] = []
        self._order = 0

    def run(self, seconds: float) -> None:
        """Let everything happen that happens in ``seconds``."""
        end = self.now + seconds
        while self.now < end:
            out, events = self.line.step(self._arrived(), self.now)
            self.events += events
            for event in events:
                if isinstance(event, Pressed) and self.keep:
                    self.line.keep(event, self.now)
            self.sent += len(out)
            arrived = self._cable(out)
            heard = self.now + len(out) * self.pace.byte_seconds
            for device in self.devices.values():
                if answer := device.hear(arrived, heard):
                    self._answer(self._cable(answer), heard + self.pace.turnaround)
            pause = self.line.wait(self.now)
            if self._on_the_way:
                pause = min(pause, self._on_the_way[0][0] - self.now)
            self.now = min(end, self.now + max(pause, 0.0001)) if pause < end - self.now else end

    def press(self, address: int, key: int) -> None:
        """A visitor presses a key."""
        if said := self.devices[address].press(key, self.now):
            self._answer(self._cable(said), self.now)

    def _answer(self, data: bytes, begin: float) -> None:
        # Whatever speaks last is heard last: one wire.
        self._order += 1
        moment = begin + len(data) * self.pace.byte_seconds + self.pace.latency
        heapq.heappush(self._on_the_way, (moment, self._order, data))

    def _arrived(self) -> bytes:
        data = b""
        while self._on_the_way and self._on_the_way[0][0] <= self.now:
            data += heapq.heappop(self._on_the_way)[2]
        if data:
            self.heard_at.append((self.now, data))
        return data

    def restart_host(self) -> None:
        """The bridge starts anew and knows nothing."""
        self.line = Line(self.kinds, BAUD)
        self._on_the_way.clear()

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
