"""What a generated year leaves in the tables: rows ready to be stored, times as text in UTC."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter, itemgetter
from typing import Any

from server.domain.events import row_hash
from server.domain.visit import BOOKED, TERMINAL, WALK_IN, State

DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK = [str(timedelta(seconds=second)).zfill(8) for second in range(86_400)]
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"

Row = tuple[Any, ...]
EventRow = tuple[int, str, str | None, str | None, str, str]
"""Moment, kind, visit, desk, actor, the payload's text: an event before it has its place in the log."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "event": ("office", "seq", "at", "kind", "visit", "desk", "actor", "payload", "hash"),
    "leg": (
        "visit", "leg", "service", "desk", "operator", "started_at", "finished_at", "served_ms", "result",
    ),
    "rating": (
        "press_id", "office", "desk", "visit", "score", "at", "source", "day", "taken_at", "judged",
        "service", "operator",
    ),
    "booking": (
        "id", "office", "link_hash", "code", "day", "service", "pool", "starts_at", "ends_at", "count",
        "state", "channel", "language", "made_at", "confirmed_at", "consent_version", "arrived_at", "visit",
        "codes_sent", "tries",
    ),
    "number_series": ("office", "day", "prefix", "last"),
}  # fmt: skip
"""The columns of the rows of each table; of ``visit`` they are ``VISIT_COLUMNS``, of sums ``SUM_COLUMNS``."""


@dataclass(slots=True)
class YearVisit:
    """A visit under way, moments in milliseconds since 1970: what a row of ``visit`` will say."""

    id: str
    day: str
    number: str
    service: str
    first_service: str
    code: str
    language: str
    category: str | None
    issued_at: int
    joined_at: int
    booked_for: int | None = None
    state: str = State.WAITING
    ticketless: bool = False
    called_at: int | None = None
    call_count: int = 0
    call_id: str | None = None
    started_at: int | None = None
    finished_at: int | None = None
    desk: str | None = None
    operator: str | None = None
    incomplete: bool = False
    held_at: int | None = None
    held_until: int | None = None
    held_reason: str | None = None
    raised: str | None = None
    overtaken: int = 0
    leg: int = 1
    leg_started_at: int | None = None
    requeued_at: int | None = None
    served_ms: int = 0
    repeated_ms: int = 0
    absent_ms: int = 0
    held_ms: int = 0
    channel: str = TERMINAL
    limit_seconds: int | None = None
    first_called_at: int | None = None
    way_ms: int = 0
    # Not of the table: what this visitor will do.
    fate: str = ""
    leaves_at: int = 0

    @property
    def kind(self) -> str:
        """Walk-in or booked, as figures tell them apart."""
        return WALK_IN if self.booked_for is None else BOOKED


_VISIT = tuple(name for one in fields(YearVisit) if (name := one.name) not in ("fate", "leaves_at"))
_VISIT_TIMES = [place for place, name in enumerate(_VISIT) if name.endswith(("_at", "_for", "_until"))]
_visit_values: Callable[[YearVisit], Row] = attrgetter(*_VISIT)
_AT: Callable[[EventRow], int] = itemgetter(0)
VISIT_COLUMNS = ("office", *_VISIT)


class Moments:
    """Moments as text: in rows and in the log. A year's days are written once."""

    def __init__(self) -> None:
        self._days: dict[int, str] = {}

    def stored(self, at: int) -> str:
        """``2026-03-01 05:00:00.000000``: how a row holds a moment."""
        day, rest = divmod(at, DAY_MS)
        second, thousandth = divmod(rest, 1000)
        return f"{self._day(day)} {_CLOCK[second]}.{thousandth:03}000"

    def logged(self, at: int) -> str:
        """``2026-03-01T05:00:00.000Z``: how the log writes a moment."""
        day, rest = divmod(at, DAY_MS)
        second, thousandth = divmod(rest, 1000)
        return f"{self._day(day)}T{_CLOCK[second]}.{thousandth:03}Z"

    def _day(self, number: int) -> str:
        known = self._days.get(number)
        if known is None:
            known = self._days[number] = (_EPOCH + timedelta(days=number)).date().isoformat()
        return known


class Names:
    """Identifiers from a seeded chance, in the forms of ``domain.ids``, quickly."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def uuid7(self, at: int) -> str:
        """A UUID version 7 of this moment."""
        noise = self._chance.getrandbits(74)
        time, low = f"{at:012x}", noise & (1 << 62) - 1
        text = f"{1 << 63 | low:016x}"
        return f"{time[:8]}-{time[8:]}-7{noise >> 62:03x}-{text[:4]}-{text[4:]}"

    def code(self) -> str:
        """The code of a ticket."""
        return "".join(self._chance.choices(_LETTERS, k=20))


def milliseconds(at: datetime) -> int:
    """An instant as milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


@dataclass
class YearRows:
    """The rows of one office's year by table; events get their place in the log at the end."""

    office: str
    moments: Moments = field(default_factory=Moments)
    events: list[EventRow] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, row: Row) -> None:
        """A row of any table."""
        self.tables.setdefault(table, []).append(row)

    def add_visit(self, visit: YearVisit) -> None:
        """The row of a visit that is over."""
        values = [self.office, *_visit_values(visit)]
        stored = self.moments.stored
        for place in _VISIT_TIMES:
            if (at := values[place + 1]) is not None:
                values[place + 1] = stored(at)
        self.add("visit", tuple(values))

    def chain(self, last_seq: int, last_hash: str, before: int | None = None) -> tuple[int, str]:
        """Put the events ``before`` a moment, or all, into the log in their order; its new head."""
        office, stored, logged = self.office, self.moments.stored, self.moments.logged
        rows = self.tables.setdefault("event", [])
        self.events.sort(key=_AT)
        end = len(self.events) if before is None else bisect_left(self.events, before, key=_AT)
        for at, kind, visit, desk, actor, payload in self.events[:end]:
            last_seq += 1
            last_hash = row_hash(last_hash, office, last_seq, logged(at), kind, visit, desk, actor, payload)
            rows.append((office, last_seq, stored(at), kind, visit, desk, actor, payload, last_hash))
        del self.events[:end]
        return last_seq, last_hash
