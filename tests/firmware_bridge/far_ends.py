"""The bridge's far ends in tests: a feed that remembers, and a small HTTP server that takes presses."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.programs import free_port

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class RememberedFeed:
    """A news feed that says what the test says."""

    def __init__(
        self,
        rooms: list[str],
        on_state: Callable[[str, Mapping[str, Any]], None],
        on_link: Callable[[bool], None],
    ) -> None:
        self.rooms = rooms
        self.on_state = on_state
        self.on_link = on_link
        self.running = False

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def say(self, *signs: dict[str, Any], version: int = 1) -> None:
        """The office's signs and pads are like this now."""
        view = {"office": "zarechny", "version": version, "at": AT.isoformat(), "desks": list(signs)}
        self.on_state("bridge:zarechny", view)


def sign(
    desk: str, text: str = "", mode: str = "off", pad: str = "asleep", seconds: int = 0
) -> dict[str, Any]:
    """What a desk's sign and pad shall show; a pad armed for ``seconds``, or for ever."""
    until = (AT + timedelta(seconds=seconds)).isoformat() if seconds else None
    return {
        "desk": desk,
        "label": "1",
        "text": text,
        "mode": mode,
        "state": "serving",
        "pad": pad,
        "rate_until": until,
    }


class PressServer:
    """Takes presses as the real server does: once per press id. ``answer`` may refuse instead."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.taken: dict[str, dict[str, Any]] = {}
        self.reports: list[dict[str, Any]] = []
        self.keys: list[tuple[str, str]] = []
        self.refuse_keys = False
        self.answer: Callable[[dict[str, Any]], tuple[int, str] | None] = lambda body: None
        self.drop_answers = False
        self._news = threading.Condition()
        self._server: ThreadingHTTPServer | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Answer, always on the same port."""

        class Handler(BaseHTTPRequestHandler):
            far_end = self

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.far_end.tokens.add(self.headers["Authorization"])
                status, value = self.far_end.take(self.path, body)
                data = json.dumps(value).encode()
                if self.far_end.drop_answers:
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self._news:
            if path.endswith("/devices"):
                self.reports.append(body)
                return 200, {"office": body["name"], "at": AT.isoformat()}
            self.bodies.append(body)
            self._news.notify_all()
            if path.endswith("/pad-key"):
                return self._key(path.split("/")[-2], body)
            refusal = self.answer(body)
            if path != "/api/v1/ratings":
                refusal = (404, "not_found")
            elif body["press_id"] in self.taken and self.taken[body["press_id"]] != body:
                refusal = (422, "key_reused")
            if refusal:
                return refusal[0], {"title": "no", "status": refusal[0], "code": refusal[1], "detail": "no"}
            self.taken[body["press_id"]] = body
            return 201, {"press_id": body["press_id"], "counted": True}

    def _key(self, desk: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.refuse_keys:
            return 409, {"title": "no", "status": 409, "code": "desk_closed", "detail": "no"}
        self.keys.append((desk, body["key"]))
        return 200, {"desk": desk, "number": "А1", "state": "called"}

    def wait(self, ready: Callable[[], bool]) -> None:
        """Wait until ``ready`` holds after some request."""
        with self._news:
            assert self._news.wait_for(ready, timeout=20)

    def scores(self) -> list[tuple[str, int]]:
        """Desk and score of every press taken, in order of taking."""
        with self._news:
            return [(body["desk"], body["score"]) for body in self.taken.values()]


def eventually(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something that happens in another thread and can only be looked at."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.005)):
        if true():
            return
        pause.wait(0.005)
    pytest.fail("it did not happen in time")
