"""Draws a report's file in a process of its own, so that the server goes on answering meanwhile.

``python -m server.reports.render`` reads ``{"format", "document", "imprint"}`` as JSON from its standard
input and writes the file to its standard output. Exit code 3: the font is missing, stderr says what to do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from server.reports.document import Document, Imprint, from_json

FORMATS = ("xlsx", "pdf", "csv")
_SECONDS = 120
_NICENESS = 10
"""So that a child that draws leaves the processor to the server, which is asked by people who wait."""
_NO_FONT = 3


class CannotRender(Exception):
    """The file could not be drawn; the text says why."""


def rendered(document: Document, imprint: Imprint, wanted: str) -> bytes:
    """The file in one of ``FORMATS``, drawn by a child process; raises ``CannotRender``."""
    asked = {"format": wanted, "document": asdict(document), "imprint": asdict(imprint)}
    try:
        child = subprocess.run(
            [sys.executable, "-m", "server.reports.render"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRender(str(error)) from error
    if child.returncode != 0:
        said = child.stderr.decode(errors="replace").strip().splitlines()
        raise CannotRender(said[-1] if said else f"exit code {child.returncode}")
    return child.stdout


def _draw(asked: dict[str, Any]) -> bytes:
    document, imprint = from_json(asked["document"]), Imprint(**asked["imprint"])
    if asked["format"] == "csv":
        from server.reports.csv_file import csv_bytes

        return csv_bytes(document, imprint)
    if asked["format"] == "xlsx":
        from server.reports.workbook import xlsx_bytes

        return xlsx_bytes(document, imprint)
    from server.reports.pdf import NoFont, pdf_bytes

    try:
        return pdf_bytes(document, imprint)
    except NoFont as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(_NO_FONT) from error


if __name__ == "__main__":
    os.nice(_NICENESS)
    sys.stdout.buffer.write(_draw(json.loads(sys.stdin.buffer.read())))
