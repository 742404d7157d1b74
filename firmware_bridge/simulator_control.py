"""The simulator's control on 127.0.0.1: GET /devices, POST /press {"desk", "key"}, a page that draws them.

Pages of this machine may call it too, so that a demonstration can draw pads and signs.
"""

from __future__ import annotations

import json
import logging
import mimetypes
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from server.sdk.shared_files import BROWSER_FOLDER

log = logging.getLogger(__name__)

MAX_BODY = 1000
PAGE_FOLDER = Path(__file__).parent / "simulator_page"
_LOCAL_PAGE = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?")


class NoSuchPad(Exception):
    """There is no such pad or key; the text says what there is."""


class Devices(Protocol):
    """What the control needs of the simulator."""

    def devices(self) -> list[dict[str, object]]:
        """What every device is and shows."""

    def press(self, desk: str, key: int) -> None:
        """Press a key. Raises ``NoSuchPad``."""


class Control:
    """The HTTP server, in a thread of its own. ``port`` 0 takes a free one; see ``url``."""

    def __init__(self, devices: Devices, port: int) -> None:
        class Handler(_Handler):
            simulated = devices

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class _Handler(BaseHTTPRequestHandler):
    simulated: Devices
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        if self.path == "/devices":
            self._answer(200, {"devices": self.simulated.devices()})
        elif (file := _file(urlsplit(self.path).path)) is not None:
            self._send(200, file.read_bytes(), mimetypes.guess_type(file.name)[0] or "text/plain")
        else:
            self._answer(404, {"detail": "there are GET /devices and POST /press"})

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= MAX_BODY:
            self.close_connection = True
            self._answer(413, {"detail": f"the body has at most {MAX_BODY} bytes"})
            return
        body = self.rfile.read(length)
        if self.path != "/press":
            self._answer(404, {"detail": "there are GET /devices and POST /press"})
            return
        # A page from elsewhere cannot send this type without asking first, and is then told no.
        if self.headers.get_content_type() != "application/json":
            self._answer(415, {"detail": "the body must be application/json"})
            return
        desk, key = _press_in(body)
        if key is None:
            self._answer(422, {"detail": 'the body must be like {"desk": "zarechny-1", "key": 5}'})
            return
        try:
            self.simulated.press(desk, key)
        except NoSuchPad as error:
            self._answer(404, {"detail": str(error)})
            return
        self._answer(202, {"desk": desk, "key": key})

    def do_OPTIONS(self) -> None:
        self._answer(204, None)

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)

    def _answer(self, status: int, value: dict[str, object] | None) -> None:
        data = b"" if value is None else json.dumps(value, ensure_ascii=False).encode()
        self._send(status, data, None if value is None else "application/json; charset=utf-8")

    def _send(self, status: int, data: bytes, kind: str | None) -> None:
        self.send_response(status)
        origin = self.headers.get("Origin", "")
        if _LOCAL_PAGE.fullmatch(origin):
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Access-Control-Allow-Headers", "content-type")
            self.send_header("Vary", "Origin")
        if kind is not None:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)


def _file(path: str) -> Path | None:
    """The file of the page that a path names: our own or the shared ones, nothing outside their folders."""
    for prefix, folder in (("/page/", PAGE_FOLDER), ("/shared/", BROWSER_FOLDER)):
        if path.startswith(prefix):
            file = (folder / path.removeprefix(prefix)).resolve()
            return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    return PAGE_FOLDER / "index.html" if path == "/" else None


def _press_in(body: bytes) -> tuple[str, int | None]:
    try:
        value = json.loads(body)
    except ValueError:
        return "", None
    match value:
        case {"desk": str(desk), "key": int(key)} if not isinstance(key, bool):
            return desk, key
    return "", None
