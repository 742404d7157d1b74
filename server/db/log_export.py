"""The event log as NDJSON that stands alone: each office's data first, then its events with their hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import Connection, select

from server.db import event_log, queries, tables
from server.domain.events import LoggedEvent, payload_text, timestamp


def lines(connection: Connection, office: str) -> Iterator[str]:
    """An office's whole log, a line at a time (docs/methodology.en.md); raises ``NotFound``."""
    head = queries.head(connection, office)
    table = tables.office_version
    query = select(table.c.document).where(table.c.office == office).order_by(table.c.id)
    documents = list(connection.execute(query).scalars())
    first = {
        "office": office,
        "timezone": documents[-1]["timezone"],
        "last_seq": head.last_seq,
        "last_hash": head.last_hash,
        # The hash stands in the office_revised event that put the document in force.
        "documents": [
            {"sha256": hashlib.sha256(payload_text(document).encode()).hexdigest(), "document": document}
            for document in documents
        ],
    }
    yield json.dumps(first, ensure_ascii=False) + "\n"
    for row in event_log.read(connection, office):
        yield event_line(row)


def event_line(row: LoggedEvent) -> str:
    """One event as a line of NDJSON, with all that its hash is made of."""
    event = row.event
    content = {
        "office": row.office,
        "seq": row.seq,
        "at": timestamp(event.at),
        "kind": str(event.kind),
        "visit": event.visit,
        "desk": event.desk,
        "actor": event.actor,
        "payload": dict(event.payload),
        "hash": row.hash,
    }
    return json.dumps(content, ensure_ascii=False) + "\n"
