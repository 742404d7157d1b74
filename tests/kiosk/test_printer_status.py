"""What a printer answers, byte by byte: every state, silence, garbage, answers that come in parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.printer_status import (
    CURES,
    FULL_STATUS,
    STOPPED,
    UNKNOWN,
    Answers,
    PrinterStatus,
    custom_status,
    epson_status,
    question,
)

IDLE = 0x12


def test_the_questions_are_the_bytes_of_the_manuals() -> None:
    assert [question(n) for n in (1, 4)] == [b"\x10\x04\x01", b"\x10\x04\x04"]
    assert FULL_STATUS == b"\x10\x04\x14"


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, "ready"),
        ({4: 0x1E}, "near_end"),
        ({4: 0x7E}, "paper_out"),
        ({4: 0x72}, "paper_out"),
        ({2: 0x32}, "paper_out"),
        ({2: 0x16}, "cover_open"),
        ({2: 0x36, 4: 0x7E}, "cover_open"),
        ({2: 0x52, 3: 0x1A}, "cutter"),
        ({3: 0x32}, "error"),
        ({3: 0x52}, "error"),
        ({2: 0x52}, "error"),
        ({1: 0x1A}, "offline"),
        ({1: 0x1A, 4: 0x72}, "paper_out"),
        ({4: 0x32}, "ready"),
    ],
)
def test_an_epson_answer_becomes_one_state(changed: dict[int, int], state: str) -> None:
    assert epson_status(dict.fromkeys((1, 2, 3, 4), IDLE) | changed) == PrinterStatus(state)


def test_silence_is_unknown_and_never_paper_out() -> None:
    assert epson_status({}) == UNKNOWN
    assert epson_status({1: IDLE}) == UNKNOWN
    assert epson_status({4: 0x7E}) == UNKNOWN
    assert custom_status(b"") == UNKNOWN


@pytest.mark.parametrize(
    ("answer", "state", "in_mouth"),
    [
        ("10 0f 00 00 00 00", "ready", False),
        ("10 0f 20 00 00 00", "ready", True),
        ("10 0f 04 00 00 00", "near_end", False),
        ("10 0f 24 08 00 00", "near_end", True),
        ("10 0f 05 00 00 00", "paper_out", False),
        ("10 0f 00 02 00 00", "cover_open", False),
        ("10 0f 00 00 40 00", "error", False),
        ("10 0f 00 00 02 00", "ready", False),
        ("10 0f 00 00 00 01", "cutter", False),
        ("10 0f 00 00 00 04", "error", False),
        ("10 0e 01 00 00 00", "unknown", False),
        ("10 0f 01", "unknown", False),
    ],
)
def test_the_full_status_of_a_custom_printer_tells_of_the_ticket_in_the_mouth(
    answer: str, state: str, in_mouth: bool
) -> None:
    assert custom_status(bytes.fromhex(answer)) == PrinterStatus(state, in_mouth)


def test_answers_are_told_apart_by_their_fixed_bits() -> None:
    heard = Answers()
    heard.feed(b"\x11\x13" + b"\x14\x00\x00\x0f" + b"\x12" + b"\x0f" + b"\xff\x80" + b"\x16")
    assert heard.realtime == [0x12, 0x16]
    assert heard.marks == 1


def test_an_automatic_status_that_comes_in_parts_is_not_taken_for_answers() -> None:
    heard = Answers()
    for byte in b"\x14\x00\x00\x0f\x12":
        heard.feed(bytes([byte]))
    assert (heard.realtime, heard.marks) == ([0x12], 0)


def test_a_full_status_is_found_whole_after_noise() -> None:
    heard = Answers("custom")
    for byte in b"\x13\x10\x99\x10\x0f\x20\x00\x00\x00":
        heard.feed(bytes([byte]))
    assert custom_status(heard.full) == PrinterStatus("ready", ticket_in_mouth=True)


@given(st.binary(max_size=60), st.sampled_from(["epson", "custom"]))
def test_garbage_never_breaks_the_reading(data: bytes, language: str) -> None:
    heard = Answers(language)
    heard.feed(data)
    assert all(byte & 0x93 == 0x12 for byte in heard.realtime)
    assert custom_status(heard.full).state in {"ready", *CURES}


def test_every_state_but_ready_has_its_cure() -> None:
    assert set(CURES) >= STOPPED
    assert all(":" in cure for cure in CURES.values())
