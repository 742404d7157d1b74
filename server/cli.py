"""talon-server's commands: set up, look after, check, try out; ``talon-server --help`` lists them."""

from __future__ import annotations

import argparse
import getpass
import json
import logging
import secrets
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from server import company, config, recompute, webhook_commands
from server.actions import offices
from server.config import TalonSettings
from server.db import accounts, event_log, log_export, migrate, queries
from server.db.engine import connect
from server.db.store import Store, clock_now
from server.domain.errors import Refusal
from server.domain.ids import uuid7
from server.domain.office import office_from_document
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
    if command == "simulate":
        return _simulate(options)
    if settings.database.url.startswith("sqlite:///"):
        Path(settings.database.url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    if command == "run":
        return serve(settings)
    if command == "demo":
        from server.demonstration import start

        return start.main(settings)
    engine = connect(settings.database.url)
    try:
        if command == "webhook":
            return webhook_commands.run(Store(engine), options, settings)
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
            connection,
            accounts.Person(
                options.login,
                options.role,
                options.office,
                options.desk,
                tuple(options.services or ()),
                options.name,
            ),
            password,
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


def _log(store: Store, options: argparse.Namespace) -> int:
    if options.act == "export":
        return _export(store, options.office)
    with store.read() as connection:
        heads = queries.heads(connection)
        faults = [fault for head in heads for fault in event_log.faults(connection, head.office)]
    for fault in faults:
        print(fault)
    print(
        f"{len(heads)} office(s), {sum(h.last_seq for h in heads)} events: {'FAULTS' if faults else 'whole'}"
    )
    return 1 if faults else 0


def _export(store: Store, office: str | None) -> int:
    """Write the log of one office, or of all, to the standard output."""
    with store.read() as connection:
        codes = [office] if office else [head.office for head in queries.heads(connection)]
        for code in codes:
            for line in log_export.lines(connection, code):
                sys.stdout.write(line)
    return 0


def _figures(store: Store, options: argparse.Namespace) -> int:
    if not options.check:
        print(f"the sums of {recompute.keep_anew(store, ACTOR)} office(s) are now those of the log")
        return 0
    found = recompute.differences(store)
    for line in found:
        print(line)
    print("the kept sums differ from the log" if found else "the kept sums equal the log's")
    return 1 if found else 0


def _simulate(options: argparse.Namespace) -> int:
    """Say how good the expected wait is on simulated days of a company's offices; needs no database."""
    from server.simulation import estimates

    try:
        document = settings_file.load(company.CompanySettings, options.file)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    offices_here = [office_from_document(office) for office in document.documents()]
    chosen = [office for office in offices_here if options.office in (None, office.code)]
    if not chosen:
        print(f"unknown office {options.office}", file=sys.stderr)
        return 2
    found = {
        office.code: estimates.simulate(office, options.first, options.days, options.seed)
        for office in chosen
    }
    if len(found) > 1:
        found["all"] = [one for statements in found.values() for one in statements]
    rows = {code: estimates.accuracy(statements) for code, statements in found.items()}
    if options.json:
        print(json.dumps({code: {**asdict(row), "less": row.less} for code, row in rows.items()}, indent=1))
    else:
        print("\n".join(estimates.table(rows)))
    return 0


def _generate(store: Store, options: argparse.Namespace) -> int:
    """Fill an empty database with a large company and a year of its visits."""
    migrate.upgrade(store.engine)
    with store.read() as connection:
        if queries.heads(connection):
            print("the database is not empty: set [database] url to a new one", file=sys.stderr)
            return 2
    from server import trial_company

    year = options.year or clock_now().year - 1
    made = trial_company.generate(store, options.offices, options.visits, year, options.seed, print)
    print(f"{made} visits of {options.offices} offices in {year}")
    return 0


COMMANDS: dict[str, Callable[[Store, argparse.Namespace], int]] = {
    "migrate": _migrate,
    "company": _company,
    "user": _user,
    "token": _token,
    "log": _log,
    "figures": _figures,
    "generate": _generate,
}


def _some(written: str) -> int:
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is too few")
    return number


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
    part.add_argument("--name", default="", help="how colleagues and visitors know this person")
    part.add_argument("--office")
    part.add_argument("--desk")
    part.add_argument("--services", nargs="*", metavar="CODE", help="what this operator can give; none: all")
    part = commands.add_parser("token", help="make a device's token, or revoke one by its id")
    part.add_argument("act", choices=["add", "revoke"])
    part.add_argument("what", metavar="SCOPE|ID")
    part.add_argument("--office", help="the token works for this office only")
    part.add_argument("--label", default="")
    webhook_commands.add_parser(commands)
    part = commands.add_parser("simulate", help="simulate days and say how good the expected wait was")
    part.add_argument("--company", dest="file", type=Path, metavar="FILE", required=True)
    part.add_argument("--office", metavar="CODE", help="only this office")
    part.add_argument("--days", type=int, default=20, help="reception days to count (20)")
    part.add_argument("--seed", type=int, default=1, help="the same seed gives the same days (1)")
    part.add_argument(
        "--first", type=date.fromisoformat, default=date(2026, 3, 2), metavar="DATE", help="the first day"
    )
    part.add_argument("--json", action="store_true", help="for programs instead of people")
    part = commands.add_parser("generate", help="fill an empty database with a large company, for trials")
    part.add_argument("--offices", type=_some, default=200, help="how many offices (200)")
    part.add_argument("--visits", type=_some, default=3_000_000, help="how many visits in the year (3000000)")
    part.add_argument("--year", type=int, help="which year (the last)")
    part.add_argument("--seed", type=int, default=1, help="the same seed makes the same (1)")
    part = commands.add_parser("log", help="verify the chain of the event log, or write it out as NDJSON")
    part.add_argument("act", choices=["verify", "export"])
    part.add_argument("--office", metavar="CODE", help="export only this office")
    part = commands.add_parser("figures", help="derive every sum from the log and keep it instead of the old")
    part.add_argument("act", choices=["recompute"])
    part.add_argument("--check", action="store_true", help="compare only, change nothing")
    return parser
