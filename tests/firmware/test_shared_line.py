"""Pads and signs on one RS-485 line in simavr: who speaks when, and that nobody is disturbed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware_bridge import catalog
from firmware_bridge.catalog import Kind, Said, SignMode
from firmware_bridge.frame import encode
from firmware_bridge.line_protocol import Arm, Show, State
from tests.firmware.bench import Bench, Unit
from tests.firmware.native import hello

Put = Callable[..., Bench]
DRIVER_QUIET_MS = 1.0
"""The least time in which the host's adapter lets go of the line."""


def a_hall(put: Put) -> Bench:
    """Two pads and a sign."""
    return put(Unit(), Unit(switches=1), Unit("desk_sign_digits", 2))


def test_all_are_greeted_and_each_does_only_what_it_is_told(put: Put) -> None:
    bench = a_hall(put)
    bench.line.want(1, Arm(True), bench.now)
    bench.line.want(3, Show("А123", SignMode.STEADY), bench.now)
    bench.run(1)
    assert [bench.states(address) for address in (1, 2, 3)] == [[State.ONLINE]] * 3
    assert [len(seen.lamps) for seen in bench.seen[:2]] == [5, 0]
    assert bench.seen[2].lit
    bench.press(4, device=1)
    bench.press(2, device=0)
    bench.run(0.5)
    assert (bench.presses(1), bench.presses(2)) == ([(1, 2)], [(1, 4)])


def test_a_device_speaks_only_when_it_is_asked(put: Put) -> None:
    bench = a_hall(put)
    for address in (1, 2, 3):
        assert bench.ask(hello(line=1, address=address))
    bench.touch(3, True, device=1)
    assert bench.alone(1000) == b""
    asked = bench.ask(catalog.encode(1, 9, Said("poll"))) + bench.ask(catalog.encode(2, 10, Said("poll")))
    said = [catalog.decode(frame) for frame in asked]
    assert [told.name for told in said if told] == ["alive", "press"]
    receipt = Said("taken", {"boot": said[1].numbers["boot"], "counter": 1}) if said[1] else Said("poll")
    assert bench.ask(catalog.encode(2, 0, receipt)) == []


def test_nobody_answers_for_another_nor_to_all(put: Put) -> None:
    bench = a_hall(put)
    for address in (0, 4, 33, 255):
        assert bench.ask(hello(line=1, address=address)) == []
    # What devices say is no request to any of them.
    assert bench.ask(catalog.encode(1, 9, Said("done"))) == []


def test_after_a_start_a_receipt_is_not_answered_for_nobody_awaits_it(put: Put) -> None:
    bench = a_hall(put)
    assert bench.ask(catalog.encode(1, 0, Said("taken", {"boot": 1, "counter": 1}))) == []


@pytest.mark.parametrize("image", ["rating_pad", "desk_sign_digits", "desk_sign_matrix"])
def test_an_answer_begins_after_the_host_let_go_and_within_5_ms(put: Put, image: str) -> None:
    bench = put(Unit(image), Unit(switches=1))
    greeting = encode(hello(line=1))
    for offset in range(20):
        # At any moment of the device's millisecond.
        bench.alone(10 + offset / 20)
        sent = bench.ms + len(greeting) * 10 / 57.6
        bench.send(greeting)
        while bench.ms < sent + 25:
            before = len(bench.heard)
            bench.tell("run 100")
            if len(bench.heard) > before:
                break
        assert DRIVER_QUIET_MS <= bench.ms - sent <= 5
        bench.alone(30)


def test_noise_that_never_ends_does_not_keep_a_device_from_answering(put: Put) -> None:
    bench = put(Unit())
    greeting = encode(hello())
    begun = bench.ms + len(greeting) * 10 / 57.6
    bench.send(greeting + b"\x55" * 400)
    while not bench.heard:
        bench.tell("run 1000")
    assert bench.ms - begun <= 20


def test_every_press_of_two_pads_comes_exactly_once_though_frames_are_lost(put: Put) -> None:
    bench = a_hall(put)
    turn = iter(range(1_000_000))
    bench.spoil = lambda data: b"" if next(turn) % 19 == 3 else data
    bench.run(2)
    keys = [1, 5, 2, 4, 3, 3]
    for key in keys:
        bench.press(key, device=0)
        bench.press(6 - key, device=1)
        bench.run(0.4)
    bench.spoil = lambda data: data
    bench.run(6)
    assert bench.presses(1) == list(enumerate(keys, start=1))
    assert bench.presses(2) == [(count, 6 - key) for count, key in enumerate(keys, start=1)]
    assert bench.kinds[3] is Kind.SIGN
