"""Presses of equipment that forgets them at once: held here until they are on disk. Pure."""

from __future__ import annotations

from firmware_bridge.line_protocol import Pressed

REPEAT_SECONDS = 1.0
"""When a press that could not be kept is reported again."""
ROOM = 64


class HeldPresses:
    """The presses of one line. ``run`` is the number of this start: with a count it makes their ids."""

    def __init__(self, run: int) -> None:
        self._run = run
        self._counter = 0
        self._held: dict[int, tuple[Pressed, float]] = {}
        self._report_at = 0.0

    def add(self, address: int, key: int, pressed_at: float, now: float) -> bool:
        """Hold a press. False: no room, for the disk has taken nothing for long; the first ones are kept."""
        if len(self._held) == ROOM:
            return False
        self._counter += 1
        press = Pressed(address, self._run, self._counter, key, 0.0)
        self._held[self._counter] = press, pressed_at
        self._report_at = now
        return True

    def keep(self, press: Pressed) -> None:
        """``press`` is safe on disk."""
        self._held.pop(press.counter, None)

    def due(self, now: float) -> list[Pressed]:
        """Those to report now, with their age."""
        if now < self._report_at:
            return []
        self._report_at = now + REPEAT_SECONDS
        return [
            Pressed(press.address, press.boot, press.counter, press.key, now - pressed_at)
            for press, pressed_at in self._held.values()
        ]

    @property
    def moments(self) -> list[float]:
        """When ``due`` is to be asked again by itself."""
        return [self._report_at] if self._held else []
