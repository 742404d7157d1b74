"""Fixtures of page tests: a fresh page and a fresh stub server for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser_pages.stub_server import StubServer
from tests.conftest import watched_page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def stub() -> Iterator[StubServer]:
    """Pages with nothing behind them."""
    server = StubServer()
    yield server
    server.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An office PC's page that fails the test on any script error or refused inline code."""
    with watched_page(browser, 1366, 768) as page:
        yield page


def serious_faults(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it is now."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run()")
    return [
        f"{fault['id']}: {node['html']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
