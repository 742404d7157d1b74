"""A report as PDF: A4 across, every table with its head on each page, the methodology on its own pages."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    LongTable,
    PageBreak,
    PageTemplate,
    Paragraph,
)

from server.reports import methodology
from server.reports.document import Cell, Column, Document, Imprint, Row, Table, head, shown
from server.reports.imprint import lines

FONT_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/TTF",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
)
"""Where systems keep DejaVu Sans, which has all Russian and Kazakh letters."""
FONT_FILES = {"Plain": "DejaVuSans.ttf", "Bold": "DejaVuSans-Bold.ttf"}
NO_FONT = "DejaVu Sans is not installed: apt-get install fonts-dejavu-core"

_MARGIN = 12 * mm
_WIDTH, _HEIGHT = landscape(A4)
_INK = colors.HexColor("#10212E")
_QUIET = colors.HexColor("#4A5B68")
_GROUND = colors.HexColor("#EEF2F5")
_LINE = colors.HexColor("#9AA8B2")


class NoFont(Exception):
    """The font is not on this machine; the text says what to install."""


def pdf_bytes(document: Document, imprint: Imprint) -> bytes:
    """The PDF; raises ``NoFont``."""
    _fonts()
    target = io.BytesIO()
    template = BaseDocTemplate(
        target,
        pagesize=(_WIDTH, _HEIGHT),
        title=document.title,
        author=document.company,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
    )
    frame = Frame(_MARGIN, 16 * mm, _WIDTH - 2 * _MARGIN, _HEIGHT - 28 * mm, 0, 0, 0, 0)
    template.addPageTemplates([PageTemplate("page", [frame])])
    parts: list[Flowable] = [
        Paragraph(escape(document.company), _style(9, color=_QUIET)),
        Paragraph(escape(document.title), _style(15, bold=True, after=3)),
        *(Paragraph(escape(line), _style(7.5, color=_QUIET)) for line in lines(imprint)),
    ]
    for number, table in enumerate(document.tables):
        if number:
            parts.append(CondPageBreak(50 * mm))
        parts += _table(table)
    parts += [PageBreak(), Paragraph(methodology.TITLE, _style(13, bold=True, after=4))]
    parts += [Paragraph(escape(text), _style(9, after=4)) for text in document.methodology]
    for table in document.counts:
        parts += [CondPageBreak(50 * mm), *_table(table)]
    footer = f"{document.title}. {'. '.join(lines(imprint))}"
    template.build(parts, canvasmaker=lambda *given, **named: _Numbered(footer, *given, **named))
    return target.getvalue()


class _Numbered(Canvas):
    """Pages with a foot line that tells the number of all pages, known only at the end."""

    def __init__(self, footer: str, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self._footer = footer
        self._pages: list[dict[str, object]] = []

    def showPage(self) -> None:
        """Keep the page until all are drawn."""
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        """Put the foot line on every page."""
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.setFont("Plain", 6.5)
            self.setFillColor(_QUIET)
            self.drawString(_MARGIN, 9 * mm, self._footer)
            self.drawRightString(_WIDTH - _MARGIN, 9 * mm, f"{number} / {len(self._pages)}")
            super().showPage()
        super().save()


def _table(table: Table) -> list[Flowable]:
    size = 6.0 if len(table.columns) > 10 else 7.5
    depth, titles = head(table.columns)
    looks: list[Any] = [
        ("FONT", (0, 0), (-1, -1), "Plain", size),
        ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
        ("GRID", (0, 0), (-1, -1), 0.4, _LINE),
        ("BACKGROUND", (0, 0), (-1, depth - 1), _GROUND),
        ("VALIGN", (0, 0), (-1, depth - 1), "MIDDLE"),
        ("VALIGN", (0, depth), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    rows: list[list[object]] = [[""] * len(table.columns) for _ in range(depth)]
    for part in titles:
        end = (part.column + part.columns - 1, part.line + part.lines - 1)
        looks.append(("SPAN", (part.column, part.line), end))
        style = _style(size, bold=True, centred=True)
        rows[part.line][part.column] = Paragraph(escape(part.title), style)
    for number, row in enumerate(table.rows, start=depth):
        rows.append(_row(row, table.columns, size))
        if row.strong:
            looks.append(("FONT", (0, number), (-1, number), "Bold", size))
    for place, column in enumerate(table.columns):
        if column.kind != "text":
            looks.append(("ALIGN", (place, depth), (place, -1), "RIGHT"))
    whole = sum(column.width for column in table.columns)
    drawn = LongTable(
        rows,
        colWidths=[(_WIDTH - 2 * _MARGIN) * column.width / whole for column in table.columns],
        repeatRows=depth,
        style=looks,
        splitInRow=1,
    )
    notes = [Paragraph(escape(note), _style(7, color=_QUIET)) for note in table.notes]
    title = Paragraph(escape(table.title), _style(10, bold=True, before=8, after=3))
    title.keepWithNext = True
    return [title, drawn, *notes]


def _row(row: Row, columns: tuple[Column, ...], size: float) -> list[object]:
    return [_cell(cell, column, size, row.strong) for cell, column in zip(row.cells, columns, strict=True)]


def _cell(cell: Cell, column: Column, size: float, strong: bool) -> object:
    """Numbers as they are; texts as paragraphs that wrap."""
    text = shown(cell, column.kind)
    if cell is None:
        return Paragraph(text, _style(size, color=_QUIET, centred=column.kind != "text"))
    if isinstance(cell, str) and len(text) > 1:
        return Paragraph(escape(text), _style(size, bold=strong))
    return text


@cache
def _style(
    size: float,
    bold: bool = False,
    color: colors.Color = _INK,
    before: float = 0,
    after: float = 0,
    centred: bool = False,
) -> ParagraphStyle:
    return ParagraphStyle(
        "cell",
        fontName="Bold" if bold else "Plain",
        fontSize=size,
        leading=size * 1.25,
        textColor=color,
        spaceBefore=before,
        spaceAfter=after,
        alignment=TA_CENTER if centred else TA_LEFT,
    )


@cache
def _fonts() -> None:
    for name, file in FONT_FILES.items():
        found = next(
            (path for folder in FONT_FOLDERS if (path := Path(folder).expanduser() / file).exists()), None
        )
        if found is None:
            raise NoFont(NO_FONT)
        try:
            pdfmetrics.registerFont(TTFont(name, str(found)))
        except TTFError as error:
            raise NoFont(f"{NO_FONT} ({found}: {error})") from error
