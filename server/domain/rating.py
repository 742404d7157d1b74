"""Ratings: which visit a press belongs to, and which press counts (one visit, one rating)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.office import Policy
from server.domain.visit import State, Visit


@dataclass(frozen=True)
class Rating:
    """A mark 1…5 for a visit, or a stray press when ``visit`` is ``None``."""

    press_id: str
    visit: str | None
    score: int
    at: datetime
    source: str


def visit_for_press(visits: Iterable[Visit], pressed_at: datetime, policy: Policy) -> Visit | None:
    """The visit at this desk that a press at ``pressed_at`` judges; ``None`` makes it a stray press.

    ``visits`` are the desk's visits that were started. It is the visit being served at that moment,
    or the last one finished not longer ago than the office's window; a visitor who has sat down
    takes the pad over from the one before.
    """
    started = [visit for visit in visits if visit.started_at and visit.started_at <= pressed_at]
    if not started:
        return None
    latest = max(started, key=lambda visit: (visit.started_at or pressed_at, visit.id))
    if latest.state is State.SERVING or (latest.finished_at and latest.finished_at >= pressed_at):
        return latest
    if latest.finished_at and pressed_at <= rate_until(latest.finished_at, policy):
        return latest
    return None


def rate_until(finished_at: datetime, policy: Policy) -> datetime:
    """Until when a press after the end of service still judges that visit."""
    return finished_at + timedelta(seconds=policy.rating_window_seconds)


def replaces(first: Rating, press_at: datetime, policy: Policy) -> bool:
    """Whether a later press corrects the first one: within the correction seconds, and only then."""
    return first.at <= press_at <= first.at + timedelta(seconds=policy.correction_seconds)
