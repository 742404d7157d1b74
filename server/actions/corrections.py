"""A manager corrects the figures of a visit: the old ones stay known, with who did it and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from server.domain.errors import Conflict, Invalid, NotFound
from server.domain.events import Event, Kind
from server.domain.kept_sums import Outcome, changes_of, corrected, outcome
from server.domain.office import chosen
from server.domain.visit import Corrected, State, Visit

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork

REMARK = "correction"
"""The kind of remark that holds a manager's own words about a correction."""


@dataclass(frozen=True)
class Wanted:
    """What is to stand instead of what was measured; ``None``: as it is now."""

    wait: int | None = None
    service: int | None = None
    excluded: bool | None = None


def correct(uow: UnitOfWork, visit_id: str, wanted: Wanted, reason: str) -> Visit:
    """Put other figures of a served visit in force; every sum changes by the difference.

    An excluded visit counts again once it is given a wait or a service time. ``reason`` is a code of the
    company's list, or own words (kept apart and erased like all remarks). The same figures again change
    nothing. Raises ``NotFound`` ``unknown_visit``, ``Conflict`` ``no_figures``, ``Invalid`` ``no_wait``.
    """
    visit = uow.visit(visit_id)
    if visit is None or visit.office != uow.office.code:
        raise NotFound("unknown_visit")
    if visit.state is not State.SERVED:
        raise Conflict("no_figures", number=visit.number)
    if visit.ticketless and wanted.wait is not None:
        raise Invalid("no_wait", number=visit.number)
    old = outcome(visit, uow.office.zone)
    new = corrected(old, _figures(old, wanted))
    if new == old:
        return visit
    code, words = chosen(uow.office.reasons.corrections, reason)
    facts = {"reason": code, "old": vars(_of(old)), "new": vars(_of(new))}
    uow.corrections.add(visit, old.key.day, _of(old), _of(new), code)
    if words:
        uow.add_remark(REMARK, words, visit, None)
    uow.sums.add(-changes_of(old))
    uow.sums.add(changes_of(new))
    uow.record(Event(Kind.FIGURES_CORRECTED, uow.now, uow.actor, visit.id, None, facts))
    after = replace(visit, corrected=_of(new))
    uow.save_visit(after)
    return after


def _figures(old: Outcome, wanted: Wanted) -> Corrected:
    given = wanted.wait is not None or wanted.service is not None
    excluded = old.excluded and not given if wanted.excluded is None else wanted.excluded
    return Corrected(
        old.wait if wanted.wait is None else wanted.wait,
        old.service if wanted.service is None else wanted.service,
        excluded,
    )


def _of(ended: Outcome) -> Corrected:
    return Corrected(ended.wait, ended.service, ended.excluded)
