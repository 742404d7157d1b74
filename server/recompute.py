"""Figures derived anew from nothing but the log: compared with the kept ones, or kept instead of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from server.db import event_log, queries, sum_rows
from server.db.store import Store
from server.domain import replay
from server.domain.replay import Replay
from server.domain.totals import differing


def differences(store: Store) -> list[str]:
    """Where the kept sums of any office differ from those its log implies, in words."""
    found = []
    with store.read() as connection, _without_collector():
        for head in queries.heads(connection):
            zone = store.book.office(connection, head.version).zone
            derived = replay.derive(event_log.read(connection, head.office), zone)
            kept = sum_rows.kept_plain(connection, head.office)
            lines = replay.differences(*differing(kept, derived.totals.plain()))
            lines += replay.differences(queries.work_times(connection, head.office), derived.work)
            found += [f"{head.office} {line}" for line in lines]
    return found


def keep_anew(store: Store, actor: str) -> int:
    """Derive all sums of all offices and keep them instead of the old ones. Returns how many offices.

    An office goes on working meanwhile: its log is read first, and what happened since is added in the
    transaction that keeps the sums.
    """
    with store.read() as connection:
        heads = queries.heads(connection)
    for head in heads:
        with store.read() as connection:
            played = Replay(store.book.office(connection, head.version).zone)
            for row in event_log.read(connection, head.office):
                played.take(row)
        with store.write(head.office, actor) as uow:
            for row in event_log.read(uow.connection, head.office, after=played.last_seq):
                played.take(row)
            uow.sums.replace_all(played.derived.totals.rows(), played.derived.work)
    return len(heads)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the search for circles among objects: millions of events leave none, it took an eighth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
