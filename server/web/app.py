"""Builds the web application: Flask, Socket.IO, the API, pages, health; started by ``__main__``."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, jsonify
from flask_babel import Babel
from flask_socketio import SocketIO

from server.config import TalonSettings
from server.db.store import Store
from server.sdk.shared_files import TRANSLATIONS_FOLDER
from server.web import (
    anomaly_pages,
    booking_api,
    booking_desk_api,
    booking_pages,
    correction_api,
    desk_api,
    device_pages,
    disclosure_api,
    disclosure_pages,
    entry_pages,
    hall_api,
    hall_pages,
    health,
    office_api,
    openapi,
    pages,
    period_pages,
    problems,
    public_pages,
    rating_api,
    rating_results,
    report_api,
    terminal_api,
    today_pages,
)
from server.web.api import PREFIX, Api
from server.web.auth import Gate
from server.web.push import Push
from server.web.rate_limit import Limits

# From one address: for one login, and for all (an office behind one address starts its day together).
SIGN_INS_PER_MINUTE = {"sign_in": 10, "sign_in_all": 100}
NO_FRAME = "frame-ancestors 'none'"
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; media-src 'self' blob:; "
    f"{NO_FRAME}; base-uri 'none'; form-action 'self'"
)


@dataclass(frozen=True)
class Web:
    """The parts of a built application that its process starts and stops."""

    app: Flask
    socketio: SocketIO
    push: Push
    api: Api
    measures: health.Measures


def create_web(
    settings: TalonSettings, store: Store, not_ready: Callable[[], str | None], async_mode: str | None = None
) -> Web:
    """Build everything; opens no port and starts no thread."""
    app = Flask("server.web", static_folder="static", static_url_path="/static")
    app.config.update(
        SECRET_KEY=_session_key(settings.server.state_folder),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.server.secure_cookies,
        MAX_CONTENT_LENGTH=settings.server.largest_body_bytes,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="ru",
        BABEL_DEFAULT_TIMEZONE="UTC",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS_FOLDER),
        BABEL_DOMAIN="web",
    )
    Babel(app, locale_selector=pages.chosen_language)
    _add_words(app)
    # Any origin may open a socket: devices prove themselves by token, a session counts only from our pages.
    # WebSocket only: a polling client that is not there just now would hold up the server's end.
    socketio = SocketIO(
        app,
        async_mode=async_mode or settings.server.async_mode,
        cors_allowed_origins="*",
        # A line that swallows all and says nothing shows within eleven seconds.
        ping_interval=5,
        ping_timeout=6,
        transports=["websocket"],
    )
    gate = Gate(app, store)
    push = Push(socketio, store, gate, settings.redis.url, settings.public_url)
    limits = Limits(
        {
            "hold": settings.bookings.holds_per_minute,
            "booking": settings.bookings.requests_per_minute,
            "integration": settings.bookings.integration_requests_per_minute,
            **SIGN_INS_PER_MINUTE,
        },
        settings.redis.url,
        lambda: store.clock().timestamp(),
        per_hour={"hold-unproven": settings.bookings.unproven_holds_per_hour},
    )
    api = Api(store, gate, push.announce, settings.public_url, limits)
    for part in (
        office_api,
        desk_api,
        hall_api,
        terminal_api,
        rating_api,
        rating_results,
        report_api,
        correction_api,
        period_pages,
        disclosure_api,
        booking_api,
        booking_desk_api,
    ):
        part.declare(api)
    company_now = today_pages.CompanyNow(store)
    today_pages.declare(api, company_now)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(pages.blueprint(api, settings.demonstration_file))
    app.register_blueprint(today_pages.blueprint(api, company_now))
    app.register_blueprint(period_pages.blueprint(api))
    app.register_blueprint(anomaly_pages.blueprint(api))
    app.register_blueprint(rating_results.blueprint(api))
    app.register_blueprint(hall_pages.blueprint(api))
    app.register_blueprint(disclosure_pages.blueprint(api))
    app.register_blueprint(entry_pages.blueprint(api))
    app.register_blueprint(public_pages.blueprint(api))
    app.register_blueprint(booking_pages.blueprint(api, _framed_in(settings.bookings.frame_from)))
    app.register_blueprint(device_pages.blueprint(settings.server.slides_folder))
    described = openapi.document(api)
    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi", lambda: jsonify(described))
    measures = health.Measures(lambda: push.sockets)
    health.install(app, measures, not_ready)
    problems.install(app)
    app.after_request(_guard)
    return Web(app, socketio, push, api, measures)


def _framed_in(origins: Sequence[str]) -> str:
    """The policy of pages that these origins may frame; with none, nobody may."""
    return (
        CONTENT_POLICY.replace(NO_FRAME, f"frame-ancestors {' '.join(origins)}")
        if origins
        else CONTENT_POLICY
    )


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response


def _add_words(app: Flask) -> None:
    from flask_wtf.csrf import generate_csrf

    @app.context_processor
    def words() -> dict[str, object]:
        return {
            "language": pages.chosen_language(),
            "languages": ["ru", "kk", "en"],
            "csrf_token": generate_csrf,
        }


def _session_key(folder: Path) -> bytes:
    """The key that signs sessions: made once per installation, readable by the server alone."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "session.key"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(file, "wb") as target:
        key = secrets.token_bytes(32)
        target.write(key)
    return key
