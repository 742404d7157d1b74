"""The kiosk program with twins around it, served on a free port for page tests."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.agent import Agent
from kiosk.config import KioskSettings
from kiosk.office_snapshot import OfficeSnapshot
from kiosk.paper import Paper
from kiosk.preview_printer import PreviewPrinter
from kiosk.print_jobs import PrintJobs
from kiosk.printer import RememberingPrinter
from kiosk.printer_profile import PROFILES
from kiosk.web import create_app
from tests.conftest import watched_page
from tests.kiosk.builders import FrozenTime, RememberingServer
from tests.kiosk.offline_terminal import OPEN, Terminal
from tests.local_server import LocalServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@dataclass
class Kiosk:
    """A kiosk under test and everything around it."""

    agent: Agent
    jobs: PrintJobs
    printer: RememberingPrinter
    server: RememberingServer

    def hear(self) -> None:
        """The server pushes the office's state."""
        self.agent.on_state(self.agent.room, self.server.state.model_dump(mode="json"))


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """The program sets logging up for itself; after a test that runs it, nothing may write to its stream."""
    before = list(logging.getLogger().handlers)
    yield
    logging.getLogger().handlers[:] = before


@pytest.fixture(autouse=True)
def no_limit_for_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A twin that is silent is so at once and is asked once more; a speech program may start late."""
    monkeypatch.setattr("kiosk.agent.QUICK_SECONDS", 60.0)
    monkeypatch.setattr("server.sdk.speech.engines.CHILD_SECONDS", 60.0)


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    """A kiosk that has heard of its office; its agent's thread does not run."""
    server, printer = RememberingServer(), RememberingPrinter()
    jobs = PrintJobs(printer)
    snapshot = OfficeSnapshot(tmp_path / "office.json", "zarechny")
    agent = Agent("zarechny", lambda _language: server, jobs, Paper(PROFILES["80mm"]), snapshot)
    made = Kiosk(agent, jobs, printer, server)
    made.hear()
    yield made
    agent.stop()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal on its second day, that was in contact and has numbers."""
    frozen = FrozenTime(FrozenTime().at - timedelta(days=1), ahead=timedelta(seconds=40))
    made = Terminal(tmp_path, frozen, RememberingServer(OPEN, frozen))
    made.start()
    made.contact()
    frozen.pass_(days=1)
    made.restart()
    made.contact()
    yield made
    made.agent.stop()


@pytest.fixture
def served(kiosk: Kiosk, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Serve the kiosk's page: call it with settings, get the address."""
    stops: list[Callable[[], None]] = []

    def start(preview: bool = False, **settings: int) -> str:
        # Beyond the bounds for installers: a slow machine is no visitor who left. Tests of leaving move the
        # page's clock.
        calm = {"idle_seconds": 900, "ticket_seconds": 900} | settings
        chosen = KioskSettings.model_construct(office="zarechny", listen="127.0.0.1", **calm)
        pictures = PreviewPrinter(tmp_path / "tickets", PROFILES["80mm"])
        if preview:
            kiosk.jobs._printer = pictures
        app = create_app(kiosk.agent, kiosk.jobs, chosen, pictures.last if preview else None)
        server = LocalServer(app)
        stops.append(server.close)
        return server.url

    yield start
    for stop in stops:
        stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A portrait terminal; a fault of the page's own code fails the test."""
    with watched_page(browser, 1080, 1920) as opened:
        yield opened
