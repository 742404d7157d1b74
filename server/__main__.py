"""Starts talon-server. The one file that names eventlet: patch first, then build and run."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.config import ServerSettings
    from server.web.app import Web

STOP_SECONDS = 10
STOP_LOOK_SECONDS = 0.1
MOST_SOCKETS = 20_000
MOST_UNANSWERED = 512
"""Callers that may wait to be let in: a hall's screens all come back at once."""


def main() -> int:
    """Entry of ``talon-server``: ``run`` (the default) serves, all else goes to ``server.cli``."""
    arguments = sys.argv[1:]
    serves, settings_path = _first_look(arguments)
    if serves:
        mode = _async_mode(settings_path)
        if mode == "eventlet":
            # eventlet warns of its own age at import; why Talon keeps it is in docs/architecture.md.
            with warnings.catch_warnings(action="ignore"):
                import eventlet

            # Before anything imports sockets, threads or locks.
            eventlet.monkey_patch()
        elif mode == "gevent":
            import gevent.monkey

            gevent.monkey.patch_all()
    from server import cli

    return cli.main(arguments, serve)


def serve(settings: object) -> int:
    """Serve until SIGTERM: requests under way are finished, sockets told goodbye, the database closed."""
    import logging
    import signal
    import time
    from datetime import timedelta

    from server import garbage
    from server.config import TalonSettings
    from server.db import migrate
    from server.db.contact_safe import safe_from_file
    from server.db.engine import connect
    from server.db.store import Store
    from server.jobs import Jobs
    from server.sdk.settings import SettingsError
    from server.sending.post_office import PostOffice
    from server.sending.webhook_calls import WebhookCalls
    from server.web.app import create_web
    from server.web.aside import Aside

    assert isinstance(settings, TalonSettings)
    log = logging.getLogger("server")
    engine = connect(settings.database.url)
    if settings.database.migrate_at_start:
        migrate.upgrade(engine)
    elif fault := migrate.not_current(engine):
        log.error("cannot start: %s", fault)
        return 2
    try:
        contacts, made = safe_from_file(settings.contacts_key)
    except (OSError, ValueError) as error:
        log.error("cannot start: %s", error)
        return 2
    if made:
        log.warning("made the key to visitors' contacts, %s: back it up", settings.contacts_key)
    store = Store(engine, contacts=contacts, let_others=_let_others(settings.server.async_mode))
    try:
        messages = PostOffice(store, settings.mail, settings.sms, settings.messages, settings.public_url)
    except SettingsError as error:
        log.error("cannot start: %s", error)
        return 2
    if faults := messages.unserved():
        log.error("cannot start: %s", "; ".join(faults))
        return 2
    messages.warn()
    web = create_web(settings, store, lambda: migrate.not_current(engine))
    aside = Aside(settings)
    aside.install(web.app)
    jobs = Jobs(store, web.push.announce)
    kept = timedelta(days=settings.webhooks.kept_days)
    webhooks = WebhookCalls(store, settings.webhooks.allow_private, kept)
    web.measures.watch_sending(messages.states)
    web.push.start()
    web.socketio.start_background_task(jobs.run)
    messages.start(web.socketio.start_background_task)
    web.socketio.start_background_task(webhooks.run)
    main_loop = _current_greenlet(settings.server.async_mode)

    stopping: list[int] = []
    lines_closed: list[bool] = []
    answer = web.app.wsgi_app

    def answer_while_open(environ: Any, start_response: Any) -> Any:
        # eventlet still reads what an idle line had sent when it was closed: nobody would get the
        # answer, so nothing may be done.
        if lines_closed:
            start_response("503 Service Unavailable", [("Connection", "close"), ("Content-Length", "0")])
            return []
        return answer(environ, start_response)

    web.app.wsgi_app = answer_while_open  # type: ignore[method-assign]

    def stop_when_told() -> None:
        # A signal cannot wake a green loop that sleeps in the kernel: this task looks for it.
        while not stopping:
            time.sleep(STOP_LOOK_SECONDS)
        jobs.stop()
        messages.stop()
        webhooks.stop()
        web.push.stop()
        web.socketio.server.eio.disconnect()
        lines_closed.append(True)
        _end_loop(settings.server.async_mode, main_loop, web.socketio)

    def on_signal(number: int, _frame: object) -> None:
        # A request that never ends must not keep the program alive.
        signal.alarm(STOP_SECONDS)
        stopping.append(number)
        if settings.server.async_mode == "threading":
            raise SystemExit(0)

    web.socketio.start_background_task(stop_when_told)
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    garbage.settle()
    log.info("serving on http://%s:%s", settings.server.listen, settings.server.port)
    try:
        _answer(web, settings.server)
    except OSError as error:
        log.error(
            "cannot listen on %s:%s (%s): free the port, or set [server] port or TALON_PORT",
            settings.server.listen,
            settings.server.port,
            error.strerror,
        )
        return 2
    finally:
        messages.stop()
        messages.wait(STOP_SECONDS / 2)
        aside.stop()
        engine.dispose()
    log.info("stopped")
    return 0


def _first_look(arguments: list[str]) -> tuple[bool, str | None]:
    """Whether the command is to serve, and which settings file; the full parser comes after patching."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--config")
    parser.add_argument("command", nargs="?", default="run")
    known, _rest = parser.parse_known_args(arguments)
    return known.command == "run", known.config


def _async_mode(path: str | None) -> str:
    """The mode, read with nothing but the standard library: whatever is wrong is told later, in words."""
    try:
        with open(path or os.devnull, "rb") as file:
            return str(tomllib.load(file).get("server", {}).get("async_mode", "eventlet"))
    except (OSError, tomllib.TOMLDecodeError, AttributeError):
        return "eventlet"


def _let_others(mode: str) -> Callable[[], None] | None:
    import time

    return None if mode == "threading" else lambda: time.sleep(0)


def _current_greenlet(mode: str) -> object:
    if mode == "threading":
        return None
    import greenlet

    return greenlet.getcurrent()


def _answer(web: Web, server: ServerSettings) -> None:
    """Answer requests until the loop is ended; raises ``OSError`` when it cannot listen."""
    if server.async_mode != "eventlet":
        web.socketio.run(web.app, server.listen, server.port, log_output=False, allow_unsafe_werkzeug=True)
        return
    import eventlet
    import eventlet.wsgi
    from eventlet.green import socket

    family, _kind, _protocol, _name, address = socket.getaddrinfo(server.listen, server.port)[0]
    # With eventlet's own default a second server would listen here too and take half of the requests.
    line = eventlet.listen(address, family, backlog=MOST_UNANSWERED, reuse_port=False)
    # eventlet's own 1024 would let a big hall's sockets lock out every request.
    eventlet.wsgi.server(
        line, web.app, log_output=False, debug=False, max_size=MOST_SOCKETS, protocol=_quick_line()
    )


def _quick_line() -> type:
    """eventlet's HTTP on lines that send at once: else an answer's second piece waits 40 ms for a receipt."""
    import socket

    from eventlet.wsgi import HttpProtocol

    class QuickLine(HttpProtocol):  # type: ignore[misc]
        def setup(self) -> None:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            super().setup()

    return QuickLine


def _end_loop(mode: str, main_loop: object, socketio: object) -> None:
    if mode == "eventlet":
        import eventlet

        eventlet.kill(main_loop, SystemExit())
    elif mode == "gevent":
        socketio.wsgi_server.stop(timeout=STOP_SECONDS / 2)  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
