"""The image of the rating pad in simavr, spoken to by the bridge's line and pressed by hand."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from firmware_bridge import catalog
from firmware_bridge.catalog import Ability, Kind, Said, SignMode
from firmware_bridge.device import KEPT_PRESSES
from firmware_bridge.frame import Decoder, Frame, encode
from firmware_bridge.line_protocol import Arm, Pressed, Show, State
from tests.firmware.bench import Bench, Unit
from tests.firmware.native import hello

Put = Callable[..., Bench]
ALL_KEYS = {1, 2, 3, 4, 5}


def arm(sequence: int, seconds: int) -> Frame:
    """The order to invite for so long."""
    return catalog.encode(1, sequence, Said("pad", {"state": 1, "seconds": seconds}))


def test_it_is_greeted_and_says_what_it_is(put: Put) -> None:
    bench = put(Unit(eeprom=bytes.fromhex("0000002A")))
    bench.run(0.5)
    assert bench.states() == [State.ONLINE]
    said = bench.identity()
    assert (said["kind"], said["size"], said["unit"]) == (Kind.PAD, 5, 42)
    assert said["abilities"] == Ability.KEYS | Ability.LIGHTS | Ability.BUZZER
    assert said["boot"] == 42 << 16 | 1
    assert said["firmware"] == 0x0100


def test_armed_it_lights_all_keys_until_told_to_sleep_or_its_time_is_over(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.2)
    pad = bench.seen[0]
    assert pad.lamps == set()
    bench.line.want(1, Arm(True), bench.now)
    bench.run(0.1)
    assert pad.lamps == ALL_KEYS
    bench.line.want(1, Arm(False), bench.now)
    bench.run(0.1)
    assert pad.lamps == set()
    bench.line.want(1, Arm(True, bench.now + 5), bench.now)
    bench.run(0.1)
    assert pad.lamps == ALL_KEYS
    bench.alone(6000)
    assert pad.lamps == set()


def test_a_press_arrives_once_lights_its_key_and_sounds(put: Put) -> None:
    bench = put(Unit())
    bench.line.want(1, Arm(True), bench.now)
    bench.run(0.5)
    pad = bench.seen[0]
    pad.changes.clear()
    bench.touch(4, True)
    began = bench.ms
    bench.run(0.1)
    assert (pad.lamps, bench.presses()) == ({4}, [(1, 4)])
    press = next(event for event in bench.events if isinstance(event, Pressed))
    assert press.age_seconds == pytest.approx(0.021, abs=0.003)
    bench.touch(4, False)
    bench.run(4)
    assert pad.lamps == ALL_KEYS
    sounds = [(change, ms - began) for ms, change in pad.changes if "D3" in change]
    assert [change for change, _ in sounds] == ["pin D3 1", "pin D3 0"]
    assert sounds[0][1] == pytest.approx(21, abs=2)
    assert sounds[1][1] - sounds[0][1] == pytest.approx(60, abs=2)
    back = max(ms for ms, change in pad.changes if change == "pin B0 1") - began
    assert back == pytest.approx(3021, abs=3)
    assert bench.presses() == [(1, 4)]


def test_a_press_on_its_own_line_comes_unasked_within_milliseconds(put: Put) -> None:
    bench = put(Unit())
    bench.ask(hello())
    bench.touch(2, True)
    frames = Decoder().feed(bench.alone(45))
    said = [catalog.decode(frame) for frame in frames]
    assert [(told.name, told.numbers["key"]) for told in said if told] == [("press", 2)]
    assert frames[0].sequence == 0


def test_before_it_is_greeted_it_says_nothing_unasked(put: Put) -> None:
    bench = put(Unit())
    bench.touch(2, True)
    assert bench.alone(3000) == b""
    bench.run(0.5)
    assert bench.presses() == [(1, 2)]


def test_presses_wait_through_the_hosts_silence_with_their_age(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.3)
    for key in (5, 1, 3):
        bench.touch(key, True)
        bench.alone(50)
        bench.touch(key, False)
        bench.alone(59_950)
    bench.restart_host()
    bench.run(1)
    assert bench.presses() == [(1, 5), (2, 1), (3, 3)]
    ages = [event.age_seconds for event in bench.events if isinstance(event, Pressed)]
    assert ages == pytest.approx([180, 120, 60], abs=0.3)


def test_the_first_presses_are_kept_and_the_next_ones_counted_as_lost(put: Put) -> None:
    assert KEPT_PRESSES >= 8
    bench = put(Unit())
    bench.run(0.3)
    for number in range(KEPT_PRESSES + 3):
        bench.touch(1 + number % 5, True)
        bench.alone(30)
        bench.touch(1 + number % 5, False)
        bench.alone(30)
    bench.run(2)
    wanted = [(number + 1, 1 + number % 5) for number in range(KEPT_PRESSES)]
    assert bench.presses() == wanted
    assert bench.line.sessions[1].lost == 3
    bench.press(2)
    bench.run(0.5)
    assert bench.presses()[KEPT_PRESSES:] == [(KEPT_PRESSES + 1, 2)]


def test_a_press_not_kept_by_the_host_is_said_again_until_it_is(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.3)
    bench.keep = False
    bench.press(3)
    bench.run(2)
    assert len(bench.presses()) > 2
    assert set(bench.presses()) == {(1, 3)}
    bench.restart_host()
    bench.keep = True
    bench.run(1)
    told = len(bench.presses())
    bench.run(2)
    assert len(bench.presses()) == told


def test_a_bounce_of_4_ms_is_no_press(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.3)
    for _ in range(3):
        bench.touch(1, True)
        bench.alone(4)
        bench.touch(1, False)
        bench.alone(30)
    bench.run(0.5)
    assert bench.presses() == []
    assert bench.seen[0].lamps == set()


def test_chatter_of_the_contact_is_one_press_and_none_at_its_release(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.3)
    for steady in (True, False):
        for closed in (True, False, True, False, True, False):
            bench.touch(2, closed)
            bench.alone(3)
        bench.touch(2, steady)
        bench.alone(60)
    bench.run(1)
    assert bench.presses() == [(1, 2)]


def test_two_keys_at_once_are_two_presses(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.3)
    for key in (2, 5):
        bench.touch(key, True)
    bench.run(0.5)
    assert bench.presses() == [(1, 2), (2, 5)]


def test_in_step_again_after_garbage_within_two_frames(put: Put) -> None:
    bench = put(Unit())
    bench.ask(hello())
    poll = catalog.encode(1, 5, Said("poll"))
    whole = encode(catalog.encode(1, 4, Said("poll")))
    for garbage in (
        b"\x00\xff\x55",
        b"\x7e",
        b"\x7e\x18",
        b"\x7e\x7d",
        b"\x7d\x7d\x7d",
        whole[:-1],
        bytes(range(128)),
    ):
        bench.send(garbage)
        bench.alone(30)
        answers = [frame.sequence for _ in range(2) for frame in bench.ask(poll)]
        assert 5 in answers, garbage.hex()


def test_a_storm_of_bytes_and_of_requests_leaves_it_sound(put: Put) -> None:
    bench, chance = put(Unit()), random.Random(7)
    bench.ask(hello())
    for _ in range(8):
        bench.send(chance.randbytes(900))
        bench.alone(200)
    decoder = Decoder()
    bench.send(b"".join(encode(catalog.encode(1, number, Said("poll"))) for number in range(1, 201)))
    answers = decoder.feed(bench.alone(800))
    # Faster than it may answer: it leaves answers out, whole ones.
    assert len(answers) > 20
    assert decoder.counters.bad == 0
    asked = [answer.sequence for answer in answers]
    assert asked == sorted(set(asked))
    bench.run(1)
    bench.press(2)
    assert bench.presses() == [(1, 2)]
    assert bench.seen[0].resets == 1


def test_every_press_comes_exactly_once_over_a_bad_cable(put: Put) -> None:
    bench = put(Unit())
    turn = iter(range(1_000_000))

    def spoil(data: bytes) -> bytes:
        number = next(turn)
        if number % 23 == 5:
            return b""
        if number % 17 == 3:
            return bytes([data[0] ^ 4]) + data[1:]
        return data + data if number % 29 == 7 else data

    bench.spoil = spoil
    bench.run(1)
    keys = [1, 5, 2, 2, 4, 3, 1, 1, 5, 5]
    for key in keys:
        bench.press(key)
        bench.run(0.3)
    bench.spoil = lambda data: data
    bench.run(3)
    assert bench.presses() == list(enumerate(keys, start=1))


def test_a_resent_order_is_answered_and_not_done_twice(put: Put) -> None:
    bench = put(Unit())
    bench.ask(hello())
    first = bench.ask(arm(7, 3))
    bench.alone(2500)
    assert bench.ask(arm(7, 3)) == first != []
    assert bench.seen[0].lamps == ALL_KEYS
    bench.alone(1000)
    assert bench.seen[0].lamps == set()
    bench.ask(arm(8, 3))
    assert bench.seen[0].lamps == ALL_KEYS


def test_an_answer_that_is_lost_is_asked_for_again_by_the_bridge(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.3)
    lost = iter([True] * 3)
    bench.spoil = lambda data: b"" if next(lost, False) else data
    bench.line.want(1, Arm(True), bench.now)
    bench.run(0.5)
    assert bench.seen[0].lamps == ALL_KEYS
    assert bench.states() == [State.ONLINE]


def test_it_refuses_what_only_a_sign_can_do_and_stays_online(put: Put) -> None:
    bench = put(Unit())
    bench.line.want(1, Show("А1", SignMode.STEADY), bench.now)
    bench.run(2)
    assert [(refusal.request, refusal.reason) for refusal in bench.refusals()] == [("show", 2)]
    assert bench.states() == [State.ONLINE]
