"""The kiosk's local web server: the touch page, its state, and the few things it may ask for."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import waitress
from flask import Flask, abort, jsonify, request, send_file, send_from_directory
from pydantic import Field, ValidationError
from werkzeug.wrappers import Response

from kiosk.agent import Agent, Taken
from kiosk.config import KioskSettings
from kiosk.drawing import qr_svg
from kiosk.help_audio import HelpAudio
from kiosk.no_ticket import NoTicket
from kiosk.print_jobs import PrintJobs
from kiosk.ticket_preview import TicketPreview, register
from server.sdk.commands import CheckIn
from server.sdk.commands import Request as Message
from server.sdk.messages import Code, Language
from server.sdk.shared_files import BROWSER_FOLDER

log = logging.getLogger(__name__)

UI_FOLDER = Path(__file__).parent / "ui"
MAX_BODY = 4096
LONGEST_QR = 300
_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_STATUS = {"refused": 409, "unreachable": 503, "broken": 503}
Tap = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
M = TypeVar("M", bound=Message)


class TakeTicket(Message):
    """What the page sends when the visitor asks for a ticket."""

    service: Code
    language: Language
    category: Code | None = None
    tap: Tap


class CheckInVisitor(CheckIn):
    """What the page sends when a booked visitor has come: the code, or the last digits of the phone."""

    tap: Tap | None = None


class PrintInformation(Message):
    """What the page sends when the visitor wants a service's information on paper."""

    service: Code
    language: Language


class CallStaff(Message):
    """What the page sends when the visitor asks for help."""

    language: Language = "ru"


def create_app(
    agent: Agent,
    jobs: PrintJobs,
    settings: KioskSettings,
    last_picture: Callable[[], Path | None] | None = None,
    preview: TicketPreview | None = None,
    help_audio: HelpAudio | None = None,
) -> Flask:
    """The page's server. ``last_picture`` gives the newest drawn ticket where the printer is a preview.

    ``preview`` shows staff the ticket's template under ``/preview/ru``, on this machine only.
    ``help_audio`` is the help by voice; without it the page shows no button for it.
    """
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

    if preview is not None:
        register(app, preview, lambda: request.remote_addr in ("127.0.0.1", "::1"))

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
        """Asked by the watchdog: 503 when a thread of the program has ended, so that it is started anew."""
        facts = {"server": agent.online, "printer_fault": jobs.fault, "to_tell": agent.to_tell}
        answer = jsonify(status="alive" if agent.alive else "stuck", **facts)
        answer.status_code = 200 if agent.alive else 503
        return answer

    @app.get("/state")
    def state() -> Response:
        agent.screen.heard()
        body = json.dumps(page_state(agent, jobs, settings, last_picture is not None), ensure_ascii=False)
        response = Response(body, mimetype="application/json")
        response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:16])
        return response.make_conditional(request)

    @app.get("/jobs/<job>")
    def job(job: str) -> Response:
        """The state of a print job; waits a moment for a change, so that the page need not ask often."""
        state = jobs.wait_for(job, 0.5)
        if state is None:
            abort(404)
        return jsonify(state=state, former_in_mouth=jobs.former_in_mouth(job))

    @app.errorhandler(NoTicket)
    def no_ticket(refusal: NoTicket) -> tuple[Response, int]:
        return jsonify(kind=refusal.kind, text=refusal.text), _STATUS[refusal.kind]

    @app.post("/take")
    def take() -> Response:
        asked = _asked(TakeTicket)
        return _given(agent.take_ticket(asked.service, asked.language, asked.category, asked.tap))

    @app.post("/check-in")
    def check_in() -> Response:
        asked = _asked(CheckInVisitor)
        if (asked.code is None) == (asked.phone_digits is None):
            abort(400)
        booking = CheckIn(code=asked.code, phone_digits=asked.phone_digits, language=asked.language)
        return _given(agent.check_in(booking, asked.tap))

    @app.get("/print-information")
    def can_print_information() -> Response:
        return jsonify(can_print=agent.has_information(request.args.get("service", "")))

    @app.post("/print-information")
    def print_information() -> Response:
        asked = _asked(PrintInformation)
        if not agent.has_information(asked.service):
            abort(404)
        return jsonify(job=agent.print_information(asked.service, asked.language))

    @app.post("/call-staff")
    def call_staff() -> Response:
        return jsonify(text=agent.call_staff(_asked(CallStaff).language))

    @app.get("/help-audio/<screen>.<language>.wav")
    def help_by_voice(screen: str, language: str) -> Response:
        sound = help_audio.wav(screen, language) if help_audio else None
        if sound is None:
            abort(404)
        return send_file(io.BytesIO(sound), mimetype="audio/wav", conditional=True)

    @app.get("/qr.svg")
    def qr() -> Response:
        """The ticket's address for the visitor's phone, where there is no paper to carry it."""
        text = request.args.get("text", "")
        if not 0 < len(text) <= LONGEST_QR:
            abort(400)
        return Response(qr_svg(text), mimetype="image/svg+xml")

    @app.get("/tickets/last.png")
    def picture() -> Response:
        path = last_picture() if last_picture else None
        if path is None:
            abort(404)
        return send_file(path, mimetype="image/png")

    return app


def page_state(agent: Agent, jobs: PrintJobs, settings: KioskSettings, has_pictures: bool) -> dict[str, Any]:
    """Everything the page draws from.

    ``reachable``: a visitor can get a ticket. ``offline``: the server is out of reach and numbers come from
    the lease; then neither people ahead nor waits are known. ``ticket_in_mouth``: paper hangs in the
    presenter. ``page``: when it changes, the page loads itself anew.
    """
    office = agent.office
    return {
        "office": None if office is None else office.model_dump(mode="json"),
        "reachable": agent.reachable,
        "offline": agent.reachable and not agent.online,
        "printer": jobs.printer_state,
        "ticket_in_mouth": jobs.printer_status.ticket_in_mouth,
        "page": agent.screen.page,
        "pictures": has_pictures,
        "times": {
            "idle": settings.idle_seconds,
            "warning": settings.warning_seconds,
            "ticket": settings.ticket_seconds,
        },
    }


def _asked(model: type[M]) -> M:
    """The request's body, checked; 415 and 400 else."""
    if not request.is_json:
        abort(415)
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError:
        abort(400)


def _given(taken: Taken) -> Response:
    """A ticket for the page; offline, nobody knows how many people are ahead."""
    ticket = taken.ticket.model_dump(mode="json")
    if taken.offline:
        ticket["ahead"] = None
    return jsonify(ticket=ticket, job=taken.job, offline=taken.offline)


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
