"""A board that stays open: an hour of calls leaves nothing behind (tests/bench has the whole day)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.display.long_day import LIMIT, LongDay
from tests.display.news_server import NewsServer

pytestmark = pytest.mark.browser
HOURS = 1


@pytest.mark.timeout(600)
def test_hours_of_calls_slides_and_turns_leave_nothing_behind(plain_page: Page, news: NewsServer) -> None:
    plain_page.add_init_script(path=Path(__file__).with_name("fake_sound.js"))
    day = LongDay(plain_page, news)
    day.pass_hours(0.1)
    heap, nodes = day.heap(), day.nodes()
    day.pass_hours(HOURS)
    assert day.heap() - heap < LIMIT * HOURS / 24
    assert day.nodes() <= nodes + 20
