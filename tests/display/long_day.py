"""Hours of work on one open board, by the page's clock, and what they cost it in memory."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from playwright.sync_api import Page

from tests.display.board_pages import full_board, open_board, text_slide
from tests.display.boards import NOON, row, saying
from tests.display.news_server import NewsServer
from tests.programs import until

STEP_SECONDS = 10  # slides and languages turn at every step
MEGABYTE = 1_000_000
LIMIT = 10 * MEGABYTE
"""What the heap of a page may grow in a day: it stays open for months."""


class LongDay:
    """A board with slides, voice and languages by turns, that gets a call every simulated minute."""

    def __init__(self, page: Page, news: NewsServer) -> None:
        slides = [
            text_slide(),
            text_slide(ru="Второе объявление", kk="Екінші хабарландыру"),
            {"kind": "image", "seconds": 10, "text": {}, "file": "missing.png"},
        ]
        self._page, self._news = page, news
        self._state = full_board("side", ["ru", "kk"], turn_seconds=10, slides=slides, called=[])
        self._minutes = count(1)
        open_board(page, news, self._state)
        self._tools = page.context.new_cdp_session(page)
        self._tools.send("HeapProfiler.enable")

    def pass_hours(self, hours: float) -> None:
        """Let the page live through it: slides and languages turn, each call is shown and said."""
        for _ in range(round(hours * 60)):
            self._minute(next(self._minutes))

    def heap(self) -> int:
        """Bytes in use, after everything that can be let go was let go."""
        for _ in range(2):
            self._tools.send("HeapProfiler.collectGarbage")
        return int(self._tools.send("Runtime.getHeapUsage")["usedSize"])

    def nodes(self) -> int:
        """Elements on the page."""
        return int(self._page.evaluate("document.querySelectorAll('*').length"))

    def _minute(self, minute: int) -> None:
        at = NOON + timedelta(seconds=60 * minute)
        calls: list[dict[str, Any]] = [
            row(
                f"А{number % 1000:03}",
                str(number % 9 + 1),
                called_at=(at - timedelta(minutes=ago)).isoformat(),
            )
            | {"call_id": f"call-{number}", "state": "serving" if ago else "called"}
            for ago, number in enumerate(range(minute, max(0, minute - 6), -1))
        ]
        facts = {"called": calls, "version": minute + 1, "at": at.isoformat(), "waiting": minute}
        self._news.say(saying(calls[0]))
        self._news.tell(self._state | facts)
        # Without heartbeats the page takes its line for dead now and then: it comes back by its own clock.
        until(lambda: self._shows(minute), "the state of this minute")
        for _ in range(60 // STEP_SECONDS):
            self._page.clock.fast_forward(STEP_SECONDS * 1000)

    def _shows(self, minute: int) -> bool:
        self._page.clock.run_for(500)
        return f": {minute}" in self._page.locator("#wait").inner_text()
