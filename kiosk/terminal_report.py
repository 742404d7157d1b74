"""What this terminal tells the staff through the server, and the print orders that come back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from typing import Protocol

from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import PrintState
from kiosk.print_jobs import PrintJobs
from kiosk.words import words
from server.sdk.client import ServerRefused
from server.sdk.messages import IssuedTicket
from server.sdk.terminal_messages import (
    PrintOrder,
    ReportPrint,
    ReportTerminal,
    TerminalCommand,
    TerminalView,
    UnprintedTicket,
)

log = logging.getLogger(__name__)

REPORT_SECONDS = 30.0
MOST_UNPRINTED = 20
LONGEST_FAULT = 300


class Client(Protocol):
    """What reporting asks of the server (``server.sdk.client.TalonClient``)."""

    def report_terminal(self, office: str, request: ReportTerminal, key: str | None = None) -> TerminalView:
        """Tell how this terminal stands."""

    def report_print(self, office: str, request: ReportPrint, key: str) -> TerminalView:
        """Tell what became of a print order."""


class TerminalReport:
    """Reports of one terminal. ``send`` and ``tell_prints`` run on one thread; the rest by any."""

    def __init__(
        self, office: str, client: Client, jobs: PrintJobs, desk: OfflineDesk | None, name: str = ""
    ) -> None:
        self._office = office
        self._client = client
        self._jobs = jobs
        self._desk = desk
        self._name = name
        self._sent: ReportTerminal | None = None
        self._sent_at = 0.0
        self._me: str | None = None
        self._knocked: set[str] = set()
        self._done: str | None = None
        self.template_fault = ""
        self.snapshot_damaged: Callable[[], bool] = lambda: False
        self.asks_for_help: Callable[[], bool] = lambda: False
        self.page_is_silent: Callable[[], bool] = lambda: False

    def current(self, language: str, today: date | None) -> ReportTerminal:
        """How the terminal stands now; words for staff in ``language``."""
        journal = self._desk.journal if self._desk else None
        unprinted = journal.unprinted(today)[:MOST_UNPRINTED] if journal and today else []
        return ReportTerminal(
            name=self._name,
            printer=self._jobs.printer_state,
            fault=" ".join(self.faults(language, today))[:LONGEST_FAULT],
            queued=self._jobs.queued,
            unprinted=[
                UnprintedTicket(number=number, job="failed" if state == "failed" else "unknown")
                for number, state in unprinted
            ],
            offline_tickets=len(journal.to_hand_in()) if journal else 0,
            done=self._done,
            version=version("talon"),
            clock_ahead_ms=self._desk.clock.ahead_ms() if self._desk else None,
            disk_free_mb=journal.disk_free_mb() if journal else None,
        )

    def faults(self, language: str, today: date | None) -> list[str]:
        """What staff should know and do, the most urgent first."""
        _ = words(language).gettext
        found = [_("A visitor at the terminal asks for help.")] if self.asks_for_help() else []
        if fault := self._jobs.fault_in(_):
            found.append(fault)
        if self._jobs.ticket_left:
            found.append(_("A ticket was left in the printer's mouth: take it out."))
        if self.page_is_silent():
            found.append(_("The terminal's screen does not answer: start its page or the terminal anew."))
        desk = self._desk
        if desk is None:
            found.append(
                _("The terminal cannot keep its journal: free the disk, check the folder, start it again.")
            )
        else:
            if desk.disk_fault:
                found.append(_("The terminal's disk takes no writing: free the disk or replace it."))
            if desk.clock_is_wrong():
                found.append(_("The terminal's clock is wrong: set date and time."))
            if today:
                found += [
                    _("Ticket %(number)s, given without the server, was not taken: %(why)s")
                    % {"number": one.number, "why": one.detail}
                    for one in desk.journal.refusals(today)
                ]
            if desk.journal.lost:
                found.append(
                    _("The terminal lost records: compare paper tickets with the queue, check its disk.")
                )
            elif desk.journal.repaired:
                found.append(_("A damaged journal was repaired, no ticket is lost: check the disk."))
            if desk.lease_damaged:
                found.append(_("Numbers for times without the server were damaged: new ones are asked for."))
        if self.template_fault:
            text = _("The ticket's template has a fault, the usual ticket is printed: %(fault)s")
            found.append(text % {"fault": self.template_fault})
        if self.snapshot_damaged():
            found.append(_("The kept state of the office was damaged: it is taken anew from the server."))
        return found

    def send(self, report: ReportTerminal, steady: float, always: bool = False) -> TerminalView | None:
        """Report if anything changed or half a minute went by; the answer, None when it was not time.

        Raises ``ServerUnreachable``, ``ServerRefused``.
        """
        same = self._sent is not None and _stands(report) == _stands(self._sent)
        if not always and same and steady - self._sent_at < REPORT_SECONDS:
            return None
        view = self._client.report_terminal(self._office, report)
        self._sent, self._sent_at, self._me = report, steady, view.you
        return view

    def must_ask(self, view: TerminalView) -> bool:
        """Whether news of the room name an order for this terminal that was not asked for yet."""
        new = {order.id for order in view.print_orders if order.terminal == self._me}
        new |= {command.id for command in view.commands if command.terminal == self._me}
        new -= self._knocked
        self._knocked |= new
        return bool(new)

    def forget_sent(self) -> None:
        """Report again at the next opportunity."""
        self._sent = None

    def new_orders(self, view: TerminalView) -> list[PrintOrder]:
        """Orders for this terminal that were never begun; they are remembered on disk before they return."""
        if self._desk is None:
            return []
        mine = [order for order in view.print_orders if order.terminal == view.you]
        self._knocked |= {order.id for order in mine}
        try:
            return [order for order in mine if self._desk.journal.begin_order(order)]
        except OSError as error:
            # Not remembered, so not printed: better late than twice.
            self._desk.disk_fault = True
            log.error("print orders wait, the journal takes no writing: %s", error.strerror)
            return []

    def new_commands(self, view: TerminalView) -> list[TerminalCommand]:
        """Commands for this terminal, each returned once; the next report tells that they are done."""
        mine = [one for one in view.commands if one.terminal == view.you and one.id != self._done]
        for command in mine:
            self._knocked.add(command.id)
            self._done = command.id
        return mine

    def tell_prints(self) -> None:
        """Tell the results of orders that the server has not heard of. Raises ``ServerUnreachable``."""
        if self._desk is None:
            return
        for order, state in self._desk.journal.orders_to_tell():
            try:
                self._client.report_print(
                    self._office, ReportPrint(order=order, state=state), f"print-{order}-{state}"
                )
            except ServerRefused as refused:
                log.warning("the result of a print order is not taken: %s", refused)
            self._desk.journal.order_told(order)


def _stands(report: ReportTerminal) -> ReportTerminal:
    """A report without what is never twice the same: a clock's drift alone is no news."""
    return report.model_copy(update={"clock_ahead_ms": None, "disk_free_mb": None})


def ordered_ticket(order: PrintOrder) -> IssuedTicket:
    """The ticket that staff want on paper."""
    return IssuedTicket(
        id=order.ticket,
        number=order.number,
        service=order.service,
        issued_at=order.issued_at,
        ahead=order.ahead,
        expected_wait_minutes=None,
        expected_wait=order.expected_wait,
        status_url=order.status_url,
    )


def final(state: str | None) -> PrintState | None:
    """The end of a print job; None while it has none. A job nobody remembers ended nobody knows how."""
    if state is None:
        return "unknown"
    ends: dict[str, PrintState] = {"printed": "printed", "failed": "failed", "unknown": "unknown"}
    return ends.get(state)
