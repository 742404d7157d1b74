"""A process whose eight callers take tickets from SQLite by turns with a bare loop, for a bench.

``python -m tests.bench.eight_callers green|threads FOLDER`` writes a JSON list of rounds, each the tickets a
second of the bare loop and of Talon. The green ones are as ``talon-server`` has them.
"""

# What follows is imported after the patch of green threads, as the server does it.

from __future__ import annotations

import sys
import warnings

if __name__ == "__main__" and sys.argv[1] == "green":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import eventlet

    eventlet.monkey_patch()

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from server import garbage
from server.actions import offices, visits
from server.db.store import Store
from tests.builders import Clock, a_store

CALLERS = 8
SECONDS = 1.5
ROUNDS = 8
TICKETS_A_DAY = 900


class QuickDays(Clock):
    """A clock that goes on by a millisecond, and turns the day before its numbers are used up."""

    asked = 0

    def __call__(self) -> datetime:
        """The moment it shows."""
        self.asked += 1
        return self.now + timedelta(days=self.asked // TICKETS_A_DAY, milliseconds=self.asked)


def rounds(folder: Path, green: bool) -> list[tuple[float, float]]:
    """Tickets a second of the bare loop and of Talon.

    By turns: what else the disk does falls on both alike.
    """
    bare_acts = [_bare_caller(folder / "bare.sqlite") for _ in range(CALLERS)]
    let_others = (lambda: time.sleep(0)) if green else None
    store = a_store(f"sqlite:///{folder}/talon.sqlite", QuickDays(), let_others)
    with store.write("north", "admin") as uow:
        offices.set_reception(uow, "always_open", {})
    # As the server does when it begins to serve.
    garbage.settle()
    ticket_acts = [_ticket_caller(store) for _ in range(CALLERS)]
    found = [(_rate(bare_acts), _rate(ticket_acts)) for _ in range(ROUNDS)]
    store.engine.dispose()
    return found


def _rate(acts: Sequence[Callable[[], None]]) -> float:
    counts = [0] * CALLERS
    end = time.monotonic() + SECONDS

    def run(number: int) -> None:
        while time.monotonic() < end:
            acts[number]()
            counts[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def _bare_caller(path: Path) -> Callable[[], None]:
    connection = sqlite3.connect(path, timeout=15, isolation_level=None, check_same_thread=False)
    for line in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE IF NOT EXISTS counter (last INTEGER)",
        "CREATE TABLE IF NOT EXISTS ticket (number INTEGER, at TEXT)",
        "INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)",
    ):
        connection.execute(line).close()

    def act() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE counter SET last = last + 1")
        connection.execute("INSERT INTO ticket SELECT last, datetime() FROM counter")
        connection.execute("COMMIT")

    return act


def _ticket_caller(store: Store) -> Callable[[], None]:
    def act() -> None:
        with store.write("north", "kiosk") as uow:
            visits.issue_ticket(uow, "contract", None, "ru")

    return act


if __name__ == "__main__":
    print(json.dumps(rounds(Path(sys.argv[2]), sys.argv[1] == "green")))
