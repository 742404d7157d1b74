"""Services of every state on the touch page: groups, search, memos, what is closed and why."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.kiosk_page.states import CATEGORIES, large_office, small_office
from tests.kiosk.kiosk_page.stub_program import StubProgram
from tests.kiosk.kiosk_page.walk import button, keys, main_button, press, title

pytestmark = pytest.mark.browser


def opened(page: Page, program: StubProgram, large: bool = False, **changes: Any) -> None:
    """The first screen of a small or a large office."""
    program.show((large_office if large else small_office)(**changes))
    page.goto(program.url)
    expect(title(page)).to_have_text("Что вам нужно?")


def test_three_touches_through_a_group_give_a_ticket(program: StubProgram, page: Page) -> None:
    opened(page, program, large=True)
    expect(page.locator(".service")).to_have_count(4)
    expect(page.locator("[data-key=group-home]")).to_contain_text("5 услуг")
    press(page, "group-home")
    press(page, "meters")
    expect(
        page.get_by_role("main").get_by_text("Перед вами 3 человека, ждать 10–25 минут. Взять талон?")
    ).to_be_visible()
    main_button(page)
    expect(page.locator(".big-number")).to_have_text("А101")


def test_the_right_to_be_served_first_is_a_third_touch_behind_a_group_too(
    program: StubProgram, page: Page
) -> None:
    opened(page, program, large=True)
    press(page, "group-home")
    press(page, "meters")
    press(page, "right-1")
    expect(page.locator(".big-number")).to_have_text("А101")
    assert program.asked_for("/take")[0]["category"] == CATEGORIES[1].code
    expect(page.get_by_role("main")).not_to_contain_text("Ветеран")


def test_an_office_of_eight_services_shows_them_without_groups_and_search(
    program: StubProgram, page: Page
) -> None:
    opened(page, program, groups=large_office().groups)
    expect(page.locator(".service")).to_have_count(5)
    expect(button(page, "Найти услугу")).to_have_count(0)
    expect(page.get_by_text("Скрытая")).to_have_count(0)


def test_a_closed_service_says_why_and_when_and_gives_no_ticket(program: StubProgram, page: Page) -> None:
    opened(page, program)
    closed = page.locator("[data-key=connection]")
    expect(closed).to_contain_text("Специалист в отпуске. Откроется 05.12")
    expect(closed).to_have_css("border-style", "dashed")
    closed.click()
    expect(page.get_by_role("main")).to_contain_text("Откроется 05.12")
    expect(button(page, "Взять талон")).to_have_count(0)
    button(page, "В начало").click()
    expect(title(page)).to_have_text("Что вам нужно?")


def test_a_service_by_booking_only_leads_to_the_booking(program: StubProgram, page: Page) -> None:
    opened(page, program)
    expect(page.locator("[data-key=head]")).to_contain_text("Только по записи")
    press(page, "head")
    button(page, "У меня есть запись").click()
    expect(title(page)).to_have_text("Ваша запись")


def test_a_memo_is_read_by_buttons_and_printed(program: StubProgram, page: Page) -> None:
    opened(page, program)
    press(page, "memo")
    reading = page.get_by_role("region", name="Памятка")
    expect(reading.locator("p")).to_have_count(12)
    expect(button(page, "Взять талон")).to_have_count(0)
    button(page, "Вниз").click()
    expect(reading).not_to_have_js_property("scrollTop", 0)
    button(page, "Напечатать").click()
    expect(page.get_by_text("Возьмите листок")).to_be_visible()
    assert program.asked_for("/print-information") == [{"service": "memo", "language": "ru"}]


def test_a_memo_that_was_not_printed_says_so(program: StubProgram, page: Page) -> None:
    program.job = "failed"
    opened(page, program)
    press(page, "memo")
    button(page, "Напечатать").click()
    expect(page.get_by_text("Можно сфотографировать экран")).to_be_visible()


def test_what_to_bring_can_be_read_before_the_ticket_is_taken(program: StubProgram, page: Page) -> None:
    opened(page, program)
    press(page, "contract")
    button(page, "Что взять с собой").click()
    expect(page.get_by_role("listitem")).to_have_text(
        ["паспорт", "выписка из ЕГРН или договор купли-продажи", "акт допуска прибора учёта"]
    )
    button(page, "Напечатать").click()
    expect(page.get_by_text("Возьмите листок")).to_be_visible()
    button(page, "Взять талон").click()
    expect(page.locator(".big-number")).to_have_text("А101")


@pytest.mark.parametrize(
    ("language", "letters", "found"),
    [("ru", "показ", "meters"), ("kk", "есеп", "meters"), ("en", "contr", "contract"),
     ("ru", "квитанция3", "firm-3")],
)  # fmt: skip
def test_a_service_is_found_by_the_first_letters_of_its_name_or_keywords(
    program: StubProgram, page: Page, language: str, letters: str, found: str
) -> None:
    opened(page, program, large=True)
    press(page, language)
    page.locator("[data-way=search]").click()
    for letter in letters:
        key = page.locator("main .key").get_by_text(letter, exact=True)
        if key.count():
            key.click()
        else:
            page.keyboard.press(letter)
    expect(page.locator(".field")).to_have_value(letters)
    expect(page.locator(".service").first).to_have_attribute("data-key", found)


def test_kazakh_is_found_without_kazakh_letters_and_nothing_found_says_so(
    program: StubProgram, page: Page
) -> None:
    opened(page, program, large=True)
    page.locator("[data-way=search]").click()
    keys(page, *"желиге косылу")
    expect(page.locator(".service")).to_have_count(1)
    expect(page.locator(".service")).to_have_attribute("data-key", "connection")
    keys(page, *"ъъ")
    expect(page.get_by_text("Ничего не нашлось")).to_be_visible()
    button(page, "Стереть всё").click()
    expect(page.locator(".field")).to_have_value("")


def test_coming_back_from_a_service_finds_the_search_as_it_was(program: StubProgram, page: Page) -> None:
    opened(page, program, large=True)
    page.locator("[data-way=search]").click()
    keys(page, *"жалоба")
    expect(page.locator(".service")).to_have_count(1)
    press(page, "complaint")
    button(page, "Назад").click()
    expect(page.locator(".field")).to_have_value("жалоба")


def test_a_service_that_closes_meanwhile_takes_its_button_back(program: StubProgram, page: Page) -> None:
    opened(page, program)
    press(page, "meters")
    office = small_office()
    office.services[1].state = "closed"
    program.show(office)
    expect(title(page)).to_have_text("По этой услуге сейчас не принимают")
    expect(button(page, "Взять талон")).to_have_count(0)


def test_without_the_queue_tickets_are_given_and_nobody_is_counted(program: StubProgram, page: Page) -> None:
    program.state = program.state | {"offline": True}
    opened(page, program)
    expect(page.get_by_text("Связи с очередью нет, талоны выдаются как обычно")).to_be_visible()
    expect(page.get_by_text("в очереди,")).to_have_count(0)
    press(page, "meters")
    expect(page.get_by_role("main").get_by_text("Взять талон?")).to_be_visible()
    main_button(page)
    expect(page.locator(".big-number")).to_have_text("А101")
    expect(page.get_by_text("Перед вами")).to_have_count(0)


def test_without_paper_the_number_is_huge_and_its_code_can_be_scanned(
    program: StubProgram, page: Page
) -> None:
    program.state = program.state | {"printer": "paper_out"}
    program.job = "failed"
    opened(page, program)
    press(page, "meters")
    expect(page.get_by_text("Бумаги сейчас нет")).to_be_visible()
    main_button(page)
    expect(page.get_by_text("Запомните или сфотографируйте номер")).to_be_visible()
    expect(page.get_by_role("img", name="QR-код")).to_be_visible()
    size = page.locator(".big-number").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 240


def test_an_office_without_categories_does_not_ask(program: StubProgram, page: Page) -> None:
    opened(page, program, categories=[])
    press(page, "meters")
    expect(button(page, "Взять талон")).to_be_visible()
    expect(button(page, "вне очереди")).to_have_count(0)
