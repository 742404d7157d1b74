"""The sound card: aplay and its twin alike; a missing program or device, a hanging one, a sound cut off."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from display import sound_card
from display.sound_card import Aplay, RememberedCard, SoundCard, SoundFailed
from server.sdk.speech import wave_file
from tests.programs import until

SOUND = wave_file.chime()


def never() -> bool:
    return False


def always() -> bool:
    return True


def aplay(folder: Path, body: str) -> Aplay:
    """A stand-in for aplay with the same arguments."""
    path = folder / "aplay"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Aplay("plughw:1,0", str(path))


CARDS: dict[str, Callable[[Path], SoundCard]] = {
    "twin": lambda _folder: RememberedCard(),
    "aplay": lambda folder: aplay(folder, f'echo "$@" > {folder}/arguments; cat > {folder}/played'),
}


@pytest.fixture(params=CARDS)
def card(request: pytest.FixtureRequest, tmp_path: Path) -> SoundCard:
    return CARDS[request.param](tmp_path)


def test_a_sound_is_played_to_its_end(card: SoundCard) -> None:
    assert card.play(SOUND, never) is True
    assert card.play(SOUND, never) is True


def test_aplay_gets_the_device_and_the_whole_wav_on_its_input(tmp_path: Path) -> None:
    large = wave_file.join([SOUND] * 10)  # larger than a pipe holds
    CARDS["aplay"](tmp_path).play(large, never)
    assert (tmp_path / "arguments").read_text() == "-q -D plughw:1,0 -\n"
    assert (tmp_path / "played").read_bytes() == large


def test_a_sound_that_must_end_is_cut_off_and_its_program_is_gone(tmp_path: Path) -> None:
    slow = aplay(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 600")
    began = tmp_path / "pid"
    assert slow.play(SOUND, lambda: began.exists() and bool(began.read_text().strip())) is False
    with pytest.raises(ProcessLookupError):
        os.kill(int(began.read_text()), 0)


def test_a_twin_told_to_end_says_that_it_did() -> None:
    assert RememberedCard().play(SOUND, always) is False


def test_a_device_that_hangs_is_given_up_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound_card, "GRACE_SECONDS", -1.3)
    with pytest.raises(SoundFailed, match=r"plughw:1,0 hangs.*alsa_device"):
        aplay(tmp_path, "exec sleep 600").play(SOUND, never)


def test_a_missing_device_is_said_with_its_cure(tmp_path: Path) -> None:
    broken = aplay(tmp_path, "echo 'aplay: main:831: audio open error: No such device' >&2; exit 1")
    with pytest.raises(SoundFailed, match=r"No such device.*aplay -L.*\[display\] alsa_device.*group audio"):
        broken.play(SOUND, never)


def test_aplay_that_is_installed_later_is_found(tmp_path: Path) -> None:
    missing = Aplay(program=str(tmp_path / "aplay"))
    with pytest.raises(SoundFailed, match="apt-get install alsa-utils"):
        missing.play(SOUND, never)
    aplay(tmp_path, "cat > /dev/null")
    assert missing.play(SOUND, never) is True


def test_a_program_that_ends_before_it_has_read_all_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(SoundFailed, match="exit code 3"):
        aplay(tmp_path, "exit 3").play(wave_file.join([SOUND] * 10), never)


def test_no_program_is_left_behind(tmp_path: Path) -> None:
    before = _children()
    fine = CARDS["aplay"](tmp_path)
    for _ in range(3):
        fine.play(SOUND, never)
    until(lambda: _children() <= before, "no child process more")


def _children() -> set[str]:
    tasks = Path("/proc/self/task")
    return {child for task in tasks.iterdir() for child in (task / "children").read_text().split()}
