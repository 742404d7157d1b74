"""WAV in memory: 16 bit mono whatever came in; joined, faded, made as loud as the chime; and the chime."""

from __future__ import annotations

import io
import math
import struct
import sys
import wave
from array import array
from functools import cache
from operator import mul

CHIME_RATE = 22050
CHIME_SECONDS = 1.4
_CHIME_NOTES = ((0.0, 659.26), (0.42, 523.25))  # E5 falling to C5: asks for attention without alarm
_CHIME_FADE = 3.6  # how fast a note dies away, per second

FADE_SECONDS = 0.005
"""The soft edges of every sound: a loudspeaker clicks where a wave is cut."""
LOUDEST = 29_000
"""No sample goes beyond: near the full scale of 32767 cheap amplifiers distort."""
_KNEE = 20_000  # from here to ``LOUDEST`` peaks are bent softly, else speech stays quieter than the chime
LARGEST_GAIN = 12.0
"""A recording so quiet that it needs more is noise."""
_BLOCK_SECONDS = 0.05
_PAUSE_SHARE = 0.1  # of the loudest block: quieter ones are pauses and do not count


def plain(data: bytes) -> bytes:
    """The same sound as 16 bit mono with a true header.

    A program that writes WAV into a pipe cannot know the length when it writes the header.
    Raises ``ValueError`` where ``data`` is no uncompressed WAV or holds no sound.
    """
    return join([data])


def join(clips: list[bytes], pause_seconds: float = 0.0) -> bytes:
    """One WAV of several, one after the other, with a silence of ``pause_seconds`` between them.

    Each keeps its loudness and gets soft edges. Raises ``ValueError`` where one is no uncompressed WAV,
    all are empty, or their rates differ.
    """
    sounds = [_read(clip) for clip in clips]
    rates = {rate for rate, _samples in sounds}
    if len(rates) != 1:
        raise ValueError("the WAVs differ in rate: record them all alike")
    rate = rates.pop()
    silence = array("h", bytes(2 * int(rate * pause_seconds)))
    joined = array("h")
    for number, (_rate, samples) in enumerate(sounds):
        if number:
            joined += silence
        _soften(samples, rate)
        joined += samples
    if not joined:
        raise ValueError("the WAV holds no sound")
    return _write(rate, joined)


def seconds(data: bytes) -> float:
    """How long it plays. Raises ``ValueError`` as ``plain`` does."""
    rate, samples = _read(data)
    return len(samples) / rate


def loudness(data: bytes) -> float:
    """Root mean square of the samples without the pauses: how loud people hear it. 0 for silence."""
    rate, samples = _read(data)
    return _loudness(rate, samples)


def levelled(data: bytes) -> bytes:
    """The same sound as loud as the chime, so that every voice is equally loud after it."""
    rate, samples = _read(data)
    own = _loudness(rate, samples)
    if not own:
        return data
    gain = min(_chime_loudness() / own, LARGEST_GAIN)
    return _write(rate, array("h", [_bent(sample * gain) for sample in samples]))


def scaled(data: bytes, percent: int) -> bytes:
    """The same sound at ``percent`` (0–100) of its amplitude."""
    rate, samples = _read(data)
    return _write(rate, array("h", [sample * percent // 100 for sample in samples]))


@cache
def chime() -> bytes:
    """The two-tone chime before each announcement: 16 bit, mono."""
    samples = array("h")
    for index in range(int(CHIME_RATE * CHIME_SECONDS)):
        samples.append(int(_chime_at(index / CHIME_RATE) * 32767))
    return _write(CHIME_RATE, samples)


@cache
def _chime_loudness() -> float:
    return loudness(chime())


def _chime_at(moment: float) -> float:
    value = 0.0
    for begin, pitch in _CHIME_NOTES:
        since = moment - begin
        if since < 0:
            continue
        # A soft start and a fading end: no click on either side.
        strength = min(1.0, since / 0.012) * math.exp(-_CHIME_FADE * since)
        turn = 2 * math.pi * pitch * since
        value += strength * (math.sin(turn) + 0.25 * math.sin(2 * turn))
    tail = min(1.0, (CHIME_SECONDS - moment) / 0.1)
    return 0.38 * value * tail


def _loudness(rate: int, samples: array[int]) -> float:
    size = max(1, int(rate * _BLOCK_SECONDS))
    blocks = [samples[begin : begin + size] for begin in range(0, len(samples), size)]
    powers = [sum(map(mul, block, block)) / len(block) for block in blocks]
    least = max(powers, default=0.0) * _PAUSE_SHARE**2
    heard = [power for power in powers if power >= least]
    return math.sqrt(sum(heard) / len(heard)) if heard else 0.0


def _bent(value: float) -> int:
    beyond = abs(value) - _KNEE
    if beyond <= 0:
        return int(value)
    room = LOUDEST - _KNEE
    return int(math.copysign(_KNEE + room * math.tanh(beyond / room), value))


def _soften(samples: array[int], rate: int) -> None:
    length = min(int(rate * FADE_SECONDS), len(samples) // 2)
    for index in range(length):
        share = index / length
        samples[index] = int(samples[index] * share)
        samples[-1 - index] = int(samples[-1 - index] * share)


def _read(data: bytes) -> tuple[int, array[int]]:
    """Rate and samples, mixed to one channel of 16 bits."""
    try:
        with wave.open(io.BytesIO(data)) as sound:
            channels, width, rate = sound.getparams()[:3]
            # A piped header promises more than there is; the reader gives what there is.
            frames = sound.readframes(len(data))
    except (wave.Error, EOFError, struct.error) as error:
        raise ValueError(f"not an uncompressed WAV: {error}") from None
    samples = _of_16_bits(frames[: len(frames) - len(frames) % (channels * width)], width)
    if channels > 1:
        mixed = zip(*(samples[channel::channels] for channel in range(channels)), strict=True)
        samples = array("h", [sum(frame) // channels for frame in mixed])
    return rate, samples


def _of_16_bits(frames: bytes, width: int) -> array[int]:
    if width == 1:  # alone without a sign
        return array("h", [(value - 128) << 8 for value in frames])
    upper = bytearray(len(frames) // width * 2)
    upper[0::2], upper[1::2] = frames[width - 2 :: width], frames[width - 1 :: width]
    samples = array("h", bytes(upper))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _write(rate: int, samples: array[int]) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        if sys.byteorder == "big":
            samples.byteswap()
        sound.writeframes(samples.tobytes())
    return target.getvalue()
