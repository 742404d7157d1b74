"""The voice: engines in order, sounds kept within bounds, speech made ahead."""

from __future__ import annotations

import os
from concurrent.futures import wait
from pathlib import Path

import pytest

from display import wave_file
from display.phrases import call_phrase
from display.speech import RememberedSpeech, SpeechEngine
from display.voice import Voice
from server.sdk.messages import Announcement
from tests.display.boards import row, saying

PHRASE = call_phrase("ru", "А123", "5", "window")
PLENTY = 10_000_000


def voice(folder: Path, *engines: SpeechEngine, largest_bytes: int = PLENTY) -> Voice:
    return Voice(list(engines), folder / "voice", largest_bytes)


def test_a_phrase_is_made_once_and_then_kept_also_over_a_restart(tmp_path: Path) -> None:
    engine = RememberedSpeech()
    first = voice(tmp_path, engine).wav(PHRASE)
    again = voice(tmp_path, engine).wav(PHRASE)
    assert first == again == wave_file.chime()
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
    size = len(wave_file.chime())
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
    assert made.wav(PHRASE) == wave_file.chime()


def test_an_announcement_is_made_ahead_in_the_order_of_its_languages(tmp_path: Path) -> None:
    engine = RememberedSpeech()
    made = voice(tmp_path, engine)
    wait(made.prepare(Announcement.model_validate(saying(row("А123"), languages=["kk", "ru"]))), 5)
    assert [phrase.language for phrase in engine.spoken] == ["kk", "ru"]
    assert made.wav(PHRASE)
    assert len(engine.spoken) == 2
    made.close()


def test_an_announcement_that_cannot_be_said_hurts_nothing(tmp_path: Path) -> None:
    engine = RememberedSpeech()
    made = voice(tmp_path, engine)
    made.prepare(Announcement.model_validate(saying(row("???"))))
    wait(made.prepare(Announcement.model_validate(saying(row("А5")))), 5)
    made.close()
    assert [phrase.text for phrase in engine.spoken] == ["Талон номер А пять, подойдите к окну пять"]
