"""The operator's console in tests: open it with a state, push another, press a key of a Russian keyboard."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser_pages import states
from tests.browser_pages.stub_server import StubServer

DESK = "desks/zarechny-1"
MAIN = "button.main"


def waiting(people: int = 3) -> list[dict[str, Any]]:
    return [states.ticket(f"A{30 + place:03d}", waited=1000 - place * 90) for place in range(people)]


def called(**changes: Any) -> dict[str, Any]:
    return states.ticket("A019", state="called", called_at=states.ago(20), call_count=1, **changes)


def open_console(page: Page, stub: StubServer, view: dict[str, Any], language: str = "ru") -> None:
    stub.gets[DESK] = view
    page.goto(f"{stub.url}/desk/zarechny-1?language={language}")
    expect(page.locator("#desk-label")).not_to_have_text("zarechny-1")


def push(page: Page, view: dict[str, Any]) -> None:
    page.evaluate("view => window.news.push('desk:zarechny-1', view)", view)


def sent(stub: StubServer) -> list[tuple[str, dict[str, Any]]]:
    """The acts the server was asked for: the command's last word and its body."""
    return [(path.rpartition("/")[2], body) for path, body, _ in stub.posts]


def serving() -> dict[str, Any]:
    return {
        **called(),
        "state": "serving",
        "started_at": states.ago(60),
        "leg_started_at": states.ago(60),
        "wait_seconds": 300,
    }


def held(number: str = "A007", returns_in: int | None = None) -> dict[str, Any]:
    until = None if returns_in is None else states.ago(-returns_in)
    return states.ticket(number, state="held", held_reason="documents", held_until=until)


def missed(number: str = "A005") -> dict[str, Any]:
    return states.ticket(number, state="no_show", finished_at="2026-03-02T05:40:00Z")


def settled(page: Page) -> None:
    """Wait until the buttons have rested after the last act."""
    expect(page.locator(f"{MAIN}[aria-disabled=false], .small[aria-disabled=false]").first).to_be_visible()


def press_russian(page: Page, letter: str, code: str) -> None:
    """Press the key that stands at ``code`` and types a Cyrillic ``letter``."""
    page.evaluate(
        "init => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', init))",
        {"key": letter, "code": code, "bubbles": True, "cancelable": True},
    )
