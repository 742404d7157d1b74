"""What waits to be sent, messages to visitors and letters with reports: who may send which one, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from server.db.booking_tables import GIVEN_UP, TO_SEND, outbox
from server.db.column_types import UtcTime
from server.db.disclosure_tables import report_mail

LONGEST_FAULT = 300


@dataclass(frozen=True)
class Message:
    """A message of the outbox that was taken up. ``tries`` counts this one; ``until`` is the lease's end."""

    id: str
    office: str
    kind: str
    channel: str
    booking: str
    facts: Mapping[str, Any]
    made_at: datetime
    send_at: datetime
    tries: int
    until: datetime


@dataclass(frozen=True)
class Posted:
    """A letter with a report that was taken up."""

    id: str
    address: str
    subject: str
    body: str
    file_name: str
    file: bytes
    tries: int
    until: datetime


@dataclass(frozen=True)
class Failed:
    """A message that was given up: which booking's visitor was not told, of what, and why."""

    booking: str
    kind: str
    channel: str
    made_at: datetime
    fault: str


def due_messages(connection: Connection, channel: str, now: datetime, most: int) -> list[str]:
    """The messages of a channel that may be sent now: codes first, a booking's own in the order written."""
    values = {"channel": channel, "now": now, "most": most}
    return list(connection.execute(_DUE_MESSAGES, values).scalars())


def due_letters(connection: Connection, now: datetime, most: int) -> list[str]:
    """The letters that may be sent now."""
    query = select(report_mail.c.id).where(*_open(report_mail, now))
    return list(connection.execute(query.order_by(report_mail.c.next_try_at).limit(most)).scalars())


def take_message(connection: Connection, row_id: str, now: datetime, until: datetime) -> Message | None:
    """Take a message up until then, and count the try; ``None`` when another process was quicker."""
    row = _taken(connection, outbox, row_id, now, until)
    return None if row is None else Message(**_fields(row, Message), until=until)


def take_letter(connection: Connection, row_id: str, now: datetime, until: datetime) -> Posted | None:
    """Take a letter up until then, and count the try; ``None`` when another process was quicker."""
    row = _taken(connection, report_mail, row_id, now, until)
    return None if row is None else Posted(**_fields(row, Posted), until=until)


def settle(
    connection: Connection,
    taken: Message | Posted,
    state: str,
    *,
    fault: str = "",
    sent_at: datetime | None = None,
    next_try_at: datetime | None = None,
) -> bool:
    """Write down what became of what was taken up; false when its time had run out and another has it."""
    table = outbox if isinstance(taken, Message) else report_mail
    mine = (table.c.id == taken.id, table.c.state == "sending", table.c.next_try_at == taken.until)
    values = {"state": state, "fault": fault[:LONGEST_FAULT], "sent_at": sent_at, "next_try_at": next_try_at}
    return connection.execute(update(table).where(*mine).values(**values)).rowcount == 1


def waiting(connection: Connection, now: datetime) -> dict[str, tuple[int, datetime]]:
    """By channel (``email`` with the letters, ``sms``): how many should be sent, since when the oldest."""
    found: dict[str, tuple[int, datetime]] = {}
    query = select(outbox.c.channel, func.count(), func.min(outbox.c.send_at, type_=UtcTime()))
    query = query.where(TO_SEND, outbox.c.send_at <= now).group_by(outbox.c.channel)
    for channel, count, since in connection.execute(query):
        found[channel] = (count, since)
    letters = select(func.count(), func.min(report_mail.c.made_at, type_=UtcTime())).where(TO_SEND)
    count, since = connection.execute(letters).one()
    if count:
        more, oldest = found.get("email", (0, since))
        found["email"] = (count + more, min(since, oldest))
    return found


def failed(connection: Connection, office: str, since: datetime) -> list[Failed]:
    """The messages of an office, written after ``since``, that were given up; the newest first."""
    query = select(outbox).where(outbox.c.office == office, GIVEN_UP, outbox.c.made_at > since)
    rows = connection.execute(query.order_by(outbox.c.made_at.desc(), outbox.c.id))
    return [Failed(**_fields(row, Failed)) for row in rows]


def _due_messages() -> Select[Any]:
    mine, other = outbox, outbox.alias("other")
    earlier = or_(
        other.c.send_at < mine.c.send_at, and_(other.c.send_at == mine.c.send_at, other.c.id < mine.c.id)
    )
    before = select(other.c.id).where(
        other.c.booking == mine.c.booking,
        other.c.channel == mine.c.channel,
        or_(other.c.state == "queued", other.c.state == "sending"),
        earlier,
    )
    written: Any = TO_SEND
    query = select(mine.c.id).where(
        mine.c.channel == bindparam("channel"),
        written,
        mine.c.next_try_at <= bindparam("now", type_=UtcTime()),
        ~before.exists(),
    )
    order = ((mine.c.kind != "proof"), mine.c.send_at, mine.c.id)
    return query.order_by(*order).limit(bindparam("most", type_=Integer()))


_DUE_MESSAGES = _due_messages()
"""Asked every two seconds: built once."""


def _open(table: Table, now: datetime) -> tuple[ColumnElement[bool], ...]:
    # The condition is written out: a partial index is found only by its own words.
    written: Any = TO_SEND
    return (written, table.c.next_try_at <= now)


def _taken(
    connection: Connection, table: Table, row_id: str, now: datetime, until: datetime
) -> Row[Any] | None:
    take = update(table).where(table.c.id == row_id, *_open(table, now))
    values = {"state": "sending", "tries": table.c.tries + 1, "next_try_at": until}
    return connection.execute(take.values(values).returning(table)).one_or_none()


def _fields(row: Row[Any], made: type) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(made) if field.name != "until"}
