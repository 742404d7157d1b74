"""From one hall to the screens of visitors and devices: pure functions, so that all always agree."""

from __future__ import annotations

from server.db.hall_now import DeskRow
from server.db.queries import Hall
from server.domain import dispatch, rating
from server.domain.estimate import Wait
from server.domain.office import Desk, Service
from server.domain.visit import AT_DESK, State, Visit
from server.sdk.messages import (
    BridgeView,
    CategoryInfo,
    DayHours,
    ExpectedWait,
    OfficeInfo,
    RatingPageView,
    ServiceInfo,
    SignView,
    TicketStatus,
)


def office_info(hall: Hall) -> OfficeInfo:
    """The office for the public, the kiosk and the ticket."""
    office = hall.office
    reception = hall.reception
    scheduled = reception.mode == "by_schedule"
    is_open = hall.is_open
    return OfficeInfo.model_validate(
        {
            "code": office.code,
            "version": hall.version,
            "company": office.company,
            "name": office.name,
            "address": office.address,
            "phone": office.phone,
            "hotline": office.hotline,
            "timezone": str(office.zone),
            "languages": office.languages,
            "ticket_languages": office.ticket_languages,
            "wait_hint": office.wait_hint,
            "demonstration": office.demonstration,
            "is_open": is_open,
            "closed_reason": {} if is_open else reception.note or {},
            "opens_at": None if is_open else office.schedule.next_opening(hall.now, office.zone),
            "closes_at": office.schedule.closes_at(hall.now, office.zone) if scheduled and is_open else None,
            "reception": reception.mode,
            "reception_note": reception.note or {},
            "hours": [
                DayHours(weekday=day, intervals=[(f"{a:%H:%M}", f"{b:%H:%M}") for a, b in hours])
                for day, hours in sorted(office.schedule.weekly.items())
                if hours
            ],
            "groups": [{"code": g.code, "name": g.name, "picture": g.picture} for g in office.groups],
            "services": [_service_info(hall, service) for service in office.services],
            "categories": [CategoryInfo(code=c.code, name=dict(c.name)) for c in office.categories],
            "bookings": office.bookings is not None and office.bookings.check_in,
            "waiting": len(hall.places),
            "desks_open": sum(hall.desk(desk.id).state == "open" for desk in office.desks),
            "live_wait_seconds": hall.live_wait_seconds(),
        }
    )


def bridge(hall: Hall) -> BridgeView:
    """All signs and pads of the office."""
    signs = [sign(hall, point) for point in hall.office.desks]
    return BridgeView(office=hall.office.code, version=hall.version, at=hall.now, desks=signs)


def rating_page(hall: Hall, desk_id: str) -> RatingPageView:
    """The rating tablet of a desk; raises ``NotFound``."""
    point = hall.office.desk(desk_id)
    current = hall.at_desk(desk_id)
    row = hall.desk(desk_id)
    serving = current is not None and current.state is State.SERVING
    asked = not serving and _may_still_rate(hall, row)
    state = "serving" if serving else "ask" if asked else "idle"
    if asked and row.last_score is not None:
        state = "thanks"
    return RatingPageView.model_validate(
        {
            "office": hall.office.code,
            "desk": desk_id,
            "label": point.label,
            "kind": point.kind,
            "version": hall.version,
            "at": hall.now,
            "name": hall.office.name,
            "languages": hall.office.languages,
            "visit": current.id if serving and current else row.last_visit if asked else None,
            "number": current.number if serving and current else row.last_number if asked else None,
            "state": state,
            "rate_until": _rate_until(hall, row) if asked else None,
        }
    )


def ticket_status(hall: Hall, visit: Visit, score: int | None = None) -> TicketStatus:
    """A ticket for its holder: the place in the queue, the call, what can be done."""
    office = hall.office
    waiting = visit.state is State.WAITING and visit.day == office.day(hall.now)
    ahead = dispatch.ahead_of(visit, hall.places, office) if waiting else None
    point = office.desk(visit.desk) if visit.desk and visit.state in (*AT_DESK, State.SERVED) else None
    fresh = visit.finished_at is not None and hall.now - visit.finished_at < rating.RATE_BY_TICKET
    return TicketStatus.model_validate(
        {
            "number": visit.number,
            "version": hall.version,
            "at": hall.now,
            "office": office.code,
            "office_name": office.name,
            "timezone": str(office.zone),
            "languages": office.languages,
            "service_name": office.service(visit.service).name,
            "state": str(visit.state),
            "issued_at": visit.joined_at,
            "ahead": ahead,
            **expected(hall.expected.visits.get(visit.id)),
            "label": point.label if point else None,
            "kind": point.kind if point else None,
            "call_id": visit.call_id if visit.state is State.CALLED else None,
            "may_rate": visit.state is State.SERVED and fresh and score is None,
            "score": score,
        }
    )


def newcomer(hall: Hall, service: str) -> tuple[int, Wait | None]:
    """How many people a newcomer for ``service`` finds ahead, and the expected wait if it can be known."""
    mine = {desk.id for desk in hall.office.desks_for(service)}
    ahead = sum(
        place.reason != "early" and not mine.isdisjoint(dispatch.desks_of(place.visit, hall.office))
        for place in hall.places
    )
    return ahead, hall.expected.newcomers.get(service)


def _service_info(hall: Hall, service: Service) -> ServiceInfo:
    ahead, wait = newcomer(hall, service.code)
    return ServiceInfo.model_validate(
        {
            "code": service.code,
            "name": service.name,
            "hint": service.hint,
            "state": service.state_on(hall.office.day(hall.now)),
            "group": service.group,
            "picture": service.picture,
            "documents": service.documents,
            "information": service.information,
            "keywords": service.keywords,
            "closed_reason": service.closed_reason,
            "opens_on": service.opens_on,
            "waiting": ahead,
            **expected(wait),
        }
    )


def expected(wait: Wait | None) -> dict[str, object]:
    """An expected wait as the fields of an answer; nothing where it cannot be known."""
    if wait is None:
        return {"expected_wait_minutes": None, "expected_wait": None}
    low, high = wait.minutes
    return {
        "expected_wait_minutes": wait.about_minutes,
        "expected_wait": ExpectedWait(from_minutes=low, to_minutes=high),
    }


def sign(hall: Hall, point: Desk) -> SignView:
    """What the sign over a window shows, and whether its pad takes a mark."""
    row = hall.desk(point.id)
    visit = hall.at_desk(point.id)
    if visit is not None:
        state, text = str(visit.state), "" if visit.ticketless else visit.number
    elif row.state == "open":
        state, text = "free", ""
    else:
        state, text = row.state, ""
    mode = {"called": "blink", "serving": "steady"}.get(state, "off" if state == "closed" else "steady")
    # The visitor may judge while being served and for a while after, until the next one sits down;
    # one mark puts the pad to sleep.
    serving = visit is not None and visit.state is State.SERVING
    rated = row.last_score is not None and (visit is None or not serving or row.last_visit == visit.id)
    armed = not rated and (serving or _may_still_rate(hall, row))
    return SignView.model_validate(
        {
            "desk": point.id,
            "label": point.label,
            "text": text,
            "mode": mode,
            "state": state,
            "pad": "armed" if armed else "asleep",
            "people_wait": any(place.visit.service in point.services for place in hall.places),
            "rate_until": _rate_until(hall, row) if armed and not serving else None,
        }
    )


def _rate_until(hall: Hall, row: DeskRow) -> object:
    return rating.rate_until(row.last_finished_at, hall.office.policy) if row.last_finished_at else None


def _may_still_rate(hall: Hall, row: DeskRow) -> bool:
    if row.last_finished_at is None:
        return False
    return hall.now <= rating.rate_until(row.last_finished_at, hall.office.policy)
