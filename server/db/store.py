"""The database as the rest of the server sees it: read a moment, or write one office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, update

from server.db import queries, tables
from server.db.contact_safe import ContactSafe
from server.db.queries import Hall, OfficeBook
from server.db.unit_of_work import UnitOfWork
from server.db.writer import write_transactions
from server.domain.events import FIRST_HASH


def clock_now() -> datetime:
    """The server's clock in UTC, to the millisecond: the finest grain of the log."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Store:
    """The database as the rest of the server sees it: read, or write one office."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime] = clock_now,
        contacts: ContactSafe | None = None,
        let_others: Callable[[], None] | None = None,
    ) -> None:
        self.engine = engine
        self.book = OfficeBook()
        self.clock = clock
        # Opens the contacts of bookings; none: this program has no business with them.
        self.contacts = contacts
        self._transaction = write_transactions(engine, let_others, self.book.forget)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: everything read in it is of one moment."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, office: str, actor: str) -> Iterator[UnitOfWork]:
        """A write transaction of one office. An exception leaves no trace; raises ``NotFound``.

        The moment ``now`` is taken after the office's row, so that the log's times never run back.
        """
        with self._transaction() as connection:
            head = queries.locked_head(connection, office)
            uow = UnitOfWork(connection, self.book, head, self.clock(), actor, self.contacts)
            yield uow
            uow.flush()

    @contextmanager
    def write_company(self) -> Iterator[Connection]:
        """A write transaction for what belongs to no office: people, tokens, offices themselves."""
        with self._transaction() as connection:
            yield connection

    def hall(self, office: str) -> Hall:
        """The hall of an office as it is now; raises ``NotFound``."""
        with self.read() as connection:
            return queries.hall(connection, self.book, queries.head(connection, office), self.clock())

    def halls(self) -> list[Hall]:
        """All halls of the company, in its order."""
        now = self.clock()
        with self.read() as connection:
            return [queries.hall(connection, self.book, head, now) for head in queries.heads(connection)]

    def found_office(self, document: dict[str, Any], position: int) -> None:
        """Make the rows of an office that is not there yet, and set its place among the offices."""
        code, log, versions = document["code"], tables.office_log, tables.office_version
        with self.write_company() as connection:
            moved = connection.execute(update(log).where(log.c.office == code).values(position=position))
            if moved.rowcount:
                return
            version = connection.execute(
                insert(versions)
                .values(office=code, made_at=self.clock(), document=document)
                .returning(versions.c.id)
            ).scalar_one()
            connection.execute(
                insert(log).values(
                    office=code,
                    position=position,
                    version=version,
                    last_seq=0,
                    last_hash=FIRST_HASH,
                    reception_mode="by_schedule",
                    reception_note={},
                )
            )
