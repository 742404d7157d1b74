"""Fixtures for all tests, and the rule that no test leaves this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from server.db.unit_of_work import Store
from tests.builders import Clock, a_store
from tests.needs import need

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(autouse=True)
def _stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another machine fails at once, with the address it wanted."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            assert host.startswith("127.") or host in ("::1", "localhost"), f"a test reached for {host}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture
def clock() -> Clock:
    """A frozen clock: Monday 2026-03-02, 09:00 UTC."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """The company of the tests on a fresh SQLite database."""
    made = a_store(tmp_path, clock)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="session")
def start_chromium() -> Iterator[Callable[..., Browser]]:
    """Starts a Chromium with further flags. One Playwright for the whole run: a second one is refused."""
    program = need("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield lambda *flags: playwright.chromium.launch(
            executable_path=program, args=[*QUIET_CHROMIUM, *flags]
        )


@pytest.fixture(scope="session")
def browser(start_chromium: Callable[..., Browser]) -> Iterator[Browser]:
    """Chromium of the machine, one for all page tests."""
    started = start_chromium()
    yield started
    started.close()
