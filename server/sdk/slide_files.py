"""Which files of a folder boards may show as slides: bare names of pictures and films, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

TYPES = {
    "image": {
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".png": "image/png",
        ".webp": "image/webp",
        ".svg": "image/svg+xml",
    },
    "video": {".mp4": "video/mp4", ".webm": "video/webm"},
}
"""By kind of slide: the type the browser is told, by the ending of the file's name."""
NAME = r"^\w[\w. -]{0,99}$"
"""A bare name: it leads to no other folder."""


def type_of(name: str) -> str | None:
    """The MIME type of a slide's file; None for what is no bare name of a picture or film."""
    if not re.fullmatch(NAME, name):
        return None
    ending = Path(name).suffix.lower()
    return next((types[ending] for types in TYPES.values() if ending in types), None)
