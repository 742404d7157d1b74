"""Rows of an office's terminals and other devices: leased numbers, how each stands, print orders."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from server.db import tables
from server.domain.terminal import Device, Lease, PrintOrder, Terminal


def terminals(connection: Connection, office: str) -> list[Terminal]:
    """All terminals an office ever had, by name."""
    table = tables.terminal
    rows = connection.execute(
        select(table).where(table.c.office == office).order_by(table.c.name, table.c.id)
    )
    return [Terminal(**row._mapping) for row in rows]


def devices(connection: Connection, office: str) -> list[Device]:
    """All display programs and bridges an office ever heard of, by kind and name."""
    table = tables.device
    rows = connection.execute(
        select(table).where(table.c.office == office).order_by(table.c.kind, table.c.name, table.c.id)
    )
    return [Device(**row._mapping) for row in rows]


def queued_orders(connection: Connection, office: str) -> list[PrintOrder]:
    """Print orders that are not done yet, the oldest first."""
    table = tables.print_order
    query = select(table).where(table.c.office == office, tables.QUEUED)
    return [_order(row) for row in connection.execute(query.order_by(table.c.at, table.c.id))]


class TerminalRows:
    """What a unit of work knows of its office's terminals."""

    def __init__(self, connection: Connection, office: str) -> None:
        self._connection = connection
        self._office = office

    def leases(self, day: date, terminal: str) -> list[Lease]:
        """The blocks a terminal leased for a day."""
        table = tables.number_lease
        query = select(table.c.prefix, table.c.first, table.c.last).where(
            table.c.office == self._office, table.c.day == day, table.c.terminal == terminal
        )
        return [
            Lease(*row) for row in self._connection.execute(query.order_by(table.c.prefix, table.c.first))
        ]

    def add_lease(self, day: date, terminal: str, lease: Lease) -> None:
        """Store a block; the series gives no number from its first one on."""
        series = tables.number_series
        key = (series.c.office == self._office, series.c.day == day, series.c.prefix == lease.prefix)
        moved = update(series).where(*key).values(leased_from=lease.first)
        row = {"office": self._office, "day": day, "prefix": lease.prefix}
        if self._connection.execute(moved).rowcount == 0:
            self._connection.execute(insert(series), {**row, "last": 0, "leased_from": lease.first})
        self._connection.execute(
            insert(tables.number_lease),
            {**row, "first": lease.first, "last": lease.last, "terminal": terminal},
        )

    def series(self, day: date, prefix: str) -> tuple[int, int | None]:
        """The last number given of a series, and the lowest one leased."""
        series = tables.number_series
        query = select(series.c.last, series.c.leased_from).where(
            series.c.office == self._office, series.c.day == day, series.c.prefix == prefix
        )
        row = self._connection.execute(query).one_or_none()
        return (row.last, row.leased_from) if row else (0, None)

    def numbers_given(self, day: date, numbers: list[str]) -> set[str]:
        """Which of these numbers some visit of the day has."""
        visit = tables.visit
        query = select(visit.c.number).where(
            visit.c.office == self._office, visit.c.day == day, visit.c.number.in_(numbers)
        )
        return set(self._connection.execute(query).scalars())

    def terminal(self, terminal: str) -> Terminal | None:
        """How a terminal stood when it last told."""
        row = self._connection.execute(select(tables.terminal).where(*self._key(terminal))).one_or_none()
        return Terminal(**row._mapping) if row else None

    def all(self) -> list[Terminal]:
        """All terminals of the office."""
        return terminals(self._connection, self._office)

    def save_terminal(self, row: Terminal) -> None:
        """Store how a terminal stands."""
        changed = update(tables.terminal).where(*self._key(row.id)).values(**vars(row))
        if self._connection.execute(changed).rowcount == 0:
            self._connection.execute(insert(tables.terminal), vars(row))

    def device(self, device: str) -> Device | None:
        """How a display program or a bridge stood when it last told."""
        table = tables.device
        query = select(table).where(table.c.office == self._office, table.c.id == device)
        row = self._connection.execute(query).one_or_none()
        return Device(**row._mapping) if row else None

    def save_device(self, row: Device) -> None:
        """Store how a display program or a bridge stands."""
        table = tables.device
        key = (table.c.office == self._office, table.c.id == row.id)
        if self._connection.execute(update(table).where(*key).values(**vars(row))).rowcount == 0:
            self._connection.execute(insert(table), vars(row))

    def _key(self, terminal: str) -> tuple[ColumnElement[bool], ...]:
        return (tables.terminal.c.office == self._office, tables.terminal.c.id == terminal)

    def add_order(self, row: PrintOrder) -> None:
        """Store a print order."""
        self._connection.execute(insert(tables.print_order), vars(row))

    def order(self, order: str) -> PrintOrder | None:
        """A print order of this office."""
        table = tables.print_order
        query = select(table).where(table.c.id == order, table.c.office == self._office)
        row = self._connection.execute(query).one_or_none()
        return _order(row) if row else None

    def save_order(self, order: str, state: str) -> None:
        """Store what became of a print order."""
        table = tables.print_order
        self._connection.execute(update(table).where(table.c.id == order).values(state=state))


def _order(row: Row[Any]) -> PrintOrder:
    return PrintOrder(**row._mapping)
