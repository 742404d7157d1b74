"""Fixtures of the touch page's tests: a terminal's browser page and a stand-in for the kiosk program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import watched_page
from tests.kiosk.kiosk_page.stub_program import StubProgram


@pytest.fixture
def program() -> Iterator[StubProgram]:
    """The kiosk program with nothing behind it."""
    stub = StubProgram()
    yield stub
    stub.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A portrait terminal; a fault of the page's own code fails the test."""
    with watched_page(browser, 1080, 1920) as opened:
        yield opened
