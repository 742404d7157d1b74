"""What in the hall needs a person now (domain §5), worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.domain.dispatch import Place, Seat, callable_at
from server.domain.office import Office
from server.domain.visit import State, Visit, leg_ms


@dataclass(frozen=True)
class Alert:
    """One alert: its code and the ticket, service, desk or operator it is about; the rest is empty."""

    code: str
    visit: Visit | None = None
    service: str | None = None
    desk: str | None = None
    seconds: int | None = None
    people: int | None = None
    operator: str | None = None


def alerts(
    office: Office,
    places: Sequence[Place],
    at_desks: Sequence[Visit],
    seats: Sequence[Seat],
    on_break: Sequence[Seat],
    idle_since: Mapping[str, datetime],
    now: datetime,
) -> list[Alert]:
    """All alerts of a hall at ``now``.

    ``places`` is the queue in order, ``at_desks`` the visits called or served, ``seats`` the open desks
    and ``on_break`` those whose operators come back; ``idle_since`` tells of each free open desk since when
    it is free.
    """
    found = []
    for service in office.services:
        people = sum(place.visit.service == service.code for place in places)
        if people and not any(seat.gives(service.code) for seat in seats):
            found.append(Alert("nobody_serves", service=service.code, people=people))
    found += _addressees_away(places, seats, on_break)
    found += sorted(_waits_over_limit(office, places, now), key=lambda alert: -(alert.seconds or 0))
    found += sorted(_services_over_norm(office, at_desks, now), key=lambda alert: -(alert.seconds or 0))
    for seat in seats:
        since = idle_since.get(seat.desk.id)
        mine = callable_at(places, seat)
        if since is None or not mine:
            continue
        # Idle while a queue stands: since the desk is free and somebody waits.
        longest = max(since, min(place.visit.requeued_at or place.visit.joined_at for place in mine))
        seconds = int((now - longest).total_seconds())
        if seconds >= office.policy.alert_idle_seconds:
            found.append(Alert("idle_desk", desk=seat.desk.id, seconds=seconds, people=len(mine)))
    if len(places) > office.policy.alert_queue_people:
        found.append(Alert("long_queue", people=len(places)))
    return found


def _addressees_away(places: Sequence[Place], seats: Sequence[Seat], on_break: Sequence[Seat]) -> list[Alert]:
    # Such a visitor is nobody's: others pass by rule, and a repeated wait has no limit that would tell.
    return [
        Alert("addressee_away", visit, visit.service, visit.to_desk, operator=visit.to_operator)
        for visit in (place.visit for place in places if place.visit.to_desk or place.visit.to_operator)
        if any(seat.gives(visit.service) for seat in seats)
        and not any(seat.may_call(visit) for seat in (*seats, *on_break))
    ]


def _waits_over_limit(office: Office, places: Sequence[Place], now: datetime) -> list[Alert]:
    found = []
    for place in places:
        visit = place.visit
        waited = int((now - visit.queued_at).total_seconds())
        # The limit is of the first wait; strictly over it, as in the figures (domain §7).
        if visit.started_at is None and waited > office.limit_of(visit):
            found.append(Alert("wait_over_limit", visit, visit.service, seconds=waited))
    return found


def _services_over_norm(office: Office, at_desks: Sequence[Visit], now: datetime) -> list[Alert]:
    found = []
    for visit in at_desks:
        seconds = leg_ms(visit, now) // 1000
        if visit.state is State.SERVING and seconds > office.service(visit.service).norm_seconds:
            found.append(Alert("service_over_norm", visit, visit.service, visit.desk, seconds))
    return found
