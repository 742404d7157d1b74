"""Hands kept presses in to the server, each once, oldest first, as soon as the server can be reached."""

from __future__ import annotations

import logging
import threading
from typing import Protocol

from firmware_bridge.journal import Journal, KeptPress
from server.sdk.client import ServerRefused, ServerUnreachable
from server.sdk.commands import GiveRating
from server.sdk.messages import RatingTaken

log = logging.getLogger(__name__)

WAIT_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Waits after failures; contact with the server ends them at once."""
OLDEST_SECONDS = 7 * 24 * 3600
"""The oldest press the server takes (messages.GiveRating)."""
ABOUT_US = frozenset({401, 403, 408, 425, 429})
"""Refusals that speak of this bridge or of the moment, not of the press: a mended token cures them."""


class Server(Protocol):
    """The one command the bridge gives. The real one is ``server.sdk.client.TalonClient``."""

    def rate(self, request: GiveRating) -> RatingTaken:
        """Hand in a press. Raises ``ServerUnreachable`` or ``ServerRefused``."""


class HandIn:
    """A thread between the journal and the server."""

    def __init__(self, journal: Journal, server: Server) -> None:
        self._journal = journal
        self._server = server
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hand-in", daemon=True)
        self._failed_desks: set[str] = set()
        self._away = False

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def hurry(self) -> None:
        """There is a new press, or the server is back."""
        self._news.set()

    @property
    def moving(self) -> bool:
        """False when its thread has ended: then only a new start helps."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End after the request in progress; what is pending stays on disk."""
        self._stopping.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._news.clear()
            press = self._next()
            if press is None:
                self._news.wait()
            elif self._hand_in(press):
                failures = 0
            else:
                self._news.wait(WAIT_SECONDS[min(failures, len(WAIT_SECONDS) - 1)])
                failures += 1

    def _next(self) -> KeptPress | None:
        # In order within a desk, for a later press corrects an earlier one; but one desk's trouble
        # must not hold up the others.
        pending = self._journal.pending()
        if not any(press.desk not in self._failed_desks for press in pending):
            self._failed_desks.clear()
        return next((press for press in pending if press.desk not in self._failed_desks), None)

    def _hand_in(self, press: KeptPress) -> bool:
        age = self._journal.age(press)
        if age > OLDEST_SECONDS:
            log.error("press %s of desk %s is older than the server takes: set aside", press.id, press.desk)
            self._journal.set_aside(press, "too_old")
            return True
        request = GiveRating(
            score=press.score,
            press_id=press.id,
            desk=press.desk,
            source="pad",
            pressed_seconds_ago=round(age, 3),
        )
        try:
            taken = self._server.rate(request)
        except ServerUnreachable as error:
            # An outage is said once, not at every try.
            log.log(logging.DEBUG if self._away else logging.WARNING, "presses wait on disk: %s", error)
            self._away = True
            self._failed_desks.add(press.desk)
            return False
        except ServerRefused as refusal:
            return self._refused(press, refusal)
        self._away = False
        log.info(
            "press %s of desk %s handed in%s", press.id, press.desk, "" if taken.counted else " as stray"
        )
        self._journal.handed_in(press)
        return True

    def _refused(self, press: KeptPress, refusal: ServerRefused) -> bool:
        problem = refusal.problem
        if problem.code == "key_reused":
            # The first answer was lost on its way. The age in the body has grown since; the press is there.
            self._journal.handed_in(press)
            return True
        if problem.status in ABOUT_US:
            log.error("the server does not take presses: %s: correct the token of this bridge", refusal)
            self._failed_desks.add(press.desk)
            return False
        log.error("press %s of desk %s was refused and set aside: %s", press.id, press.desk, refusal)
        self._journal.set_aside(press, f"{problem.status} {problem.code}")
        return True
