"""From call-next answered to the number painted on the board in Chromium, by the real display program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.bench.tables import Measured, print_table
from tests.programs import Caller, Program, Programs
from tests.working_company import OFFICE, WorkingCompany

CALLS = 60
WARM_UP = 5
PACE_SECONDS = 1.0
"""A call each second: a busy hall. Faster, rows of calls just made would fill the board as never in life."""
LIMIT = 0.150

# `data-call-id` comes to a row once it has been painted.
REMEMBER_PAINTED = """() => {
  window.painted = {};
  const look = (row) => {
    const number = row.querySelector(".ticket")?.textContent;
    if (number && row.dataset.callId) window.painted[number] ??= performance.timeOrigin + performance.now();
  };
  new MutationObserver((changes) => changes.forEach(({ target }) => look(target))).observe(
    document.getElementById("rows"), { subtree: true, attributes: true, attributeFilter: ["data-call-id"] });
}"""


@pytest.mark.bench
def test_call_next_to_the_painted_number(
    programs: Programs,
    server: Program,
    company: WorkingCompany,
    sockets: int,
    start_chromium: Callable[..., Browser],
) -> None:
    to_paint, from_press, to_answer = [], [], []
    display = programs.display(server, company.devices["display"], OFFICE)
    browser = start_chromium("--autoplay-policy=no-user-gesture-required")
    board = browser.new_page(viewport={"width": 1920, "height": 1080})
    board.goto(display.url)
    with Caller(server.url, company.devices["kiosk"]) as kiosk:
        for _ in range(WARM_UP + CALLS):
            assert kiosk.post(f"offices/{OFFICE}/tickets", {"service": "contract"}).status_code == 201
    operators = [(desk, Caller(server.url, token)) for desk, token in company.operators]
    for desk, operator in operators:
        assert operator.post(f"desks/{desk}/open").status_code == 200
    board.locator("#next li.number").first.wait_for()
    board.evaluate(REMEMBER_PAINTED)
    ahead = clock_difference(board)

    pace = threading.Event()
    for turn in range(WARM_UP + CALLS):
        desk, operator = operators[turn % len(operators)]
        began = time.monotonic()
        pressed = time.time()
        answer = operator.post(f"desks/{desk}/call-next")
        answered = time.time()
        assert answer.status_code == 200, answer.text
        number = answer.json()["number"]
        board.wait_for_function("(number) => window.painted[number]", arg=number, polling=100)
        painted = board.evaluate("(number) => window.painted[number]", number) / 1000 - ahead
        if turn >= WARM_UP:
            to_paint.append(painted - answered)
            from_press.append(painted - pressed)
            to_answer.append(answered - pressed)
        for act in ("start", "finish"):
            assert operator.post(f"desks/{desk}/{act}").status_code == 200
        pace.wait(max(0.0, began + PACE_SECONDS - time.monotonic()))
    for _desk, operator in operators:
        operator.close()
    browser.close()
    print_table(
        f"Call on the board, {sockets} idle sockets (the browser's clock differed by {ahead * 1000:.2f} ms)",
        [
            Measured("call-next answered → painted", to_paint, LIMIT),
            Measured("call-next sent → painted", from_press),
            Measured("call-next sent → answered", to_answer),
        ],
    )


def clock_difference(page: Page) -> float:
    """How many seconds the page's clock is ahead of ours: the look with the shortest way there and back."""
    looks: list[tuple[float, float]] = []
    for _ in range(30):
        before = time.time()
        there = page.evaluate("() => performance.timeOrigin + performance.now()") / 1000
        after = time.time()
        looks.append((after - before, there - (before + after) / 2))
    return min(looks)[1]
