"""Who waits and which desks work in an office at one moment: what the order, lists and alerts are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from server.domain import alerts, dispatch
from server.domain.alerts import Alert
from server.domain.office import Desk, Office, Reception
from server.domain.visit import AT_DESK, Visit


@dataclass(frozen=True)
class DeskRow:
    """A desk as it stands now, and the visit that ended there last."""

    id: str
    office: str
    state: str = "closed"
    operator: str | None = None
    skills: list[str] | None = None
    break_reason: str | None = None
    break_due: str | None = None
    since: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    freed_visit: str | None = None
    freed_at: datetime | None = None
    last_visit: str | None = None
    last_number: str | None = None
    last_finished_at: datetime | None = None
    last_score: int | None = None
    served_day: date | None = None
    served_count: int = 0


@dataclass(frozen=True)
class HallNow:
    """The visits of an office that are not over and its desks at ``now``; ``version`` is its newest event."""

    office: Office
    reception: Reception
    version: int
    now: datetime
    visits: tuple[Visit, ...]
    desks: dict[str, DeskRow]

    @cached_property
    def places(self) -> list[dispatch.Place]:
        """The one order of the queue."""
        return dispatch.order(self.visits, self.office, self.now)

    @cached_property
    def by_code(self) -> dict[str, Visit]:
        """The visits by the code on their tickets."""
        return {visit.code: visit for visit in self.visits}

    def seat(self, desk: Desk) -> dispatch.Seat:
        """A desk with whoever works there now."""
        return seat(desk, self.desk(desk.id))

    @cached_property
    def open_seats(self) -> list[dispatch.Seat]:
        """The desks that work now."""
        return self._seats("open")

    @cached_property
    def alerts(self) -> list[Alert]:
        """What needs a person now."""
        at_desks = [visit for visit in self.visits if visit.state in AT_DESK]
        busy = {visit.desk for visit in at_desks}
        rows = [self.desk(seat.desk.id) for seat in self.open_seats if seat.desk.id not in busy]
        idle_since = {row.id: max(row.since, row.freed_at or row.since) for row in rows}
        return alerts.alerts(
            self.office, self.places, at_desks, self.open_seats, self._seats("break"), idle_since, self.now
        )

    def _seats(self, state: str) -> list[dispatch.Seat]:
        return [self.seat(desk) for desk in self.office.desks if self.desk(desk.id).state == state]

    @property
    def is_open(self) -> bool:
        """Whether tickets are given now."""
        return self.reception.is_open(self.office, self.now)

    def at_desk(self, desk_id: str) -> Visit | None:
        """The visit called to or served at a desk."""
        return next((v for v in self.visits if v.desk == desk_id and v.state in AT_DESK), None)

    def desk(self, desk_id: str) -> DeskRow:
        """How a desk stands; closed when nobody ever opened it."""
        return self.desks.get(desk_id) or DeskRow(desk_id, self.office.code)

    def working_desks(self, service: str) -> int:
        """How many desks that work now give ``service``."""
        return sum(seat.gives(service) for seat in self.open_seats)

    def live_wait_seconds(self, places: Sequence[dispatch.Place] | None = None) -> int | None:
        """Mean over people now waiting (or over ``places`` of them) of (now − J) (domain §7).

        Who is early for a booking does not wait yet.
        """
        waiting = [p for p in (self.places if places is None else places) if p.reason != "early"]
        waits = [int((self.now - place.visit.queued_at).total_seconds()) for place in waiting]
        return sum(waits) // len(waits) if waits else None


def seat(desk: Desk, row: DeskRow) -> dispatch.Seat:
    """A desk of an office with whoever its row says works there."""
    return dispatch.Seat(desk, row.operator, None if row.skills is None else frozenset(row.skills))
