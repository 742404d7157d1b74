"""The agent: follows the server, keeps the last state over restarts, makes speech ahead."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from display.agent import Agent
from display.phrases import Phrase
from display.speech import RememberedSpeech
from display.voice import Voice
from tests.display.boards import board, row, saying
from tests.display.news_server import TOKEN, NewsServer

ROOM = "board:zarechny"


class SignallingSpeech(RememberedSpeech):
    """Lets a test wait for the first phrase."""

    def __init__(self) -> None:
        super().__init__()
        self.said = threading.Event()

    def speak(self, phrase: Phrase) -> bytes:
        sound = super().speak(phrase)
        self.said.set()
        return sound


def wait_until(true: Callable[[], bool], seconds: float = 5) -> None:
    done = threading.Event()
    for _ in range(int(seconds * 100)):
        if true():
            return
        done.wait(0.01)
    raise AssertionError("it did not become true in time")


def test_the_last_state_is_known_after_a_restart_without_contact(tmp_path: Path) -> None:
    Agent(tmp_path, "zarechny", None).state_came(ROOM, board(row("А123"), version=3))
    kept = Agent(tmp_path, "zarechny", None).board()
    assert kept is not None
    assert (kept.version, kept.called[0].number) == (3, "А123")


def test_a_kept_state_of_another_office_is_not_shown(tmp_path: Path) -> None:
    Agent(tmp_path, "zarechny", None).state_came(ROOM, board())
    assert Agent(tmp_path, "other", None).board() is None


@pytest.mark.parametrize("damaged", ["", "{", '{"office": "zarechny"}', "null"])
def test_a_damaged_kept_state_is_left_aside(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "board.json").write_text(damaged)
    assert Agent(tmp_path, "zarechny", None).board() is None


def test_a_message_it_does_not_understand_leaves_the_last_state(tmp_path: Path) -> None:
    agent = Agent(tmp_path, "zarechny", None)
    agent.state_came(ROOM, board(version=3))
    agent.state_came(ROOM, {"version": 4})
    agent.say_came({"id": "x"})
    kept = agent.board()
    assert kept is not None
    assert kept.version == 3


def test_it_follows_the_server_and_speaks_ahead(tmp_path: Path, news: NewsServer) -> None:
    speech = SignallingSpeech()
    voice = Voice([speech], tmp_path / "voice", 10_000_000)
    agent = Agent(tmp_path, "zarechny", voice)
    agent.follow(news.url, TOKEN)
    try:
        wait_until(lambda: agent.board() is not None and agent.online)
        called = row("А123", ago=1)
        news.tell(board(called, version=2))
        news.say(saying(called))
        assert speech.said.wait(5)
        wait_until(lambda: (kept := agent.board()) is not None and kept.version == 2)
    finally:
        agent.stop()
        voice.close()
    assert speech.spoken[0].text == "Талон номер А сто двадцать три, подойдите к окну пять"
