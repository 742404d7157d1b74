"""Frames of the common RS-485 buttons, pads and LED boards: ``01 <address> <payload> 07``. Pure codec.

There is no length, checksum, escape, acknowledgement or polling; frames arrive merged and split. What can
be promised without a checksum: bytes below 20 stand only at a frame's ends, so after any garbage a
receiver is in step at the next frame; a changed byte that leaves a fitting frame cannot be noticed here.
"""

from __future__ import annotations

from dataclasses import dataclass

START = 0x01
END = 0x07
LOWEST = 0x20
"""The lowest address and the lowest byte of a payload."""
STEADY, BLINKING = 0x20, 0x21
"""How a pad with three characters shows them."""
THREE = 3

_KEY_FRAME = 4


@dataclass(frozen=True)
class KeyFrame:
    """A key went down: the ``address`` of its pad and the key's ``code``."""

    address: int
    code: int


class KeyDecoder:
    """Finds key frames in bytes fed in chunks of any size. Any bytes are fine: it never raises."""

    def __init__(self) -> None:
        self.frames = 0
        self.noise = 0
        """Bytes that belong to no frame."""
        self._begun = bytearray()

    def feed(self, data: bytes) -> list[KeyFrame]:
        """Take the next bytes; return the frames that became whole with them."""
        found = []
        for byte in data:
            place = len(self._begun)
            fits = byte == START if place == 0 else byte == END if place == _KEY_FRAME - 1 else byte >= LOWEST
            if not fits:
                self.forget()
                if byte != START:
                    self.noise += 1
                    continue
            self._begun.append(byte)
            if len(self._begun) == _KEY_FRAME:
                found.append(KeyFrame(self._begun[1], self._begun[2]))
                self.frames += 1
                self._begun.clear()
        return found

    def forget(self) -> None:
        """The line was quiet for long: what was begun will not be ended."""
        self.noise += len(self._begun)
        self._begun.clear()


def lamp(address: int, mode: int) -> bytes:
    """Light a pad: 30 off, 31 red, 32 green, 33/34 blink 200 ms, 35/36 blink 500 ms, 37…3D with a beep."""
    return bytes((START, address, mode, END))


def three(address: int, mode: int, text: str) -> bytes:
    """Show three characters on a pad, ``STEADY`` or ``BLINKING``."""
    return bytes((START, address, mode)) + _letters(text, THREE) + bytes((END,))


def board(address: int, text: str, letters: int) -> bytes:
    """Show ``text`` on a LED board of so many letters. After it the line must rest for 300 ms."""
    return bytes((START, address)) + _letters(text, letters) + bytes((END,))


def _letters(text: str, room: int) -> bytes:
    # What cp1251 lacks is shown as "?": another letter could be another visitor's number.
    coded = text[:room].ljust(room).encode("cp1251", errors="replace")
    return bytes(byte if byte >= LOWEST else LOWEST for byte in coded)
