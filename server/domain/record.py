"""Records: frozen dataclasses that are made by the million, a visit and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    # To mypy they are what they say: it refuses to set a field once more.
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool) -> Any:
        """``dataclass(frozen=True)`` as far as mypy can see; the running program does not look again.

        To look at each field of each object takes three quarters of the time it takes to make it, and a
        year of a large company is derived from fifteen million events.
        """
        assert frozen, "a record's fields are never set again"
        return dataclass(unsafe_hash=True)
