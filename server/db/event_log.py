"""The event log: append rows under the office's lock, read them, verify the chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from server.db.tables import event as event_table
from server.db.tables import office_log
from server.domain.events import (
    FIRST_HASH,
    Event,
    Kind,
    LoggedEvent,
    chain_hash,
    log_faults,
    payload_text,
)


def append(
    connection: Connection, office: str, last_seq: int, last_hash: str, events: Iterable[Event]
) -> tuple[int, str]:
    """Write ``events`` after ``last_seq``; the caller holds the office's row. Returns the new head."""
    rows = []
    for event in events:
        last_seq += 1
        last_hash = chain_hash(last_hash, office, last_seq, event)
        rows.append(
            {
                "office": office,
                "seq": last_seq,
                "at": event.at,
                "kind": str(event.kind),
                "visit": event.visit,
                "desk": event.desk,
                "actor": event.actor,
                "payload": payload_text(event.payload),
                "hash": last_hash,
            }
        )
    if rows:
        connection.execute(insert(event_table), rows)
    return last_seq, last_hash


def read(
    connection: Connection, office: str, after: int = 0, most: int | None = None
) -> Iterator[LoggedEvent]:
    """The office's events with ``seq > after``, in order, at most ``most`` of them."""
    query = (
        select(event_table)
        .where(event_table.c.office == office, event_table.c.seq > after)
        .order_by(event_table.c.seq)
        .limit(most)
    )
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield _logged(row)


def faults(connection: Connection, office: str) -> list[str]:
    """What is wrong with an office's log, in words: changed, missing or reordered rows, a cut-off end."""
    last_seq, last_hash = connection.execute(
        select(office_log.c.last_seq, office_log.c.last_hash).where(office_log.c.office == office)
    ).one()
    end = [0, FIRST_HASH]

    def remembering_end() -> Iterator[LoggedEvent]:
        for row in read(connection, office):
            end[:] = [row.seq, row.hash]
            yield row

    found = log_faults(remembering_end())
    if end != [last_seq, last_hash]:
        found.append(f"{office}: the log ends at event {end[0]}, but {last_seq} were written")
    return found


def _logged(row: Row[Any]) -> LoggedEvent:
    event = Event(Kind(row.kind), row.at, row.actor, row.visit, row.desk, json.loads(row.payload))
    return LoggedEvent(row.office, row.seq, event, row.hash)
