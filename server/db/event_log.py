"""The event log: append rows under the office's lock, read them, verify the chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from server.db.statements import INSERT_EVENT
from server.db.tables import event as event_table
from server.db.tables import office_log
from server.domain.events import (
    FIRST_HASH,
    NO_FACTS,
    Event,
    Kind,
    LoggedEvent,
    StoredEvent,
    chain_hash,
    log_faults,
    payload_text,
)

_KINDS = {str(kind): kind for kind in Kind}
# What json.loads does after it has looked at the type and at spaces, which these texts have not.
_decoded = json.JSONDecoder().raw_decode


def append(
    connection: Connection, office: str, last_seq: int, last_hash: str, events: Iterable[Event]
) -> tuple[int, str]:
    """Write ``events`` after ``last_seq``; the caller holds the office's row. Returns the new head."""
    rows = []
    for event in events:
        last_seq += 1
        payload = payload_text(event.payload)
        last_hash = chain_hash(last_hash, office, last_seq, event, payload)
        rows.append(
            {
                "office": office,
                "seq": last_seq,
                "at": event.at,
                "kind": str(event.kind),
                "visit": event.visit,
                "desk": event.desk,
                "actor": event.actor,
                "payload": payload,
                "hash": last_hash,
            }
        )
    if rows:
        INSERT_EVENT.run_each(connection, rows)
    return last_seq, last_hash


def read(
    connection: Connection, office: str, after: int = 0, most: int | None = None
) -> Iterator[LoggedEvent]:
    """The office's events with ``seq > after``, in order, at most ``most`` of them."""
    # A year of a large company has millions of rows: what is made of each is made once.
    for seq, at, kind, visit, desk, actor, payload, row_hash in _stored(connection, office, after, most):
        facts = NO_FACTS if payload == "{}" else _decoded(payload, 0)[0]
        yield LoggedEvent(office, seq, Event(_KINDS[kind], at, actor, visit, desk, facts), row_hash)


def faults(connection: Connection, office: str) -> list[str]:
    """What is wrong with an office's log, in words: changed, missing or reordered rows, a cut-off end."""
    last_seq, last_hash = connection.execute(
        select(office_log.c.last_seq, office_log.c.last_hash).where(office_log.c.office == office)
    ).one()
    end = [0, FIRST_HASH]

    def remembering_end() -> Iterator[StoredEvent]:
        for row in _stored(connection, office):
            end[:] = [row[0], row[-1]]
            yield row

    found = log_faults(office, remembering_end())
    if end != [last_seq, last_hash]:
        found.append(f"{office}: the log ends at event {end[0]}, but {last_seq} were written")
    return found


def _stored(
    connection: Connection, office: str, after: int = 0, most: int | None = None
) -> Iterator[StoredEvent]:
    table = event_table
    columns = (table.c[name] for name in ("seq", "at", "kind", "visit", "desk", "actor", "payload", "hash"))
    query = (
        select(*columns)
        .where(table.c.office == office, table.c.seq > after)
        .order_by(table.c.seq)
        .limit(most)
    )
    # An option of the statement alone: the connection may be one that is kept.
    rows: Any = connection.execute(query, execution_options={"yield_per": 1000})
    yield from rows
