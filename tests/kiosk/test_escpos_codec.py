"""ESC/POS commands byte by byte, read back, cut short and corrupted."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import escpos_codec as escpos
from kiosk.escpos_codec import Knife, Line, Mouth, Paper, Picture, QrCode, UnreadableBytes, read_ticket

PAGES = {17: "cp866"}
JOB = b"".join(
    [
        escpos.RESET,
        escpos.code_page(17),
        escpos.align("center"),
        escpos.text_size(2, 2),
        escpos.bold(True),
        "Талон №1".encode("cp866") + b"\n",
        escpos.feed_dots(300),
        escpos.raster(2, b"\xff\x00\x0f\xf0"),
        escpos.raster(1, b"\x81", doubled=True),
        escpos.qr("http://example.org/t/1", 6),
        escpos.CUT,
    ]
)


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        (escpos.RESET, "1b 40"),
        (escpos.code_page(17), "1b 74 11"),
        (escpos.align("center"), "1b 61 01"),
        (escpos.text_size(8, 8), "1d 21 77"),
        (escpos.bold(True), "1b 45 01"),
        (escpos.feed_dots(24), "1b 4a 18"),
        (escpos.feed_dots(0), ""),
        (escpos.CUT, "1d 56 42 00"),
        (escpos.TOTAL_CUT, "1b 69"),
        (escpos.presenter(2), "1d 65 02"),
        (escpos.presenter(3, steps=12), "1d 65 03 0c"),
        (escpos.presenter(5), "1d 65 05"),
        (escpos.raster(2, b"\x01\x02\x03\x04"), "1d 76 30 00 02 00 02 00 01 02 03 04"),
        (escpos.raster(1, b"\x81", doubled=True), "1d 76 30 03 01 00 01 00 81"),
        (
            escpos.qr("Q", 6),
            "1d 28 6b 04 00 31 41 32 00 1d 28 6b 03 00 31 43 06 1d 28 6b 03 00 31 45 31 "
            "1d 28 6b 04 00 31 50 30 51 1d 28 6b 03 00 31 51 30",
        ),
    ],
)
def test_commands_are_the_bytes_of_the_printers_manual(command: bytes, wire: str) -> None:
    assert command == bytes.fromhex(wire)


def test_a_job_is_read_back_as_what_paper_shows() -> None:
    assert read_ticket(JOB, PAGES) == [
        Line("Талон №1", 2, 2, True, "center"),
        Paper(255),
        Paper(45),
        Picture(2, b"\xff\x00\x0f\xf0", 1, "center"),
        Picture(1, b"\x81", 2, "center"),
        QrCode("http://example.org/t/1", 6, "M", "center"),
        Knife(),
    ]


def test_a_tall_picture_goes_in_parts_that_a_small_buffer_holds() -> None:
    rows = escpos.MAX_RASTER_ROWS + 3
    parts = read_ticket(escpos.raster(1, b"\xaa" * rows), {})
    assert [part.height for part in parts if isinstance(part, Picture)] == [escpos.MAX_RASTER_ROWS, 3]


def test_a_reset_forgets_size_weight_and_page() -> None:
    with pytest.raises(UnreadableBytes, match="before a code page"):
        read_ticket(JOB + escpos.RESET + b"x\n", PAGES)


@pytest.mark.parametrize("end", range(1, len(JOB)))
def test_a_job_cut_anywhere_is_never_misread(end: int) -> None:
    whole = read_ticket(JOB, PAGES)
    try:
        part = read_ticket(JOB[:end], PAGES)
    except UnreadableBytes:
        return
    assert part == whole[: len(part)]
    assert len(part) < len(whole)


@pytest.mark.parametrize(
    "broken",
    [
        b"\x1b\x99\x01",
        b"\x1bt\x05",
        escpos.code_page(17) + b"text without an end",
        b"text before a page\n",
        b"\x1dv0\x07\x01\x00\x01\x00\xff",
        b"\x1dv0\x00\x00\x00\x01\x00",
        b"\x1d(k\x03\x00\x32\x51\x30",
        b"\x1d(k\x03\x00\x31\x60\x30",
        b"\x1de\x07\x00",
        b"\x1de\x03",
    ],
)
def test_foreign_commands_are_named_not_guessed(broken: bytes) -> None:
    with pytest.raises(UnreadableBytes):
        read_ticket(broken, PAGES)


@given(st.binary(max_size=200))
def test_garbage_is_read_or_refused_but_never_breaks_the_reader(data: bytes) -> None:
    with contextlib.suppress(UnreadableBytes):
        read_ticket(data, PAGES)


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 8"):
        escpos.text_size(9, 1)
    with pytest.raises(ValueError, match="whole rows"):
        escpos.raster(3, b"\x00\x00")
    with pytest.raises(ValueError, match="counted in steps"):
        escpos.presenter(3)


def test_a_custom_printers_end_of_ticket_is_read_back() -> None:
    data = escpos.TOTAL_CUT + escpos.presenter(3, steps=12) + escpos.presenter(5)
    assert read_ticket(data, {}) == [Knife(), Mouth(3), Mouth(5)]
