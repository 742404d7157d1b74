"""The agent: follows the server, keeps the last state over restarts, makes speech ahead."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from display.agent import Agent
from display.sound_card import RememberedCard
from display.speaker import Speaker
from display.spoken_calls import SpokenCalls
from server.sdk.speech.engines import Phrase, RememberedSpeech
from server.sdk.speech.voice import Voice
from tests.display.boards import board, row, saying, voice
from tests.display.news_server import TOKEN, NewsServer
from tests.programs import until

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
    made = Voice([speech], tmp_path / "voice", 10_000_000)
    agent = Agent(tmp_path, "zarechny", made)
    agent.follow(news.url, TOKEN)
    try:
        until(lambda: agent.board() is not None and agent.online, "contact")
        called = row("А123", ago=1)
        news.tell(board(called, version=2))
        news.say(saying(called))
        assert speech.said.wait(30)
        until(lambda: (kept := agent.board()) is not None and kept.version == 2, "the newer state")
    finally:
        agent.stop()
        made.close()
    assert speech.spoken[0].text == "Талон номер А сто двадцать три, подойдите к окну пять"


def test_it_follows_the_board_it_is_set_to(tmp_path: Path, news: NewsServer) -> None:
    agent = Agent(tmp_path, "zarechny", None, "upstairs")
    agent.follow(news.url, TOKEN)
    try:
        until(agent.board, "the board")
        assert news.followed == ["board:zarechny/upstairs"]
    finally:
        agent.stop()


def test_the_kept_state_of_another_board_is_not_shown(tmp_path: Path) -> None:
    Agent(tmp_path, "zarechny", None, "upstairs").state_came("", board())
    assert Agent(tmp_path, "zarechny", None).board() is None
    assert Agent(tmp_path, "zarechny", None, "downstairs").board() is None
    assert Agent(tmp_path, "zarechny", None, "upstairs").board() is not None


def made_ahead(folder: Path, *states: dict[str, object], wanted: int) -> list[str]:
    speech = RememberedSpeech()
    made = Voice([speech], folder / "voice", 10_000_000)
    agent = Agent(folder, "zarechny", made)
    for state in states:
        agent.state_came(ROOM, state)
    until(lambda: len(speech.spoken) >= wanted, f"{wanted} phrases")
    made.close()
    return [phrase.text for phrase in speech.spoken]


def test_the_next_numbers_are_made_ahead_for_the_points_that_call(tmp_path: Path) -> None:
    called = [
        row("А123", "5", ago=5, state="serving"),
        row("А122", "205", ago=60, kind="room", state="serving"),
    ]
    state = board(*called, next=["А124", "Б018"])
    assert made_ahead(tmp_path, state, board(*called, next=["А124", "Б018"], version=2), wanted=4) == [
        "Талон номер А сто двадцать четыре, подойдите к окну пять",
        "Талон номер А сто двадцать четыре, подойдите к кабинету двести пять",
        "Талон номер бэ восемнадцать, подойдите к окну пять",
        "Талон номер бэ восемнадцать, подойдите к кабинету двести пять",
    ]


def test_a_call_known_by_the_state_alone_is_made_before_what_is_likely(tmp_path: Path) -> None:
    texts = made_ahead(
        tmp_path, board(row("А123", "5", ago=5), next=["А124"], voice=voice("kk", "ru")), wanted=4
    )
    assert [text.split(" нөмірлі")[0] for text in texts] == [
        "А жүз жиырма үш",
        "Талон номер А сто двадцать три, подойдите к окну пять",
        "А жүз жиырма төрт",
        "Талон номер А сто двадцать четыре, подойдите к окну пять",
    ]


def test_a_silent_board_makes_nothing_ahead(tmp_path: Path) -> None:
    speech = RememberedSpeech()
    made = Voice([speech], tmp_path / "voice", 10_000_000)
    agent = Agent(tmp_path, "zarechny", made)
    agent.state_came(ROOM, board(row("А123", "5", ago=5), next=["А124"], voice=voice(mode="off")))
    agent.state_came(ROOM, board(row("А123", "5", ago=5), next=["А125"], voice=voice(mode="chime")))
    made.close()
    assert speech.spoken == []


def test_states_and_announcements_reach_the_loudspeaker(tmp_path: Path) -> None:
    card = RememberedCard()
    speaker = Speaker(card, None, SpokenCalls(tmp_path / "spoken.json"), clock=lambda: 0.0, gap=timedelta())
    agent = Agent(tmp_path, "zarechny", None, speaker=speaker)
    called = [row(number, ago=ago) for number, ago in (("А2", 5), ("А1", 9))]
    agent.state_came(ROOM, board(called[1]))
    speaker.speak_due()
    assert len(card.played) == 1
    agent.state_came(ROOM, board(*called, version=2))
    agent.say_came(saying(called[0]))
    speaker.speak_due()
    assert len(card.played) == 2
