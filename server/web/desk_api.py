"""API for operators: open a desk, call, recall, start, finish, no-show."""

from __future__ import annotations

from collections.abc import Callable

from server.actions import desks, visits
from server.db.unit_of_work import UnitOfWork
from server.domain.visit import Visit
from server.sdk.messages import DeskView, NoDetails, OpenDesk, TakeBreak, TicketMoved
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
