"""The manager's pages in a browser: today keeps itself true; a period has charts, tables, paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.actions import visits
from server.config import TalonSettings
from server.db.store import Store
from server.domain.kept_sums import changes_at_end, changes_at_issue
from server.web.app import Web, create_web
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.moments import resize, whole_size
from tests.builders import Clock, a_served_visit, a_store, add_person
from tests.conftest import watched_page
from tests.local_server import LocalServer

pytestmark = pytest.mark.browser

PHONE, PC = (360, 740), (1366, 768)
PERIOD = "/figures/period?from=2026-02&to=2026-03"
ANOMALIES = "/figures/anomalies?office=north&month=2026-03"


@dataclass
class Company:
    """A server with the company of the tests behind it, and a manager's page signed in there."""

    store: Store
    clock: Clock
    web: Web
    page: Page
    url: str

    def take(self) -> None:
        """A visitor of the north office takes a ticket, and the screens hear of it."""
        with self.store.write("north", "kiosk") as uow:
            visits.issue_ticket(uow, "contract", language="ru", category=None)
        self.web.push.announce("north")


@pytest.fixture(scope="module")
def company(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder: Path = tmp_path_factory.mktemp("company")
    clock = Clock()
    store = a_store(f"sqlite:///{folder}/talon.sqlite", clock)
    add_person(store, "olga", "manager")
    settings = TalonSettings.model_validate({"server": {"state_folder": str(folder / "state")}})
    web = create_web(settings, store, lambda: None, async_mode="threading")
    server = LocalServer(web.app)
    web.push.start()
    keep_history(store)
    with watched_page(browser, *PC) as page:
        made = Company(store, clock, web, page, server.url)
        page.goto(f"{made.url}/sign-in?language=ru")
        page.fill("[name=login]", "olga")
        page.fill("[name=password]", "password")
        page.click("main button")
        expect(page).to_have_url(f"{made.url}/today")
        yield made
        # The sockets of a page that is gone end before their server does.
        page.goto("about:blank")
    web.push.stop()
    server.close()
    store.engine.dispose()


def keep_history(store: Store) -> None:
    """Two months of visits at several hours, some of them over the limit."""
    with store.write("north", "test") as uow:
        for day in (date(2026, 2, 3), date(2026, 3, 2)):
            for hour in range(6, 14):
                for minute in range(0, 55, 5):
                    joined = datetime.combine(day, time(hour, minute), UTC)
                    came = {"issued_at": joined, "joined_at": joined, "day": day, "limit_seconds": 1800}
                    started = joined + timedelta(seconds=(hour - 5) * minute * 6)
                    visit = a_served_visit(0, 300 + minute, started_at=started, **came)
                    uow.sums.add(changes_at_issue(visit))
                    uow.sums.add(changes_at_end(visit, uow.office.zone))


def look_again(page: Page) -> None:
    """What a manager does who comes back to the tab: the page takes its state anew at once."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def test_the_company_keeps_itself_true_and_leaves_who_reads_where_they_are(company: Company) -> None:
    page = company.page
    page.goto(f"{company.url}/today?language=ru")
    waiting = page.locator(".tiles div").first.locator(".value")
    before = int(waiting.inner_text())
    page.locator("a[href='/today?office=north']").last.focus()
    company.take()
    company.clock.forward(seconds=6)
    look_again(page)
    expect(waiting).to_have_text(str(before + 1))
    expect(page.locator("a[href='/today?office=north']").last).to_be_focused()
    expect(page.locator("#seen")).to_be_visible()


def test_one_office_hears_of_each_change(company: Company) -> None:
    page = company.page
    page.goto(f"{company.url}/today?office=north&language=ru")
    waiting = page.locator(".tiles div").first.locator(".value")
    before = int(waiting.inner_text())
    company.take()
    expect(waiting).to_have_text(str(before + 1))


def test_without_contact_it_says_so_until_there_is_contact(company: Company) -> None:
    page = company.page
    page.goto(f"{company.url}/today?language=ru")
    page.context.set_offline(True)
    look_again(page)
    expect(page.locator("#lost")).to_be_visible()
    page.context.set_offline(False)
    look_again(page)
    expect(page.locator("#lost")).to_be_hidden()


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("path", ["/today", "/today?office=north", PERIOD, ANOMALIES])
def test_it_fits_an_office_pc_and_a_phone_and_is_accessible(
    company: Company, path: str, language: str
) -> None:
    page = company.page
    for size in (PC, PHONE):
        resize(page, *size)
        page.goto(f"{company.url}{path}{'&' if '?' in path else '?'}language={language}")
        if path == PERIOD:
            expect(page.locator("[data-chart] canvas").first).to_be_visible()
        assert whole_size(page)[0] == size[0]
        assert serious_faults(page) == []
    resize(page, *PC)


def test_a_chart_stands_for_its_table_which_is_one_touch_away(company: Company) -> None:
    page = company.page
    page.goto(f"{company.url}{PERIOD}&language=en")
    for key in ("months", "waits"):
        part = page.locator(f"section[aria-labelledby={key}]")
        expect(part.locator("[data-chart] canvas")).to_be_visible()
        expect(part.locator("table")).to_be_hidden()
        part.locator("summary").click()
        expect(part.locator("table")).to_be_visible()
    cells = page.locator("section[aria-labelledby=months] tbody tr").first.locator("td")
    for column, text in ((0, "11.3"), (2, "88"), (3, "88")):
        expect(cells.nth(column)).to_have_text(text)
    heat = page.locator("table.heat tbody tr").first
    expect(heat.locator("th")).to_have_text("Monday")
    expect(heat.locator("td").first).to_have_text(re.compile(r"^\s*2\.5\s*11\s*$"))


def test_on_paper_there_are_tables_and_nothing_to_press(company: Company) -> None:
    page = company.page
    page.goto(f"{company.url}{PERIOD}&language=ru")
    expect(page.locator("[data-chart=months] canvas")).to_be_visible()
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("section[aria-labelledby=months] table")).to_be_visible()
    for gone in ("form.asked", "nav.manager", "[data-chart=months]", ".period-head .files"):
        expect(page.locator(gone)).to_be_hidden()
    page.emulate_media(media="screen")


def test_without_a_script_all_figures_are_there(company: Company, browser: Browser) -> None:
    state = company.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{company.url}{PERIOD}&language=ru")
    for key in ("months", "waits", "hours", "services", "offices", "operators", "desks", "summary"):
        expect(page.locator(f"section[aria-labelledby={key}] table").first).to_be_visible()
    expect(page.locator("[data-chart=months]")).to_be_hidden()
    page.goto(f"{company.url}/today?language=ru")
    expect(page.locator("section[aria-labelledby=offices] tbody tr")).to_have_count(2)
    context.close()


def test_the_choice_is_made_by_the_form_and_kept_in_the_address(company: Company) -> None:
    page = company.page
    page.goto(f"{company.url}{PERIOD}&language=en")
    page.locator(".offices summary").click()
    page.get_by_label("North").check()
    page.get_by_label("Юг").check()
    page.select_option("[name=service]", "cash")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(
        f"{company.url}/figures/period?from=2026-02&to=2026-03&office=north%2Csouth&service=cash"
    )
    expect(page.locator("[name=service]")).to_have_value("cash")
    expect(page.locator(".offices summary")).to_have_text("2 offices chosen")
