"""Pages drawn by the server: start, sign-in, figures, problem."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.moments import resize, wait_until_run, whole_size
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser


def test_a_month_without_visits_says_no_data_and_never_zero(page: Page, stub: StubServer) -> None:
    page.goto(f"{stub.url}/figures")
    company = page.locator("table").first
    december = company.get_by_role("row").filter(has_text="Декабрь")
    expect(december.locator("td").nth(0)).to_have_text("нет данных")
    expect(december.locator("td").nth(1)).to_have_text("нет данных")
    january = company.get_by_role("row").filter(has_text="Январь")
    expect(january.locator("td").nth(0)).to_have_text("7,9")
    expect(january.locator("td").nth(2)).to_have_text("937")


def test_an_office_where_nobody_was_served_has_a_sentence_and_no_chart(page: Page, stub: StubServer) -> None:
    page.goto(f"{stub.url}/figures")
    empty = page.locator("section.part").last
    expect(empty.locator(".says")).to_have_text("Нет данных: в 2026 году никого не обслужили.")
    expect(empty.locator("svg")).to_have_count(0)


def test_each_chart_says_what_it_shows_and_draws_a_bar_per_known_value(page: Page, stub: StubServer) -> None:
    page.goto(f"{stub.url}/figures")
    part = page.locator("section.part").first
    expect(part.locator(".says")).to_contain_text("от 6,2 мин (апрель) до 11,3 мин")
    expect(part.locator("svg rect")).to_have_count(20)


def test_minutes_have_a_point_in_english_and_a_comma_in_kazakh(page: Page, stub: StubServer) -> None:
    for language, text in (("en", "7.9"), ("kk", "7,9")):
        page.goto(f"{stub.url}/figures?language={language}")
        expect(page.locator("table tbody td").first).to_have_text(text)


def test_an_administrator_opens_an_office_round_the_clock(page: Page, stub: StubServer) -> None:
    stub.person = {"login": "admin", "role": "administrator"}
    page.goto(stub.url)
    wait_until_run(page, "/static/start.js")
    # A click, not check(): the stub does not change, so check() would find it unchecked and press again.
    with page.expect_response("**/reception"):
        page.get_by_label("Открыто круглосуточно").first.click()
    ((path, body, headers),) = stub.posts
    assert (path, body) == ("offices/zarechny/reception", {"mode": "always_open"})
    assert headers["X-Csrftoken"] == "csrf-of-test"


def test_others_see_the_reception_as_a_state_without_a_switch(page: Page, stub: StubServer) -> None:
    stub.person = None
    page.goto(stub.url)
    expect(page.locator(".reception-now").first).to_have_text("Приём: по расписанию")
    expect(page.get_by_role("radio")).to_have_count(0)


def test_the_language_switch_keeps_the_rest_of_the_address(page: Page, stub: StubServer) -> None:
    page.goto(f"{stub.url}/figures?year=2026")
    page.get_by_role("link", name="Қазақша").click()
    expect(page).to_have_url(f"{stub.url}/figures?language=kk&year=2026")


def test_a_closed_office_says_when_it_opens_by_its_own_clock(page: Page, stub: StubServer) -> None:
    page.goto(stub.url)
    expect(page.locator(".state").last).to_contain_text("08:00")
    expect(page.locator(".state").last).to_contain_text("2 марта")
    page.goto(f"{stub.url}/?language=kk")
    expect(page.locator(".state").last).to_contain_text("02.03.2026, 08:00")


def test_a_wrong_password_is_told_in_words(page: Page, stub: StubServer) -> None:
    page.goto(f"{stub.url}/sign-in?error=wrong")
    expect(page.get_by_role("alert")).to_contain_text("Неверный логин или пароль")
    expect(page.get_by_label("Логин")).to_be_focused()


@pytest.mark.parametrize("path", ["/?", "/sign-in?error=wrong&", "/figures?", "/problem?"])
def test_the_page_fits_phone_and_desktop_and_is_accessible(page: Page, stub: StubServer, path: str) -> None:
    stub.person = {"login": "admin", "role": "administrator"}
    for language in ("ru", "kk", "en"):
        for width in (360, 1366):
            resize(page, width, 768)
            page.goto(f"{stub.url}{path}language={language}")
            assert whole_size(page)[0] == width, (language, width)
    assert serious_faults(page) == []
