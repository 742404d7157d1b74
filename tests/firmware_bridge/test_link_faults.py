"""A line with faults, in virtual time: bad cables, two devices at one address, a wrong baud rate."""

from __future__ import annotations

import random

import pytest

from firmware_bridge import catalog
from firmware_bridge.catalog import Kind, Said
from firmware_bridge.device import Device
from firmware_bridge.frame import encode
from firmware_bridge.line_protocol import Changed, Pressed, State
from tests.firmware_bridge.wire_model import WireModel, bad_cable


def a_pad(address: int = 1, boot: int = 7) -> Device:
    return Device(address, Kind.PAD, boot)


def a_sign(address: int = 2) -> Device:
    return Device(address, Kind.SIGN, 8)


@pytest.mark.parametrize("alone", [True, False], ids=["own line", "shared line"])
def test_each_of_2000_presses_comes_exactly_once_over_a_bad_cable_or_is_counted_as_lost(alone: bool) -> None:
    chance = random.Random(20260302 + alone)
    devices = {1: a_pad()} if alone else {1: a_pad(), 2: a_sign(), 3: a_pad(3, boot=9)}
    # 5 % of frames lost, 5 % doubled, 5 % corrupted, 5 % with noise before them; and a cable often pulled.
    model = WireModel(devices, bad_cable(chance, 0.05))
    pads = [address for address, device in devices.items() if device.kind is Kind.PAD]
    pressed = []
    counters = dict.fromkeys(pads, 0)
    for _ in range(2000):
        address, key = chance.choice(pads), chance.randint(1, 5)
        lost = model.devices[address].lost
        model.press(address, key)
        if model.devices[address].lost == lost:
            counters[address] += 1
            pressed.append((7 if address == 1 else 9, counters[address], key))
        if chance.random() < 0.03:
            model.plugged = False
            model.run(chance.uniform(0.1, 4))
            model.plugged = True
        model.run(chance.expovariate(2))
    model.spoil = lambda data: data
    model.run(10)
    assert sorted(model.presses()) == sorted(pressed)
    told_lost = sum(model.line.sessions[address].lost for address in pads)
    assert len(pressed) + told_lost == 2000
    for boot in (7, 9):
        counted = [counter for from_boot, counter, _ in model.presses() if from_boot == boot]
        assert counted == sorted(counted)


def twins(model: WireModel) -> Device:
    """A second pad with address 1, of another unit, that hears what the first hears."""
    second = a_pad(boot=0x0A0A)
    first = model.devices[1]
    heard = first.hear
    first.hear = lambda data, now: heard(data, now) + second.hear(data, now)  # type: ignore[method-assign]
    return second


def test_two_devices_that_answer_at_one_address_are_named_and_neither_one_rates() -> None:
    model = WireModel({1: a_pad()})
    second = twins(model)
    model.run(1)
    assert model.states(1)[-1] is State.TWO_DEVICES
    second.press(5, model.now)
    model.press(1, 1)
    model.run(30)
    assert model.presses() == []
    assert model.states(1).count(State.TWO_DEVICES) == 1


def test_one_of_two_devices_taken_away_brings_the_other_back() -> None:
    model = WireModel({1: a_pad()})
    twins(model)
    model.run(1)
    model.press(1, 4)
    only = model.devices[1]
    model.devices[1] = kept = a_pad()
    kept.__dict__.update({name: value for name, value in vars(only).items() if name != "hear"})
    model.run(20)
    assert model.states(1)[-1] is State.ONLINE
    assert model.presses() == [(7, 1, 4)]


def test_a_press_of_another_boot_than_the_greeted_device_has_shows_a_second_device() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    stranger = Said("press", {"boot": 99, "counter": 1, "key": 5, "age_ms": 0})
    _, events = model.line.step(encode(catalog.encode(1, 0, stranger)), model.now)
    assert [event.state for event in events if isinstance(event, Changed)] == [State.TWO_DEVICES]
    assert not any(isinstance(event, Pressed) for event in events)


def collide(data: bytes) -> bytes:
    """What remains of an answer spoken over by another: no byte is what it was."""
    return bytes(byte ^ 0x5A for byte in data)


def test_garbage_from_every_device_suggests_the_baud_rate() -> None:
    model = WireModel({1: a_pad(), 2: a_sign()})
    whole = model.devices[1].hear
    model.devices[1].hear = lambda data, now: collide(whole(data, now))  # type: ignore[method-assign]
    model._cable = lambda data: data  # type: ignore[method-assign]
    del model.devices[2]
    model.run(5)
    assert model.states(1)[-1] is State.GARBAGE
    assert model.states(2) == [State.SILENT]


def test_garbage_from_one_address_alone_suggests_two_devices_and_ends_by_itself() -> None:
    model = WireModel({1: a_pad(), 2: a_sign()})
    whole = model.devices[1].hear
    model._cable = lambda data: data  # type: ignore[method-assign]
    model.devices[1].hear = lambda data, now: collide(whole(data, now))  # type: ignore[method-assign]
    model.run(5)
    assert model.states(1)[-1] is State.TWO_DEVICES
    assert model.states(2) == [State.ONLINE]
    model.devices[1].hear = whole  # type: ignore[method-assign]
    model.run(10)
    assert model.states(1)[-1] is State.ONLINE


def test_what_a_device_told_of_itself_can_be_asked_for() -> None:
    model = WireModel({1: Device(1, Kind.PAD, 7, unit=0x2A)})
    assert model.line.facts(1).unit is None
    model.run(1)
    facts = model.line.facts(1)
    assert (facts.unit, facts.firmware, facts.version, facts.lost) == (0x2A, "1.0", 1, 0)
    assert facts.heard_at == pytest.approx(model.now, abs=0.6)
