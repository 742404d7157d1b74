"""How often the public may ask from one address: by the minute or hour, in memory or in Redis for all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from flask import Request

from server.domain.errors import TooOften

log = logging.getLogger(__name__)
MINUTE, HOUR = 60, 3600
LOOPBACK = ("127.0.0.1", "::1")


class Limits:
    """Counts what each address does.

    ``per_minute``, ``per_hour``: how often by what is done; 0 or unnamed: no limit.
    """

    def __init__(
        self,
        per_minute: Mapping[str, int] | None = None,
        redis_url: str = "",
        clock: Callable[[], float] = time.time,
        per_hour: Mapping[str, int] | None = None,
    ) -> None:
        self._most = {what: (most, MINUTE) for what, most in (per_minute or {}).items()}
        self._most |= {what: (most, HOUR) for what, most in (per_hour or {}).items()}
        self._clock = clock
        # By the length of the window: which one it is, and what was counted in it.
        self._counts: dict[int, tuple[int, dict[tuple[str, str], int]]] = {}
        self._lock = threading.Lock()
        self._redis: Any = None
        if redis_url:
            import redis

            self._redis = redis.Redis.from_url(redis_url, socket_timeout=1)
            self._errors: type[Exception] = redis.RedisError

    def check(self, what: str, address: str) -> None:
        """Count one more; raises ``TooOften`` with the seconds until the next minute or hour begins."""
        most, length = self._most.get(what, (0, MINUTE))
        if not most:
            return
        now = self._clock()
        window = int(now // length)
        if self._counted(what, address, window, length) > most:
            raise TooOften(seconds=int((window + 1) * length - now) + 1)

    def _counted(self, what: str, address: str, window: int, length: int) -> int:
        if self._redis is not None:
            try:
                return self._counted_together(f"talon:limit:{what}:{address}:{window}", length)
            except self._errors:
                log.warning("Redis does not answer: each process counts requests by itself")
        with self._lock:
            known, counts = self._counts.get(length, (window, {}))
            if known != window:
                counts = {}
            self._counts[length] = (window, counts)
            counts[what, address] = counts.get((what, address), 0) + 1
            return counts[what, address]

    def _counted_together(self, key: str, length: int) -> int:
        with self._redis.pipeline() as line:
            line.incr(key)
            line.expire(key, 2 * length)
            return int(line.execute()[0])


def address_of(request: Request) -> str:
    """Whose request it is. Our own nginx on this machine says for whom it asks; others are not believed."""
    direct = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if direct in LOOPBACK and forwarded:
        return forwarded.rpartition(",")[2].strip()[:45]
    return direct
