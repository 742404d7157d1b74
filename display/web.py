"""The board page and its sounds for the browser of the hall PC."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, abort, jsonify, request, send_from_directory
from waitress.server import create_server

from display import wave_file
from display.agent import Agent
from display.config import DisplayConfig
from display.phrases import call_phrase
from display.voice import Voice
from server.sdk.messages import LANGUAGES, PointKind
from server.sdk.shared_files import BROWSER_FOLDER

UI_FOLDER = Path(__file__).parent / "ui"
POINT_KINDS: tuple[PointKind, ...] = ("window", "room", "counter")


def create_app(config: DisplayConfig, agent: Agent, voice: Voice | None) -> Flask:
    """The program's small site: page, settings for the page, last state, chime, speech."""
    app = Flask(__name__, static_folder=None)
    # The settings hold the token: a page of another site must not reach them through a made-up name.
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", config.display.listen]
    chime = wave_file.chime()

    @app.get("/")
    def page() -> Response:
        return send_from_directory(UI_FOLDER, "index.html")

    @app.get("/ui/<path:name>")
    def page_file(name: str) -> Response:
        return send_from_directory(UI_FOLDER, name)

    @app.get("/shared/<path:name>")
    def shared_file(name: str) -> Response:
        return send_from_directory(BROWSER_FOLDER, name)

    @app.get("/config.json")
    def page_settings() -> Response:
        display = config.display
        return jsonify(
            server=config.server.url,
            token=config.server.token,
            office=display.office,
            highlight_seconds=display.highlight_seconds,
            announcement_limit_seconds=display.announcement_limit_seconds,
            sound=display.voice,
            volume=display.volume,
            chime="/chime.wav",
            voice="/voice" if voice else None,
        )

    @app.get("/state.json")
    def last_state() -> Response:
        board = agent.board()
        if board is None:
            return Response(status=204)
        return Response(board.model_dump_json(), mimetype="application/json")

    @app.get("/chime.wav")
    def chime_sound() -> Response:
        return Response(chime, mimetype="audio/wav")

    @app.get("/voice/<language>.wav")
    def speech(language: str) -> Response:
        kind = request.args.get("kind", "")
        if voice is None or language not in LANGUAGES or kind not in POINT_KINDS:
            abort(404)
        try:
            # Only what can stand on a ticket and on a door is ever said: no free text.
            phrase = call_phrase(
                language, request.args.get("number", ""), request.args.get("label", ""), kind
            )
        except ValueError:
            abort(404)
        sound = voice.wav(phrase)
        if sound is None:
            abort(503)
        return Response(sound, mimetype="audio/wav")

    @app.get("/healthz")
    def alive() -> Response:
        return jsonify(status="ok", online=agent.online)

    @app.after_request
    def protect(response: Response) -> Response:
        news = config.server.url
        sockets = news.replace("http", "ws", 1)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; connect-src 'self' {news} {sockets}; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        # The page lives for months: after an update of the program a reload must bring the new one.
        response.headers["Cache-Control"] = "no-cache"
        return response

    return app


def serve(app: Flask, listen: str, port: int) -> None:
    """Serve until SystemExit or KeyboardInterrupt (a signal). Raises ``OSError`` when the port is taken."""
    server = create_server(app, host=listen, port=port, threads=6)
    try:
        server.run()
    finally:
        server.close()
