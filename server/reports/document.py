"""A report as plain data: tables of cells, and the sheet that says how its figures were made.

Pages and files are drawn from it, its canonical JSON is what a publication's hash is of, and two of them
are compared cell by cell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

NO_DATA = "нет данных"
"""What stands where nothing was counted; never 0 (domain §7)."""

Cell = str | int | float | None
"""A text, a whole number, a number with one decimal; ``None`` is «нет данных»."""


@dataclass(frozen=True)
class Column:
    """One column: its key, its title and the titles above it, the outermost first.

    ``kind``: ``text``, ``count`` (whole), ``decimal`` (one decimal). ``width`` is its share of the page.
    """

    key: str
    title: str
    kind: Literal["text", "count", "decimal"] = "text"
    above: tuple[str, ...] = ()
    width: int = 10


@dataclass(frozen=True)
class Row:
    """One row: its key within the table and a cell per column. ``strong``: a total or a heading."""

    key: str
    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its key, its name in a few words, its title and, below it, remarks on what it lacks."""

    key: str
    short: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A report: ``form`` and ``period`` name it, ``methodology`` and ``counts`` are its last sheet."""

    form: str
    period: str
    title: str
    company: str
    tables: tuple[Table, ...]
    methodology: tuple[str, ...]
    counts: tuple[Table, ...]


@dataclass(frozen=True)
class Imprint:
    """Which version of a report this is: ``version`` 0 is a draft, which nobody answers for."""

    version: int = 0
    at: str = ""
    author: str = ""
    sha256: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Difference:
    """One cell that two versions show differently; empty where a version has no such cell."""

    table: str
    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class HeadCell:
    """One title in a table's head: where it stands and how many columns and lines it covers."""

    title: str
    line: int
    column: int
    columns: int
    lines: int


def canonical(document: Document) -> str:
    """The one way a report is written as JSON: sorted keys, no spaces, letters as they are."""
    return json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(document: Document) -> str:
    """SHA-256 (hex) of the canonical JSON in UTF-8."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def from_json(value: dict[str, Any]) -> Document:
    """The report written in its JSON."""
    return Document(
        **{
            **{name: value[name] for name in ("form", "period", "title", "company")},
            "tables": tuple(_table(table) for table in value["tables"]),
            "methodology": tuple(value["methodology"]),
            "counts": tuple(_table(table) for table in value["counts"]),
        }
    )


def shown(cell: Cell, kind: str = "text") -> str:
    """A cell in Russian writing: ``1 234``, ``28,7``, «нет данных»."""
    if cell is None:
        return NO_DATA
    if isinstance(cell, str):
        return cell
    grouped = f"{cell:,.1f}" if kind == "decimal" else f"{cell:,}"
    return grouped.replace(",", "\u00a0").replace(".", ",").replace("-", "−")


def head(columns: Sequence[Column]) -> tuple[int, list[HeadCell]]:
    """The head of a table: how many lines it has, and its titles; equal neighbours above are one."""
    paths = [(*column.above, column.title) for column in columns]
    lines = max(len(path) for path in paths)
    cells = []
    for line in range(lines):
        start = 0
        while start < len(paths):
            path, end = paths[start], start + 1
            if line < len(path) - 1:
                while end < len(paths) and _same_above(paths[end], path, line):
                    end += 1
            if line < len(path):
                last = line == len(path) - 1
                cells.append(HeadCell(path[line], line, start, end - start, lines - line if last else 1))
            start = end
    return lines, cells


def differences(before: Document, after: Document) -> list[Difference]:
    """Every cell that differs, table by table; texts of the methodology count as cells of their own."""
    old = {table.key: table for table in (*before.tables, *before.counts)}
    new = {table.key: table for table in (*after.tables, *after.counts)}
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        found += list(_table_differences(old.get(key), new.get(key)))
    if before.methodology != after.methodology:
        found.append(
            Difference("Методика", "", "", "\n".join(before.methodology), "\n".join(after.methodology))
        )
    for name, one, other in (
        ("title", before.title, after.title),
        ("company", before.company, after.company),
    ):
        if one != other:
            found.append(Difference(name, "", "", one, other))
    return found


def _table_differences(before: Table | None, after: Table | None) -> Iterator[Difference]:
    table = after or before
    assert table is not None
    old, new = _cells(before), _cells(after)
    for key in [*new, *(key for key in old if key not in new)]:
        one, other = old.get(key), new.get(key)
        if one != other:
            names = (other or one or ("", "", ""))[:2]
            yield Difference(table.title, *names, one[2] if one else "", other[2] if other else "")
    notes = ["\n".join(part.notes) if part else "" for part in (before, after)]
    if notes[0] != notes[1]:
        yield Difference(table.title, "", "", *notes)


def _cells(table: Table | None) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Row name, column name and shown value by row and column key."""
    if table is None:
        return {}
    found = {}
    for row in table.rows:
        # A number alone names no row, and a place has a row for each way of service.
        further = len(row.cells) > 1 and {table.columns[0].key, table.columns[1].key} & {"number", "way"}
        name = " ".join(str(cell) for cell in row.cells[: 2 if further else 1] if cell is not None)
        for column, cell in zip(table.columns, row.cells, strict=True):
            title = " / ".join((*column.above, column.title))
            found[row.key, column.key] = (name, title, shown(cell, column.kind))
    return found


def _same_above(path: tuple[str, ...], other: tuple[str, ...], line: int) -> bool:
    return line < len(path) - 1 and path[: line + 1] == other[: line + 1]


def _table(value: dict[str, Any]) -> Table:
    return Table(
        value["key"],
        value["short"],
        value["title"],
        tuple(Column(**{**column, "above": tuple(column["above"])}) for column in value["columns"]),
        tuple(Row(row["key"], tuple(row["cells"]), row["strong"]) for row in value["rows"]),
        tuple(value["notes"]),
    )
