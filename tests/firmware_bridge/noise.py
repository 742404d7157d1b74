"""Random bytes for everything that listens to a line, and a recorded exchange to come back to."""

from __future__ import annotations

import random
from dataclasses import dataclass

from firmware_bridge import catalog
from firmware_bridge.catalog import Kind, Said, Sender
from firmware_bridge.device import Device
from firmware_bridge.frame import Decoder, Frame, encode
from firmware_bridge.line_protocol import Pressed
from firmware_bridge.link import Line
from tests.firmware_bridge.wire_model import BAUD

CHUNK = 1000


def _recorded() -> list[Frame]:
    """Host and pad and sign talk; some bytes need escaping, one press is resent."""
    boot = 0x2A7E7D07
    identity = {"version": 1, "kind": 1, "abilities": 3, "size": 5, "unit": 42, "boot": boot, "firmware": 256}
    sequence = [
        (1, 1, Said("hello", {"version": 1, "oldest": 1, "line": 1})),
        (1, 1, Said("identity", identity)),
        (1, 2, Said("pad", {"state": 1, "seconds": 30})),
        (1, 2, Said("done")),
        (2, 0x7E, Said("show", {"mode": 2}, "А123")),
        (2, 0x7E, Said("refused", {"type": 0x10, "reason": 1})),
        (1, 0x7D, Said("poll")),
        (1, 0x7D, Said("press", {"boot": boot, "counter": 0x7E, "key": 5, "age_ms": 3})),
        (1, 0, Said("taken", {"boot": boot, "counter": 0x7E})),
        (1, 4, Said("poll")),
        (1, 4, Said("alive", {"lost": 0, "bad_frames": 2})),
    ]
    return [catalog.encode(*item) for item in sequence]


RECORDED = _recorded()
REQUESTS = [frame for frame in RECORDED if catalog.BY_TYPE[frame.type].sender is Sender.HOST]
ANSWERS = [frame for frame in RECORDED if catalog.BY_TYPE[frame.type].sender is Sender.DEVICE]


@dataclass
class Told:
    """What noise did."""

    false_presses: int = 0
    false_frames: int = 0
    worst_frames_to_step: int = 0
    """Whole frames after noise until one came out."""
    dropped: int = 0


def feed_noise(count: int, seed: int) -> Told:
    """Feed ``count`` random bytes to a decoder, a host that knows a pad, and a pad; nothing may raise."""
    chance = random.Random(seed)
    told, decoder = Told(), Decoder()
    line, pad, now = Line({1: Kind.PAD}, BAUD), Device(1, Kind.PAD, 7), 0.0
    fresh = encode(RECORDED[1])
    for _ in range(count // CHUNK):
        noise = chance.randbytes(CHUNK)
        told.false_frames += len(decoder.feed(noise))
        needed = next((n for n in (1, 2, 3) if RECORDED[1] in decoder.feed(fresh)), 99)
        told.worst_frames_to_step = max(told.worst_frames_to_step, needed)
        pad.hear(noise, now)
        # The host is kept in contact, so that it would take a press.
        for data in (noise, b""):
            out, events = line.step(data, now)
            told.false_presses += sum(isinstance(event, Pressed) for event in events)
            out_again, _ = line.step(pad.hear(out, now), now + 0.01)
            line.step(pad.hear(out_again, now), now + 0.02)
            now += 0.6
    told.dropped = decoder.counters.bad
    return told
