"""Which call is said next, which are stale, which are said again and when it is quiet (domain §11). Pure.

The page has the same rules in ``ui/announcement_rules.js``, because it sounds also where no display program
runs; ``tests/display/announcement_cases.json`` is the one table that both are held to.

- A call is said once, in the order of calls, and again ``repeats`` times, each ``repeat_after_seconds`` after
  the end of the last time. Whoever was not called yet goes before every repetition, due or under way.
- Stale calls are dropped, first ones and repetitions alike.
- Nothing sounds while the mode is "off" or outside the hours. A call is not kept for later then: it is said
  only if it is not stale when the hours begin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.sdk.messages import Announcement, BoardView


@dataclass(frozen=True)
class Turn:
    """A call whose turn it is; ``times``: how often it was said before."""

    announcement: Announcement
    times: int = 0


def implied_by(view: BoardView) -> list[Announcement]:
    """The announcements a board's state implies, in the order of calls: a lost "say" is still said."""
    return [
        Announcement(
            id=row.call_id,
            office=view.office,
            at=row.called_at,
            number=row.number,
            label=row.label,
            kind=row.kind,
            languages=view.voice.languages,
        )
        for row in reversed(view.called)
        if row.state == "called"
    ]


def is_stale(announcement: Announcement, view: BoardView, now: datetime) -> bool:
    """Older than the limit, or its visitor has come, has been called anew, or is gone from the board."""
    at = announcement.at
    if now - at > timedelta(seconds=view.voice.limit_seconds):
        return True
    row = next((row for row in view.called if row.number == announcement.number), None)
    if row and row.call_id == announcement.id:
        return row.state != "called"
    if row:
        return row.called_at >= at
    # The list is cut at its end: only a list that reaches back to the call proves that it is gone.
    return view.at >= at and (not view.called or view.called[-1].called_at <= at)


def may_sound(view: BoardView, now: datetime) -> bool:
    """Whether anything may be heard now, by mode and hours."""
    rules = view.voice
    if rules.mode == "off":
        return False
    wall = now.astimezone(ZoneInfo(view.timezone)).strftime("%H:%M")
    return not rules.hours or any(begin <= wall < end for begin, end in rules.hours)


class CallQueue:
    """Calls waiting to be said and to be said again; each id is taken once."""

    def __init__(self, was_spoken: Callable[[str], bool]) -> None:
        self._was_spoken = was_spoken
        self._first: dict[str, Announcement] = {}
        self._again: dict[str, tuple[datetime, Turn]] = {}

    def offer(self, announcements: list[Announcement]) -> None:
        """These are to be said, unless they were."""
        for one in announcements:
            if not self._was_spoken(one.id):
                self._first[one.id] = one

    def next(self, view: BoardView, now: datetime) -> Turn | None:
        """Whose turn it is, taken out of the queue; stale ones are dropped on the way."""
        if not self.has_first(view, now):
            return self._next_repeat(view, now)
        return Turn(self._first.pop(min(self._first.values(), key=_order).id))

    def has_first(self, view: BoardView, now: datetime) -> bool:
        """Whether a call waits that was not said yet and may be heard now."""
        self._first = {
            id_: one
            for id_, one in self._first.items()
            if not self._was_spoken(id_) and not is_stale(one, view, now)
        }
        return bool(self._first) and may_sound(view, now)

    def said(self, turn: Turn, view: BoardView, now: datetime) -> None:
        """It was heard whole: its repetition, if one is left, is due after the set time from now."""
        if turn.times < view.voice.repeats:
            due = now + timedelta(seconds=view.voice.repeat_after_seconds)
            self._again[turn.announcement.id] = due, replace(turn, times=turn.times + 1)

    def unsaid(self, turn: Turn, now: datetime) -> None:
        """It was not heard whole: cut off by a first call, or nothing played. Its turn comes again."""
        if turn.times:
            self._again[turn.announcement.id] = now, turn
        else:
            self._first[turn.announcement.id] = turn.announcement

    def wait(self, now: datetime) -> timedelta | None:
        """How long until a repetition is due; None when there is none."""
        dues = [due for due, _turn in self._again.values()]
        return max(min(dues) - now, timedelta()) if dues else None

    def _next_repeat(self, view: BoardView, now: datetime) -> Turn | None:
        self._again = {
            id_: (due, turn)
            for id_, (due, turn) in self._again.items()
            if turn.times <= view.voice.repeats and not is_stale(turn.announcement, view, now)
        }
        ready = [(due, _order(turn.announcement)) for due, turn in self._again.values() if due <= now]
        if not ready or not may_sound(view, now):
            return None
        return self._again.pop(min(ready)[1][1])[1]


def _order(announcement: Announcement) -> tuple[datetime, str]:
    return announcement.at, announcement.id
