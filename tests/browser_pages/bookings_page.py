"""The staff's page of bookings in tests: sign in, open a day, take a booking in hand, wait for its acts."""

from __future__ import annotations

from datetime import date, datetime

from playwright.sync_api import Page, expect

from server.db import booking_rows
from server.domain.booking import Booking
from tests.browser_pages.live_site import LiveSite
from tests.browser_pages.moments import remember_answers, wait_until_read

ROWS = "#list tbody tr"
ACTS = ".hand .act"


def sign_in(page: Page, site: LiveSite, login: str, role: str) -> None:
    """Make a person of the north office and sign them in, on a page that remembers what it was answered."""
    remember_answers(page)
    site.sign_in(page, login, role)


def open_day(page: Page, site: LiveSite, day: date | datetime, language: str = "ru") -> None:
    """Open the page, go to this day, and leave the focus at its list."""
    page.goto(f"{site.url}/hall/north/bookings?language={language}")
    expect(page.locator(".day-words")).not_to_be_empty()
    wanted = day.date() if isinstance(day, datetime) else day
    page.locator("#day input").fill(wanted.isoformat())
    # Today was shown at once: only the second answer is to what was asked here.
    for each in ("/bookings", "/booking-conflicts"):
        wait_until_read(page, each, times=2)
    expect(page.locator(".day-words")).to_contain_text(f"{wanted:%d.%m}")
    page.locator("#list").focus()


def choose(page: Page, booking: Booking) -> None:
    """Take the row of a booking in hand, by its code, with the keyboard."""
    page.keyboard.press("1")
    page.keyboard.press("f")
    page.keyboard.type(str(booking.code))
    expect(page.locator(ROWS)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(f'{ROWS}[aria-current="true"]')).to_have_count(1)


def ready(page: Page) -> None:
    """Wait until the acts work: after each they rest a moment."""
    expect(page.locator(f'{ACTS}[aria-disabled="false"]').first).to_be_visible()


def stored(site: LiveSite, booking: Booking) -> Booking:
    with site.store.read() as connection:
        return next(
            one for one in booking_rows.of_day(connection, "north", booking.day) if one.id == booking.id
        )


def reception_ready(page: Page) -> None:
    """Wait until the button beside the code works."""
    expect(page.locator("#reception button")).to_have_attribute("aria-disabled", "false")
