"""What a board tells staff of its sound, voice and slides, with the cure of each fault."""

from __future__ import annotations

from typing import Any

import pytest

from display.health import parts

FINE: dict[str, Any] = {
    "mode": "voice",
    "spoken": ["kk", "ru"],
    "engines": {"ru": ["espeak-ng"], "kk": ["espeak-ng"], "en": []},
    "sound_fault": None,
    "slides_fault": None,
}


def told(language: str = "ru", **changes: Any) -> list[tuple[str, str, str]]:
    return [(part.name, part.state, part.fault) for part in parts(language, **{**FINE, **changes})]


def test_a_board_in_order_names_its_parts_and_no_fault() -> None:
    assert told() == [("Громкоговоритель", "ok", ""), ("Голос", "ok", ""), ("Слайды", "ok", "")]


def test_a_language_without_a_voice_is_named_with_what_to_install() -> None:
    (_sound, voice, _slides) = told(engines={"ru": ["espeak-ng"]})
    assert voice[1] == "warning"
    assert "kk" in voice[2]
    assert "espeak-ng" in voice[2]


def test_a_board_that_only_chimes_needs_no_voice() -> None:
    assert [name for name, _state, _fault in told(mode="chime", engines={})] == ["Громкоговоритель", "Слайды"]


@pytest.mark.parametrize(
    ("which", "place", "state"), [("sound_fault", 0, "fault"), ("slides_fault", 2, "warning")]
)
def test_a_fault_comes_with_its_words_cut_to_what_the_wire_takes(which: str, place: int, state: str) -> None:
    name, told_state, fault = told(**{which: "no-such-device" * 40})[place]
    assert (told_state, len(fault)) == (state, 300)
    assert fault.startswith("no-such-device")
    assert name
