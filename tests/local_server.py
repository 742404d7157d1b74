"""An application over real HTTP for tests that need an address: on 127.0.0.1, in a thread of this process."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# With TALON_TEST_SLOW set answers go out late and pages compute slowly: a test that does not wait for
# what it asserts then fails at once, not once in a hundred runs on a busy machine.
SLOW = bool(os.environ.get("TALON_TEST_SLOW"))
LATER_SECONDS = 0.1
SLOWER_PAGES = 6  # times


class LocalServer:
    """Serves a WSGI application until it is closed.

    ``port`` 0 takes a free one; ``url`` is where it listens. Answers are read whole before they are sent:
    when a page leaves in the middle of one, werkzeug drops it without closing it, and its open file would be
    found by the test that happens to run next.
    """

    def __init__(self, app: WSGIApplication, port: int = 0) -> None:
        self._server = make_server("127.0.0.1", port, _whole(app), threaded=True)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more requests."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _whole(app: WSGIApplication) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if SLOW:
            time.sleep(LATER_SECONDS)
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer
