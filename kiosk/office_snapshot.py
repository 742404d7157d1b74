"""The last known state of the office, in memory and on disk: a restarted kiosk knows its services at once."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from server.sdk.messages import OfficeInfo

log = logging.getLogger(__name__)


class OfficeSnapshot:
    """Keeps the newest ``OfficeInfo`` of one office; safe to use from several threads."""

    def __init__(self, path: Path, office: str) -> None:
        self._path = path
        self._office = office
        self._lock = threading.Lock()
        self._saved: OfficeInfo | None = None
        self._now = self._saved = self._read()

    @property
    def office(self) -> OfficeInfo | None:
        """The office as last heard of; None before the first word of the server."""
        return self._now

    def take(self, news: OfficeInfo) -> bool:
        """Adopt a newer state; True when anything changed. Versions are compared by whoever hands it in."""
        with self._lock:
            changed = news != self._now
            self._now = news
            return changed

    def save(self) -> None:
        """Write the state to disk if it changed since; a fault is logged, the kiosk goes on without."""
        with self._lock:
            office = self._now
            if office is None or office == self._saved:
                return
            unfinished = self._path.with_suffix(".part")
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                unfinished.write_text(office.model_dump_json(), "utf-8")
                os.replace(unfinished, self._path)
                self._saved = office
            except OSError as error:
                log.error(
                    "the office's state cannot be kept in %s (%s): correct its owner or free the disk",
                    self._path,
                    error.strerror,
                )

    def _read(self) -> OfficeInfo | None:
        try:
            office = OfficeInfo.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("the kept state %s is left aside, it cannot be read: %s", self._path, error)
            return None
        return office if office.code == self._office else None
