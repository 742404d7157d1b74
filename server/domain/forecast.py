"""Expected waits in a hall: who stands in which desk's line and when desks are away; ``estimate`` counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from server.domain import dispatch, estimate, moves
from server.domain.dispatch import Seat
from server.domain.estimate import Wait
from server.domain.line_walk import Busy, DeskAhead, Person
from server.domain.office import Office
from server.domain.opening_hours import Interval
from server.domain.pace import Pace, pace_of
from server.domain.visit import AT_DESK, State, Visit

USUAL_NO_SHOW = 0.05
"""The share of visitors who do not come when called."""
USUAL_OUT_OF_TURN = 0.05
"""The share of visitors yet to come who will go before everybody, where the office has such categories."""
EARLY = timedelta(minutes=15)
"""Who leaves so long before a break of the schedule comes back at its end."""
UNPLANNED_SECONDS = 600
"""The planned time of a service the office no longer has, while its last visitors are still here."""

# Sorts after every real number: a newcomer stands behind those who came in the same millisecond.
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class DeskNow:
    """A desk that is not closed: who sits there, ``open`` or ``break``, and since when.

    ``break_due``: a break begins when the visitor who is there has gone.
    """

    seat: Seat
    state: str
    since: datetime
    break_due: bool = False


@dataclass(frozen=True)
class Served:
    """A finished service as the pace remembers it: local hour, whole seconds, and the turnover before it.

    ``turnover_seconds``: from the desk's being free (its last finish or its opening) or the visitor's
    joining, whichever was later, to the start of the service; ``None`` where it is not known.
    """

    hour: int
    seconds: int
    turnover_seconds: int | None = None


@dataclass(frozen=True)
class Booked:
    """A booking of today whose visitor has not come yet."""

    service: str
    slot: datetime


@dataclass(frozen=True)
class Expected:
    """Expected waits from now on; a service or visit that is missing cannot be told."""

    newcomers: dict[str, Wait]
    visits: dict[str, Wait]


def expected_waits(
    office: Office,
    visits: Iterable[Visit],
    desks: Sequence[DeskNow],
    pace: Mapping[str, Sequence[Served]],
    now: datetime,
    booked: Iterable[Booked] = (),
    no_show_share: float = USUAL_NO_SHOW,
) -> Expected:
    """What a newcomer of each service and everybody waiting has to expect at ``now``.

    ``visits`` are those not over (waiting, called, serving); ``pace`` the last services by service.
    One pass for all of them.
    """
    known = list(visits)
    newcomers = {service.code: _newcomer(office, service.code, now) for service in office.services}
    places = dispatch.order([*known, *newcomers.values()], office, now)
    people = {place.visit.id: _person(place.visit, place.visit.id in newcomers, now) for place in places}
    coming = {
        f"booked {number}": Person(one.service, due_seconds=max(1.0, _until(one.slot, now)), here=False)
        for number, one in enumerate(booked)
    }
    at_desk = {visit.desk: visit for visit in known if visit.state in AT_DESK}
    breaks = _breaks(office, now)
    ahead = [_ahead(desk, places, coming, at_desk.get(desk.seat.desk.id), breaks, now) for desk in desks]
    found = estimate.waits(
        people | coming,
        ahead,
        *_paces(office, known, pace, now),
        no_show_share,
        USUAL_OUT_OF_TURN if any(category.out_of_turn for category in office.categories) else 0.0,
    )
    return Expected(
        {code: found[code] for code in newcomers if code in found},
        {visit.id: found[visit.id] for visit in known if visit.id in found},
    )


def _ahead(
    desk: DeskNow,
    places: Sequence[dispatch.Place],
    coming: Mapping[str, Person],
    visit: Visit | None,
    breaks: Sequence[tuple[datetime, datetime]],
    now: datetime,
) -> DeskAhead:
    line = [place.visit.id for place in dispatch.callable_at(places, desk.seat)]
    line += [key for key, person in coming.items() if person.service in desk.seat.desk.services]
    busy = None
    if visit is not None:
        began = visit.leg_started_at if visit.state is State.SERVING else visit.called_at
        busy = Busy(visit.service, max(0.0, -_until(began or now, now)), visit.state is State.SERVING)
    on_break = desk.state == "break"
    # Who called somebody, or sat down, in the middle of a break of the schedule does not keep it.
    since = visit.called_at if visit and visit.called_at else desk.since
    kept = [
        (start, end)
        for start, end in breaks
        if end > now and (on_break or start > now or (visit is not None and since < start))
    ]
    if on_break or desk.break_due:
        kept = [(now if start - EARLY <= now else start, end) for start, end in kept]
    away = tuple((max(0.0, _until(start, now)), _until(end, now)) for start, end in kept)
    if any(start == 0 for start, _ in away):
        return DeskAhead(tuple(line), busy, away)
    gone = max(0.0, -_until(desk.since, now)) if on_break else None
    return DeskAhead(tuple(line), busy, away, gone, desk.break_due and not on_break)


def _paces(
    office: Office, visits: Sequence[Visit], pace: Mapping[str, Sequence[Served]], now: datetime
) -> tuple[dict[str, Pace], list[float]]:
    hour = now.astimezone(office.zone).hour
    planned = dict.fromkeys((visit.service for visit in visits), UNPLANNED_SECONDS)
    planned |= {service.code: service.typical_seconds for service in office.services}
    services = {
        code: pace_of([(served.hour, served.seconds) for served in pace.get(code, ())], hour, seconds)
        for code, seconds in planned.items()
    }
    turnovers = [
        float(served.turnover_seconds)
        for of_service in pace.values()
        for served in of_service
        if served.turnover_seconds is not None
    ]
    return services, turnovers


def _person(visit: Visit, newcomer: bool, now: datetime) -> Person:
    early = _until(visit.booked_for, now) if visit.booked_for else 0.0
    return Person(visit.service, newcomer, max(0.0, early))


def _newcomer(office: Office, service: str, now: datetime) -> Visit:
    visit, _event = moves.issue(
        visit_id=service,
        office=office.code,
        day=office.day(now),
        number=_LAST,
        service=service,
        code="",
        language="",
        category=None,
        at=now,
        actor="",
    )
    return visit


def _breaks(office: Office, now: datetime) -> list[tuple[datetime, datetime]]:
    """Today's breaks of the schedule, as instants."""
    day = office.day(now)
    if day in office.schedule.exceptions:
        return []
    pauses: Sequence[Interval] = office.schedule.breaks.get(day.isoweekday(), ())

    def instant(wall: time) -> datetime:
        return datetime.combine(day, wall, tzinfo=office.zone)

    return [(instant(start), instant(end)) for start, end in pauses]


def _until(moment: datetime, now: datetime) -> float:
    return (moment - now) / timedelta(seconds=1)
