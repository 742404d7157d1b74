"""A template of tickets: order of fields, own lines, logo; every fault of it at once, with its cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from kiosk.escpos_codec import Picture, read_ticket
from kiosk.printer_profile import PROFILES
from kiosk.rendering import render
from kiosk.ticket_layout import Item, Logo, Qr, Rule, Text, ticket_layout
from kiosk.ticket_template import LOGO_HEIGHT, TODAY, TicketTemplate, load_template, usable_template
from kiosk.words import all_words
from server.sdk.settings import SettingsError
from tests.kiosk.builders import office, ticket

EXAMPLE = Path(__file__).parents[2] / "deploy" / "ticket-template.toml"


def layout(template: TicketTemplate, *languages: str) -> list[Item]:
    info = office(ticket_languages=list(languages) or ["ru"])
    wait = {"from_minutes": 10, "to_minutes": 20}
    return ticket_layout(info, ticket(expected_wait=wait), all_words(), template)


def texts(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Text)]


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    path = tmp_path / "logo.png"
    image = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 450, 300), fill="black")
    image.save(path)
    return path


def test_without_a_template_the_ticket_is_todays() -> None:
    assert load_template(None).fields == TODAY
    assert layout(load_template(None)) == layout(TicketTemplate())


def test_the_example_is_valid_and_prints_its_own_lines_in_the_tickets_languages() -> None:
    template = load_template(EXAMPLE)
    assert template.fields == TODAY
    assert texts(layout(template))[0] == "Добро пожаловать!"
    assert texts(layout(template, "kk", "ru"))[:2] == ["Қош келдіңіз!", "Добро пожаловать!"]
    assert texts(layout(template, "en"))[-1] == "Meter readings: use the bot, no queue"


def test_fields_stand_in_the_templates_order_and_what_is_left_out_is_not_printed() -> None:
    items = layout(TicketTemplate(fields=("service", "line", "number", "valid_today")))
    assert texts(items) == ["Оплата и расчёты", "Ваш номер", "А123", "Действителен сегодня"]
    assert [item for item in items if isinstance(item, Rule)] == [Rule()]
    assert not [item for item in items if isinstance(item, Qr)]


def test_the_expected_wait_can_be_left_out_without_the_people_ahead() -> None:
    shown = texts(layout(TicketTemplate(expected_wait=False)))
    assert "Перед вами 3 человека" in shown
    assert not [text for text in shown if text.startswith("Ждать")]


def test_a_demonstration_says_so_whatever_the_template() -> None:
    info = office(demonstration=True)
    items = ticket_layout(info, ticket(), all_words(), TicketTemplate(fields=("number",)))
    assert texts(items)[0] == "ДЕМОНСТРАЦИЯ"


def test_every_fault_of_a_template_is_listed_with_its_cure(tmp_path: Path) -> None:
    path = tmp_path / "template.toml"
    path.write_text(
        'fields = ["number", "weather", "service"]\nheder = []\n'
        'footer = [{ru = "a", de = "b"}, {bold = true}]\n',
        "utf-8",
    )
    with pytest.raises(SettingsError) as error:
        load_template(path)
    faults = "\n".join(error.value.faults)
    assert len(error.value.faults) == 4
    assert "fields.1" in faults
    assert "'weather'" in faults
    assert "'people_ahead'" in faults
    assert "heder: unknown key" in faults
    assert "footer.0.de: unknown key" in faults
    assert "a line needs its text" in faults


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (["service"], 'add "number"'),
        (["number", "status", "status"], "only a line may stand twice, not status"),
    ],
)
def test_a_ticket_has_its_number_and_nothing_twice(tmp_path: Path, fields: list[str], said: str) -> None:
    path = tmp_path / "template.toml"
    path.write_text(f"fields = {fields}", "utf-8")
    with pytest.raises(SettingsError, match=said):
        load_template(path)


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_a_logo_that_cannot_be_read_is_a_fault_of_the_template(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "template.toml"
    path.write_text('logo = "lost.png"', "utf-8")
    if content is not None:
        (tmp_path / "lost.png").write_bytes(content)
    with pytest.raises(SettingsError, match=r"lost\.png is no picture.*give a PNG"):
        load_template(path)


@pytest.mark.parametrize("family", sorted(PROFILES))
def test_the_logo_is_printed_first_within_its_bounds(tmp_path: Path, logo: Path, family: str) -> None:
    path = tmp_path / "template.toml"
    path.write_text('logo = "logo.png"', "utf-8")
    items = layout(load_template(path))
    assert items[0] == Logo(logo)
    profile = PROFILES[family]
    first = next(
        one for one in read_ticket(render(items, profile), profile.code_pages) if isinstance(one, Picture)
    )
    assert first.height in (LOGO_HEIGHT, int(profile.dots * 0.6) // 3)
    assert first.row_bytes * 8 <= profile.dots
    left = sum(row[1] == 0xFF for row in rows(first))
    right = sum(row[-2] == 0xFF for row in rows(first))
    assert (left, right) == (first.height, 0)


def rows(picture: Picture) -> list[bytes]:
    return [
        picture.data[start : start + picture.row_bytes]
        for start in range(0, len(picture.data), picture.row_bytes)
    ]


def test_a_logo_that_vanished_later_is_left_out_and_the_ticket_comes(tmp_path: Path) -> None:
    template = TicketTemplate(logo=tmp_path / "vanished.png")
    profile = PROFILES["80mm"]
    assert read_ticket(render(layout(template), profile), profile.code_pages)


def test_a_faulty_template_leaves_the_usual_ticket_and_names_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "template.toml"
    path.write_text('fields = ["number", "weather"]\nheder = []', "utf-8")
    template, fault = usable_template(path)
    assert template == TicketTemplate()
    assert "'weather'" in fault
    assert "heder: unknown key" in fault
    assert usable_template(EXAMPLE) == (load_template(EXAMPLE), "")
