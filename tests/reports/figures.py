"""A year of figures to report: offices of the tests, sums by month, entries written as people write them."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.domain.entries import Entry, read_row
from server.domain.figures import Sums
from server.reports.document import Cell, Document, Table
from server.reports.inputs import Inputs
from tests.builders import an_office

TODAY = date(2026, 3, 2)
OFFICES = ("north", "south")


def an_entry(form: str, **values: Any) -> Entry:
    """A right row of a form."""
    written = {name: str(value) for name, value in values.items()}
    entry, faults = read_row(form, 1, written, OFFICES, TODAY)
    assert entry is not None, faults
    return entry


def appeals(month: str = "2025-03", **changes: Any) -> Entry:
    """Appeals of a month: ten complaints by post about service in the north office."""
    values = {
        "month": month, "office": "north", "kind": "complaint", "channel": "post", "topic": "service",
        "received": 10, "in_time": 7, "late": 2, "open": 1, "extended": 1, "repeated": 1,
    }  # fmt: skip
    return an_entry("appeals", **{**values, **changes})


def calls(month: str = "2025-03", **changes: Any) -> Entry:
    """Calls of a month at the company's numbers."""
    values = {
        "month": month, "office": "", "calls": 100, "answered": 80, "automatic": 15,
        "wait_seconds": 2400, "handling_seconds": 14_400,
    }  # fmt: skip
    return an_entry("calls", **{**values, **changes})


def a_year(sums: dict[tuple[str, int], Sums] | None = None, *entries: Entry) -> Inputs:
    """2025 of the company of the tests."""
    return Inputs(2025, [an_office(code) for code in OFFICES], sums or {}, entries)


def table(document: Document, key: str) -> Table:
    """A table of a report by its key."""
    return next(found for found in (*document.tables, *document.counts) if found.key == key)


def cell(document: Document, key: str, row: str, column: str) -> Cell:
    """One cell by table, row and column."""
    found = table(document, key)
    place = [one.key for one in found.columns].index(column)
    return next(one for one in found.rows if one.key == row).cells[place]
