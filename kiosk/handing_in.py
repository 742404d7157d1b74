"""In contact again: settles doubtful requests, hands in offline tickets, takes new numbers.

**The rule of doubtful requests.** An online request whose answer did not come may have been done, may still
be on its way, or may never have arrived. The visitor gets an offline ticket at once (or asks again). Later
the request's own Idempotency-Key is used up by a harmless command, the report of this terminal:

- the server takes it: it had issued nothing under this key and never will, for the key is used now;
- the server says ``key_reused``: it had issued (or this very report was done before). The same request under
  the same key gives the old answer again; that ticket is on nobody's paper and is cancelled by its code.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import Doubt
from server.sdk.client import ServerRefused
from server.sdk.commands import IssueTicket
from server.sdk.messages import IssuedTicket, OfficeInfo, TicketStatus
from server.sdk.terminal_messages import (
    HandedIn,
    HandInTickets,
    LeaseNumbers,
    NumberLease,
    ReportTerminal,
    TerminalView,
)

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Tickets in one hand-in, as the server takes them."""
LEASE_SECONDS = 600.0
"""How often the lease is taken anew though nothing was given from it."""
RETRY_SECONDS = 30.0
"""How long a refused lease is left alone."""
VISITOR_SECONDS = 90.0
"""How long somebody may still repeat a tap that got no ticket: longer than the page stays."""
_HAND_IN_KEYS = uuid.UUID("0e9b2c1c-7a39-4a27-9b0e-58d5f6f6a1d3")
_NEXT_KEYS = uuid.UUID("a3d0a8f4-2f57-4c77-8f3a-6f7b7d0f6b55")


class Client(Protocol):
    """What handing in asks of the server (``server.sdk.client.TalonClient``)."""

    def issue_ticket(self, office: str, request: IssueTicket, key: str) -> IssuedTicket:
        """Issue a ticket; the same key gives the same ticket."""

    def cancel_ticket(self, code: str) -> TicketStatus:
        """Take a ticket out of the queue."""

    def report_terminal(self, office: str, request: ReportTerminal, key: str | None = None) -> TerminalView:
        """Tell how this terminal stands."""

    def hand_in(self, office: str, request: HandInTickets, key: str) -> HandedIn:
        """Tell of tickets given offline."""

    def lease_numbers(self, office: str, request: LeaseNumbers) -> NumberLease:
        """Take numbers."""


class HandingIn:
    """One terminal's return to the server. ``work`` runs on one thread; the rest may be called by any."""

    def __init__(self, office: str, client: Client, desk: OfflineDesk, count: int) -> None:
        self._office = office
        self._client = client
        self._desk = desk
        self._count = count
        self._lock = threading.Lock()
        self._asking: dict[str, int] = {}
        self._closed: set[str] = set()
        self._lease_asked: float | None = None

    # --- Keys of taps ---------------------------------------------------------------------

    def begin(self, key: str) -> str:
        """The key under which a tap asks the server now: another one, once ``key`` was used up by settling.

        Until ``end``, the doubt about the key that is returned is not settled.
        """
        with self._lock:
            while key in self._closed:
                key = next_key(key)
            self._asking[key] = self._asking.get(key, 0) + 1
            return key

    def end(self, key: str) -> None:
        """The answer to the request under ``key`` has come, or will not be waited for."""
        with self._lock:
            self._asking[key] -= 1
            if not self._asking[key]:
                del self._asking[key]

    def used_up(self, key: str) -> None:
        """The server told that ``key`` was used for something else: by settling, before a restart."""
        with self._lock:
            self._closed.add(key)

    # --- In contact -----------------------------------------------------------------------

    def work(self, office: OfficeInfo, report: Callable[[], ReportTerminal]) -> None:
        """Tell the server all it does not know yet. Raises ``ServerUnreachable``; what was done is kept.

        Hands in first: ``report``, with which doubts are settled, then names no number unknown to the queue.
        """
        handed_in = self._hand_in()
        for doubt in self._desk.journal.doubts():
            if self._may_settle(doubt):
                self._settle(doubt, report())
        if handed_in or self._lease_is_wanted(office):
            self._take_numbers(office)

    def _may_settle(self, doubt: Doubt) -> bool:
        with self._lock:
            if doubt.key in self._asking:
                return False
            given = self._desk.journal.by_key(doubt.key) is not None
            age = self._desk.clock.own() - doubt.at
            if not given and timedelta() <= age < timedelta(seconds=VISITOR_SECONDS):
                return False
            self._closed.add(doubt.key)
            return True

    def _settle(self, doubt: Doubt, report: ReportTerminal) -> None:
        given = self._desk.journal.by_key(doubt.key)
        if given is not None and given.hand_in is None:
            # The tap was repeated and answered: the visitor has that very ticket.
            self._desk.journal.settled(doubt.key)
            return
        try:
            self._client.report_terminal(self._office, report, doubt.key)
        except ServerRefused as refused:
            if refused.problem.code != "key_reused":
                log.error("a request without an answer cannot be settled now: %s", refused)
                return
            self._cancel_issued(doubt)
        self._desk.journal.settled(doubt.key)

    def _cancel_issued(self, doubt: Doubt) -> None:
        try:
            issued = self._client.issue_ticket(self._office, doubt.request, doubt.key)
        except ServerRefused as refused:
            # key_reused again: it was our own report that used the key up, so nothing was issued.
            if refused.problem.code != "key_reused":
                log.error("the answer to an old request is refused: %s", refused)
            return
        try:
            self._client.cancel_ticket(issued.status_url.rstrip("/").rsplit("/", 1)[-1])
        except ServerRefused as refused:
            log.warning("%s, which nobody has on paper, is past cancelling: %s", issued.number, refused)
        else:
            log.info("%s was issued while its answer was lost, and is cancelled", issued.number)

    def _hand_in(self) -> bool:
        """True when anything was handed in: then numbers are to be refilled."""
        journal, any_ = self._desk.journal, False
        while waiting := journal.to_hand_in()[:AT_ONCE]:
            tickets = HandInTickets(tickets=[given.hand_in for given in waiting if given.hand_in])
            key = str(uuid.uuid5(_HAND_IN_KEYS, tickets.model_dump_json()))
            answer = self._client.hand_in(self._office, tickets, key)
            journal.handed_in(answer.taken)
            for refused in answer.refused:
                log.error("ticket %s given offline is not taken: %s", refused.number, refused.detail)
                journal.refused(refused)
            any_ = True
            if not answer.taken and not answer.refused:
                log.error("the server says nothing of the tickets handed in, trying again later")
                break
        return any_

    def _lease_is_wanted(self, office: OfficeInfo) -> bool:
        pause = RETRY_SECONDS if self._desk.usable_lease(office) is None else LEASE_SECONDS
        return self._lease_asked is None or self._desk.clock.steady() - self._lease_asked >= pause

    def _take_numbers(self, office: OfficeInfo) -> None:
        desk = self._desk
        # Where records were lost, asking plainly would bring back numbers that may be on paper.
        anew = desk.records_lost(office)
        if anew and desk.left(office) * 2 > self._count:
            return
        self._lease_asked = desk.clock.steady()
        try:
            lease = self._client.lease_numbers(self._office, LeaseNumbers(count=self._count, anew=anew))
        except ServerRefused as refused:
            log.warning("no numbers for times without the server: %s", refused)
            return
        desk.keep_lease(lease)


def next_key(key: str) -> str:
    """The key that follows when ``key`` is used up: always the same one, also after a restart."""
    return str(uuid.uuid5(_NEXT_KEYS, key))
