"""The installer's errands: the words to record, and a call to hear."""

from __future__ import annotations

from pathlib import Path

import pytest

from display.__main__ import main
from display.letter_names import LETTERS
from display.phrases import call_phrase
from display.spoken_words import KINDS, words_to_record
from server.sdk.messages import LANGUAGES, Language
from server.sdk.speech import wave_file
from server.sdk.speech.engines import EspeakNg, RecordedClips
from tests.needs import need


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_listed_words_are_all_that_any_call_needs(language: Language) -> None:
    listed = words_to_record(language)
    assert len(listed) == len(set(listed))
    for number in range(1, 1000):
        for kind in KINDS:
            assert set(call_phrase(language, f"А{number}", str(number), kind).words) <= set(listed)
    for letter in LETTERS:
        assert set(call_phrase(language, f"{letter}7", f"5{letter}", "window").words) <= set(listed)


@pytest.mark.parametrize(("language", "most"), [("ru", 120), ("kk", 120), ("en", 100)])
def test_the_list_is_short_enough_to_be_recorded(language: Language, most: int) -> None:
    assert 60 < len(words_to_record(language)) < most


def test_words_are_printed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "--language", "kk"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed == words_to_record("kk")
    assert {"талон", "нөмірлі", "иесі", "қырқыншы", "жүзінші", "қысқа"} <= set(printed)


def test_only_missing_words_are_printed_and_with_them_recorded_any_call_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ru"
    folder.mkdir()
    (folder / "талон.wav").write_bytes(wave_file.chime())
    assert main(["words", "--language", "ru", "--missing", str(tmp_path)]) == 0
    missing = capsys.readouterr().out.splitlines()
    assert missing == [word for word in words_to_record("ru") if word != "талон"]
    for word in missing:
        (folder / f"{word}.wav").write_bytes(wave_file.chime())
    assert main(["words", "--language", "ru", "--missing", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""
    RecordedClips(tmp_path).speak(call_phrase("ru", "Щ999", "40", "counter"))


@pytest.mark.parametrize(("language", "least", "most"), [("ru", 3, 7), ("kk", 3, 8), ("en", 3, 8)])
def test_a_call_is_written_as_a_sound_of_likely_length_and_loudness(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: Language, least: int, most: int
) -> None:
    need("espeak-ng")
    file = tmp_path / "trial.wav"
    assert main(["say", "А123", "5", "--language", language, "--output", str(file)]) == 0
    assert call_phrase(language, "А123", "5", "window").text in capsys.readouterr().err
    sound = file.read_bytes()
    assert least < wave_file.seconds(sound) < most
    assert wave_file.loudness(sound) == pytest.approx(wave_file.loudness(wave_file.chime()), rel=0.1)


def test_what_cannot_be_said_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["say", "hello", "5"]) == 2
    assert "not a ticket number" in capsys.readouterr().err


def test_without_a_loudspeaker_it_says_what_helps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "espeak-ng").symlink_to(need("espeak-ng"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["say", "А123", "5"]) == 1
    said = capsys.readouterr().err
    assert "apt-get install alsa-utils" in said
    assert "--output FILE" in said


def test_without_any_engine_it_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert EspeakNg().identity("ru") is None
    assert main(["say", "А123", "5"]) == 1
    assert "apt-get install espeak-ng" in capsys.readouterr().err
