"""The unit of work: one office's write transaction, from taking the office's row to commit.

Everything an action reads and writes goes through it. Rows are flushed at commit, events after
them; nothing here waits for anything but the database (under green threads a yield inside the
transaction would freeze the process).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from server.db import accounts, event_log, hall_now, queries, tables, webhook_rows
from server.db.booking_rows import BookingRows
from server.db.contact_safe import ContactSafe
from server.db.correction_rows import CorrectionRows
from server.db.hall_now import DeskRow
from server.db.queries import Hall, OfficeBook, RemarkRow
from server.db.rating_rows import RatingRows
from server.db.statements import (
    ADD_OVERTAKEN,
    ADD_WORK,
    COUNT_UP,
    INSERT_DESK,
    INSERT_LEG,
    INSERT_NEW_VISIT,
    INSERT_PACE,
    INSERT_SERIES,
    INSERT_WORK,
    MOVE_HEAD,
    UPDATE_DESK,
    UPDATE_HEAD,
    UPDATE_PACE,
    UPDATE_VISIT,
)
from server.db.sum_rows import SumRows
from server.db.terminal_rows import TerminalRows
from server.domain.dispatch import Seat
from server.domain.events import Event
from server.domain.forecast import Served
from server.domain.ids import uuid7
from server.domain.office import Office, Reception
from server.domain.visit import Leg, State, Visit
from server.domain.worktime import WorkKey, WorkTime

PACE_LENGTH = 50
ANSWERS_KEPT = timedelta(days=2)


class UnitOfWork:
    """One office, one moment, one transaction. ``now`` and ``actor`` hold for everything in it."""

    def __init__(
        self,
        connection: Connection,
        book: OfficeBook,
        head: queries.Head,
        now: datetime,
        actor: str,
        safe: ContactSafe | None = None,
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
        self._told = False
        self.terminals = TerminalRows(connection, self.office.code)
        self.ratings = RatingRows(connection, self.office.code)
        self.sums = SumRows(connection, self.office.code)
        self.corrections = CorrectionRows(connection, self.office.code, now, actor)
        self.bookings = BookingRows(connection, self.office.code, now, safe)

    @contextmanager
    def acting_as(self, operator: str) -> Iterator[None]:
        """What happens inside is done in the name of ``operator``, by a device that is the operator's own."""
        device, self.actor = self.actor, operator
        try:
            yield
        finally:
            self.actor = device

    @cached_property
    def today(self) -> date:
        """The office's own calendar day."""
        return self.office.day(self.now)

    @property
    def changed(self) -> bool:
        """Whether anything happened that others should hear of."""
        return bool(self._events) or self._told

    def tell(self) -> None:
        """Let others hear of a change that is no event of the log: how a device stands."""
        self._told = True

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

    def code_is_known(self, code: str) -> bool:
        """Whether some ticket carries this code."""
        return queries.has_code(self.connection, code)

    def open_visits(self) -> list[Visit]:
        """All visits of the office that are not over, of whatever day."""
        return queries.open_visits(self.connection, self.office.code)

    def visit_at_desk(self, desk_id: str) -> Visit | None:
        """The visit called to or served at a desk."""
        return queries.visit_at_desk(self.connection, desk_id)

    def add_visit(self, visit: Visit) -> None:
        """Store a new visit."""
        INSERT_NEW_VISIT.run(self.connection, vars(visit))

    def save_visit(self, visit: Visit) -> None:
        """Store what a move made of a visit."""
        UPDATE_VISIT.run(self.connection, {**vars(visit), "of_id": visit.id})

    def add_overtaken(self, visits: list[Visit]) -> None:
        """Count that a later comer is called before these."""
        if visits:
            passed = [{"of_id": visit.id, "more_overtaken": 1} for visit in visits]
            ADD_OVERTAKEN.run_each(self.connection, passed)

    def add_leg(self, leg: Leg) -> None:
        """Store a leg that has ended."""
        INSERT_LEG.run(self.connection, vars(leg))

    def count_up(self, prefix: str) -> tuple[int, int | None]:
        """Take today's next number of a series, 1 first; with the lowest number leased to terminals."""
        key = {"office": self.office.code, "day": self.today, "prefix": prefix}
        row = COUNT_UP.row(self.connection, _key(key))
        if row is None:
            INSERT_SERIES.run(self.connection, {**key, "last": 1, "leased_from": None})
            return 1, None
        return int(row[0]), row[1]

    # --- desks ---

    def desk(self, desk_id: str) -> DeskRow:
        """How a desk stands."""
        return queries.desk(self.connection, self.office.code, desk_id)

    def desks(self) -> list[DeskRow]:
        """How all desks of the office stand."""
        return queries.desks(self.connection, self.office.code)

    def seat(self, desk_id: str) -> Seat:
        """A desk with whoever works there."""
        return hall_now.seat(self.office.desk(desk_id), self.desk(desk_id))

    def add_desks(self, desk_ids: list[str]) -> None:
        """Make rows for desks that have none yet, closed."""
        known = {desk.id for desk in self.desks()}
        for desk_id in desk_ids:
            if desk_id not in known:
                self.save_desk(DeskRow(desk_id, self.office.code, since=self.now))

    def save_desk(self, desk: DeskRow) -> None:
        """Store how a desk stands."""
        if UPDATE_DESK.run(self.connection, {**vars(desk), "of_id": desk.id}) == 0:
            INSERT_DESK.run(self.connection, vars(desk))

    def remember_freed(self, visit: Visit, served: bool) -> None:
        """Let the desk know the visit that left it: for its count of the day and, at the end, its pad."""
        desk = self.desk(str(visit.desk))
        desk = replace(desk, freed_visit=visit.id, freed_at=self.now)
        if served:
            count = desk.served_count if desk.served_day == visit.day else 0
            desk = replace(desk, served_day=visit.day, served_count=count + 1)
        if visit.state is State.SERVED:
            desk = replace(
                desk,
                last_visit=visit.id,
                last_number=visit.number,
                last_finished_at=visit.finished_at,
                last_score=None if desk.last_visit != visit.id else desk.last_score,
            )
        self.save_desk(desk)

    def remember_score(self, visit: Visit, score: int) -> None:
        """Let the desk know that its last visit was rated, so that the pad goes to sleep."""
        desk = self.desk(str(visit.desk))
        if visit.state is State.SERVING or desk.last_visit == visit.id:
            self.save_desk(replace(desk, last_visit=visit.id, last_score=score))

    def desk_of_operator(self, operator: str) -> str | None:
        """The desk an operator has open here."""
        return queries.desk_of_operator(self.connection, self.office.code, operator)

    def skills(self) -> list[str] | None:
        """The services whoever acts can give; ``None`` for all."""
        person = accounts.person(self.connection, self.actor)
        return list(person.services) if person and person.services else None

    # --- remarks ---

    def add_remark(self, kind: str, words: str, visit: Visit | None, desk: str | None) -> None:
        """Keep free words of staff apart from the log."""
        row = RemarkRow(
            uuid7(self.now, secrets.token_bytes),
            visit.id if visit else None,
            desk,
            self.now,
            self.actor,
            kind,
            words,
        )
        self.connection.execute(
            insert(tables.remark), {**vars(row), "office": self.office.code, "day": self.today}
        )

    def erase_remarks(self, before: date) -> int:
        """Erase the remarks of days before ``before``; returns how many."""
        table = tables.remark
        old = delete(table).where(table.c.office == self.office.code, table.c.day < before)
        return self.connection.execute(old).rowcount

    # --- figures ---

    def add_work(self, key: WorkKey, added: WorkTime) -> None:
        """Add to an operator's working time, in this same transaction."""
        row = {"office": self.office.code, **vars(key)}
        more = {f"more_{name}": value for name, value in vars(added).items()}
        if ADD_WORK.run(self.connection, {**_key(row), **more}) == 0:
            INSERT_WORK.run(self.connection, {**row, **vars(added)})

    def add_pace(self, service: str, served: Served) -> None:
        """Remember a finished service for the estimate; only the last ones are kept."""
        table = tables.service_pace
        key = {"office": self.office.code, "service": service}
        query = select(table.c.recent).where(table.c.office == self.office.code, table.c.service == service)
        recent = self.connection.execute(query).scalar_one_or_none() or []
        row = {**key, "recent": [*recent, list(astuple(served))][-PACE_LENGTH:]}
        if UPDATE_PACE.run(self.connection, {**row, **_key(key)}) == 0:
            INSERT_PACE.run(self.connection, row)

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
        wanted = self._book.webhooks.of(self.connection, self.office.code, self._head.webhooks)
        if wanted:
            numbered = enumerate(self._events, start=self._head.last_seq + 1)
            webhook_rows.tell(self.connection, wanted, self.office.code, numbered, self.now)
        moved = {"of_office": self.office.code, "last_seq": seq, "last_hash": last_hash}
        if self._version == self._head.version and self.reception is self._head.reception:
            MOVE_HEAD.run(self.connection, moved)
            return
        reception = {
            "reception_mode": self.reception.mode,
            "reception_note": dict(self.reception.note or {}),
        }
        UPDATE_HEAD.run(self.connection, {**moved, "version": self._version, **reception})


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {f"of_{column}": value for column, value in row.items()}
