"""Tells the server what operators want by the keys of their own pads: at once, or never."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

from firmware_bridge.line_protocol import OperatorAction
from server.sdk.client import ServerRefused, ServerUnreachable
from server.sdk.commands import PressPad
from server.sdk.staff_messages import PadTaken

log = logging.getLogger(__name__)

FRESH_SECONDS = 3.0
"""A key older than this is worth nothing: the operator has seen that nothing happened, and done otherwise."""


class Server(Protocol):
    """The one command given here. The real one is ``server.sdk.client.TalonClient``."""

    def press_pad(self, desk: str, request: PressPad, key: str) -> PadTaken:
        """Do what a key means. Raises ``ServerUnreachable`` or ``ServerRefused``."""


class OperatorKeys:
    """A thread between the lines and the server. ``on_refused(desk)``: nothing came of a key."""

    def __init__(self, server: Server, on_refused: Callable[[str], None]) -> None:
        self._server = server
        self._on_refused = on_refused
        self._pressed: SimpleQueue[tuple[str, OperatorAction, float] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="operator keys", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def press(self, desk: str, action: OperatorAction) -> None:
        """An operator pressed a key just now. From any thread; returns at once."""
        self._pressed.put((desk, action, time.monotonic()))

    @property
    def moving(self) -> bool:
        """False when its thread has ended: then only a new start helps."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End after the request in progress."""
        self._pressed.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while (pressed := self._pressed.get()) is not None:
            desk, action, pressed_at = pressed
            if not self._done(desk, action, pressed_at):
                self._on_refused(desk)

    def _done(self, desk: str, action: OperatorAction, pressed_at: float) -> bool:
        # The same key for all tries: what was done although its answer was lost is not done twice.
        key = uuid.uuid4().hex
        while time.monotonic() - pressed_at < FRESH_SECONDS:
            try:
                taken = self._server.press_pad(desk, PressPad(key=action), key)
            except ServerUnreachable as error:
                log.warning("desk %s: %s could not be told to the server: %s", desk, action, error)
                time.sleep(0.2)
                continue
            except ServerRefused as refusal:
                log.warning("desk %s: %s was refused: %s", desk, action, refusal)
                return False
            log.info("desk %s: %s: ticket %s is %s", desk, action, taken.number, taken.state)
            return True
        log.warning("desk %s: %s was given up: too old to be done now", desk, action)
        return False
