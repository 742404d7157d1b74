"""The sums of a whole office as they are added up from its log, and compared with the kept ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import add
from typing import Any, TypeVar

from server.domain.figures import Counts, DayKey, Sums
from server.domain.kept_sums import (
    ALL_SERVICES,
    Changes,
    HourKey,
    HourSums,
    Key,
    MinuteKey,
    MonthKey,
    OperatorKey,
    OperatorSums,
    SecondKey,
    Waited,
    first_of_month,
)

K = TypeVar("K")

COUNTS: dict[type[Key], type[Counts]] = {
    DayKey: Sums,
    MonthKey: Sums,
    HourKey: HourSums,
    OperatorKey: OperatorSums,
    MinuteKey: Waited,
    SecondKey: Waited,
}
"""What is kept by each kind of key."""

PlainRows = dict[type[Key], dict[tuple[Any, ...], tuple[int, ...]]]
"""Rows of the kept sums as the database has them, without the office: key → numbers."""


@dataclass
class Totals:
    """Sums of an office as they are added up; what follows from others is made at the end.

    Plain keys and lists of numbers: a year of a large company adds ten million times.
    """

    _days: dict[tuple[date, str, str, str], list[int]] = field(init=False, default_factory=dict)
    _hours: dict[tuple[date, int, int], list[int]] = field(init=False, default_factory=dict)
    _seats: dict[tuple[date, str, str, str], list[int]] = field(init=False, default_factory=dict)
    _waits: dict[tuple[date, str, str, int], int] = field(init=False, default_factory=dict)

    def add(self, changes: Changes) -> None:
        """Add what something that happened changes."""
        key = changes.key
        add_to(self._days, (key.day, key.service, key.kind, key.channel), changes.sums.values())
        if (hour := changes.hour) is not None:
            add_to(self._hours, (hour.month, hour.weekday, hour.hour), changes.hour_sums.values())
        if (seat := changes.seat) is not None:
            place = (seat.month, seat.operator, seat.desk, seat.service)
            add_to(self._seats, place, changes.seat_sums.values())
        if changes.waited is not None:
            wait = (first_of_month(key.day), key.service, key.kind, changes.waited)
            self._waits[wait] = self._waits.get(wait, 0) + changes.times

    @property
    def days(self) -> dict[DayKey, Sums]:
        """The sums of the days."""
        return {DayKey(*key): Sums(*values) for key, values in self._days.items()}

    def plain(self) -> PlainRows:
        """Every row of the kept sums, as plain keys and numbers."""
        months: dict[tuple[date, str, str, str], list[int]] = {}
        for (day, service, kind, channel), values in self._days.items():
            month = (first_of_month(day), service, kind, channel)
            if month in months:
                months[month][:] = map(add, months[month], values)
            else:
                months[month] = list(values)
        minutes: dict[tuple[date, str, str, int], int] = {}
        seconds: dict[tuple[date, str, str, int], int] = {}
        for (first, service, kind, second), times in self._waits.items():
            for name in (service, ALL_SERVICES):
                place = (first, name, kind, second // 60)
                minutes[place] = minutes.get(place, 0) + times
                place = (first, name, kind, second)
                seconds[place] = seconds.get(place, 0) + times
        return {
            DayKey: {key: tuple(values) for key, values in self._days.items()},
            MonthKey: {key: tuple(values) for key, values in months.items()},
            HourKey: {key: tuple(values) for key, values in self._hours.items()},
            OperatorKey: {key: tuple(values) for key, values in self._seats.items()},
            MinuteKey: {key: (visits,) for key, visits in minutes.items()},
            SecondKey: {key: (visits,) for key, visits in seconds.items()},
        }

    def rows(self) -> dict[Key, Counts]:
        """Every row of the kept sums."""
        return rows_of(self.plain())


def rows_of(plain: PlainRows) -> dict[Key, Counts]:
    """Plain rows with their keys and numbers by name."""
    return {kind(*key): COUNTS[kind](*values) for kind, rows in plain.items() for key, values in rows.items()}


def differing(kept: PlainRows, derived: PlainRows) -> tuple[dict[Key, Counts], dict[Key, Counts]]:
    """Those rows of each that the other has not, or not the same."""
    parts: tuple[dict[Key, Counts], dict[Key, Counts]] = ({}, {})
    for kind in COUNTS:
        have, want = kept.get(kind, {}), derived.get(kind, {})
        # Millions of rows that are the same are compared as a whole.
        if have == want:
            continue
        for key in have.keys() | want.keys():
            if have.get(key) != want.get(key):
                for part, rows in zip(parts, (have, want), strict=True):
                    if key in rows:
                        part[kind(*key)] = COUNTS[kind](*rows[key])
    return parts


def add_to(sums: dict[K, list[int]], key: K, added: Iterable[int]) -> None:
    """Add numbers to those that are there by this key."""
    there = sums.get(key)
    if there is None:
        sums[key] = list(added)
    else:
        there[:] = map(add, there, added)
