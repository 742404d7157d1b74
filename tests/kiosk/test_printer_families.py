"""Every family of printers in every language: what is read back from the bytes, and how many they are."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from kiosk.config import PrinterSettings
from kiosk.escpos_codec import Knife, Line, Mouth, Picture, QrCode, read_ticket
from kiosk.preview_printer import draw
from kiosk.printer_profile import PROFILES
from kiosk.rendering import render
from kiosk.ticket_layout import Text, ticket_layout
from kiosk.ticket_template import TicketTemplate, load_template
from kiosk.words import all_words
from tests.kiosk.builders import STATUS_URL, office, service, ticket

LANGUAGES = [["ru"], ["kk"], ["en"], ["kk", "ru"]]
FAMILIES = sorted(PROFILES)
SECOND = 11520
"""Bytes a line of 115200 baud carries in a second: eight bits, a start and a stop bit each."""
LONG = {
    "ru": "Технологическое присоединение к электрическим сетям",
    "kk": "Электр желілеріне технологиялық қосылу",
    "en": "Connection to the electricity grid",
}
EXAMPLE = Path(__file__).parents[2] / "deploy" / "ticket-template.toml"


@pytest.fixture
def full_template(tmp_path: Path) -> TicketTemplate:
    """The example's lines above and below, and a logo as large as it may be."""
    image = Image.new("L", (600, 150), 255)
    ImageDraw.Draw(image).ellipse((10, 10, 590, 140), outline=0, fill=128, width=9)
    image.save(tmp_path / "logo.png")
    path = tmp_path / "template.toml"
    path.write_text('logo = "logo.png"\n' + EXAMPLE.read_text("utf-8"), "utf-8")
    return load_template(path)


def job(languages: list[str], family: str, template: TicketTemplate) -> bytes:
    info = office(ticket_languages=languages, services=[service(name=LONG)])
    wait = {"from_minutes": 110, "to_minutes": 120}
    layout = ticket_layout(info, ticket(ahead=122, expected_wait=wait), all_words(), template)
    return render(layout, PROFILES[family])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("languages", LANGUAGES)
def test_the_ticket_is_read_back_whole_and_its_qr_from_the_paper(
    tmp_path: Path, full_template: TicketTemplate, family: str, languages: list[str]
) -> None:
    profile = PROFILES[family]
    data = job(languages, family, full_template)
    printed = read_ticket(data, profile.code_pages)
    assert [thing for thing in printed if isinstance(thing, QrCode)] != [] or not profile.native_qr
    for thing in printed:
        if isinstance(thing, Line):
            assert len(thing.text) * thing.width <= profile.columns
        if isinstance(thing, Picture):
            assert thing.row_bytes * 8 * thing.scale <= profile.dots
    draw(data, profile, tmp_path / "ticket.png")
    with Image.open(tmp_path / "ticket.png") as image:
        codes = zxingcpp.read_barcodes(image)
    assert [code.text for code in codes] == [STATUS_URL]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_ticket_with_logo_and_long_names_leaves_a_serial_line_in_time(
    full_template: TicketTemplate, family: str
) -> None:
    assert len(job(["ru"], family, full_template)) <= 1.5 * SECOND
    assert len(job(["en"], family, full_template)) <= 1.5 * SECOND
    assert len(job(["kk"], family, full_template)) <= 3 * SECOND
    assert len(job(["kk", "ru"], family, full_template)) <= 3 * SECOND


def test_a_custom_printer_cuts_off_and_hands_out_and_an_epson_only_cuts() -> None:
    custom, epson = PROFILES["custom-80mm"], PROFILES["80mm"]
    data = job(["ru"], "custom-80mm", TicketTemplate())
    assert data.endswith(bytes.fromhex("1b 69 1d 65 03 0c"))
    assert read_ticket(data, custom.code_pages)[-2:] == [Knife(), Mouth(3)]
    assert job(["ru"], "80mm", TicketTemplate()).endswith(epson.cut)


def test_an_installers_steps_and_what_happens_to_a_left_ticket_are_settings() -> None:
    settings = PrinterSettings(profile="custom-80mm", present_steps=60, left_ticket="retract")
    presenter = settings.printer_profile().presenter
    assert presenter is not None
    assert presenter.present == bytes.fromhex("1d 65 03 3c")
    assert settings.clear_mouth() == bytes.fromhex("1d 65 02")
    assert PrinterSettings(profile="custom-58mm", left_ticket="eject").clear_mouth() == b"\x1de\x05"
    assert PrinterSettings(profile="custom-58mm").clear_mouth() == b""
    assert PrinterSettings().clear_mouth() == b""


def test_a_word_is_not_split_while_a_line_holds_it() -> None:
    profile = PROFILES["80mm"]
    data = render([Text("Технологиялык косылу", bold=True)], profile)
    assert [thing.text for thing in read_ticket(data, profile.code_pages) if isinstance(thing, Line)] == [
        "Технологиялык косылу"
    ]
    narrow = PROFILES["58mm"]
    data = render([Text("Электроснабжение по временной схеме")], narrow)
    lines = [thing.text for thing in read_ticket(data, narrow.code_pages) if isinstance(thing, Line)]
    assert lines == ["Электроснабжение", "по временной схеме"]
