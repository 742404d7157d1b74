"""Frames on a byte line: pure codec of PROTOCOL.md §2. No I/O, no clock, no meaning of payloads.

A frame is ``7E LEN ADDR SEQ TYPE payload CRC``. After the sync every 7E and 7D is escaped, so 7E
never stands inside a frame: whatever garbage came before, a receiver is in step at the next 7E.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

SYNC = 0x7E
ESCAPE = 0x7D
FLIP = 0x20
"""An escaped byte is sent as ``7D`` and the byte with this bit flipped."""

MAX_PAYLOAD = 24
MAX_WIRE = 61
"""The longest frame on the wire: the sync and 30 bytes, each of them escaped. Fits a 64-byte buffer."""

_HEADER = 4
_CRC = 2


@dataclass(frozen=True)
class Frame:
    """One frame: ``address`` of the device it is to or from, ``sequence`` 0…255, ``type``, ``payload``."""

    address: int
    sequence: int
    type: int
    payload: bytes = b""


def crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, not reflected; of "123456789" it is 29B1."""
    return binascii.crc_hqx(data, 0xFFFF)


def encode(frame: Frame) -> bytes:
    """The bytes of ``frame`` on the wire. Raises ``ValueError`` when a field is out of range."""
    if len(frame.payload) > MAX_PAYLOAD:
        raise ValueError(f"a payload has at most {MAX_PAYLOAD} bytes, not {len(frame.payload)}")
    body = bytes((len(frame.payload), frame.address, frame.sequence, frame.type)) + frame.payload
    wire = bytearray((SYNC,))
    for byte in body + crc(body).to_bytes(_CRC, "big"):
        if byte in (SYNC, ESCAPE):
            wire += bytes((ESCAPE, byte ^ FLIP))
        else:
            wire.append(byte)
    return bytes(wire)


@dataclass
class Counters:
    """What a decoder has seen: whole frames, and what it threw away and why."""

    frames: int = 0
    noise: int = 0
    """Bytes outside any frame."""
    cut: int = 0
    """Frames broken off by the sync of the next one."""
    bad_length: int = 0
    bad_escape: int = 0
    bad_crc: int = 0

    @property
    def bad(self) -> int:
        """Frames thrown away, whatever the reason."""
        return self.cut + self.bad_length + self.bad_escape + self.bad_crc


class Decoder:
    """Finds frames in a stream of bytes fed in chunks of any size. Any bytes are fine: it never raises."""

    def __init__(self) -> None:
        self.counters = Counters()
        self._body: bytearray | None = None
        self._escaped = False

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next bytes; return the frames that became whole with them."""
        frames = []
        for byte in data:
            if byte == SYNC:
                if self._body:
                    self.counters.cut += 1
                self._body, self._escaped = bytearray(), False
            elif self._body is None:
                self.counters.noise += 1
            elif (frame := self._take(self._body, byte)) is not None:
                frames.append(frame)
        return frames

    def _take(self, body: bytearray, byte: int) -> Frame | None:
        if self._escaped:
            byte ^= FLIP
            self._escaped = False
            if byte not in (SYNC, ESCAPE):
                self.counters.bad_escape += 1
                self._body = None
                return None
        elif byte == ESCAPE:
            self._escaped = True
            return None
        body.append(byte)
        if body[0] > MAX_PAYLOAD:
            self.counters.bad_length += 1
            self._body = None
            return None
        if len(body) < _HEADER + body[0] + _CRC:
            return None
        self._body = None
        # A CRC sent high byte first makes the CRC of the whole zero.
        if crc(bytes(body)) != 0:
            self.counters.bad_crc += 1
            return None
        self.counters.frames += 1
        return Frame(body[1], body[2], body[3], bytes(body[_HEADER:-_CRC]))
