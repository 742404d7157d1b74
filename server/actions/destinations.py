"""Where a visitor may go: services given now, desks and operators that take them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from server.domain.errors import Conflict, Invalid
from server.domain.office import Service
from server.domain.visit import Step, Visit

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


def open_service(uow: UnitOfWork, code: str) -> Service:
    """The service, if it is given today: a hidden one by staff alone."""
    service = uow.office.service(code)
    state = service.state_on(uow.today)
    if state != "open" and (state != "hidden" or uow.actor.startswith("device:")):
        raise Conflict("service_closed", service=service.name)
    return service


def check_time_left(uow: UnitOfWork, service: Service) -> None:
    """Refuse a newcomer who cannot be served before the hall closes (domain §2)."""
    office = uow.office
    closes_at = office.schedule.closes_at(uow.now, office.zone)
    wait = uow.hall().expected.newcomers.get(service.code)
    if uow.reception.mode != "by_schedule" or closes_at is None or wait is None:
        return
    if uow.now + timedelta(seconds=wait.low_seconds) >= closes_at:
        opens_at = office.schedule.next_opening(uow.now, office.zone)
        raise Conflict("no_time_left", opens_at=opens_at, timezone=str(office.zone))


def step_to(
    uow: UnitOfWork, visit: Visit, service: str | None, desk: str | None, operator: str | None
) -> Step:
    """Where to send a visitor, checked; what is left out stays as it is or open."""
    if service is None and desk is None and operator is None:
        raise Invalid("nowhere")
    if service is not None:
        open_service(uow, service)
    wanted = service or visit.service
    if desk is not None and wanted not in uow.office.desk(desk).services:
        raise Conflict("other_service", number=visit.number)
    if operator is not None:
        there = [row for row in uow.desks() if row.operator == operator and row.state != "closed"]
        if not there:
            raise Conflict("operator_away", operator=operator)
        if not uow.seat(there[0].id).gives(wanted):
            raise Conflict("other_service", number=visit.number)
    return Step(wanted, desk, operator)
