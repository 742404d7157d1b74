"""What people do with ratings: press a key on a pad, touch a face on a tablet, rate by the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from server.domain import figures, rating
from server.domain.errors import Conflict
from server.domain.events import Event, Kind, timestamp
from server.domain.rating import Rating
from server.domain.visit import State, Visit

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Taken:
    """What became of a press."""

    press_id: str
    counted: bool
    replaced: bool = False


def rate_at_desk(
    uow: UnitOfWork, desk_id: str, score: int, press_id: str, source: str, pressed_seconds_ago: int
) -> Taken:
    """Take a press from the pad or tablet of a desk.

    It judges the visit served there at that moment or just finished; with no such visit it is kept
    as stray and never counted. Never refused: a press that came late is still on record.
    """
    uow.office.desk(desk_id)
    pressed_at = uow.now - timedelta(seconds=pressed_seconds_ago)
    visits = uow.started_at_desk(desk_id, pressed_at)
    visit = rating.visit_for_press(visits, pressed_at, uow.office.policy)
    return _take(
        uow, Rating(press_id, visit.id if visit else None, score, pressed_at, source), visit, desk_id
    )


def rate_by_ticket(uow: UnitOfWork, code: str, score: int, press_id: str, source: str) -> Taken:
    """Rate one's own finished visit by the code on the ticket. Raises ``Conflict`` before it is served."""
    visit = uow.visit_by_code(code)
    if visit.state is not State.SERVED:
        raise Conflict("not_served_yet", number=visit.number)
    return _take(uow, Rating(press_id, visit.id, score, uow.now, source), visit, visit.desk)


def _take(uow: UnitOfWork, press: Rating, visit: Visit | None, desk_id: str | None) -> Taken:
    if (known := uow.rating_by_press(press.press_id)) is not None:
        return Taken(press.press_id, counted=known.visit is not None)
    first = uow.rating_of_visit(visit.id) if visit else None
    if visit is None or (first and not rating.replaces(first, press.at, uow.office.policy)):
        return _keep(uow, Rating(press.press_id, None, press.score, press.at, press.source), desk_id, visit)
    if first:
        uow.forget_rating(first.press_id)
        # A correction does not prolong the time in which it can be corrected again.
        press = Rating(press.press_id, press.visit, press.score, first.at, press.source)
    added = figures.with_rating(press.score, first.score if first else None)
    uow.add_sums(figures.counting_day(visit, uow.office.zone), visit.service, added)
    uow.remember_score(visit, press.score)
    return _keep(uow, press, desk_id, visit, replaces=first)


def _keep(
    uow: UnitOfWork, press: Rating, desk_id: str | None, visit: Visit | None, replaces: Rating | None = None
) -> Taken:
    uow.add_rating(press, desk_id)
    kind = Kind.RATED if press.visit else Kind.RATING_STRAY
    payload = {
        "press": press.press_id,
        "score": press.score,
        "source": press.source,
        "pressed_at": timestamp(press.at),
    }
    if replaces:
        payload["replaces"] = replaces.press_id
    uow.record(Event(kind, uow.now, uow.actor, visit.id if visit else None, desk_id, payload))
    return Taken(press.press_id, counted=press.visit is not None, replaced=replaces is not None)
