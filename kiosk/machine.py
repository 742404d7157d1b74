"""What this terminal calls itself beside its token: made once, kept with its state."""

from __future__ import annotations

import logging
import re
import secrets
from pathlib import Path

log = logging.getLogger(__name__)

_NAME = re.compile(r"^[a-z0-9]{12}$")


def machine_name(path: Path) -> str:
    """The name kept at ``path``, made at the first start.

    Two terminals with one token would else be one to the server and lease the same numbers. A disk that
    takes no writing gives a new name at each start: the numbers leased under the old one are lost, no more.
    """
    try:
        known = path.read_text("ascii").strip()
    except (OSError, ValueError):
        known = ""
    if _NAME.match(known):
        return known
    made = secrets.token_hex(6)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{made}\n", "ascii")
    except OSError as error:
        log.error("the terminal's name cannot be kept in %s (%s): free the disk", path, error.strerror)
    return made
