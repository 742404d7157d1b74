"""API for terminals and devices: leased numbers, offline tickets, how each stands, print orders, check-in."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from server.actions import booking_arrivals, terminals
from server.actions.terminals import GivenOffline
from server.db.queries import Hall
from server.db.unit_of_work import UnitOfWork
from server.domain.terminal import Device, Terminal
from server.sdk.commands import CheckIn
from server.sdk.messages import IssuedTicket
from server.sdk.terminal_messages import (
    DeviceHeard,
    HandedIn,
    HandInTickets,
    LeaseNumbers,
    NumberBlock,
    NumberLease,
    PrintOrder,
    RefusedTicket,
    ReportDevice,
    ReportPrint,
    ReportTerminal,
    TerminalCommand,
    TerminalView,
)
from server.web import booking_desk_api, problems, views
from server.web.api import Api, by_office

RIGHT = "ticket.issue"


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.command(
        "offices/<office>/number-leases",
        right=RIGHT,
        body=LeaseNumbers,
        answer=NumberLease,
        office=by_office,
        status=201,
        summary="Lease numbers of today, for times without the server",
    )
    def lease(uow: UnitOfWork, body: LeaseNumbers, office: str) -> NumberLease:
        blocks = terminals.lease_numbers(uow, body.count, body.anew)
        midnight = datetime.combine(uow.today + timedelta(days=1), time(), tzinfo=uow.office.zone)
        return NumberLease(
            day=uow.today,
            expires_at=midnight,
            blocks=[
                NumberBlock(
                    prefix=block.prefix,
                    first=block.first,
                    last=block.last,
                    services=[s.code for s in uow.office.services if s.prefix == block.prefix],
                )
                for block in blocks
            ],
            status_url=f"{api.public_url}/t/",
        )

    @api.command(
        "offices/<office>/offline-tickets",
        right=RIGHT,
        body=HandInTickets,
        answer=HandedIn,
        office=by_office,
        summary="Hand in tickets given while the server was out of reach",
    )
    def hand_in(uow: UnitOfWork, body: HandInTickets, office: str) -> HandedIn:
        given = [
            GivenOffline(
                t.id,
                t.number,
                t.code,
                t.service,
                t.category,
                t.language,
                t.issued_at,
                t.clock_ahead_ms or 0,
            )
            for t in body.tickets
        ]
        taken, refused = terminals.hand_in(uow, given)
        told = [(ticket, problems.problem_of(refusal)) for ticket, refusal in refused]
        return HandedIn(
            taken=taken,
            refused=[
                RefusedTicket(id=ticket.id, number=ticket.number, code=found.code, detail=found.detail)
                for ticket, found in told
            ],
        )

    @api.command(
        "offices/<office>/terminals",
        right=RIGHT,
        body=ReportTerminal,
        answer=TerminalView,
        office=by_office,
        summary="A terminal tells how it stands",
    )
    def report(uow: UnitOfWork, body: ReportTerminal, office: str) -> TerminalView:
        row = Terminal(
            id=uow.actor,
            office=office,
            name=body.name,
            seen_at=uow.now,
            printer=body.printer,
            fault=body.fault,
            queued=body.queued,
            unprinted=[unprinted.model_dump() for unprinted in body.unprinted],
            offline_tickets=body.offline_tickets,
            version=body.version,
            clock_ahead_ms=body.clock_ahead_ms,
            disk_free_mb=body.disk_free_mb,
        )
        terminals.report(uow, row, body.done)
        return terminal_view(uow.hall(), api.public_url, uow.actor)

    @api.command(
        "offices/<office>/devices",
        right="device.report",
        body=ReportDevice,
        answer=DeviceHeard,
        office=by_office,
        summary="A display program or a bridge tells how it stands",
    )
    def report_device(uow: UnitOfWork, body: ReportDevice, office: str) -> DeviceHeard:
        told = body.model_dump()
        terminals.report_device(uow, Device(id=uow.actor, office=office, seen_at=uow.now, **told))
        return DeviceHeard(office=office, at=uow.now)

    @api.command(
        "offices/<office>/print-results",
        right=RIGHT,
        body=ReportPrint,
        answer=TerminalView,
        office=by_office,
        summary="A terminal tells what became of a print order",
    )
    def report_print(uow: UnitOfWork, body: ReportPrint, office: str) -> TerminalView:
        terminals.report_print(uow, body.order, body.state)
        return terminal_view(uow.hall(), api.public_url, uow.actor)

    @api.command(
        "offices/<office>/check-in",
        right=RIGHT,
        body=CheckIn,
        answer=IssuedTicket,
        office=by_office,
        status=201,
        summary="A booked visitor has come",
    )
    def check_in(uow: UnitOfWork, body: CheckIn, office: str) -> IssuedTicket:
        booking = booking_arrivals.find(uow, body.code, body.phone_digits, body.link)
        visit = booking_arrivals.check_in(uow, booking, body.language)
        return booking_desk_api.booked_ticket(uow, visit, api.public_url)


def terminal_view(hall: Hall, public_url: str, you: str | None = None) -> TerminalView:
    """What the terminals of an office have to do now."""
    visits = {visit.id: visit for visit in hall.visits}
    orders = []
    for order in hall.print_orders:
        # Whoever is no longer in the hall needs no paper.
        if (visit := visits.get(order.visit)) is None:
            continue
        status = views.ticket_status(hall, visit)
        orders.append(
            PrintOrder(
                id=order.id,
                terminal=order.terminal,
                ticket=visit.id,
                number=visit.number,
                service=visit.service,
                language=visit.language,
                issued_at=visit.issued_at,
                ahead=status.ahead or 0,
                expected_wait=status.expected_wait,
                status_url=f"{public_url}/t/{visit.code}",
            )
        )
    return TerminalView(
        office=hall.office.code,
        you=you,
        version=hall.version,
        at=hall.now,
        print_orders=orders,
        commands=[
            TerminalCommand(id=row.command_id, terminal=row.id, what=row.command)
            for row in hall.terminals
            if row.has_command(hall.now)
        ],
    )
