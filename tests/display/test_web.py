"""The display program's site: what the page gets, and what nobody gets."""

from __future__ import annotations

import io
import wave
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from display.agent import Agent
from display.sound_card import RememberedCard
from display.speaker import Speaker
from display.spoken_calls import SpokenCalls
from display.web import create_app
from server.sdk.speech import wave_file
from server.sdk.speech.engines import RememberedSpeech
from server.sdk.speech.voice import Voice
from tests.display.boards import board, row
from tests.display.conftest import settings
from tests.display.news_server import TOKEN
from tests.programs import until

SERVER = "http://127.0.0.1:8080"


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path, "zarechny", None)


@pytest.fixture
def client(tmp_path: Path, agent: Agent, engine: RememberedSpeech) -> FlaskClient:
    voice = Voice([engine], tmp_path / "voice", 10_000_000)
    return create_app(settings(SERVER, tmp_path), agent, voice).test_client()


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
        "board": "",
        "sound": None,
        "volume": None,
        "chime": "/chime.wav",
        "voice": "/voice",
        "alsa": False,
    }


def test_what_this_place_has_different_reaches_the_page(tmp_path: Path, agent: Agent) -> None:
    own = settings(SERVER, tmp_path, board="upstairs", voice="chime", volume=30, sound="alsa")
    told = create_app(own, agent, None).test_client().get("/config.json").get_json()
    keys = ("board", "sound", "volume", "voice", "alsa")
    assert [told[key] for key in keys] == ["upstairs", "chime", 30, None, True]


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
    assert answer.data == wave_file.chime()


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


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    """A folder with slides and with what is nobody's business."""
    folder = tmp_path / "slides"
    (folder / "deeper").mkdir(parents=True)
    for name in ("Тарифы 2026.png", "film.mp4", "notes.txt", ".hidden.png", "page.html", "deeper/other.png"):
        (folder / name).write_bytes(b"0123456789")
    (tmp_path / "secret.png").write_bytes(b"secret")
    return folder


@pytest.fixture
def slide_client(tmp_path: Path, agent: Agent, slides: Path) -> FlaskClient:
    return create_app(settings(SERVER, tmp_path, slides_folder=slides), agent, None).test_client()


@pytest.mark.parametrize(("name", "kind"), [("Тарифы 2026.png", "image/png"), ("film.mp4", "video/mp4")])
def test_pictures_and_films_of_the_folder_are_served(slide_client: FlaskClient, name: str, kind: str) -> None:
    answer = slide_client.get(f"/slides/{name}", buffered=True)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, kind, b"0123456789")


def test_a_film_is_served_in_parts(slide_client: FlaskClient) -> None:
    part = slide_client.get("/slides/film.mp4", headers={"Range": "bytes=2-5"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"2345")
    assert part.headers["Content-Range"] == "bytes 2-5/10"
    rest = slide_client.get("/slides/film.mp4", headers={"Range": "bytes=8-"}, buffered=True)
    assert (rest.status_code, rest.data) == (206, b"89")


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt", "page.html", ".hidden.png", "deeper/other.png", "../secret.png", "..%2fsecret.png",
        "%2e%2e/secret.png", "missing.png", "film.mp4/", "",
    ],
)  # fmt: skip
def test_nothing_else_of_this_machine_is_a_slide(slide_client: FlaskClient, name: str) -> None:
    assert slide_client.get(f"/slides/{name}").status_code == 404


def test_without_a_folder_there_are_no_slides(client: FlaskClient) -> None:
    assert client.get("/slides/film.mp4").status_code == 404


def with_slides(*files: str) -> dict[str, object]:
    return board(slides=[{"kind": "image", "file": file, "seconds": 10} for file in files])


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ((), None),
        (("film.mp4",), None),
        (("film.mp4", "new.png"), "new.png: copy the files there"),
        (("notes.txt",), "notes.txt"),
    ],
)
def test_a_slide_that_is_not_in_the_folder_is_told(
    slide_client: FlaskClient, agent: Agent, files: tuple[str, ...], fault: str | None
) -> None:
    agent.state_came("", with_slides(*files))
    told = slide_client.get("/healthz").get_json()["slides_fault"]
    assert told is None if fault is None else fault in told


def test_a_missing_folder_of_slides_is_told(tmp_path: Path, agent: Agent, client: FlaskClient) -> None:
    lost = create_app(settings(SERVER, tmp_path, slides_folder=tmp_path / "gone"), agent, None).test_client()
    assert "slides_folder" in lost.get("/healthz").get_json()["slides_fault"]
    assert client.get("/healthz").get_json()["slides_fault"] is None
    agent.state_came("", with_slides("film.mp4"))
    assert "slides_folder is not set" in client.get("/healthz").get_json()["slides_fault"]


def test_health_tells_what_a_caretaker_asks(client: FlaskClient, agent: Agent) -> None:
    agent.state_came("", board(board="hall"))
    agent.link_changed(True)
    assert ask(client) == 200
    told = client.get("/healthz").get_json()
    assert told.pop("sound").pop("last").endswith("+00:00")
    assert told == {
        "status": "ok",
        "version": version("talon"),
        "online": True,
        "office": "zarechny",
        "board": "hall",
        "state_at": "2026-03-02T09:00:00+00:00",
        "voices": {"ru": ["remembered"], "kk": ["remembered"], "en": ["remembered"]},
        "slides_fault": None,
    }


def test_health_tells_of_a_dead_loudspeaker_and_of_a_dead_program(tmp_path: Path) -> None:
    card = RememberedCard(fault="no such device: see aplay -L")
    speaker = Speaker(card, None, SpokenCalls(tmp_path / "spoken.json"))
    agent = Agent(tmp_path, "zarechny", None, speaker=speaker)
    client = create_app(settings(SERVER, tmp_path, sound="alsa"), agent, None).test_client()
    assert client.get("/healthz").status_code == 503
    speaker.start()
    now = datetime.now(UTC)
    agent.state_came("", board(row("А1", called_at=now.isoformat()), at=now))
    until(lambda: speaker.fault, "the fault")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json()["sound"] == {"by": "alsa", "fault": card.fault, "last": None}
    speaker.stop()
    assert client.get("/healthz").get_json()["status"] == "stuck"


@pytest.mark.parametrize("host", ["127.0.0.1:8091", "localhost:8091"])
def test_the_watchdog_and_the_browser_of_this_machine_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200
