"""The last known state of the office, in memory and on disk: a restarted kiosk knows its services at once."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from pathlib import Path

from server.sdk.messages import OfficeInfo

log = logging.getLogger(__name__)


class OfficeSnapshot:
    """Keeps the newest ``OfficeInfo`` of one office; safe to use from several threads.

    The state before the newest stays on disk too: a damaged file is set aside as ``*.damaged`` and the
    older one is used. ``damaged`` tells staff of it.
    """

    def __init__(self, path: Path, office: str) -> None:
        self._path = path
        self._office = office
        self._lock = threading.Lock()
        self._saved: OfficeInfo | None = None
        self._older = path.with_suffix(".older")
        self.damaged = False
        self._now = self._read(path) or self._read(self._older)
        if not self.damaged:
            self._saved = self._now

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
                with unfinished.open("wb") as file:
                    file.write(office.model_dump_json().encode())
                    file.flush()
                    os.fsync(file.fileno())
                if self._path.exists():
                    os.replace(self._path, self._older)
                os.replace(unfinished, self._path)
                self._saved = office
            except OSError as error:
                log.error(
                    "the office's state cannot be kept in %s (%s): correct its owner or free the disk",
                    self._path,
                    error.strerror,
                )

    def _read(self, path: Path) -> OfficeInfo | None:
        try:
            office = OfficeInfo.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.error("the kept state %s cannot be read and is set aside as *.damaged: %s", path, error)
            self.damaged = True
            with suppress(OSError):
                os.replace(path, path.with_suffix(path.suffix + ".damaged"))
            return None
        return office if office.code == self._office else None
