"""The console's lists: putting aside, calling out of turn, those held and those missed, all by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.console import (
    DESK,
    called,
    held,
    missed,
    open_console,
    press_russian,
    push,
    sent,
    serving,
    settled,
    waiting,
)
from tests.browser_pages.moments import commands, hold_time, whole_size
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser

ROWS = ".line tbody tr"


@pytest.mark.parametrize("visitor", [called(), serving()], ids=["called", "serving"])
def test_a_visitor_is_put_aside_by_three_keys_in_a_russian_layout(
    page: Page, stub: StubServer, visitor: dict[str, Any]
) -> None:
    open_console(page, stub, states.desk(1, state="open", current=visitor))
    after = states.desk(2, state="open", held=[held("A019")])
    stub.answers[f"{DESK}/hold"] = (200, {**visitor, "screen": after})
    press_russian(page, "р", "KeyH")
    expect(page.get_by_role("dialog")).to_contain_text("Отложить A019?")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Отложенные (1)")).to_be_visible()
    assert sent(stub) == [("hold", {"ticket": "id-A019", "reason": "form", "return_in_minutes": None})]


def test_putting_aside_takes_ones_own_reason_and_a_time_of_return(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", current=serving()))
    stub.answers[f"{DESK}/hold"] = (200, states.desk(2, state="open"))
    page.get_by_role("button", name="Отложить").click()
    page.get_by_text("Другое").click()
    page.keyboard.type("Пошёл в кассу, окно 4")
    page.get_by_label("15 мин").check()
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_be_visible()
    assert sent(stub) == [
        ("hold", {"ticket": "id-A019", "reason": "Пошёл в кассу, окно 4", "return_in_minutes": 15})
    ]


def test_without_a_reason_nobody_is_put_aside(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", current=serving()))
    page.keyboard.press("h")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Выберите причину.")).to_be_visible()
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Напишите причину.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert commands(page) == []


def test_a_question_asked_again_at_once_is_still_answered(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", current=serving()))
    stub.answers[f"{DESK}/hold"] = (200, states.desk(2, state="open"))
    page.evaluate(
        """() => {
          const init = {code: 'KeyH', bubbles: true};
          const press = () => document.body.dispatchEvent(new KeyboardEvent('keydown', init));
          press();
          document.querySelector('dialog').close();
          press();
        }"""
    )
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_be_visible()
    assert commands(page) == [f"{DESK}/hold"]


def test_a_question_closes_when_its_visitor_has_gone(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", current=serving()))
    page.keyboard.press("h")
    push(page, states.desk(2, state="open", current={**serving(), "id": "id-A020", "number": "A020"}))
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("alert")).to_contain_text("A019: состояние уже изменилось")
    assert commands(page) == []


def test_the_confirming_button_rests_while_contact_is_lost(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", current=serving()))
    page.keyboard.press("h")
    page.keyboard.press("1")
    page.evaluate("() => window.news.link(false)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Отложить")).to_have_attribute(
        "aria-disabled", "true"
    )
    assert commands(page) == []


def test_a_waiting_visitor_is_called_out_of_turn_with_a_reason(page: Page, stub: StubServer) -> None:
    people = waiting()
    open_console(page, stub, states.desk(1, state="open", waiting=people))
    stub.answers[f"{DESK}/call"] = (200, states.desk(2, state="open", current=called()))
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    expect(page.locator(ROWS).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Вызвать A031 вне очереди?")
    page.keyboard.press("Enter")
    assert commands(page) == []
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.locator(".huge")).to_have_text("A019")
    assert sent(stub) == [("call", {"ticket": "id-A031", "reason": "short"})]


def test_out_of_turn_is_offered_only_for_visitors_of_this_desks_services_and_at_a_free_desk(
    page: Page, stub: StubServer
) -> None:
    people = [*waiting(1), states.ticket("B001", service="contract", place=2)]
    open_console(page, stub, states.desk(1, state="open", waiting=people, mine=[people[0]["id"]]))
    acts = page.locator(f"{ROWS} .row-act:visible")
    page.keyboard.press("m")
    expect(page.locator(ROWS)).to_have_count(2)
    expect(acts).to_have_count(1)
    push(page, states.desk(2, state="open", waiting=people, current=called()))
    expect(acts).to_have_count(0)
    push(page, states.desk(3, state="break", waiting=people))
    expect(acts).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_who_was_sent_to_a_colleague_that_is_away_may_be_called_here_and_the_question_says_so(
    page: Page, stub: StubServer
) -> None:
    people = [states.ticket("A031", to_desk="zarechny-4")]
    stub.gets["offices/zarechny/choices"] = states.choices()
    open_console(page, stub, states.desk(1, state="open", waiting=people, mine=[]))
    stub.answers[f"{DESK}/call"] = (200, states.desk(2, state="open", current=called()))
    page.keyboard.press("m")
    page.keyboard.press("1")
    expect(page.locator(ROWS)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("только: Окно 4")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".huge")).to_have_text("A019")
    assert sent(stub) == [("call", {"ticket": "id-A031", "reason": "documents"})]


def test_somebody_quicker_is_told_in_words_and_the_list_is_right_again(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", held=[held()]))
    stub.answers[f"{DESK}/call"] = (409, {"code": "move_not_allowed", "detail": "Талон A007 уже вызван."})
    page.keyboard.press("2")
    stub.gets[DESK] = states.desk(2, state="open")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Талон A007 уже вызван.")
    expect(page.locator(ROWS)).to_have_count(0)
    expect(page.locator(".empty-line")).to_have_text("Отложенных нет.")
    ((command, body),) = sent(stub)
    assert (command, body) == ("call", {"ticket": "id-A007"})


def test_a_held_visitor_goes_back_to_the_queue_even_while_another_is_served(
    page: Page, stub: StubServer
) -> None:
    people = [held("A007", returns_in=250), held("A008")]
    hold_time(page)
    open_console(page, stub, states.desk(1, state="open", current=serving(), held=people))
    stub.answers[f"{DESK}/return"] = (200, states.desk(2, state="open", current=serving(), held=people[:1]))
    page.keyboard.press("2")
    expect(page.locator(".until")).to_have_text(["4:10"])
    expect(page.locator(ROWS).last).to_contain_text("вручную")
    expect(page.get_by_role("button", name="Вызвать A007")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("End")
    press_russian(page, "ц", "KeyW")
    expect(page.locator(ROWS)).to_have_count(1)
    assert sent(stub) == [("return", {"ticket": "id-A008"})]


def test_a_no_show_is_restored(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", missed=[missed()]))
    back = states.ticket("A005", reason="returned")
    stub.answers[f"{DESK}/restore"] = (200, states.desk(2, state="open", waiting=[back]))
    page.keyboard.press("3")
    expect(page.locator(ROWS)).to_contain_text("10:40")
    page.get_by_role("button", name="Восстановить A005").click()
    expect(page.locator(".empty-line")).to_have_text("Сегодня неявок нет.")
    page.keyboard.press("1")
    expect(page.locator(ROWS)).to_contain_text("вернулся в очередь")
    assert sent(stub) == [("restore", {"ticket": "id-A005"})]


def test_when_the_row_in_hand_leaves_the_next_key_calls_nobody_else(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", held=[held("A007"), held("A008")]))
    page.keyboard.press("2")
    push(page, states.desk(2, state="open", held=[held("A008")]))
    page.keyboard.press("Enter")
    page.keyboard.press("w")
    page.keyboard.press("ArrowDown")
    expect(page.locator(ROWS)).to_be_focused()
    assert commands(page) == []


def test_a_row_that_has_just_moved_under_the_pointer_rests(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", held=[held("A007"), held("A008")]))
    page.keyboard.press("2")
    page.evaluate(
        """view => {
          window.news.push('desk:zarechny-1', view);
          document.querySelector('.row-act').click();
        }""",
        states.desk(2, state="open", held=[held("A008")]),
    )
    expect(page.get_by_role("button", name="Вызвать A008")).to_have_attribute("aria-disabled", "false")
    assert commands(page) == []


def test_the_focus_stays_with_the_visitor_while_the_queue_changes(page: Page, stub: StubServer) -> None:
    people = waiting(4)
    open_console(page, stub, states.desk(1, state="open", waiting=people))
    page.keyboard.press("1")
    page.keyboard.press("End")
    push(page, states.desk(2, state="open", waiting=[people[3], *people[1:3]]))
    expect(page.locator(ROWS).first).to_be_focused()
    expect(page.locator(ROWS).first).to_contain_text("A033")


def test_acts_on_rows_rest_without_contact(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", held=[held()], missed=[missed()]))
    page.evaluate("() => window.news.link(false)")
    for tab in ("2", "3"):
        page.keyboard.press(tab)
        for act in page.locator(f"{ROWS} .row-act").all():
            expect(act).to_have_attribute("aria-disabled", "true")
        page.keyboard.press("Enter")
    assert commands(page) == []


def test_arrows_move_along_the_tabs(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", held=[held()]))
    page.get_by_role("tab", name="Очередь").click()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Отложенные (1)")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Отложенные (1)")).to_contain_text("A007")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_list_and_question_fits_1366_by_768_and_is_accessible(
    page: Page, stub: StubServer, language: str
) -> None:
    lists = {
        "held": [held("A007", returns_in=250), held("A008")],
        "missed": [missed()],
        "waiting": waiting(20),
    }
    open_console(page, stub, states.desk(1, state="open", **lists), language)
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    for keys in (["1"], ["2"], ["3"], ["1", "Enter"]):
        for key in keys:
            page.keyboard.press(key)
        assert whole_size(page) == [1366, 768]
        assert page.locator(".row-acts, .choice, .small, .scroll").evaluate_all(cut) == []
        assert serious_faults(page) == []
    page.keyboard.press("Escape")
    push(page, states.desk(2, state="open", current=serving(), **lists))
    settled(page)
    page.keyboard.press("h")
    assert whole_size(page) == [1366, 768]
    assert page.get_by_role("dialog").evaluate("box => box.scrollHeight <= box.clientHeight")
    assert serious_faults(page) == []
