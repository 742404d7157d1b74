"""A recorded exchange, spoiled in every way one byte or one frame can be: no fault, no false press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from firmware_bridge import catalog
from firmware_bridge.catalog import Kind
from firmware_bridge.device import Device
from firmware_bridge.frame import SYNC, Decoder, Frame, encode
from firmware_bridge.line_protocol import Pressed
from firmware_bridge.link import Line
from tests.firmware_bridge.noise import ANSWERS, REQUESTS, feed_noise
from tests.firmware_bridge.wire_model import BAUD

NOISE_BYTES = 300_000
EXCHANGE = [*REQUESTS, *ANSWERS]


def spoiled(wire: bytes) -> Iterator[bytes]:
    """Every single corruption, loss and doubling of a byte."""
    for place in range(len(wire)):
        for value in range(256):
            if value != wire[place]:
                yield wire[:place] + bytes((value,)) + wire[place + 1 :]
        yield wire[:place] + wire[place + 1 :]
        yield wire[: place + 1] + wire[place:]


def test_the_recorded_exchange_holds_every_message() -> None:
    said = {decoded.name for frame in EXCHANGE if (decoded := catalog.decode(frame))}
    assert said == set(catalog.BY_NAME)


@pytest.mark.parametrize("frame", EXCHANGE, ids=lambda frame: catalog.BY_TYPE[frame.type].name)
def test_a_frame_with_one_byte_changed_lost_or_doubled_is_dropped_and_the_next_comes_out(
    frame: Frame,
) -> None:
    after = encode(EXCHANGE[0])
    for bad in spoiled(encode(frame)):
        came = Decoder().feed(bad + after)
        assert came[-1] == EXCHANGE[0]
        # A byte before the sync, or the last byte once more, leaves the frame whole; nothing else may come.
        assert came[:-1] in ([], [frame])


@pytest.mark.parametrize("frame", EXCHANGE, ids=lambda frame: catalog.BY_TYPE[frame.type].name)
def test_a_frame_cut_anywhere_with_any_rest_of_another_gives_neither_a_false_frame_nor_a_fault(
    frame: Frame,
) -> None:
    whole = encode(frame)
    for other in EXCHANGE:
        tail = encode(other)
        for cut in range(1, len(whole)):
            for begin in range(1, len(tail)):
                # The rests may happen to make one of the two whole again, never a third.
                assert Decoder().feed(whole[:cut] + tail[begin:]) in ([], [frame], [other])


def test_merged_and_repeated_frames_come_out_as_often_as_they_were_sent() -> None:
    for first in EXCHANGE:
        for second in EXCHANGE:
            wire = encode(first) * 2 + encode(second) + encode(first)
            for cut in range(len(wire)):
                decoder = Decoder()
                assert decoder.feed(wire[:cut]) + decoder.feed(wire[cut:]) == [first, first, second, first]


def test_no_spoiled_answer_makes_the_host_report_a_press_that_was_not_made() -> None:
    press = next(frame for frame in ANSWERS if catalog.BY_TYPE[frame.type].name == "press")
    true = catalog.decode(press)
    assert true is not None
    for answer in ANSWERS:
        for bad in spoiled(encode(answer)):
            line = Line({press.address: Kind.PAD, 2: Kind.SIGN}, BAUD)
            # Greeted and online, so that a press would be taken.
            hello, _ = line.step(b"", 0.0)
            pad = Device(press.address, Kind.PAD, true.numbers["boot"])
            line.step(pad.hear(hello, 0.0), 0.001)
            _, events = line.step(bad, 0.5)
            for event in events:
                if isinstance(event, Pressed):
                    assert (event.boot, event.counter, event.key) == (
                        true.numbers["boot"],
                        true.numbers["counter"],
                        true.numbers["key"],
                    )


def test_no_spoiled_request_makes_a_device_fail_or_press() -> None:
    for kind in Kind:
        for request in REQUESTS:
            for bad in spoiled(encode(request)):
                device = Device(request.address, kind, 7)
                for frame in Decoder().feed(device.hear(bad, 0.0)):
                    assert catalog.BY_TYPE[frame.type].name != "press"


def test_random_bytes_are_never_a_press_and_two_frames_bring_every_receiver_back_in_step() -> None:
    told = feed_noise(NOISE_BYTES, seed=20260302)
    assert told.false_presses == 0
    assert told.worst_frames_to_step <= 2
    assert told.dropped > NOISE_BYTES // 2000


def test_a_receiver_in_any_state_is_in_step_at_the_first_whole_frame() -> None:
    for begun in (b"", bytes((SYNC,)), bytes((SYNC, 24)), bytes((SYNC, 24, 0x7D)), bytes((SYNC, 0x7D))):
        decoder = Decoder()
        decoder.feed(begun)
        assert decoder.feed(encode(EXCHANGE[1])) == [EXCHANGE[1]]
