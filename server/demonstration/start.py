"""The demonstration: sets up the company once, starts every program and simulated device, watches them."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server import cli, company
from server.actions import offices
from server.config import TalonSettings
from server.db import accounts, migrate
from server.db.accounts import Person
from server.db.contact_safe import safe_from_file
from server.db.engine import connect
from server.db.store import Store
from server.demonstration import bookings, history
from server.demonstration.programs import Program, contacts_key, database_url, programs
from server.sdk import settings as settings_file
from server.web.auth import SCOPE_RIGHTS

log = logging.getLogger("demonstration")

COMPANY = Path(__file__).parent / "company.toml"
FOLDER = Path("var/demo")
CONTRACT = Path("var/demo.json")
PASSWORD = "demonstration"  # noqa: S105 - of invented users on this machine only; the start page shows it
HISTORY_DAYS = 365
SEED = 2026
READY_SECONDS = 60
LONGEST_PAUSE_SECONDS = 60
NOTE = {
    "ru": "Демонстрация: приём открыт круглосуточно",
    "kk": "Көрсетілім: қабылдау тәулік бойы ашық",
    "en": "Demonstration: open round the clock",
}


def main(settings: TalonSettings) -> int:
    """Set up on the first run, start everything, and run until SIGTERM or Ctrl+C. Returns the exit code."""
    base_port = settings.server.port
    contract = _set_up(base_port) if not _is_set_up() else _moved_to(base_port)
    started = programs(contract, FOLDER.resolve(), base_port)
    running: dict[str, subprocess.Popen[bytes]] = {}
    signal.signal(signal.SIGTERM, _stop)
    try:
        _start(started[0], running)
        _wait_ready(contract["base_url"], running["server"])
        _book(contract)
        for program in started[1:]:
            _start(program, running)
        print(f"Talon is serving: {contract['base_url']}  (Ctrl+C stops it)", flush=True)
        return _watch(started, running)
    except KeyboardInterrupt:
        return 0
    finally:
        _end(running)


def _is_set_up() -> bool:
    return (FOLDER / "complete").exists() and CONTRACT.exists()


def _set_up(base_port: int) -> dict[str, Any]:
    # What an interrupted first run left is of no use to anybody.
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    print("Setting up the demonstration company and a year of its history…", flush=True)
    engine = connect(os.environ.get("TALON_DATABASE_URL") or database_url(FOLDER.resolve()))
    migrate.upgrade(engine)
    document = settings_file.load(company.CompanySettings, COMPANY)
    today = datetime.now(UTC)
    first = today - timedelta(days=HISTORY_DAYS)
    past = Store(engine, clock=lambda: first.replace(microsecond=0))
    cli.import_company(past, document, history.ACTOR)
    store = Store(engine)
    for office in document.documents():
        code = office["code"]
        history.write_history(past, code, first.date(), today.date() - timedelta(days=1), SEED)
        with store.write(code, history.ACTOR) as uow:
            offices.set_reception(uow, "always_open", NOTE)
    contract = _contract(store, document.documents(), base_port)
    engine.dispose()
    _write(contract)
    (FOLDER / "complete").touch()
    return contract


def _book(contract: dict[str, Any]) -> None:
    """Have visitors booked for today and the next days, whenever the demonstration is started."""
    engine = connect(os.environ.get("TALON_DATABASE_URL") or database_url(FOLDER.resolve()))
    safe, _new = safe_from_file(contacts_key(FOLDER.resolve()))
    store = Store(engine, contacts=safe)
    for office in contract["offices"]:
        bookings.write_bookings(store, office["code"])
    engine.dispose()


def _contract(store: Store, documents: list[dict[str, Any]], base_port: int) -> dict[str, Any]:
    """Everything outside programs need to try the demonstration: people, tokens, addresses."""
    people = [Person("admin", "administrator", None, None), Person("manager", "manager", None, None)]
    people += [
        Person(f"operator-{desk['id']}", "operator", office["code"], desk["id"])
        for office in documents
        for desk in office["desks"]
    ]
    users = []
    for person in people:
        with store.write_company() as connection:
            accounts.save_person(connection, person, PASSWORD)
        token = cli.make_token(store, "person", "demonstration", None, person.login)
        users.append(
            {
                "login": person.login,
                "password": PASSWORD,
                "role": person.role,
                "token": token,
                "desk": person.desk,
            }
        )
    contract = {
        "base_url": "",
        "pages": {},
        "offices": [
            {
                "code": office["code"],
                # Those that give tickets: others are shown at the terminal as text.
                "services": [s["code"] for s in office["services"] if s["state"] == "open"],
                "desks": [desk["id"] for desk in office["desks"]],
            }
            for office in documents
        ],
        "users": users,
        "tokens": {scope: cli.make_token(store, scope, "demonstration", None) for scope in SCOPE_RIGHTS},
        "links": [],
    }
    return _addressed(contract, base_port)


def _moved_to(base_port: int) -> dict[str, Any]:
    """The known demonstration, at this run's port."""
    contract = _addressed(json.loads(CONTRACT.read_text("utf-8")), base_port)
    _write(contract)
    return contract


def _addressed(contract: dict[str, Any], base_port: int) -> dict[str, Any]:
    base = f"http://127.0.0.1:{base_port}"
    own = {"start": "", "sign_in": "sign-in", "today": "today", "figures": "figures"}
    pages = {name: f"{base}/{path}" for name, path in own.items()}
    links: list[dict[str, str]] = []

    def add(name: str, kind: str, url: str, office: str, label: str = "") -> None:
        pages.setdefault(kind, url)
        pages[name] = url
        links.append({"office": office, "kind": kind, "url": url, "label": label})

    for index, office in enumerate(contract["offices"]):
        code = office["code"]
        add(f"kiosk_{code}", "kiosk", f"http://127.0.0.1:{base_port + 1 + index}/", code)
        add(f"board_{code}", "board", f"http://127.0.0.1:{base_port + 11 + index}/", code)
        add(f"office_{code}", "office", f"{base}/office/{code}", code)
        add(f"hall_{code}", "hall", f"{base}/hall/{code}", code)
        add(f"book_{code}", "book", f"{base}/book/{code}", code)
        add(f"bookings_{code}", "bookings", f"{base}/hall/{code}/bookings", code)
        for desk in office["desks"]:
            label = desk.removeprefix(f"{code}-")
            add(f"desk_{desk}", "desk", f"{base}/desk/{desk}", code, label)
            tokens = contract["tokens"]
            add(f"window_{desk}", "window", f"{base}/window/{desk}#{tokens['display']}", code, label)
            add(f"rating_{desk}", "rating", f"{base}/rate/{desk}#{tokens['rating']}", code, label)
    first = contract["offices"][0]["code"]
    add("devices", "devices", f"http://127.0.0.1:{base_port + 21}/", first)
    links += [{"kind": "today", "url": f"{base}/today"}, {"kind": "figures", "url": f"{base}/figures"}]
    return {**contract, "base_url": base, "pages": pages, "links": links}


def _write(contract: dict[str, Any]) -> None:
    temporary = CONTRACT.with_suffix(".new")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(contract, ensure_ascii=False, indent=1), "utf-8")
    temporary.replace(CONTRACT)


def _start(program: Program, running: dict[str, subprocess.Popen[bytes]]) -> None:
    running[program.name] = subprocess.Popen(program.command)


def _wait_ready(base_url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit("the server ended at its start: its last lines above say why")
        try:
            with urllib.request.urlopen(f"{base_url}/readyz", timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit(f"the server did not become ready in {READY_SECONDS} s")


def _watch(started: list[Program], running: dict[str, subprocess.Popen[bytes]]) -> int:
    """Start again what ends by itself, as the service manager does in an office."""
    known = {program.name: program for program in started}
    pause = dict.fromkeys(known, 1)
    due: dict[str, float] = {}
    while True:
        time.sleep(0.5)
        for name, process in list(running.items()):
            if name in due:
                if time.monotonic() >= due[name]:
                    del due[name]
                    _start(known[name], running)
            elif process.poll() is not None:
                log.warning("%s ended with code %s: again in %s s", name, process.returncode, pause[name])
                due[name] = time.monotonic() + pause[name]
                pause[name] = min(pause[name] * 2, LONGEST_PAUSE_SECONDS)


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _end(running: dict[str, subprocess.Popen[bytes]]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Backwards, so that nothing loses what it depends on before it ends.
    for name, process in reversed(running.items()):
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            print(f"{name} did not end by itself", file=sys.stderr)
            process.kill()
