"""WAV in memory: repair what speech programs write, join clips, synthesise the chime."""

from __future__ import annotations

import io
import math
import struct
import wave
from array import array

CHIME_RATE = 22050
CHIME_SECONDS = 1.4
_CHIME_NOTES = ((0.0, 659.26), (0.42, 523.25))  # E5 falling to C5: asks for attention without alarm
_CHIME_FADE = 3.6  # how fast a note dies away, per second


def plain(data: bytes) -> bytes:
    """The same sound with a true header.

    A program that writes WAV into a pipe cannot know the length when it writes the header.
    Raises ``ValueError`` where ``data`` is no uncompressed WAV or holds no sound.
    """
    return join([data])


def join(clips: list[bytes], pause_seconds: float = 0.0) -> bytes:
    """One WAV of several, one after the other, with a silence of ``pause_seconds`` between them.

    Raises ``ValueError`` where one is no uncompressed WAV, all are empty, or their formats differ.
    """
    sounds = [_read(clip) for clip in clips]
    formats = {format_ for format_, _frames in sounds}
    if len(formats) != 1:
        raise ValueError("the clips differ in rate, channels or sample size: record them all alike")
    channels, width, rate = formats.pop()
    silence = b"\x00" * (channels * width * int(rate * pause_seconds))
    frames = silence.join(frames for _format, frames in sounds)
    if not frames:
        raise ValueError("the WAV holds no sound")
    return _write(channels, width, rate, frames)


def chime() -> bytes:
    """The two-tone chime before each announcement: 16 bit, mono."""
    samples = array("h")
    for index in range(int(CHIME_RATE * CHIME_SECONDS)):
        samples.append(int(_chime_at(index / CHIME_RATE) * 32767))
    return _write(1, 2, CHIME_RATE, struct.pack(f"<{len(samples)}h", *samples))


def _chime_at(seconds: float) -> float:
    value = 0.0
    for begin, pitch in _CHIME_NOTES:
        since = seconds - begin
        if since < 0:
            continue
        # A soft start and a fading end: no click on either side.
        loudness = min(1.0, since / 0.012) * math.exp(-_CHIME_FADE * since)
        turn = 2 * math.pi * pitch * since
        value += loudness * (math.sin(turn) + 0.25 * math.sin(2 * turn))
    tail = min(1.0, (CHIME_SECONDS - seconds) / 0.1)
    return 0.38 * value * tail


def _read(data: bytes) -> tuple[tuple[int, int, int], bytes]:
    try:
        with wave.open(io.BytesIO(data)) as sound:
            params = sound.getparams()
            # A piped header promises more than there is; the reader gives what there is.
            frames = sound.readframes(len(data))
    except (wave.Error, EOFError, struct.error) as error:
        raise ValueError(f"not an uncompressed WAV: {error}") from None
    whole = len(frames) - len(frames) % (params.nchannels * params.sampwidth)
    return (params.nchannels, params.sampwidth, params.framerate), frames[:whole]


def _write(channels: int, width: int, rate: int, frames: bytes) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(frames)
    return target.getvalue()
