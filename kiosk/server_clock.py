"""How far this terminal's clock is ahead of the server's, and so what time it is by the server's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FRESH_SECONDS = 600.0
"""A comparison older than this gives way to a newer one, though that may be less sharp."""
DATE_HEADER_BLUR = 0.5
"""The Date of an HTTP answer is cut to whole seconds: on the average it is half a second behind."""


@dataclass(frozen=True)
class _Comparison:
    server_at: datetime
    steady_at: float
    blur: float


class ServerClock:
    """The server's time, kept by the steady clock of this machine since they were last compared.

    So a jump of the wall clock while the server is out of reach moves no ticket. ``kept_ahead_ms`` is what a
    run before this one had measured: it holds until the first comparison. Any thread may call.
    """

    def __init__(
        self,
        kept_ahead_ms: int | None = None,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self.steady = steady
        self._kept_ahead_ms = kept_ahead_ms
        self._last: _Comparison | None = None

    def compare(self, server_at: datetime, asked: float, answered: float, blur: float = 0.0) -> None:
        """The server said ``server_at`` between the steady moments ``asked`` and ``answered``.

        ``blur``: seconds by which its word may be wrong. The sharper of two comparisons is kept.
        """
        new = _Comparison(server_at, (asked + answered) / 2, blur + (answered - asked) / 2)
        old = self._last
        if old is None or new.blur <= old.blur or answered - old.steady_at > FRESH_SECONDS:
            self._last = new

    def hear_date(self, date: datetime, asked: float, answered: float) -> None:
        """The Date header of an answer to a request sent at ``asked``."""
        self.compare(date + timedelta(seconds=DATE_HEADER_BLUR), asked, answered, DATE_HEADER_BLUR)

    def own(self) -> datetime:
        """What this terminal's own clock says."""
        return self._wall()

    def now(self) -> datetime:
        """The server's time; the terminal's own where they were never compared."""
        if self._last is not None:
            return self._last.server_at + timedelta(seconds=self.steady() - self._last.steady_at)
        return self._wall() - timedelta(milliseconds=self._kept_ahead_ms or 0)

    def ahead_ms(self) -> int | None:
        """By how many milliseconds the own clock is ahead now; None: never compared."""
        if self._last is None:
            return self._kept_ahead_ms
        return round((self._wall() - self.now()).total_seconds() * 1000)
