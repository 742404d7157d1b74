"""A printer with a mouth: whose ticket hangs in it is told; and the page that is to load itself anew."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.kiosk_page.states import small_office
from tests.kiosk.kiosk_page.stub_program import StubProgram
from tests.kiosk.kiosk_page.walk import SCREENS, button, main_button, press, title

pytestmark = pytest.mark.browser
LEFT = "В принтере лежит талон. Если он ваш, возьмите его"


def test_a_ticket_left_in_the_mouth_is_told_on_every_screen_but_that_of_the_new_one(
    program: StubProgram, page: Page
) -> None:
    program.state |= {"ticket_in_mouth": True}
    SCREENS["confirm"](page, program)
    expect(page.get_by_text(LEFT)).to_be_visible()
    main_button(page)
    expect(page.locator(".paper")).to_have_text("Возьмите талон")
    expect(page.get_by_text(LEFT)).to_be_hidden()
    program.state = program.state | {"ticket_in_mouth": False}
    button(page, "Готово").click()
    expect(title(page)).to_have_text("Что вам нужно?")
    expect(page.get_by_text(LEFT)).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", "Возьмите талон с номером А101: второй талон в принтере не ваш"),
     ("kk", "Нөмірі А101 талонды алыңыз: принтердегі екінші талон сіздікі емес"),
     ("en", "Take the ticket with the number А101: the other one in the printer is not yours")],
)  # fmt: skip
def test_a_former_ticket_beside_the_new_one_is_told_with_the_number_to_take(
    program: StubProgram, page: Page, language: str, said: str
) -> None:
    program.former_in_mouth = True
    SCREENS["confirm"](page, program)
    press(page, language)
    main_button(page)
    expect(page.locator(".paper")).to_have_text(said)
    expect(page.locator(".phone")).to_be_hidden()


def test_the_words_stay_while_the_ticket_hangs_in_the_mouth(program: StubProgram, page: Page) -> None:
    page.clock.install()
    program.state |= {"ticket_in_mouth": True}
    SCREENS["confirm"](page, program)
    main_button(page)
    expect(page.locator(".paper")).to_have_text("Возьмите талон")
    page.clock.run_for(301_000)
    expect(page.locator(".paper")).to_have_text("Возьмите талон")
    # Once more as long, and then home: a ticket nobody takes must not keep the next visitor waiting.
    page.clock.run_for(300_000)
    expect(title(page)).to_have_text("Что вам нужно?")
    assert len(program.asked_for("/take")) == 1


def test_the_page_loads_itself_anew_when_wanted_and_nobody_uses_it(program: StubProgram, page: Page) -> None:
    program.show(small_office())
    page.goto(program.url)
    press(page, "meters")
    page.evaluate("window.old = true")
    program.state = program.state | {"page": "1-1", "ticket_in_mouth": True}
    expect(page.get_by_text(LEFT)).to_be_visible()  # the page has heard of it
    with page.expect_response("**/state"):
        pass
    assert page.evaluate("window.old"), "a visitor is at the terminal"
    with page.expect_event("load"):
        button(page, "Назад").click()
    expect(title(page)).to_have_text("Что вам нужно?")
    page.evaluate("window.old = true")
    program.state = program.state | {"ticket_in_mouth": False}
    expect(page.get_by_text(LEFT)).to_be_hidden()
    with page.expect_response("**/state"):
        pass
    assert page.evaluate("window.old"), "once is enough"
