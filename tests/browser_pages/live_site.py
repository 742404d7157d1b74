"""The real application behind real pages, on the tests' clock; only the news is pushed by the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from server.config import TalonSettings
from server.db import migrate
from server.db.store import Store
from server.web.app import create_web
from tests.builders import Clock, a_store, add_person
from tests.local_server import LocalServer

STUB_NEWS = Path(__file__).parent / "stub_news.js"


@dataclass(frozen=True)
class LiveSite:
    """A served application, its store and its clock."""

    url: str
    store: Store
    clock: Clock

    def sign_in(self, page: Page, login: str, role: str, office: str = "north") -> None:
        """Make a person and sign them in on the page; whatever comes then has no news but the test's."""
        desk = f"{office}-1" if role == "operator" else None
        add_person(self.store, login, role, office, desk)
        page.route("**/shared/news.js", lambda route: route.fulfill(path=STUB_NEWS))
        page.goto(f"{self.url}/sign-in?language=ru")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill("password")
        page.locator("main form button").click()
        page.wait_for_url(lambda url: "sign-in" not in url)


@contextmanager
def live_site(folder: Path, now: Clock) -> Iterator[LiveSite]:
    """Serve the company of the tests from this folder until the end of the block."""
    store = a_store(f"sqlite:///{folder}/talon.sqlite", now)
    settings = TalonSettings.model_validate({"server": {"state_folder": str(folder / "state")}})
    web = create_web(settings, store, lambda: migrate.not_current(store.engine), async_mode="threading")
    server = LocalServer(web.app)
    try:
        yield LiveSite(server.url, store, now)
    finally:
        server.close()
        store.engine.dispose()
