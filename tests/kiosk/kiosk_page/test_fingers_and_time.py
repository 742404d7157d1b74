"""What goes by time, by the page's own clock: fingers that tap twice, visitors who leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.conftest import Kiosk
from tests.kiosk.kiosk_page.walk import button, settled, title

pytestmark = pytest.mark.browser
Served = Callable[..., str]
NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def stand_still(page: Page, address: str) -> None:
    """Open the page and stop its clock: fingers are as quick as they can be, whatever the machine does."""
    page.clock.install(time=NOON)
    page.goto(address)
    settled(page)
    page.clock.pause_at(NOON + timedelta(hours=1))


def a_moment_later(page: Page) -> None:
    """The clock goes on until a new screen takes taps."""
    page.clock.run_for(1000)
    expect(page.get_by_role("main")).not_to_have_class("settling")


def test_a_double_tap_and_a_held_key_give_one_ticket(kiosk: Kiosk, served: Served, page: Page) -> None:
    stand_still(page, served())
    button(page, "Оплата").dblclick()
    take = button(page, "Взять талон")
    expect(take).to_be_visible()
    a_moment_later(page)
    take.dblclick(force=True)
    expect(page.locator(".big-number")).to_have_text("А123")
    assert len(kiosk.server.issued) == 1
    a_moment_later(page)
    button(page, "Готово").click()
    a_moment_later(page)
    button(page, "Оплата").click()
    take.focus()
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(page.locator(".big-number")).to_have_text("А124")
    assert len(kiosk.server.issued) == 2


def test_a_finger_that_taps_twice_does_not_press_what_comes_under_it(
    kiosk: Kiosk, served: Served, page: Page
) -> None:
    stand_still(page, served())
    box = button(page, "Оплата").bounding_box()
    assert box is not None
    for _ in range(3):
        page.mouse.click(box["x"] + 200, box["y"] + 60)
    expect(button(page, "Взять талон")).to_be_enabled()
    assert kiosk.server.asked == []


def test_an_idle_page_asks_and_then_goes_home_in_the_first_language(served: Served, page: Page) -> None:
    page.clock.install()
    page.goto(served(idle_seconds=900, warning_seconds=600))
    button(page, "English").click()
    button(page, "Payments").click()
    expect(button(page, "Take a ticket")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.clock.run_for(310_000)
    expect(page.get_by_role("dialog")).to_contain_text("The screen goes back to the start in")
    page.clock.run_for(590_000)
    expect(title(page)).to_have_text("Что вам нужно?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_who_is_still_there_goes_on_where_he_was(served: Served, page: Page) -> None:
    page.clock.install()
    page.goto(served(idle_seconds=900, warning_seconds=600))
    button(page, "Оплата").click()
    page.clock.run_for(310_000)
    button(page, "Продолжить").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.clock.run_for(200_000)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button(page, "Взять талон")).to_be_visible()


def test_the_number_goes_away_by_itself(served: Served, page: Page) -> None:
    page.clock.install()
    page.goto(served(ticket_seconds=900))
    button(page, "Оплата").click()
    button(page, "Взять талон").click()
    expect(page.locator(".paper")).to_have_text("Возьмите талон")
    page.clock.run_for(901_000)
    expect(title(page)).to_have_text("Что вам нужно?")
