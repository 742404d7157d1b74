"""talon-server's commands: run · demo · migrate · company · user · token · log verify · figures recompute."""

from __future__ import annotations

import argparse
import getpass
import logging
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from server import company, config
from server.actions import offices
from server.config import TalonSettings
from server.db import accounts, event_log, migrate, queries
from server.db.engine import connect
from server.db.unit_of_work import Store, clock_now
from server.domain import replay
from server.domain.errors import Refusal
from server.domain.ids import uuid7
from server.sdk import settings as settings_file
from server.sdk.settings import SettingsError
from server.web.auth import ROLE_RIGHTS, SCOPE_RIGHTS

ACTOR = "command-line"


def main(arguments: list[str], serve: Callable[[TalonSettings], int]) -> int:
    """Run one command. Exit codes: 0 done, 1 checked and found wrong, 2 could not be done."""
    options = _parser().parse_args(arguments)
    try:
        settings = config.load(options.config)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    logging.basicConfig(
        level=settings.server.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # These tell of every request or step; a ticket's address in a log would be its key.
    for name in ("alembic", "werkzeug", "geventwebsocket.handler", "engineio", "socketio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    command = options.command or "run"
    if settings.database.url.startswith("sqlite:///"):
        Path(settings.database.url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    if command == "run":
        return serve(settings)
    if command == "demo":
        from server.demonstration import start

        return start.main(settings)
    engine = connect(settings.database.url)
    try:
        return COMMANDS[command](Store(engine), options)
    except (Refusal, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        engine.dispose()


def import_company(store: Store, document: company.CompanySettings, actor: str = ACTOR) -> list[str]:
    """Put a checked company in force; returns the codes of the offices that changed."""
    changed = []
    for position, office in enumerate(document.documents()):
        store.found_office(office, position)
        with store.write(office["code"], actor) as uow:
            if offices.revise(uow, office):
                changed.append(office["code"])
    return changed


def make_token(store: Store, scope: str, label: str, office: str | None, login: str | None = None) -> str:
    """Make a token and return its secret: it is shown once, the database keeps its hash."""
    secret = secrets.token_urlsafe(32)
    now = clock_now()
    token = accounts.Token(uuid7(now, secrets.token_bytes), scope, login, office)
    with store.write_company() as connection:
        accounts.save_token(connection, token, secret, label, now)
    return secret


def _migrate(store: Store, _options: argparse.Namespace) -> int:
    migrate.upgrade(store.engine)
    print("the database is current")
    return 0


def _company(store: Store, options: argparse.Namespace) -> int:
    document = settings_file.load(company.CompanySettings, options.file)
    for warning in company.warnings(document):
        print(f"warning: {warning}")
    if options.act == "check":
        print(f"{options.file}: {len(document.offices)} office(s), no faults")
        return 0
    migrate.upgrade(store.engine)
    changed = import_company(store, document)
    print(f"changed: {', '.join(changed) or 'nothing'}")
    return 0


def _user(store: Store, options: argparse.Namespace) -> int:
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < 8:
        print("the password is too short: give at least 8 characters", file=sys.stderr)
        return 2
    with store.write_company() as connection:
        if options.office:
            queries.head(connection, options.office)
        accounts.save_person(
            connection, accounts.Person(options.login, options.role, options.office, options.desk), password
        )
    print(f"{options.login} can sign in as {options.role}")
    return 0


def _token(store: Store, options: argparse.Namespace) -> int:
    if options.act == "revoke":
        with store.write_company() as connection:
            accounts.revoke_token(connection, options.what, clock_now())
        print("revoked")
        return 0
    if options.what not in SCOPE_RIGHTS:
        print(f"unknown scope {options.what}: choose one of {', '.join(SCOPE_RIGHTS)}", file=sys.stderr)
        return 2
    print(make_token(store, options.what, options.label, options.office))
    return 0


def _log(store: Store, _options: argparse.Namespace) -> int:
    with store.read() as connection:
        heads = queries.heads(connection)
        faults = [fault for head in heads for fault in event_log.faults(connection, head.office)]
    for fault in faults:
        print(fault)
    print(
        f"{len(heads)} office(s), {sum(h.last_seq for h in heads)} events: {'FAULTS' if faults else 'whole'}"
    )
    return 1 if faults else 0


def _figures(store: Store, _options: argparse.Namespace) -> int:
    found = []
    with store.read() as connection:
        for head in queries.heads(connection):
            zone = store.book.office(connection, head.version).zone
            derived = replay.day_sums(event_log.read(connection, head.office), zone)
            kept = queries.day_sums(connection, head.office)
            found += [f"{head.office} {line}" for line in replay.differences(kept, derived)]
    for line in found:
        print(line)
    print("the kept sums differ from the log" if found else "the kept sums equal the log's")
    return 1 if found else 0


COMMANDS: dict[str, Callable[[Store, argparse.Namespace], int]] = {
    "migrate": _migrate,
    "company": _company,
    "user": _user,
    "token": _token,
    "log": _log,
    "figures": _figures,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="talon-server", description="Electronic queue: the central server")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings (TOML); see deploy/talon-server.toml"
    )
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="serve (the default)")
    commands.add_parser("demo", help="start everything with a demonstration company")
    commands.add_parser("migrate", help="bring the database to this version")
    part = commands.add_parser("company", help="check the company's file, or put it in force")
    part.add_argument("act", choices=["check", "import"])
    part.add_argument("file", type=Path)
    part = commands.add_parser("user", help="make a person or change one; the password is read, not shown")
    part.add_argument("act", choices=["add"])
    part.add_argument("login")
    part.add_argument("--role", choices=sorted(ROLE_RIGHTS), required=True)
    part.add_argument("--office")
    part.add_argument("--desk")
    part = commands.add_parser("token", help="make a device's token, or revoke one by its id")
    part.add_argument("act", choices=["add", "revoke"])
    part.add_argument("what", metavar="SCOPE|ID")
    part.add_argument("--office", help="the token works for this office only")
    part.add_argument("--label", default="")
    part = commands.add_parser("log", help="verify the chain of the event log")
    part.add_argument("act", choices=["verify"])
    part = commands.add_parser("figures", help="derive every sum from the log and compare")
    part.add_argument("act", choices=["recompute"])
    part.add_argument("--check", action="store_true", required=True, help="compare only, change nothing")
    return parser
