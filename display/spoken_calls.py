"""Remembers which calls were said, also over restarts of the program, so that none is said twice."""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime, timedelta
from pathlib import Path

log = logging.getLogger(__name__)

KEPT = timedelta(hours=1)
"""Far beyond the age at which a call is no longer said."""
KEPT_COUNT = 500


class SpokenCalls:
    """Ids of said calls with the moment by the server's clock, in one small file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spoken = _read(path)

    def __contains__(self, call: str) -> bool:
        return call in self._spoken

    def add(self, call: str, now: datetime) -> None:
        """It is being said."""
        recent = [(id_, at) for id_, at in self._spoken.items() if now - at < KEPT]
        self._spoken = dict([*recent[-KEPT_COUNT:], (call, now)])
        self._write()

    def remove(self, call: str) -> None:
        """Nothing of it was heard after all."""
        self._spoken.pop(call, None)
        self._write()

    def _write(self) -> None:
        fresh = self._path.with_suffix(".part")
        try:
            fresh.write_text(json.dumps({id_: at.isoformat() for id_, at in self._spoken.items()}), "utf-8")
            os.replace(fresh, self._path)
        except OSError as error:
            log.warning("said calls are not remembered over a restart, %s: %s", self._path, error)


def _read(path: Path) -> dict[str, datetime]:
    try:
        kept = json.loads(path.read_text("utf-8"))
        return {str(id_): datetime.fromisoformat(at) for id_, at in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        log.warning("what was said before cannot be read from %s: %s", path, error)
        return {}
