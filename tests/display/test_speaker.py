"""The loudspeaker of the program itself: what is heard, in which order, once; and what a dead one does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from display.sound_card import RememberedCard
from display.speaker import TRY_AGAIN, Speaker
from display.spoken_calls import KEPT_COUNT, SpokenCalls
from server.sdk.messages import Announcement, BoardView
from server.sdk.speech import wave_file
from server.sdk.speech.engines import Phrase, RememberedSpeech
from server.sdk.speech.voice import Voice
from tests.display.boards import NOON, board, row, saying, voice
from tests.programs import until

CHIME = "chime"


class SpeechOfWords(RememberedSpeech):
    """Each phrase has a sound of its own, by which a test knows it again."""

    def speak(self, phrase: Phrase) -> bytes:
        super().speak(phrase)
        return wave_file.join([wave_file.chime()] * (1 + len(self.spoken)))


class Hall:
    """A speaker with a clock the test moves, a remembering card, and a voice."""

    def __init__(self, folder: Path, **own: Any) -> None:
        self.at = 0.0
        self.card = RememberedCard()
        self.engine = SpeechOfWords()
        self.voice = Voice([self.engine], folder / "voice", 50_000_000)
        self.folder = folder
        self.own = own
        self.restart()

    def restart(self) -> None:
        spoken = SpokenCalls(self.folder / "spoken.json")
        self.speaker = Speaker(self.card, self.voice, spoken, self.own, lambda: self.at, timedelta())

    def state(self, *rows: dict[str, Any], **rules: Any) -> None:
        languages = rules.pop("languages", ["ru"])
        at = NOON + timedelta(seconds=self.at)
        view = board(*rows, at=at, voice=voice(*languages, **rules))
        self.speaker.state_came(BoardView.model_validate(view))

    def say(self, called: dict[str, Any], *languages: str) -> None:
        announcement = saying(called, languages=list(languages or ("ru",)))
        self.speaker.say_came(Announcement.model_validate(announcement))

    def heard(self) -> list[str]:
        """What sounded since the last question: the chime, or language and ticket of a phrase."""
        names = {CHIME_LENGTH: CHIME}
        for place, phrase in enumerate(self.engine.spoken, start=2):
            names[round(1.4 * place, 1)] = f"{phrase.language} {ticket(phrase)}"
        played = [names[round(wave_file.seconds(sound), 1)] for sound in self.card.played]
        self.card.played.clear()
        return played


CHIME_LENGTH = 1.4


def ticket(phrase: Phrase) -> str:
    words = {"один": "А1", "два": "А2", "три": "А3", "бір": "А1", "екі": "А2"}
    return next(words[word] for word in phrase.words if word in words)


def call(number: str, at: float = 0, **more: Any) -> dict[str, Any]:
    return row(number, ago=-at, **more)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_chime_and_languages_are_heard_in_their_order_once(hall: Hall) -> None:
    hall.state(call("А1"), languages=["kk", "ru"])
    hall.say(call("А1"), "kk", "ru")
    assert hall.speaker.speak_due() is None
    assert hall.heard() == [CHIME, "kk А1", "ru А1"]
    hall.state(call("А1"), languages=["kk", "ru"])
    hall.speaker.speak_due()
    assert hall.heard() == []


def test_calls_are_heard_one_after_the_other_in_the_order_of_calls(hall: Hall) -> None:
    hall.say(call("А2", at=-1))
    hall.state(call("А2", at=-1), call("А1", at=-2))
    hall.speaker.speak_due()
    assert hall.heard() == [CHIME, "ru А1", CHIME, "ru А2"]


def test_nothing_is_said_before_the_state_with_the_servers_clock_is_known(hall: Hall) -> None:
    hall.say(call("А1"))
    assert hall.speaker.speak_due() is None
    assert hall.heard() == []
    hall.state(call("А1"))
    hall.speaker.speak_due()
    assert hall.heard() == [CHIME, "ru А1"]


def test_a_restart_does_not_say_again_what_was_said(hall: Hall) -> None:
    hall.state(call("А1"))
    hall.speaker.speak_due()
    hall.restart()
    hall.state(call("А2"), call("А1", at=-1, call_id="call-А1"))
    hall.heard()
    hall.speaker.speak_due()
    assert hall.heard() == [CHIME, "ru А2"]


def test_after_an_hour_without_contact_and_another_clock_only_what_is_new_is_said(hall: Hall) -> None:
    hall.state(call("А1"))
    hall.at = 3600
    hall.state(call("А2", at=3595), call("А1"))
    hall.speaker.speak_due()
    assert hall.heard() == [CHIME, "ru А2"]


def test_a_repetition_is_heard_after_its_time(hall: Hall) -> None:
    hall.state(call("А1"), repeats=1, repeat_after_seconds=8)
    assert hall.speaker.speak_due() == timedelta(seconds=8)
    hall.at = 8
    assert hall.speaker.speak_due() is None
    assert hall.heard() == [CHIME, "ru А1", CHIME, "ru А1"]


def test_a_repetition_under_way_makes_way_for_a_new_call(hall: Hall) -> None:
    hall.state(call("А1"), repeats=1)
    hall.speaker.speak_due()
    hall.heard()
    hall.at = 8

    def somebody_is_called(_sound: bytes) -> None:
        hall.card.while_playing = lambda _sound: None
        hall.state(call("А2", at=8), call("А1"), repeats=1)

    hall.card.while_playing = somebody_is_called
    hall.speaker.speak_due()
    assert hall.heard() == [CHIME, CHIME, "ru А2", CHIME, "ru А1"]


def test_a_new_call_does_not_cut_off_one_that_is_said_for_the_first_time(hall: Hall) -> None:
    def somebody_is_called(_sound: bytes) -> None:
        hall.state(call("А2"), call("А1", at=-1))

    hall.card.while_playing = somebody_is_called
    hall.state(call("А1", at=-1))
    hall.speaker.speak_due()
    assert hall.heard() == [CHIME, "ru А1", CHIME, "ru А2"]


def test_volume_and_mode_are_the_boards_unless_this_place_has_its_own(tmp_path: Path) -> None:
    board_rules = {"volume": 50, "mode": "voice"}
    for own, peak, count in (({}, 0.5, 2), ({"volume": 20}, 0.2, 2), ({"mode": "chime"}, 0.5, 1)):
        hall = Hall(tmp_path / f"{len(own)}{peak}", **own)
        hall.state(call("А1"), **board_rules)
        hall.speaker.speak_due()
        full = wave_file.loudness(wave_file.chime())
        assert wave_file.loudness(hall.card.played[0]) == pytest.approx(full * peak, rel=0.02)
        assert len(hall.card.played) == count


def test_a_silent_board_and_quiet_hours_are_silent(hall: Hall) -> None:
    hall.state(call("А1"), mode="off")
    hall.speaker.speak_due()
    hall.state(call("А1"), hours=[["13:00", "14:00"]])
    hall.speaker.speak_due()
    assert hall.heard() == []


def test_a_phrase_that_cannot_be_made_leaves_the_chime_and_the_next_call(hall: Hall) -> None:
    hall.engine.fault = "out of order"
    hall.state(call("А2"), call("А1", at=-1))
    hall.speaker.speak_due()
    assert hall.heard() == [CHIME, CHIME]


def test_a_dead_loudspeaker_is_told_once_tried_again_and_the_call_is_then_heard(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    hall.card.fault = "no such device: see aplay -L"
    hall.state(call("А1"))
    assert hall.speaker.speak_due() == TRY_AGAIN
    assert hall.speaker.speak_due() == TRY_AGAIN
    assert hall.speaker.fault == "no such device: see aplay -L"
    assert hall.speaker.last_sound is None
    hall.card.fault = None
    hall.at = 10
    assert hall.speaker.speak_due() is None
    assert hall.heard() == [CHIME, "ru А1"]
    assert hall.speaker.fault is None
    assert hall.speaker.last_sound == NOON + timedelta(seconds=10)
    told = [
        record.message
        for record in caplog.records
        if "loudspeaker" in record.message or "no sound" in record.message
    ]
    assert told == [
        "no sound, the board goes on and it is tried again: no such device: see aplay -L",
        "the loudspeaker plays again",
    ]


def test_a_loudspeaker_dead_for_too_long_says_nothing_old(hall: Hall) -> None:
    hall.card.fault = "no such device"
    hall.state(call("А1"))
    hall.speaker.speak_due()
    hall.card.fault = None
    hall.at = 61
    hall.speaker.speak_due()
    assert hall.heard() == []


def test_its_thread_says_calls_as_they_come_and_ends_when_told(hall: Hall) -> None:
    def played(count: int) -> Callable[[], bool]:
        return lambda: len(hall.card.played) == count

    hall.speaker.start()
    hall.state(call("А1"))
    until(played(2), "the first call")
    hall.state(call("А2"), call("А1", at=-1))
    until(played(4), "the second call")
    assert hall.speaker.alive
    hall.speaker.stop()
    assert not hall.speaker.alive


def test_said_calls_are_remembered_within_bounds(tmp_path: Path) -> None:
    spoken = SpokenCalls(tmp_path / "spoken.json")
    spoken.add("old", NOON - timedelta(hours=2))
    for number in range(KEPT_COUNT + 10):
        spoken.add(f"call-{number}", NOON)
    known = SpokenCalls(tmp_path / "spoken.json")
    assert "old" not in known
    assert "call-0" not in known
    assert f"call-{KEPT_COUNT + 9}" in known


@pytest.mark.parametrize("damaged", ["", "[]", "{", '{"call": 5}', '{"call": "yesterday"}'])
def test_a_damaged_memory_is_left_aside(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "spoken.json").write_text(damaged)
    spoken = SpokenCalls(tmp_path / "spoken.json")
    spoken.add("call", NOON)
    assert "call" in SpokenCalls(tmp_path / "spoken.json")


def test_a_memory_that_cannot_be_written_still_holds_until_the_end(tmp_path: Path) -> None:
    spoken = SpokenCalls(tmp_path / "no-such-folder" / "spoken.json")
    spoken.add("call", NOON)
    assert "call" in spoken
