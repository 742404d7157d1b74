"""The office's page for everybody and the screen over a window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.moments import start_clock, stop_clock, whole_size
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser

WAIT = {"from_minutes": 10, "to_minutes": 25}
SERVICES = [
    {"code": "meters", "name": states.SERVICES["meters"], "expected_wait": WAIT},
    {
        "code": "memo",
        "name": {"ru": "Памятка"},
        "state": "information",
        "information": {"ru": "Показания принимаем с 15 числа."},
    },
]


def test_the_page_tells_who_waits_what_to_expect_and_the_usual_load_without_javascript(
    browser: Browser, stub: StubServer
) -> None:
    stub.office = states.office(services=SERVICES)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stub.url}/office/zarechny")
    expect(page.locator("#now")).to_contain_text("Открыто")
    expect(page.locator(".waits")).to_contain_text("Ждать 10–25 минут")
    expect(page.locator(".plain-day")).to_contain_text("Воскресенье, 01.03")
    busy = page.locator(".load li").nth(1)
    expect(busy).to_contain_text("12 человек")
    expect(busy).to_contain_text("людно")
    expect(busy).to_have_attribute("aria-current", "time")
    page.get_by_text("Памятка").click()
    expect(page.get_by_text("Показания принимаем с 15 числа.")).to_be_visible()
    context.close()


def test_when_the_queue_changes_the_part_about_now_is_renewed_and_the_reader_is_left_alone(
    page: Page, stub: StubServer
) -> None:
    stub.office = states.office(services=SERVICES)
    page.goto(f"{stub.url}/office/zarechny")
    page.wait_for_function("() => window.news")
    page.get_by_text("Памятка").click()
    stub.office = states.office(version=2, waiting=8, services=SERVICES)
    page.evaluate("state => window.news.push('kiosk:zarechny', state)", stub.office)
    expect(page.locator("#now dd").first).to_have_text("8")
    expect(page.get_by_text("Показания принимаем с 15 числа.")).to_be_visible()


def test_a_closed_office_says_when_it_opens_also_after_the_news(page: Page, stub: StubServer) -> None:
    closed = {"is_open": False, "opens_at": "2026-03-02T03:00:00Z"}
    stub.office = states.office(services=SERVICES, **closed)
    page.goto(f"{stub.url}/office/zarechny")
    page.wait_for_function("() => window.news")
    expect(page.locator("#now time")).to_contain_text("08:00")
    stub.office = states.office(version=2, waiting=1, services=SERVICES, **closed)
    page.evaluate("state => window.news.push('kiosk:zarechny', state)", stub.office)
    expect(page.locator("#now dd").first).to_have_text("1")
    expect(page.locator("#now time")).to_contain_text("08:00")
    expect(page.locator("#now time")).to_be_visible()


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_page_fits_a_small_phone_and_axe_finds_nothing_serious(
    page: Page, stub: StubServer, language: str
) -> None:
    stub.office = states.office(services=SERVICES)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{stub.url}/office/zarechny?language={language}")
    assert whole_size(page)[0] == 360
    assert serious_faults(page) == []


def open_window(page: Page, stub: StubServer, **state: Any) -> None:
    page.goto(f"{stub.url}/window/zarechny-5#a-token")
    page.wait_for_function("() => window.news")
    show(page, 1, **state)


def show(page: Page, version: int, **state: Any) -> None:
    page.evaluate("state => window.news.push('window:zarechny-5', state)", states.window(version, **state))


def test_a_window_shows_its_number_and_the_ticket_called_there_in_each_language(
    page: Page, stub: StubServer
) -> None:
    open_window(page, stub)
    assert page.evaluate("() => [window.news.token, location.hash]") == ["a-token", ""]
    expect(page.locator("#label")).to_have_text("5")
    expect(page.locator("#kind")).to_have_text("ТерезеОкно")
    expect(page.locator("#state")).to_have_text("БосСвободно")
    show(page, 2, state="called", number="А123", call_id="c1", operator="Анна И.")
    expect(page.locator("#number")).to_have_text("А123")
    expect(page.locator("#state")).to_have_text("КеліңізПодойдите")
    expect(page.locator("#operator")).to_have_text("Анна И.")
    show(page, 3, state="closed")
    expect(page.locator("#number")).to_be_hidden()
    expect(page.locator("#state")).to_have_text("ЖабықЗакрыто")


def test_a_window_that_lost_contact_keeps_its_state_and_says_so(page: Page, stub: StubServer) -> None:
    start_clock(page)
    open_window(page, stub, state="serving", number="А123", call_id="c1")
    stop_clock(page)
    page.evaluate("() => window.news.link(false)")
    page.clock.run_for(1900)
    expect(page.locator("#contact")).to_be_empty()
    page.clock.run_for(200)
    expect(page.locator("#contact")).to_contain_text("Нет связи с сервером")
    expect(page.locator("#number")).to_have_text("А123")
    page.evaluate("() => window.news.link(true)")
    expect(page.locator("#contact")).to_be_empty()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (720, 1280), (800, 480)])
def test_nothing_is_cut_on_a_window_of_any_size(
    page: Page, stub: StubServer, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_window(page, stub, state="called", number="ММ999", call_id="c1", label="205", kind="room")
    size = whole_size(page)
    assert size == [width, height]
    for part in ("#label", "#number", "#state"):
        box = page.locator(part).bounding_box()
        assert box
        assert min(box["x"], box["y"]) >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
        assert page.locator(part).evaluate("e => e.scrollWidth <= e.clientWidth")
    assert serious_faults(page) == []
