"""The clock's work: closing past days, returning the held. A job calls an action, may be run again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from server.actions import visits
from server.db import queries
from server.db.unit_of_work import Store

log = logging.getLogger(__name__)

EVERY_SECONDS = {"close_past_days": 60, "return_held": 5}
LOOK_SECONDS = 1
ACTOR = "clock"


class Jobs:
    """Runs the jobs of one process until stopped."""

    def __init__(self, store: Store, announce: Callable[[str], None]) -> None:
        self._store = store
        self._announce = announce
        self._stop = threading.Event()

    def run(self) -> None:
        """Run each job in its own rhythm; the first time at once."""
        due = dict.fromkeys((self.close_past_days, self.return_held), 0.0)
        while not self._stop.is_set():
            for job, moment in due.items():
                if time.monotonic() < moment:
                    continue
                due[job] = time.monotonic() + EVERY_SECONDS[job.__name__]
                try:
                    job()
                except Exception:
                    # A job must never take the server down; the next round tries again.
                    log.exception("%s failed, trying again", job.__name__)
            self._stop.wait(LOOK_SECONDS)

    def stop(self) -> None:
        """End after the job under way."""
        self._stop.set()

    def close_past_days(self) -> int:
        """Close visits that earlier days left open, office by office. Returns how many."""
        closed = 0
        with self._store.read() as connection:
            offices = [head.office for head in queries.heads(connection)]
        for office in offices:
            if not self._has_leftovers(office):
                continue
            with self._store.write(office, ACTOR) as uow:
                closed += visits.end_past_days(uow)
            self._announce(office)
        return closed

    def return_held(self) -> int:
        """Send held visitors back to the queue when their time has come. Returns how many."""
        with self._store.read() as connection:
            offices = queries.offices_to_return(connection, self._store.clock())
        returned = 0
        for office in offices:
            with self._store.write(office, ACTOR) as uow:
                returned += visits.return_due(uow)
            self._announce(office)
        return returned

    def _has_leftovers(self, office: str) -> bool:
        with self._store.read() as connection:
            head = queries.head(connection, office)
            today = self._store.book.office(connection, head.version).day(self._store.clock())
            return any(visit.day < today for visit in queries.open_visits(connection, office))
