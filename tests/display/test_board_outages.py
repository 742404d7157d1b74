"""Breaks of contact and bursts of calls, by the page's own clock: right again within two seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.display.board_pages import ROWS, clock_of, full_board, open_board, seconds, tickets
from tests.display.boards import NOON, board, row
from tests.display.news_server import NewsServer
from tests.programs import until

pytestmark = pytest.mark.browser
BACK_SECONDS = 2.0
STEP = 0.05
FAKE_SOUND = Path(__file__).with_name("fake_sound.js")


@pytest.fixture
def page(plain_page: Page) -> Page:
    plain_page.add_init_script(path=FAKE_SOUND)
    return plain_page


@pytest.fixture
def started(news: NewsServer) -> Iterator[Callable[..., NewsServer]]:
    """Starts the news server again, on the port it had."""
    servers = []

    def start(**more: object) -> NewsServer:
        servers.append(NewsServer(port=news.port, **more))  # type: ignore[arg-type]
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def until_it_asks(page: Page, opened: list[object]) -> float:
    """Let the clock run until the page tries to connect; the seconds that took."""
    before, began = len(opened), clock_of(page)
    while len(opened) == before:
        seconds(page, STEP, STEP)
        assert clock_of(page) - began <= BACK_SECONDS
    return clock_of(page) - began


@pytest.mark.parametrize("gone", [1, 60, 3600])
def test_after_a_restart_of_the_server_the_board_has_its_state_within_two_seconds(
    page: Page, news: NewsServer, started: Callable[..., NewsServer], gone: int
) -> None:
    opened: list[object] = []
    with page.expect_websocket() as connection:
        open_board(page, news, board(row("А1", ago=90), row("А2", ago=95), waiting=2))
    page.on("websocket", lambda one: opened.append(one))
    with connection.value.expect_event("close"):
        news.close()
    if gone > 1:
        page.clock.fast_forward(gone * 1000)
        seconds(page, 3)
        expect(page.locator("#contact")).to_contain_text("Нет связи")
        assert tickets(page) == ["А1", "А2"], "the last state is kept"
    at = NOON + timedelta(seconds=gone + 60)
    rows = [row("А9", called_at=(at - timedelta(seconds=40)).isoformat(), state="serving"), row("А2", ago=95)]
    started(state=board(*rows, version=1, at=at, waiting=7))
    until_it_asks(page, opened)
    expect(page.locator("#wait")).to_contain_text("7")
    assert tickets(page) == ["А9", "А2"]
    expect(page.locator("#contact")).to_be_hidden()
    expect(page.locator("#clock")).to_have_text(f"{at.hour + 3:02}:{at.minute:02}")


def test_a_short_break_is_nobodys_business(page: Page, news: NewsServer) -> None:
    with page.expect_websocket() as connection:
        open_board(page, news, board(row("А1", ago=90)))
    with connection.value.expect_event("close"):
        news.cut()
    news.restore()
    seconds(page, 1.5, STEP)
    until(lambda: len(news.followed) == 2, "the page being back")
    expect(page.locator("#contact")).to_be_hidden()


def test_calls_made_while_contact_was_lost_are_all_shown(page: Page, news: NewsServer) -> None:
    opened: list[object] = []
    with page.expect_websocket() as connection:
        open_board(page, news, board(row("А1", ago=90)))
    page.on("websocket", lambda one: opened.append(one))
    at = NOON + timedelta(seconds=50)
    calls = [row(f"Б{n:02}", ago=-45 + n) for n in range(9)]
    news.state = board(*calls, row("А1", ago=90), version=2, at=at, rows=4, waiting=9)
    with connection.value.expect_event("close"):
        news.cut()
    news.restore()
    until_it_asks(page, opened)
    expect(page.locator("#wait")).to_contain_text("9")
    shown = set()
    for _ in range(40):
        shown.update(tickets(page))
        seconds(page, 0.5)
    assert shown == {"А1", *(f"Б{n:02}" for n in range(9))}


@pytest.mark.parametrize(
    ("layout", "short", "width", "height"),
    [("side", True, 1920, 1080), ("side", False, 1920, 1080), ("slides", True, 1080, 1920)],
)
def test_of_twenty_calls_in_five_seconds_each_can_be_read(
    page: Page, news: NewsServer, layout: str, short: bool, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    empty = full_board(layout, ["ru"], called=[], demonstration=False)
    open_board(page, news, empty)
    began = clock_of(page)
    on_screen: dict[str, int] = {}
    whole = "all => all.every((e) => e.getBoundingClientRect().bottom <= innerHeight + 1)"
    calls: list[dict[str, object]] = []
    for tick in range(4 * 40):
        if tick < 20:
            now = NOON + timedelta(seconds=clock_of(page) - began)
            call = row(f"А{tick:03}", str(tick + 1), called_at=now.isoformat())
            # Short visits: the operator starts, and the server has forgotten the call after a second.
            calls = [call, *(calls[:3] if short else calls)]
            facts = {"called": calls, "version": tick + 2, "at": now.isoformat(), "waiting": tick + 200}
            news.tell(empty | facts)
            expect(page.locator("#wait")).to_contain_text(str(tick + 200))
        seconds(page, 0.25, 0.25)
        for number in tickets(page):
            on_screen[number] = on_screen.get(number, 0) + 1
        assert page.locator(ROWS).evaluate_all(whole)
    assert sorted(on_screen) == [f"А{n:03}" for n in range(20)]
    assert min(on_screen.values()) * 0.25 >= 3
