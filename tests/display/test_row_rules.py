"""The rule of the called rows: every call is shown long enough to be read, however many come at once.

It is JavaScript and runs here in Chromium, without the page around it, by a clock of numbers.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.display.boards import NOON, row
from tests.display.news_server import NewsServer

pytestmark = pytest.mark.browser
NOW = NOON.timestamp() * 1000
READ = 4.0

SIMULATE = """async ([changes, limits, seconds, step]) => {
  const { nextScreen } = await import("/ui/row_rules.js");
  let entries = [];
  let called = [];
  const seen = [];
  for (let at = 0; at <= seconds + 1e-9; at += step) {
    while (changes.length && changes[0][0] <= at + 1e-9) called = changes.shift()[1];
    const moment = { now: limits.now + at * 1000, tick: 5000 + at * 1000, ...limits.rules };
    const screen = nextScreen(entries, called, moment);
    entries = screen.entries;
    seen.push([at, screen.rows.map(({ number, fresh }) => number + (fresh ? "!" : "")), entries.length]);
  }
  return seen;
}"""


@pytest.fixture
def rules(plain_page: Page, news: NewsServer) -> Page:
    """A blank page from which the rules can be imported."""
    plain_page.goto(f"{news.url}/shared/tokens.css")
    return plain_page


def simulated(
    rules: Page, changes: list[tuple[float, list[dict[str, Any]]]], seconds: float = 0.0, **more: Any
) -> list[tuple[float, list[str], int]]:
    """Every half second: the second, the rows ("!" is fresh) and how many calls are kept in mind."""
    limits = {"rows": 8, "highlightSeconds": 12, "shownSeconds": 20, "speaking": None} | more
    found = rules.evaluate(SIMULATE, [changes, {"now": NOW, "rules": limits}, seconds, 0.5])
    return [tuple(one) for one in found]


def at_once(rules: Page, called: list[dict[str, Any]], **more: Any) -> list[str]:
    return simulated(rules, [(0, called)], **more)[0][1]


def times_of(seen: list[tuple[float, list[str], int]]) -> dict[str, list[float]]:
    """When each number stood on the screen."""
    times: dict[str, list[float]] = {}
    for at, rows, _kept in seen:
        for number in rows:
            times.setdefault(number.rstrip("!"), []).append(at)
    return times


def flood(count: int, within: float, state: str = "called") -> list[tuple[float, list[dict[str, Any]]]]:
    """Changes of the server's list: ``count`` calls evenly ``within`` seconds, newest first."""
    changes, called = [], []
    for n in range(count):
        at = n * within / count
        called = [row(f"А{n:03}", ago=-at, state=state), *called]
        changes.append((at, called))
    return changes


def test_rows_are_fresh_for_the_set_time_and_while_they_are_said(rules: Page) -> None:
    rows = [row("А3", ago=2), row("А2", ago=11), row("А1", ago=21), row("А0", ago=300)]
    assert at_once(rules, rows) == ["А3!", "А2!", "А1", "А0"]
    assert at_once(rules, rows, speaking="call-А0") == ["А3!", "А2!", "А1", "А0!"]


def test_the_newest_call_stands_on_top_in_whatever_order_the_server_lists_them(rules: Page) -> None:
    assert at_once(rules, [row("А1", ago=50), row("А3", ago=30), row("А2", ago=40)]) == ["А3", "А2", "А1"]


def test_a_call_stays_for_its_time_though_its_visitor_was_served_at_once(rules: Page) -> None:
    seen = simulated(rules, [(0, [row("А1", ago=0)]), (1, [])], seconds=30)
    assert max(times_of(seen)["А1"]) == 19.5


def test_a_time_of_zero_still_lets_a_call_be_read(rules: Page) -> None:
    seen = simulated(rules, [(0, [row("А1", ago=0)]), (0.5, [])], seconds=10, shownSeconds=0)
    assert max(times_of(seen)["А1"]) == READ - 0.5


def test_old_rows_gone_from_the_server_are_gone_from_the_board_at_once(rules: Page) -> None:
    seen = simulated(rules, [(0, [row("А1", ago=900)]), (2, [])], seconds=3)
    assert times_of(seen)["А1"] == [0, 0.5, 1, 1.5]


def test_a_number_called_anew_stands_once_with_its_new_point(rules: Page) -> None:
    again = row("А3", "9", ago=-2, call_id="again")
    assert simulated(rules, [(0, [row("А3", ago=6)]), (2, [again])], seconds=2)[-1][1] == ["А3!"]


def test_whose_visitor_has_come_makes_way_for_who_is_still_expected(rules: Page) -> None:
    expected = [row(f"А{n}", ago=300 + n) for n in range(3)]
    served = [row(f"Б{n}", ago=100 + n, state="serving") for n in range(6)]
    shown = at_once(rules, [*served, *expected], rows=5)
    assert shown == ["Б0", "Б1", "А0", "А1", "А2"]


@pytest.mark.parametrize("rows", [1, 3, 6, 8, 12])
@pytest.mark.parametrize("state", ["called", "serving"])
def test_in_a_burst_of_twenty_calls_in_five_seconds_each_is_shown_in_its_turn(
    rules: Page, rows: int, state: str
) -> None:
    seen = simulated(rules, flood(20, 5, state), seconds=5 + 20 / rows * (READ + 0.5) + 5, rows=rows)
    times = times_of(seen)
    assert len(times) == 20
    beginnings = [times[number][0] for number in sorted(times)]
    assert beginnings == sorted(beginnings), "in the order of calls"
    assert all(len(on_screen) * 0.5 >= READ for on_screen in times.values())
    assert all(first[7] - first[0] == 3.5 for first in times.values()), "read without a break"
    assert all(len(shown) <= rows for _at, shown, _kept in seen)


def test_more_visitors_still_expected_than_rows_stand_page_after_page(rules: Page) -> None:
    called = [row(f"А{n:02}", ago=100 + n) for n in range(20)]
    seen = simulated(rules, [(0, called)], seconds=60)
    pages = [shown for _at, shown, _kept in seen]
    changes = [at for (at, shown, _), (_, before, _) in zip(seen[1:], seen, strict=False) if shown != before]
    assert len(times_of(seen)) == 20
    assert all(len(page) == 8 for page in pages)
    assert all(later - earlier >= 6 for earlier, later in pairwise(changes))
    longest_away = 0.0
    for times in times_of(seen).values():
        longest_away = max(longest_away, *(b - a for a, b in zip([0, *times], [*times, 60], strict=True)))
    assert longest_away <= 3 * 6 + 1


def test_a_call_is_on_the_board_at_once_while_pages_turn(rules: Page) -> None:
    called = [row(f"А{n:02}", ago=100 + n) for n in range(20)]
    seen = simulated(rules, [(0, called), (5, [row("Б1", ago=-5), *called])], seconds=15)
    assert times_of(seen)["Б1"][:8] == [5 + 0.5 * n for n in range(8)]


def test_an_hour_of_short_visits_does_not_pile_up(rules: Page) -> None:
    changes = [(float(n), [row(f"А{n}", ago=-n)]) for n in range(0, 3600, 2)]
    seen = simulated(rules, changes, seconds=3600)
    assert len(times_of(seen)) == 1800
    assert max(kept for _at, _shown, kept in seen) <= 12


def test_a_fresh_page_does_not_take_old_calls_for_news(rules: Page) -> None:
    rows = [row(f"А{n}", ago=600 + n, state="serving") for n in range(20)]
    assert not any(number.endswith("!") for number in at_once(rules, rows))
    assert at_once(rules, rows) == [f"А{n}" for n in range(8)]


def test_a_fresh_page_shows_the_call_of_this_moment_before_those_whose_visitors_have_come(
    rules: Page,
) -> None:
    served = [row(f"А{n}", ago=5 + n, state="serving") for n in range(12)]
    assert at_once(rules, [row("Б1", ago=0), *served])[0] == "Б1!"
