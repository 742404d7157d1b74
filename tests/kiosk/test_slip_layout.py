"""Papers beside the ticket: a booking's slip and a service's information, by the same path to paper."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.escpos_codec import Line, Picture, read_ticket
from kiosk.printer_profile import PROFILES
from kiosk.rendering import render
from kiosk.slip_layout import Registration, information_layout, registration_layout
from kiosk.ticket_layout import Cut, Item, Qr, Size, Text
from kiosk.ticket_template import TemplateLine, TicketTemplate
from kiosk.words import all_words
from tests.kiosk.builders import office, service

BOOKED = Registration(
    "4821", "payments", datetime(2025, 3, 4, 5, 6, tzinfo=UTC), "https://q.example.org/b/k3nq"
)
INFORMATION = {
    "ru": "Срок ответа зависит\nот мощности.\n\nСроки:\n- 10 дней для дома, в котором установлено до 15 кВт "
    "мощности\n- 15 дней\n",
    "kk": "Жауап мерзімі:\n- 10 күн",
}
WIDE = PROFILES["80mm"]


def texts(layout: list[Item]) -> list[str]:
    return [item.text for item in layout if isinstance(item, Text)]


def about(language: str, **changes: object) -> list[Item]:
    known = service(information=INFORMATION, documents={"ru": "- паспорт"}, **changes)
    return information_layout(office(services=[known]), "payments", language, all_words())


def test_a_bookings_slip_tells_when_what_and_the_code_at_the_largest() -> None:
    layout = registration_layout(office(), BOOKED, all_words())
    shown = texts(layout)
    for text in ("Вы записаны", "04.03.2025 10:06", "Оплата и расчёты", "Ваш код"):
        assert text in shown
    assert [item.text for item in layout if isinstance(item, Text) and item.size is Size.HUGE] == ["4821"]
    assert [item for item in layout if isinstance(item, Qr)] == [Qr(BOOKED.url)]
    assert layout[-1] == Cut()


def test_a_bookings_slip_without_an_address_has_no_qr() -> None:
    layout = registration_layout(office(), Registration("4821", "payments", BOOKED.at), all_words())
    assert not [item for item in layout if isinstance(item, Qr)]
    assert "Посмотреть или отменить запись:" not in texts(layout)


def test_information_is_printed_in_the_visitors_language_with_lists_and_documents() -> None:
    shown = texts(about("ru"))
    assert "Срок ответа зависит от мощности." in shown
    assert "- 15 дней" in shown
    assert shown.index("Нужные документы") + 1 == shown.index("- паспорт")
    kazakh = texts(about("kk"))
    assert "- 10 күн" in kazakh
    assert "- паспорт" in kazakh, "what is missing in a language is told in Russian"


def test_information_of_an_unknown_service_is_refused() -> None:
    with pytest.raises(LookupError, match="has no service 'weather'"):
        information_layout(office(), "weather", "ru", all_words())


def test_slips_stand_in_the_templates_frame() -> None:
    template = TicketTemplate(
        header=(TemplateLine(ru="Сверху"),),
        footer=(TemplateLine(ru="Снизу"),),
        fields=("header", "number", "footer"),
    )
    for layout in (
        registration_layout(office(), BOOKED, all_words(), template),
        information_layout(office(), "payments", "ru", all_words(), template),
    ):
        assert (texts(layout)[0], texts(layout)[-1]) == ("Сверху", "Снизу")
        assert "ул. Энергетиков, 12" not in texts(layout)


def test_list_items_hang_under_their_words_from_the_left() -> None:
    printed = read_ticket(render(about("ru"), WIDE), WIDE.code_pages)
    lines = [thing for thing in printed if isinstance(thing, Line) and thing.align == "left"]
    item = next(place for place, line in enumerate(lines) if line.text.startswith("- 10 дней"))
    assert lines[item + 1].text.startswith("  ")
    assert all(len(line.text) <= WIDE.columns for line in lines)


@pytest.mark.parametrize("family", sorted(PROFILES))
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_slips_fit_every_paper_in_every_language(family: str, language: str) -> None:
    profile = PROFILES[family]
    slip = registration_layout(office(ticket_languages=[language]), BOOKED, all_words())
    for layout in (slip, about(language)):
        for thing in read_ticket(render(layout, profile), profile.code_pages):
            if isinstance(thing, Line):
                assert len(thing.text) * thing.width <= profile.columns
            if isinstance(thing, Picture):
                assert thing.row_bytes * 8 * thing.scale <= profile.dots


def test_drawn_lines_from_the_left_begin_at_the_same_edge() -> None:
    items = [Text(text, align="left") for text in ("Қағаз", "Құжаттар тізімі", "Қ")]
    printed = read_ticket(render(items, WIDE), WIDE.code_pages)
    pictures = [thing for thing in printed if isinstance(thing, Picture)]
    # The left upright of a capital: every row of these begins in the first byte, none in a later one.
    firsts = [{one.data[at] for at in range(0, len(one.data), one.row_bytes)} - {0} for one in pictures]
    assert len(firsts) == 3
    edges = {max(first).bit_length() for first in firsts}
    assert len(edges) == 1
