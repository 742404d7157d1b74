"""The unit of work: one office's write transaction, from taking the office's row to commit.

Everything an action reads and writes goes through it. Rows are flushed at commit, events after
them; nothing here waits for anything but the database (under green threads a yield inside the
transaction would freeze the process).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, Update, bindparam, delete, insert, select, update

from server.db import event_log, queries, tables
from server.db.engine import writing
from server.db.queries import DeskRow, Hall, OfficeBook
from server.domain.events import FIRST_HASH, Event
from server.domain.figures import Sums
from server.domain.office import Office, Reception
from server.domain.rating import Rating
from server.domain.visit import State, Visit


def _update_by_key(table: Table) -> Update:
    """An UPDATE of one row: its key comes as ``of_<column>``, what changes under the columns' own names."""
    return update(table).where(*(column == bindparam(f"of_{column.name}") for column in table.primary_key))


# Statements of every visit are built once: building one costs more than running it.
INSERT_VISIT = insert(tables.visit)
UPDATE_VISIT = update(tables.visit).where(tables.visit.c.id == bindparam("visit_id"))
INSERT_SUMS = insert(tables.day_sum)
ADD_SUMS = _update_by_key(tables.day_sum).values(
    {name: tables.day_sum.c[name] + bindparam(f"more_{name}") for name in Sums.__dataclass_fields__}
)
UPDATE_HEAD = _update_by_key(tables.office_log)
UPDATES = {table: _update_by_key(table) for table in (tables.desk, tables.number_series, tables.service_pace)}

PACE_LENGTH = 50
ANSWERS_KEPT = timedelta(days=2)


def clock_now() -> datetime:
    """The server's clock in UTC, to the millisecond: the finest grain of the log."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class UnitOfWork:
    """One office, one moment, one transaction. ``now`` and ``actor`` hold for everything in it."""

    def __init__(
        self, connection: Connection, book: OfficeBook, head: queries.Head, now: datetime, actor: str
    ):
        self.connection = connection
        self._book = book
        self._head = head
        self.now = now
        self.actor = actor
        self.office: Office = book.office(connection, head.version)
        self.reception: Reception = head.reception
        self._version = head.version
        self._events: list[Event] = []

    @property
    def today(self) -> date:
        """The office's own calendar day."""
        return self.office.day(self.now)

    @property
    def changed(self) -> bool:
        """Whether anything happened that others should hear of."""
        return bool(self._events)

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever logged for this office."""
        return self._head.last_seq == 0 and not self._events

    def record(self, *events: Event) -> None:
        """Add events to the log of this transaction."""
        self._events.extend(events)

    def hall(self) -> Hall:
        """The hall as it will be after this commit, for the answer."""
        head = replace(self._head, last_seq=self._head.last_seq + len(self._events), reception=self.reception)
        return queries.hall(self.connection, self._book, head, self.now)

    # --- visits ---

    def visit(self, visit_id: str) -> Visit | None:
        """A visit by id."""
        return queries.visit_by_id(self.connection, visit_id)

    def visit_by_code(self, code: str) -> Visit:
        """A visit by the code on its ticket; raises ``NotFound``."""
        return queries.visit_by_code(self.connection, code)

    def open_visits(self) -> list[Visit]:
        """All visits of the office that are not over, of whatever day."""
        return queries.open_visits(self.connection, self.office.code)

    def visit_at_desk(self, desk_id: str) -> Visit | None:
        """The visit called to or served at a desk."""
        return queries.visit_at_desk(self.connection, desk_id)

    def started_at_desk(self, desk_id: str, before: datetime) -> list[Visit]:
        """The last visits started at a desk not later than ``before``."""
        return queries.started_at_desk(self.connection, desk_id, before)

    def add_visit(self, visit: Visit) -> None:
        """Store a new visit."""
        self.connection.execute(INSERT_VISIT, dict(vars(visit)))

    def save_visit(self, visit: Visit) -> None:
        """Store what a move made of a visit."""
        self.connection.execute(UPDATE_VISIT, {**vars(visit), "visit_id": visit.id})

    def last_count(self, prefix: str) -> int:
        """The last number issued today in a series; 0 when none."""
        table = tables.number_series
        query = select(table.c.last).where(
            table.c.office == self.office.code, table.c.day == self.today, table.c.prefix == prefix
        )
        return self.connection.execute(query).scalar_one_or_none() or 0

    def save_count(self, prefix: str, count: int) -> None:
        """Remember the last number issued today in a series."""
        key = {"office": self.office.code, "day": self.today, "prefix": prefix}
        self._put(tables.number_series, key, {"last": count})

    # --- desks ---

    def desk(self, desk_id: str) -> DeskRow:
        """How a desk stands."""
        return queries.desk(self.connection, self.office.code, desk_id)

    def add_desks(self, desk_ids: list[str]) -> None:
        """Make rows for desks that have none yet, closed."""
        known = {desk.id for desk in queries.desks(self.connection, self.office.code)}
        for desk_id in desk_ids:
            if desk_id not in known:
                self.save_desk(DeskRow(desk_id, self.office.code, since=self.now))

    def save_desk(self, desk: DeskRow) -> None:
        """Store how a desk stands."""
        values = dict(vars(desk))
        self._put(tables.desk, {"id": values.pop("id")}, values)

    def remember_served(self, visit: Visit) -> None:
        """Let the desk know the visit that ended there, for its pad and its count of the day."""
        desk = self.desk(str(visit.desk))
        count = desk.served_count if desk.served_day == visit.day else 0
        self.save_desk(
            replace(
                desk,
                last_visit=visit.id,
                last_number=visit.number,
                last_finished_at=visit.finished_at,
                last_score=None if desk.last_visit != visit.id else desk.last_score,
                served_day=visit.day,
                served_count=count + (not visit.incomplete),
            )
        )

    def remember_score(self, visit: Visit, score: int) -> None:
        """Let the desk know that its last visit was rated, so that the pad goes to sleep."""
        desk = self.desk(str(visit.desk))
        if visit.state is State.SERVING or desk.last_visit == visit.id:
            self.save_desk(replace(desk, last_visit=visit.id, last_score=score))

    def desk_of_operator(self, operator: str) -> str | None:
        """The desk an operator has open here."""
        return queries.desk_of_operator(self.connection, self.office.code, operator)

    # --- figures and ratings ---

    def add_sums(self, day: date, service: str, sums: Sums) -> None:
        """Add to the sums of a day and service, in this same transaction."""
        key = {"of_office": self.office.code, "of_day": day, "of_service": service}
        added = {f"more_{name}": value for name, value in vars(sums).items()}
        if self.connection.execute(ADD_SUMS, {**key, **added}).rowcount == 0:
            row = {"office": self.office.code, "day": day, "service": service, **vars(sums)}
            self.connection.execute(INSERT_SUMS, row)

    def add_pace(self, service: str, seconds: int) -> None:
        """Remember a finished service time for the estimate; only the last fifty are kept."""
        table = tables.service_pace
        key = {"office": self.office.code, "service": service}
        query = select(table.c.recent).where(table.c.office == self.office.code, table.c.service == service)
        recent = self.connection.execute(query).scalar_one_or_none() or []
        self._put(table, key, {"recent": [*recent, seconds][-PACE_LENGTH:]})

    def rating_of_visit(self, visit_id: str) -> Rating | None:
        """The rating that counts for a visit."""
        return self._rating(tables.rating.c.visit == visit_id)

    def rating_by_press(self, press_id: str) -> Rating | None:
        """The rating a press made, if it was handed in before."""
        return self._rating(tables.rating.c.press_id == press_id)

    def add_rating(self, rating: Rating, desk_id: str | None) -> None:
        """Store a press and what it judged."""
        self.connection.execute(
            insert(tables.rating).values(office=self.office.code, desk=desk_id, **asdict(rating))
        )

    def forget_rating(self, press_id: str) -> None:
        """Take a corrected press off its visit: it stays on record and no longer counts."""
        table = tables.rating
        self.connection.execute(update(table).where(table.c.press_id == press_id).values(visit=None))

    # --- the office itself ---

    def set_reception(self, reception: Reception) -> None:
        """Open or close the office apart from its schedule."""
        self.reception = reception

    def document(self) -> dict[str, Any]:
        """The office's data in force, as stored."""
        table = tables.office_version
        query = select(table.c.document).where(table.c.id == self._version)
        document: dict[str, Any] = self.connection.execute(query).scalar_one()
        return document

    def save_document(self, document: dict[str, Any]) -> None:
        """Put new data of the office in force; the old version stays known."""
        table = tables.office_version
        values = {"office": self.office.code, "made_at": self.now, "document": document}
        self._version = self.connection.execute(
            insert(table).values(**values).returning(table.c.id)
        ).scalar_one()

    # --- answers to repeated commands ---

    def given_answer(self, key: str) -> tuple[str, int, str] | None:
        """``(request_hash, status, body)`` of the first answer to this actor's key."""
        table = tables.given_answer
        row = self.connection.execute(
            select(table.c.request_hash, table.c.status, table.c.body).where(
                table.c.actor == self.actor, table.c.key == key
            )
        ).one_or_none()
        return (row.request_hash, row.status, row.body) if row else None

    def remember_answer(self, key: str, request_hash: str, status: int, body: str) -> None:
        """Keep the answer for a repeat of the same command; answers two days old are dropped."""
        table = tables.given_answer
        self.connection.execute(delete(table).where(table.c.at < self.now - ANSWERS_KEPT))
        values = {"request_hash": request_hash, "status": status, "body": body, "at": self.now}
        self.connection.execute(insert(table).values(actor=self.actor, key=key, **values))

    # --- end ---

    def flush(self) -> None:
        """Append the events and move the office's head; called once, just before commit."""
        if not self._events:
            return
        seq, last_hash = event_log.append(
            self.connection, self.office.code, self._head.last_seq, self._head.last_hash, self._events
        )
        self.connection.execute(
            UPDATE_HEAD,
            {
                "of_office": self.office.code,
                "last_seq": seq,
                "last_hash": last_hash,
                "version": self._version,
                "reception_mode": self.reception.mode,
                "reception_note": dict(self.reception.note or {}),
            },
        )

    def _rating(self, condition: Any) -> Rating | None:
        table = tables.rating
        columns = (table.c.press_id, table.c.visit, table.c.score, table.c.at, table.c.source)
        row = self.connection.execute(select(*columns).where(condition)).one_or_none()
        return Rating(*row) if row else None

    def _put(self, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
        """Update the row with this key, or insert it: the office's lock makes the two one step."""
        of = {f"of_{column}": value for column, value in key.items()}
        if self.connection.execute(UPDATES[table], {**of, **values}).rowcount == 0:
            self.connection.execute(insert(table), {**key, **values})


class Store:
    """The database as the rest of the server sees it: read, or write one office."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = clock_now) -> None:
        self.engine = engine
        self.book = OfficeBook()
        self.clock = clock

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
        with self.engine.connect() as plain:
            connection = writing(plain)
            with connection.begin():
                head = queries.locked_head(connection, office)
                uow = UnitOfWork(connection, self.book, head, self.clock(), actor)
                yield uow
                uow.flush()

    @contextmanager
    def write_company(self) -> Iterator[Connection]:
        """A write transaction for what belongs to no office: people, tokens, offices themselves."""
        with self.engine.connect() as plain:
            connection = writing(plain)
            with connection.begin():
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
