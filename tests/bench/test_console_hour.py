"""A simulated hour of two operators at the real console, by keys alone; the server is killed in the middle.

Fifteen times as quick as life. After each act what the screen offers is compared with what the server says of
the desk.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bench.tables import Measured, print_table
from tests.conftest import watched_page
from tests.programs import Caller, Program, Programs, assert_books_are_right
from tests.working_company import OFFICE, PASSWORD, WorkingCompany, a_working_company

HOUR = 3600.0
TIMES_AS_QUICK = 15
SERVICES = ("contract", "cash")
LANGUAGES = ("ru", "kk")
"""Of the two consoles."""
ARRIVAL_SECONDS = 80.0
SERVICE_SECONDS = 120.0
KILLED_AT = HOUR / 2
LOOK_MS = 20
SETTLED_SECONDS = 2.0
"""So long, in real seconds, a screen may take to say what the server says."""

SCREEN = """() => {
  const main = document.querySelector("#visitor .main");
  const able = (button) => button.getAttribute("aria-disabled") === "false";
  return {
    main: main?.dataset.act,
    able: Boolean(main) && able(main),
    number: document.querySelector("#visitor .huge")?.textContent ?? null,
    state: document.querySelector("#desk-state").dataset.state,
    asked: document.querySelector("#question").open,
    lost: !document.querySelector("#contact").hidden,
    problem: document.querySelector("#visitor .problem:not([hidden])")?.textContent ?? "",
    buttons: [...document.querySelectorAll("#visitor .small")].filter(able).map((one) => one.dataset.act),
  };
}"""


class Operator:
    """One operator at one console: looks at the screen, thinks, presses keys."""

    def __init__(self, page: Page, caller: Caller, desk: str, chance: random.Random) -> None:
        self.page = page
        self.acts: Counter[str] = Counter()
        self.to_screen: list[float] = []
        self.problems: list[str] = []
        self.untrue: list[str] = []
        self._caller = caller
        self._desk = desk
        self._chance = chance
        self.goes_on_at = 0.0

    def step(self, now: float) -> None:
        """Look; do what the screen offers, or look again later."""
        screen = self.look()
        if screen["problem"]:
            self.problems.append(screen["problem"])
        if screen["lost"]:
            if screen["able"] or screen["buttons"]:
                self.untrue.append(f"without contact there are buttons: {screen}")
            self.goes_on_at = now + 5
            return
        if not screen["able"]:
            self.goes_on_at = now + 5
            return
        act, seconds = self._decide(screen)
        self._do(act, screen)
        self.goes_on_at = now + seconds

    def look(self) -> dict[str, Any]:
        """What the screen says and offers."""
        screen: dict[str, Any] = self.page.evaluate(SCREEN)
        return screen

    def compare(self) -> None:
        """The screen says what the server says, in ``SETTLED_SECONDS`` at the latest."""
        deadline = time.monotonic() + SETTLED_SECONDS
        while True:
            view = self._caller.get(f"desks/{self._desk}").json()
            screen = self.look()
            current = view["current"]
            told = (view["state"], current and current["number"], self._offers(view))
            if (screen["state"], screen["number"], screen["main"]) == told:
                return
            if time.monotonic() > deadline:
                self.untrue.append(f"the server: {told}, the screen: {screen}")
                return
            self.page.wait_for_timeout(LOOK_MS)

    @staticmethod
    def _offers(view: dict[str, Any]) -> str:
        if view["current"]:
            return "finish" if view["current"]["state"] == "serving" else "start"
        return {"closed": "open", "break": "resume", "open": "callNext"}[view["state"]]

    def _decide(self, screen: dict[str, Any]) -> tuple[str, float]:
        """An act and the simulated seconds until the next look."""
        draw = self._chance.random()
        if screen["main"] == "start":
            if draw < 0.10:
                return "noShow", 10
            if draw < 0.25:
                return "recall", self._chance.uniform(15, 40)
            if draw < 0.32:
                return "giveBack", 10
            return "start", self._chance.lognormvariate(0, 0.5) * SERVICE_SECONDS
        if screen["main"] == "finish":
            if draw < 0.12:
                return "hold", 10
            if draw < 0.24:
                return "transfer", 10
            if draw < 0.34:
                return "note", 30
            if draw < 0.39 and "breakAfter" in screen["buttons"]:
                return "breakAfter", 20
            return "finish", self._chance.uniform(5, 20)
        if screen["main"] == "callNext" and draw < 0.4 and self._shows_held():
            return "callHeld", 20
        return str(screen["main"]), 180 if screen["main"] == "resume" else self._chance.uniform(20, 45)

    def _shows_held(self) -> bool:
        """Turn to those put aside; back to the queue when there are none."""
        self.page.keyboard.press("2")
        if self.page.locator("#line [data-act=callHeld]").count():
            return True
        self.page.keyboard.press("1")
        return False

    def _do(self, act: str, screen: dict[str, Any]) -> None:
        keyboard = self.page.keyboard
        before = self._caller.get(f"desks/{self._desk}").json()["version"]
        begun = time.monotonic()
        match act:
            case "recall":
                keyboard.press("r")
            case "giveBack":
                keyboard.press("g")
            case "noShow":
                keyboard.press("n")
                keyboard.press("n")
            case "hold":
                keyboard.press("h")
                keyboard.press("1")
                keyboard.press("Enter")
            case "transfer":
                keyboard.press("t")
                # The list of places is there when one of them is chosen.
                keyboard.type("касс")
                expect(self.page.locator("#picks [aria-selected=true]")).to_be_visible()
                keyboard.press("Enter")
            case "note":
                keyboard.press("a")
                keyboard.type("Ждёт справку")
                keyboard.press("Enter")
            case "breakAfter":
                keyboard.press("b")
                keyboard.press("1")
                keyboard.press("Enter")
            case "callHeld":
                keyboard.press("Enter")
                keyboard.press("1")
            case _:
                keyboard.press("F2")
        done = self._wait_done(before)
        if done:
            self.to_screen.append(time.monotonic() - begun)
            self.acts[act] += 1
        else:
            self.problems.append(f"{act} did nothing: {screen} then {self.look()}")
            keyboard.press("Escape")
        self.compare()

    def _wait_done(self, before: int) -> bool:
        """Whether the server knows more than ``before``, and the screen is at rest again."""
        deadline = time.monotonic() + SETTLED_SECONDS
        while time.monotonic() < deadline:
            if not self.look()["asked"]:
                newer = self._caller.get(f"desks/{self._desk}").json()["version"] > before
                if newer:
                    return True
            self.page.wait_for_timeout(LOOK_MS)
        return False


@pytest.fixture
def company(tmp_path: Path) -> WorkingCompany:
    """Two desks with all services."""
    return a_working_company(f"sqlite:///{tmp_path}/talon.sqlite", len(LANGUAGES))


@pytest.fixture
def operators(browser: Browser, server: Program, company: WorkingCompany) -> Iterator[list[Operator]]:
    """Two operators, signed in, each at a console of their own."""
    with ExitStack() as stack:
        signed_in = []
        for number, (language, (desk, token)) in enumerate(zip(LANGUAGES, company.operators, strict=True), 1):
            page = stack.enter_context(watched_page(browser, 1366, 768))
            page.goto(f"{server.url}/sign-in?language={language}")
            page.locator("input[name=login]").fill(f"operator-{number}")
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main form button").click()
            page.wait_for_url("**/desk/*")
            caller = stack.enter_context(Caller(server.url, token))
            signed_in.append(Operator(page, caller, desk, random.Random(number)))
        yield signed_in


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_an_hour_of_two_operators(
    programs: Programs, server: Program, company: WorkingCompany, operators: list[Operator], tmp_path: Path
) -> None:
    chance = random.Random(3)
    begun, comes_at, tickets, killed = time.monotonic(), 0.0, 0, False
    with Caller(server.url, company.devices["kiosk"]) as kiosk:
        while (now := (time.monotonic() - begun) * TIMES_AS_QUICK) < HOUR:
            if comes_at <= now:
                tickets += 1
                taken = {"service": chance.choice(SERVICES)}
                kiosk.post(f"offices/{OFFICE}/tickets", taken, key=f"hour-{tickets:06}").raise_for_status()
                comes_at += chance.expovariate(1 / ARRIVAL_SECONDS)
            if not killed and now > KILLED_AT:
                killed = True
                _kill_and_start(server, operators, tmp_path)
            for operator in operators:
                if operator.goes_on_at <= now:
                    operator.step(now)
            operators[0].page.wait_for_timeout(LOOK_MS)
    for number, operator in enumerate(operators, start=1):
        operator.compare()
        operator.page.screenshot(path=tmp_path / f"end-{number}.png")
    _print(operators, tickets, tmp_path)
    assert_books_are_right(server)
    for operator in operators:
        assert operator.untrue == []
        assert operator.problems == []


def _kill_and_start(server: Program, operators: list[Operator], folder: Path) -> None:
    """Kill the server, look at the consoles without it, and start it again."""
    server.kill()
    for operator in operators:
        expect(operator.page.locator("#contact")).to_be_visible()
        operator.step(0)
    operators[0].page.screenshot(path=folder / "without-contact.png")
    server.start()
    for operator in operators:
        expect(operator.page.locator("#contact")).to_be_hidden()
        operator.compare()


def _print(operators: list[Operator], tickets: int, folder: Path) -> None:
    acts: Counter[str] = sum((operator.acts for operator in operators), Counter())
    print(f"\nAn hour of two operators, {TIMES_AS_QUICK} times as quick", end="")
    print(f": {tickets} tickets, the server killed once")
    print("  " + ", ".join(f"{act} {count}" for act, count in acts.most_common()))
    print(f"  untrue screens {sum(len(operator.untrue) for operator in operators)}", end="")
    print(f", acts in vain {sum(len(operator.problems) for operator in operators)}; pictures in {folder}")
    print_table(
        "From the key to the act done", [Measured("acts", [s for o in operators for s in o.to_screen])]
    )
