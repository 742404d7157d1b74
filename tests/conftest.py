"""Fixtures for all tests, and the rule that no test leaves this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from server.db.store import Store
from tests.builders import Clock, a_store
from tests.local_server import SLOW, SLOWER_PAGES
from tests.needs import need
from tests.postgresql import PostgreSql

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGE_PATIENCE_MS = 30_000  # how long a page may take on a machine that is busy with other tests
QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# An example may take long on a machine that is busy with other tests: no example is judged by its time.
# The CI draws the same examples in every run: a change fails for what it did, not for what was drawn.
settings.register_profile(
    "busy machine",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("busy machine")


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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """PostgreSQL, started once and only if a test asks."""
    with PostgreSql() as server:
        yield server


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database: SQLite, or what ``pytest_generate_tests`` wants."""
    if getattr(request, "param", "sqlite") == "postgresql":
        server: PostgreSql = request.getfixturevalue("postgresql")
        return server.new_database()
    return f"sqlite:///{tmp_path}/talon.sqlite"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What people do and what is stored is tested on both databases; all else on SQLite."""
    if "database_url" in metafunc.fixturenames and metafunc.definition.path.parent.name in ("actions", "db"):
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def store(database_url: str, clock: Clock) -> Iterator[Store]:
    """The company of the tests on a fresh database."""
    made = a_store(database_url, clock)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's program: where there is one without windows, that; it opens a page in half the time."""
    return need("chromium-headless-shell", "chromium")


@pytest.fixture(scope="session")
def start_chromium(chromium: str) -> Iterator[Callable[..., Browser]]:
    """Starts a Chromium with further flags. One Playwright for the whole run: a second one is refused."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PAGE_PATIENCE_MS)

    with sync_playwright() as playwright:
        yield lambda *flags: playwright.chromium.launch(
            executable_path=chromium, args=[*QUIET_CHROMIUM, *flags]
        )


@contextmanager
def watched_page(browser: Browser, width: int, height: int) -> Iterator[Page]:
    """A page of this size; any script error or refused code on it fails its test at the end."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(PAGE_PATIENCE_MS)
    if SLOW:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PAGES})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield page
    context.close()
    assert not faults


@pytest.fixture(scope="session")
def browser(start_chromium: Callable[..., Browser]) -> Iterator[Browser]:
    """Chromium of the machine, one for all page tests."""
    started = start_chromium()
    yield started
    started.close()
