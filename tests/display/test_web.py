"""The display program's site: what the page gets, and what nobody gets."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from display.agent import Agent
from display.speech import RememberedSpeech
from display.voice import Voice
from display.web import create_app
from tests.display.boards import board, row
from tests.display.conftest import settings
from tests.display.news_server import TOKEN

SERVER = "http://127.0.0.1:8080"


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path, "zarechny", None)


@pytest.fixture
def client(tmp_path: Path, agent: Agent, engine: RememberedSpeech) -> FlaskClient:
    voice = Voice([engine], tmp_path / "voice", 10_000_000)
    return create_app(settings(SERVER, tmp_path, highlight_seconds=14), agent, voice).test_client()


def ask(client: FlaskClient, language: str = "ru", **arguments: str) -> int:
    query = {"number": "А123", "label": "5", "kind": "window"} | arguments
    return client.get(f"/voice/{language}.wav", query_string=query).status_code


def test_the_page_and_its_files_are_served(client: FlaskClient) -> None:
    assert b"board.js" in client.get("/", buffered=True).data
    for path in ("/ui/board.js", "/ui/board.css", "/ui/icon.svg", "/shared/news.js", "/shared/tokens.css"):
        assert client.get(path, buffered=True).status_code == 200


@pytest.mark.parametrize(
    "path", ["/ui/../config.py", "/ui/%2e%2e/config.py", "/shared/../settings.py", "/nothing"]
)
def test_no_other_file_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_gets_its_settings(client: FlaskClient) -> None:
    assert client.get("/config.json").get_json() == {
        "server": SERVER,
        "token": TOKEN,
        "office": "zarechny",
        "highlight_seconds": 14,
        "announcement_limit_seconds": 60,
        "sound": "voice",
        "volume": 100,
        "chime": "/chime.wav",
        "voice": "/voice",
    }


def test_a_made_up_host_name_gets_nothing(client: FlaskClient) -> None:
    assert client.get("/config.json", headers={"Host": "rebound.example"}).status_code == 400


def test_the_last_state_is_given_once_there_is_one(client: FlaskClient, agent: Agent) -> None:
    assert client.get("/state.json").status_code == 204
    agent.state_came("board:zarechny", board(row("А123"), version=7))
    kept = client.get("/state.json").get_json()
    assert kept["version"] == 7
    assert kept["called"][0]["number"] == "А123"


def test_the_chime_is_a_wav(client: FlaskClient) -> None:
    answer = client.get("/chime.wav")
    assert answer.mimetype == "audio/wav"
    with wave.open(io.BytesIO(answer.data)) as sound:
        assert sound.getnframes() > 20000


def test_speech_is_made_for_a_ticket_and_a_point(client: FlaskClient, engine: RememberedSpeech) -> None:
    assert ask(client) == 200
    assert [phrase.text for phrase in engine.spoken] == [
        "Талон номер А сто двадцать три, подойдите к окну пять"
    ]
    assert ask(client, "kk", label="205", kind="room") == 200
    assert engine.spoken[-1].text.endswith("екі жүз бесінші кабинетке келіңіз")


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "Всем покинуть зал"},
        {"number": ""},
        {"number": "А123\n"},
        {"number": "А123" * 10},
        {"label": "5; free text"},
        {"label": ""},
        {"label": "1234567"},
        {"kind": "door"},
        {"kind": ""},
        {"language": "de"},
        {"language": "../ru"},
    ],
)
def test_nobody_makes_it_say_or_keep_anything_else(
    client: FlaskClient, engine: RememberedSpeech, tmp_path: Path, wrong: dict[str, str]
) -> None:
    assert ask(client, **wrong) == 404
    assert engine.spoken == []
    assert list((tmp_path / "voice").iterdir()) == []


def test_speech_that_cannot_be_made_is_said_to_be_unavailable(
    client: FlaskClient, engine: RememberedSpeech
) -> None:
    engine.fault = "out of order"
    assert ask(client) == 503


def test_a_display_set_to_chime_gives_no_speech(tmp_path: Path, agent: Agent) -> None:
    client = create_app(settings(SERVER, tmp_path, voice="chime"), agent, None).test_client()
    assert client.get("/config.json").get_json()["voice"] is None
    assert ask(client) == 404


def test_the_page_may_talk_to_its_own_server_and_to_nobody_else(client: FlaskClient) -> None:
    policy = client.get("/", buffered=True).headers["Content-Security-Policy"]
    assert "default-src 'self'; connect-src 'self' http://127.0.0.1:8080 ws://127.0.0.1:8080;" in policy
