"""API for hall administrators: the whole hall; raise, move, annul, return, restore; close a desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from server.actions import desks, terminals, visits
from server.db.unit_of_work import UnitOfWork
from server.domain.visit import Visit
from server.sdk.commands import AnnulTicket, MoveTicket, NameTicket, NoDetails, OrderPrint
from server.sdk.staff_messages import Choices, HallView, TicketView
from server.sdk.terminal_messages import CommandTerminal
from server.web import staff_views
from server.web.api import Api, by_desk, by_office
from server.web.auth import Identity, right_to


@dataclass(frozen=True)
class Act:
    """One act of an administrator: ``POST offices/<office>/<name>`` with ``body`` runs ``do(uow, body)``."""

    name: str
    body: type[BaseModel]
    do: Callable[[UnitOfWork, Any], Visit]
    summary: str


ACTS = (
    Act(
        "raise",
        NameTicket,
        lambda u, body: visits.raise_priority(u, body.ticket),
        "Put a waiting visitor before those who only wait",
    ),
    Act(
        "move",
        MoveTicket,
        lambda u, body: visits.move(u, body.ticket, (body.service, body.desk, body.operator), body.note),
        "Send a waiting or held visitor to another service, desk or operator",
    ),
    Act(
        "annul",
        AnnulTicket,
        lambda u, body: visits.annul(u, body.ticket, body.reason),
        "Annul an erroneous or test ticket",
    ),
    Act(
        "return",
        NameTicket,
        lambda u, body: visits.return_held(u, body.ticket),
        "Send a held visitor back to the queue",
    ),
    Act(
        "restore",
        NameTicket,
        lambda u, body: visits.restore(u, body.ticket),
        "A no-show of today has come after all",
    ),
)


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.read("offices/<office>/hall", right="hall.watch", answer=HallView, summary="The whole hall")
    def hall(_identity: Identity, office: str) -> HallView:
        return staff_views.whole_hall(api.store.hall(office))

    @api.read(
        "offices/<office>/choices",
        right="queue.read",
        answer=Choices,
        summary="Reasons, results, and where a visitor can be sent",
    )
    def choices(_identity: Identity, office: str) -> Choices:
        return staff_views.choices(api.store.hall(office))

    for act in ACTS:
        _declare(api, act)

    @api.command(
        "offices/<office>/print",
        right="office.manage",
        body=OrderPrint,
        answer=HallView,
        office=by_office,
        summary="Have a ticket printed at a terminal",
    )
    def order_print(uow: UnitOfWork, body: OrderPrint, office: str) -> HallView:
        terminals.order_print(uow, body.ticket, body.terminal)
        return staff_views.whole_hall(uow.hall())

    @api.command(
        "offices/<office>/terminal-command",
        right="office.manage",
        body=CommandTerminal,
        answer=HallView,
        office=by_office,
        summary="Have a terminal print its last ticket again or start its page anew",
    )
    def command(uow: UnitOfWork, body: CommandTerminal, office: str) -> HallView:
        terminals.command(uow, body.terminal, body.what)
        return staff_views.whole_hall(uow.hall())

    @api.command(
        "desks/<desk>/close-for-colleague",
        right=right_to("close_unfinished"),
        answer=HallView,
        office=by_desk,
        summary="Close the desk of a colleague who has left",
    )
    def close_for_colleague(uow: UnitOfWork, body: NoDetails, desk: str) -> HallView:
        desks.close_for_colleague(uow, desk)
        return staff_views.whole_hall(uow.hall())


def _declare(api: Api, act: Act) -> None:
    def handler(uow: UnitOfWork, body: Any, office: str) -> TicketView:
        visit = act.do(uow, body)
        return staff_views.ticket(uow.hall(), visit)

    handler.__name__ = act.name
    # Operators return and restore at their own desk; on this side all is for administrators.
    declared = api.command(
        f"offices/<office>/{act.name}",
        right=right_to("move"),
        body=act.body,
        answer=TicketView,
        office=by_office,
        summary=act.summary,
    )
    declared(handler)
