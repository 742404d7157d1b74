"""What in the figures of a month a person should look at (domain §7): suspicious visits and operators."""

from __future__ import annotations

from collections.abc import Mapping

from server.domain import figures
from server.domain.kept_sums import OperatorSums
from server.domain.visit import State, Visit

SHORTEST_SERVICE_SECONDS = 10
LONGEST_SERVICE_SECONDS = 2 * 3600
MANY_NO_SHOWS = 10
"""So many no-shows in a month are too few to tell an operator by."""
TIMES_THE_OFFICES = 2
"""So many times the share of the whole office is many."""

ANOMALIES = ("short_service", "long_service", "uncalled", "day_end")
"""What may be strange about a visit."""


def of_visit(visit: Visit) -> tuple[str, ...]:
    """What is strange about a visit that is over; nothing once its figures were corrected.

    ``uncalled``: the service began with no call, as only one without a ticket does here. ``day_end``: the
    day's end closed it.
    """
    if visit.corrected is not None:
        return ()
    found = []
    service = figures.service_seconds(visit)
    if visit.state is State.SERVED and service is not None and not visit.incomplete:
        if service < SHORTEST_SERVICE_SECONDS:
            found.append("short_service")
        if service > LONGEST_SERVICE_SECONDS:
            found.append("long_service")
    if visit.started_at is not None and visit.called_at is None:
        found.append("uncalled")
    if visit.incomplete or visit.state is State.CLOSED_UNSERVED:
        found.append("day_end")
    return tuple(found)


def many_no_shows(operators: Mapping[str, OperatorSums]) -> list[str]:
    """The operators of an office whose share of no-shows in a month is twice the office's, worst first."""
    calls = {name: _calls(sums) for name, sums in operators.items()}
    missed = sum(sums.no_show for sums in operators.values())
    all_calls = sum(calls.values())
    found = [
        name
        for name, sums in operators.items()
        if sums.no_show >= MANY_NO_SHOWS
        and sums.no_show * all_calls >= TIMES_THE_OFFICES * missed * calls[name]
    ]
    return sorted(found, key=lambda name: (-operators[name].no_show, name))


def _calls(sums: OperatorSums) -> int:
    """How many visitors an operator called whose visit ended there."""
    return sums.served + sums.excluded + sums.no_show
