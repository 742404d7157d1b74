"""A company's own site on another port, under a strict policy, with the widget's one script tag."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from flask import Flask, Response
from werkzeug.serving import make_server


class CompanySite:
    """Serves one page; ``widget`` is where the booking pages it shows are, set before it is asked."""

    def __init__(self) -> None:
        self.widget = ""
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/", view_func=self._page)
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _page(self) -> Response:
        script = (
            f'<script src="{self.widget}/widget.js" data-office="north" data-language="kk" async></script>'
        )
        body = f"<h1>Company</h1>{script}<p>Below</p>"
        page = f'<!doctype html><html lang="kk"><title>Company</title><body>{body}</body></html>'
        policy = f"default-src 'none'; script-src {self.widget}; frame-src {self.widget}"
        return Response(page, mimetype="text/html", headers={"Content-Security-Policy": policy})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
