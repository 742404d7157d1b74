"""Bookings that cannot stand any more, in the browser on the real application: told to staff and visitors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.booking_builders import TUESDAY, book, book_by_staff, minutes, take_bookings
from tests.browser_pages.bookings_page import ACTS, ROWS, ready, sign_in, stored
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.live_site import LiveSite, live_site
from tests.builders import Clock

pytestmark = pytest.mark.browser

MONDAY = TUESDAY + timedelta(days=6)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    """The application, whose first office takes bookings; it is two hours before it opens on Tuesday."""
    with live_site(tmp_path, Clock(TUESDAY - minutes(120))) as made:
        take_bookings(made.store)
        yield made


def test_conflicts_stand_with_their_reason_and_all_are_told_by_one_press(page: Page, site: LiveSite) -> None:
    book(site.store, MONDAY, phone="+79270000109")
    mailed, _link = book(site.store, MONDAY + minutes(30), phone="+79270000111", email="a@mail.example")
    book_by_staff(site.store, MONDAY + minutes(60))
    take_bookings(site.store, {"schedule": {"weekly": {"tue": [["08:00", "17:00"]]}}})
    sign_in(page, site, "boss", "administrator")
    page.goto(f"{site.url}/hall/north?language=ru")
    link = page.locator("a[data-conflicts-of]")
    expect(link).to_have_accessible_name(re.compile(r"Записи\s*3 записи не могут состояться"))
    link.click()
    page.locator("#tab-conflicts").click()
    rows = page.locator(ROWS)
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text(
        re.compile("▲ В это время офис больше не принимает.*○ Ещё не сообщено", re.S)
    )
    expect(rows.nth(2)).to_contain_text("✕ Контакта нет")
    expect(page).to_have_title(re.compile("^▲ 3"))
    rows.nth(1).click()
    expect(page.locator(ACTS)).to_have_text(
        [re.compile(words) for words in ("Сообщить", "Перенести", "Отменить", "Показать")]
    )
    page.keyboard.press("a")
    asked = page.locator("#question")
    expect(asked).to_contain_text(
        "2 посетителям сообщим, что запись не может состояться. По почте: 1, по SMS: 1."
    )
    expect(asked.locator("li")).to_have_text([re.compile(r"Пн 09\.03, 09:00 · Договор · П\*\*\* П\. П\.")])
    assert serious_faults(page) == []
    page.keyboard.press("Enter")
    expect(rows.nth(0)).to_contain_text("✓ Сообщено")
    expect(rows.nth(1)).to_contain_text("✓ Сообщено")
    expect(rows.nth(2)).to_contain_text("✕ Контакта нет")
    rows.nth(1).click()
    ready(page)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    assert stored(site, mailed).state == "cancelled"
