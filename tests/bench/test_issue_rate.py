"""Tickets a second for eight callers of one process on SQLite, beside a bare loop on the same disk."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

from server.actions import offices, visits
from server.db.store import Store
from tests.builders import Clock, a_store

CALLERS = 8
SECONDS = 1.5
ROUNDS = 8
LEAST_SHARE = 0.25
TICKETS_A_DAY = 900


class QuickDays(Clock):
    """A clock that turns the day before its numbers are used up."""

    asked = 0

    def __call__(self) -> datetime:
        """The moment it shows."""
        self.asked += 1
        return self.now + timedelta(days=self.asked // TICKETS_A_DAY)


@pytest.mark.bench
def test_tickets_a_second_beside_a_bare_loop(tmp_path: Path) -> None:
    bare_acts = [_bare_caller(tmp_path / "bare.sqlite") for _ in range(CALLERS)]
    store = a_store(f"sqlite:///{tmp_path}/talon.sqlite", QuickDays())
    with store.write("north", "admin") as uow:
        offices.set_reception(uow, "always_open", {})
    ticket_acts = [_ticket_caller(store) for _ in range(CALLERS)]
    # By turns: what else the disk is doing then falls on both alike.
    rounds = [(rate(bare_acts), rate(ticket_acts)) for _ in range(ROUNDS)]
    store.engine.dispose()
    shares = sorted(talon / bare for bare, talon in rounds)
    print(f"\nTickets a second, {CALLERS} callers, one process on SQLite, {ROUNDS} rounds by turns, medians")
    print(f"  bare BEGIN IMMEDIATE, update, insert, commit   {median(bare for bare, _ in rounds):7.0f}")
    print(f"  issue_ticket                                   {median(talon for _, talon in rounds):7.0f}")
    print(
        f"  share of the bare loop {median(shares):.2f} (at least {LEAST_SHARE}; by round {shares[0]:.2f}",
        end="",
    )
    print(f" to {shares[-1]:.2f})")


def rate(acts: Sequence[Callable[[], None]]) -> float:
    """Calls per second of all callers together."""
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
