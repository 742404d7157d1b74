"""A recording in words: who said what on a line, message by message, of any of the protocols."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from firmware_bridge import buttons_frame, catalog
from firmware_bridge.frame import Decoder, Frame
from firmware_bridge.recording import Direction, protocol_of, recorded

SIDES: dict[Direction, str] = {">": "host", "<": "device"}


class _Explainer(Protocol):
    def feed(self, direction: Direction, data: bytes) -> list[str]:
        """What became whole with these bytes, in words."""


def decoded(text: str) -> Iterator[str]:
    """The lines that tell a recording: moment, side and message. Raises ``BadRecording``."""
    kinds: dict[str, type[_Explainer]] = {"talon": _Talon, "buttons-01-07": _Buttons}
    explainer = kinds.get(protocol_of(text), _Bytes)()
    for piece in recorded(text):
        for said in explainer.feed(piece.direction, piece.data):
            yield f"{piece.at} {SIDES[piece.direction]:6} {said}"


def told(frame: Frame) -> str:
    """A frame of our own protocol in words, as the examples of PROTOCOL.md have it."""
    said = catalog.decode(frame)
    place = f"address={frame.address} sequence={frame.sequence}"
    if said is None:
        return f"{place} unreadable type={frame.type:02X} payload={frame.payload.hex(' ').upper()}"
    words = [place, said.name, *(f"{name}={value}" for name, value in said.numbers.items())]
    if any(field.size is catalog.Size.TEXT for field in catalog.BY_NAME[said.name].fields):
        words.append(f"text={said.text}")
    return " ".join(words)


class _Talon:
    def __init__(self) -> None:
        self._decoders: dict[Direction, Decoder] = {">": Decoder(), "<": Decoder()}

    def feed(self, direction: Direction, data: bytes) -> list[str]:
        decoder = self._decoders[direction]
        bad, noise = decoder.counters.bad, decoder.counters.noise
        lines = [told(frame) for frame in decoder.feed(data)]
        bad, noise = decoder.counters.bad - bad, decoder.counters.noise - noise
        return [*lines, _garbage(bad, noise)] if bad or noise else lines


class _Buttons:
    def __init__(self) -> None:
        self._decoder = buttons_frame.KeyDecoder()

    def feed(self, direction: Direction, data: bytes) -> list[str]:
        if direction == ">":
            return _Bytes().feed(direction, data)
        before = self._decoder.noise
        lines = [f"address={frame.address:02X} key={frame.code:02X}" for frame in self._decoder.feed(data)]
        dropped = self._decoder.noise - before
        return [*lines, _garbage(0, dropped)] if dropped else lines


class _Bytes:
    def feed(self, direction: Direction, data: bytes) -> list[str]:
        return [data.hex(" ").upper()]


def _garbage(frames: int, noise: int) -> str:
    return f"garbage: {frames} frame(s) spoiled, {noise} byte(s) of noise"
