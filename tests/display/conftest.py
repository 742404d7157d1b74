"""Fixtures of the display's tests: settings, the program's site on a free port, news, a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from display import sound_card
from display.agent import Agent
from display.config import DisplayConfig
from display.web import create_app
from server.sdk.speech import engines
from server.sdk.speech.engines import RememberedSpeech, SpeechEngine
from server.sdk.speech.voice import Voice
from tests.conftest import watched_page
from tests.display.boards import board
from tests.display.news_server import TOKEN, NewsServer
from tests.local_server import LocalServer


@pytest.fixture(autouse=True)
def programs_take_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What speaks and plays is a program of its own: on a busy machine it starts late, and is no dead one."""
    monkeypatch.setattr(engines, "CHILD_SECONDS", 60.0)
    monkeypatch.setattr(sound_card, "GRACE_SECONDS", 60.0)


def settings(server: str, folder: Path, **display: object) -> DisplayConfig:
    """Settings of a display in tests."""
    return DisplayConfig.model_validate(
        {
            "server": {"url": server, "token": TOKEN},
            "display": {"office": "zarechny", "state_folder": folder, **display},
        }
    )


class Site:
    """The display program's site over real HTTP; ``agent`` may be fed by hand."""

    def __init__(self, config: DisplayConfig, engine: SpeechEngine) -> None:
        folder = config.display.state_folder
        self.agent = Agent(folder, config.display.office, None)
        self.voice = Voice([engine], folder / "voice", 10_000_000)
        # Not waitress, as in the program: it cannot be stopped from another thread.
        app = create_app(config, self.agent, self.voice)
        self._server = LocalServer(app)
        self.url = self._server.url

    def close(self) -> None:
        """Stop taking requests."""
        self._server.close()
        self.voice.close()


@pytest.fixture
def news() -> Iterator[NewsServer]:
    """A server with an empty board."""
    server = NewsServer(board())
    yield server
    server.close()


@pytest.fixture
def engine() -> RememberedSpeech:
    """The voice of the site."""
    return RememberedSpeech()


@pytest.fixture
def site(news: NewsServer, tmp_path: Path, engine: RememberedSpeech) -> Iterator[Site]:
    """The display program, connected to ``news`` by its page."""
    made = Site(settings(news.url, tmp_path), engine)
    yield made
    made.close()


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A hall monitor's page that fails the test on any script error or refused code."""
    with watched_page(browser, 1920, 1080) as page:
        yield page
