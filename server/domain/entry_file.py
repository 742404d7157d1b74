"""Reads a CSV file of entries: encodings, separators, columns; every fault by its line, or all entries."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from server.domain.entries import FORMS, Entry, Fault, doubles, read_row

MOST_ROWS = 20_000
_GUARDED = re.compile(r"^'\s*[=+\-@|%]")
"""A text with an apostrophe before what a spreadsheet would compute: so our own files write it."""


@dataclass(frozen=True)
class ReadFile:
    """What a file holds: all its entries with their lines, or the faults that forbid taking any."""

    entries: tuple[tuple[int, Entry], ...] = ()
    faults: tuple[Fault, ...] = ()


def read_file(form: str, content: bytes, offices: Collection[str], today: date) -> ReadFile:
    """Read the file of a form. Columns are known by their Russian titles or their codes, in any order."""
    text = _text(content)
    if text is None:
        return ReadFile(faults=(Fault(1, None, "not_text"),))
    try:
        rows = _rows(form, text)
    except csv.Error:
        return ReadFile(faults=(Fault(1, None, "not_csv"),))
    if not rows:
        return ReadFile(faults=(Fault(1, None, "empty"),))
    head_line, head = rows[0]
    columns, faults = _columns(form, head_line, head)
    if faults:
        return ReadFile(faults=tuple(faults))
    if len(rows) == 1:
        return ReadFile(faults=(Fault(head_line, None, "empty"),))
    if len(rows) > MOST_ROWS + 1:
        return ReadFile(faults=(Fault(head_line, None, "too_many_rows", {"most": MOST_ROWS}),))
    entries = []
    for line, cells in rows[1:]:
        if len(cells) != len(columns):
            faults.append(Fault(line, None, "cells", {"count": len(cells), "wanted": len(columns)}))
            continue
        written = {code: _unguarded(cell) for code, cell in zip(columns, cells, strict=True)}
        entry, wrong = read_row(form, line, written, offices, today)
        faults += wrong
        if entry is not None:
            entries.append((line, entry))
    faults += doubles(entries)
    if faults:
        return ReadFile(faults=tuple(sorted(faults, key=lambda fault: fault.line)))
    return ReadFile(tuple(entries))


def _unguarded(cell: str) -> str:
    text = cell.strip()
    return text[1:] if _GUARDED.match(text) else text


def _text(content: bytes) -> str | None:
    """The text: UTF-8 with or without a mark, UTF-16 with one, else CP1251; ``None``: it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content or content.startswith(b"PK\x03\x04"):
        return None
    else:
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _rows(form: str, text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, with their lines; separated by what makes most columns known."""
    known = _titles(form)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=lambda sign: sum(_plain(cell) in known for cell in _split(first, sign)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    before = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((before + 1, cells))
        before = reader.line_num
    return rows


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _columns(form: str, line: int, head: list[str]) -> tuple[list[str], list[Fault]]:
    known = _titles(form)
    columns: list[str] = []
    faults: list[Fault] = []
    for cell in head:
        code = known.get(_plain(cell))
        if code is None:
            faults.append(Fault(line, None, "unknown_column", {"column": cell.strip()}))
        elif code in columns:
            faults.append(Fault(line, None, "column_twice", {"column": cell.strip()}))
        columns.append(code or "")
    faults += [
        Fault(line, None, "column_missing", {"column": part.title})
        for part in FORMS[form]
        if part.code not in columns
    ]
    return columns, faults


def _titles(form: str) -> Mapping[str, str]:
    titles = {_plain(part.title): part.code for part in FORMS[form]}
    return titles | {part.code: part.code for part in FORMS[form]}


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold().replace("ё", "е")
