"""The device's side of the protocol: what a pad or sign does, as the firmware does it. Pure.

The simulator and the tests run on it, and the firmware in C follows it line by line: bounded memory,
no timers beyond those named here, silence until greeted. Time is an argument, in seconds.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from firmware_bridge import catalog
from firmware_bridge.catalog import Ability, Kind, PadState, Refusal, Said, SignMode
from firmware_bridge.frame import Decoder, Frame, encode

KEPT_PRESSES = 16
"""Presses a device keeps until they are acknowledged; one more is counted as lost."""
THANKS_SECONDS = 3.0
"""How long the pressed key stays lit as a thank-you."""
SIGN_LETTERS = 8


@dataclass
class _Press:
    counter: int
    key: int
    at: float


@dataclass(frozen=True)
class Shown:
    """What a person sees on the device. ``lights``: the keys that are lit."""

    pad: str = ""
    lights: tuple[int, ...] = ()
    text: str = ""
    mode: str = ""


class Device:
    """A pad with ``keys`` keys, or a sign. ``boot`` differs at each start and between devices."""

    def __init__(self, address: int, kind: Kind, boot: int, keys: int = 5, unit: int = 0) -> None:
        self.address = address
        self.kind = kind
        self.lost = 0
        self.version = catalog.VERSION
        self._boot = boot
        self._unit = unit
        self._keys = keys
        self._counter = 0
        self._presses: deque[_Press] = deque()
        self._decoder = Decoder()
        self._greeted = False
        self._polled = True
        self._done_sequence = 0
        self._armed = False
        self._armed_until: float | None = None
        self._thanks_key = 0
        self._thanks_until = 0.0
        self._mode = SignMode.OFF
        self._text = ""

    @property
    def pending(self) -> int:
        """Presses not acknowledged yet."""
        return len(self._presses)

    def press(self, key: int, now: float) -> bytes:
        """Key ``key`` (from 1) goes down; returns the bytes to send at once, if any."""
        if self.kind is not Kind.PAD or not 1 <= key <= self._keys:
            raise ValueError(f"there is no key {key} on this device")
        self._thanks_key, self._thanks_until = key, now + THANKS_SECONDS
        if len(self._presses) == KEPT_PRESSES:
            # The first presses are the ones the visitor meant.
            self.lost = min(self.lost + 1, 0xFFFF)
            return b""
        self._counter += 1
        self._presses.append(_Press(self._counter, key, now))
        if not self._greeted or self._polled or len(self._presses) > 1:
            return b""
        return self._say(0, self._oldest(now))

    def hear(self, data: bytes, now: float) -> bytes:
        """Take bytes from the line; returns the bytes to answer."""
        out = b""
        for frame in self._decoder.feed(data):
            said = catalog.decode(frame)
            if frame.address == self.address and frame.type < 0x80:
                out += self._answer(frame, said, now)
        return out

    def shows(self, now: float) -> Shown:
        """What can be seen now."""
        if self.kind is Kind.SIGN:
            return Shown(text="" if self._mode is SignMode.OFF else self._text, mode=self._mode.name.lower())
        if now < self._thanks_until:
            return Shown(pad="thanks", lights=(self._thanks_key,))
        if self._armed and (self._armed_until is None or now < self._armed_until):
            return Shown(pad="armed", lights=tuple(range(1, self._keys + 1)))
        return Shown(pad="asleep")

    def _answer(self, frame: Frame, said: Said | None, now: float) -> bytes:
        if said is not None and said.name == "hello":
            return self._introduce(frame, said)
        if frame.sequence == 0 and (said is None or said.name != "taken" or not self._greeted):
            # It asks for no answer (PROTOCOL.md §2): on a shared line one would hit another device's.
            return b""
        if not self._greeted:
            return self._refuse(frame, Refusal.NOT_GREETED)
        if said is None:
            known = frame.type in catalog.BY_TYPE
            return self._refuse(frame, Refusal.BAD_PAYLOAD if known else Refusal.UNKNOWN_TYPE)
        if said.name == "poll":
            return self._say(frame.sequence, self._oldest(now) if self._presses else self._alive())
        if said.name == "taken":
            first = self._presses[0] if self._presses else None
            if first and (said.numbers["boot"], said.numbers["counter"]) == (self._boot, first.counter):
                self._presses.popleft()
            return b""
        return self._obey(frame, said, now)

    def _obey(self, frame: Frame, said: Said, now: float) -> bytes:
        if said.name not in (("pad",) if self.kind is Kind.PAD else ("show",)):
            return self._refuse(frame, Refusal.UNKNOWN_TYPE)
        if frame.sequence != self._done_sequence:
            # The same number again is a resend: its answer was lost, the deed was done.
            values: type[PadState] | type[SignMode] = PadState if said.name == "pad" else SignMode
            wanted = said.numbers["state" if said.name == "pad" else "mode"]
            if wanted not in {value.value for value in values}:
                return self._refuse(frame, Refusal.BAD_PAYLOAD)
            if said.name == "pad":
                seconds = said.numbers["seconds"]
                self._armed = wanted == PadState.ARMED
                self._armed_until = now + seconds if seconds else None
            else:
                self._mode, self._text = SignMode(wanted), said.text
            self._done_sequence = frame.sequence
        return self._say(frame.sequence, Said("done"))

    def _introduce(self, frame: Frame, said: Said) -> bytes:
        # It answers whatever the versions are, so that the bridge can name the fault.
        self._greeted = said.numbers["oldest"] <= self.version <= said.numbers["version"]
        self._polled = bool(said.numbers["line"] & catalog.Line.POLLED)
        self._done_sequence = 0
        pad = self.kind is Kind.PAD
        numbers = {
            "version": self.version,
            "kind": self.kind,
            "abilities": Ability.KEYS | Ability.LIGHTS if pad else Ability.TEXT,
            "size": self._keys if pad else SIGN_LETTERS,
            "unit": self._unit,
            "boot": self._boot,
            "firmware": 0x0100,
        }
        return self._say(frame.sequence, Said("identity", numbers))

    def _oldest(self, now: float) -> Said:
        press = self._presses[0]
        age = min(0xFFFFFFFF, int((now - press.at) * 1000))
        numbers = {"boot": self._boot, "counter": press.counter, "key": press.key, "age_ms": age}
        return Said("press", numbers)

    def _alive(self) -> Said:
        return Said("alive", {"lost": self.lost, "bad_frames": min(0xFFFF, self._decoder.counters.bad)})

    def _refuse(self, frame: Frame, reason: Refusal) -> bytes:
        return self._say(frame.sequence, Said("refused", {"type": frame.type, "reason": reason}))

    def _say(self, sequence: int, said: Said) -> bytes:
        return encode(catalog.encode(self.address, sequence, said))
