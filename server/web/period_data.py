"""Reads what a period's report is made of, some offices at a time, and makes the report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

from flask_babel import gettext
from sqlalchemy import Connection

from server.db import accounts, queries, sum_rows
from server.db.sum_rows import Period
from server.domain.errors import Invalid
from server.domain.figures import Counts as Numbers
from server.domain.figures import nearest_rank
from server.domain.office import Office
from server.domain.visit import BOOKED, WALK_IN
from server.reports import period
from server.reports.period import Choice, Counts, Span, SpanCounts
from server.sdk.figures_messages import PeriodReport
from server.web.api import Api
from server.web.auth import Identity

AT_ONCE = 100
"""So many offices are read at a time: others are answered between these steps."""
MOST_MONTHS = 24
MOST_OFFICE_MONTHS = 240
"""Bookings that came too late are counted one by one: for so many months of offices."""
MOST_OFFICES_BY_DESK = 20
"""Operators and desks are told apart for so many offices: nobody reads two thousand of them on one page."""

K = TypeVar("K")
N = TypeVar("N", bound=Numbers)


def offices_to_see(api: Api, connection: Connection, identity: Identity) -> list[Office]:
    """The offices whoever asks may see, in the company's order."""
    found = [api.store.book.office(connection, head.version) for head in queries.heads(connection)]
    return [office for office in found if identity.office in (None, office.code)]


def report(api: Api, identity: Identity, choice: Choice, whole: bool = False) -> PeriodReport:
    """The report for whoever asks; ``whole``: operators and desks of however many offices, for a file.

    Raises ``Invalid`` ``bad_period``, ``NotFound`` ``unknown_office``, ``Forbidden`` ``other_office``.
    """
    if not 1 <= choice.span.length <= MOST_MONTHS:
        raise Invalid("bad_months", months=MOST_MONTHS)
    with api.store.read() as connection:
        for code in choice.offices:
            queries.head(connection, code)
            identity.check_office(code)
        offices = [
            office
            for office in offices_to_see(api, connection, identity)
            if not choice.offices or office.code in choice.offices
        ]
        counts = _Reading(connection, choice, [office.code for office in offices]).all(
            by_desk=whole or len(offices) <= MOST_OFFICES_BY_DESK
        )
        logins = {operator for _office, operator in counts.operators or ()}
        counts.names = accounts.names_of(connection, logins)
    return period.report(choice, offices, counts, api.store.clock(), gettext)


class _Reading:
    """One report's reading."""

    def __init__(self, connection: Connection, choice: Choice, codes: Sequence[str]) -> None:
        self._connection = connection
        self._choice = choice
        self._codes = codes

    def all(self, by_desk: bool) -> Counts:
        """Everything; operators and desks only if wanted."""
        span = self._choice.span
        counts = Counts()
        if by_desk:
            counts.operators, counts.desks = {}, {}
        for part in self._parts():
            here = self._period(part, span)
            _add(counts.months, sum_rows.by_month(self._connection, here))
            _add(counts.offices, sum_rows.by_office(self._connection, here))
            _add(counts.services, sum_rows.by_service(self._connection, here))
            _add(counts.hours, sum_rows.by_hour(self._connection, here))
            if counts.operators is not None and counts.desks is not None:
                _add(counts.operators, sum_rows.by_operator(self._connection, here))
                _add(counts.desks, sum_rows.by_desk(self._connection, here))
                counts.work |= sum_rows.work_by_desk(self._connection, here)
        counts.total = self._of_span(span)
        counts.previous = self._of_span(span.moved(-span.length))
        counts.year_before = self._of_span(span.moved(-12))
        return counts

    def _of_span(self, span: Span) -> SpanCounts:
        """What a span as a whole tells."""
        found, minutes = SpanCounts(), Counter[int]()
        for part in self._parts():
            here = self._period(part, span)
            for (kind, _channel), sums in sum_rows.by_kind(self._connection, here).items():
                found.sums += sums
                found.bookings_kept += sums.issued if kind == BOOKED else 0
            minutes.update(dict(sum_rows.waits_by_minute(self._connection, here)))
        found.bookings_late = self._late(span, found.bookings_kept)
        found.minutes = dict(minutes)
        found.median, found.p90 = self._rank(span, minutes, 50), self._rank(span, minutes, 90)
        return found

    def _late(self, span: Span, kept: int) -> int | None:
        """Who came for a booking and had no turn by it any more."""
        if len(self._codes) * span.length > MOST_OFFICE_MONTHS or self._choice.kind == WALK_IN:
            return None
        come = 0
        for part in self._parts():
            come += sum_rows.bookings_arrived(self._connection, self._period(part, span))
        return max(0, come - kept)

    def _rank(self, span: Span, minutes: Counter[int], percent: int) -> int | None:
        """The exact percentile: the minute that holds it is known, the second inside is read."""
        rank = nearest_rank(percent, minutes.total())
        if rank == 0:
            return None
        minute, rank = sum_rows.holding(sorted(minutes.items()), rank)
        seconds = Counter[int]()
        for part in self._parts():
            here = self._period(part, span)
            seconds.update(dict(sum_rows.waits_by_second(self._connection, here, minute)))
        return sum_rows.holding(sorted(seconds.items()), rank)[0]

    def _period(self, part: Sequence[str], span: Span) -> Period:
        services = (self._choice.service,) if self._choice.service else ()
        return Period(part, span.first, span.last, services, self._choice.kind)

    def _parts(self) -> Iterator[Sequence[str]]:
        for start in range(0, len(self._codes), AT_ONCE):
            yield self._codes[start : start + AT_ONCE]
            time.sleep(0)


def _add(found: dict[K, N], more: dict[K, N]) -> None:
    for key, numbers in more.items():
        found[key] = found[key] + numbers if key in found else numbers
