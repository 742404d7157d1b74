"""Free times: cells of five minutes, how many places each has for whom, and where a booking fits.

A cell is the number of five-minute steps since 1970 in UTC. All is counted in cells, so that bookings made
under different hours, slot lengths or zones still meet where they overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.domain.booking_rules import PUBLIC, STAFF, BookingRules, Pool
from server.domain.opening_hours import Interval, Schedule, local_day

CELL_MINUTES = 5
_CELL_SECONDS = CELL_MINUTES * 60
LONGEST_DAY = 25 * 60 // CELL_MINUTES
"""Cells of a day on which clocks go back."""
NEAREST = 5
"""How many other times are offered when one is taken."""

Taken = Mapping[int, tuple[int, int]]
"""Live places by cell: those kept for the public and those kept for staff."""


class Slot(NamedTuple):
    """A time that can be booked: ``left`` bookings of this length still fit; ``load`` of the time around."""

    at: datetime
    left: int
    load: str


@dataclass(frozen=True)
class Day:
    """A day of the office: ``free``, ``full`` or ``closed``, with its free times in order."""

    day: date
    state: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Place:
    """A place of a pool in one cell and who has it; with ``expires_at`` only until then."""

    cell: int
    share: str
    number: int
    booking: str
    expires_at: datetime | None = None

    @property
    def key(self) -> tuple[int, str, int]:
        """What makes it one place: nobody else can have it."""
        return (self.cell, self.share, self.number)

    def is_live(self, now: datetime) -> bool:
        """Whether somebody has it: a hold only until it runs out."""
        return self.expires_at is None or self.expires_at > now


@dataclass(frozen=True)
class Piece:
    """An unbroken time in which a pool receives: cells from ``first`` up to ``last``, which is not in it."""

    first: int
    last: int


@dataclass(frozen=True)
class Grid:
    """One pool in one office: when it receives, and how many places each cell has for whom."""

    pool: Pool
    schedule: Schedule
    zone: ZoneInfo

    def hours(self, day: date) -> tuple[Interval, ...]:
        """When the pool receives on ``day``. Its own dates hold before all; a day the office sets apart
        (a holiday, a short day) also cuts the pool's weekly hours."""
        if day in self.pool.dates:
            return self.pool.dates[day]
        if not self.pool.hours and not self.pool.dates:
            return self.schedule.desk_hours(day)
        own = self.pool.hours.get(day.isoweekday(), ())
        if day not in self.schedule.exceptions:
            return own
        cut = [
            (max(start, other), min(end, until))
            for start, end in own
            for other, until in self.schedule.exceptions[day]
        ]
        return tuple(piece for piece in cut if piece[0] < piece[1])

    def pieces(self, day: date) -> list[Piece]:
        """The unbroken times of ``day``, in whole cells inside its hours."""
        found = []
        for start, end in self.hours(day):
            first = -(-_seconds(day, start, self.zone) // _CELL_SECONDS)
            last = _seconds(day, end, self.zone) // _CELL_SECONDS
            if first < last:
                found.append(Piece(first, last))
        return found

    def starts(self, piece: Piece, cells: int) -> range:
        """The cells at which a booking of so many cells may begin."""
        return range(piece.first, piece.last - cells + 1, self._slot)

    def capacities(self, piece: Piece) -> list[tuple[int, int]]:
        """Places of each cell of ``piece`` kept for the public, and for staff."""
        pattern, slot = self._pattern, self._slot
        return [pattern[cell // slot] for cell in range(piece.last - piece.first)]

    def capacity_of(self, first: int, cells: int) -> list[tuple[int, int]] | None:
        """Places of each cell of a booking that begins at ``first``; ``None`` where none may begin."""
        for piece in self.pieces(local_day(moment(first), self.zone)):
            if first in self.starts(piece, cells):
                return self.capacities(piece)[first - piece.first : first - piece.first + cells]
        return None

    def fits(self, first: int, cells: int) -> bool:
        """Whether a booking lies in the hours, wherever it begins."""
        pieces = self.pieces(local_day(moment(first), self.zone))
        return any(piece.first <= first and first + cells <= piece.last for piece in pieces)

    @property
    def _slot(self) -> int:
        return self.pool.slot_minutes // CELL_MINUTES

    @property
    def _run(self) -> int:
        return -(-self.pool.whole_run_minutes // self.pool.slot_minutes)

    @cached_property
    def _pattern(self) -> list[tuple[int, int]]:
        """Places of each slot since the begin of a piece, for the longest day there is."""
        slots = range(LONGEST_DAY // self._slot + 1)
        public = [self._open(self.pool.public, index, 0) for index in slots]
        staff = [self._open(self.pool.staff, index, self._run) for index in slots]
        return list(zip(public, staff, strict=True))

    def _open(self, places: Fraction, index: int, offset: int) -> int:
        """The whole places, and one more while the fraction of a place is open.

        It is open for the longest booking at a stretch, then shut so long that its share comes true;
        rounded so that walk-ins get their part.
        """
        whole, rest = divmod(places, 1)
        if rest:
            run = self._run
            period = -(-run * rest.denominator // rest.numerator)
            whole += (index - offset) % period < run
        return int(whole)


def cell_of(at: datetime) -> int | None:
    """The cell that begins at ``at``; ``None`` when none begins there."""
    whole, rest = divmod(at.timestamp(), _CELL_SECONDS)
    return None if rest else int(whole)


def moment(cell: int) -> datetime:
    """When a cell begins."""
    return datetime.fromtimestamp(cell * _CELL_SECONDS, UTC)


def cells_of(length: timedelta) -> int:
    """How many cells a booking of this length takes: the begun one counts whole."""
    return -(-int(length.total_seconds()) // _CELL_SECONDS)


def cells_of_days(days: Sequence[date], zone: ZoneInfo) -> tuple[int, int]:
    """The cells of these days in a row: from the first one up to the last one, which is not in them."""
    begin = _seconds(days[0], time(), zone) // _CELL_SECONDS
    return begin, -(-_seconds(days[-1] + timedelta(days=1), time(), zone) // _CELL_SECONDS)


def choose(
    there: Iterable[Place], cell: int, order: Iterable[str], limits: Mapping[str, int], now: datetime
) -> Place | None:
    """A place of ``cell`` nobody has, of the first share in ``order`` that has one within its limit.

    ``there`` are the known places of the cell, ``limits`` all its places by share. Where more are taken
    than that, as after a change of the company's data, none is free.
    """
    live = [place for place in there if place.is_live(now)]
    if len(live) >= sum(limits.values()):
        return None
    for share in order:
        numbers = {place.number for place in live if place.share == share}
        if len(numbers) < limits[share]:
            number = next(n for n in range(limits[share]) if n not in numbers)
            return Place(cell, share, number, "")
    return None


def may_begin(at: datetime, pool: Pool, rules: BookingRules, now: datetime, zone: ZoneInfo, who: str) -> bool:
    """Whether a booking at ``at`` may be made now: not too soon (staff: not before now), not too far off."""
    earliest = now + timedelta(minutes=rules.lead) if who == PUBLIC else now
    last_day = local_day(now, zone) + timedelta(days=pool.horizon_days)
    return at >= earliest and local_day(at, zone) <= last_day


def sees_all(at: datetime, rules: BookingRules, now: datetime, who: str) -> bool:
    """Whether ``who`` may have for a slot at ``at`` what is kept for staff: all may at the late release."""
    return who == STAFF or at - now <= timedelta(minutes=rules.release)


def free_times(
    grid: Grid,
    rules: BookingRules,
    cells: int,
    days: Iterable[date],
    taken: Taken,
    now: datetime,
    who: str,
) -> Iterator[Day]:
    """The days with the times at which a booking of so many cells can be made now."""
    earliest = (now + timedelta(minutes=rules.lead) if who == PUBLIC else now).timestamp() / _CELL_SECONDS
    last_day = local_day(now, grid.zone) + timedelta(days=grid.pool.horizon_days)
    for day in days:
        slots: list[Slot] = []
        begins = False
        for piece in grid.pieces(day) if day <= last_day else ():
            for whole, starts in _released_and_not(piece, grid.starts(piece, cells), rules, now, who):
                open_starts = [start for start in starts if start >= earliest]
                begins = begins or bool(open_starts)
                if open_starts:
                    slots += _free(grid, piece, open_starts, cells, taken, whole)
        yield Day(day, "free" if slots else "full" if begins else "closed", tuple(slots))


def nearest(days: Iterable[Day], at: datetime) -> list[datetime]:
    """The free times next to ``at``, at most five, in order."""
    times = [slot.at for day in days for slot in day.slots if slot.at != at]
    return sorted(sorted(times, key=lambda free: (abs(free - at), free))[:NEAREST])


_HOUR = 60 // CELL_MINUTES


def _released_and_not(
    piece: Piece, starts: range, rules: BookingRules, now: datetime, who: str
) -> Iterator[tuple[bool, Sequence[int]]]:
    """The starts of a piece for which all places are open, and those for which only the public's are."""
    seen = {sees_all(moment(start), rules, now, who) for start in (piece.first, piece.last)}
    if len(seen) == 1:
        yield seen.pop(), starts
        return
    # The release comes with time: first those it has reached, then the others.
    split = sum(sees_all(moment(start), rules, now, who) for start in starts)
    yield True, starts[:split]
    yield False, starts[split:]


def _free(
    grid: Grid, piece: Piece, starts: Iterable[int], cells: int, taken: Taken, whole: bool
) -> Iterator[Slot]:
    """The starts at which a booking still fits; ``whole``: places kept for staff count too."""
    places, left = [], []
    for cell, (public, staff) in enumerate(grid.capacities(piece), start=piece.first):
        offered = public + staff if whole else public
        free = offered
        if used := taken.get(cell):
            free = _left_in(public, staff, *used, whole)
        places.append(offered)
        left.append(free)
    load = _load_by_hour(places, left)
    for start in starts:
        index = start - piece.first
        if free := min(left[index : index + cells]):
            yield Slot(moment(start), free, load[index // _HOUR])


def _left_in(public: int, staff: int, used_public: int, used_staff: int, whole: bool) -> int:
    """Places left in a cell; ``whole``: staff's too. What one share has too many the other lacks."""
    free = max(0, public - used_public) + (max(0, staff - used_staff) if whole else 0)
    return max(0, min(free, public + staff - used_public - used_staff))


def _load_by_hour(places: list[int], left: list[int]) -> list[str]:
    """How taken each hour since the begin of a piece is: calm while 60 % are free, last below 25 %."""
    words = []
    for begin in range(0, len(left), _HOUR):
        offered = sum(places[begin : begin + _HOUR])
        percent = 100 * sum(left[begin : begin + _HOUR]) // offered if offered else 0
        words.append("calm" if percent >= 60 else "usual" if percent >= 25 else "last")
    return words


def _seconds(day: date, wall: time, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, wall, tzinfo=zone).timestamp())
