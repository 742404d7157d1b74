"""The booking pages in Chromium: phone and desktop, without JavaScript, by keyboard, twice the text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser_pages.booking_site import BookingSite
from tests.browser_pages.company_site import CompanySite
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.moments import (
    remember_answers,
    resize,
    start_clock,
    stop_clock,
    wait_until_read,
    whole_size,
)
from tests.conftest import watched_page

pytestmark = pytest.mark.browser

# Nobody books twice: every test of the file has a phone and a time of its own.
people = count(10)
times = count(0)

TWICE_THE_TEXT = """() => {
  const all = [...document.body.querySelectorAll("*")];
  const sizes = all.map((one) => parseFloat(getComputedStyle(one).fontSize));
  all.forEach((one, at) => { one.style.fontSize = `${2 * sizes[at]}px`; });
}"""


@pytest.fixture(scope="module")
def company() -> Iterator[CompanySite]:
    with CompanySite() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, company: CompanySite) -> Iterator[BookingSite]:
    folder = tmp_path_factory.mktemp("booking")
    with BookingSite(folder, frame_from=(company.url,), public_percent=100, staff_percent=0) as started:
        yield started


def go_on(page: Page, where: Locator) -> None:
    """Press what leads to another page, and wait for it with its scripts: who is quicker has none."""
    with page.expect_navigation():
        where.click()


def choose_service_and_day(page: Page) -> None:
    go_on(page, page.locator(".choice").first)
    go_on(page, page.locator(".day.free a").nth(1))


def choose_time(page: Page) -> None:
    go_on(page, page.locator(".slots button").nth(next(times)))


def fill_in(page: Page) -> None:
    page.locator("#name").fill("Иванов И. И.")
    page.locator("#phone").fill(f"+7 927 000-00-{next(people)}")
    page.locator("#consent").check()
    go_on(page, page.locator("form.card button.primary"))


def state_of(site: BookingSite, link: str) -> tuple[str, str]:
    with site.store.write("north", "test") as uow:
        found = uow.bookings.by_link(link)
    return str(found.state), found.channel


def test_a_phone_without_javascript_books_moves_and_cancels(browser: Browser, site: BookingSite) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site.url}/book?language=ru")
    expect(page.get_by_role("heading", level=1)).to_have_text("Что вам нужно?")
    choose_service_and_day(page)
    expect(page.locator(".summary")).to_contain_text("Вторник, 3 марта")
    expect(page.locator(".zone")).to_contain_text("Москва, UTC+3")
    choose_time(page)
    go_on(page, page.locator("form.card button.primary"))
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#name")).to_have_accessible_description(
        "Напишите имя или инициалы, не больше 80 букв. Как к вам обращаться. Паспорт и лицевой счёт не нужны."
    )
    fill_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Вы записаны")
    expect(page.get_by_role("img", name="QR-код записи")).to_be_visible()
    go_on(page, page.get_by_role("link", name="Перенести на другое время"))
    go_on(page, page.locator(".day.free a").nth(2))
    choose_time(page)
    expect(page.locator(".summary")).to_contain_text("Среда, 4 марта")
    go_on(page, page.get_by_role("link", name="Отменить запись"))
    go_on(page, page.get_by_role("button", name="Да, отменить"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Запись отменена")
    assert context.cookies() == []
    context.close()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has these words has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        there = page.evaluate("() => document.activeElement.textContent || document.activeElement.id")
        if words in " ".join(there.split()):
            return
    raise AssertionError(f"the keyboard does not reach {words}")


def go_on_by_key(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_the_keyboard_alone_books(page: Page, site: BookingSite) -> None:
    page.goto(f"{site.url}/book/north?language=ru")
    tab_to(page, "Договор энергоснабжения")
    go_on_by_key(page, "Enter")
    expect(page.locator(".days")).to_be_visible()
    tab_to(page, "4 марта")
    go_on_by_key(page, "Enter")
    expect(page.locator(".slots").first).to_be_visible()
    tab_to(page, "10:30")
    go_on_by_key(page, "Space")
    expect(page.locator("#name")).to_be_visible()
    for field, text in (("name", "Анна"), ("email", "anna@mail.example")):
        tab_to(page, field)
        assert page.locator(f"#{field}").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        page.keyboard.type(text)
    tab_to(page, "consent")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    go_on_by_key(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Вы записаны")
    expect(page.locator(".summary")).to_contain_text("Среда, 4 марта, 10:30–10:45")


def all_pages(page: Page, site: BookingSite, language: str) -> Iterator[str]:
    """Every page of a booking in turn, by what it is."""
    page.goto(f"{site.url}/book/north?language={language}")
    yield "services"
    page.goto(f"{site.url}/book/north/count?service=contract&language={language}")
    yield "count"
    page.goto(f"{site.url}/book/north?service=contract&language={language}")
    yield "days"
    go_on(page, page.locator(".day.free a").nth(1))
    yield "times"
    choose_time(page)
    yield "details"
    go_on(page, page.locator("form.card button.primary"))
    yield "faults"
    fill_in(page)
    yield "booked"
    go_on(page, page.locator("a[href*='/cancel']"))
    yield "cancel"
    go_on(page, page.locator("button.danger"))
    yield "over"


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_page_fits_phone_and_desktop_also_with_twice_the_text(
    page: Page, site: BookingSite, language: str
) -> None:
    titles = set()
    for name in all_pages(page, site, language):
        titles.add(page.title())
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        for width, height in ((1366, 768), (360, 740)):
            resize(page, width, height)
            assert whole_size(page)[0] == width, (name, width)
        if language == "kk":
            assert serious_faults(page) == [], name
        page.evaluate(TWICE_THE_TEXT)
        assert whole_size(page)[0] == 360, name
        resize(page, 1366, 768)
    assert len(titles) == 9, "every page has a title of its own"


def test_the_calendar_stands_in_weeks_on_a_desktop_and_in_a_list_on_a_phone(
    page: Page, site: BookingSite
) -> None:
    page.goto(f"{site.url}/book/north?service=contract&language=en&from=2026-03-04")
    assert whole_size(page)[0] == 1366
    first, sunday, monday = (page.locator(".day").nth(n).bounding_box() for n in (0, 4, 5))
    assert first
    assert sunday
    assert monday
    assert first["y"] == sunday["y"] < monday["y"]
    assert monday["x"] < first["x"] < sunday["x"]
    resize(page, 360, 740)
    assert len({box["x"] for one in page.locator(".day").all() if (box := one.bounding_box())}) == 1


def test_the_zone_is_named_to_whoever_lives_by_another_clock(browser: Browser, site: BookingSite) -> None:
    for zone, shown in (("Europe/Moscow", False), ("Asia/Almaty", True)):
        context = browser.new_context(timezone_id=zone)
        page = context.new_page()
        page.goto(f"{site.url}/book/north?service=contract&day=2026-03-04&language=en")
        line = page.locator(".zone")
        (expect(line).to_be_visible if shown else expect(line).to_be_hidden)()
        context.close()


def test_the_page_tells_when_a_hold_nears_its_end_and_when_it_is_over(page: Page, site: BookingSite) -> None:
    remember_answers(page)
    start_clock(page)
    page.goto(f"{site.url}/book/north?language=ru")
    choose_service_and_day(page)
    stop_clock(page)
    choose_time(page)
    wait_until_read(page, "/words/web.ru.json")
    left = page.locator(".hold .left")
    page.clock.run_for(2_000)
    expect(left).to_be_empty()
    page.clock.fast_forward("08:28")
    expect(left).to_have_text("Осталось 2 минуты.")
    page.clock.fast_forward("01:31")
    expect(left).to_have_text("Время вышло: выберите время ещё раз.")


def test_the_browser_does_the_work_the_office_wants_and_the_visitor_only_presses_a_time(
    browser: Browser, tmp_path: Path
) -> None:
    with BookingSite(tmp_path, proof_of_work=True) as site, watched_page(browser, 360, 740) as page:
        page.goto(f"{site.url}/book/north?language=ru")
        choose_service_and_day(page)
        with page.expect_request(lambda sent: sent.method == "POST") as posted:
            page.locator(".slots button").first.click()
        assert "proof=ey" in str(posted.value.post_data)
        expect(page.locator("#name")).to_be_visible()
        with site.store.read() as connection:
            assert connection.exec_driver_sql("SELECT COUNT(*) FROM spent_proof").scalar_one() == 1


def test_the_widget_books_inside_a_page_of_another_origin(
    page: Page, site: BookingSite, company: CompanySite
) -> None:
    company.widget = site.url
    page.goto(company.url)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Сізге не керек?")
    frame.locator(".choice").first.click()
    frame.locator(".day.free a").nth(1).click()
    expect(frame.locator(".slots").first).to_be_visible()
    inner = page.frames[1]
    inner.wait_for_load_state()
    # The frame is as high as its page: nothing is cut, nothing scrolls inside.
    inner.wait_for_function("() => innerHeight >= document.body.scrollHeight && innerHeight > 700")
    frame.locator(".slots button").nth(next(times)).click()
    frame.locator("#name").fill("Анна")
    frame.locator("#phone").fill(f"+7 927 000-00-{next(people)}")
    frame.locator("#consent").check()
    frame.locator("form.card button.primary").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Сіз жазылдыңыз")
    inner.wait_for_function("() => innerHeight >= document.body.scrollHeight && innerHeight < 1500")
    link = inner.url.split("/b/")[1].split("?")[0]
    assert state_of(site, link) == ("booked", "widget")
    expect(page.get_by_text("Below")).to_be_visible()
    assert page.context.cookies() == []


def test_a_site_that_the_settings_do_not_name_frames_nothing(browser: Browser, site: BookingSite) -> None:
    context = browser.new_context()
    page = context.new_page()
    with CompanySite() as stranger:
        stranger.widget = site.url
        page.goto(stranger.url)
        expect(page.locator("iframe")).to_be_attached()
        with page.expect_event("console", lambda line: "frame-ancestors" in line.text):
            page.reload()
        expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)
    context.close()
