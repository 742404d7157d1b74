"""Fixtures of the benches: one server with a hundred idle sockets, as in an office at work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.idle_sockets import idle_sockets
from tests.needs import need
from tests.programs import Program, Programs
from tests.working_company import OFFICE, WorkingCompany, a_working_company

SOCKETS = 100


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium as it stands in offices."""
    return need("chromium")


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    """Programs of one bench, ended after it."""
    with Programs(tmp_path) as started:
        yield started


@pytest.fixture
def company(tmp_path: Path) -> WorkingCompany:
    """A company on a fresh SQLite file."""
    return a_working_company(f"sqlite:///{tmp_path}/talon.sqlite")


@pytest.fixture
def server(programs: Programs, company: WorkingCompany) -> Program:
    """A server on SQLite."""
    return programs.server(company.database_url)


@pytest.fixture
def sockets(server: Program, company: WorkingCompany) -> Iterator[int]:
    """A hundred sockets that follow the board and otherwise do nothing."""
    with idle_sockets(server.url, company.devices["display"], [f"board:{OFFICE}"], SOCKETS):
        yield SOCKETS
