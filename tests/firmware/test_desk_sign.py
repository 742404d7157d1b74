"""The images of the desk sign in simavr: what its MAX7219 chips are told to light."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware_bridge import catalog
from firmware_bridge.catalog import Ability, Kind, Said, SignMode
from firmware_bridge.line_protocol import Arm, Show, State
from tests.firmware.bench import SHUTDOWN, Bench, Unit
from tests.firmware.native import hello

Put = Callable[..., Bench]
IMAGES = ["desk_sign_digits", "desk_sign_matrix"]
BARS = {"0": 0x7E, "1": 0x30, "2": 0x6D, "3": 0x79, "А": 0x77, " ": 0}
"""Bars of a 7-segment digit as the chip's data sheet numbers them."""
A123 = """
.....###....#....###..#####.....
....#...#..##...#...#....#......
....#...#...#.......#...#.......
....#####...#......#.....#......
....#...#...#.....#.......#.....
....#...#...#....#....#...#.....
....#...#..###..#####..###......
................................
"""


def shown(bench: Bench, text: str, mode: SignMode = SignMode.STEADY) -> None:
    """The bridge wants the sign to show this."""
    bench.line.want(1, Show(text, mode), bench.now)
    bench.run(0.2)


def digits(bench: Bench) -> list[int]:
    """What the eight digits of a sign light, from the left."""
    return [bench.seen[0].registers[0, row] for row in range(8, 0, -1)]


@pytest.mark.parametrize(("image", "letters"), [("desk_sign_digits", 8), ("desk_sign_matrix", 5)])
def test_it_is_greeted_and_says_what_it_is(put: Put, image: str, letters: int) -> None:
    bench = put(Unit(image))
    bench.run(0.5)
    said = bench.identity()
    assert (said["kind"], said["abilities"], said["size"]) == (Kind.SIGN, Ability.TEXT, letters)
    assert bench.states() == [State.ONLINE]
    assert not bench.seen[0].lit


def test_a_number_stands_in_the_middle_of_the_digits(put: Put) -> None:
    bench = put(Unit("desk_sign_digits"))
    shown(bench, "А123")
    assert digits(bench) == [BARS[letter] for letter in "  А123  "]
    assert bench.seen[0].lit
    # Not decoded by the chip, all digits scanned, no lamp test.
    assert [bench.seen[0].registers[0, register] for register in (9, 11, 15)] == [0, 7, 0]


def test_a_number_stands_in_the_middle_of_the_matrix(put: Put) -> None:
    bench = put(Unit("desk_sign_matrix"))
    shown(bench, "А123")
    assert bench.seen[0].picture == A123.strip().replace("#", "1").replace(".", "0").splitlines()
    assert bench.seen[0].lit


@pytest.mark.parametrize("image", IMAGES)
def test_it_blinks_twice_in_two_seconds_and_begins_lit(put: Put, image: str) -> None:
    bench = put(Unit(image))
    bench.run(0.2)
    bench.seen[0].changes.clear()
    began = bench.ms
    shown(bench, "А123", SignMode.BLINK)
    bench.run(1.9)
    switched = [
        (round((ms - began) / 500), words[-1])
        for ms, words in bench.seen[0].changes
        if words.startswith(f"chip 0 {SHUTDOWN} ")
    ]
    assert switched == [(0, "1"), (1, "0"), (2, "1"), (3, "0"), (4, "1")]


@pytest.mark.parametrize("image", IMAGES)
def test_off_it_is_dark_and_then_shows_the_next_number(put: Put, image: str) -> None:
    bench = put(Unit(image))
    shown(bench, "А123")
    before = bench.seen[0].picture
    shown(bench, "А123", SignMode.OFF)
    assert not bench.seen[0].lit
    shown(bench, "К007")
    assert bench.seen[0].lit
    assert bench.seen[0].picture != before


@pytest.mark.parametrize("image", IMAGES)
def test_a_chip_upset_by_a_spark_is_soon_right_again(put: Put, image: str) -> None:
    bench = put(Unit(image))
    shown(bench, "А123")
    registers = dict(bench.seen[0].registers)
    bench.tell("spark 0")
    bench.seen[0].registers.clear()
    bench.run(0.05)
    assert bench.seen[0].registers == registers


@pytest.mark.parametrize("image", IMAGES)
def test_a_resent_order_is_answered_and_blinking_does_not_begin_anew(put: Put, image: str) -> None:
    bench = put(Unit(image))
    bench.ask(hello())
    order = catalog.encode(1, 7, Said("show", {"mode": 2}, "А1"))
    first = bench.ask(order)
    bench.alone(600)
    assert not bench.seen[0].lit
    assert bench.ask(order) == first
    assert not bench.seen[0].lit


@pytest.mark.parametrize("image", IMAGES)
def test_a_mode_it_does_not_know_and_a_pads_order_are_refused(put: Put, image: str) -> None:
    bench = put(Unit(image))
    bench.line.want(1, Arm(True), bench.now)
    bench.run(1)
    assert [(refusal.request, refusal.reason) for refusal in bench.refusals()] == [("pad", 2)]
    refused = [
        catalog.decode(said) for said in bench.ask(catalog.encode(1, 9, Said("show", {"mode": 3}, "А")))
    ]
    assert refused == [Said("refused", {"type": 0x10, "reason": 3})]


@pytest.mark.parametrize("image", IMAGES)
def test_a_hanging_sign_starts_anew_and_shows_its_number_again(put: Put, image: str) -> None:
    bench = put(Unit(image))
    shown(bench, "А123")
    picture, boot = bench.seen[0].picture, bench.identity()["boot"]
    bench.tell("hang 0")
    bench.run(3)
    assert bench.seen[0].resets == 2
    assert bench.identity()["boot"] == boot + 1
    assert (bench.seen[0].picture, bench.seen[0].lit) == (picture, True)
