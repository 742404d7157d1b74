"""Tells systemd that the program is ready and alive; one that hangs is silent and is started anew."""

from __future__ import annotations

import logging
import os
import socket
import threading
from http.client import HTTPConnection, HTTPException

log = logging.getLogger(__name__)

ASK_SECONDS = 5.0
"""How long the program's own page may take to say that it is alive."""
UNWATCHED_SECONDS = 1.0
"""How often it is asked until it is ready, where systemd only wants to know that."""


class Watchdog:
    """Asks the page's server at ``listen`` and ``port`` as its browser would: that it answers is the proof.

    Does nothing where systemd did not start the program (``NOTIFY_SOCKET`` is missing).
    """

    def __init__(self, listen: str, port: int) -> None:
        # Listening on all addresses is answered on this machine's own.
        self._host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen, listen)  # noqa: S104 - it is not bound
        self._port = port
        self._socket = os.environ.get("NOTIFY_SOCKET", "")
        limit = os.environ.get("WATCHDOG_USEC", "")
        self._each = int(limit) / 1_000_000 / 3 if limit.isdecimal() else None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        if self._socket:
            self._thread.start()

    def stop(self) -> None:
        """The program ends by itself: systemd waits for it no longer than it is told to."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=ASK_SECONDS)
            self._tell("STOPPING=1")

    def _run(self) -> None:
        ready = False
        while not self._ended.is_set():
            if self._answers():
                self._tell("WATCHDOG=1" if ready else "READY=1\nWATCHDOG=1")
                ready = True
            if ready and self._each is None:
                return
            rest = self._each if ready and self._each else UNWATCHED_SECONDS
            self._ended.wait(min(rest, self._each or rest))

    def _answers(self) -> bool:
        line = HTTPConnection(self._host, self._port, timeout=min(ASK_SECONDS, self._each or ASK_SECONDS))
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        except (OSError, HTTPException) as error:
            log.debug("the page does not answer: %s", error)
            return False
        finally:
            line.close()

    def _tell(self, text: str) -> None:
        # A name that begins with "@" is systemd's way to write an abstract socket.
        name = f"\0{self._socket[1:]}" if self._socket.startswith("@") else self._socket
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.connect(name)
                line.sendall(text.encode())
        except OSError as error:
            log.warning("systemd cannot be told that the program is alive: %s", error)
