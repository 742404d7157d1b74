"""Fixtures of whole-program tests: programs that end with the test, a company, one server for many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.db.engine import connect
from tests.flow.one_server import OneServer
from tests.programs import Programs
from tests.working_company import WorkingCompany, a_working_company


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    """Programs of one test; all are ended after it, and one that does not end fails it."""
    with Programs(tmp_path) as started:
        yield started


@pytest.fixture
def company(tmp_path: Path) -> WorkingCompany:
    """A company on a fresh SQLite file."""
    return a_working_company(f"sqlite:///{tmp_path}/talon.sqlite")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneServer]:
    """One server for all tests of a file that send what is refused: they cannot disturb each other."""
    folder = tmp_path_factory.mktemp("live")
    company = a_working_company(f"sqlite:///{folder}/talon.sqlite")
    engine = connect(company.database_url)
    with Programs(folder) as programs:
        yield OneServer(programs.server(company.database_url), company, engine)
    engine.dispose()
