"""The operator's console: the main button follows the state, keys work in any layout, no stale buttons."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.console import DESK, MAIN, called, open_console, push, waiting
from tests.browser_pages.moments import commands, hold_time, whole_size
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser

RUSSIAN_N = {"key": "т", "code": "KeyN", "bubbles": True, "cancelable": True}


def test_the_main_button_follows_the_visitor_through_the_service(page: Page, stub: StubServer) -> None:
    people = waiting()
    steps = [
        ("Открыть рабочее место", "open", states.desk(2, state="open", waiting=people)),
        ("Вызвать следующего", "call-next", states.desk(3, state="open", waiting=people, current=called())),
        (
            "Начать",
            "start",
            states.desk(
                4, state="open", current={**called(), "state": "serving", "started_at": states.ago(0)}
            ),
        ),
        ("Завершить", "finish", states.desk(5, state="open", waiting=people)),
    ]
    open_console(page, stub, states.desk(1, waiting=people))
    for words, command, after in steps:
        stub.answers[f"{DESK}/{command}"] = (200, after)
        expect(page.locator(MAIN)).to_contain_text(words)
        expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "false")
        page.keyboard.press("F2")
        expect(page.locator(MAIN)).not_to_contain_text(words)
    assert commands(page) == [f"{DESK}/{command}" for _, command, _ in steps]


def test_a_command_carries_the_session_token_and_a_key_of_its_own(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", waiting=waiting()))
    stub.answers[f"{DESK}/call-next"] = (409, {"code": "nobody_waiting", "detail": "Никто не ждёт."})
    for _ in range(2):
        expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "false")
        page.locator(MAIN).click()
        expect(page.get_by_role("alert")).to_have_text("Никто не ждёт.")
    expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "false")
    keys = {headers["Idempotency-Key"] for _, _, headers in stub.posts}
    assert len(keys) == len(stub.posts) == 2
    assert all(headers["X-Csrftoken"] == "csrf-of-test" for _, _, headers in stub.posts)


def test_an_act_answered_with_the_ticket_and_its_screen_shows_the_screen(
    page: Page, stub: StubServer
) -> None:
    people = waiting()
    screen = states.desk(2, state="open", waiting=people, current=called())
    open_console(page, stub, states.desk(1, state="open", waiting=people))
    stub.answers[f"{DESK}/call-next"] = (200, {**called(), "screen": screen})
    page.locator(MAIN).click()
    expect(page.locator(".huge")).to_have_text("A019")


def test_keys_are_read_by_place_so_a_russian_layout_works(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", current=called()))
    stub.answers[f"{DESK}/recall"] = (200, states.desk(2, state="open", current=called()))
    page.evaluate(
        "init => document.body.dispatchEvent(new KeyboardEvent('keydown', init))",
        {"key": "к", "code": "KeyR", "bubbles": True},
    )
    expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "false")
    assert commands(page) == [f"{DESK}/recall"]


def test_no_show_asks_first_and_the_same_key_confirms(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", current=called()))
    stub.answers[f"{DESK}/no-show"] = (200, states.desk(2, state="open"))
    press = "init => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', init))"
    page.evaluate(press, RUSSIAN_N)
    expect(page.get_by_role("dialog")).to_contain_text("A019 не явился?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert commands(page) == []
    page.evaluate(press, RUSSIAN_N)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate(press, RUSSIAN_N)
    expect(page.locator(".empty")).to_be_visible()
    assert commands(page) == [f"{DESK}/no-show"]


def test_no_second_command_goes_while_one_is_under_way(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", waiting=waiting()))
    stub.answers[f"{DESK}/call-next"] = (200, states.desk(2, state="open", current=called()))
    stub.hold = threading.Event()
    page.keyboard.press("F2")
    expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("F2")
    page.keyboard.press("b")
    stub.hold.set()
    expect(page.locator(MAIN)).to_contain_text("Начать")
    assert commands(page) == [f"{DESK}/call-next"]


def test_a_double_press_does_not_start_the_service_unseen(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", waiting=waiting()))
    stub.answers[f"{DESK}/call-next"] = (200, states.desk(2, state="open", current=called()))
    page.evaluate(
        """() => {
          const init = {code: 'F2', bubbles: true};
          const press = () => document.body.dispatchEvent(new KeyboardEvent('keydown', init));
          new MutationObserver(press).observe(document.querySelector('.main > span'), {childList: true});
          press();
        }"""
    )
    expect(page.locator(MAIN)).to_contain_text("Начать")
    expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "false")
    assert commands(page) == [f"{DESK}/call-next"]


def test_lost_contact_is_said_and_rests_the_buttons_until_it_is_back(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", waiting=waiting()))
    page.evaluate("() => window.news.link(false)")
    expect(page.locator("#contact")).to_contain_text("Нет связи с сервером")
    expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("F2")
    page.evaluate("() => window.news.link(true)")
    expect(page.locator("#contact")).to_be_hidden()
    expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "false")
    assert commands(page) == []


def test_an_older_state_never_replaces_a_newer_one(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(7, state="open", current=called()))
    push(page, states.desk(6, state="closed"))
    expect(page.locator(MAIN)).to_contain_text("Начать")
    push(page, states.desk(8, state="closed"))
    expect(page.locator(MAIN)).to_contain_text("Открыть рабочее место")


def test_the_queue_tells_why_and_filters_by_this_desk(page: Page, stub: StubServer) -> None:
    first = states.ticket("A001", category="veteran", reason="out_of_turn", waited=60)
    other = states.ticket("B002", service="contract", waited=1200)
    open_console(page, stub, states.desk(1, state="open", waiting=[first, other], mine=[first["id"]]))
    rows = page.locator(".line tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("вне очереди")
    expect(rows.first).to_contain_text("Ветеран")
    page.keyboard.press("m")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("20 мин, больше предела")


def test_service_over_the_norm_is_said_in_words(page: Page, stub: StubServer) -> None:
    times = {"started_at": states.ago(900), "leg_started_at": states.ago(900), "held_seconds": 200}
    current = {**called(), "state": "serving", **times, "wait_seconds": 960}
    hold_time(page)
    open_console(page, stub, states.desk(1, state="open", current=current))
    expect(page.locator(".timer")).to_contain_text("▲ дольше нормы (10 мин)")
    expect(page.locator(".timer .number")).to_have_text("11:40")
    expect(page.locator(".fact")).to_contain_text("больше предела (15 мин)")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_page_never_scrolls_at_1366_by_768_and_is_accessible(
    page: Page, stub: StubServer, language: str
) -> None:
    view = states.desk(1, state="open", waiting=waiting(40), current=called(category="veteran"))
    open_console(page, stub, view, language)
    page.evaluate("() => window.news.link(false)")
    assert whole_size(page) == [1366, 768]
    assert page.locator(".scroll").evaluate("list => list.scrollHeight > list.clientHeight")
    page.evaluate("() => window.news.link(true)")
    assert serious_faults(page) == []
