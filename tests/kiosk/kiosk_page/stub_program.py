"""A stand-in for the kiosk program: serves the touch page a state and remembers what the page asks."""

from __future__ import annotations

import io
import logging
import mimetypes
import threading
from pathlib import Path
from typing import Any

import qrcode
import qrcode.image.svg
from flask import Flask, abort, jsonify, request
from werkzeug.wrappers import Response

import kiosk
from server.sdk.messages import OfficeInfo
from server.sdk.shared_files import BROWSER_FOLDER
from tests.kiosk.builders import STATUS_URL, office, ticket
from tests.local_server import LocalServer

UI_FOLDER = Path(kiosk.__file__).parent / "ui"
SILENT_WAV = (
    b"RIFF$\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00@\x1f\x00\x00\x01\x00\x08\x00"
    b"data\x00\x00\x00\x00"
)


logging.getLogger("werkzeug").setLevel(logging.WARNING)


class StubProgram:
    """The kiosk program's address and answers. Change ``state`` and the answers at any time."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begin_anew()
        self._server = LocalServer(self._app())
        self.url = self._server.url

    def begin_anew(self) -> None:
        """As it was made: an open office, a printer that works, nothing asked yet."""
        self.state: dict[str, Any] = {
            "reachable": True,
            "offline": False,
            "printer": "ready",
            "ticket_in_mouth": False,
            "page": "1-0",
            "pictures": False,
            "times": {"idle": 300, "warning": 12, "ticket": 300},
        }
        self.show(office())
        self.job = "printed"
        self.former_in_mouth = False
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refusals: dict[str, dict[str, str]] = {}
        self.recordings: set[str] = set()
        self.gate.set()

    def show(self, shown: OfficeInfo) -> None:
        """The office as the page shall see it from now on."""
        self.state = self.state | {"office": shown.model_dump(mode="json")}

    def asked_for(self, path: str) -> list[dict[str, Any]]:
        """What the page sent to this path, in order."""
        return [body for where, body in self.asked if where == path]

    def close(self) -> None:
        """Stop serving."""
        self.gate.set()
        self._server.close()

    def _answer(self, path: str, good: dict[str, Any]) -> tuple[Response, int]:
        self.asked.append((path, request.get_json()))
        self.gate.wait(30)  # longer than the page has patience
        if path in self.refusals:
            return jsonify(self.refusals[path]), 409
        return jsonify(good), 200

    def _numbered(self, path: str) -> tuple[Response, int]:
        """One number a tap, as the real program gives them; a booking has its own letter."""
        body = request.get_json()
        taps = list(dict.fromkeys(str(one.get("tap")) for one in [*self.asked_for(path), body]))
        number = f"А{101 + taps.index(str(body.get('tap')))}" if path == "/take" else "П007"
        given = ticket(number=number, expected_wait={"from_minutes": 10, "to_minutes": 25})
        shown = given.model_dump(mode="json")
        if self.state["offline"]:
            shown["ahead"] = None
        return self._answer(path, {"ticket": shown, "job": "job-1", "offline": self.state["offline"]})

    def _app(self) -> Flask:
        app = Flask(__name__, static_folder=None)
        app.get("/")(lambda: _file(UI_FOLDER / "index.html"))
        app.get("/ui/<path:name>", endpoint="ui")(lambda name: _file(UI_FOLDER / name))
        app.get("/shared/<path:name>", endpoint="shared")(lambda name: _file(BROWSER_FOLDER / name))
        app.get("/state", endpoint="state")(lambda: _tagged(self.state))
        app.get("/jobs/<job>", endpoint="job")(
            lambda job: jsonify(state=self.job, former_in_mouth=self.former_in_mouth)
        )
        app.get("/qr.svg", endpoint="qr")(lambda: _qr(request.args["text"]))
        app.post("/take", endpoint="take")(lambda: self._numbered("/take"))
        app.post("/check-in", endpoint="check-in")(lambda: self._numbered("/check-in"))
        app.post("/print-information", endpoint="print")(
            lambda: self._answer("/print-information", {"job": "job-2"})
        )
        app.post("/call-staff", endpoint="staff")(lambda: self._answer("/call-staff", {}))

        @app.get("/help-audio/<name>")
        def recording(name: str) -> Response:
            if name not in self.recordings:
                abort(404)
            return Response(SILENT_WAV, mimetype="audio/wav")

        @app.after_request
        def safe(response: Response) -> Response:
            response.headers["Content-Security-Policy"] = "default-src 'self'; base-uri 'none'"
            response.headers["Cache-Control"] = "no-cache"
            return response

        return app


def _file(path: Path) -> Response:
    """Read at once: a page that is closed meanwhile must leave no open file."""
    return Response(path.read_bytes(), mimetype=mimetypes.guess_type(path.name)[0])


def _tagged(state: dict[str, Any]) -> Response:
    answer = jsonify(state)
    answer.add_etag()
    return answer.make_conditional(request)


def _qr(text: str) -> Response:
    assert text == STATUS_URL
    picture = io.BytesIO()
    qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage).save(picture)
    return Response(picture.getvalue(), mimetype="image/svg+xml")
