"""The terminal's screen as the program sees it: whether its page lives, asks for help, is to start anew."""

from __future__ import annotations

import secrets
from collections.abc import Callable

HELP_SECONDS = 60.0
"""How long staff see that a visitor asks for help."""
SILENT_SECONDS = 30.0
"""The page asks every second: one that was silent for so long hangs, or its browser is gone."""


class Screen:
    """``steady`` is a clock in seconds that nobody sets."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._start = secrets.token_hex(4)
        self._restarts = 0
        self._asked: float | None = None
        self._help_until = 0.0

    @property
    def page(self) -> str:
        """Another text after each start of the program and each wish to start anew: then the page reloads."""
        return f"{self._start}-{self._restarts}"

    def restart(self) -> None:
        """Have the page reload itself as soon as nobody is using it."""
        self._restarts += 1

    def heard(self) -> None:
        """The page has asked for the state."""
        self._asked = self._steady()

    def is_silent(self) -> bool:
        """Whether a page that once asked does so no more."""
        return self._asked is not None and self._steady() - self._asked > SILENT_SECONDS

    def call_help(self) -> None:
        """A visitor asks for help."""
        self._help_until = self._steady() + HELP_SECONDS

    def asks_for_help(self) -> bool:
        """Whether a visitor asked for help a moment ago."""
        return self._steady() < self._help_until
