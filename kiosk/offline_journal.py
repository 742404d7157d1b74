"""Every ticket this terminal gave, on disk before it is printed; and what the server is still to be told."""

from __future__ import annotations

import logging
import shutil
import threading
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel

from kiosk.journal_file import JournalFile, Line
from server.sdk.commands import IssueTicket
from server.sdk.messages import IssuedTicket
from server.sdk.terminal_messages import OfflineTicket, PrintOrder, RefusedTicket

log = logging.getLogger(__name__)

PrintState = Literal["printed", "failed", "unknown"]


class GivenTicket(BaseModel):
    """A ticket as it was given on ``day`` for the tap with idempotency key ``key``.

    ``hand_in`` is what the server is to be told of it; None when the server itself issued it.
    """

    key: str
    day: date
    ticket: IssuedTicket
    hand_in: OfflineTicket | None = None


class _Kept(NamedTuple):
    """A ticket in memory. ``body`` is its JSON: a day has thousands of them, and few are asked for again."""

    number: str
    day: date
    to_hand_in: bool
    body: bytes

    def given(self) -> GivenTicket:
        return GivenTicket.model_validate_json(self.body)


class Doubt(BaseModel):
    """An online request whose answer never came: the server may or may not have issued a ticket for it."""

    key: str
    day: date
    at: datetime
    request: IssueTicket


class OfflineJournal:
    """The journal of one terminal in ``folder``. Any thread may call; what is to be told is oldest first.

    A ticket is *taken*, then *printed* (or failed, or unknown), and if it was given offline *handed in* (or
    refused). Compacted at the start: what is of an earlier day and settled is dropped; tickets of today stay,
    for they tell which numbers are given. Raises ``JournalInUse``, ``OSError``.
    """

    def __init__(self, folder: Path, today: date) -> None:
        self._lock = threading.RLock()
        self._tickets: dict[str, _Kept] = {}
        self._by_key: dict[str, str] = {}
        self._on_paper: dict[str, PrintState] = {}
        self._handed: set[str] = set()
        self._refused: dict[str, RefusedTicket] = {}
        self._doubts: dict[str, Doubt] = {}
        self._orders: dict[str, PrintOrder] = {}
        self._order_ends: dict[str, PrintState] = {}
        self._orders_told: set[str] = set()
        self._void: set[date] = set()
        self._folder = folder
        self._file = JournalFile(folder, "tickets")
        self.name = ""
        self.lost = self._file.lost
        self.repaired = self._file.repaired
        for line in self._file.lines:
            try:
                self._take(line)
            except (ValueError, TypeError, KeyError) as error:
                log.error("a line of the journal is not understood, was a newer kiosk here? %s", error)
                self.lost = True
        if not self.name:
            # A new terminal, or one whose files are gone: what it gave before is not known.
            self.name = uuid.uuid4().hex
            self._void.add(today)
        elif self.lost:
            self._void.add(today)
        self._from_before = set(self._tickets)
        # Begun and not ended: nobody can tell whether paper came out.
        self._order_ends |= {id_: "unknown" for id_ in self._orders if id_ not in self._order_ends}
        self.compact(today)

    # --- What was given -------------------------------------------------------------------

    def add(self, given: GivenTicket, doubt: Doubt | None = None) -> None:
        """Keep a ticket, and the doubt about the request before it; on return both are on the disk.

        Raises ``OSError``: nothing is kept then, and the number must not be shown.
        """
        with self._lock:
            lines = [_line("ticket", given)]
            if doubt is not None:
                lines.insert(0, _line("doubt", doubt))
            self._file.append(*lines)
            for line in lines:
                self._take(line)

    def by_key(self, key: str) -> GivenTicket | None:
        """The ticket given for this tap."""
        with self._lock:
            found = self._by_key.get(key)
            return self._tickets[found].given() if found else None

    def numbers(self, day: date) -> set[str]:
        """All numbers this terminal gave on ``day``."""
        with self._lock:
            return {kept.number for kept in self._tickets.values() if kept.day == day}

    def latest(self) -> GivenTicket | None:
        """The ticket given last."""
        with self._lock:
            kept = next(reversed(self._tickets.values()), None)
            return kept.given() if kept else None

    # --- Paper ----------------------------------------------------------------------------

    def on_paper(self, ticket: str, state: PrintState) -> None:
        """What became of a ticket's print."""
        self._note({"paper": ticket, "state": state})

    def paper_of(self, ticket: str) -> PrintState | None:
        """What became of a ticket's print; "unknown" when the program ended in between; None: not yet."""
        with self._lock:
            state = self._on_paper.get(ticket)
            return state or ("unknown" if ticket in self._from_before else None)

    def unprinted(self, day: date) -> list[tuple[str, PrintState]]:
        """Numbers of ``day`` that may not be on paper, the newest first."""
        with self._lock:
            states = [
                (kept.number, self.paper_of(id_))
                for id_, kept in reversed(self._tickets.items())
                if kept.day == day
            ]
        return [(number, state) for number, state in states if state in ("failed", "unknown")]

    # --- What is to be told the server ----------------------------------------------------

    def doubt(self, doubt: Doubt) -> None:
        """Keep a doubt for which no ticket was given. A disk that takes nothing is logged."""
        self._note(_line("doubt", doubt))

    def doubts(self) -> list[Doubt]:
        """Doubts not settled."""
        with self._lock:
            return list(self._doubts.values())

    def settled(self, key: str) -> None:
        """The doubt is no more."""
        if key in self._doubts:
            self._note({"settled": key})

    def to_hand_in(self) -> list[GivenTicket]:
        """Tickets given offline that the server has not yet, in the order of giving."""
        with self._lock:
            return [
                kept.given()
                for id_, kept in self._tickets.items()
                if kept.to_hand_in and id_ not in self._handed and id_ not in self._refused
            ]

    def handed_in(self, tickets: Iterable[str]) -> None:
        """The server has these tickets."""
        self._note({"handed_in": list(tickets)})

    def refused(self, ticket: RefusedTicket) -> None:
        """The server will not take this ticket: kept for people, with the reason."""
        self._note(_line("refused", ticket))

    def refusals(self, day: date) -> list[RefusedTicket]:
        """Tickets of ``day`` that the server would not take."""
        with self._lock:
            return [
                one
                for id_, one in self._refused.items()
                if id_ in self._tickets and self._tickets[id_].day == day
            ]

    # --- Print orders ---------------------------------------------------------------------

    def begin_order(self, order: PrintOrder) -> bool:
        """Remember that ``order`` is being printed; False when it was begun before. Raises ``OSError``."""
        with self._lock:
            if order.id in self._orders:
                return False
            line = _line("order", order)
            self._file.append(line)
            self._take(line)
            return True

    def end_order(self, order: str, state: PrintState) -> None:
        """What became of the order's print; a ticket of ours that is now on paper is no longer missing."""
        self._note({"order_end": order, "state": state})
        ticket = self._orders[order].ticket
        if state == "printed" and ticket in self._tickets:
            self.on_paper(ticket, state)

    def orders_to_tell(self) -> list[tuple[str, PrintState]]:
        """Results of orders the server has not heard of."""
        with self._lock:
            return [one for one in self._order_ends.items() if one[0] not in self._orders_told]

    def order_told(self, order: str) -> None:
        """The server knows what became of the order."""
        self._note({"order_told": order})

    # --- The file -------------------------------------------------------------------------

    def void(self, day: date) -> None:
        """Which numbers of ``day`` were given is not known any more: none may be given offline."""
        self._note({"void": day.isoformat()})

    def is_void(self, day: date) -> bool:
        """Whether no number of ``day`` may be given offline."""
        return day in self._void

    def compact(self, today: date) -> None:
        """Drop what is of earlier days and settled."""
        with self._lock:
            waiting = {given.ticket.id for given in self.to_hand_in()}
            self._tickets = {
                id_: kept for id_, kept in self._tickets.items() if kept.day >= today or id_ in waiting
            }
            # The server keeps answers for two days: an older request cannot be asked after.
            self._doubts = {key: one for key, one in self._doubts.items() if (today - one.day).days < 2}
            self._void = {day for day in self._void if day >= today}
            for order in self._orders_told & self._orders.keys():
                if (today - self._orders[order].issued_at.date()).days > 1:
                    del self._orders[order], self._order_ends[order]
                    self._orders_told.discard(order)
            known = self._tickets.keys()
            self._on_paper = {id_: state for id_, state in self._on_paper.items() if id_ in known}
            self._refused = {id_: one for id_, one in self._refused.items() if id_ in known}
            self._handed &= known
            lines: list[Line] = [{"journal": self.name}]
            lines += [{"void": day.isoformat()} for day in self._void]
            lines += [_line("doubt", one) for one in self._doubts.values()]
            tickets = [kept.given() for kept in self._tickets.values()]
            lines += [_line("ticket", given) for given in tickets]
            lines += [{"paper": id_, "state": state} for id_, state in self._on_paper.items()]
            lines += [{"handed_in": sorted(self._handed)}]
            lines += [_line("refused", one) for one in self._refused.values()]
            lines += [_line("order", one) for one in self._orders.values()]
            lines += [{"order_end": id_, "state": state} for id_, state in self._order_ends.items()]
            lines += [{"order_told": id_} for id_ in self._orders_told]
            self._file.rewrite(lines)
            self._by_key = {given.key: given.ticket.id for given in tickets}

    def disk_free_mb(self) -> int:
        """What is left on the disk of the journal, in MB."""
        return shutil.disk_usage(self._folder).free // 1_000_000

    def close(self) -> None:
        """Close the file. Nothing may be called after that."""
        with self._lock:
            self._file.close()

    def _note(self, line: Line) -> None:
        """Keep what may be found out anew should the disk not take it."""
        with self._lock:
            self._take(line)
            try:
                self._file.append(line)
            except OSError as error:
                log.error("the journal takes no writing (%s): make room on the disk", error.strerror)

    def _take(self, line: Line) -> None:
        match line:
            case {"ticket": body}:
                given = GivenTicket.model_validate(body)
                json = given.model_dump_json().encode()
                ticket = given.ticket
                self._tickets[ticket.id] = _Kept(ticket.number, given.day, given.hand_in is not None, json)
                self._by_key[given.key] = ticket.id
            case {"paper": id_, "state": state}:
                self._on_paper[id_] = state
            case {"handed_in": ids}:
                self._handed.update(ids)
            case {"refused": body}:
                refused = RefusedTicket.model_validate(body)
                self._refused[refused.id] = refused
            case {"doubt": body}:
                doubt = Doubt.model_validate(body)
                self._doubts[doubt.key] = doubt
            case {"settled": key}:
                self._doubts.pop(key, None)
            case {"order": body}:
                order = PrintOrder.model_validate(body)
                self._orders[order.id] = order
            case {"order_end": id_, "state": state}:
                self._order_ends[id_] = state
            case {"order_told": id_}:
                self._orders_told.add(id_)
            case {"void": day}:
                self._void.add(date.fromisoformat(day))
            case {"journal": name}:
                self.name = name


def _line(kind: str, body: BaseModel) -> Line:
    return {kind: body.model_dump(mode="json")}
