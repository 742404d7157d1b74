"""Frames come out whole, or not at all, whatever happens to the bytes."""

from __future__ import annotations

import random

import pytest

from firmware_bridge.frame import ESCAPE, MAX_PAYLOAD, MAX_WIRE, SYNC, Decoder, Frame, crc, encode

EXCHANGE = [
    Frame(1, 1, 0x01, bytes((1, 1, 0))),
    Frame(1, 1, 0x81, bytes(range(15))),
    Frame(32, 0x7E, 0x10, b"\x02\x7d\x7e" + "А123".encode()),
    Frame(1, 0, 0x83, bytes((0, 0x2A, 0, 7, 0, 0, 0, 0x7D, 5, 0, 0, 0, 3))),
    Frame(1, 3, 0x02),
]
WIRE = b"".join(encode(frame) for frame in EXCHANGE)


def test_the_crc_has_its_published_check_value() -> None:
    assert crc(b"123456789") == 0x29B1


def test_frames_fed_at_once_or_byte_by_byte_come_out_the_same() -> None:
    at_once, by_byte = Decoder(), Decoder()
    assert at_once.feed(WIRE) == EXCHANGE
    assert [frame for byte in WIRE for frame in by_byte.feed(bytes((byte,)))] == EXCHANGE
    assert at_once.counters == by_byte.counters
    assert at_once.counters.frames == len(EXCHANGE)
    assert at_once.counters.bad == 0


def test_a_frame_comes_out_with_its_last_byte_not_later() -> None:
    decoder = Decoder()
    wire = encode(EXCHANGE[2])
    assert decoder.feed(wire[:-1]) == []
    assert decoder.feed(wire[-1:]) == [EXCHANGE[2]]


def test_the_sync_never_stands_inside_a_frame_and_no_frame_is_longer_than_promised() -> None:
    longest = encode(Frame(0x7E, 0x7E, 0x7D, bytes((SYNC, ESCAPE)) * (MAX_PAYLOAD // 2)))
    assert SYNC not in longest[1:]
    assert len(longest) <= MAX_WIRE < 64
    assert Decoder().feed(longest) == [
        Frame(0x7E, 0x7E, 0x7D, bytes((SYNC, ESCAPE)) * (MAX_PAYLOAD // 2)),
    ]


def test_a_payload_too_long_is_refused_at_the_sender() -> None:
    with pytest.raises(ValueError, match="at most 24"):
        encode(Frame(1, 1, 1, bytes(MAX_PAYLOAD + 1)))


@pytest.mark.parametrize("cut", range(1, len(encode(EXCHANGE[1]))))
def test_a_cut_frame_is_dropped_and_the_next_one_comes_out(cut: int) -> None:
    decoder = Decoder()
    assert decoder.feed(encode(EXCHANGE[1])[:cut]) == []
    assert decoder.feed(encode(EXCHANGE[3])) == [EXCHANGE[3]]


@pytest.mark.parametrize("place", range(len(WIRE)))
def test_one_corrupted_byte_costs_one_frame_at_most_and_invents_none(place: int) -> None:
    for value in range(256):
        if value == WIRE[place]:
            continue
        spoiled = WIRE[:place] + bytes((value,)) + WIRE[place + 1 :]
        came = Decoder().feed(spoiled)
        assert [frame for frame in came if frame not in EXCHANGE] == []
        assert len(came) >= len(EXCHANGE) - 1


@pytest.mark.parametrize("place", range(len(WIRE)))
def test_a_byte_lost_or_doubled_costs_one_frame_at_most(place: int) -> None:
    for spoiled in (WIRE[:place] + WIRE[place + 1 :], WIRE[:place] + WIRE[place : place + 1] + WIRE[place:]):
        came = Decoder().feed(spoiled)
        assert [frame for frame in came if frame not in EXCHANGE] == []
        assert len(came) >= len(EXCHANGE) - 1


def test_a_doubled_frame_comes_out_twice_and_merged_chunks_do_not_matter() -> None:
    decoder = Decoder()
    first = encode(EXCHANGE[0])
    assert decoder.feed(first + first + first[:3]) == [EXCHANGE[0], EXCHANGE[0]]
    assert decoder.feed(first[3:] + encode(EXCHANGE[4])) == [EXCHANGE[0], EXCHANGE[4]]


@pytest.mark.parametrize(
    "garbage",
    [b"\x00\xff" * 40, b"hello", b"\x7e", b"\x7e\x18", b"\x7d", b"\x7e\x7d"],
    ids=["line noise", "text", "a sync", "a false head", "an escape", "sync and escape"],
)
def test_garbage_between_frames_costs_none_of_them(garbage: bytes) -> None:
    decoder = Decoder()
    for frame in EXCHANGE:
        assert decoder.feed(garbage + encode(frame)) == [frame]


def test_each_fault_is_counted_as_what_it_is() -> None:
    decoder = Decoder()
    whole = encode(EXCHANGE[4])
    decoder.feed(b"abc" + bytes((SYNC, 25)) + bytes((SYNC, ESCAPE, 1)) + whole[:3] + whole[:-1] + b"\x00")
    seen = decoder.counters
    assert (seen.noise, seen.bad_length, seen.bad_escape, seen.cut, seen.bad_crc) == (3, 1, 1, 1, 1)
    assert seen.bad == 4


def test_random_bytes_raise_nothing_and_the_next_two_frames_bring_it_back() -> None:
    chance = random.Random(20260302)
    decoder = Decoder()
    for _ in range(300):
        decoder.feed(chance.randbytes(1000))
        came = decoder.feed(encode(EXCHANGE[0]) + encode(EXCHANGE[1]))
        assert came[-1] == EXCHANGE[1]
    assert decoder.counters.bad > 500
