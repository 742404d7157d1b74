"""From one hall to every screen: pure functions, so that the call, the lists and the board always agree."""

from __future__ import annotations

from datetime import timedelta

from server.db.queries import DeskRow, Hall
from server.domain import dispatch, figures, rating
from server.domain.office import Desk, Service
from server.domain.visit import AT_DESK, State, Visit
from server.sdk.messages import (
    BoardView,
    BridgeView,
    CalledRow,
    CategoryInfo,
    DayHours,
    DeskView,
    OfficeInfo,
    QueueView,
    RatingPageView,
    ServiceInfo,
    SignView,
    TicketMoved,
    TicketStatus,
    TicketView,
)

ROWS_ON_BOARD = 8
NEXT_ON_BOARD = 12
RATE_BY_TICKET = timedelta(hours=12)


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
            "services": [_service_info(hall, service) for service in office.services],
            "categories": [CategoryInfo(code=c.code, name=dict(c.name)) for c in office.categories],
            "waiting": len(hall.places),
            "desks_open": sum(hall.desk(desk.id).state == "open" for desk in office.desks),
            "live_wait_seconds": hall.live_wait_seconds(),
        }
    )


def ticket(hall: Hall, visit: Visit, place: dispatch.Place | None = None) -> TicketView:
    """A ticket for staff; with its place while it waits."""
    waiting = visit.state is State.WAITING
    if waiting and place is None:
        place = next((p for p in hall.places if p.visit.id == visit.id), None)
    served = visit.state is State.SERVED
    return TicketView.model_validate(
        {
            "id": visit.id,
            "number": visit.number,
            "service": visit.service,
            "service_name": hall.office.service(visit.service).name,
            "state": str(visit.state),
            "category": visit.category,
            "language": visit.language,
            "joined_at": visit.joined_at,
            "called_at": visit.called_at,
            "call_count": visit.call_count,
            "started_at": visit.started_at,
            "finished_at": visit.finished_at,
            "desk": visit.desk,
            "wait_seconds": figures.waiting_seconds(visit),
            "service_seconds": figures.service_seconds(visit) if served else None,
            "place": place.place if place else None,
            "reason": place.reason if place else None,
            "held_reason": visit.held_reason,
            "held_until": visit.held_until,
            "held_seconds": visit.held_ms // 1000,
        }
    )


def queue(hall: Hall) -> QueueView:
    """The waiting list in the order of calling."""
    waiting = [ticket(hall, place.visit, place) for place in hall.places]
    return QueueView(office=hall.office.code, version=hall.version, at=hall.now, waiting=waiting)


def desk(hall: Hall, desk_id: str) -> DeskView:
    """An operator's screen; raises ``NotFound``."""
    point = hall.office.desk(desk_id)
    row = hall.desk(desk_id)
    current = hall.at_desk(desk_id)
    service = hall.office.service(current.service if current else point.services[0])
    return DeskView.model_validate(
        {
            "office": hall.office.code,
            "desk": desk_id,
            "label": point.label,
            "kind": point.kind,
            "version": hall.version,
            "at": hall.now,
            "state": row.state,
            "operator": row.operator,
            "break_reason": row.break_reason,
            "current": ticket(hall, current) if current else None,
            "waiting": queue(hall).waiting,
            "mine": [place.visit.id for place in dispatch.callable_at(hall.places, point)],
            "held": [ticket(hall, visit) for visit in hall.held if visit.service in point.services],
            "missed": [ticket(hall, visit) for visit in hall.missed if visit.service in point.services],
            "service_norm_seconds": service.norm_seconds,
            "wait_limit_seconds": service.wait_limit_seconds,
            "served_today": row.served_count if row.served_day == hall.office.day(hall.now) else 0,
        }
    )


def moved(hall: Hall, desk_id: str, visit: Visit) -> TicketMoved:
    """A ticket after an operator's act, with the operator's screen."""
    return TicketMoved(**ticket(hall, visit).model_dump(), screen=desk(hall, desk_id))


def board(hall: Hall) -> BoardView:
    """The hall board, newest call first."""
    office = hall.office
    called = sorted(
        (visit for visit in hall.visits if visit.state in AT_DESK),
        key=lambda visit: (visit.called_at, visit.call_id),
        reverse=True,
    )
    return BoardView.model_validate(
        {
            "office": office.code,
            "version": hall.version,
            "at": hall.now,
            "name": office.name,
            "company": office.company,
            "timezone": str(office.zone),
            # A board is read by all at once: it speaks the languages of the paper, not of every touch page.
            "languages": office.ticket_languages,
            "voice_languages": office.voice_languages,
            "demonstration": office.demonstration,
            "called": [_called_row(hall, visit) for visit in called[:ROWS_ON_BOARD]],
            "next": [place.visit.number for place in hall.places[:NEXT_ON_BOARD]],
            "waiting": len(hall.places),
            "live_wait_seconds": hall.live_wait_seconds(),
            "running_line": office.running_line,
            "is_open": hall.is_open,
            "reception_note": hall.reception.note or {},
        }
    )


def bridge(hall: Hall) -> BridgeView:
    """All signs and pads of the office."""
    signs = [_sign(hall, point) for point in hall.office.desks]
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
    fresh = visit.finished_at is not None and hall.now - visit.finished_at < RATE_BY_TICKET
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
            "expected_wait_minutes": hall.expected_wait(visit.service, ahead) if ahead is not None else None,
            "label": point.label if point else None,
            "kind": point.kind if point else None,
            "call_id": visit.call_id if visit.state is State.CALLED else None,
            "may_rate": visit.state is State.SERVED and fresh and score is None,
            "score": score,
        }
    )


def newcomer(hall: Hall, service: str) -> tuple[int, int | None]:
    """How many people a newcomer for ``service`` finds ahead, and the expected wait in minutes."""
    rivals = dispatch.competing_services(service, hall.office)
    ahead = sum(place.visit.service in rivals for place in hall.places)
    return ahead, hall.expected_wait(service, ahead)


def _service_info(hall: Hall, service: Service) -> ServiceInfo:
    ahead, wait = newcomer(hall, service.code)
    return ServiceInfo.model_validate(
        {
            "code": service.code,
            "name": service.name,
            "hint": service.hint,
            "state": service.state,
            "waiting": ahead,
            "expected_wait_minutes": wait,
        }
    )


def _called_row(hall: Hall, visit: Visit) -> CalledRow:
    point = hall.office.desk(str(visit.desk))
    return CalledRow.model_validate(
        {
            "number": visit.number,
            "desk": point.id,
            "label": point.label,
            "kind": point.kind,
            "state": str(visit.state),
            "called_at": visit.called_at,
            "call_id": visit.call_id,
        }
    )


def _sign(hall: Hall, point: Desk) -> SignView:
    row = hall.desk(point.id)
    visit = hall.at_desk(point.id)
    if visit is not None:
        state, text = str(visit.state), visit.number
    elif row.state == "open":
        state, text = "free", ""
    else:
        state, text = row.state, ""
    mode = {"called": "blink", "serving": "steady"}.get(state, "off" if state == "closed" else "steady")
    # The visitor may judge while being served and for a while after; one mark puts the pad to sleep.
    rated = row.last_score is not None and (visit is None or row.last_visit == visit.id)
    serving = visit is not None and visit.state is State.SERVING
    armed = not rated and (serving or (visit is None and _may_still_rate(hall, row)))
    return SignView.model_validate(
        {
            "desk": point.id,
            "label": point.label,
            "text": text,
            "mode": mode,
            "state": state,
            "pad": "armed" if armed else "asleep",
            "rate_until": _rate_until(hall, row) if armed and not serving else None,
        }
    )


def _rate_until(hall: Hall, row: DeskRow) -> object:
    return rating.rate_until(row.last_finished_at, hall.office.policy) if row.last_finished_at else None


def _may_still_rate(hall: Hall, row: DeskRow) -> bool:
    if row.last_finished_at is None:
        return False
    return hall.now <= rating.rate_until(row.last_finished_at, hall.office.policy)
