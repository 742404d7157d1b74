"""A company's own site on another port, under a strict policy, with the widget's one script tag."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from flask import Flask, Response

from tests.local_server import LocalServer


class CompanySite:
    """Serves one page; ``widget`` is where the booking pages it shows are, set before it is asked."""

    def __init__(self) -> None:
        self.widget = ""
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/", view_func=self._page)
        self._server = LocalServer(app)
        self.url = self._server.url

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
        self._server.close()
