"""A board left open for months loads itself anew after an update, and not in the middle of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.display.board_pages import open_board, seconds, tickets
from tests.display.boards import board, row
from tests.display.news_server import NewsServer

pytestmark = pytest.mark.browser
MINUTE = 60_000
COUNT_QUESTIONS = """{
    window.asking = 0;
    const fetch = window.fetch;
    window.fetch = (address, options) => {
        window.asking += 1;
        return fetch(address, options).finally(() => (window.asking -= 1));
    };
}"""


class Files:
    """Answers the page's question for its files; the test says which version they are."""

    def __init__(self, page: Page, news: NewsServer) -> None:
        self.version = "1"
        self.status = 200
        self.loads = 0
        page.add_init_script(path=Path(__file__).with_name("fake_sound.js"))
        page.route("**/*", self._answer)
        page.add_init_script(COUNT_QUESTIONS)
        page.on("framenavigated", lambda _frame: setattr(self, "loads", self.loads + 1))
        open_board(page, news, board(row("А1", ago=300)))
        seconds(page, 45)
        page.wait_for_function("window.asking === 0")  # the page has the marks of its own files
        self.loads = 0

    def _answer(self, route: Route) -> None:
        if route.request.method == "HEAD":
            route.fulfill(status=self.status, headers={"ETag": self.version})
        else:
            route.fallback()


def let_minutes_pass(page: Page, files: Files, minutes: int) -> None:
    for _ in range(minutes):
        if files.loads:
            return
        page.clock.fast_forward(MINUTE)
        page.wait_for_function("window.asking === 0")  # answers come by real time


def test_an_updated_board_loads_itself_anew(plain_page: Page, news: NewsServer) -> None:
    files = Files(plain_page, news)
    let_minutes_pass(plain_page, files, 130)
    assert files.loads == 0, "nothing was updated"
    files.version = "2"
    let_minutes_pass(plain_page, files, 70)
    expect(plain_page.locator("#office")).not_to_be_empty()
    assert files.loads == 1
    assert tickets(plain_page) == ["А1"]


def test_a_site_that_does_not_answer_is_not_loaded(plain_page: Page, news: NewsServer) -> None:
    files = Files(plain_page, news)
    files.version, files.status = "2", 503
    let_minutes_pass(plain_page, files, 130)
    assert files.loads == 0
    assert tickets(plain_page) == ["А1"]
