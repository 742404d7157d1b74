"""From call-next sent to the number painted and the first sound, by the real display program in Chromium.

Beside the board as many sockets as in a large hall: half follow the board, half their own ticket by phone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.bench.idle_sockets import idle_sockets
from tests.bench.tables import Measured, print_table
from tests.programs import Caller, Program, Programs, until
from tests.working_company import OFFICE, WorkingCompany

CALLS = 200
WARM_UP = 5
WAITING = 40
PACE_SECONDS = 1.0
"""A call each second: a busy hall. Faster, rows of calls just made would fill the board as never in life."""
SOUND_LIMIT = 1.0

# `data-call-id` comes to a row once it has been painted; a call sounds from the moment its chime is started.
REMEMBER = """() => {
  window.painted = {};
  const look = (row) => {
    const number = row.querySelector(".ticket")?.textContent;
    if (number && row.dataset.callId) window.painted[number] ??= performance.timeOrigin + performance.now();
  };
  new MutationObserver((changes) => changes.forEach(({ target }) => look(target))).observe(
    document.getElementById("rows"), { subtree: true, attributes: true, attributeFilter: ["data-call-id"] });
  window.sounded = [];
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...when) {
    window.sounded.push(performance.timeOrigin + performance.now());
    return start.apply(this, when);
  };
}"""


@pytest.mark.bench
@pytest.mark.parametrize(("sockets", "limit"), [(100, 0.150), (1000, 0.400)])
def test_call_next_to_the_painted_number(
    programs: Programs,
    server: Program,
    company: WorkingCompany,
    sockets: int,
    limit: float,
    start_chromium: Callable[..., Browser],
) -> None:
    to_paint, from_press, to_answer = [], [], []
    display = programs.display(server, company.devices["display"], OFFICE)
    browser = start_chromium("--autoplay-policy=no-user-gesture-required")
    board = browser.new_page(viewport={"width": 1920, "height": 1080})
    board.goto(display.url)
    with Caller(server.url, company.devices["kiosk"]) as kiosk:
        phones = [issue(kiosk) for _ in range(WAITING)]
        operators = [(desk, Caller(server.url, token)) for desk, token in company.operators]
        for desk, operator in operators:
            assert operator.post(f"desks/{desk}/open").status_code == 200
        board.locator("#next li.number").first.wait_for()
        board.evaluate(REMEMBER)
        ahead = clock_difference(board)
        rooms = [room for code in phones for room in (f"board:{OFFICE}", f"ticket:{code}")]
        pace = threading.Event()
        with idle_sockets(server.url, company.devices["display"], rooms, sockets):
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
                # Long before the next call: else it would be the newcomer's news that is measured.
                issue(kiosk)
                pace.wait(max(0.0, began + PACE_SECONDS - time.monotonic()))
    for _desk, operator in operators:
        operator.close()
    browser.close()
    print_table(
        f"Call on the board, {sockets} sockets beside (clocks differed by {ahead * 1000:.2f} ms)",
        [
            Measured("call-next sent → painted", from_press, limit, share=99),
            Measured("call-next answered → painted", to_paint),
            Measured("call-next sent → answered", to_answer),
        ],
    )


@pytest.mark.bench
def test_call_next_to_the_first_sound(
    programs: Programs,
    server: Program,
    company: WorkingCompany,
    start_chromium: Callable[..., Browser],
) -> None:
    to_sound = []
    display = programs.display(server, company.devices["display"], OFFICE)
    browser = start_chromium("--autoplay-policy=no-user-gesture-required")
    board = browser.new_page(viewport={"width": 1920, "height": 1080})
    board.goto(display.url)
    desk, token = company.operators[0]
    with Caller(server.url, company.devices["kiosk"]) as kiosk, Caller(server.url, token) as operator:
        operator.post(f"desks/{desk}/open")
        issue(kiosk)
        board.locator("#next li.number").first.wait_for()
        board.evaluate(REMEMBER)
        ahead = clock_difference(board)
        for turn in range(12):
            before = board.evaluate("() => window.sounded.length")
            assert operator.post(f"desks/{desk}/call-next").status_code == 200
            answered = time.time()
            board.wait_for_function(
                "(n) => window.sounded.length > n", arg=before, polling=50, timeout=60_000
            )
            sounded = board.evaluate("(n) => window.sounded[n]", before) / 1000 - ahead
            if turn >= 2:
                to_sound.append(sounded - answered)
            # Started visitors are not announced on; the next call is heard once this one has been said.
            for act in ("start", "finish"):
                operator.post(f"desks/{desk}/{act}")
            issue(kiosk)
            heard = board.evaluate("() => window.sounded.length")
            quiet_since = time.monotonic()

            def silent() -> bool:
                nonlocal heard, quiet_since
                now = board.evaluate("() => window.sounded.length")
                if now != heard:
                    heard, quiet_since = now, time.monotonic()
                return time.monotonic() - quiet_since > 8

            until(silent, "the voice having ended", 120)
    browser.close()
    print_table("A call, the voice's cache warm", [Measured("answered → first sound", to_sound, SOUND_LIMIT)])


def issue(kiosk: Caller) -> str:
    """A visitor takes a ticket; returns its code."""
    answer = kiosk.post(f"offices/{OFFICE}/tickets", {"service": "contract"})
    assert answer.status_code == 201, answer.text
    code: str = answer.json()["status_url"].rpartition("/")[2]
    return code


def clock_difference(page: Page) -> float:
    """How many seconds the page's clock is ahead of ours: the look with the shortest way there and back."""
    looks: list[tuple[float, float]] = []
    for _ in range(30):
        before = time.time()
        there = page.evaluate("() => performance.timeOrigin + performance.now()") / 1000
        after = time.time()
        looks.append((after - before, there - (before + after) / 2))
    return min(looks)[1]
