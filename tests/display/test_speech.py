"""Speech engines: what each must do, the real ones and the twin alike; and what goes wrong with each."""

from __future__ import annotations

import io
import stat
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from display.phrases import call_phrase
from display.spoken_words import words_to_record
from server.sdk.messages import Language
from server.sdk.speech import engines
from server.sdk.speech.engines import (
    EspeakNg,
    Phrase,
    RecordedClips,
    RememberedSpeech,
    RhVoice,
    SpeechEngine,
    SpeechFailed,
    espeak_text,
)
from tests.needs import need

PHRASE = call_phrase("ru", "А123", "5", "window")


def tone(seconds: float = 0.2, rate: int = 16000) -> bytes:
    """A short plain WAV."""
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setparams((1, 2, rate, 0, "NONE", ""))
        sound.writeframes(b"\x10\x00" * int(rate * seconds))
    return target.getvalue()


def length(sound: bytes) -> float:
    """Seconds of a WAV by its header; fails where the header does not match the data."""
    with wave.open(io.BytesIO(sound)) as read:
        frames = read.getnframes()
        assert len(read.readframes(frames)) == frames * read.getsampwidth() * read.getnchannels()
        assert len(sound) == 44 + frames * read.getsampwidth() * read.getnchannels()
        return frames / read.getframerate()


def clips(folder: Path, phrase: Phrase, sound: bytes | None = None) -> RecordedClips:
    """An engine with every word of ``phrase`` recorded."""
    (folder / phrase.language).mkdir(parents=True)
    for word in phrase.words:
        (folder / phrase.language / f"{word}.wav").write_bytes(sound or tone())
    return RecordedClips(folder)


def program(path: Path, body: str) -> str:
    """A stand-in for a speech program."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def rhvoice(folder: Path) -> RhVoice:
    (folder / "given.wav").write_bytes(tone(1.0))
    body = f'cat > {folder}/text; echo "$@" > {folder}/arguments; cp {folder}/given.wav "$4"'
    return RhVoice({"ru": "anna"}, program(folder / "rhvoice", body))


ENGINES: dict[str, Callable[[Path], SpeechEngine]] = {
    "twin": lambda _folder: RememberedSpeech(("ru",)),
    "clips": lambda folder: clips(folder / "clips", PHRASE),
    "rhvoice": rhvoice,
    "espeak": lambda _folder: EspeakNg(program=need("espeak-ng")),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SpeechEngine:
    return ENGINES[request.param](tmp_path)


def test_an_engine_says_a_phrase_as_wav_with_a_true_header(engine: SpeechEngine) -> None:
    assert 0.5 < length(engine.speak(PHRASE)) < 10


def test_an_engine_keeps_its_identity_while_it_sounds_the_same(engine: SpeechEngine) -> None:
    identity = engine.identity("ru")
    assert identity
    assert engine.identity("ru") == identity


@pytest.mark.parametrize("engine", ["twin", "clips", "rhvoice"], indirect=True)
def test_an_engine_without_a_language_says_so_and_fails_on_it(engine: SpeechEngine) -> None:
    assert engine.identity("kk") is None
    with pytest.raises(SpeechFailed):
        engine.speak(call_phrase("kk", "А123", "5", "window"))


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_espeak_speaks_all_three_languages_and_longer_for_a_longer_number(language: Language) -> None:
    espeak = EspeakNg(program=need("espeak-ng"))
    short, long = (
        length(espeak.speak(call_phrase(language, number, "5", "window"))) for number in ("А1", "А777")
    )
    assert 1.0 < short < long < 9.0


def test_rhvoice_gets_the_text_on_its_input_and_the_voice_by_name(tmp_path: Path) -> None:
    rhvoice(tmp_path).speak(PHRASE)
    assert (tmp_path / "text").read_text("utf-8") == PHRASE.text
    assert (tmp_path / "arguments").read_text().startswith("-p anna -o ")


def test_a_program_that_is_not_installed_is_not_available() -> None:
    assert EspeakNg(program="no-such-program").identity("ru") is None
    assert RhVoice({"ru": "anna"}, "no-such-program").identity("ru") is None


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "CHILD_SECONDS", 0.2)
    with pytest.raises(SpeechFailed, match="did not end"):
        EspeakNg(program=program(tmp_path / "espeak", "exec sleep 30")).speak(PHRASE)


@pytest.mark.parametrize("body", ["exit 3", "echo no sound", "cat > /dev/null"])
def test_a_program_that_fails_or_gives_no_sound_is_a_failure(tmp_path: Path, body: str) -> None:
    with pytest.raises(SpeechFailed):
        EspeakNg(program=program(tmp_path / "espeak", body)).speak(PHRASE)


def test_clips_are_joined_in_the_order_of_words_with_short_pauses(tmp_path: Path) -> None:
    sound = clips(tmp_path / "clips", PHRASE).speak(PHRASE)
    words = len(PHRASE.words)
    assert length(sound) == pytest.approx(words * 0.2 + (words - 1) * engines.WORD_PAUSE_SECONDS, abs=0.01)


def test_one_word_without_a_clip_fails_the_phrase_and_is_named(tmp_path: Path) -> None:
    recorded = clips(tmp_path / "clips", PHRASE)
    (tmp_path / "clips" / "ru" / "сто.wav").unlink()
    with pytest.raises(SpeechFailed, match=r"сто\.wav"):
        recorded.speak(PHRASE)


def test_clips_of_different_formats_are_not_joined(tmp_path: Path) -> None:
    recorded = clips(tmp_path / "clips", PHRASE)
    (tmp_path / "clips" / "ru" / "сто.wav").write_bytes(tone(rate=44100))
    with pytest.raises(SpeechFailed, match="differ"):
        recorded.speak(PHRASE)


def test_a_replaced_clip_changes_the_identity(tmp_path: Path) -> None:
    recorded = clips(tmp_path / "clips", PHRASE)
    before = recorded.identity("ru")
    (tmp_path / "clips" / "ru" / "сто.wav").write_bytes(tone(0.3))
    assert recorded.identity("ru") != before


def test_espeak_gets_letters_it_would_misread_as_they_sound() -> None:
    assert (
        espeak_text(call_phrase("en", "А7", "5А", "window")) == "Ticket eh seven, please go to window five eh"
    )
    assert espeak_text(call_phrase("kk", "У7", "5", "window")).startswith("ұу жеті нөмірлі")
    assert espeak_text(call_phrase("ru", "У7", "5", "window")).startswith("Талон номер У семь")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_espeak_reads_every_word_as_a_word_of_its_language(language: Language) -> None:
    """Its transcription marks words it takes for another language, "(en)", and has sounds for each word."""
    words = words_to_record(language)
    command = [need("espeak-ng"), "-v", EspeakNg.VOICES[language], "-q", "--ipa", "--stdin"]
    text = "\n".join(f"{word}." for word in words)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60)
    heard = [line.strip() for line in done.stdout.splitlines()]
    assert len(heard) == len(words)
    assert [word for word, sounds in zip(words, heard, strict=True) if not sounds or "(" in sounds] == []
