"""From one hall to the screens of staff: pure functions, so that the call and all lists always agree."""

from __future__ import annotations

from server.db.hall_now import DeskRow, HallNow
from server.db.queries import Hall
from server.domain import dispatch, figures
from server.domain.alerts import Alert
from server.domain.office import Desk, Service
from server.domain.terminal import SILENT_AFTER, Device, Terminal
from server.domain.visit import State, Step, Visit
from server.sdk.staff_messages import (
    AlertView,
    Choices,
    DeskView,
    DeviceState,
    HallDesk,
    HallService,
    HallView,
    QueueView,
    Remark,
    StepView,
    TerminalState,
    TicketMoved,
    TicketView,
)
from server.web.rating_views import low_mark_alerts


def ticket(hall: Hall, visit: Visit, place: dispatch.Place | None = None) -> TicketView:
    """A ticket for staff; with its place while it waits."""
    waiting = visit.state is State.WAITING
    if waiting and place is None:
        place = next((p for p in hall.places if p.visit.id == visit.id), None)
    served = visit.state is State.SERVED
    service = hall.office.service(visit.service)
    return TicketView.model_validate(
        {
            "id": visit.id,
            "number": visit.number,
            "service": visit.service,
            "service_name": service.name,
            "state": str(visit.state),
            "category": visit.category,
            "language": visit.language,
            "joined_at": visit.joined_at,
            "called_at": visit.called_at,
            "call_count": visit.call_count,
            "started_at": visit.started_at,
            "finished_at": visit.finished_at,
            "desk": visit.desk,
            "wait_seconds": None if visit.ticketless else figures.waiting_seconds(visit),
            "service_seconds": figures.service_seconds(visit) if served else None,
            "place": place.place if place else None,
            "reason": place.reason if place else None,
            "held_reason": visit.held_reason,
            "held_until": visit.held_until,
            "held_seconds": visit.held_ms // 1000,
            "leg": visit.leg,
            "leg_started_at": visit.leg_started_at,
            "waiting_since": visit.requeued_at or visit.joined_at,
            "booked_for": visit.booked_for,
            "ticketless": visit.ticketless,
            "then": [_step(hall, step) for step in visit.plan],
            "to_desk": visit.to_desk,
            "to_operator": visit.to_operator,
            "overtaken": visit.overtaken,
            "result": visit.result,
            "remarks": [
                Remark.model_validate({"at": r.at, "actor": r.actor, "kind": r.kind, "text": r.words})
                for r in hall.remarks.get(visit.id, ())
            ],
            "norm_seconds": service.norm_seconds,
            "wait_limit_seconds": hall.office.limit_of(visit),
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
            "break_due": row.break_due,
            "since": row.since,
            "services": list(point.services),
            "current": ticket(hall, current) if current else None,
            "waiting": queue(hall).waiting,
            "mine": [place.visit.id for place in dispatch.callable_at(hall.places, hall.seat(point))],
            "held": [ticket(hall, visit) for visit in hall.held if visit.service in point.services],
            "missed": [ticket(hall, visit) for visit in hall.missed if visit.service in point.services],
            "alerts": [alert(hall, a) for a in hall.alerts if _concerns(a, point)],
            "start_button": hall.office.policy.start_button,
            "auto_call": hall.office.policy.auto_call,
            "service_norm_seconds": service.norm_seconds,
            "wait_limit_seconds": service.wait_limit_seconds,
            "served_today": _served_today(hall, row),
        }
    )


def moved(hall: Hall, desk_id: str, visit: Visit) -> TicketMoved:
    """A ticket after an operator's act, with the operator's screen."""
    return TicketMoved(**ticket(hall, visit).model_dump(), screen=desk(hall, desk_id))


def whole_hall(hall: Hall) -> HallView:
    """The whole hall for its administrator."""
    return HallView.model_validate(
        {
            "office": hall.office.code,
            "version": hall.version,
            "at": hall.now,
            "is_open": hall.is_open,
            "reception": hall.reception.mode,
            "waiting": queue(hall).waiting,
            "held": [ticket(hall, visit) for visit in hall.held],
            "missed": [ticket(hall, visit) for visit in hall.missed],
            "desks": [_hall_desk(hall, point) for point in hall.office.desks],
            "services": [_hall_service(hall, s) for s in hall.office.services if s.state != "information"],
            "alerts": [alert(hall, found) for found in hall.alerts]
            + low_mark_alerts(hall)
            + terminal_alerts(hall)
            + device_alerts(hall),
            "terminals": [_terminal(hall, terminal) for terminal in hall.terminals],
            "devices": [_device(hall, device) for device in hall.devices],
            "live_wait_seconds": hall.live_wait_seconds(),
        }
    )


def terminal_alerts(hall: Hall) -> list[AlertView]:
    """Terminals that need a person: a printer that does not print, one that is not heard of."""
    found = []
    for terminal in hall.terminals:
        silent = hall.now - terminal.seen_at
        if silent > SILENT_AFTER and hall.is_open:
            seconds = int(silent.total_seconds())
            found.append(AlertView(code="terminal_silent", terminal=terminal.name, seconds=seconds))
            continue
        faults = [terminal.printer] if terminal.printer not in ("ready", "unknown") else []
        faults += [terminal.fault] if terminal.fault else []
        found += [AlertView(code="terminal_fault", terminal=terminal.name, fault=one) for one in faults]
        if terminal.unprinted:
            numbers = ", ".join(one["number"] for one in terminal.unprinted)
            told = AlertView(code="terminal_fault", terminal=terminal.name, fault="unprinted", number=numbers)
            found.append(told)
    return found


def device_alerts(hall: Hall) -> list[AlertView]:
    """Boards, pads and signs that need a person: with a fault, or not heard of while the office receives."""
    found = []
    for device in hall.devices:
        about = {"device": device.kind, "terminal": device.name}
        silent = hall.now - device.seen_at
        if silent > SILENT_AFTER:
            if hall.is_open:
                seconds = int(silent.total_seconds())
                found.append(AlertView(code="device_silent", seconds=seconds, **about))
            continue
        faults = [part for part in device.parts if part["state"] == "fault"]
        found += [
            AlertView(code="device_fault", fault=f"{part['name']}: {part['fault']}", **about)
            for part in faults
        ]
    return found


def _device(hall: Hall, device: Device) -> DeviceState:
    silent = hall.now - device.seen_at > SILENT_AFTER
    facts = {name: value for name, value in vars(device).items() if name != "office"}
    return DeviceState.model_validate({**facts, "silent": silent})


def _terminal(hall: Hall, terminal: Terminal) -> TerminalState:
    return TerminalState(
        id=terminal.id,
        name=terminal.name,
        seen_at=terminal.seen_at,
        silent=hall.now - terminal.seen_at > SILENT_AFTER,
        command=terminal.command if terminal.has_command(hall.now) else None,
        printer=terminal.printer,
        fault=terminal.fault,
        queued=terminal.queued,
        unprinted=[one["number"] for one in terminal.unprinted],
        offline_tickets=terminal.offline_tickets,
        version=terminal.version,
        clock_ahead_ms=terminal.clock_ahead_ms,
        disk_free_mb=terminal.disk_free_mb,
    )


def choices(hall: Hall) -> Choices:
    """What the staff of an office choose from, with where people can be sent now."""
    office = hall.office
    reasons = office.reasons
    return Choices.model_validate(
        {
            "office": office.code,
            "call_reasons": [vars(choice) for choice in reasons.call],
            "hold_reasons": [vars(choice) for choice in reasons.hold],
            "break_reasons": [vars(choice) for choice in reasons.breaks],
            "annul_reasons": [vars(choice) for choice in reasons.annul],
            "results": [vars(choice) for choice in reasons.results],
            "result_required": office.policy.result_required,
            "services": [
                {
                    "code": service.code,
                    "name": service.name,
                    "waiting": sum(place.visit.service == service.code for place in hall.places),
                    "desks_open": hall.working_desks(service.code),
                }
                for service in office.services
                if service.state == "open"
            ],
            "desks": [
                {
                    "desk": desk.id,
                    "label": desk.label,
                    "kind": desk.kind,
                    "state": hall.desk(desk.id).state,
                    "operator": hall.desk(desk.id).operator,
                    "services": desk.services,
                }
                for desk in office.desks
            ],
            "categories": [{"code": c.code, "name": c.name} for c in office.categories],
        }
    )


def alert(hall: HallNow, found: Alert) -> AlertView:
    """An alert with the names of what it is about."""
    desk = hall.office.desk(found.desk) if found.desk else None
    return AlertView.model_validate(
        {
            "code": found.code,
            "ticket": found.visit.id if found.visit else None,
            "number": found.visit.number if found.visit and not found.visit.ticketless else None,
            "service": found.service,
            "service_name": hall.office.service(found.service).name if found.service else None,
            "desk": found.desk,
            "label": desk.label if desk else None,
            "operator": found.operator,
            "seconds": found.seconds,
            "people": found.people,
        }
    )


def _step(hall: Hall, step: Step) -> StepView:
    name = hall.office.service(step.service).name
    label = hall.office.desk(step.desk).label if step.desk else None
    return StepView.model_validate(
        {"service": step.service, "service_name": name, "desk": step.desk, "label": label}
    )


def _served_today(hall: Hall, row: DeskRow) -> int:
    return row.served_count if row.served_day == hall.office.day(hall.now) else 0


def _concerns(found: Alert, point: Desk) -> bool:
    """Whether an alert is for the operator of this desk: about the desk itself, or whom it serves."""
    if found.code in ("idle_desk", "service_over_norm"):
        return found.desk == point.id
    return found.service is None or found.service in point.services


def _hall_desk(hall: Hall, point: Desk) -> HallDesk:
    row = hall.desk(point.id)
    current = hall.at_desk(point.id)
    return HallDesk.model_validate(
        {
            "desk": point.id,
            "label": point.label,
            "kind": point.kind,
            "state": row.state,
            "operator": row.operator,
            "break_reason": row.break_reason,
            "since": row.since,
            "current": ticket(hall, current) if current else None,
            "served_today": _served_today(hall, row),
        }
    )


def _hall_service(hall: Hall, service: Service) -> HallService:
    waits = [
        int((hall.now - (place.visit.requeued_at or place.visit.queued_at)).total_seconds())
        for place in hall.places
        if place.visit.service == service.code and place.reason != "early"
    ]
    return HallService.model_validate(
        {
            "code": service.code,
            "name": service.name,
            "state": service.state,
            "waiting": len(waits),
            "longest_wait_seconds": max(waits, default=None),
            "desks_open": hall.working_desks(service.code),
            "wait_limit_seconds": service.wait_limit_seconds,
        }
    )
