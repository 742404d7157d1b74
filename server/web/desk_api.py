"""API for operators: open a desk, call, recall, start, finish, hold, return, restore, no-show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from server.actions import desks, visits
from server.db.unit_of_work import UnitOfWork
from server.domain.visit import Visit
from server.sdk.commands import CallTicket, HoldTicket, NameTicket, NoDetails, OpenDesk, TakeBreak
from server.sdk.messages import DeskView, TicketMoved
from server.web import views
from server.web.api import Api, by_desk
from server.web.auth import Identity

RIGHT = "desk.work"


@dataclass(frozen=True)
class Act:
    """One thing an operator does: ``POST desks/<desk>/<name>`` with ``body`` runs ``do(uow, desk, body)``."""

    name: str
    body: type[BaseModel]
    do: Callable[[UnitOfWork, str, Any], Visit | None]
    summary: str


DESK_ACTS = (
    Act("open", OpenDesk, lambda u, d, _: desks.open_desk(u, d), "Open a desk, or come back from a break"),
    Act("break", TakeBreak, lambda u, d, body: desks.take_break(u, d, body.reason), "Take a break"),
    Act("close", NoDetails, lambda u, d, _: desks.close_desk(u, d), "Close a desk"),
)
"""What changes the desk; the answer is the operator's screen."""

TICKET_ACTS = (
    Act("call-next", NoDetails, lambda u, d, _: visits.call_next(u, d), "Call the next visitor"),
    Act(
        "call",
        CallTicket,
        lambda u, d, body: visits.call(u, d, body.ticket, body.reason),
        "Call one certain visitor: out of turn, or one who was held",
    ),
    Act("recall", NoDetails, lambda u, d, _: visits.recall(u, d), "Call the visitor at this desk once more"),
    Act("start", NoDetails, lambda u, d, _: visits.start(u, d), "The visitor has come: begin the service"),
    Act("finish", NoDetails, lambda u, d, _: visits.finish(u, d), "End the service"),
    Act("no-show", NoDetails, lambda u, d, _: visits.no_show(u, d), "The called visitor did not come"),
    Act(
        "hold",
        HoldTicket,
        lambda u, d, body: visits.hold(u, d, body.reason, body.return_in_minutes),
        "Put the visitor at this desk aside",
    ),
    Act(
        "return",
        NameTicket,
        lambda u, d, body: visits.return_held(u, d, body.ticket),
        "Send a held visitor back to the queue",
    ),
    Act(
        "restore",
        NameTicket,
        lambda u, d, body: visits.restore(u, d, body.ticket),
        "A no-show of today has come after all",
    ),
)
"""What moves a visitor; the answer is the ticket, with the operator's screen."""


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.read("desks/<desk>", right=RIGHT, answer=DeskView, summary="An operator's screen")
    def screen(_identity: Identity, desk: str) -> DeskView:
        return views.desk(api.store.hall(by_desk(api.store, None, {"desk": desk})), desk)

    for act in DESK_ACTS:
        _declare(api, act, DeskView, lambda uow, desk, _visit: views.desk(uow.hall(), desk))
    for act in TICKET_ACTS:
        _declare(api, act, TicketMoved, lambda uow, desk, visit: views.moved(uow.hall(), desk, visit))


def _declare(
    api: Api, act: Act, answer: type[BaseModel], show: Callable[[UnitOfWork, str, Any], BaseModel]
) -> None:
    def handler(uow: UnitOfWork, body: Any, desk: str) -> BaseModel:
        return show(uow, desk, act.do(uow, desk, body))

    handler.__name__ = act.name
    path = f"desks/<desk>/{act.name}"
    declared = api.command(
        path, right=RIGHT, body=act.body, answer=answer, office=by_desk, summary=act.summary
    )
    declared(handler)
