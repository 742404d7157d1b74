"""The sums of a generated year, counted as its visits end: apart from the rules that derive them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from datetime import date

from server.domain.visit import BOOKED, OFFICE, State
from server.simulation.year_rows import YearRows, YearVisit

PACE_LENGTH = 50
SUMS = (
    "issued", "served", "wait_seconds", "service_seconds", "no_show", "cancelled", "annulled", "unserved",
    "excluded", "rated", "score_sum", "repeated_seconds", "ticketless", "ticketless_seconds",
    "missed_bookings", "wait_over", "unserved_over", "limited", "unserved_limited", "to_call_seconds",
    "way_seconds",
)  # fmt: skip
HOUR_SUMS = ("arrived", "served", "wait_seconds", "wait_over")
OPERATOR_SUMS = (
    "served", "service_seconds", "wait_seconds", "wait_over", "no_show", "excluded", "rated", "score_sum",
    "ticketless", "ticketless_seconds",
)  # fmt: skip
SUM_COLUMNS: dict[str, tuple[str, ...]] = {
    "day_sum": ("office", "day", "service", "kind", "channel", *SUMS),
    "month_sum": ("office", "month", "service", "kind", "channel", *SUMS),
    "hour_sum": ("office", "month", "weekday", "hour", *HOUR_SUMS),
    "operator_sum": ("office", "month", "operator", "desk", "service", *OPERATOR_SUMS),
    "wait_minute": ("office", "month", "service", "kind", "minute", "visits"),
    "wait_second": ("office", "month", "service", "kind", "second", "visits"),
    "work_time": ("office", "day", "desk", "operator", "open_ms", "break_ms", "serving_ms", "legs"),
    "service_pace": ("office", "service", "recent"),
}
_ENDS = {
    State.NO_SHOW: "no_show",
    State.CANCELLED: "cancelled",
    State.ANNULLED: "annulled",
    State.CLOSED_UNSERVED: "unserved",
}
_HOUR_MS = 3_600_000

Key = tuple[str | int, ...]


class YearSums:
    """What is kept beside the log of one office: sums, working times, the pace of services."""

    def __init__(self, office: str) -> None:
        self._office = office
        self._days: dict[Key, Counter[str]] = defaultdict(Counter)
        self._hours: dict[Key, Counter[str]] = defaultdict(Counter)
        self._seats: dict[Key, Counter[str]] = defaultdict(Counter)
        self._waits: Counter[Key] = Counter()
        self._work: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        self._pace: dict[str, deque[tuple[int, int, int | None]]] = defaultdict(
            lambda: deque(maxlen=PACE_LENGTH)
        )

    def begin_day(self, day: date, midnight: int) -> None:
        """From now on all that is counted is of this day, which began at ``midnight``."""
        self._day, self._month = day.isoformat(), day.replace(day=1).isoformat()
        self._weekday, self._midnight = day.isoweekday(), midnight

    def issued(self, visit: YearVisit) -> None:
        """A ticket was given."""
        self._of(visit)["issued"] += 1

    def over(self, visit: YearVisit) -> None:
        """A visit has ended, in whatever way."""
        day = self._of(visit)
        if visit.state == State.ANNULLED:
            day["annulled"] += 1
            return
        joined_hour = (visit.joined_at - self._midnight) // _HOUR_MS
        hour = self._hours[self._month, self._weekday, joined_hour]
        hour["arrived"] += 1
        if visit.state != State.SERVED:
            self._unserved(visit, day)
            return
        seat, service = self._seat(visit), visit.served_ms // 1000
        if visit.incomplete:
            day["excluded"] += 1
            seat["excluded"] += 1
        elif visit.ticketless:
            for counts in (day, seat):
                counts["ticketless"] += 1
                counts["ticketless_seconds"] += service
        else:
            self._served(visit, (day, hour, seat), service)

    def rated(self, visit: YearVisit, score: int) -> None:
        """The visitor gave a mark."""
        for counts in (self._of(visit), self._seat(visit)):
            counts["rated"] += 1
            counts["score_sum"] += score

    def missed_booking(self, service: str) -> None:
        """Nobody came for a booking."""
        self._days[self._day, service, BOOKED, OFFICE]["missed_bookings"] += 1

    def leg(
        self, desk: str, operator: str, service: str, served_ms: int, hour: int, turnover: int | None
    ) -> None:
        """A service at a desk has ended; ``turnover`` are the seconds it took to begin."""
        work = self._work[self._day, desk, operator]
        work[2] += served_ms
        work[3] += 1
        self._pace[service].append((hour, served_ms // 1000, turnover))

    def state(self, desk: str, operator: str, state: str, length: int) -> None:
        """A desk was in a state for so many milliseconds."""
        self._work[self._day, desk, operator][0 if state == "open" else 1] += length

    def write(self, rows: YearRows) -> None:
        """Add the rows of all sums."""
        self._write(rows, "day_sum", self._days.items(), SUMS)
        months: dict[Key, Counter[str]] = defaultdict(Counter)
        for (day, *rest), counts in self._days.items():
            months[f"{str(day)[:7]}-01", *rest].update(counts)
        self._write(rows, "month_sum", months.items(), SUMS)
        self._write(rows, "hour_sum", self._hours.items(), HOUR_SUMS)
        self._write(rows, "operator_sum", self._seats.items(), OPERATOR_SUMS)
        minutes: Counter[Key] = Counter()
        for (*place, second), visits in self._waits.items():
            rows.add("wait_second", (self._office, *place, second, visits))
            minutes[*place, int(second) // 60] += visits
        for key, visits in minutes.items():
            rows.add("wait_minute", (self._office, *key, visits))
        for key, work in self._work.items():
            rows.add("work_time", (self._office, *key, *work))
        for service, recent in self._pace.items():
            rows.add("service_pace", (self._office, service, json.dumps(list(recent))))

    def _served(self, visit: YearVisit, all_counts: Iterable[Counter[str]], service: int) -> None:
        day, hour, seat = all_counts
        wait = max(0, wait_ms(visit)) // 1000
        over = visit.limit_seconds is not None and wait > visit.limit_seconds
        for counts in (day, hour, seat):
            counts["served"] += 1
            counts["wait_seconds"] += wait
            counts["wait_over"] += over
        for counts in (day, seat):
            counts["service_seconds"] += service
        day["repeated_seconds"] += visit.repeated_ms // 1000
        day["limited"] += visit.limit_seconds is not None
        day["to_call_seconds"] += max(0, wait_ms(visit) - visit.way_ms) // 1000
        day["way_seconds"] += visit.way_ms // 1000
        for name in (visit.first_service, ""):
            self._waits[self._month, name, visit.kind, wait] += 1

    def _unserved(self, visit: YearVisit, day: Counter[str]) -> None:
        end = visit.first_called_at or visit.finished_at
        assert end is not None
        day[_ENDS[State(visit.state)]] += 1
        if visit.limit_seconds is not None:
            day["unserved_limited"] += 1
            day["unserved_over"] += (end - visit.joined_at) // 1000 > visit.limit_seconds
        if visit.state == State.NO_SHOW:
            self._seat(visit)["no_show"] += 1

    def _of(self, visit: YearVisit) -> Counter[str]:
        return self._days[self._day, visit.first_service, visit.kind, visit.channel]

    def _seat(self, visit: YearVisit) -> Counter[str]:
        return self._seats[self._month, str(visit.operator), str(visit.desk), visit.first_service]

    def _write(
        self,
        rows: YearRows,
        table: str,
        counted: Iterable[tuple[Key, Counter[str]]],
        names: tuple[str, ...],
    ) -> None:
        for key, counts in counted:
            rows.add(table, (self._office, *key, *(counts[name] for name in names)))


def wait_ms(visit: YearVisit) -> int:
    """How long a visitor waited who was served, without the time away; below 0 before a booked time."""
    assert visit.started_at is not None
    return visit.started_at - visit.joined_at - visit.absent_ms
