"""How long a shared line needs to ask all its devices: 32 pads at 57600, in virtual time."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from firmware_bridge.catalog import BY_NAME, Kind
from firmware_bridge.config import PortSettings
from firmware_bridge.device import Device
from firmware_bridge.frame import Decoder
from firmware_bridge.journal import Journal
from firmware_bridge.line_protocol import Pressed, State
from firmware_bridge.port import Port
from firmware_bridge.simulator import Simulator
from firmware_bridge.transport import SerialWire
from tests.bench.tables import Measured, print_table
from tests.firmware_bridge.wire_model import BAUD, Pace, WireModel
from tests.programs import until

DEVICES = 32
PADS = range(1, DEVICES + 1)
SECONDS = 60.0
LIMIT = 0.400
BYTE = 10 / BAUD
PACES = {
    "answer after 1 ms, adapter 1 ms": Pace(BYTE, 0.001, 0.001),
    "answer after 3 ms, adapter 1 ms": Pace(BYTE, 0.003, 0.001),
    "answer after 3 ms, adapter 4 ms": Pace(BYTE, 0.003, 0.004),
    "answer after 5 ms (the latest allowed), adapter 1 ms": Pace(BYTE, 0.005, 0.001),
}


@pytest.mark.bench
def test_cycle_of_32_pads_on_one_line() -> None:
    cycles, waits = [], []
    for name, pace in PACES.items():
        seen, waited = measured(pace, silent=0)
        cycles.append(Measured(name, seen, LIMIT))
        waits.append(Measured(name, waited))
    for silent in (1, 4):
        seen, waited = measured(PACES["answer after 1 ms, adapter 1 ms"], silent)
        cycles.append(Measured(f"the first, and {silent} of {DEVICES} silent", seen, LIMIT))
        waits.append(Measured(f"the first, and {silent} of {DEVICES} silent", waited))
    print_table(f"RS-485, {DEVICES} pads at {BAUD}: from one poll of a device to its next", cycles)
    print_table("the same: from the key to the bridge", waits)


@pytest.mark.bench
def test_cost_of_the_program_itself(tmp_path: Path) -> None:
    """32 simulated pads on a pseudo-terminal, which knows no baud rate: what the program adds to the line."""
    devices = [{"address": address, "kind": "pad", "desk": f"north-{address}"} for address in PADS]
    settings = PortSettings.model_validate({"path": str(tmp_path / "line"), "devices": devices})
    simulator, journal = Simulator([settings]), Journal(tmp_path / "state")
    wire = NotingWire(settings.path, settings.baud)
    port = Port(settings, wire, journal, lambda: None, lambda desk, action: None)
    port.start()
    until(lambda: set(port.states.values()) == {State.ONLINE}, "all pads online")
    wire.heard_at.clear()
    until(lambda: len(wire.heard_at) > 100 * DEVICES, "a hundred cycles", 120)
    port.stop()
    journal.close()
    simulator.stop()
    row = Measured("bridge and simulated pads on a pseudo-terminal", cycles_of(wire.heard_at), LIMIT)
    print_table(f"RS-485, {DEVICES} pads: what the program itself needs for a cycle", [row])


class NotingWire(SerialWire):
    """A serial wire that remembers when what was heard."""

    def __init__(self, path: str, baud: int) -> None:
        super().__init__(path, baud)
        self.heard_at: list[tuple[float, bytes]] = []

    def read(self, seconds: float) -> bytes:
        data = super().read(seconds)
        if data:
            self.heard_at.append((time.monotonic(), data))
        return data


def measured(pace: Pace, silent: int) -> tuple[list[float], list[float]]:
    """Seconds between answers of each device, and from each press to the bridge knowing it."""
    pads = {address: Device(address, Kind.PAD, boot=address) for address in PADS}
    model = WireModel(pads, pace=pace)
    model.run(10)
    for address in range(1, silent + 1):
        del model.devices[address]
    model.run(10)
    model.heard_at.clear()
    waits, chance = [], random.Random(485)
    end = model.now + SECONDS
    turn = 0
    while model.now < end:
        turn += 1
        address = silent + 1 + turn * 7 % (DEVICES - silent)
        pressed, before = model.now, len(model.presses())
        model.press(address, 1 + turn % 5)
        while len(model.presses()) == before:
            model.run(0.005)
        waits.append(model.now - pressed)
        # Presses fall anywhere in the cycle.
        model.run(chance.uniform(0.05, 0.5))
    assert not [event for event in model.events if isinstance(event, Pressed) and event.address <= silent]
    return cycles_of(model.heard_at), waits


def cycles_of(heard_at: list[tuple[float, bytes]]) -> list[float]:
    """Seconds between two answers of the same device."""
    decoder, last, found = Decoder(), {}, []
    answers = {BY_NAME[name].type for name in ("alive", "press")}
    for moment, data in heard_at:
        for frame in decoder.feed(data):
            if frame.type in answers:
                if frame.address in last:
                    found.append(moment - last[frame.address])
                last[frame.address] = moment
    return found
