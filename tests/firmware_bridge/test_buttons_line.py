"""Common RS-485 buttons, pads and LED boards: what counts as a press, what is shown, what is paused."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from firmware_bridge.buttons_frame import KeyDecoder, KeyFrame, board, lamp, three
from firmware_bridge.buttons_line import AGAIN_SECONDS, GARBAGE_BYTES, ButtonsLine
from firmware_bridge.catalog import SignMode
from firmware_bridge.config import DeviceSettings
from firmware_bridge.held_presses import ROOM
from firmware_bridge.line_protocol import Arm, Changed, Lamp, OperatorKey, Pressed, Show, State
from tests.firmware_bridge.noise import CHUNK

PAD, OPERATOR, BOARD, CLOCK = 0x20, 0x21, 0x30, 0x3F


def device(address: int, kind: str, **facts: Any) -> DeviceSettings:
    desk = {} if kind == "clock" else {"desk": "zarechny-1"}
    return DeviceSettings.model_validate({"address": address, "kind": kind, **desk, **facts})


class Hall:
    """A line in virtual time with what was written and what happened."""

    def __init__(self, *devices: DeviceSettings) -> None:
        self.now = 50.0
        self.morning = datetime(2026, 3, 2, 9, 0, 30)
        self.line = ButtonsLine(devices, run=7, wall=lambda: self.morning + timedelta(seconds=self.now - 50))
        self.written: list[tuple[float, bytes]] = []
        self.events: list[object] = []
        self.keep = True
        self.run(1)
        self.written.clear()

    def run(self, seconds: float, data: bytes = b"") -> None:
        end = self.now + seconds
        while True:
            out, events = self.line.step(data, self.now)
            data = b""
            if out:
                self.written.append((self.now, out))
            for event in events:
                self.events.append(event)
                if isinstance(event, Pressed) and self.keep:
                    self.line.keep(event, self.now)
            if self.now >= end:
                return
            self.now = min(end, self.now + max(0.001, self.line.wait(self.now)))

    def want(self, address: int, wish: Show | Arm | Lamp) -> None:
        self.line.want(address, wish, self.now)

    def said(self) -> list[bytes]:
        return [data for _, data in self.written]

    def presses(self) -> list[tuple[int, int, int]]:
        return [(e.address, e.counter, e.key) for e in self.events if isinstance(e, Pressed)]

    def keys(self) -> list[OperatorKey]:
        return [event for event in self.events if isinstance(event, OperatorKey)]


def key(address: int, code: int) -> bytes:
    return bytes((0x01, address, code, 0x07))


def test_frames_merged_and_split_come_out_the_same() -> None:
    wire = key(0x20, 0x31) + key(0x21, 0x34) + key(0x20, 0x35)
    wanted = [KeyFrame(0x20, 0x31), KeyFrame(0x21, 0x34), KeyFrame(0x20, 0x35)]
    assert KeyDecoder().feed(wire) == wanted
    for cut in range(len(wire)):
        decoder = KeyDecoder()
        assert decoder.feed(wire[:cut]) + decoder.feed(wire[cut:]) == wanted
        assert decoder.noise == 0


def test_after_any_garbage_the_next_frame_comes_out() -> None:
    chance = random.Random(17)
    for _ in range(300):
        decoder = KeyDecoder()
        decoder.feed(chance.randbytes(CHUNK))
        # Bytes below 20 stand only at the ends of a frame, so what was begun is dropped at the start.
        assert decoder.feed(key(0x20, 0x31))[-1] == KeyFrame(0x20, 0x31)


def test_a_frame_with_a_byte_lost_or_doubled_is_dropped_and_the_next_comes_out() -> None:
    good, after = key(0x20, 0x31), key(0x21, 0x32)
    for place in range(4):
        for bad in (good[:place] + good[place + 1 :], good[: place + 1] + good[place:]):
            came = KeyDecoder().feed(bad + after)
            assert came[-1] == KeyFrame(0x21, 0x32)
            assert came[:-1] in ([], [KeyFrame(0x20, 0x31)])


def test_what_is_sent_to_devices_is_cp1251_of_exactly_their_length() -> None:
    assert lamp(0x20, 0x36) == b"\x01\x20\x36\x07"
    assert three(0x21, 0x20, "12") == b"\x01\x21\x2012 \x07"
    assert board(0x30, "А123", 6) == b"\x01\x30\xc0123  \x07"
    assert board(0x30, "Қ\n1", 3) == b"\x01\x30? 1\x07"


def test_a_lit_pad_takes_exactly_one_press_and_is_lit_again_for_the_next_visitor() -> None:
    hall = Hall(device(PAD, "pad"))
    hall.want(PAD, Arm(True))
    hall.run(0.1)
    assert hall.said() == [lamp(PAD, 0x32)]
    hall.run(0.1, key(PAD, 0x35) + key(PAD, 0x31))
    assert hall.presses() == [(PAD, 1, 5)]
    hall.want(PAD, Arm(False))
    hall.want(PAD, Arm(True, hall.now + 60))
    hall.run(0.1, key(PAD, 0x31))
    assert hall.presses() == [(PAD, 1, 5), (PAD, 2, 1)]


def test_a_press_on_a_dark_pad_of_a_strange_address_or_key_counts_nothing() -> None:
    hall = Hall(device(PAD, "pad", keys=[1, 3, 5]), device(BOARD, "sign"))
    hall.run(0.1, key(PAD, 0x31))
    hall.want(PAD, Arm(True))
    hall.run(0.1, key(0x55, 0x31) + key(PAD, 0x34) + key(PAD, 0x30) + key(BOARD, 0x31))
    assert hall.presses() == []
    assert hall.line.ignored == 5
    hall.run(0.1, key(PAD, 0x33))
    assert hall.presses() == [(PAD, 1, 3)]


def test_a_pad_sleeps_when_its_time_is_over() -> None:
    hall = Hall(device(PAD, "pad"))
    hall.want(PAD, Arm(True, hall.now + 10))
    hall.run(11)
    assert hall.said() == [lamp(PAD, 0x32), lamp(PAD, 0x30)]
    hall.run(0.1, key(PAD, 0x31))
    assert hall.presses() == []


def test_a_pad_that_started_anew_is_lit_again_by_itself() -> None:
    hall = Hall(device(PAD, "pad", lamp=0x34))
    hall.want(PAD, Arm(True))
    hall.run(2 * AGAIN_SECONDS)
    assert hall.said() == [lamp(PAD, 0x34)] * 3


def test_a_press_that_the_disk_does_not_take_comes_again_with_its_age_until_it_is_kept() -> None:
    hall = Hall(device(PAD, "pad"))
    hall.keep = False
    hall.want(PAD, Arm(True))
    hall.run(5, key(PAD, 0x32))
    hall.keep = True
    hall.run(5)
    told = [event for event in hall.events if isinstance(event, Pressed)]
    assert {(press.boot, press.counter, press.key) for press in told} == {(7, 1, 2)}
    assert told[-1].age_seconds == pytest.approx(5, abs=1.1)
    assert len(told) == 7


def test_presses_without_room_are_counted_as_lost_and_the_pad_stays_lit() -> None:
    hall = Hall(device(PAD, "pad"))
    hall.keep = False
    for number in range(ROOM + 2):
        hall.want(PAD, Arm(True, 1e9 + number))
        hall.run(0.01, key(PAD, 0x32))
    assert hall.line.facts(PAD).lost == 2
    hall.run(0.1)
    assert hall.said()[-1] == lamp(PAD, 0x32)


@pytest.mark.parametrize(
    ("code", "action"), [(0x31, "call"), (0x32, "start"), (0x33, "redirect"), (0x34, "finish")]
)
def test_an_operators_key_is_told_once_even_if_it_bounces(code: int, action: str) -> None:
    hall = Hall(device(OPERATOR, "operator"))
    hall.run(0.05, key(OPERATOR, code))
    hall.run(0.05, key(OPERATOR, code))
    assert hall.keys() == [OperatorKey(OPERATOR, action)]  # type: ignore[arg-type]
    hall.run(1)
    hall.run(0.05, key(OPERATOR, code) + key(OPERATOR, 0x35))
    assert len(hall.keys()) == 2


def test_an_operators_pad_shows_how_its_desk_stands_and_the_last_three_letters() -> None:
    hall = Hall(device(OPERATOR, "operator", letters=3))
    for wish, wanted in (
        (Lamp("called", "А123"), lamp(OPERATOR, 0x36) + three(OPERATOR, 0x21, "123")),
        (Lamp("serving", "А123"), lamp(OPERATOR, 0x32) + three(OPERATOR, 0x20, "123")),
        (Lamp("free", ""), lamp(OPERATOR, 0x30) + three(OPERATOR, 0x20, "")),
        (Lamp("free", "", people_wait=True), lamp(OPERATOR, 0x30) + three(OPERATOR, 0x21, "CAL")),
        (Lamp("break", ""), lamp(OPERATOR, 0x31) + three(OPERATOR, 0x20, "")),
    ):
        hall.want(OPERATOR, wish)
        hall.run(0.1)
        assert hall.said()[-1] == wanted


def test_boards_in_a_chain_get_their_pause_and_pads_need_not_wait_for_all_of_them() -> None:
    boards = [device(BOARD + number, "sign", letters=4) for number in range(5)]
    hall = Hall(*boards, device(PAD, "pad"))
    hall.run(3)
    hall.written.clear()
    for number in range(5):
        hall.want(BOARD + number, Show(f"А{number}", SignMode.STEADY))
    hall.run(0.1)
    hall.want(PAD, Arm(True))
    hall.run(3)
    moments = [moment for moment, _ in hall.written]
    for (moment, said), after in zip(hall.written, moments[1:], strict=False):
        assert after - moment >= (0.299 if said[1] >= BOARD else 0.019)
    assert hall.said()[1] == lamp(PAD, 0x32)
    assert hall.said()[-1] == board(BOARD + 4, "А4", 4)


def test_only_the_newest_text_of_a_board_is_sent_and_off_means_dark() -> None:
    hall = Hall(device(BOARD, "sign", letters=4), device(BOARD + 1, "sign", letters=4))
    hall.run(3)
    hall.written.clear()
    hall.want(BOARD + 1, Show("Б1", SignMode.STEADY))
    for text in ("А1", "А2", "А3"):
        hall.want(BOARD, Show(text, SignMode.BLINK))
    hall.run(1)
    hall.want(BOARD, Show("А3", SignMode.OFF))
    hall.run(1)
    mine = [said for said in hall.said() if said[1] == BOARD]
    assert mine == [board(BOARD, "А3", 4), board(BOARD, "", 4)]


def test_a_clock_shows_each_new_minute() -> None:
    hall = Hall(device(CLOCK, "clock"))
    hall.run(150)
    shown = [said[2:-1].decode("cp1251") for said in hall.said()]
    assert list(dict.fromkeys(shown)) == ["09:00", "09:01", "09:02", "09:03"][: len(dict.fromkeys(shown))]
    first = next(moment for moment, said in hall.written if b"09:01" in said)
    assert first - 50.0 == pytest.approx(30, abs=1.1)


def test_devices_that_never_answer_are_named_so_and_garbage_alone_suggests_the_baud_rate() -> None:
    hall = Hall(device(PAD, "pad"), device(BOARD, "sign"))
    assert hall.line.states == {PAD: State.ONE_WAY, BOARD: State.ONE_WAY}
    assert hall.line.facts(PAD).heard_at is None
    hall.run(1, bytes((0xFE, 0x80)) * GARBAGE_BYTES)
    assert hall.line.states[PAD] is State.GARBAGE
    hall.run(1, key(PAD, 0x31))
    assert hall.line.states[PAD] is State.ONE_WAY
    assert hall.line.facts(PAD).heard_at is not None
    assert [event.state for event in hall.events if isinstance(event, Changed) and event.address == PAD] == [
        State.ONE_WAY,
        State.GARBAGE,
        State.ONE_WAY,
    ]


def test_half_a_frame_is_not_completed_by_noise_of_a_later_minute() -> None:
    hall = Hall(device(PAD, "pad"))
    hall.want(PAD, Arm(True))
    hall.run(60, key(PAD, 0x31)[:2])
    hall.run(1, key(PAD, 0x31)[2:])
    assert hall.presses() == []


def test_random_bytes_give_presses_only_of_a_lit_pad_and_never_a_fault() -> None:
    chance = random.Random(3)
    hall = Hall(device(PAD, "pad"), device(OPERATOR, "operator"))
    for _ in range(500):
        hall.run(0.1, chance.randbytes(CHUNK))
    assert hall.presses() == []
