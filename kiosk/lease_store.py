"""The numbers this terminal may give while the server is out of reach, kept on disk over a restart."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from server.sdk.terminal_messages import NumberLease

log = logging.getLogger(__name__)


class KeptLease(BaseModel):
    """A lease, when it was taken by the server's clock, and what the clocks differed then.

    ``journal`` names the journal that knows which of the numbers were given: with another journal, or none,
    the lease is worth nothing.
    """

    lease: NumberLease
    taken_at: datetime
    ahead_ms: int | None
    journal: str


class LeaseStore:
    """The newest lease. A file that cannot be read is set aside: ``damaged`` tells staff of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.damaged = False
        self.kept: KeptLease | None = self._read()

    def keep(self, kept: KeptLease) -> None:
        """Adopt and write to disk. A disk that takes nothing costs the lease only at the next restart."""
        self.kept = kept
        self.damaged = False
        unfinished = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                file.write(kept.model_dump_json().encode())
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._path)
        except OSError as error:
            log.error("%s takes no writing (%s): make room on the disk", self._path, error.strerror)

    def drop(self) -> None:
        """Forget the lease: which of its numbers were given is not known."""
        self.kept = None
        self._path.unlink(missing_ok=True)

    def _read(self) -> KeptLease | None:
        try:
            return KeptLease.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self.damaged = True
            log.error("the kept numbers %s cannot be read and are asked for anew: %s", self._path, error)
            return None
