"""API for everybody and for kiosks: offices, tickets, the holder's view of a ticket; reception by hand."""

from __future__ import annotations

from server.actions import offices, visits
from server.db import queries
from server.db.unit_of_work import UnitOfWork
from server.sdk.commands import IssueTicket, NoDetails, SetReception
from server.sdk.messages import IssuedTicket, OfficeInfo, OfficeList, TicketStatus
from server.sdk.staff_messages import QueueView
from server.web import staff_views, views
from server.web.api import Api, by_office, by_ticket
from server.web.auth import PUBLIC, Identity, channel_of, right_to


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.read("offices", right=PUBLIC, answer=OfficeList, summary="All offices with hours, services and load")
    def list_offices(_identity: Identity) -> OfficeList:
        return OfficeList(offices=[views.office_info(hall) for hall in api.store.halls()])

    @api.read("offices/<office>", right=PUBLIC, answer=OfficeInfo, summary="One office")
    def one_office(_identity: Identity, office: str) -> OfficeInfo:
        return views.office_info(api.store.hall(office))

    @api.read(
        "offices/<office>/queue",
        right="queue.read",
        answer=QueueView,
        summary="The waiting list in order, each place with its reason",
    )
    def waiting_list(_identity: Identity, office: str) -> QueueView:
        return staff_views.queue(api.store.hall(office))

    @api.command(
        "offices/<office>/tickets",
        right=right_to("issue"),
        body=IssueTicket,
        answer=IssuedTicket,
        office=by_office,
        status=201,
        summary="Issue a ticket",
    )
    def issue(uow: UnitOfWork, body: IssueTicket, office: str) -> IssuedTicket:
        channel = channel_of(uow.actor)
        visit = visits.issue_ticket(
            uow, body.service, body.category, body.language, tuple(body.then), channel
        )
        status = views.ticket_status(uow.hall(), visit)
        return IssuedTicket(
            id=visit.id,
            number=visit.number,
            service=visit.service,
            issued_at=visit.joined_at,
            ahead=status.ahead or 0,
            expected_wait_minutes=status.expected_wait_minutes,
            expected_wait=status.expected_wait,
            status_url=f"{api.public_url}/t/{visit.code}",
        )

    @api.command(
        "offices/<office>/reception",
        right="office.manage",
        body=SetReception,
        answer=OfficeInfo,
        office=by_office,
        summary="Open or close an office apart from its schedule",
    )
    def reception(uow: UnitOfWork, body: SetReception, office: str) -> OfficeInfo:
        offices.set_reception(uow, body.mode, {str(key): text for key, text in body.note.items()})
        return views.office_info(uow.hall())

    @api.read("tickets/<code>", right=PUBLIC, answer=TicketStatus, summary="A ticket for its holder")
    def ticket(_identity: Identity, code: str) -> TicketStatus:
        with api.store.read() as connection:
            visit = queries.visit_by_code(connection, code)
            score = queries.score_of_visit(connection, visit.id)
        return views.ticket_status(api.store.hall(visit.office), visit, score)

    @api.command(
        "tickets/<code>/cancel",
        right=right_to("cancel"),
        answer=TicketStatus,
        office=by_ticket,
        summary="Leave the queue",
    )
    def cancel(uow: UnitOfWork, body: NoDetails, code: str) -> TicketStatus:
        visit = visits.cancel(uow, code)
        return views.ticket_status(uow.hall(), visit)
