"""Write transactions. On SQLite: in turn, on one connection that is kept, and to the disk together."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from server.db import engine as engines
from server.db.engine import begun_by_hand, writing

MOST_TOGETHER = 16
"""How many writes go to the disk together at most: the first of them waits for the last."""

BUSY_PAUSE_SECONDS = 0.001


def write_transactions(
    engine: Engine, let_others: Callable[[], None] | None = None, when_lost: Callable[[], None] = lambda: None
) -> Callable[[], AbstractContextManager[Connection]]:
    """What begins a write transaction of this process: a context that commits, or leaves no trace.

    ``let_others``: lets green threads run that are ready to. ``when_lost``: forgets what was read of writes
    that did not reach the disk after all.
    """
    if engine.dialect.name == "sqlite":
        return KeptWriter(engine, let_others, when_lost).transaction
    return writing(engine).begin


class _Together:
    """Writes that are one transaction for SQLite: all of them reach the disk, or none."""

    def __init__(self) -> None:
        self.size = 0
        # Whether the first of them will commit, once the others had their turn.
        self.led = False
        self._over = False
        self._error: sqlite3.Error | None = None
        self._sleeping: list[threading.Lock] = []

    def join(self) -> threading.Lock | None:
        """What to sleep on until they are on the disk; ``None`` when they are, or are lost.

        Asked with the turn, so that none falls asleep after the others were woken.
        """
        if self._over:
            return None
        bed = threading.Lock()
        bed.acquire()
        self._sleeping.append(bed)
        return bed

    def end(self, error: sqlite3.Error | None = None) -> None:
        """They are on the disk, or lost by ``error``."""
        self._error = error
        self._over = True
        for bed in self._sleeping:
            bed.release()

    def wait(self, bed: threading.Lock | None) -> None:
        """Return once they are on the disk; raises ``sqlite3.OperationalError`` when they are lost."""
        if bed is not None:
            bed.acquire()
        if self._error is not None:
            raise sqlite3.OperationalError(f"not written: {self._error}") from self._error


class KeptWriter:
    """The one connection on which this process writes to SQLite, kept open: one write at a time.

    SQLite itself lets writers of one file poll with growing pauses, up to 100 ms; at a lock they go on
    at once. Processes still meet at SQLite's own: there this asks anew each millisecond, so that a busy
    process cannot keep another one out, and green threads go on meanwhile. Taking a connection from the
    pool each time and SQLAlchemy's own way to begin and commit took as long as what issuing a ticket writes.

    A write that ends while others wait leaves the commit to them and returns with them: so the disk, the
    slowest of all, turns once for all who came meanwhile. Nobody returns before what they wrote is on it.
    Green threads come only when they are let: the first lets those that are ready, then commits for all.
    """

    def __init__(
        self,
        engine: Engine,
        let_others: Callable[[], None] | None = None,
        when_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = begun_by_hand(engine)
        self._let_others = let_others
        self._when_lost = when_lost
        self._turn = threading.Lock()
        # One mark for each who waits for the turn: adding and taking one needs no lock.
        self._marks: deque[None] = deque()
        self._kept: Connection | None = None
        self._driver: Any = None
        self._together: _Together | None = None
        event.listen(engine, "engine_disposed", self._dispose)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One write transaction. What fails in it is undone alone, as long as SQLite can.

        Who is refused hears of it when what the others wrote is on the disk, for that is what refused him;
        raises ``sqlite3.OperationalError`` instead when it is lost.
        """
        self._take_turn()
        bed = None
        try:
            connection = self._kept or self._connect()
            together = self._together or self._begin()
            try:
                # The first of them needs none: undoing it undoes all there is.
                if together.size:
                    self._driver.execute("SAVEPOINT one").close()
                yield connection
                if together.size:
                    self._driver.execute("RELEASE one").close()
                together.size += 1
            except BaseException:
                self._undo(together)
                raise
            finally:
                self._commit_unless_others_will()
                bed = together.join()
        except BaseException:
            self._turn.release()
            if bed is not None:
                together.wait(bed)
            raise
        self._turn.release()
        together.wait(bed)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._marks)

    def _take_turn(self) -> None:
        if self._turn.acquire(blocking=False):
            return
        self._marks.append(None)
        try:
            self._turn.acquire()
        finally:
            self._marks.pop()

    def _connect(self) -> Connection:
        self._kept = connection = self._engine.connect()
        self._driver = connection.connection.dbapi_connection
        self._driver.execute("PRAGMA busy_timeout=0").close()
        # For SQLAlchemy one endless transaction: it neither begins nor commits.
        connection.begin()
        return connection

    def _begin(self) -> _Together:
        try:
            self._take_file()
        except sqlite3.Error:
            self._throw_away()
            raise
        self._together = together = _Together()
        return together

    def _take_file(self) -> None:
        until = time.monotonic() + engines.BUSY_SECONDS
        while True:
            try:
                self._driver.execute("BEGIN IMMEDIATE").close()
                return
            except sqlite3.OperationalError as error:
                # The low byte: the code may say more, as that another process recovers the log after a crash.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(BUSY_PAUSE_SECONDS)

    def _undo(self, together: _Together) -> None:
        try:
            if together.size:
                self._driver.execute("ROLLBACK TO one").close()
                self._driver.execute("RELEASE one").close()
            else:
                self._driver.execute("ROLLBACK").close()
                self._together = None
                together.end()
        except sqlite3.Error as error:
            # No transaction any more: SQLite ends it by itself when the disk is full or broken.
            self._lose(together, error)

    def _commit_unless_others_will(self) -> None:
        together = self._together
        if together is None:
            return
        if self._let_others is not None:
            if not together.led:
                self._lead(together, self._let_others)
            elif together.size >= MOST_TOGETHER:
                self._commit(together)
        elif not self._marks or together.size >= MOST_TOGETHER:
            self._commit(together)

    def _lead(self, together: _Together, let_others: Callable[[], None]) -> None:
        together.led = True
        self._turn.release()
        try:
            let_others()
        finally:
            self._take_turn()
            if self._together is together:
                self._commit(together)

    def _commit(self, together: _Together) -> None:
        try:
            self._driver.execute("COMMIT").close()
        except sqlite3.Error as error:
            self._lose(together, error)
        else:
            self._together = None
            together.end()

    def _lose(self, together: _Together, error: sqlite3.Error) -> None:
        self._together = None
        self._throw_away()
        self._when_lost()
        together.end(error)

    def _throw_away(self) -> None:
        connection, self._kept = self._kept, None
        if connection is not None:
            # Closes the file, whatever state the connection is in; the next write gets a new one.
            connection.invalidate()
            connection.close()

    def _dispose(self, _engine: Engine) -> None:
        with self._turn:
            if self._together is not None:
                self._commit(self._together)
            self._throw_away()
