"""The kiosk's work: takes tickets from the server, sends them to paper, keeps the office's last state."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from kiosk.office_snapshot import OfficeSnapshot
from kiosk.print_jobs import PrintJobs
from kiosk.printer_profile import PrinterProfile
from kiosk.rendering import render
from kiosk.ticket_layout import ticket_layout
from kiosk.words import all_words, words
from server.sdk.client import ServerRefused, ServerUnreachable
from server.sdk.commands import IssueTicket
from server.sdk.messages import IssuedTicket, Language, OfficeInfo

log = logging.getLogger(__name__)

_TAP_KEYS = uuid.UUID("5b0f6a0e-6f0e-4c53-9a5e-0d7c5d1f8a51")
"""Namespace of the idempotency keys made from taps."""
QUICK_SECONDS = 1.0
"""A failure that came sooner is worth one more try: a line dropped, not a server that is slow."""
REMEMBERED_TAPS = 200
REFRESH_SECONDS = 3.0
"""How often the office is asked for while no news comes, and how often its state is kept on disk."""


class Client(Protocol):
    """What the kiosk asks of the server (``server.sdk.client.TalonClient``)."""

    def office(self, office: str) -> OfficeInfo:
        """The office as the public sees it now."""

    def issue_ticket(self, office: str, request: IssueTicket, key: str) -> IssuedTicket:
        """Issue a ticket; the same key gives the same ticket."""


class NoTicket(Exception):
    """No ticket was given. ``text`` tells the visitor why and what to do, in the visitor's language.

    ``kind``: ``refused`` (the queue said no), ``unreachable`` (try again: the same tap never gives
    two tickets), ``broken`` (staff must look).
    """

    def __init__(self, kind: Literal["refused", "unreachable", "broken"], text: str) -> None:
        self.kind = kind
        self.text = text
        super().__init__(f"{kind}: {text}")


@dataclass(frozen=True)
class Taken:
    """A ticket that was given, and the print job that puts it on paper."""

    ticket: IssuedTicket
    job: str


class Agent:
    """One terminal. ``client_for(language)`` gives a client whose refusals are worded in that language."""

    def __init__(
        self,
        office: str,
        client_for: Callable[[Language], Client],
        jobs: PrintJobs,
        profile: PrinterProfile,
        snapshot: OfficeSnapshot,
    ) -> None:
        self._office = office
        self._client_for = client_for
        self._jobs = jobs
        self._profile = profile
        self._snapshot = snapshot
        self._taps: OrderedDict[str, Future[Taken]] = OrderedDict()
        self._taps_lock = threading.Lock()
        self._news_flows = threading.Event()
        self._reachable = False
        self._silence_told = False
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="office-keeper", daemon=True)

    # --- The office's state ---------------------------------------------------------------

    @property
    def office(self) -> OfficeInfo | None:
        """The office as last heard of, also from before a restart."""
        return self._snapshot.office

    @property
    def reachable(self) -> bool:
        """Whether the server answered last time."""
        return self._reachable

    @property
    def room(self) -> str:
        """The room of the news feed this terminal follows."""
        return f"kiosk:{self._office}"

    def start(self) -> None:
        """Begin to keep the office's state in the background."""
        self._keeper.start()

    def stop(self) -> None:
        """Finish the queued prints, keep the state on disk, end the threads."""
        self._stop.set()
        self._wake.set()
        if self._keeper.is_alive():
            self._keeper.join(timeout=5)
        self._jobs.stop()
        self._snapshot.save()

    def on_state(self, room: str, state: Mapping[str, Any]) -> None:
        """News of a room: the office's whole state. A state that cannot be read is left aside."""
        if room != self.room:
            return
        try:
            self._snapshot.take(OfficeInfo.model_validate(state))
        except ValueError as error:
            log.error("the server's state of %s cannot be read, is the kiosk older than it? %s", room, error)
            return
        # Not before the first state: a server that takes the line may still refuse the room.
        self._news_flows.set()
        self._reachable = True

    def on_link(self, online: bool) -> None:
        """Contact with the server's news was made or lost."""
        if not online:
            self._news_flows.clear()
        self._wake.set()

    def _keep(self) -> None:
        """Without news, ask; and keep the state on disk. Runs until the agent stops."""
        while not self._stop.is_set():
            try:
                if not self._news_flows.is_set():
                    self._refresh()
                self._snapshot.save()
            except Exception:
                # The outermost loop of this thread: a fault in one round must not end the keeping.
                log.exception("the office's state could not be kept this time, trying on")
            self._wake.wait(REFRESH_SECONDS)
            self._wake.clear()

    def _refresh(self) -> None:
        try:
            office = self._client_for("ru").office(self._office)
        except ServerUnreachable as error:
            if not self._silence_told:
                log.warning("the queue server does not answer, trying on: %s", error)
            self._silence_told = True
            self._reachable = self._news_flows.is_set()
        except ServerRefused as refused:
            log.error(
                "the server refuses this terminal: %s: check [server] token and [kiosk] office", refused
            )
            self._reachable = False
        else:
            # News that came meanwhile is newer than this answer.
            if not self._news_flows.is_set():
                self._snapshot.take(office)
            self._reachable = True
            self._silence_told = False

    # --- Tickets --------------------------------------------------------------------------

    def take_ticket(self, service: str, language: Language, category: str | None, tap: str) -> Taken:
        """Take a ticket for one tap and queue it for paper; does not wait for the printer.

        ``tap`` is made by the page when it offers the button: a double tap, a held finger or a
        repeated try bring the same ``tap`` and get the same ticket, printed once. Raises ``NoTicket``.
        """
        request = IssueTicket(service=service, category=category, language=language)
        key = str(uuid.uuid5(_TAP_KEYS, f"{self._office}:{tap}"))
        with self._taps_lock:
            answer = self._taps.get(key)
            first = answer is None
            if answer is None:
                answer = self._taps[key] = Future()
                while len(self._taps) > REMEMBERED_TAPS:
                    self._taps.popitem(last=False)
        if first:
            try:
                answer.set_result(self._take(request, key))
            except NoTicket as refusal:
                with self._taps_lock:
                    self._taps.pop(key, None)  # so that trying again asks again
                answer.set_exception(refusal)
            except BaseException as fault:
                with self._taps_lock:
                    self._taps.pop(key, None)
                answer.set_exception(fault)  # whoever waits for the same tap must not wait for ever
                raise
        return answer.result()

    def _take(self, request: IssueTicket, key: str) -> Taken:
        _ = words(request.language).gettext
        office = self.office
        if office is None:
            raise NoTicket("unreachable", _("The terminal is getting ready. Please ask the staff."))
        try:
            ticket = self._issue(request, key)
        except ServerUnreachable as error:
            log.warning("no ticket for a visitor, the server does not answer: %s", error)
            raise NoTicket(
                "unreachable",
                _("The queue does not answer. Try again: you will not get two tickets. Or ask the staff."),
            ) from error
        except ServerRefused as refused:
            if refused.problem.status == 409:
                raise NoTicket("refused", refused.problem.detail) from refused
            log.error("the server refuses to issue: %s: check [server] token and the services", refused)
            raise NoTicket(
                "broken", _("This terminal cannot give a ticket now. Please ask the staff, they will help.")
            ) from refused
        job = self._jobs.add(lambda: render(ticket_layout(office, ticket, all_words()), self._profile))
        return Taken(ticket, job)

    def _issue(self, request: IssueTicket, key: str) -> IssuedTicket:
        """Ask for the ticket; once more with the same key when the line broke at once."""
        client = self._client_for(request.language)
        started = time.monotonic()
        try:
            return client.issue_ticket(self._office, request, key)
        except ServerUnreachable:
            if time.monotonic() - started > QUICK_SECONDS:
                raise
            self._stop.wait(0.2)
            return client.issue_ticket(self._office, request, key)
