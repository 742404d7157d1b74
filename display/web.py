"""The board page, its slides and its sounds for the browser of the hall PC."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from flask import Flask, Response, abort, jsonify, request, send_from_directory
from waitress.server import create_server

from display.agent import Agent
from display.config import DisplayConfig
from display.phrases import call_phrase
from display.slides import fault_of
from server.sdk.messages import LANGUAGES, PointKind
from server.sdk.shared_files import BROWSER_FOLDER
from server.sdk.slide_files import type_of
from server.sdk.speech import wave_file
from server.sdk.speech.voice import Voice

UI_FOLDER = Path(__file__).parent / "ui"
POINT_KINDS: tuple[PointKind, ...] = ("window", "room", "counter")


def create_app(config: DisplayConfig, agent: Agent, voice: Voice | None) -> Flask:
    """The program's small site: page, settings for the page, last state, slides, chime, speech."""
    app = Flask(__name__, static_folder=None)
    display = config.display
    # The settings hold the token: a page of another site must not reach them through a made-up name.
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", display.listen]
    page_spoke: list[datetime] = []  # when the page last asked for speech

    @app.get("/")
    def page() -> Response:
        return send_from_directory(UI_FOLDER, "index.html")

    @app.get("/ui/<path:name>")
    def page_file(name: str) -> Response:
        return send_from_directory(UI_FOLDER, name)

    @app.get("/shared/<path:name>")
    def shared_file(name: str) -> Response:
        return send_from_directory(BROWSER_FOLDER, name)

    @app.get("/slides/<name>")
    def slide(name: str) -> Response:
        kind = type_of(name)
        if display.slides_folder is None or kind is None:
            abort(404)
        # Films are asked for in parts: conditional answers know ranges.
        return send_from_directory(display.slides_folder.resolve(), name, mimetype=kind, conditional=True)

    @app.get("/config.json")
    def page_settings() -> Response:
        return jsonify(
            server=config.server.url,
            token=config.server.token,
            office=display.office,
            board=display.board,
            sound=display.voice,
            volume=display.volume,
            chime="/chime.wav",
            voice="/voice" if voice else None,
            alsa=display.sound == "alsa",
        )

    @app.get("/state.json")
    def last_state() -> Response:
        board = agent.board()
        if board is None:
            return Response(status=204)
        return Response(board.model_dump_json(), mimetype="application/json")

    @app.get("/chime.wav")
    def chime_sound() -> Response:
        return Response(wave_file.chime(), mimetype="audio/wav")

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
        page_spoke[:] = [datetime.now(UTC)]
        return Response(sound, mimetype="audio/wav")

    @app.get("/healthz")
    def alive() -> Response:
        """Facts for whoever looks after the hall; 503 when the program has to be started anew (watchdog)."""
        speaker, board = agent.speaker, agent.board()
        last = speaker.last_sound if speaker else next(iter(page_spoke), None)
        stuck = speaker is not None and not speaker.alive
        answer = jsonify(
            status="stuck" if stuck else "ok",
            version=version("talon"),
            online=agent.online,
            office=display.office,
            board=board.board if board else display.board,
            state_at=board.at.isoformat() if board else None,
            voices=voice.engines if voice else {},
            sound={
                "by": display.sound,
                "fault": speaker.fault if speaker else None,
                "last": last.isoformat() if last else None,
            },
            slides_fault=fault_of(display.slides_folder, board),
        )
        answer.status_code = 503 if stuck else 200
        return answer

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
