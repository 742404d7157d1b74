"""Modbus panels and indicators: a pure line against answers made by hand, and pymodbus's own server."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU
from pymodbus.pdu import bit_message as bits
from pymodbus.pdu import register_message as registers

from firmware_bridge.catalog import SignMode
from firmware_bridge.config import DeviceSettings, PortSettings
from firmware_bridge.journal import Journal
from firmware_bridge.line_protocol import Arm, Event, Pressed, Refused, Show, State
from firmware_bridge.modbus_codec import Answer, Exchange, Read, Write
from firmware_bridge.modbus_line import KNOWN_SECONDS, ModbusLine
from firmware_bridge.port import Port
from firmware_bridge.transport import SerialWire
from tests.firmware_bridge.far_ends import eventually
from tests.firmware_bridge.modbus_server import ModbusPanels

BAUD = 19200
COUNTERS = {"table": "holding", "first": 4, "hold": "counters"}
STATES = {"table": "discrete", "first": 0, "hold": "states"}


def device(address: int, kind: str, **facts: Any) -> DeviceSettings:
    return DeviceSettings.model_validate({"address": address, "kind": kind, "desk": "zarechny-1", **facts})


def pad(address: int = 1, **facts: Any) -> DeviceSettings:
    return device(address, "pad", keys=[1, 3, 5], **({"keys_in": COUNTERS} | facts))


def wire(pdu: ModbusPDU) -> bytes:
    return FramerRTU(DecodePDU(True)).buildFrame(pdu)


class Panel:
    """A device of the model: answers requests by its registers."""

    def __init__(self, unit: int) -> None:
        self.unit = unit
        self.registers = [0] * 32
        self.coils = [False] * 32
        self.refuses = 0

    def hear(self, data: bytes) -> bytes:
        _, asked = FramerRTU(DecodePDU(True)).handleFrame(data, 0, 0)
        assert asked is not None
        if asked.dev_id != self.unit:
            return b""
        first, count = asked.address, asked.count
        if self.refuses:
            return wire(ExceptionResponse(asked.function_code, self.refuses, self.unit))
        match asked:
            case registers.WriteMultipleRegistersRequest():
                self.registers[first : first + count] = asked.registers
                return wire(
                    registers.WriteMultipleRegistersResponse(dev_id=self.unit, address=first, count=count)
                )
            case bits.WriteSingleCoilRequest():
                self.coils[first] = asked.bits[0]
                return wire(bits.WriteSingleCoilResponse(dev_id=self.unit, address=first, bits=asked.bits))
            case registers.ReadHoldingRegistersRequest():
                values = self.registers[first : first + count]
                return wire(registers.ReadHoldingRegistersResponse(dev_id=self.unit, registers=values))
            case bits.ReadDiscreteInputsRequest():
                found = self.coils[first : first + count]
                return wire(bits.ReadDiscreteInputsResponse(dev_id=self.unit, bits=found))
        raise AssertionError(asked)


class Model:
    """A Modbus line in virtual time."""

    def __init__(self, devices: list[DeviceSettings], panels: list[Panel]) -> None:
        self.now = 10.0
        self.line = ModbusLine(devices, BAUD, run=7)
        self.panels = panels
        self.events: list[Event] = []
        self.spoil: Callable[[bytes], bytes] = lambda data: data
        self.keep = True

    def run(self, seconds: float) -> None:
        end, data = self.now + seconds, b""
        while self.now < end:
            out, events = self.line.step(data, self.now)
            data = b""
            self.events += events
            for event in events:
                if isinstance(event, Pressed) and self.keep:
                    self.line.keep(event, self.now)
            if out:
                data = self.spoil(b"".join(panel.hear(out) for panel in self.panels))
                self.now += 0.02
            else:
                self.now = min(end, self.now + max(0.001, self.line.wait(self.now)))

    def presses(self) -> list[tuple[int, int]]:
        return [(event.address, event.key) for event in self.events if isinstance(event, Pressed)]


def test_each_step_of_a_counter_is_one_press_of_its_key() -> None:
    panel = Panel(1)
    panel.registers[4:7] = [65535, 9, 100]
    model = Model([pad()], [panel])
    model.run(1)
    assert model.line.states == {1: State.ONLINE}
    assert model.presses() == []
    panel.registers[4:7] = [0, 9, 102]
    model.run(1)
    assert model.presses() == [(1, 1), (1, 3), (1, 3)]


def test_a_key_that_goes_down_is_one_press_however_long_it_is_held() -> None:
    panel = Panel(1)
    panel.coils[0] = True
    model = Model([pad(keys_in=STATES)], [panel])
    model.run(1)
    assert model.presses() == []
    panel.coils[1] = True
    model.run(2)
    panel.coils[1] = False
    model.run(1)
    panel.coils[1] = True
    model.run(1)
    assert model.presses() == [(1, 2), (1, 2)]


def test_a_panel_that_started_anew_gives_no_false_presses() -> None:
    panel = Panel(1)
    panel.registers[4:7] = [40, 50, 60]
    model = Model([pad()], [panel])
    model.run(1)
    panel.registers[4:7] = [0, 0, 0]
    model.run(1)
    panel.registers[5] = 1
    model.run(1)
    assert model.presses() == [(1, 2)]


def test_presses_of_a_panel_that_could_not_be_read_for_long_are_counted_as_lost() -> None:
    panel = Panel(1)
    model = Model([pad()], [panel])
    model.run(1)
    model.panels = []
    model.run(KNOWN_SECONDS + 5)
    assert model.line.states == {1: State.SILENT}
    panel.registers[4] = 3
    model.panels = [panel]
    model.run(10)
    assert model.line.states == {1: State.ONLINE}
    assert model.presses() == []
    assert model.line.facts(1).lost == 3
    panel.registers[4] = 4
    model.run(1)
    assert model.presses() == [(1, 1)]


def test_presses_over_a_bad_line_come_exactly_once() -> None:
    chance = random.Random(5)
    panel = Panel(1)
    model = Model([pad(), device(2, "sign", number_in={"first": 0})], [panel, Panel(2)])

    def spoil(data: bytes) -> bytes:
        draw = chance.random()
        if draw < 0.05:
            return b""
        if draw < 0.1 and data:
            place = chance.randrange(len(data))
            return data[:place] + bytes((data[place] ^ chance.randrange(1, 256),)) + data[place + 1 :]
        return chance.randbytes(3) + data if draw < 0.12 else data

    model.run(1)
    model.spoil = spoil
    pressed = []
    for _ in range(500):
        key = chance.randint(1, 3)
        panel.registers[3 + key] += 1
        pressed.append((1, key))
        model.run(chance.uniform(0, 1))
    model.spoil = lambda data: data
    model.run(10)
    assert sorted(model.presses()) == sorted(pressed)
    assert model.line.facts(1).lost == 0


def test_a_press_that_is_not_kept_comes_again() -> None:
    panel = Panel(1)
    model = Model([pad()], [panel])
    model.run(1)
    model.keep = False
    panel.registers[4] = 1
    model.run(3)
    model.keep = True
    model.run(3)
    told = [event for event in model.events if isinstance(event, Pressed)]
    assert {(press.boot, press.counter, press.key) for press in told} == {(7, 1, 1)}
    assert len(told) > 1
    assert told[-1].age_seconds == pytest.approx(3, abs=1.2)


def test_the_lamp_follows_the_invitation_and_its_end() -> None:
    panel = Panel(1)
    model = Model([pad(lamp_coil=9)], [panel])
    model.run(1)
    model.line.want(1, Arm(True, model.now + 5), model.now)
    model.run(1)
    assert panel.coils[9]
    panel.coils[9] = False
    model.run(3.5)
    model.line.want(1, Arm(True, model.now + 60), model.now)
    model.run(6)
    assert panel.coils[9]
    model.run(60)
    assert not panel.coils[9]


@pytest.mark.parametrize(
    ("facts", "show", "wanted"),
    [
        ({"first": 2}, Show("А123", SignMode.BLINK), [123]),
        ({"first": 2, "blank": 9999}, Show("А123", SignMode.OFF), [9999]),
        ({"first": 2, "blank": 7}, Show("А99999", SignMode.STEADY), [7]),
        (
            {"first": 2, "format": "text", "registers": 3},
            Show("А123", SignMode.STEADY),
            [0xC031, 0x3233, 0x2020],
        ),
    ],
)
def test_an_indicator_is_told_its_number_and_told_again_after_it_lost_it(
    facts: dict[str, Any], show: Show, wanted: list[int]
) -> None:
    panel = Panel(2)
    model = Model([device(2, "sign", number_in=facts | {"mode_at": 8})], [panel])
    model.run(1)
    model.line.want(2, show, model.now)
    for _ in range(2):
        model.run(6)
        assert panel.registers[2 : 2 + len(wanted)] == wanted
        assert panel.registers[8] == show.mode
        panel.registers = [0] * 32


def test_registers_that_a_device_refuses_are_named() -> None:
    panel = Panel(1)
    panel.refuses = 2
    model = Model([pad()], [panel])
    model.run(25)
    assert model.line.states == {1: State.WRONG_MAP}
    assert [event.reason for event in model.events if isinstance(event, Refused)] == [2]
    panel.refuses = 0
    model.run(15)
    assert model.line.states == {1: State.ONLINE}


def test_silence_garbage_and_two_devices_are_told_apart() -> None:
    devices = [pad(1), pad(2), pad(3)]
    model = Model(devices, [Panel(1), Panel(2)])
    model.spoil = lambda data: data if data[:1] == b"\x01" else bytes(byte ^ 0x55 for byte in data)
    model.run(10)
    assert model.line.states == {1: State.ONLINE, 2: State.TWO_DEVICES, 3: State.SILENT}
    model.spoil = lambda data: bytes(byte ^ 0x55 for byte in data)
    model.run(60)
    assert model.line.states == {1: State.GARBAGE, 2: State.GARBAGE, 3: State.SILENT}


def test_an_answer_comes_out_in_any_pieces_after_the_echo_of_its_request() -> None:
    answer = wire(registers.ReadHoldingRegistersResponse(dev_id=1, registers=[1, 2, 3]))
    for cut in range(1, len(answer)):
        exchange = Exchange(1, Read("holding", 0, 3))
        assert exchange.feed(exchange.wire + answer[:cut]) is None
        assert exchange.feed(answer[cut:]) == Answer((1, 2, 3))


def test_what_answers_another_question_or_comes_from_another_device_is_no_answer() -> None:
    for stranger in (
        registers.ReadHoldingRegistersResponse(dev_id=2, registers=[1, 2, 3]),
        registers.ReadHoldingRegistersResponse(dev_id=1, registers=[1, 2]),
        registers.ReadInputRegistersResponse(dev_id=1, registers=[1, 2, 3]),
    ):
        exchange = Exchange(1, Read("holding", 0, 3))
        assert exchange.feed(wire(stranger)) is None
        assert exchange.garbage


def test_every_corruption_of_an_answer_and_any_noise_is_dropped_without_a_fault() -> None:
    answer = wire(registers.ReadHoldingRegistersResponse(dev_id=1, registers=[1, 2, 3]))
    for place in range(len(answer)):
        for flip in range(1, 256):
            bad = answer[:place] + bytes((answer[place] ^ flip,)) + answer[place + 1 :]
            assert Exchange(1, Read("holding", 0, 3)).feed(bad) is None
    chance = random.Random(8)
    for _ in range(3000):
        assert Exchange(1, Read("coil", 0, 3)).feed(chance.randbytes(60)) is None
        assert Exchange(1, Write(0, (1, 2))).feed(chance.randbytes(60)) is None


@pytest.fixture
def panels() -> Iterator[ModbusPanels]:
    made = ModbusPanels([1, 2], BAUD)
    yield made
    made.stop()


def test_the_bridge_and_pymodbuss_own_server_understand_each_other(
    panels: ModbusPanels, tmp_path: Path
) -> None:
    journal = Journal(tmp_path)
    settings = PortSettings.model_validate(
        {
            "path": panels.path,
            "protocol": "modbus",
            "baud": BAUD,
            "devices": [
                pad(1, lamp_coil=160),
                device(2, "sign", number_in={"first": 0, "mode_at": 8}),
            ],
        }
    )
    port = Port(settings, SerialWire(panels.path, BAUD), journal, lambda: None, lambda desk, action: None)
    port.start()
    try:
        eventually(lambda: set(port.states.values()) == {State.ONLINE})
        port.want(1, Arm(True))
        port.want(2, Show("А123", SignMode.BLINK))
        eventually(lambda: panels.coil(1, 160))
        eventually(lambda: (panels.get(2, 0), panels.get(2, 8)) == (123, 2))
        panels.put(1, 4, 0, 1, 0)
        eventually(lambda: [press.score for press in journal.pending()] == [3])
        panels.put(1, 4, 0, 1, 1)
        eventually(lambda: [press.score for press in journal.pending()] == [3, 5])
        heard = port.report().devices[0].facts.heard_at
        assert heard is not None
        assert heard <= time.monotonic()
    finally:
        port.stop()
        journal.close()
