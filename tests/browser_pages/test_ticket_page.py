"""The visitor's page: the place in the queue, the call, leaving and rating, on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.moments import commands, whole_size
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser

CODE = "abcdefabcdef0123"
CALLED = {"state": "called", "label": "5", "kind": "window", "call_id": "call-1", "ahead": None}


def open_ticket(page: Page, stub: StubServer, language: str = "ru", **status: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    stub.status = states.ticket_status(1, **status)
    page.goto(f"{stub.url}/t/{CODE}?language={language}")
    page.wait_for_function("() => window.news")
    push(page, stub.status)


def push(page: Page, status: dict[str, Any]) -> None:
    page.evaluate(f"status => window.news.push('ticket:{CODE}', status)", status)


def test_without_javascript_the_page_tells_the_place_and_renews_itself(
    browser: Browser, stub: StubServer
) -> None:
    stub.status = states.ticket_status(1, expected_wait={"from_minutes": 10, "to_minutes": 25})
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stub.url}/t/{CODE}")
    expect(page.locator("h1")).to_have_text("A023")
    expect(page.locator("#big")).to_have_text("Перед вами 3 человека")
    expect(page.locator("#detail")).to_have_text("Ждать 10–25 минут")
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    context.close()


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [(10, 25, ("Ждать 10–25 минут", "Күту 10–25 минут", "Wait 10–25 minutes")),
     (2, 3, ("Ждать 2–3 минуты", "Күту 2–3 минут", "Wait 2–3 minutes")),
     (0, 1, ("Ждать до 1 минуты", "Күту 1 минутқа дейін", "Wait up to 1 minute")),
     (5, 5, ("Ждать около 5 минут", "Күту шамамен 5 минут", "Wait about 5 minutes"))],
)  # fmt: skip
def test_the_expected_wait_is_a_range_the_same_from_the_server_and_live(
    page: Page, stub: StubServer, least: int, most: int, said: tuple[str, str, str]
) -> None:
    for language, text in zip(("ru", "kk", "en"), said, strict=True):
        wait = {"from_minutes": least, "to_minutes": most}
        open_ticket(page, stub, language, expected_wait=wait)
        expect(page.locator("#detail")).to_have_text(text)
        assert whole_size(page)[0] == 360
        with page.expect_response(f"**/t/{CODE}*") as answered:
            page.reload()
        assert text in answered.value.text()


def test_a_wait_that_cannot_be_known_is_not_told(page: Page, stub: StubServer) -> None:
    open_ticket(page, stub, expected_wait=None)
    expect(page.locator("#big")).to_have_text("Перед вами 3 человека")
    expect(page.locator("#detail")).to_be_empty()


def test_the_call_names_the_window_in_words_and_in_the_title_and_rings(page: Page, stub: StubServer) -> None:
    page.add_init_script("window.rung = 0; navigator.vibrate = () => { window.rung += 1; return true; };")
    open_ticket(page, stub)
    page.locator("h1").click()
    push(page, states.ticket_status(2, **CALLED))
    expect(page.locator("#headline")).to_have_text("Вас вызывают")
    expect(page.locator("#big")).to_have_text("Окно 5")
    expect(page).to_have_title("● Окно 5 — A023")
    push(page, states.ticket_status(3, **CALLED))
    assert page.evaluate("() => window.rung") == 1
    push(page, states.ticket_status(4, **{**CALLED, "call_id": "call-2"}))
    assert page.evaluate("() => window.rung") == 2


def test_leaving_the_queue_asks_first(page: Page, stub: StubServer) -> None:
    open_ticket(page, stub)
    stub.answers[f"tickets/{CODE}/cancel"] = (200, states.ticket_status(2, state="cancelled"))
    page.get_by_role("button", name="Покинуть очередь").click()
    page.get_by_role("button", name="Остаться").click()
    assert commands(page) == []
    page.get_by_role("button", name="Покинуть очередь").click()
    page.get_by_role("dialog").get_by_role("button", name="Покинуть очередь").click()
    expect(page.locator("#headline")).to_have_text("Вы покинули очередь")
    expect(page.get_by_role("button", name="Покинуть очередь")).to_be_hidden()
    assert commands(page) == [f"tickets/{CODE}/cancel"]


def test_the_holder_rates_after_the_visit(page: Page, stub: StubServer) -> None:
    open_ticket(page, stub, state="served", may_rate=True)
    stub.answers["ratings"] = (201, {"press_id": "p", "counted": True})
    page.get_by_role("button", name="Хорошо").click()
    expect(page.locator("#rate")).to_contain_text("Ваша оценка: Хорошо. Спасибо!")
    ((path, body, _),) = stub.posts
    assert (path, body["ticket"], body["score"], body["source"]) == ("ratings", CODE, 4, "phone")


def test_lost_contact_is_told_with_the_time_of_what_is_shown(page: Page, stub: StubServer) -> None:
    open_ticket(page, stub)
    page.evaluate("() => window.news.link(false)")
    expect(page.locator("#note")).to_contain_text("Нет связи с очередью")
    page.evaluate("() => window.news.link(true)")
    expect(page.locator("#note")).to_be_hidden()


@pytest.mark.parametrize(
    "state", ["waiting", "called", "serving", "served", "no_show", "cancelled", "closed_unserved"]
)
def test_every_state_reads_the_same_from_the_server_and_live_and_fits_a_phone(
    page: Page, stub: StubServer, state: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    at_desk = {"label": "205", "kind": "room"} if state in ("called", "serving") else {}
    stub.status = states.ticket_status(1, state=state, may_rate=state == "served", **at_desk)
    words = "() => ['headline', 'big', 'detail'].map(id => document.getElementById(id).textContent.trim())"
    for language in ("ru", "kk", "en"):
        page.goto(f"{stub.url}/t/{CODE}?language={language}")
        page.wait_for_function("() => window.news")
        from_server = page.evaluate(words)
        push(page, stub.status)
        assert page.evaluate(words) == from_server
        assert from_server[0]
        assert whole_size(page)[0] == 360
    assert serious_faults(page) == []
