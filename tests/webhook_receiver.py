"""A receiver of webhooks on this machine: keeps what it was told and answers as it is told to."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Told:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    text: str

    @property
    def content(self) -> dict[str, Any]:
        """The body read."""
        content: dict[str, Any] = json.loads(self.text)
        return content


class Receiver:
    """Answers 204, or what ``answer`` gives for a request: a status, or ``None`` to say nothing at all."""

    def __init__(
        self, answer: Callable[[Told], int | None] = lambda _told: 204, tls: ssl.SSLContext | None = None
    ) -> None:
        self.told: list[Told] = []
        self.answer = answer
        self.leave = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                told = Told(self.path, dict(self.headers), text)
                receiver.told.append(told)
                status = receiver.answer(told)
                if status is None:
                    receiver.leave.wait(60)
                    return
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}/talon"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def events(self) -> list[str]:
        """What it was told of, in order."""
        return [told.content["event"] for told in self.told]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.leave.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
