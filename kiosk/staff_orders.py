"""What staff want of this terminal from afar: a ticket on paper, the last one again, the page anew."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import PrintState
from kiosk.paper import Paper
from kiosk.print_follower import PrintFollower
from kiosk.print_jobs import PrintJobs
from kiosk.screen import Screen
from kiosk.terminal_report import ordered_ticket
from server.sdk.messages import OfficeInfo
from server.sdk.terminal_messages import PrintOrder, TerminalCommand

log = logging.getLogger(__name__)


class StaffOrders:
    """Carries orders out. ``told`` is called when there is news of one for the server."""

    def __init__(
        self,
        jobs: PrintJobs,
        prints: PrintFollower,
        paper: Paper,
        desk: OfflineDesk | None,
        screen: Screen,
        told: Callable[[], None],
    ) -> None:
        self._jobs = jobs
        self._prints = prints
        self._paper = paper
        self._desk = desk
        self._screen = screen
        self._told = told

    def print(self, office: OfficeInfo, order: PrintOrder) -> None:
        """Queue an ordered ticket for paper; what becomes of it is kept for the server."""
        ticket = ordered_ticket(order)
        job = self._jobs.add(lambda: self._paper.ticket(office, ticket, place_known=True), order.number)
        self._prints.follow(job, lambda state: self._order_ended(order.id, state))

    def do(self, office: OfficeInfo, command: TerminalCommand) -> None:
        """Carry out a command of staff, once."""
        if command.what == "restart_page":
            self._screen.restart()
            log.info("staff want the page started anew")
        else:
            self._print_last(office)
        self._told()

    def _print_last(self, office: OfficeInfo) -> None:
        given = self._desk.journal.latest() if self._desk else None
        if given is None:
            log.warning("staff want the last ticket again, but none is known")
            return
        ticket, known = given.ticket, given.hand_in is None
        job = self._jobs.add(lambda: self._paper.ticket(office, ticket, place_known=known), ticket.number)
        self._prints.follow(job, lambda state: self._came_again(ticket.id, state))

    def _came_again(self, ticket: str, state: PrintState) -> None:
        # A second paper that failed says nothing of the first one.
        if state == "printed" and self._desk:
            self._desk.journal.on_paper(ticket, state)
        self._told()

    def _order_ended(self, order: str, state: PrintState) -> None:
        if self._desk:
            self._desk.journal.end_order(order, state)
        self._told()
