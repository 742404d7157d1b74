"""talon-server webhook: which programs of the company are told what happens, and what was not taken."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from server.config import TalonSettings
from server.db import queries, webhook_rows
from server.db.contact_safe import ContactSafe, safe_from_file
from server.db.store import Store
from server.db.webhook_rows import WebhookRow
from server.domain.ids import uuid7
from server.domain.webhook import EVENTS, checked_url
from server.sdk.settings import SettingsError

FAILED_SHOWN = 20


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe ``webhook`` on the command line."""
    part = commands.add_parser("webhook", help="programs that are told what happens; docs/integration.md")
    part.add_argument("act", choices=sorted(ACTS))
    part.add_argument("what", nargs="?", metavar="URL|ID", help="add: the address; else the webhook")
    part.add_argument("--events", nargs="+", choices=EVENTS, default=list(EVENTS), metavar="EVENT")
    part.add_argument("--offices", nargs="+", default=[], metavar="CODE", help="none: all offices")


def run(store: Store, options: argparse.Namespace, settings: TalonSettings) -> int:
    """Run one of them; raises ``Refusal`` and ``SettingsError``, which say what to do."""
    if options.what is None and options.act != "list":
        needed = "an address" if options.act == "add" else "an id"
        print(f"webhook {options.act} needs {needed}", file=sys.stderr)
        return 2
    return ACTS[options.act](store, options, settings)


def _add(store: Store, options: argparse.Namespace, settings: TalonSettings) -> int:
    try:
        url = checked_url(options.what, settings.webhooks.allow_private)
    except ValueError as error:
        raise SettingsError(options.what, [str(error)]) from None
    safe, now = _safe(settings), store.clock()
    webhook, secret = uuid7(now, secrets.token_bytes), _new_secret()
    sealed = safe.seal_secret(webhook, secret)
    with store.write_company() as connection:
        for office in options.offices:
            queries.head(connection, office)
        row = WebhookRow(webhook, url, options.events, options.offices, sealed, None, None, True, now)
        webhook_rows.add(connection, row)
    print(f"webhook {webhook}\nsecret  {secret}")
    return 0


def _list(store: Store, options: argparse.Namespace, _settings: TalonSettings) -> int:
    with store.read() as connection:
        for one in webhook_rows.all_webhooks(connection):
            counts = webhook_rows.counts(connection, one.id)
            told = ", ".join(f"{counts.get(state, 0)} {state}" for state in ("queued", "sent", "failed"))
            offices = " ".join(one.offices) or "all offices"
            print(f"{one.id} {'active' if one.active else 'paused'} {one.url}")
            print(f"  {offices}: {' '.join(one.events)}")
            print(f"  {told}")
            for message in webhook_rows.failed(connection, one.id, FAILED_SHOWN):
                when = f"{message.made_at:%Y-%m-%dT%H:%MZ}"
                print(f"  failed {message.id} {message.event} of {when}: {message.fault}")
    return 0


def _remove(store: Store, options: argparse.Namespace, _settings: TalonSettings) -> int:
    with store.write_company() as connection:
        webhook_rows.remove(connection, options.what)
    print("removed")
    return 0


def _pause(store: Store, options: argparse.Namespace, _settings: TalonSettings) -> int:
    with store.write_company() as connection:
        webhook_rows.set_active(connection, options.what, False)
    print("paused: what happens meanwhile is not told later")
    return 0


def _resume(store: Store, options: argparse.Namespace, _settings: TalonSettings) -> int:
    with store.write_company() as connection:
        webhook_rows.set_active(connection, options.what, True)
    print("active")
    return 0


def _rotate(store: Store, options: argparse.Namespace, settings: TalonSettings) -> int:
    secret = _new_secret()
    sealed = _safe(settings).seal_secret(options.what, secret)
    with store.write_company() as connection:
        webhook_rows.set_secret(connection, options.what, sealed, store.clock())
    print(f"secret  {secret}\nfor a day messages carry a signature by the old secret too")
    return 0


def _replay(store: Store, options: argparse.Namespace, _settings: TalonSettings) -> int:
    with store.write_company() as connection:
        again = webhook_rows.replay(connection, options.what, store.clock())
    print(f"{again} message(s) will be sent again")
    return 0 if again else 1


ACTS: dict[str, Callable[[Store, argparse.Namespace, TalonSettings], int]] = {
    "add": _add,
    "list": _list,
    "remove": _remove,
    "pause": _pause,
    "resume": _resume,
    "rotate": _rotate,
    "replay": _replay,
}


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _safe(settings: TalonSettings) -> ContactSafe:
    """The safe the server opens. It is not made here: a key of this machine alone would be of no use."""
    path: Path = settings.contacts_key
    if not path.exists():
        cure = "start the server once, which makes it, or set [bookings] key_file"
        raise SettingsError(str(path), [f"there is no key to keep the secret with: {cure}"])
    try:
        return safe_from_file(path)[0]
    except (OSError, ValueError) as error:
        raise SettingsError(str(path), [str(error)]) from None
