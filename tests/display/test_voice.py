"""The voice: engines in order, sounds kept within bounds, speech made ahead."""

from __future__ import annotations

import os
import threading
from concurrent.futures import wait
from pathlib import Path

import pytest

from display.phrases import call_phrase
from server.sdk.messages import Language
from server.sdk.speech import wave_file
from server.sdk.speech.engines import Phrase, RememberedSpeech, SpeechEngine
from server.sdk.speech.settings import SpeechSettings, make_voice
from server.sdk.speech.voice import Voice
from tests.programs import until

PHRASE = call_phrase("ru", "А123", "5", "window")
PLENTY = 10_000_000


def phrases(*numbers: str, language: Language = "ru") -> list[Phrase]:
    return [call_phrase(language, number, "5", "window") for number in numbers]


def voice(folder: Path, *engines: SpeechEngine, largest_bytes: int = PLENTY) -> Voice:
    return Voice(list(engines), folder / "voice", largest_bytes)


def test_a_phrase_is_made_once_and_then_kept_also_over_a_restart(tmp_path: Path) -> None:
    engine = RememberedSpeech()
    first = voice(tmp_path, engine).wav(PHRASE)
    again = voice(tmp_path, engine).wav(PHRASE)
    assert first == again
    assert first == wave_file.levelled(wave_file.chime())
    assert len(engine.spoken) == 1


def test_the_first_engine_that_can_is_taken_and_the_next_one_steps_in(tmp_path: Path) -> None:
    other_language, broken, good, last = (
        RememberedSpeech(("kk",)),
        RememberedSpeech(fault="out of order"),
        RememberedSpeech(),
        RememberedSpeech(),
    )
    assert voice(tmp_path, other_language, broken, good, last).wav(PHRASE)
    assert [len(engine.spoken) for engine in (other_language, broken, good, last)] == [0, 1, 1, 0]


def test_without_a_working_engine_there_is_no_sound_and_no_fault(tmp_path: Path) -> None:
    assert voice(tmp_path, RememberedSpeech(fault="out of order")).wav(PHRASE) is None
    assert voice(tmp_path).wav(PHRASE) is None


def test_an_engine_that_sounds_different_now_is_asked_anew(tmp_path: Path) -> None:
    class Changing(RememberedSpeech):
        speed = 140

        def identity(self, language: str) -> str | None:
            return f"changing {self.speed}"

    engine = Changing()
    made = voice(tmp_path, engine)
    made.wav(PHRASE)
    engine.speed = 180
    made.wav(PHRASE)
    assert len(engine.spoken) == 2


def test_the_folder_stays_within_its_bound_and_forgets_the_longest_unused(tmp_path: Path) -> None:
    engine = RememberedSpeech()
    size = len(wave_file.levelled(wave_file.chime()))
    made = voice(tmp_path, engine, largest_bytes=3 * size)
    phrases = [call_phrase("ru", f"А{n}", "5", "window") for n in range(1, 6)]
    for age, phrase in enumerate(phrases[:3]):
        made.wav(phrase)
        newest = max((tmp_path / "voice").glob("*.wav"), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (1000 + age, 1000 + age))
    made.wav(phrases[0])  # used again: now the second is the longest unused
    made.wav(phrases[3])
    assert len(list((tmp_path / "voice").iterdir())) == 3
    engine.spoken.clear()
    for phrase in (phrases[0], phrases[2], phrases[3]):
        made.wav(phrase)
    assert engine.spoken == []
    made.wav(phrases[1])
    assert engine.spoken == [phrases[1]]


def test_a_folder_that_cannot_be_written_still_lets_the_hall_hear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = voice(tmp_path, RememberedSpeech())

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert made.wav(PHRASE) == wave_file.levelled(wave_file.chime())


def test_what_is_about_to_be_said_is_made_in_its_order(tmp_path: Path) -> None:
    engine = RememberedSpeech()
    made = voice(tmp_path, engine)
    wait(made.prepare(phrases("А5", "А1")), 30)
    assert engine.spoken == phrases("А5", "А1")
    made.close()


def test_what_is_likely_is_made_in_its_order_and_made_once(tmp_path: Path) -> None:
    engine = RememberedSpeech()
    made = voice(tmp_path, engine)
    made.warm(phrases("А1", "А2", "А3"))
    until(lambda: len(engine.spoken) == 3, "three likely phrases")
    made.warm(phrases("А2", "А3", "А4"))
    until(lambda: len(engine.spoken) == 4, "the fourth")
    assert engine.spoken == phrases("А1", "А2", "А3", "А4")
    assert made.wav(phrases("А4")[0])
    assert len(engine.spoken) == 4
    made.close()


class Slow(RememberedSpeech):
    """Says the first phrase only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def speak(self, phrase: Phrase) -> bytes:
        sound = super().speak(phrase)
        self.begun.set()
        assert self.go_on.wait(20)
        return sound


def test_what_somebody_waits_for_goes_before_what_is_likely(tmp_path: Path) -> None:
    engine = Slow()
    made = voice(tmp_path, engine)
    made.warm(phrases("А1", "А2", "А3"))
    assert engine.begun.wait(20)
    [wanted] = made.prepare(phrases("Б7"))
    until(lambda: made.waited_for, "somebody waiting")
    engine.go_on.set()
    assert wanted.result(20)
    until(lambda: len(engine.spoken) == 4, "the rest")
    assert engine.spoken == phrases("А1", "Б7", "А2", "А3")
    made.close()


def test_newer_likely_phrases_replace_those_not_begun(tmp_path: Path) -> None:
    engine = Slow()
    made = voice(tmp_path, engine)
    made.warm(phrases("А1", "А2", "А3"))
    assert engine.begun.wait(20)
    made.warm(phrases("А4"))
    engine.go_on.set()
    until(lambda: len(engine.spoken) == 2, "the newer one")
    made.close()
    assert engine.spoken == phrases("А1", "А4")


def test_a_fault_is_logged_once_and_not_for_each_call(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = voice(tmp_path, RememberedSpeech(fault="out of order"))
    for phrase in phrases("А1", "А2", "А3"):
        made.wav(phrase)
    assert [record.message for record in caplog.records] == ["no speech: out of order"]


def test_the_engines_that_can_be_asked_are_named_by_language(tmp_path: Path) -> None:
    made = voice(tmp_path, RememberedSpeech(("ru",)), RememberedSpeech(("ru", "kk")))
    assert made.engines == {"ru": ["remembered", "remembered"], "kk": ["remembered"], "en": []}


def test_a_sound_of_an_engine_is_made_as_loud_as_the_chime(tmp_path: Path) -> None:
    class Faint(RememberedSpeech):
        def speak(self, phrase: Phrase) -> bytes:
            return wave_file.scaled(super().speak(phrase), 20)

    sound = voice(tmp_path, Faint()).wav(PHRASE)
    assert sound
    assert wave_file.loudness(sound) == pytest.approx(wave_file.loudness(wave_file.chime()), rel=0.05)


def test_recorded_words_are_tried_first_where_words_are_said(tmp_path: Path) -> None:
    (tmp_path / "clips" / "ru").mkdir(parents=True)
    for word in PHRASE.words:
        (tmp_path / "clips" / "ru" / f"{word}.wav").write_bytes(wave_file.chime())
    settings = SpeechSettings(clips_folder=tmp_path / "clips")
    assert make_voice(settings, tmp_path / "voice").engines["ru"][0] == "clips"
    assert "clips" not in make_voice(settings, tmp_path / "voice", by_words=False).engines["ru"]
