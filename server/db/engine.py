"""The database connection: SQLite or PostgreSQL, with the settings each needs to be safe and quick."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

BUSY_SECONDS = 15
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    # A page that many commits changed is written back once: 4,000 pages are 16 MB of log.
    "wal_autocheckpoint=4000",
)


def connect(url: str) -> Engine:
    """An engine for a SQLAlchemy URL. SQLite: WAL, full sync, foreign keys, ``BEGIN IMMEDIATE``."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True)
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=24,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write."""
    # A deferred BEGIN that reads first fails at once under contention: writers take the lock at the start.
    return engine.execution_options(talon_begin="BEGIN IMMEDIATE")


def begun_by_hand(engine: Engine) -> Engine:
    """The same engine for a caller that begins and commits on the driver itself."""
    return engine.execution_options(talon_begin=None)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # SQLAlchemy begins transactions itself: the driver must not.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    word = connection.get_execution_options().get("talon_begin", "BEGIN")
    if word is not None:
        # On the driver itself: SQLAlchemy's way around this one word costs as much as a statement.
        driver: Any = connection.connection.driver_connection
        driver.execute(word).close()
