"""Help by voice: what it says on each screen, recordings first, made ahead, served to the page."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from kiosk.config import Config, KioskSettings
from kiosk.help_audio import HelpAudio
from kiosk.help_audio_texts import help_texts
from kiosk.web import create_app
from server.sdk.messages import LANGUAGES, OfficeInfo
from server.sdk.settings import load
from server.sdk.speech import wave_file
from server.sdk.speech.engines import EspeakNg, RememberedSpeech, SpeechEngine
from server.sdk.speech.settings import SpeechSettings
from server.sdk.speech.voice import Voice
from tests.kiosk.builders import office
from tests.kiosk.conftest import Kiosk
from tests.needs import need
from tests.programs import until

EXAMPLE = Path(__file__).parents[2] / "deploy" / "talon-kiosk.toml"
PAGE = Path(__file__).parents[2] / "kiosk" / "ui" / "app.js"
SCREENS = sorted(help_texts("ru", None))


class Help:
    """The help of an office, with an engine that remembers."""

    def __init__(self, folder: Path, engine: SpeechEngine, known: OfficeInfo | None) -> None:
        self.folder = folder
        self.voice = Voice([engine], folder / "voice", 50_000_000)
        self.audio = HelpAudio(self.voice, folder / "clips", lambda: known)

    def record(self, screen: str, language: str, sound: bytes) -> None:
        path = self.folder / "clips" / "help" / language / f"{screen}.wav"
        path.parent.mkdir(parents=True)
        path.write_bytes(sound)


@pytest.fixture
def engine() -> RememberedSpeech:
    return RememberedSpeech()


@pytest.fixture
def help_(tmp_path: Path, engine: RememberedSpeech) -> Iterator[Help]:
    made = Help(tmp_path, engine, office(languages=["kk", "ru"]))
    yield made
    made.voice.close()


def test_every_screen_of_the_page_has_its_help_and_no_other() -> None:
    table = re.search(r"const SCREENS = \{(.*?)\};", PAGE.read_text("utf-8"), flags=re.DOTALL)
    assert table
    assert sorted(re.findall(r"^\s*(\w+):", table[1], flags=re.MULTILINE)) == SCREENS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_help_is_whole_sentences_of_its_language(screen: str, language: str) -> None:
    text = help_texts(language, office(bookings=True))[screen]
    assert text.endswith(".")
    assert "%(" not in text
    assert 30 < len(text) < 600
    if language != "en":
        assert not re.search("[a-zA-Z]", text)
        assert text != help_texts("en", office(bookings=True))[screen]


def test_buttons_are_called_by_the_words_that_stand_on_them() -> None:
    texts = help_texts("ru", office(bookings=True))
    assert "«У меня есть запись»" in texts["home"]
    assert "«Взять талон»" in texts["confirm"]
    assert "«Отметиться»" in texts["booking"]


def test_what_the_office_has_not_is_not_spoken_of() -> None:
    without = help_texts("ru", office(bookings=False, categories=[]))
    assert "запис" not in without["home"]
    assert "вне очереди" not in without["confirm"]
    assert "запис" not in help_texts("ru", None)["home"]


def test_a_recording_goes_before_speech(help_: Help, engine: RememberedSpeech) -> None:
    recorded = wave_file.scaled(wave_file.chime(), 50)
    help_.record("home", "ru", recorded)
    assert help_.audio.wav("home", "ru") == recorded
    assert engine.spoken == []
    assert help_.audio.wav("home", "kk") == wave_file.levelled(wave_file.chime())


@pytest.mark.parametrize(
    ("screen", "language"), [("cellar", "ru"), ("home", "de"), ("../home", "ru"), ("home", ".."), ("", "")]
)
def test_there_is_no_help_for_what_does_not_exist(help_: Help, screen: str, language: str) -> None:
    assert help_.audio.wav(screen, language) is None


def test_without_an_engine_there_is_no_help(help_: Help, engine: RememberedSpeech) -> None:
    engine.fault = "out of order"
    assert help_.audio.wav("home", "ru") is None


def test_all_screens_are_made_ahead_in_the_languages_of_the_office(
    help_: Help, engine: RememberedSpeech
) -> None:
    help_.record("home", "kk", wave_file.chime())
    help_.audio.make_ahead()
    until(lambda: len(engine.spoken) == 2 * len(SCREENS) - 1, "all screens")
    assert {phrase.language for phrase in engine.spoken} == {"kk", "ru"}
    engine.spoken.clear()
    assert all(help_.audio.wav(screen, "ru") for screen in SCREENS)
    assert engine.spoken == []


def test_a_terminal_that_has_not_heard_of_its_office_makes_help_when_it_is_asked(
    tmp_path: Path, engine: RememberedSpeech
) -> None:
    early = Help(tmp_path, engine, None)
    early.audio.make_ahead()
    assert early.audio.wav("pause", "en")
    early.voice.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_espeak_says_the_help_in_a_bearable_time(tmp_path: Path, language: str) -> None:
    made = Help(tmp_path, EspeakNg(program=need("espeak-ng")), office(bookings=True))
    for screen in ("home", "booking", "closed"):
        sound = made.audio.wav(screen, language)
        assert sound
        assert 3 < wave_file.seconds(sound) < 45
        assert wave_file.loudness(sound) == pytest.approx(wave_file.loudness(wave_file.chime()), rel=0.1)
    made.voice.close()


@pytest.fixture
def client(kiosk: Kiosk, help_: Help) -> Client:
    settings = KioskSettings(office="zarechny")
    return Client(create_app(kiosk.agent, kiosk.jobs, settings, help_audio=help_.audio))


def test_the_page_asks_whether_there_is_help_and_plays_it(client: Client) -> None:
    asked = client.head("/help-audio/confirm.kk.wav")
    assert (asked.status_code, asked.data) == (200, b"")
    played = client.get("/help-audio/confirm.kk.wav")
    assert played.mimetype == "audio/wav"
    with wave.open(io.BytesIO(played.data)) as sound:
        assert sound.getnframes() > 20000
    part = client.get("/help-audio/confirm.kk.wav", headers={"Range": "bytes=0-43"})
    assert (part.status_code, part.data) == (206, played.data[:44])


@pytest.mark.parametrize(
    "name", ["cellar.ru.wav", "home.de.wav", "home.wav", "..%2fhome.ru.wav", "home.ru.mp3"]
)
def test_the_page_gets_nothing_else(client: Client, name: str) -> None:
    assert client.get(f"/help-audio/{name}").status_code == 404


def test_a_terminal_without_a_voice_has_no_help(kiosk: Kiosk) -> None:
    silent = Client(create_app(kiosk.agent, kiosk.jobs, KioskSettings(office="zarechny")))
    assert silent.head("/help-audio/home.ru.wav").status_code == 404


def test_the_commented_example_names_every_key_of_the_voice() -> None:
    text = EXAMPLE.read_text("utf-8")
    told = re.findall(r"^(?:# )?(\w+) = ", text[text.index("\n[speech]\n") :], flags=re.MULTILINE)
    assert sorted(told) == sorted(SpeechSettings.model_fields)
    assert load(Config, EXAMPLE).speech == SpeechSettings()
    assert all(screen in text for screen in SCREENS)
