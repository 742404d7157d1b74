"""The rules of the page, as tables: which call is stale, which is said next, which rows are shown and fresh.

They are JavaScript and run here in Chromium, without the page around them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.display.boards import NOON, board, row, saying
from tests.display.conftest import Site

pytestmark = pytest.mark.browser
NOW = NOON.timestamp() * 1000


@pytest.fixture
def rules(plain_page: Page, site: Site) -> Page:
    """A blank page of the site, from which the rules can be imported."""
    plain_page.goto(f"{site.url}/healthz")
    return plain_page


def is_stale(rules: Page, announcement: dict[str, Any], view: dict[str, Any] | None, limit: int = 60) -> bool:
    return bool(
        rules.evaluate(
            "async (a) => (await import('/ui/announcement_rules.js')).isStale(...a)",
            [announcement, view, NOW, limit],
        )
    )


MINE = row("А123", ago=20)
OLDER, NEWER = row("А001", ago=40), row("А200", ago=5)
CASES: dict[str, tuple[dict[str, Any] | None, bool]] = {
    "no state known yet": (None, False),
    "still called": (board(NEWER, MINE, OLDER), False),
    "the visitor has come": (board(MINE | {"state": "serving"}), True),
    "called anew since": (board(row("А123", ago=3, call_id="again")), True),
    "the board still has the call before this one": (board(row("А123", ago=50, call_id="first")), False),
    "gone from a board that reaches further back": (board(NEWER, OLDER), True),
    "gone from an empty board": (board(), True),
    "beyond the end of a full board": (board(NEWER, row("А199", ago=8)), False),
    "an older state, from before the call": (board(OLDER, at=NOON - timedelta(seconds=30)), False),
}


@pytest.mark.parametrize("case", CASES)
def test_when_an_announcement_is_stale(rules: Page, case: str) -> None:
    view, stale = CASES[case]
    assert is_stale(rules, saying(MINE), view) is stale


@pytest.mark.parametrize(("ago", "stale"), [(0, False), (59, False), (60, False), (61, True), (3600, True)])
def test_an_announcement_older_than_the_limit_is_stale(rules: Page, ago: int, stale: bool) -> None:
    called = row("А123", ago=ago)
    assert is_stale(rules, saying(called), board(called)) is stale


def taken(rules: Page, offered: list[dict[str, Any]], view: dict[str, Any], spoken: list[str]) -> list[str]:
    script = """async ([offered, view, now, spoken]) => {
      const { makeQueue } = await import("/ui/announcement_rules.js");
      const queue = makeQueue(60, (id) => spoken.includes(id));
      queue.offer(offered);
      const taken = [];
      for (let next = queue.next(view, now); next; next = queue.next(view, now)) taken.push(next.number);
      return taken;
    }"""
    return list(rules.evaluate(script, [offered, view, NOW, spoken]))


def test_calls_are_taken_in_the_order_of_calls_each_once_without_stale_or_said_ones(rules: Page) -> None:
    rows = [row(f"А{n}", ago=n) for n in (10, 20, 30, 40, 90)]
    offered = [
        saying(rows[1]),
        saying(rows[0]),
        saying(rows[3]),
        saying(rows[1]),
        saying(rows[2]),
        saying(rows[4]),
    ]
    view = board(rows[0], rows[1], rows[2] | {"state": "serving"}, *rows[3:])
    assert taken(rules, offered, view, spoken=[]) == ["А40", "А20", "А10"]
    assert taken(rules, offered, view, spoken=["call-А20"]) == ["А40", "А10"]


def test_a_burst_of_twenty_calls_is_said_whole_though_the_board_lists_eight(rules: Page) -> None:
    rows = [row(f"А{n:03}", ago=20 - n) for n in range(20)]
    view = board(*reversed(rows[12:]))
    assert taken(rules, [saying(one) for one in rows], view, spoken=[]) == [one["number"] for one in rows]


def test_a_state_implies_the_announcements_of_its_called_rows(rules: Page) -> None:
    view = board(MINE, OLDER | {"state": "serving"}, voice_languages=["kk", "ru"])
    script = "async (view) => (await import('/ui/announcement_rules.js')).impliedBy(view)"
    expected = saying(MINE, languages=["kk", "ru"])
    del expected["office"]
    assert rules.evaluate(script, view) == [expected]


def shown(
    rules: Page, called: list[dict[str, Any]], before: list[dict[str, Any]], speaking: str | None = None
) -> list[str]:
    script = """async ([called, before, now, speaking]) => {
      const { rowsToShow } = await import("/ui/row_rules.js");
      const rows = rowsToShow(called, before, now, 12, speaking);
      return rows.map(({ number, fresh }) => number + (fresh ? "!" : ""));
    }"""
    return list(rules.evaluate(script, [called, before, NOW, speaking]))


def test_rows_are_fresh_for_the_set_time_and_while_they_are_said(rules: Page) -> None:
    rows = [row("А3", ago=2), row("А2", ago=11), row("А1", ago=12), row("А0", ago=300)]
    assert shown(rules, rows, []) == ["А3!", "А2!", "А1", "А0"]
    assert shown(rules, rows, [], speaking="call-А0") == ["А3!", "А2!", "А1", "А0!"]


def test_a_fresh_call_stays_to_be_seen_though_the_server_let_it_go(rules: Page) -> None:
    quick, old, other = row("А3", ago=2), row("А2", ago=30), row("А1", ago=5)
    assert shown(rules, [other], [quick, old, other]) == ["А3!", "А1!"]


def test_a_call_made_anew_replaces_its_old_row(rules: Page) -> None:
    again = row("А3", ago=0, call_id="again")
    assert shown(rules, [again], [row("А3", ago=6)]) == ["А3!"]


def test_a_flood_of_short_visits_does_not_pile_up(rules: Page) -> None:
    flood = [row(f"А{n:03}", ago=n / 100) for n in range(500)]
    assert len(shown(rules, [], flood)) == 12
