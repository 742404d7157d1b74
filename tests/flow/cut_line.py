"""A network cable of tests: passes TCP on, and can be cut, made silent, or made to lose the answers."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal, Self
from urllib.parse import urlsplit

Fault = Literal["cut", "silent", "no_answers"]
"""``cut``: connections break and are refused. ``silent``: nothing gets through, nobody says so.
``no_answers``: the server gets every request, its answers are lost."""


class CutLine:
    """Listens at ``url`` and passes everything on to ``target`` while it is whole."""

    def __init__(self, target: str) -> None:
        address = urlsplit(target)
        self._target = (str(address.hostname), int(address.port or 0))
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._fault: Fault | None = None
        self._lines: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def break_(self, fault: Fault) -> None:
        """From now on the line has this fault."""
        self._fault = fault
        if fault == "cut":
            self._drop_all()

    def mend(self) -> None:
        """The line is whole; what hung on it while it was not has broken off."""
        self._fault = None
        self._drop_all()

    def close(self) -> None:
        """Stop listening and break everything off."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._drop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            if self._fault == "cut":
                near.close()
                continue
            try:
                far = socket.create_connection(self._target, 5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                self._lines |= {near, far}
            threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                if self._fault == "silent" or (self._fault == "no_answers" and answers):
                    continue
                sink.sendall(part)
        self._drop(source)
        self._drop(sink)

    def _drop(self, line: socket.socket) -> None:
        with self._lock:
            known = line in self._lines
            self._lines.discard(line)
        if known:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _drop_all(self) -> None:
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            self._drop(line)
