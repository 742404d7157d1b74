"""The bridge's own page on this machine: every port and device, how it stands and what helps."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from flask import Flask, Response, jsonify, render_template, request, send_from_directory
from waitress.server import create_server

from firmware_bridge.health import KINDS
from server.sdk.catalogues import words
from server.sdk.messages import LANGUAGES
from server.sdk.shared_files import BROWSER_FOLDER

log = logging.getLogger(__name__)

PAGE_FOLDER = Path(__file__).parent / "health_page"
REFRESH_SECONDS = 3


class Bridge(Protocol):
    """What the page needs of the bridge."""

    @property
    def moving(self) -> bool:
        """False when only a new start helps."""

    def report(self, language: str = "en") -> dict[str, object]:
        """How everything stands."""


def create_app(bridge: Bridge, listen: str) -> Flask:
    """The site: ``/`` for people, ``/healthz`` for programs (503 when a part of the bridge hangs)."""
    app = Flask(__name__, static_folder=None)
    # A name that somebody else points at this machine is not ours.
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", listen]

    @app.get("/")
    def page() -> str:
        asked = request.args.get("language") or request.accept_languages.best_match(LANGUAGES, "ru")
        language = asked if asked in LANGUAGES else "ru"
        return render_template(
            "devices.html",
            language=language,
            languages=LANGUAGES,
            refresh=REFRESH_SECONDS,
            kinds=KINDS,
            report=bridge.report(language),
            _=words("bridge", language).gettext,
        )

    @app.get("/healthz")
    def health() -> tuple[Response, int]:
        asked = request.args.get("language", "en")
        return jsonify(bridge.report(asked)), 200 if bridge.moving else 503

    @app.get("/page/<path:name>")
    def page_file(name: str) -> Response:
        return send_from_directory(PAGE_FOLDER, name)

    @app.get("/shared/<path:name>")
    def shared_file(name: str) -> Response:
        return send_from_directory(BROWSER_FOLDER, name)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-cache"
        return response

    return app


def serve(app: Flask, listen: str, port: int, on_ready: Callable[[str, int], None]) -> None:
    """Serve until ``SystemExit`` or ``KeyboardInterrupt``; ``on_ready`` hears the address and port.

    When the port is taken, a free one of 127.0.0.1 is used instead: pads matter more than a page.
    """
    try:
        server = create_server(app, host=listen, port=port, threads=2, ident=None)
    except OSError as error:
        log.error(
            "the page cannot be at %s port %d (%s): end the program that has the port, or change "
            "[bridge] port; until then the page has another one",
            listen,
            port,
            error.strerror,
        )
        listen = "127.0.0.1"
        server = create_server(app, host=listen, port=0, threads=2, ident=None)
    at = int(server.effective_port)
    log.info("the page of devices is at http://%s:%d/", listen, at)
    on_ready(listen, at)
    try:
        server.run()
    finally:
        server.close()
