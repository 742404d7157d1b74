"""A server of pages without a server behind: real templates and files, answers set by the test."""

from __future__ import annotations

import mimetypes
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import Babel

from server.sdk.messages import Problem
from server.sdk.shared_files import BROWSER_FOLDER, TRANSLATIONS_FOLDER
from tests.browser_pages import states
from tests.browser_pages.rating_results import rating_results
from tests.local_server import LocalServer

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "server" / "web"
BOARD = ROOT / "display" / "ui"
TABLET = ROOT / "rating_button" / "page"


def whole_file(folder: Path, name: str) -> Response:
    """A file read at once: a page that leaves in the middle of it must not leave it open."""
    path = folder / name
    if not path.is_file():
        return Response(status=404)
    return Response(path.read_bytes(), mimetype=mimetypes.guess_type(name)[0])


class StubServer:
    """Serves every page on a free port.

    ``answers`` and ``gets`` are what the API says to POST and GET; ``posts`` is what it was asked.
    """

    def __init__(self) -> None:
        self.person: dict[str, str] | None = {"login": "operator1", "role": "operator"}
        self.status = states.ticket_status()
        self.office = states.office()
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        self.gets: dict[str, dict[str, Any]] = {
            "offices/zarechny": states.office(),
            "offices/zarechny/choices": states.choices(),
        }
        self.posts: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.hold: threading.Event | None = None
        self._server = LocalServer(self._app())
        self.url = self._server.url

    def close(self) -> None:
        """Stop serving."""
        if self.hold:
            self.hold.set()
        self._server.close()

    def _app(self) -> Flask:
        app = Flask(__name__, template_folder=str(WEB / "templates"), static_folder=str(WEB / "static"))
        app.config.update(
            BABEL_DOMAIN="web", BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS_FOLDER), TESTING=True
        )
        Babel(app, locale_selector=language)

        @app.context_processor
        def words() -> dict[str, Any]:
            return {
                "language": language(),
                "languages": ["ru", "kk", "en"],
                "csrf_token": lambda: "csrf-of-test",
                "person": self.person,
            }

        @app.after_request
        def strict(response: Response) -> Response:
            response.headers["Content-Security-Policy"] = "default-src 'self'"
            return response

        app.add_url_rule("/", view_func=self._start)
        app.add_url_rule("/sign-in", view_func=self._sign_in)
        app.add_url_rule("/desk/<desk>", view_func=self._desk)
        app.add_url_rule("/t/<code>", view_func=self._ticket)
        app.add_url_rule("/figures", view_func=self._figures)
        app.add_url_rule("/figures/ratings", view_func=self._ratings)
        app.add_url_rule("/office/<office>", view_func=self._office)
        app.add_url_rule("/window/<desk>", "window", lambda desk: whole_file(BOARD, "window.html"))
        app.add_url_rule("/ui/<path:file>", "board_file", lambda file: whole_file(BOARD, file))
        app.add_url_rule("/problem", view_func=self._problem)
        app.add_url_rule("/rate/<desk>", "rate", lambda desk: whole_file(TABLET, "index.html"))
        app.add_url_rule("/rate-page/<path:file>", "tablet", lambda file: whole_file(TABLET, file))
        app.add_url_rule("/shared/<path:file>", view_func=self._shared)
        app.add_url_rule("/api/v1/<path:path>", view_func=self._api, methods=["GET", "POST"])
        return app

    def _start(self) -> str:
        offices = [
            states.office(),
            states.office(
                code="closed",
                name={"ru": "Офис «Южный»", "kk": "«Южный» кеңсесі", "en": "Yuzhny office"},
                is_open=False,
                closed_reason={
                    "ru": "Перерыв до 13:00",
                    "kk": "13:00-ге дейін үзіліс",
                    "en": "Break until 13:00",
                },
                live_wait_seconds=None,
                opens_at="2026-03-02T03:00:00Z",
            ),
        ]
        links = [
            {
                "title": "Zarechny",
                "links": [
                    {"name": "Kiosk", "url": "/kiosk", "description": "Takes a ticket"},
                    {"name": "Board", "url": "/board", "description": ""},
                ],
            }
        ]
        users = [
            {"login": "operator1", "password": "demo", "role": "operator", "desk": "zarechny-1"},
            {"login": "admin", "password": "demo", "role": "administrator", "desk": None},
        ]
        return render_template(
            "start.html",
            company=states.COMPANY,
            offices=offices,
            links=links,
            demonstration=True,
            users=users,
        )

    def _sign_in(self) -> str:
        return render_template("sign_in.html", error=request.args.get("error"), next="/")

    def _desk(self, desk: str) -> str:
        return render_template("desk.html", desk=desk, office=states.office())

    def _ticket(self, code: str) -> str:
        return render_template("ticket.html", code=code, status=self.status)

    def _office(self, office: str) -> str:
        return render_template("office.html", office=self.office, days=states.days())

    def _figures(self) -> str:
        report = states.report()
        return render_template("figures.html", report=report)

    def _ratings(self) -> str:
        return render_template("figures_ratings.html", **rating_results(request.args.get("by", "office")))

    def _problem(self) -> tuple[str, int]:
        problem = Problem(title="Nothing here", status=404, code="not_found", detail="Check the address.")
        return render_template("problem.html", problem=problem), 404

    def _shared(self, file: str) -> Response:
        if file == "news.js":
            return whole_file(Path(__file__).parent, "stub_news.js")
        return whole_file(BROWSER_FOLDER, file)

    def _api(self, path: str) -> tuple[Response, int]:
        if request.method == "GET":
            state = self.gets.get(path)
            return jsonify(state or {"detail": "unknown"}), 200 if state else 404
        self.posts.append((path, request.get_json(), dict(request.headers)))
        if self.hold:
            self.hold.wait(10)
        status, answer = self.answers.get(path, (200, {}))
        return jsonify(answer), status


def language() -> str:
    """The language asked for in the address; Russian otherwise."""
    return request.args.get("language", "ru")
