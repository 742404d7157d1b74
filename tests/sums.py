"""The kept sums of an office beside what its log implies."""

from __future__ import annotations

from server.db import event_log, queries, sum_rows
from server.db.store import Store
from server.domain import replay
from server.domain.figures import Sums


def differences(store: Store, office: str = "north") -> list[str]:
    """Where the kept sums and working times differ from those of the log, in words."""
    with store.read() as connection:
        head = queries.head(connection, office)
        derived = replay.derive(
            event_log.read(connection, office), store.book.office(connection, head.version).zone
        )
        found = replay.differences(sum_rows.kept(connection, office), derived.totals.rows())
        return found + replay.differences(queries.work_times(connection, office), derived.work)


def whole(store: Store, office: str = "north") -> Sums:
    """The sums of all days of an office together."""
    with store.read() as connection:
        return sum(queries.day_sums(connection, office).values(), Sums())
