"""A Redis of a test's own: started from Debian's binary on a free port, keeps nothing, gone afterwards."""

from __future__ import annotations

import subprocess
from typing import Self

import redis

from tests.needs import need
from tests.programs import END_SECONDS, free_port, until


class RedisServer:
    """As a context manager it runs, as often as wished; ``url`` is its address."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self._command = [need("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until(self._answers, "Redis answering")
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(END_SECONDS)

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False
