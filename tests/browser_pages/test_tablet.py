"""The rating tablet: one touch rates, another within five seconds corrects, then it is calm again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.moments import resize, start_clock, stop_clock, whole_size
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser

ASK = {"state": "ask", "visit": "visit-1", "number": "A023"}


def open_tablet(page: Page, stub: StubServer, **view: Any) -> None:
    stub.answers["ratings"] = (201, {"press_id": "p", "counted": True})
    start_clock(page)
    page.goto(f"{stub.url}/rate/zarechny-1#secret-token")
    page.wait_for_function("() => window.news")
    stop_clock(page)
    push(page, states.rating_page(1, **view))


def push(page: Page, view: dict[str, Any]) -> None:
    page.evaluate("view => window.news.push('rating:zarechny-1', view)", view)


def sent(stub: StubServer) -> list[int]:
    return [body["score"] for path, body, _ in stub.posts if path == "ratings"]


def test_the_token_leaves_the_address_bar_and_survives_a_reload(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub)
    expect(page).to_have_url(f"{stub.url}/rate/zarechny-1")
    page.reload()
    page.wait_for_function("() => window.news")
    assert page.evaluate("() => window.news.token") == "secret-token"


def test_without_a_token_the_tablet_says_what_to_do(page: Page, stub: StubServer) -> None:
    page.goto(f"{stub.url}/rate/zarechny-1")
    expect(page.locator("#contact")).to_contain_text("Планшет не привязан")


def test_one_touch_rates_and_another_within_five_seconds_corrects(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub, **ASK)
    page.get_by_role("button", name="Плохо", exact=True).click()
    expect(page.get_by_role("heading")).to_have_text("Спасибо! Ваша оценка: Плохо")
    page.get_by_role("button", name="Отлично").click()
    expect(page.get_by_role("heading")).to_have_text("Спасибо! Ваша оценка: Отлично")
    page.wait_for_function("() => localStorage.getItem('talon-presses') === '[]'")
    assert sent(stub) == [2, 5]
    _path, body, headers = stub.posts[0]
    assert headers["Authorization"] == "Bearer secret-token"
    assert (body["desk"], body["source"]) == ("zarechny-1", "tablet")
    assert 0 <= body["pressed_seconds_ago"] < 5
    assert body["press_id"] != stub.posts[1][1]["press_id"]


def test_after_five_seconds_thanks_and_then_the_greeting(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub, **ASK)
    page.get_by_role("button", name="Хорошо").click()
    page.clock.run_for(5_300)
    expect(page.get_by_role("heading")).to_have_text("Спасибо!")
    expect(page.locator("[data-score]")).to_have_count(0)
    page.clock.run_for(4_300)
    expect(page.get_by_role("heading")).to_have_text("Добро пожаловать!")


def test_the_next_visitor_is_asked_anew_in_the_offices_language(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub, **ASK)
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Excellent").click()
    push(page, states.rating_page(2, state="idle"))
    page.clock.run_for(10_000)
    expect(page.get_by_role("heading")).to_have_text("Добро пожаловать!")
    push(page, states.rating_page(3, state="ask", visit="visit-2", number="A024"))
    expect(page.get_by_role("heading")).to_have_text("Оцените обслуживание")
    expect(page.locator("#main")).to_contain_text("A024")


def test_a_touch_without_contact_is_kept_and_sent_once_when_it_is_back(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub, **ASK)
    page.route("**/api/v1/ratings", lambda route: route.abort())
    page.evaluate("() => window.news.link(false)")
    page.get_by_role("button", name="Отлично").click()
    expect(page.get_by_role("heading")).to_contain_text("Отлично")
    expect(page.locator("#contact")).to_contain_text("будет отправлена позже")
    assert sent(stub) == []
    page.unroute("**/api/v1/ratings")
    # When the page hears of the failed try, and waits before the next one, only the page knows.
    page.clock.resume()
    with page.expect_response("**/api/v1/ratings"):
        page.clock.run_for(4_000)
    assert sent(stub) == [5]
    assert stub.posts[0][1]["pressed_seconds_ago"] >= 3


def test_the_question_ends_when_its_time_is_over(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub, **ASK, rate_until=states.ago(-60))
    expect(page.get_by_role("heading")).to_have_text("Оцените обслуживание")
    page.clock.run_for(61_000)
    expect(page.get_by_role("heading")).to_have_text("Добро пожаловать!")


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1280, 800), (600, 1024)])
def test_faces_fit_the_tablet_and_are_accessible(
    page: Page, stub: StubServer, width: int, height: int
) -> None:
    resize(page, width, height)
    open_tablet(page, stub, **ASK)
    cut = "marks => marks.filter(mark => mark.scrollWidth > mark.clientWidth).map(mark => mark.innerText)"
    for name, code in (("Қазақша", "kk"), ("English", "en"), ("Русский", "ru")):
        page.get_by_role("button", name=name).click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        assert whole_size(page) == [width, height]
        assert page.locator("[data-score]").evaluate_all(cut) == []
    page.clock.resume()
    assert serious_faults(page) == []
