"""Ratings: which visit a press belongs to, and which press counts (one visit, one rating).

A press carries its own moment and is judged by it, however late it is handed in: it belongs to the visit
that was being served at its desk at that moment, or had just been finished there. Of the presses of one
visit the first one opens the rating, whatever it came from (pad, tablet or phone); the last one within the
correction seconds after it is the mark, later ones are kept and not counted. So the rating follows from the
presses alone, not from the order in which they arrive. Reasons and words may be added once to a low mark,
from the tablet or the phone, also to one that was given on the pad.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.domain.office import Policy

COMMENT = "rating"
"""The kind of remark that holds a visitor's own words about a visit."""

RATE_BY_TICKET = timedelta(hours=12)
"""So long after the visit its ticket's holder may rate it."""


@dataclass(frozen=True)
class Rating:
    """A press with a mark 1…5, and what became of it.

    ``judged`` is the visit it speaks of (``None``: a stray press), ``visit`` the same while this press is
    the one that counts. ``day`` is the one the visit's figures belong to; ``service`` and ``operator`` are
    those that are judged. ``taken_at``: when the server took it. ``reasons``: codes, once they were given;
    ``surveys``: codes of those that were answered; ``seen_at``: when somebody in charge saw a low mark.
    """

    press_id: str
    visit: str | None
    score: int
    at: datetime
    source: str
    day: date
    taken_at: datetime
    judged: str | None = None
    service: str | None = None
    operator: str | None = None
    reasons: list[str] | None = None
    surveys: list[str] | None = None
    seen_at: datetime | None = None
    desk: str | None = None


@dataclass(frozen=True)
class Turn:
    """A visit at a desk, from its start there (or its going on) to its end. ``ended_at`` ``None``: not yet.

    ``finished`` is false where the visitor was only put aside.
    """

    visit: str
    operator: str
    started_at: datetime
    ended_at: datetime | None = None
    finished: bool = False


def is_judged(last: Turn, pressed_at: datetime, policy: Policy) -> bool:
    """Whether a press at ``pressed_at`` judges ``last``, the last turn that had begun at that desk by then.

    It does while that visit is served, and up to the office's window after its finish; a visitor who has
    sat down takes the pad over from the one before.
    """
    if last.ended_at is None or pressed_at <= last.ended_at:
        return True
    return last.finished and pressed_at <= rate_until(last.ended_at, policy)


def rate_until(finished_at: datetime, policy: Policy) -> datetime:
    """Until when a press after the end of service still judges that visit."""
    return finished_at + timedelta(seconds=policy.rating_window_seconds)


def mark_of(presses: Iterable[Rating], policy: Policy) -> Rating:
    """The press that counts, of all that judge one visit (at least one): see the rule above."""
    ordered = sorted(presses, key=lambda press: (press.at, press.taken_at, press.press_id))
    until = ordered[0].at + timedelta(seconds=policy.correction_seconds)
    return [press for press in ordered if press.at <= until][-1]


def is_low(score: int, policy: Policy) -> bool:
    """Whether a mark is one to ask the reason of, and to tell the head of the office."""
    return score <= policy.low_mark
