"""What ticket terminals do: lease numbers, hand in what they gave offline, tell how they stand, print."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from server.actions.calling import call_by_itself
from server.domain import ids, moves, numbering
from server.domain.errors import Conflict, NotFound, Refusal
from server.domain.events import Event, Kind
from server.domain.kept_sums import day_key
from server.domain.terminal import SILENT_AFTER, Device, Lease, PrintOrder, Terminal
from server.domain.visit import WALK_IN

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class GivenOffline:
    """A ticket a terminal gave while the server was out of reach; ``issued_at`` by the terminal's clock."""

    id: str
    number: str
    code: str
    service: str
    category: str | None
    language: str
    issued_at: datetime
    clock_ahead_ms: int


def lease_numbers(uow: UnitOfWork, count: int, anew: bool) -> list[Lease]:
    """The blocks of today that this terminal alone may give from, at least ``count`` numbers of each series.

    Numbers already handed in do not count; with ``anew`` (the terminal has lost what it knew) neither do
    the blocks it had. Raises ``Conflict`` ``numbers_used_up`` only when no series has a number left.
    """
    blocks = [] if anew else uow.terminals.leases(uow.today, uow.actor)
    prefixes = sorted({s.prefix for s in uow.office.services if s.state_on(uow.today) == "open"})
    for prefix in prefixes:
        own = [block for block in blocks if block.prefix == prefix]
        numbers = [
            numbering.format_number(prefix, n) for block in own for n in range(block.first, block.last + 1)
        ]
        free = len(numbers) - len(uow.terminals.numbers_given(uow.today, numbers))
        # Half a block left is enough: a refill at every ticket would cut the series into crumbs.
        if free * 2 <= count:
            blocks += _leased(uow, prefix, count - free)
    if not blocks:
        raise Conflict("numbers_used_up", largest=numbering.LARGEST)
    return sorted(blocks, key=lambda block: (block.prefix, block.first))


def hand_in(
    uow: UnitOfWork, tickets: Sequence[GivenOffline]
) -> tuple[list[str], list[tuple[GivenOffline, Refusal]]]:
    """Take in tickets given offline: ids taken (now or before), and those that cannot be, with why.

    A visit counts from the real moment of its issue: the terminal's clock, corrected by how far it was
    ahead, never later than now. A ticket of a past day is closed with that day.
    """
    taken: list[str] = []
    refused: list[tuple[GivenOffline, Refusal]] = []
    for ticket in sorted(tickets, key=lambda ticket: (ticket.issued_at, ticket.number)):
        try:
            _take_in(uow, ticket)
        except Refusal as refusal:
            refused.append((ticket, refusal))
        else:
            taken.append(ticket.id)
    call_by_itself(uow)
    return taken, refused


def report(uow: UnitOfWork, row: Terminal, done: str | None = None) -> None:
    """A terminal tells how it stands; the hall hears of it when anything but the time has changed.

    ``done`` is the id of the command it has carried out.
    """
    before = uow.terminals.terminal(row.id)
    if before is not None and before.command_id != done:
        row = replace(
            row, command=before.command, command_id=before.command_id, commanded_at=before.commanded_at
        )
    uow.terminals.save_terminal(row)
    if before is None or _stands(before) != _stands(row) or row.seen_at - before.seen_at > SILENT_AFTER:
        uow.tell()


def command(uow: UnitOfWork, terminal: str, what: str) -> None:
    """Staff want a terminal to print its last ticket again or to start its page anew.

    Raises ``NotFound`` ``unknown_terminal``, ``Conflict`` ``no_terminal`` when it is not heard of.
    """
    row = uow.terminals.terminal(terminal)
    if row is None:
        raise NotFound("unknown_terminal")
    if uow.now - row.seen_at > SILENT_AFTER:
        raise Conflict("no_terminal")
    made = ids.uuid7(uow.now, secrets.token_bytes)
    uow.terminals.save_terminal(replace(row, command=what, command_id=made, commanded_at=uow.now))
    uow.tell()


def report_device(uow: UnitOfWork, row: Device) -> None:
    """A display program or a bridge tells how it stands; the hall hears of it when anything has changed."""
    before = uow.terminals.device(row.id)
    uow.terminals.save_device(row)
    late = before is None or row.seen_at - before.seen_at > SILENT_AFTER
    if late or before is None or (before.name, before.parts) != (row.name, row.parts):
        uow.tell()


def order_print(uow: UnitOfWork, visit_id: str, terminal: str | None) -> PrintOrder:
    """Have a ticket of today printed at a terminal: the one named, else the one heard of last.

    Raises ``NotFound`` ``unknown_visit``, ``Conflict`` ``no_terminal``.
    """
    visit = uow.visit(visit_id)
    if visit is None or visit.office != uow.office.code or visit.day != uow.today or visit.ticketless:
        raise NotFound("unknown_visit")
    heard = [row for row in uow.terminals.all() if uow.now - row.seen_at <= SILENT_AFTER]
    found = [row for row in heard if terminal in (None, row.id)]
    if not found:
        raise Conflict("no_terminal")
    chosen = max(found, key=lambda row: (row.printer in ("ready", "near_end"), row.seen_at, row.id))
    order = PrintOrder(
        ids.uuid7(uow.now, secrets.token_bytes), uow.office.code, chosen.id, visit.id, uow.now, "queued"
    )
    uow.terminals.add_order(order)
    uow.tell()
    return order


def report_print(uow: UnitOfWork, order_id: str, state: str) -> None:
    """A terminal tells what became of a print order. Telling twice is the same as once."""
    order = uow.terminals.order(order_id)
    if order is None or order.terminal != uow.actor:
        raise NotFound("unknown_order")
    uow.terminals.save_order(order_id, state)
    uow.tell()


def _leased(uow: UnitOfWork, prefix: str, size: int) -> list[Lease]:
    try:
        first, last = numbering.lease(size, *uow.terminals.series(uow.today, prefix))
    except Conflict:
        return []
    block = Lease(prefix, first, last)
    uow.terminals.add_lease(uow.today, uow.actor, block)
    payload = {"prefix": prefix, "first": first, "last": last}
    uow.record(Event(Kind.NUMBERS_LEASED, uow.now, uow.actor, None, None, payload))
    return [block]


def _take_in(uow: UnitOfWork, ticket: GivenOffline) -> None:
    known = uow.visit(ticket.id)
    if known is not None:
        if (known.office, known.number) != (uow.office.code, ticket.number):
            raise Conflict("number_not_leased", number=ticket.number)
        return
    office = uow.office
    service = office.service(ticket.service)
    issued_at = min(ticket.issued_at - timedelta(milliseconds=ticket.clock_ahead_ms), uow.now)
    issued_at = issued_at.replace(microsecond=issued_at.microsecond // 1000 * 1000)
    day = office.day(issued_at)
    prefix, count = numbering.parsed(ticket.number)
    leases = [block for block in uow.terminals.leases(day, uow.actor) if block.prefix == prefix]
    if not any(block.first <= count <= block.last for block in leases):
        raise Conflict("number_not_leased", number=ticket.number)
    if uow.terminals.numbers_given(day, [ticket.number]) or uow.code_is_known(ticket.code):
        raise Conflict("number_taken", number=ticket.number)
    categories = {category.code for category in office.categories}
    visit, event = moves.issue(
        visit_id=ticket.id,
        office=office.code,
        day=day,
        number=ticket.number,
        service=service.code,
        code=ticket.code,
        language=ticket.language,
        # A category the office no longer has must not lose the ticket.
        category=ticket.category if ticket.category in categories else None,
        at=uow.now,
        actor=uow.actor,
        issued_at=issued_at,
        # The limits of the day it was given on, though it is handed in later.
        limit=service.limit_on(WALK_IN, day),
    )
    uow.add_visit(visit)
    uow.sums.count_issued(day_key(visit, visit.day))
    uow.record(event)


def _stands(row: Terminal) -> tuple[object, ...]:
    return (row.name, row.printer, row.fault, row.queued, row.unprinted, row.offline_tickets)
