"""A stand-in for the kiosk program, for the touch page's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kiosk.kiosk_page.stub_program import StubProgram


@pytest.fixture
def program() -> Iterator[StubProgram]:
    """The kiosk program with nothing behind it."""
    stub = StubProgram()
    yield stub
    stub.close()
