"""A report as an XLSX workbook: a sheet per table, the methodology last."""

from __future__ import annotations

import io
import re
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from server.reports import methodology
from server.reports.document import NO_DATA, Cell, Column, Document, Imprint, Table, head
from server.reports.imprint import lines

_PAGE_WIDTH = 150
"""Characters over all columns of a sheet."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def xlsx_bytes(document: Document, imprint: Imprint) -> bytes:
    """The workbook. Every text is written as a text: a spreadsheet computes none of them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        book.set_properties({"title": document.title, "company": document.company})
        formats = _Formats(book)
        opening = [document.company, document.title, *lines(imprint)]
        for table in document.tables:
            sheet = book.add_worksheet(_FORBIDDEN.sub(" ", table.short)[:31])
            first = _texts(sheet, formats, 0, opening)
            _table(sheet, formats, first + 1, table, freeze=True)
        if document.methodology or document.counts:
            _methodology(book, formats, document, opening)
    return target.getvalue()


def _methodology(
    book: xlsxwriter.Workbook, formats: _Formats, document: Document, opening: list[str]
) -> None:
    sheet = book.add_worksheet(methodology.TITLE)
    line = _texts(sheet, formats, 0, [*opening, methodology.TITLE])
    widest = max((len(table.columns) for table in document.counts), default=8)
    for paragraph in document.methodology:
        sheet.merge_range(line, 0, line, widest - 1, "", formats.paragraph)
        sheet.write_string(line, 0, paragraph, formats.paragraph)
        sheet.set_row(line, 15 * (len(paragraph) // 130 + 1))
        line += 1
    for table in document.counts:
        line = _table(sheet, formats, line + 1, table, freeze=False)
    if not document.counts:
        sheet.set_column(0, widest - 1, _PAGE_WIDTH / widest)


class _Formats:
    """The looks of cells in one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._known: dict[tuple[str, bool], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 12})
        self.plain = book.add_format({})
        self.paragraph = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format(
            {
                "bold": True,
                "border": 1,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "bg_color": "#EEF2F5",
            }
        )
        self.note = book.add_format({"italic": True})

    def cell(self, kind: str, strong: bool) -> Any:
        """How a cell of this kind looks: ``text``, ``count``, ``decimal`` or ``nothing``."""
        if (kind, strong) not in self._known:
            look: dict[str, object] = {"border": 1, "bold": strong, "valign": "top"}
            if kind == "text":
                look["text_wrap"] = True
            elif kind == "nothing":
                look |= {"italic": True, "font_color": "#4A5B68", "text_wrap": True}
            else:
                look["num_format"] = "#,##0" if kind == "count" else "#,##0.0"
            self._known[kind, strong] = self._book.add_format(look)
        return self._known[kind, strong]


def _texts(sheet: Any, formats: _Formats, line: int, texts: list[str]) -> int:
    for number, text in enumerate(texts):
        sheet.write_string(line + number, 0, text, formats.title if number < 2 else formats.plain)
    return line + len(texts)


def _table(sheet: Any, formats: _Formats, line: int, table: Table, freeze: bool) -> int:
    """Write a table from ``line`` on; returns the line after it."""
    sheet.write_string(line, 0, table.title, formats.title)
    line += 1
    depth, titles = head(table.columns)
    for title in titles:
        top, left = line + title.line, title.column
        bottom, right = top + title.lines - 1, left + title.columns - 1
        if (top, left) == (bottom, right):
            sheet.write_string(top, left, title.title, formats.head)
        else:
            sheet.merge_range(top, left, bottom, right, "", formats.head)
            sheet.write_string(top, left, title.title, formats.head)
    _set_widths(sheet, table.columns)
    sheet.set_row(line + depth - 1, 75 if depth == 1 else 45)
    first = line + depth
    if freeze:
        sheet.freeze_panes(first, 0)
        sheet.repeat_rows(line, first - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    for number, row in enumerate(table.rows):
        for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            _cell(sheet, formats, first + number, place, cell, column, row.strong)
    after = first + len(table.rows)
    for note in table.notes:
        sheet.write_string(after, 0, note, formats.note)
        after += 1
    return after


def _cell(
    sheet: Any, formats: _Formats, line: int, place: int, cell: Cell, column: Column, strong: bool
) -> None:
    if cell is None:
        sheet.write_string(line, place, NO_DATA, formats.cell("nothing", strong))
    elif isinstance(cell, str):
        sheet.write_string(line, place, cell, formats.cell("text", strong))
    else:
        kind = "decimal" if column.kind == "decimal" else "count"
        sheet.write_number(line, place, cell, formats.cell(kind, strong))


def _set_widths(sheet: Any, columns: tuple[Column, ...]) -> None:
    whole = sum(column.width for column in columns)
    room = max(_PAGE_WIDTH, 11 * len(columns))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, max(5.0, room * column.width / whole))
