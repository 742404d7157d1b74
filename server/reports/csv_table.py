"""A table as CSV for spreadsheets: no cell of it is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A cell that begins with one of these is calculated or run by some spreadsheet."""


def csv_text(rows: Iterable[Sequence[object]], decimal: str = ",") -> str:
    """The rows with semicolons and a byte order mark, as spreadsheets of Russian offices open them.

    Numbers stay numbers, with ``decimal`` as their point; an empty cell is ``None``. A text that a
    spreadsheet would take for a formula gets an apostrophe before it.
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value, decimal) for value in row])
    return "\ufeff" + target.getvalue()


def _cell(value: object, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value).replace(".", decimal)
    text = str(value)
    # Blanks before the sign do not stop a spreadsheet from calculating.
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text[:1] in _FORMULA else text
