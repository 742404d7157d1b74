"""The loudspeaker of a hall without a sounding browser: WAVs through aplay; and a remembering twin."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from typing import Protocol

from server.sdk.speech import wave_file

LOOK_SECONDS = 0.1
"""How often a playing sound is asked whether it has ended or has to make way."""
GRACE_SECONDS = 5.0
"""Beyond its own length a sound may take so long: then the device hangs."""
CURE = "find it with aplay -L, set [display] alsa_device; the program's user must be in the group audio"


class SoundFailed(Exception):
    """The loudspeaker did not play; the text says why and what helps."""


class SoundCard(Protocol):
    """Something that can play a WAV."""

    def play(self, sound: bytes, must_end: Callable[[], bool]) -> bool:
        """Play it to its end. False: it was cut off because ``must_end``; raises ``SoundFailed``."""


class Aplay:
    """ALSA by the program aplay (alsa-utils): one child process a sound, the WAV on its input."""

    def __init__(self, device: str = "default", program: str = "aplay") -> None:
        self._device = device
        self._program = program

    def play(self, sound: bytes, must_end: Callable[[], bool]) -> bool:
        """Looked up anew each time: alsa-utils may be installed and devices plugged in while it runs."""
        program = shutil.which(self._program)
        if program is None:
            raise SoundFailed("aplay is not installed: apt-get install alsa-utils")
        command = [program, "-q", "-D", self._device, "-"]
        try:
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
        except OSError as error:
            raise SoundFailed(f"aplay does not start: {error}") from None
        with child:
            try:
                return self._wait(child, sound, must_end)
            finally:
                child.kill()

    def _wait(self, child: subprocess.Popen[bytes], sound: bytes, must_end: Callable[[], bool]) -> bool:
        left = wave_file.seconds(sound) + GRACE_SECONDS
        given: bytes | None = sound
        while True:
            try:
                _out, said = child.communicate(given, timeout=LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                given = None  # communicate() goes on with what it was given first
                left -= LOOK_SECONDS
                if must_end():
                    return False
                if left <= 0:
                    raise SoundFailed(f"device {self._device} hangs: {CURE}") from None
                continue
            if child.returncode:
                lines = said.decode(errors="replace").strip().splitlines()
                why = lines[-1] if lines else f"exit code {child.returncode}"
                raise SoundFailed(f"device {self._device} does not play ({why}): {CURE}")
            return True


class RememberedCard:
    """The twin for tests and trials: plays nothing, remembers what and how loud, can fail and be cut off."""

    def __init__(self, fault: str | None = None) -> None:
        self.played: list[bytes] = []
        self.fault = fault
        self.while_playing: Callable[[bytes], None] = lambda _sound: None

    def play(self, sound: bytes, must_end: Callable[[], bool]) -> bool:
        """At once."""
        if self.fault:
            raise SoundFailed(self.fault)
        self.played.append(sound)
        self.while_playing(sound)
        return not must_end()
