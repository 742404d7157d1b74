"""Bookings for staff in the browser, on the real application: the day, a caller, conflicts, the reception."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from server.actions import bookings
from server.db.booking_tables import contact_access
from server.domain.booking import Booking
from tests.booking_builders import TUESDAY, book, book_by_staff, minutes, take_bookings
from tests.browser_pages.bookings_page import (
    ACTS,
    ROWS,
    choose,
    open_day,
    ready,
    reception_ready,
    sign_in,
    stored,
)
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.console import press_russian
from tests.browser_pages.live_site import LiveSite, live_site
from tests.browser_pages.moments import commands, start_clock, stop_clock, whole_size
from tests.builders import Clock
from tests.conftest import watched_page

pytestmark = pytest.mark.browser

# Each test has a day of its own: all share one server.
WEDNESDAY, MONDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=6)
SECOND_TUESDAY, SECOND_WEDNESDAY = TUESDAY + timedelta(days=7), TUESDAY + timedelta(days=8)
LAST_MONDAY = TUESDAY + timedelta(days=13)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The application, whose first office takes bookings; it is two hours before it opens on Tuesday."""
    with live_site(tmp_path_factory.mktemp("bookings"), Clock(TUESDAY - minutes(120))) as made:
        take_bookings(made.store)
        yield made


@pytest.fixture(scope="module")
def boss(browser: Browser, site: LiveSite) -> Iterator[Page]:
    """An administrator's browser."""
    with watched_page(browser, 1366, 768) as page:
        sign_in(page, site, "boss", "administrator")
        yield page


def test_a_day_is_told_in_order_with_words_signs_and_counts(boss: Page, site: LiveSite) -> None:
    later = book_by_staff(site.store, WEDNESDAY + minutes(60), service="cash")
    first, _link = book(site.store, WEDNESDAY, phone="+79270000101", email="ivan@mail.example")
    gone, _link = book(site.store, WEDNESDAY + minutes(30), phone="+79270000102")
    with site.store.write("north", "anna") as uow:
        bookings.cancel(uow, uow.bookings.by_id(gone.id), "staff")
    open_day(boss, site, WEDNESDAY)
    rows = boss.locator(ROWS)
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text(
        re.compile(r"08:00.*И\*\*\* И\. И\..*\+7 \*\*\* \*\*-01 · i\*\*\*@mail", re.S)
    )
    expect(rows.nth(0)).to_contain_text(re.compile(r"Договор.*на сайте.*○ Ожидается", re.S))
    expect(rows.nth(1)).to_contain_text("— Отменена")
    expect(rows.nth(2)).to_contain_text(re.compile(r"09:00.*Касса.*по телефону", re.S))
    expect(boss.locator("#load")).to_have_text(re.compile(r"Записано\s*2.*Свободных мест\s*70", re.S))
    boss.locator("#service").select_option("cash")
    expect(rows).to_have_count(1)
    boss.locator("#service").select_option("")
    boss.locator("#state").select_option("cancelled")
    expect(rows).to_have_count(1)
    boss.locator("#state").select_option("")
    boss.locator("#search").fill(f"{later.code[:3]} {later.code[3:]}" if later.code else "")
    expect(rows).to_contain_text(["Касса"])
    assert first.code is not None


def test_days_are_walked_by_keys(boss: Page, site: LiveSite) -> None:
    open_day(boss, site, TUESDAY)
    words = boss.locator(".day-words")
    expect(words).to_have_text("Сегодня, Вт 03.03")
    press_russian(boss, "ъ", "BracketRight")
    expect(words).to_have_text("Ср 04.03")
    press_russian(boss, "х", "BracketLeft")
    press_russian(boss, "х", "BracketLeft")
    expect(words).to_have_text("Пн 02.03")
    boss.keyboard.press("0")
    expect(words).to_have_text("Сегодня, Вт 03.03")


def test_a_booking_is_moved_and_called_off_by_keys(boss: Page, site: LiveSite) -> None:
    made, _link = book(site.store, MONDAY, phone="+79270000103")
    open_day(boss, site, MONDAY)
    choose(boss, made)
    press_russian(boss, "ь", "KeyM")
    boss.get_by_role("radio", name=re.compile("^08:30")).focus()
    boss.keyboard.press("Space")
    boss.keyboard.press("Enter")
    expect(boss.get_by_role("alert").filter(has_text="Перенесено")).to_contain_text("08:30")
    assert stored(site, made).starts_at == MONDAY + minutes(30)
    expect(boss.locator(ROWS)).to_contain_text(["08:30"])
    boss.locator(ROWS).first.click()
    ready(boss)
    boss.keyboard.press("x")
    expect(boss.locator("#question")).to_contain_text("SMS уйдёт на +7 *** **-03.")
    boss.keyboard.press("Enter")
    expect(boss.locator(ROWS)).to_contain_text(["Отменена"])
    expect(boss.locator(f"{ACTS}:visible")).to_have_text([re.compile("Показать контакт")])
    assert stored(site, made).state == "cancelled"


def test_a_contact_is_shown_after_a_warning_each_look_is_kept_and_nothing_stays_on_the_page(
    boss: Page, site: LiveSite
) -> None:
    made, _link = book(site.store, MONDAY + minutes(120), phone="+79270000104")
    open_day(boss, site, MONDAY)
    choose(boss, made)
    ready(boss)
    boss.keyboard.press("o")
    expect(boss.locator("#question")).to_contain_text("Каждый просмотр записывается в журнал")
    assert "+79270000104" not in boss.content()
    assert looks(site, made) == []
    boss.keyboard.press("Enter")
    expect(boss.locator("#question")).to_contain_text("+79270000104")
    expect(boss.locator("#question")).to_contain_text("Иванов И. И.")
    assert looks(site, made) == ["boss"]
    boss.keyboard.press("Escape")
    expect(boss.locator("#question")).to_be_empty()
    assert "+79270000104" not in boss.content()


def looks(site: LiveSite, booking: Booking) -> list[str]:
    mine = contact_access.select().where(contact_access.c.booking == booking.id)
    with site.store.read() as connection:
        return [row.actor for row in connection.execute(mine)]


def test_a_caller_is_booked_by_keyboard_alone_and_hears_the_code(boss: Page, site: LiveSite) -> None:
    open_day(boss, site, SECOND_TUESDAY)
    press_russian(boss, "т", "KeyN")
    sheet = boss.locator("#caller")
    expect(sheet.locator("[name=caller-service]")).to_be_focused()
    boss.keyboard.press("ArrowDown")
    expect(sheet.locator("[name=booking-day]:checked")).to_have_value("2026-03-03")
    boss.keyboard.press("Tab")  # how many matters at once
    boss.keyboard.press("Tab")
    expect(sheet.locator("[name=booking-day]:checked")).to_be_focused()
    for _ in range(4):  # closed days are passed over: Wed, Mon, Tue
        boss.keyboard.press("ArrowRight")
        if sheet.locator("[name=booking-day]:checked").input_value() == "2026-03-10":
            break
    boss.keyboard.press("Tab")
    boss.keyboard.press("Space")
    boss.keyboard.press("ArrowRight")
    expect(sheet.locator("[name=booking-time]:checked")).to_have_value("2026-03-10T05:15:00Z")
    boss.keyboard.press("Enter")
    expect(sheet.locator("#fault-name")).to_have_text("Спросите имя: достаточно инициалов.")
    expect(sheet.locator("[name=caller-name]")).to_be_focused()
    boss.keyboard.type("Петров П.")
    boss.keyboard.press("Tab")
    boss.keyboard.type("12")
    boss.keyboard.press("Enter")
    expect(sheet.locator("#fault-consent")).to_contain_text("Без согласия")
    expect(sheet.locator("#said")).to_contain_text("152-ФЗ")
    boss.keyboard.press("Space")
    boss.keyboard.press("Enter")
    expect(sheet.locator("#fault-phone")).to_contain_text("+7")
    expect(sheet.locator("[name=caller-phone]")).to_be_focused()
    boss.keyboard.press("Control+A")
    boss.keyboard.type("8 927 000-01-05")
    expect(sheet.locator("button[type=submit]")).to_have_attribute("aria-disabled", "false")
    boss.keyboard.press("Enter")
    expect(sheet.locator("h2")).to_have_text("Запись сделана")
    expect(sheet).to_contain_text("Продиктуйте код:")
    expect(sheet).to_contain_text("SMS уйдёт на +7 *** **-05.")
    code = sheet.locator(".big-code").inner_text()
    boss.keyboard.press("Escape")
    expect(boss.locator(ROWS)).to_contain_text(
        [re.compile(rf"08:15.*П\*\*\* П\..*по телефону.*{code}", re.S)]
    )


def test_when_the_place_is_gone_meanwhile_the_nearest_free_times_stand_beside_it(
    boss: Page, site: LiveSite
) -> None:
    open_day(boss, site, SECOND_WEDNESDAY)
    boss.locator("#book-place button").click()
    sheet = boss.locator("#caller")
    sheet.locator("[name=caller-service]").select_option("contract")
    sheet.locator("[value='2026-03-11']").check()
    sheet.locator("[value='2026-03-11T05:00:00Z']").check()
    for _ in range(2):
        book_by_staff(site.store, SECOND_WEDNESDAY)
    sheet.locator("[name=caller-name]").fill("Сидоров")
    sheet.locator("input[type=checkbox]").check()
    boss.keyboard.press("Enter")
    expect(sheet.locator("#time-fault")).to_contain_text("Ближайшее свободное время")
    nearest = sheet.locator(".nearest button")
    expect(nearest.first).to_have_text("Ср 11.03, 08:15")
    expect(nearest.first).to_be_focused()
    boss.keyboard.press("Enter")
    expect(sheet.locator("[name=booking-time]:checked")).to_have_value("2026-03-11T05:15:00Z")
    expect(sheet.locator("button[type=submit]")).to_have_attribute("aria-disabled", "false")
    boss.keyboard.press("Enter")
    expect(sheet.locator("h2")).to_have_text("Запись сделана")
    expect(sheet).to_contain_text("сообщить посетителю нельзя")
    boss.keyboard.press("Escape")


def test_the_reception_types_or_scans_who_came_and_refusals_are_sentences(boss: Page, site: LiveSite) -> None:
    soon, link = book(site.store, TUESDAY, phone="+79270000106")
    later, _link = book(site.store, TUESDAY + minutes(300), phone="+79270000107")
    open_day(boss, site, TUESDAY)
    field, fault = boss.locator("#code"), boss.locator("#code-fault")
    press_russian(boss, "с", "KeyC")
    boss.keyboard.type("12")
    boss.keyboard.press("Enter")
    expect(fault).to_contain_text("шесть цифр")
    field.fill(str(later.code))
    boss.keyboard.press("Enter")
    expect(fault).to_contain_text("вторник, 3 марта, 12:30")
    site.clock.now = TUESDAY - minutes(5)
    reception_ready(boss)
    field.fill(f"http://queue.example/b/{link}")
    boss.keyboard.press("Enter")
    ticket = boss.locator("#question")
    expect(ticket.locator(".big-code")).to_have_text("А001")
    expect(ticket).to_contain_text("вызовут ко времени записи: 08:00")
    expect(ticket.get_by_role("button", name="Печать талона")).to_be_visible()
    boss.keyboard.press("Escape")
    expect(boss.locator(ROWS)).to_contain_text([re.compile("08:00.*✓ На месте А001", re.S), "Ожидается"])
    expect(field).to_have_value("")
    assert stored(site, soon).state == "arrived"
    reception_ready(boss)
    field.fill(str(soon.code))
    boss.keyboard.press("Enter")
    expect(fault).to_contain_text("А001")


def test_who_came_without_a_code_is_checked_in_by_hand(boss: Page, site: LiveSite) -> None:
    site.clock.now = TUESDAY + minutes(60)
    made, _link = book(site.store, TUESDAY + minutes(75), service="cash", phone="+79270000108")
    open_day(boss, site, TUESDAY)
    choose(boss, made)
    press_russian(boss, "ш", "KeyI")
    expect(boss.locator("#question .big-code")).to_have_text("К001")
    boss.keyboard.press("Escape")
    expect(boss.locator(ROWS)).to_contain_text(["✓ На месте К001"])


def test_what_a_scanner_types_while_the_button_rests_is_taken_a_moment_later(
    browser: Browser, site: LiveSite
) -> None:
    site.clock.now = TUESDAY + minutes(80)
    made, link = book(site.store, TUESDAY + minutes(90), phone="+79270000113")
    with watched_page(browser, 1366, 768) as page:
        start_clock(page)
        sign_in(page, site, "vera", "administrator")
        open_day(page, site, TUESDAY)
        stop_clock(page)
        page.locator("#code").fill("000000")
        page.keyboard.press("Enter")
        expect(page.locator("#code-fault")).to_be_visible()
        page.locator("#code").fill(link)
        page.keyboard.press("Enter")
        assert commands(page) == ["offices/north/bookings/check-in"]
        page.clock.run_for(400)
        expect(page.locator("#question .big-code")).to_be_visible()
        assert commands(page) == ["offices/north/bookings/check-in"] * 2
    assert stored(site, made).state == "arrived"


def test_news_are_drawn_and_lost_contact_lets_the_buttons_rest(boss: Page, site: LiveSite) -> None:
    open_day(boss, site, LAST_MONDAY)
    boss.wait_for_function("() => window.news")
    assert boss.evaluate("() => window.news.rooms") == ["bookings:north"]
    expect(boss.locator(ROWS)).to_have_count(0)
    made, _link = book(site.store, LAST_MONDAY, phone="+79270000109")
    boss.evaluate("() => window.news.push('bookings:north', { version: 1000, changes: 1000 })")
    expect(boss.locator(ROWS)).to_have_count(1)
    choose(boss, made)
    resting = boss.locator(f"{ACTS}[aria-disabled=false]")
    expect(resting).to_have_count(3)
    boss.evaluate("() => window.news.link(false)")
    expect(boss.locator("#contact")).to_contain_text("Нет связи с сервером")
    expect(resting).to_have_count(0)
    expect(boss.locator("#book-place button")).to_have_attribute("aria-disabled", "true")
    boss.keyboard.press("x")
    expect(boss.locator("#question")).to_be_hidden()
    boss.evaluate("() => window.news.link(true)")
    expect(boss.locator("#contact")).to_be_hidden()
    expect(resting).to_have_count(3)
    # The line is up, but the server does not answer: that is no contact either.
    boss.route("**/api/v1/offices/north/bookings*", lambda route: route.abort())
    boss.evaluate("() => window.news.push('bookings:north', { version: 1001, changes: 1001 })")
    expect(boss.locator("#contact")).to_be_visible()
    expect(resting).to_have_count(0)
    boss.unroute("**/api/v1/offices/north/bookings*")
    boss.evaluate("() => window.news.push('bookings:north', { version: 1002, changes: 1002 })")
    expect(boss.locator("#contact")).to_be_hidden()


@pytest.mark.parametrize(("language", "after"), [("ru", 360), ("kk", 375), ("en", 390)])
def test_the_page_fits_an_office_pc_and_axe_finds_nothing_serious(
    boss: Page, site: LiveSite, language: str, after: int
) -> None:
    book_by_staff(site.store, TUESDAY + minutes(after))
    open_day(boss, site, TUESDAY, language)
    boss.locator(ROWS).first.click()
    assert_fits(boss)
    assert serious_faults(boss) == []
    boss.locator("#book-place button").click()
    boss.locator("[name=caller-service]").select_option("contract")
    expect(boss.locator("#caller [name=booking-time]").first).to_be_visible()
    boss.locator("#caller button[type=submit]").click()
    expect(boss.locator("#time-fault")).to_be_visible()
    assert_fits(boss)
    assert boss.locator("#caller").evaluate("e => e.scrollWidth <= e.clientWidth")
    assert serious_faults(boss) == []
    boss.keyboard.press("Escape")


def assert_fits(page: Page) -> None:
    assert whole_size(page) == [1366, 768]
    box = page.locator("#message").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 768


def test_a_manager_sees_the_bookings_and_has_no_acts(browser: Browser, site: LiveSite) -> None:
    book(site.store, WEDNESDAY + minutes(240), phone="+79270000110")
    with watched_page(browser, 1366, 768) as page:
        sign_in(page, site, "maria", "manager")
        open_day(page, site, WEDNESDAY)
        page.locator(ROWS).last.click()
        expect(page.locator(".hand h2")).to_contain_text("12:00 Договор")
        for absent in (ACTS, "#code", "#book-place button"):
            expect(page.locator(absent)).to_have_count(0)
        page.keyboard.press("x")
        page.keyboard.press("n")
        assert commands(page) == []
        expect(page.locator("dialog[open]")).to_have_count(0)
