"""WAV in memory: true headers, one format, equal loudness, soft edges; and the chime."""

from __future__ import annotations

import io
import math
import os
import struct
import wave
from array import array
from itertools import pairwise

import pytest

from server.sdk.speech import wave_file
from tests.display.test_speech import length, tone


def sine(amplitude: float, seconds: float = 1.0, rate: int = 16000) -> list[int]:
    return [int(amplitude * math.sin(index / 10)) for index in range(int(seconds * rate))]


def wav(samples: list[int], width: int = 2, channels: int = 1, rate: int = 16000) -> bytes:
    """``samples`` of 16 bits, the same in every channel, stored with ``width`` bytes each."""
    if width == 1:
        frames = b"".join(bytes([(sample >> 8) + 128]) * channels for sample in samples)
    else:
        low = bytes(width - 2)
        frames = b"".join((low + struct.pack("<h", sample)) * channels for sample in samples)
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setparams((channels, width, rate, 0, "NONE", ""))
        sound.writeframes(frames)
    return target.getvalue()


def samples_of(sound: bytes) -> list[int]:
    with wave.open(io.BytesIO(sound)) as read:
        assert (read.getnchannels(), read.getsampwidth()) == (1, 2)
        return list(array("h", read.readframes(read.getnframes())))


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_depth_and_number_of_channels_becomes_16_bit_mono(width: int, channels: int) -> None:
    wanted = sine(20000)
    got = samples_of(wave_file.plain(wav(wanted, width, channels)))
    inner = slice(200, -200)  # the edges are softened
    assert len(got) == len(wanted)
    assert all(abs(a - b) < 256 for a, b in zip(got[inner], wanted[inner], strict=True))


def test_clips_of_different_rates_are_not_joined() -> None:
    with pytest.raises(ValueError, match="differ in rate"):
        wave_file.join([tone(), tone(rate=44100)])


def test_the_edges_of_a_sound_are_soft_and_its_middle_is_untouched() -> None:
    steady = [12000] * 4000
    got = samples_of(wave_file.plain(wav(steady)))
    assert got[0] == got[-1] == 0
    assert max(abs(a - b) for a, b in pairwise(got)) < 400
    assert got[100:-100] == steady[100:-100]


@pytest.mark.parametrize("amplitude", [1500, 6000, 15000, 32000])
def test_a_voice_becomes_as_loud_as_the_chime_however_it_was_recorded(amplitude: int) -> None:
    pause = [0] * 8000
    levelled = wave_file.levelled(wav(sine(amplitude) + pause + sine(amplitude)))
    assert wave_file.loudness(levelled) == pytest.approx(wave_file.loudness(wave_file.chime()), rel=0.05)


def test_high_peaks_are_bent_and_never_overflow() -> None:
    quiet = sine(800, seconds=2)
    for index in range(0, len(quiet), 997):
        quiet[index] = 32000
    levelled = samples_of(wave_file.levelled(wav(quiet)))
    assert max(map(abs, levelled)) <= wave_file.LOUDEST
    assert max(levelled[500:900]) > 1000


@pytest.mark.parametrize("samples", [[0] * 1000, [1, -1] * 1000])
def test_silence_and_faint_noise_do_not_become_loud(samples: list[int]) -> None:
    assert max(map(abs, samples_of(wave_file.levelled(wav(samples))))) <= wave_file.LARGEST_GAIN


@pytest.mark.parametrize(("percent", "largest"), [(100, 20000), (50, 10000), (0, 0)])
def test_volume_is_a_share_of_the_amplitude(percent: int, largest: int) -> None:
    got = samples_of(wave_file.scaled(wav(sine(20000)), percent))
    assert max(got) == pytest.approx(largest, abs=200)


def test_the_length_of_a_sound_is_known() -> None:
    assert wave_file.seconds(tone(0.25)) == pytest.approx(0.25)


def test_the_header_of_a_piped_wav_is_made_true() -> None:
    piped = bytearray(tone())
    piped[4:8] = piped[40:44] = b"\x00\xf0\xff\x7f"
    assert length(wave_file.plain(bytes(piped))) == pytest.approx(0.2)


@pytest.mark.parametrize("data", [b"", b"RIFF", tone()[:30], b"ID3" + os.urandom(50), tone(0)])
def test_what_is_no_wav_or_silent_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="WAV"):
        wave_file.plain(data)


def test_the_chime_is_short_two_toned_and_never_too_loud() -> None:
    with wave.open(io.BytesIO(wave_file.chime())) as sound:
        samples = memoryview(sound.readframes(sound.getnframes())).cast("h")
        rate = sound.getframerate()
    assert 1.0 < len(samples) / rate < 2.0
    assert 8000 < max(map(abs, samples)) < 30000
    assert samples[0] == 0
    assert abs(samples[-1]) < 50

    def crossings(begin: float, end: float) -> int:
        part = samples[int(begin * rate) : int(end * rate)]
        return sum(a < 0 <= b for a, b in pairwise(part))

    assert crossings(0.1, 0.3) == pytest.approx(0.2 * 659, abs=3)
    assert crossings(1.1, 1.3) < crossings(0.1, 0.3)
