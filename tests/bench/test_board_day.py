"""Twenty-four simulated hours on one board page: how much its heap has grown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import watched_page
from tests.display import boards
from tests.display.long_day import LIMIT, MEGABYTE, LongDay
from tests.display.news_server import NewsServer

FAKE_SOUND = Path(boards.__file__).with_name("fake_sound.js")


@pytest.fixture
def news() -> Iterator[NewsServer]:
    """A server with an empty board."""
    server = NewsServer(boards.board())
    yield server
    server.close()


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_a_day_on_one_page(browser: Browser, news: NewsServer) -> None:
    with watched_page(browser, 1920, 1080) as page:
        page.add_init_script(path=FAKE_SOUND)
        day = LongDay(page, news)
        day.pass_hours(1)
        heap, nodes = day.heap(), day.nodes()
        print("\nHeap of the board page, MB (elements on the page)")
        for hours in range(4, 25, 4):
            day.pass_hours(4)
            print(f"  after {hours:2} h  {day.heap() / MEGABYTE:.2f}  ({day.nodes()})")
        grown = day.heap() - heap
        print(f"  grown in 24 h: {grown / MEGABYTE:.2f}, limit {LIMIT / MEGABYTE:.0f}")
        assert grown < LIMIT
        assert day.nodes() <= nodes + 20
