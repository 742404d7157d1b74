"""A report as CSV: all its tables one under another, as a Russian spreadsheet opens them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.reports import methodology
from server.reports.csv_table import csv_text
from server.reports.document import NO_DATA, Document, Imprint, Table
from server.reports.imprint import lines


def csv_bytes(document: Document, imprint: Imprint) -> bytes:
    """Every table under its title, the methodology last."""
    rows: list[Sequence[object]] = [[line] for line in (document.company, document.title, *lines(imprint))]
    for table in document.tables:
        rows += _rows(table)
    if document.methodology:
        rows += [[], [methodology.TITLE], *([paragraph] for paragraph in document.methodology)]
    for table in document.counts:
        rows += _rows(table)
    return csv_text(rows).encode()


def _rows(table: Table) -> Iterator[Sequence[object]]:
    yield []
    yield [table.title]
    yield [" / ".join((*column.above, column.title)) for column in table.columns]
    for row in table.rows:
        yield [NO_DATA if cell is None else cell for cell in row.cells]
    yield from ([note] for note in table.notes)
