"""Who is next: the one order of the queue, used by the call, every list, the board and "people ahead"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.domain.office import Desk, Office
from server.domain.visit import State, Visit

REASONS = ("out_of_turn", "returned", "arrival")
"""Why a visit stands where it stands, in the order of the groups."""


@dataclass(frozen=True)
class Place:
    """A waiting visit with its place (1 = first) and the rule that put it there."""

    visit: Visit
    place: int
    reason: str


def order(waiting: Iterable[Visit], office: Office) -> list[Place]:
    """Put waiting visits in the order of calling (domain §5).

    Out-of-turn categories, then those who were held and came back, then order of arrival (a restored
    no-show later by the time away). Total and deterministic: two tickets issued in one millisecond
    stand by number. ``reason`` is ``out_of_turn``, ``returned`` or ``arrival``.
    """
    out_of_turn = {category.code for category in office.categories if category.out_of_turn}

    def reason(visit: Visit) -> str:
        if visit.category in out_of_turn:
            return "out_of_turn"
        return "returned" if visit.returned else "arrival"

    def key(visit: Visit) -> tuple[int, object, str, str]:
        return (REASONS.index(reason(visit)), visit.queued_at, visit.number, visit.id)

    ordered = sorted((visit for visit in waiting if visit.state is State.WAITING), key=key)
    return [Place(visit, place, reason(visit)) for place, visit in enumerate(ordered, start=1)]


def callable_at(places: Sequence[Place], desk: Desk) -> list[Place]:
    """The places, in order, whose service this desk serves."""
    return [place for place in places if place.visit.service in desk.services]


def next_for(places: Sequence[Place], desk: Desk) -> Place | None:
    """The first place this desk may call; ``None`` when nobody waits for it."""
    return next(iter(callable_at(places, desk)), None)


def ahead_of(visit: Visit, places: Sequence[Place], office: Office) -> int:
    """How many people are called before ``visit``: those earlier in the order who compete for its desks."""
    rivals = competing_services(visit.service, office)
    count = 0
    for place in places:
        if place.visit.id == visit.id:
            break
        count += place.visit.service in rivals
    return count


def competing_services(service: str, office: Office) -> set[str]:
    """The services whose visitors some desk takes from the same line as ``service``."""
    return {service, *(other for desk in office.desks_for(service) for other in desk.services)}
