"""Booked visitors, the code scanner, and the touch page worked by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.kiosk_page.states import large_office, small_office
from tests.kiosk.kiosk_page.stub_program import StubProgram
from tests.kiosk.kiosk_page.walk import SCREENS, button, keys, main_button, press, scan, title
from tests.programs import until

pytestmark = pytest.mark.browser


def checked_in(program: StubProgram) -> list[dict[str, str]]:
    """What was asked for check-in, but for the name of the attempt."""
    return [{key: one[key] for key in one if key != "tap"} for one in program.asked_for("/check-in")]


@pytest.fixture
def booking(program: StubProgram, page: Page) -> Page:
    """The screen of those who have a booking."""
    SCREENS["booking"](page, program)
    expect(title(page)).to_have_text("Ваша запись")
    return page


def test_a_typed_code_checks_the_visitor_in(program: StubProgram, booking: Page) -> None:
    expect(button(booking, "Отметиться")).to_be_disabled()
    for digit in "4829130":
        booking.locator("main .key").get_by_text(digit, exact=True).click()
    button(booking, "Отметиться").click()
    expect(booking.locator(".big-number")).to_have_text("П007")
    assert checked_in(program) == [{"code": "482913", "language": "ru"}]


def test_the_last_digits_of_the_phone_do_too(program: StubProgram, booking: Page) -> None:
    button(booking, "Номер телефона").click()
    for key in "12":
        booking.locator("main .key").get_by_text(key, exact=True).click()
    button(booking, "^Стереть$").click()
    booking.keyboard.type("345", delay=120)
    booking.keyboard.press("Enter")
    expect(booking.locator(".big-number")).to_have_text("П007")
    assert checked_in(program) == [{"phone_digits": "1345", "language": "ru"}]


def test_a_booking_that_is_not_found_is_told_kindly_and_can_be_tried_again(
    program: StubProgram, booking: Page
) -> None:
    program.refusals["/check-in"] = {"kind": "refused", "text": "Записи с таким кодом на сегодня нет."}
    scan(booking, "000000")
    expect(title(booking)).to_have_text("Запись не найдена")
    expect(booking.get_by_role("main")).to_contain_text("Записи с таким кодом на сегодня нет.")
    button(booking, "Попробовать ещё раз").click()
    expect(title(booking)).to_have_text("Ваша запись")
    expect(booking.locator(".cells")).to_contain_text("Пока ничего не набрано")


@pytest.mark.parametrize("screen", ["home", "search", "confirm", "information", "ticket", "problem"])
@pytest.mark.parametrize("read", ["482913", "https://q.example.kz/b/482913?from=mail", "реезыЖ..й.и.482913"])
def test_a_scanned_booking_checks_in_from_any_screen(
    program: StubProgram, page: Page, screen: str, read: str
) -> None:
    SCREENS[screen](page, program)
    scan(page, read)
    expect(page.locator(".big-number")).to_have_text("П007")
    assert checked_in(program) == [{"code": "482913", "language": "ru"}]


@pytest.mark.parametrize("read", ["garbage", "12345678", "http://q/t/k3nq8w2x5v7z1m4p", "а1b482913c"])
def test_a_code_that_is_no_booking_is_answered_kindly_and_asked_of_nobody(
    program: StubProgram, page: Page, read: str
) -> None:
    SCREENS["home"](page, program)
    scan(page, read)
    expect(title(page)).to_have_text("Этот код не от записи")
    assert program.asked == []
    button(page, "В начало").click()
    expect(title(page)).to_have_text("Что вам нужно?")


def test_an_office_without_bookings_offers_none(program: StubProgram, page: Page) -> None:
    program.show(small_office(bookings=False))
    page.goto(program.url)
    expect(title(page)).to_be_visible()
    expect(button(page, "У меня есть запись")).to_have_count(0)
    scan(page, "482913")
    expect(title(page)).to_have_text("Этот код не от записи")


def test_one_scan_read_twice_checks_in_once(program: StubProgram, page: Page) -> None:
    SCREENS["home"](page, program)
    program.gate.clear()
    scan(page, "482913")
    scan(page, "482913")
    expect(button(page, "Одну минуту")).to_be_visible()
    program.gate.set()
    expect(page.locator(".big-number")).to_have_text("П007")
    assert len(program.asked_for("/check-in")) == 1


def test_digits_of_a_keypad_choose_and_zero_goes_back(program: StubProgram, page: Page) -> None:
    program.show(large_office())
    page.goto(program.url)
    for key, heading in [("1", "Для дома"), ("2", "Показания и счётчики"), ("0", "Для дома")]:
        expect(page.locator("main:not(.settling) h1")).to_be_visible()
        page.keyboard.press(key)
        expect(title(page)).to_have_text(heading)
    expect(page.locator("main:not(.settling) h1")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator("main:not(.settling) h1")).to_have_text("Показания и счётчики")
    page.keyboard.press("1")
    expect(page.locator(".big-number")).to_have_text("А101")


def test_a_digit_pressed_twice_in_haste_chooses_once(program: StubProgram, page: Page) -> None:
    SCREENS["home"](page, program)
    expect(page.locator("main:not(.settling) h1")).to_be_visible()
    keys(page, "1", "1", "1")
    expect(title(page)).to_have_text("Заключить или изменить договор")
    expect(button(page, "Взять талон")).to_be_enabled()
    assert program.asked == []


def test_arrows_and_enter_get_a_ticket_and_the_focus_is_seen(program: StubProgram, page: Page) -> None:
    SCREENS["home"](page, program)
    expect(title(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    focused = page.locator("[data-key=meters]")
    expect(focused).to_be_focused()
    width = focused.evaluate("one => parseFloat(getComputedStyle(one).outlineWidth)")
    assert width >= 6
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Показания и счётчики")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".big-number")).to_have_text("А101")


def test_a_double_tap_while_the_answer_is_awaited_gives_one_ticket(program: StubProgram, page: Page) -> None:
    SCREENS["confirm"](page, program)
    program.gate.clear()
    main_button(page)
    expect(page.get_by_role("main")).to_have_attribute("aria-busy", "true")
    page.evaluate("document.querySelector('main .primary').click()")
    press(page, "kk")  # redraws the screen, and its button with it
    main_button(page)
    until(lambda: len(program.asked_for("/take")) == 2, "the second tap arriving")
    program.gate.set()
    expect(page.locator(".big-number")).to_have_text("А101")
    assert len({body["tap"] for body in program.asked_for("/take")}) == 1


def test_the_administrator_is_asked_for_once_and_the_visitor_comes_back(
    program: StubProgram, page: Page
) -> None:
    SCREENS["confirm"](page, program)
    button(page, "Позвать администратора").click()
    expect(page.locator("body[data-screen=staff]")).to_be_visible()
    assert program.asked == []
    main_button(page)
    expect(title(page)).to_have_text("К вам идут")
    assert program.asked_for("/call-staff") == [{"language": "ru"}]
    button(page, "Назад").click()
    expect(title(page)).to_have_text("Показания и счётчики")


def test_a_call_that_does_not_get_through_says_where_to_go(program: StubProgram, page: Page) -> None:
    program.refusals["/call-staff"] = {"kind": "unreachable", "text": ""}
    SCREENS["staff"](page, program)
    main_button(page)
    expect(page.get_by_role("main")).to_contain_text("Подойдите, пожалуйста, к ближайшему окну")
