"""The bytes a printer gets: letters, pictures of letters, the number, the QR code read from the drawing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.drawing import text_dots
from kiosk.escpos_codec import Knife, Line, Picture, QrCode, read_ticket
from kiosk.preview_printer import draw
from kiosk.printer_profile import PROFILES, PrinterProfile
from kiosk.rendering import render, wrap
from kiosk.ticket_layout import Size, Text, ticket_layout
from kiosk.words import all_words
from server.sdk.messages import ExpectedWait
from tests.kiosk.builders import STATUS_URL, office, ticket

WIDE, NARROW = PROFILES["80mm"], PROFILES["58mm"]
LANGUAGES = [["ru"], ["kk"], ["en"], ["kk", "ru"]]


def ticket_bytes(languages: list[str], profile: PrinterProfile = WIDE, **changes: object) -> bytes:
    info = office(ticket_languages=languages)
    issued = ticket(**{"expected_wait": ExpectedWait(from_minutes=100, to_minutes=120), **changes})
    return render(ticket_layout(info, issued, all_words()), profile)


def lines(data: bytes, profile: PrinterProfile = WIDE) -> list[str]:
    return [thing.text for thing in read_ticket(data, profile.code_pages) if isinstance(thing, Line)]


def test_russian_goes_as_native_letters_of_the_printers_own_page() -> None:
    data = ticket_bytes(["ru"])
    assert data.startswith(bytes.fromhex("1b 40 1b 74 11"))
    assert "Перед вами 3 человека" in lines(data)
    assert "Оплата и расчёты" in lines(data)


@pytest.mark.parametrize(
    ("language", "text"), [("ru", "Ждать 100-120 минут"), ("en", "Wait 100-120 minutes")]
)
def test_the_range_of_the_wait_goes_as_native_letters_in_one_line(language: str, text: str) -> None:
    assert text in lines(ticket_bytes([language]))


def test_the_page_number_is_the_makers() -> None:
    star = replace(WIDE, code_page=10)
    data = ticket_bytes(["ru"], star)
    assert bytes.fromhex("1b 74 0a") in data
    assert "Действителен сегодня" in lines(data, star)


def test_kazakh_letters_and_typographic_quotes_never_go_as_native_text() -> None:
    data = ticket_bytes(["kk", "ru"])
    native = "".join(lines(data))
    assert not set("ӘәҒғҚқҢңӨөҰұҮүҺһІі«»—–") & set(native)
    assert "Перед вами 3 человека" in native
    quoted = render([Text("Офис «Заречный»")], WIDE)
    assert lines(quoted) == []
    assert [type(thing) for thing in read_ticket(quoted, {17: "cp866"})].count(Picture) == 1


@pytest.mark.parametrize("letter", list("ӘәҒғҚқҢңӨөҰұҮүҺһІі№«»—₸"))
def test_every_kazakh_letter_is_drawn_and_not_as_an_empty_box(letter: str) -> None:
    box = text_dots("\U000f1234", 32, False, 576)
    assert text_dots(letter, 32, False, 576).data != box.data


def test_a_kazakh_letter_is_not_its_russian_neighbour() -> None:
    for kazakh, russian in zip("ҚҒҢӨҰҮ", "КГНОУУ", strict=True):
        assert text_dots(kazakh, 44, True, 576) != text_dots(russian, 44, True, 576)


@pytest.mark.parametrize("profile", [WIDE, NARROW])
@pytest.mark.parametrize("number", ["А1", "А123", "АБ1234"])
def test_the_number_is_as_large_as_the_paper_lets(profile: PrinterProfile, number: str) -> None:
    data = ticket_bytes(["ru"], profile, number=number)
    pictures = [thing for thing in read_ticket(data, profile.code_pages) if isinstance(thing, Picture)]
    biggest = max(pictures, key=lambda picture: picture.height)
    width = biggest.row_bytes * 8 * biggest.scale
    assert width <= profile.dots
    assert biggest.height >= 190 or width >= profile.dots - 32
    others = [picture.height for picture in pictures if picture is not biggest]
    assert biggest.height > 2 * max(others)


@pytest.mark.parametrize(
    "profile", [WIDE, NARROW, replace(WIDE, native_qr=False), replace(WIDE, code_page=None)]
)
@pytest.mark.parametrize("languages", LANGUAGES)
def test_the_qr_is_read_from_the_drawn_ticket(
    tmp_path: Path, profile: PrinterProfile, languages: list[str]
) -> None:
    path = tmp_path / "ticket.png"
    draw(ticket_bytes(languages, profile), profile, path)
    with Image.open(path) as image:
        assert image.width == profile.dots + 64
        codes = zxingcpp.read_barcodes(image)
    assert [code.text for code in codes] == [STATUS_URL]


def test_a_printer_with_its_own_qr_gets_the_command_and_another_a_picture() -> None:
    def codes(profile: PrinterProfile) -> list[str]:
        things = read_ticket(ticket_bytes(["ru"], profile), profile.code_pages)
        return [thing.data for thing in things if isinstance(thing, QrCode)]

    assert codes(WIDE) == [STATUS_URL]
    assert codes(replace(WIDE, native_qr=False)) == []


def test_without_a_code_page_everything_is_drawn() -> None:
    assert lines(ticket_bytes(["ru"], replace(WIDE, code_page=None)), replace(WIDE, code_page=None)) == []


@pytest.mark.parametrize("languages", LANGUAGES)
@pytest.mark.parametrize("profile", [WIDE, NARROW])
def test_nothing_is_wider_than_the_paper(languages: list[str], profile: PrinterProfile) -> None:
    for thing in read_ticket(ticket_bytes(languages, profile), profile.code_pages):
        if isinstance(thing, Line):
            assert len(thing.text) * thing.width <= profile.columns
        if isinstance(thing, Picture):
            assert thing.row_bytes * 8 * thing.scale <= profile.dots


def test_a_printer_without_a_knife_gets_paper_to_tear() -> None:
    bare = replace(WIDE, knife=False)
    assert Knife() not in read_ticket(ticket_bytes(["ru"], bare), bare.code_pages)
    assert read_ticket(ticket_bytes(["ru"]), WIDE.code_pages)[-1] == Knife()


def test_control_characters_in_a_name_are_no_commands() -> None:
    data = render([Text("Касса\x1b@\x1dV\x00\nзал")], WIDE)
    assert lines(data) == ["Касса @ V зал"]


def test_a_ticket_is_short_enough_for_a_serial_printer() -> None:
    # 115200 baud carries 11 520 bytes a second: 1.5 s in Russian, 3 s in a bilingual office.
    assert len(ticket_bytes(["ru"])) <= 1.5 * 11520
    assert len(ticket_bytes(["kk", "ru"])) <= 3 * 11520


def test_lines_are_broken_at_spaces_evenly_and_a_word_too_long_is_split() -> None:
    assert wrap("Ожидайте в зале, следите за табло", 24, len) == ["Ожидайте в зале,", "следите за табло"]
    assert wrap("Электроэнергия", 8, len) == ["Электро", "энергия"]
    assert wrap("", 8, len) == []
    assert wrap("два слова", 48, len) == ["два слова"]


def test_sizes_grow_in_order() -> None:
    heights = []
    for size in (Size.SMALL, Size.MEDIUM, Size.LARGE, Size.HUGE):
        things = read_ticket(render([Text("Қ12", size)], WIDE), WIDE.code_pages)
        heights.append(max(thing.height for thing in things if isinstance(thing, Picture)))
    assert heights == sorted(set(heights))
