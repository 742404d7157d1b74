"""A small server of news for tests: real Socket.IO on a free port, with a state the test sets."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import socketio

from server.sdk.shared_files import BROWSER_FOLDER
from tests.local_server import LocalServer

TOKEN = "board-token"
UI_FOLDER = Path(__file__).resolve().parents[2] / "display" / "ui"
FILES = {
    "/board/zarechny": {"filename": str(UI_FOLDER / "index.html"), "content_type": "text/html"},
    "/ui": str(UI_FOLDER),
    "/shared": str(BROWSER_FOLDER),
}


class NewsServer:
    """Speaks as the server's push does: ``follow`` gives the state at once, then ``state`` and ``say``."""

    def __init__(
        self, state: dict[str, Any] | None = None, *, port: int = 0, slides: Path | None = None
    ) -> None:
        """``port`` 0: any free one; ``slides``: the folder with the files of slides."""
        self.state = state
        self.refusal: dict[str, str] | None = None  # the answer to whoever wants to follow
        self.connections = 0
        self.followed: list[str] = []
        self._open = True
        # Heartbeats far apart: a page with a stopped clock must not take the line for dead.
        self._sio = socketio.Server(
            async_mode="threading", cors_allowed_origins="*", ping_interval=600, ping_timeout=600
        )
        self._sio.on("connect", self._connect)
        self._sio.on("disconnect", lambda _sid, _reason=None: None)
        self._sio.on("follow", self._follow)
        self._sids: set[str] = set()
        files = FILES | ({"/slides": str(slides)} if slides else {})
        site = socketio.WSGIApp(self._sio, static_files=files)
        self._web = LocalServer(site, port)
        self.port, self.url = self._web.port, self._web.url

    def tell(self, state: dict[str, Any]) -> None:
        """The office has a new state."""
        self.state = state
        self._sio.emit("state", {"room": f"board:{state['office']}", "state": state})

    def say(self, announcement: dict[str, Any]) -> None:
        """Announce a call."""
        self._sio.emit("say", announcement)

    def cut(self) -> None:
        """Lose all connections and take no new ones."""
        self._open = False
        for sid in list(self._sids):
            # Closed below Socket.IO, without its farewell, as by a server that dies; a thread of its
            # own, because closing waits for a page that may be gone already.
            transport = self._sio.manager.eio_sid_from_sid(sid, "/")
            threading.Thread(target=self._sio.eio.disconnect, args=[transport], daemon=True).start()
        self._sids.clear()

    def restore(self) -> None:
        """Take connections again."""
        self._open = True

    def close(self) -> None:
        """Go away for good."""
        self.cut()
        self._web.close()

    def _connect(self, sid: str, _environ: dict[str, Any], auth: dict[str, str] | None) -> None:
        if not self._open or not auth or auth.get("token") != TOKEN:
            raise ConnectionRefusedError("not now")
        self.connections += 1
        self._sids.add(sid)

    def _follow(self, sid: str, message: dict[str, str]) -> None:
        self.followed.append(message["room"])
        if self.state:
            self._sio.emit("state", {"room": message["room"], "state": self.state}, to=sid)
