"""Who is next: the one order of the queue, used by the call, every list, the board and "people ahead"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.office import Category, Desk, Office, Policy
from server.domain.visit import State, Visit

GROUPS: tuple[tuple[str, ...], ...] = (
    ("guarded",),
    ("booked",),
    ("out_of_turn",),
    ("near_limit",),
    ("raised", "returned"),
    ("transferred", "head_start", "arrival"),
    ("early",),
)
"""Why a visit stands where it stands: groups in the order of calling; within one, who queued earlier."""

REASONS = tuple(reason for group in GROUPS for reason in group)
_RANK = {reason: rank for rank, group in enumerate(GROUPS) for reason in group}
_GUARDED, _BEFORE_WEIGHTS, _EARLY = _RANK["guarded"], _RANK["near_limit"], _RANK["early"]


@dataclass(frozen=True)
class Place:
    """A waiting visit with its place (1 = first) and the rule that put it there."""

    visit: Visit
    place: int
    reason: str


@dataclass(frozen=True)
class Seat:
    """A desk with whoever works there; ``skills`` are the services the operator can give (None: all)."""

    desk: Desk
    operator: str | None = None
    skills: frozenset[str] | None = None

    def gives(self, service: str) -> bool:
        """Whether the desk takes this service and the operator can give it."""
        return service in self.desk.services and (self.skills is None or service in self.skills)

    def may_call(self, visit: Visit) -> bool:
        """Whether this desk and this operator may call the visit by rule."""
        return (
            self.gives(visit.service)
            and visit.to_desk in (None, self.desk.id)
            and visit.to_operator in (None, self.operator)
        )


def order(waiting: Iterable[Visit], office: Office, now: datetime) -> list[Place]:
    """Put waiting visits in the order of calling at ``now`` (domain §5). Total and deterministic.

    First whoever was overtaken as often as the policy allows, then booked visitors whose time has come,
    out-of-turn categories, tickets near their wait limit, raised priority, order of arrival (a head
    start counts as having come earlier), at last booked visitors who are early. Two tickets of one
    millisecond stand by number.
    """
    categories = {category.code: category for category in office.categories}
    policy = office.policy

    def reason(visit: Visit) -> str:
        if visit.booked_for and visit.booked_for > now:
            return "early"
        if policy.most_overtaken and visit.overtaken >= policy.most_overtaken:
            return "guarded"
        if visit.booked_for and visit.leg == 1:
            return "booked"
        category = categories.get(visit.category or "")
        if category and category.out_of_turn:
            return "out_of_turn"
        if _near_limit(visit, office, now):
            return "near_limit"
        if visit.raised:
            return visit.raised
        if visit.leg > 1:
            return "transferred"
        return "head_start" if category and category.head_start_seconds else "arrival"

    def key(ranked: tuple[str, Visit]) -> tuple[int, datetime, str, str]:
        why, visit = ranked
        moment = stands_since(visit, policy)
        if _RANK[why] == _RANK["arrival"]:
            moment -= timedelta(seconds=_head_start(categories.get(visit.category or "")))
        return (_RANK[why], moment, visit.number, visit.id)

    ranked = sorted(((reason(v), v) for v in waiting if v.state is State.WAITING), key=key)
    return [Place(visit, place, why) for place, (why, visit) in enumerate(ranked, start=1)]


def stands_since(visit: Visit, policy: Policy) -> datetime:
    """The moment that counts as a visit's arrival: its joining, or its transfer if the office says so."""
    if visit.leg > 1 and visit.requeued_at is not None and not policy.transfer_keeps_place:
        return visit.requeued_at
    return visit.queued_at


def callable_at(places: Sequence[Place], seat: Seat) -> list[Place]:
    """The places this desk may call, in the desk's own order: the first is next.

    Guarded, booked, out-of-turn and nearly late visitors come first whatever their service; else main
    services before additional ones. Services taken only when idle come after all others.
    """
    mine = [place for place in places if seat.may_call(place.visit)]
    return sorted(mine, key=lambda place: _weight(place, seat.desk))


def next_for(places: Sequence[Place], seat: Seat) -> Place | None:
    """The first place this desk may call; ``None`` when nobody waits for it."""
    return next(iter(callable_at(places, seat)), None)


def overtaken_by(called: Visit, places: Sequence[Place], seat: Seat, policy: Policy) -> list[Visit]:
    """The earlier comers passed over when this desk calls ``called``: whom the guard counts for.

    Who stands at a desk that takes their service only when idle, or is early for a booking, is not
    passed over.
    """
    moment = stands_since(called, policy)
    return [
        place.visit
        for place in places
        if place.visit.id != called.id
        and place.reason != "early"
        and seat.may_call(place.visit)
        and place.visit.service not in seat.desk.when_idle
        and stands_since(place.visit, policy) < moment
    ]


def ahead_of(visit: Visit, places: Sequence[Place], office: Office) -> int:
    """How many people are called before ``visit``: those earlier in the order who compete for its desks."""
    mine = desks_of(visit, office)
    count = 0
    for place in places:
        if place.visit.id == visit.id:
            break
        count += not mine.isdisjoint(desks_of(place.visit, office))
    return count


def desks_of(visit: Visit, office: Office) -> frozenset[str]:
    """The ids of the desks that may call a visit."""
    desks = frozenset(desk.id for desk in office.desks_for(visit.service))
    return desks & {visit.to_desk} if visit.to_desk else desks


def _near_limit(visit: Visit, office: Office, now: datetime) -> bool:
    # The wait that has a limit is the first one: it ends with the first leg.
    percent = office.policy.near_limit_percent
    if not percent or visit.started_at is not None:
        return False
    waited = (now - visit.queued_at).total_seconds()
    return waited * 100 >= office.limit_of(visit) * percent


def _head_start(category: Category | None) -> int:
    return category.head_start_seconds if category else 0


def _weight(place: Place, desk: Desk) -> tuple[int, int]:
    service = place.visit.service
    if service in desk.when_idle:
        return (2, 0)
    if _RANK[place.reason] <= _BEFORE_WEIGHTS:
        return (0, 0)
    early = _RANK[place.reason] == _EARLY
    return (1, 2 * early + (service in desk.additional))
