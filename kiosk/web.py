"""The kiosk's local web server: the touch page, its state, and the one thing it may ask for, a ticket."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import waitress
from flask import Flask, abort, jsonify, request, send_file, send_from_directory
from pydantic import Field, ValidationError
from werkzeug.wrappers import Response

from kiosk.agent import Agent, NoTicket
from kiosk.config import KioskSettings
from kiosk.print_jobs import PrintJobs
from server.sdk.commands import Request as Message
from server.sdk.messages import Code, Language
from server.sdk.shared_files import BROWSER_FOLDER

log = logging.getLogger(__name__)

UI_FOLDER = Path(__file__).parent / "ui"
MAX_BODY = 4096
_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_STATUS = {"refused": 409, "unreachable": 503, "broken": 503}


class TakeTicket(Message):
    """What the page sends when the visitor asks for a ticket."""

    service: Code
    language: Language
    category: Code | None = None
    tap: Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


def create_app(
    agent: Agent,
    jobs: PrintJobs,
    settings: KioskSettings,
    last_picture: Callable[[], Path | None] | None = None,
) -> Flask:
    """The page's server. ``last_picture`` gives the newest drawn ticket where the printer is a preview."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY

    @app.before_request
    def only_this_machine() -> None:
        """Another site open in the same browser may neither read this server nor post to it."""
        if not _is_own_host(request.host, settings.listen):
            abort(403)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            abort(403)

    @app.after_request
    def safe(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    @app.get("/")
    def page() -> Response:
        return send_from_directory(UI_FOLDER, "index.html")

    @app.get("/ui/<path:name>")
    def ui(name: str) -> Response:
        return send_from_directory(UI_FOLDER, name)

    @app.get("/shared/<path:name>")
    def shared(name: str) -> Response:
        return send_from_directory(BROWSER_FOLDER, name)

    @app.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive", server=agent.reachable, printer_fault=jobs.fault)

    @app.get("/state")
    def state() -> Response:
        body = json.dumps(page_state(agent, settings, last_picture is not None), ensure_ascii=False)
        response = Response(body, mimetype="application/json")
        response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:16])
        return response.make_conditional(request)

    @app.get("/jobs/<job>")
    def job(job: str) -> Response:
        """The state of a print job; waits a moment for a change, so that the page need not ask often."""
        state = jobs.wait_for(job, 0.5)
        if state is None:
            abort(404)
        return jsonify(state=state)

    @app.post("/take")
    def take() -> tuple[Response, int] | Response:
        if not request.is_json:
            abort(415)
        try:
            asked = TakeTicket.model_validate_json(request.get_data())
        except ValidationError:
            abort(400)
        try:
            taken = agent.take_ticket(asked.service, asked.language, asked.category, asked.tap)
        except NoTicket as refusal:
            return jsonify(kind=refusal.kind, text=refusal.text), _STATUS[refusal.kind]
        return jsonify(ticket=taken.ticket.model_dump(mode="json"), job=taken.job)

    @app.get("/tickets/last.png")
    def picture() -> Response:
        path = last_picture() if last_picture else None
        if path is None:
            abort(404)
        return send_file(path, mimetype="image/png")

    return app


def page_state(agent: Agent, settings: KioskSettings, has_pictures: bool) -> dict[str, Any]:
    """Everything the page draws from."""
    office = agent.office
    return {
        "office": None if office is None else office.model_dump(mode="json"),
        "reachable": agent.reachable,
        "pictures": has_pictures,
        "times": {
            "idle": settings.idle_seconds,
            "warning": settings.warning_seconds,
            "ticket": settings.ticket_seconds,
        },
    }


def serve(app: Flask, listen: str, port: int) -> None:
    """Serve until ``SystemExit`` or ``KeyboardInterrupt`` is raised in this thread (SIGTERM, Ctrl-C)."""
    server = waitress.create_server(app, host=listen, port=port, threads=8, ident=None)
    log.info("the touch page is at http://%s:%d/", listen, port)
    try:
        server.run()
    finally:
        server.close()


def _is_own_host(host: str, listen: str) -> bool:
    """A name pointed at 127.0.0.1 by somebody else (DNS rebinding) is not ours."""
    name = urlsplit(f"//{host}").hostname
    return name in {"127.0.0.1", "localhost", "::1", listen}
