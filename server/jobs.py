"""The clock's work: past days, the held, remarks, bookings whose time has come. Each may be run again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from server import monthly_mail
from server.actions import booking_arrivals, desks, visits
from server.db import booking_rows, queries
from server.db.store import Store

log = logging.getLogger(__name__)

EVERY_SECONDS = {
    "close_past_days": 60,
    "return_held": 5,
    "erase_remarks": 3600,
    "booked_turns": 5,
    "end_missed_bookings": 60,
    "tidy_bookings": 3600,
    "post_last_month": 3600,
}
LOOK_SECONDS = 1
TURNS_LOOK_BACK = timedelta(minutes=1)
"""After a start, how far back booked times are looked for that came meanwhile."""
ACTOR = "clock"


class Jobs:
    """Runs the jobs of one process until stopped."""

    def __init__(self, store: Store, announce: Callable[[str], None]) -> None:
        self._store = store
        self._announce = announce
        self._stop = threading.Event()
        self._turns_seen = store.clock() - TURNS_LOOK_BACK

    def run(self) -> None:
        """Run each job in its own rhythm; the first time at once."""
        due = dict.fromkeys((getattr(self, name) for name in EVERY_SECONDS), 0.0)
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

    def post_last_month(self) -> int:
        """Leave the last month's paper for its addressees, once. Returns how many letters."""
        return monthly_mail.post_last_month(self._store)

    def close_past_days(self) -> int:
        """Close visits and desks that earlier days left open, office by office. Returns how many."""
        closed = 0
        with self._store.read() as connection:
            offices = [head.office for head in queries.heads(connection)]
        for office in offices:
            if not self._has_leftovers(office):
                continue
            with self._store.write(office, ACTOR) as uow:
                closed += visits.end_past_days(uow) + desks.close_left_open(uow)
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

    def erase_remarks(self) -> int:
        """Erase the free words of staff that offices keep no longer. Returns how many."""
        erased = 0
        with self._store.read() as connection:
            offices = [head.office for head in queries.heads(connection)]
        for office in offices:
            with self._store.write(office, ACTOR) as uow:
                erased += visits.erase_old_remarks(uow)
        return erased

    def booked_turns(self) -> int:
        """Booked times that have come: who needs no check-in stands in the queue, screens show the new order.

        Returns in how many offices there were any.
        """
        now = self._store.clock()
        with self._store.read() as connection:
            changed = set(booking_rows.offices_with_turns(connection, self._turns_seen, now))
            waits = set(booking_rows.offices_not_come(connection, now))
        self._turns_seen = now
        for office in sorted(waits):
            with self._store.write(office, ACTOR) as uow:
                if booking_arrivals.check_in_due(uow):
                    changed.add(office)
        for office in sorted(changed):
            self._announce(office)
        return len(changed)

    def end_missed_bookings(self) -> int:
        """Count the bookings nobody came for once they are over. Returns how many."""
        ended = 0
        with self._store.read() as connection:
            offices = booking_rows.offices_not_come(connection, self._store.clock())
        for office in offices:
            with self._store.write(office, ACTOR) as uow:
                ended += booking_arrivals.end_missed(uow)
        return ended

    def tidy_bookings(self) -> int:
        """Erase contacts kept no longer, ended holds, places of past days. Returns how many contacts."""
        erased = 0
        with self._store.read() as connection:
            offices = [head.office for head in queries.heads(connection)]
        for office in offices:
            with self._store.write(office, ACTOR) as uow:
                erased += booking_arrivals.tidy(uow)
        return erased

    def _has_leftovers(self, office: str) -> bool:
        with self._store.read() as connection:
            head = queries.head(connection, office)
            known = self._store.book.office(connection, head.version)
            today = known.day(self._store.clock())
            desks_left = any(
                desk.state != "closed" and known.day(desk.since) < today
                for desk in queries.desks(connection, office)
            )
            return desks_left or any(v.day < today for v in queries.open_visits(connection, office))
