"""What stands on a ticket, in every language and in a bilingual office."""

from __future__ import annotations

import pytest

from kiosk.ticket_layout import Cut, Item, Qr, Size, Text, expected_wait, people_ahead, ticket_layout
from kiosk.words import all_words, words
from server.sdk.messages import ExpectedWait
from tests.kiosk.builders import STATUS_URL, office, ticket

QUARTER = ExpectedWait(from_minutes=10, to_minutes=25)


def texts(layout: list[Item]) -> list[str]:
    return [item.text for item in layout if isinstance(item, Text)]


def test_a_russian_ticket_says_all_that_a_visitor_needs() -> None:
    assert texts(ticket_layout(office(), ticket(expected_wait=QUARTER), all_words())) == [
        "Заречная энергия",
        "Офис на Заречной",
        "ул. Энергетиков, 12",
        "Ваш номер",
        "А123",
        "Оплата и расчёты",
        "04.03.2025 10:06",
        "Перед вами 3 человека",
        "Ждать 10-25 минут",
        "Ждите в зале у табло",
        "Ваше место в очереди на телефоне:",
        "Горячая линия: 8-800-000-00-00",
        "Действителен сегодня",
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("kk", ["Сіздің нөміріңіз", "Алдыңызда 3 адам", "Бүгін жарамды"]),
     ("en", ["Your number", "3 people before you", "Valid today"])],
)  # fmt: skip
def test_a_ticket_speaks_the_language_of_its_office(language: str, expected: list[str]) -> None:
    shown = texts(ticket_layout(office(ticket_languages=[language]), ticket(), all_words()))
    assert [text for text in shown if text in expected] == expected
    assert "Ваш номер" not in shown


def test_a_bilingual_ticket_has_kazakh_before_russian_at_the_same_size_and_the_number_once() -> None:
    layout = ticket_layout(office(ticket_languages=["kk", "ru"]), ticket(), all_words())
    shown = texts(layout)
    for kazakh, russian in [
        ("Төлем және есеп айырысу", "Оплата и расчёты"),
        ("Алдыңызда 3 адам", "Перед вами 3 человека"),
        ("Бүгін жарамды", "Действителен сегодня"),
    ]:
        assert shown.index(kazakh) < shown.index(russian)
        sizes = {item.size for item in layout if isinstance(item, Text) and item.text in (kazakh, russian)}
        assert len(sizes) == 1
    assert shown.count("А123") == 1


def test_the_number_is_the_only_huge_text_and_the_ticket_ends_with_the_cut() -> None:
    layout = ticket_layout(office(), ticket(), all_words())
    assert [i.text for i in layout if isinstance(i, Text) and i.size is Size.HUGE] == ["А123"]
    assert layout[-1] == Cut()
    assert [item for item in layout if isinstance(item, Qr)] == [Qr(STATUS_URL)]


def test_the_time_is_the_offices_own() -> None:
    shown = texts(ticket_layout(office(timezone="Europe/Moscow"), ticket(), all_words()))
    assert "04.03.2025 08:06" in shown


def test_an_unknown_wait_is_left_out_and_the_first_in_line_is_told_so() -> None:
    shown = texts(ticket_layout(office(), ticket(ahead=0, expected_wait=None), all_words()))
    assert "Перед вами никого нет" in shown
    assert not [text for text in shown if text.startswith("Ждать")]


def test_only_a_demonstration_says_so_on_paper() -> None:
    assert "ДЕМОНСТРАЦИЯ" in texts(ticket_layout(office(demonstration=True), ticket(), all_words()))
    assert "ДЕМОНСТРАЦИЯ" not in texts(ticket_layout(office(), ticket(), all_words()))


@pytest.mark.parametrize(
    ("n", "russian"),
    [(1, "1 человек"), (2, "2 человека"), (5, "5 человек"), (11, "11 человек"), (12, "12 человек"),
     (21, "21 человек"), (22, "22 человека"), (111, "111 человек"), (122, "122 человека")],
)  # fmt: skip
def test_russian_counts_people_right_and_kazakh_has_no_plural(n: int, russian: str) -> None:
    assert people_ahead(words("ru"), n) == f"Перед вами {russian}"
    assert people_ahead(words("kk"), n) == f"Алдыңызда {n} адам"


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [(10, 25, "Ждать 10-25 минут"), (1, 2, "Ждать 1-2 минуты"), (4, 21, "Ждать 4-21 минуту"),
     (5, 11, "Ждать 5-11 минут"), (0, 1, "Ждать до 1 минуты"), (0, 5, "Ждать до 5 минут"),
     (0, 21, "Ждать до 21 минуты"), (0, 2, "Ждать до 2 минут"), (5, 5, "Ждать около 5 минут"),
     (1, 1, "Ждать около 1 минуты")],
)  # fmt: skip
def test_a_range_of_minutes_stands_in_the_case_and_number_of_its_last_number(
    least: int, most: int, text: str
) -> None:
    assert expected_wait(words("ru"), ExpectedWait(from_minutes=least, to_minutes=most)) == text


@pytest.mark.parametrize(
    ("language", "range_", "up_to", "about"),
    [("kk", "Күту 10-25 минут", "Күту 5 минутқа дейін", "Күту шамамен 5 минут"),
     ("en", "Wait 10-25 minutes", "Wait up to 5 minutes", "Wait about 5 minutes")],
)  # fmt: skip
def test_the_wait_is_told_in_kazakh_and_english_too(
    language: str, range_: str, up_to: str, about: str
) -> None:
    cases = [(10, 25, range_), (0, 5, up_to), (5, 5, about)]
    for least, most, text in cases:
        assert expected_wait(words(language), ExpectedWait(from_minutes=least, to_minutes=most)) == text
