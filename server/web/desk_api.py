"""API for operators: open a desk, call, recall, start, finish, hold, return, restore, no-show."""

from __future__ import annotations

from collections.abc import Callable

from server.actions import desks, visits
from server.db.unit_of_work import UnitOfWork
from server.domain.visit import Visit
from server.sdk.commands import CallTicket, HoldTicket, NameTicket, NoDetails, OpenDesk, TakeBreak
from server.sdk.messages import DeskView, TicketMoved
from server.web import views
from server.web.api import Api, by_desk
from server.web.auth import Identity

RIGHT = "desk.work"

TICKET_ACTS: dict[str, tuple[Callable[[UnitOfWork, str], Visit], str]] = {
    "call-next": (visits.call_next, "Call the next visitor"),
    "recall": (visits.recall, "Call the visitor at this desk once more"),
    "start": (visits.start, "The visitor has come: begin the service"),
    "finish": (visits.finish, "End the service"),
    "no-show": (visits.no_show, "The called visitor did not come"),
}


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.read("desks/<desk>", right=RIGHT, answer=DeskView, summary="An operator's screen")
    def screen(_identity: Identity, desk: str) -> DeskView:
        return views.desk(api.store.hall(by_desk(api.store, None, {"desk": desk})), desk)

    @api.command(
        "desks/<desk>/open",
        right=RIGHT,
        body=OpenDesk,
        answer=DeskView,
        office=by_desk,
        summary="Open a desk, or come back from a break",
    )
    def open_desk(uow: UnitOfWork, _body: OpenDesk, desk: str) -> DeskView:
        desks.open_desk(uow, desk)
        return views.desk(uow.hall(), desk)

    @api.command(
        "desks/<desk>/break",
        right=RIGHT,
        body=TakeBreak,
        answer=DeskView,
        office=by_desk,
        summary="Take a break",
    )
    def take_break(uow: UnitOfWork, body: TakeBreak, desk: str) -> DeskView:
        desks.take_break(uow, desk, body.reason)
        return views.desk(uow.hall(), desk)

    @api.command("desks/<desk>/close", right=RIGHT, answer=DeskView, office=by_desk, summary="Close a desk")
    def close_desk(uow: UnitOfWork, _body: NoDetails, desk: str) -> DeskView:
        desks.close_desk(uow, desk)
        return views.desk(uow.hall(), desk)

    @api.command(
        "desks/<desk>/call",
        right=RIGHT,
        body=CallTicket,
        answer=TicketMoved,
        office=by_desk,
        summary="Call one certain visitor: out of turn, or one who was held",
    )
    def call(uow: UnitOfWork, body: CallTicket, desk: str) -> TicketMoved:
        visit = visits.call(uow, desk, body.ticket, body.reason)
        return views.moved(uow.hall(), desk, visit)

    @api.command(
        "desks/<desk>/hold",
        right=RIGHT,
        body=HoldTicket,
        answer=TicketMoved,
        office=by_desk,
        summary="Put the visitor at this desk aside",
    )
    def hold(uow: UnitOfWork, body: HoldTicket, desk: str) -> TicketMoved:
        visit = visits.hold(uow, desk, body.reason, body.return_in_minutes)
        return views.moved(uow.hall(), desk, visit)

    @api.command(
        "desks/<desk>/return",
        right=RIGHT,
        body=NameTicket,
        answer=TicketMoved,
        office=by_desk,
        summary="Send a held visitor back to the queue",
    )
    def return_held(uow: UnitOfWork, body: NameTicket, desk: str) -> TicketMoved:
        visit = visits.return_held(uow, desk, body.ticket)
        return views.moved(uow.hall(), desk, visit)

    @api.command(
        "desks/<desk>/restore",
        right=RIGHT,
        body=NameTicket,
        answer=TicketMoved,
        office=by_desk,
        summary="A no-show of today has come after all",
    )
    def restore(uow: UnitOfWork, body: NameTicket, desk: str) -> TicketMoved:
        visit = visits.restore(uow, desk, body.ticket)
        return views.moved(uow.hall(), desk, visit)

    for name, (action, summary) in TICKET_ACTS.items():
        _declare_act(api, name, action, summary)


def _declare_act(api: Api, name: str, action: Callable[[UnitOfWork, str], Visit], summary: str) -> None:
    def act(uow: UnitOfWork, _body: NoDetails, desk: str) -> TicketMoved:
        visit = action(uow, desk)
        return views.moved(uow.hall(), desk, visit)

    act.__name__ = name
    declared = api.command(
        f"desks/<desk>/{name}", right=RIGHT, answer=TicketMoved, office=by_desk, summary=summary
    )
    declared(act)
