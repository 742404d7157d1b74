"""What will probably be said next: the next numbers, to the points that call now. Pure but for its memory."""

from __future__ import annotations

from display.phrases import call_phrase
from server.sdk.messages import BoardView, Language, PointKind
from server.sdk.speech.engines import Phrase

NUMBERS_AHEAD = 5
POINTS_KNOWN = 12
"""So many points of a hall are remembered, those that called last; with two languages 120 phrases."""


class LikelyPhrases:
    """Remembers the points that call, and says which phrases to make ahead, the likeliest first."""

    def __init__(self) -> None:
        self._points: dict[tuple[str, PointKind], None] = {}  # the last to call comes last
        self._told: object = None

    def after(self, view: BoardView) -> list[Phrase] | None:
        """The phrases a new state makes likely; None when it makes no others likely than the one before."""
        for row in sorted(view.called, key=lambda row: row.called_at):
            self._points.pop((row.label, row.kind), None)
            self._points[row.label, row.kind] = None
        self._points = dict(list(self._points.items())[-POINTS_KNOWN:])
        wanted = (view.next[:NUMBERS_AHEAD], set(self._points), view.voice.languages)
        if wanted == self._told:
            return None
        self._told = wanted
        return [
            phrase
            for number in view.next[:NUMBERS_AHEAD]
            for label, kind in reversed(self._points)
            for language in view.voice.languages
            if (phrase := _phrase(language, number, label, kind))
        ]


def _phrase(language: Language, number: str, label: str, kind: PointKind) -> Phrase | None:
    try:
        return call_phrase(language, number, label, kind)
    except ValueError:
        return None
