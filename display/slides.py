"""What is wrong with the folder of slides, with the cure."""

from __future__ import annotations

import os
from pathlib import Path

from server.sdk.messages import BoardView
from server.sdk.slide_files import type_of


def fault_of(folder: Path | None, board: BoardView | None) -> str | None:
    """Why slides of the board cannot be shown, with the cure; None when all can."""
    files = sorted({slide.file for slide in board.slides if slide.file}) if board else []
    if folder is None:
        if not files:
            return None
        return "the board has slides with files, and [display] slides_folder is not set"
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        return f"{folder} cannot be read: correct [display] slides_folder or the folder's owner"
    if missing := [name for name in files if type_of(name) is None or not (folder / name).is_file()]:
        return f"not in {folder}: {', '.join(missing)}: copy the files there"
    return None
