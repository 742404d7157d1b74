"""The kiosk's work: takes tickets, online or from leased numbers, sends them to paper, keeps in contact."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kiosk import handing_in, no_ticket, offline, terminal_report
from kiosk.handing_in import HandingIn
from kiosk.office_snapshot import OfficeSnapshot
from kiosk.offline_desk import CannotGive, OfflineDesk
from kiosk.offline_journal import PrintState
from kiosk.paper import Paper
from kiosk.print_follower import PrintFollower
from kiosk.print_jobs import PrintJobs
from kiosk.screen import Screen
from kiosk.staff_orders import StaffOrders
from kiosk.taps import Taps
from kiosk.terminal_report import TerminalReport
from kiosk.words import words
from server.sdk.client import ServerRefused, ServerUnreachable, new_key
from server.sdk.commands import CheckIn, IssueTicket
from server.sdk.messages import IssuedTicket, Language, OfficeInfo
from server.sdk.terminal_messages import TerminalView

log = logging.getLogger(__name__)

QUICK_SECONDS = 1.0
"""A failure that came sooner is worth one more try: a line dropped, not a server that is slow."""
REFRESH_SECONDS = 3.0
"""How often the office is asked for while no news comes, and how often its state is kept on disk."""


class Client(handing_in.Client, terminal_report.Client, Protocol):
    """What the kiosk asks of the server (``server.sdk.client.TalonClient``)."""

    def office(self, office: str) -> OfficeInfo:
        """The office as the public sees it now."""

    def check_in(self, office: str, request: CheckIn, key: str) -> IssuedTicket:
        """A booked visitor has come."""


@dataclass(frozen=True)
class Taken:
    """A ticket that was given, and the print job that puts it on paper.

    ``offline``: from a leased number; then nobody knows how many people are ahead.
    """

    ticket: IssuedTicket
    job: str
    offline: bool = False


class Agent:
    """One terminal. ``client_for(language)`` gives a client whose refusals are worded in that language.

    ``desk`` gives tickets while the server is out of reach; None: it has no disk to keep its journal on.
    """

    def __init__(
        self,
        office: str,
        client_for: Callable[[Language], Client],
        jobs: PrintJobs,
        paper: Paper,
        snapshot: OfficeSnapshot,
        desk: OfflineDesk | None = None,
        offline_numbers: int = 40,
        name: str = "",
    ) -> None:
        self._office = office
        self._client_for = client_for
        self._jobs = jobs
        self._paper = paper
        self._snapshot = snapshot
        self._desk = desk
        self._steady = desk.clock.steady if desk else time.monotonic
        self._returning = HandingIn(office, client_for("ru"), desk, offline_numbers) if desk else None
        self._report = TerminalReport(office, client_for("ru"), jobs, desk, name)
        self._report.template_fault = paper.template_fault
        self._report.snapshot_damaged = lambda: snapshot.damaged
        self.screen = Screen(self._steady)
        self._report.page_is_silent = self.screen.is_silent
        self._report.asks_for_help = self.screen.asks_for_help
        self._wake = threading.Event()
        self._prints = PrintFollower(jobs)
        self._orders = StaffOrders(jobs, self._prints, paper, desk, self.screen, self._wake.set)
        self._taps: Taps[Taken] = Taps(office)
        self._news_flows = threading.Event()
        self._online = False
        self._refused = False
        self._silence_told = False
        self._stop = threading.Event()
        jobs.on_change = self._wake.set
        self._refusal_told = ""
        self._keeper = threading.Thread(target=self._keep, name="office-keeper", daemon=True)

    # --- The office's state ---------------------------------------------------------------

    @property
    def office(self) -> OfficeInfo | None:
        """The office as last heard of, also from before a restart; offline as its hours make it now."""
        office = self._snapshot.office
        if office is None or self._online or self._desk is None:
            return office
        return offline.as_now(office, self._desk.clock.now())

    @property
    def online(self) -> bool:
        """Whether the server answered last time."""
        return self._online

    @property
    def to_tell(self) -> int:
        """How many offline tickets and doubtful requests the server has not been told of."""
        journal = self._desk.journal if self._desk else None
        return len(journal.to_hand_in()) + len(journal.doubts()) if journal else 0

    @property
    def reachable(self) -> bool:
        """Whether a visitor can get a ticket: the server answers, or there are numbers in hand."""
        return self._online or self._has_numbers()

    @property
    def alive(self) -> bool:
        """Whether all threads of the program do their work."""
        return self._keeper.is_alive() and self._jobs.alive

    @property
    def rooms(self) -> list[str]:
        """The rooms of the news feed this terminal follows."""
        return [self.room, f"terminal:{self._office}"]

    @property
    def room(self) -> str:
        """The room with the office's state."""
        return f"kiosk:{self._office}"

    def start(self) -> None:
        """Begin to keep in contact in the background."""
        self._keeper.start()

    def stop(self) -> None:
        """Finish the queued prints, keep the state on disk, end the threads."""
        self._stop.set()
        self._wake.set()
        if self._keeper.is_alive():
            self._keeper.join(timeout=5)
        self._jobs.stop()
        self._prints.stop()
        self._snapshot.save()
        if self._desk:
            self._desk.journal.close()

    def on_state(self, room: str, state: Mapping[str, Any]) -> None:
        """News of a room: its whole state. A state that cannot be read is left aside."""
        if room not in self.rooms:
            return
        try:
            if room != self.room:
                if self._report.must_ask(TerminalView.model_validate(state)):
                    self._report.forget_sent()
                    self._wake.set()
                return
            self._snapshot.take(OfficeInfo.model_validate(state))
        except ValueError as error:
            log.error("the server's state of %s cannot be read, is the kiosk older than it? %s", room, error)
            return
        # Not before the first state: a server that takes the line may still refuse the room. And not by
        # later ones: a server may push news though it is too slow to issue.
        if not self._news_flows.is_set():
            self._news_flows.set()
            self._online = True
            self._wake.set()

    def on_link(self, online: bool) -> None:
        """Contact with the server's news was made or lost."""
        if not online:
            self._news_flows.clear()
        self._wake.set()

    def _keep(self) -> None:
        """Without news, ask; tell and hand in; keep the state on disk. Runs until the agent stops."""
        while not self._stop.is_set():
            try:
                self.look_round()
            except Exception:
                # The outermost loop of this thread: a fault in one round must not end the keeping.
                log.exception("the office's state could not be kept this time, trying on")
            self._wake.wait(REFRESH_SECONDS)
            self._wake.clear()

    def look_round(self) -> None:
        """One round of keeping in contact, as the background thread does it every few seconds."""
        if not self._news_flows.is_set() or not self._online:
            self._refresh()
        if self._online:
            self._talk()
        self._snapshot.save()

    def _refresh(self) -> None:
        try:
            office = self._client_for("ru").office(self._office)
        except ServerUnreachable as error:
            self._lost(error)
        except ServerRefused as refused:
            log.error(
                "the server refuses this terminal: %s: check [server] token and [kiosk] office", refused
            )
            # Not out of reach: what a refused terminal gave offline would never be taken in.
            self._online, self._refused = False, True
        else:
            # News that came meanwhile is newer than this answer.
            if not self._news_flows.is_set():
                self._snapshot.take(office)
            self._online, self._refused = True, False
            self._silence_told = False

    def _talk(self) -> None:
        """Tell the server how this terminal stands and all it does not know yet; take orders and numbers."""
        office = self._snapshot.office
        if office is None:
            return
        desk = self._desk
        today = offline.local_day(desk.clock.now(), office.timezone) if desk else None
        language = office.languages[0]
        try:
            # First what was given: a number that staff see here is in their queue by then.
            if self._returning:
                self._returning.work(office, lambda: self._report.current(language, today))
            asked = self._steady()
            view = self._report.send(self._report.current(language, today), asked)
            if view is not None:
                if desk:
                    desk.clock.compare(view.at, asked, self._steady())
                for order in self._report.new_orders(view):
                    self._orders.print(office, order)
                for command in self._report.new_commands(view):
                    self._orders.do(office, command)
            self._report.tell_prints()
        except ServerUnreachable as error:
            self._lost(error)
        except ServerRefused as refused:
            if str(refused) != self._refusal_told:
                log.error("the server does not take what this terminal tells: %s: check its token", refused)
            self._refusal_told = str(refused)
        if desk and today and desk.day != today:
            desk.day = today
            desk.journal.compact(today)

    def _lost(self, error: ServerUnreachable) -> None:
        if not self._silence_told:
            log.warning("the queue server does not answer, trying on: %s", error)
        self._silence_told = True
        self._online = self._refused = False

    # --- Tickets --------------------------------------------------------------------------

    def take_ticket(self, service: str, language: Language, category: str | None, tap: str) -> Taken:
        """Take a ticket for one tap and queue it for paper; does not wait for the printer.

        ``tap`` is made by the page when it offers the button: a double tap, a held finger or a
        repeated try bring the same ``tap`` and get the same ticket, printed once. Raises ``NoTicket``.
        """
        request = IssueTicket(service=service, category=category, language=language)
        return self._taps.once(tap, lambda key: self._take(request, key))

    def check_in(self, request: CheckIn, tap: str | None = None) -> Taken:
        """Take the ticket of a booking, by its code or the phone's last digits. Raises ``NoTicket``."""
        return self._taps.once(tap or new_key(), lambda key: self._check_in(request, key))

    def _take(self, request: IssueTicket, key: str) -> Taken:
        office = self._known_office(request.language)
        desk = self._desk
        if desk and (before := desk.journal.by_key(key)) is not None:
            # Given before a restart; whether it came to paper, its job no longer tells.
            return Taken(before.ticket, uuid.uuid4().hex, before.hand_in is not None)
        if not self._online and self._has_numbers():
            return self._give(office, request, key, None)
        asked = key
        try:
            while True:
                asked = self._returning.begin(key) if self._returning else key
                try:
                    ticket = self._issue(request, asked)
                    if desk:
                        desk.journal.settled(asked)
                    break
                except ServerRefused as refused:
                    if not self._returning or refused.problem.code != "key_reused":
                        raise no_ticket.refused_by_server(refused, request.language) from refused
                    # Before a restart this tap's doubt was settled: it asks anew, under the next key.
                    self._returning.used_up(asked)
                finally:
                    if self._returning:
                        self._returning.end(asked)
        except ServerUnreachable as error:
            self._lost(error)
            self._wake.set()
            if self._has_numbers():
                return self._give(office, request, key, asked)
            if desk:
                desk.keep_doubt(office, request, asked)
            raise no_ticket.out_of_reach(request.language) from error
        if desk:
            desk.keep_online(office, ticket, key)
        return self._printed(office, ticket, place_known=True)

    def _give(self, office: OfficeInfo, request: IssueTicket, key: str, doubtful: str | None) -> Taken:
        """A ticket from the leased numbers; ``doubtful``: the key of a request without an answer."""
        assert self._desk is not None
        try:
            given = self._desk.give(office, request, key, doubtful)
        except CannotGive as reason:
            if doubtful:
                self._desk.keep_doubt(office, request, doubtful)
            log.warning("no ticket without the server: %s", reason.why)
            raise no_ticket.refused_offline(reason.why, request.language) from reason
        log.info("%s given without the server", given.ticket.number)
        return self._printed(office, given.ticket, place_known=given.hand_in is None)

    def _check_in(self, request: CheckIn, key: str) -> Taken:
        office = self._known_office(request.language)
        try:
            ticket = self._client_for(request.language).check_in(self._office, request, key)
        except ServerUnreachable as error:
            self._lost(error)
            self._wake.set()
            raise no_ticket.booking_out_of_reach(request.language) from error
        except ServerRefused as refused:
            raise no_ticket.refused_by_server(refused, request.language, unknown_is_told=True) from refused
        if self._desk:
            self._desk.keep_online(office, ticket, key)
        return self._printed(office, ticket, place_known=True)

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

    def _printed(self, office: OfficeInfo, ticket: IssuedTicket, place_known: bool) -> Taken:
        job = self._jobs.add(lambda: self._paper.ticket(office, ticket, place_known), ticket.number)
        if self._desk:
            self._prints.follow(job, lambda state: self._came_to_paper(ticket.id, state))
        return Taken(ticket, job, offline=not place_known)

    def _came_to_paper(self, ticket: str, state: PrintState) -> None:
        assert self._desk is not None
        self._desk.journal.on_paper(ticket, state)
        if state != "printed":
            self._wake.set()

    def _has_numbers(self) -> bool:
        office = self._snapshot.office
        return bool(office and self._desk and not self._refused and self._desk.ready(office))

    def _known_office(self, language: Language) -> OfficeInfo:
        office = self._snapshot.office
        if office is None:
            raise no_ticket.not_ready(language)
        return office

    # --- What else a visitor or the staff may want ------------------------------------------

    def has_information(self, service: str) -> bool:
        """Whether there is something to print about a service."""
        office = self._snapshot.office
        known = [one for one in office.services if one.code == service] if office else []
        return any(one.information or one.documents for one in known)

    def print_information(self, service: str, language: Language) -> str:
        """Queue a service's information for paper; the job's id. Raises ``NoTicket`` without an office."""
        office = self._known_office(language)
        return self._jobs.add(lambda: self._paper.information(office, service, language))

    def call_staff(self, language: Language) -> str:
        """Tell staff that a visitor asks for help; words for the visitor. Raises ``NoTicket``."""
        self.screen.call_help()
        office = self._known_office(language)
        report = self._report.current(office.languages[0], self._desk.day if self._desk else None)
        try:
            self._client_for("ru").report_terminal(self._office, report)
        except (ServerUnreachable, ServerRefused) as error:
            log.warning("a visitor's wish for help could not be told: %s", error)
            raise no_ticket.staff_out_of_reach(language) from error
        return words(language).gettext("The staff have been told. Please wait here.")
