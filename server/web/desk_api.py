"""API for operators: open a desk, call, start, finish, hold, send on, restore; one table of acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from server.actions import desks, pads, visits
from server.db.unit_of_work import UnitOfWork
from server.domain.visit import Visit
from server.sdk.commands import (
    AddNote,
    CallTicket,
    FinishTicket,
    HoldTicket,
    NameTicket,
    NoDetails,
    OpenDesk,
    PressPad,
    ServeWithoutTicket,
    TakeBreak,
    TransferTicket,
    VisitorHere,
)
from server.sdk.staff_messages import DeskView, PadTaken, TicketMoved
from server.web import staff_views
from server.web.api import Api, by_desk
from server.web.auth import Identity, right_to

RIGHT = "desk.work"


@dataclass(frozen=True)
class Act:
    """One thing an operator does: ``POST desks/<desk>/<name>`` with ``body`` runs ``do(uow, desk, body)``.

    ``move`` is its line in the table of moves, which says who may do it.
    """

    name: str
    body: type[BaseModel]
    do: Callable[[UnitOfWork, str, Any], Visit | None]
    summary: str
    move: str | None = None


def _transfer(uow: UnitOfWork, desk: str, body: TransferTicket) -> Visit:
    return visits.transfer(
        uow,
        desk,
        (body.service, body.desk, body.operator),
        return_after=body.return_after,
        note=body.note,
        ticket=body.ticket,
    )


def _return(uow: UnitOfWork, desk: str, body: NameTicket) -> Visit:
    visits.check_operator(uow, desk)
    return visits.return_held(uow, body.ticket)


def _restore(uow: UnitOfWork, desk: str, body: NameTicket) -> Visit:
    visits.check_operator(uow, desk)
    return visits.restore(uow, body.ticket)


DESK_ACTS = (
    Act("open", OpenDesk, lambda u, d, _: desks.open_desk(u, d), "Open a desk, or come back from a break"),
    Act(
        "break",
        TakeBreak,
        lambda u, d, body: desks.take_break(u, d, body.reason, body.after_visitor),
        "Take a break, now or after the visitor at the desk",
    ),
    Act("close", NoDetails, lambda u, d, _: desks.close_desk(u, d), "Close a desk"),
)
"""What changes the desk; the answer is the operator's screen."""

TICKET_ACTS = (
    Act("call-next", NoDetails, lambda u, d, _: visits.call_next(u, d), "Call the next visitor", "call"),
    Act(
        "call",
        CallTicket,
        lambda u, d, body: visits.call(u, d, body.ticket, body.reason),
        "Call one certain visitor: out of turn, or one who was held",
        "call",
    ),
    Act(
        "recall",
        VisitorHere,
        lambda u, d, body: visits.recall(u, d, body.ticket),
        "Call the visitor at this desk once more",
        "recall",
    ),
    Act(
        "start",
        VisitorHere,
        lambda u, d, body: visits.start(u, d, body.ticket),
        "The visitor has come: begin the service",
        "start",
    ),
    Act(
        "finish",
        FinishTicket,
        lambda u, d, body: visits.finish(u, d, body.ticket, body.result),
        "End the service; the next service of the visit follows, if there is one",
        "finish",
    ),
    Act("transfer", TransferTicket, _transfer, "Send the visitor to a service, desk or operator", "transfer"),
    Act(
        "no-show",
        VisitorHere,
        lambda u, d, body: visits.no_show(u, d, body.ticket),
        "The called visitor did not come",
        "no_show",
    ),
    Act(
        "hold",
        HoldTicket,
        lambda u, d, body: visits.hold(u, d, body.reason, body.return_in_minutes, body.ticket),
        "Put the visitor at this desk aside",
        "hold",
    ),
    Act(
        "give-back",
        VisitorHere,
        lambda u, d, body: visits.give_back(u, d, body.ticket),
        "The call was in vain: the visitor goes back to the queue",
        "give_back",
    ),
    Act("return", NameTicket, _return, "Send a held visitor back to the queue", "return"),
    Act("restore", NameTicket, _restore, "A no-show of today has come after all", "restore"),
    Act(
        "serve-without-ticket",
        ServeWithoutTicket,
        lambda u, d, body: visits.serve_without_ticket(u, d, body.service),
        "Serve somebody who took no ticket",
        "serve_without_ticket",
    ),
    Act(
        "note",
        AddNote,
        lambda u, d, body: visits.add_note(u, d, body.text, body.ticket),
        "Leave a note on the visitor for colleagues",
    ),
)
"""What moves a visitor; the answer is the ticket, with the operator's screen."""


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.read("desks/<desk>", right=RIGHT, answer=DeskView, summary="An operator's screen")
    def screen(_identity: Identity, desk: str) -> DeskView:
        return staff_views.desk(api.store.hall(by_desk(api.store, None, {"desk": desk})), desk)

    @api.command(
        "desks/<desk>/pad-key",
        right="pad.press",
        body=PressPad,
        answer=PadTaken,
        office=by_desk,
        summary="A key of the operator's pad: call, start, redirect, finish",
    )
    def pad_key(uow: UnitOfWork, body: PressPad, desk: str) -> PadTaken:
        visit = pads.press(uow, desk, body.key)
        return PadTaken(desk=desk, number=visit.number, state=visit.state.value)

    for act in DESK_ACTS:
        _declare(api, act, DeskView, lambda uow, desk, _visit: staff_views.desk(uow.hall(), desk))
    for act in TICKET_ACTS:
        _declare(api, act, TicketMoved, lambda uow, desk, visit: staff_views.moved(uow.hall(), desk, visit))


def _declare(
    api: Api, act: Act, answer: type[BaseModel], show: Callable[[UnitOfWork, str, Any], BaseModel]
) -> None:
    def handler(uow: UnitOfWork, body: Any, desk: str) -> BaseModel:
        return show(uow, desk, act.do(uow, desk, body))

    handler.__name__ = act.name
    path = f"desks/<desk>/{act.name}"
    right = right_to(act.move) if act.move else RIGHT
    declared = api.command(
        path, right=right, body=act.body, answer=answer, office=by_desk, summary=act.summary
    )
    declared(handler)
