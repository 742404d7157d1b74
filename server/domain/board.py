"""A hall board as the company's data describes it: which calls it shows, how, and what it says aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.domain.errors import NotFound

Names = Mapping[str, str]
"""A text by language code."""


@dataclass(frozen=True)
class Slide:
    """Information between calls: a text, or a file (bare name) of the folder with slides, for ``seconds``."""

    kind: str
    seconds: int
    text: Names = field(default_factory=dict)
    file: str | None = None


@dataclass(frozen=True)
class VoiceRules:
    """How a board sounds (domain §11).

    ``mode``: ``off``, ``chime``, ``voice``. A call is repeated ``repeats`` times; one older than
    ``limit_seconds`` is not said. ``hours`` are local times "HH:MM" between which it sounds; none: always.
    """

    mode: str = "voice"
    languages: tuple[str, ...] = ("ru",)
    repeats: int = 0
    repeat_after_seconds: int = 8
    volume: int = 100
    hours: tuple[tuple[str, str], ...] = ()
    limit_seconds: int = 60


PARTS = ("next", "expected", "wait", "clock", "line", "slides")
"""What a board can show beside the called rows."""


@dataclass(frozen=True)
class Board:
    """One board, or all boards of one zone. Empty ``desks`` (ids) or ``services`` mean all of the office.

    ``directions``: where a desk is as seen from this board, by desk id: left, right, up, down.
    ``turn_seconds`` 0: all languages stand together; else each stands alone for so long.
    """

    code: str
    title: Names = field(default_factory=dict)
    desks: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    layout: str = "side"
    rows: int = 8
    turn_seconds: int = 0
    highlight_seconds: int = 12
    shown_seconds: int = 20
    parts: tuple[str, ...] = PARTS
    running_line: Names = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)
    slides: tuple[Slide, ...] = ()
    voice: VoiceRules = VoiceRules()

    def shows_call(self, desk: str | None, service: str) -> bool:
        """Whether a call of ``service`` to ``desk`` belongs on this board."""
        return (not self.desks or desk in self.desks) and (not self.services or service in self.services)

    def shows_waiting(self, service: str, desks_of: Sequence[str]) -> bool:
        """Whether somebody who waits for ``service`` may be called here; ``desks_of``: ids that give it."""
        if self.services and service not in self.services:
            return False
        return not self.desks or any(desk in self.desks for desk in desks_of)


def boards_from_document(document: Mapping[str, Any]) -> tuple[Board, ...]:
    """The boards of an office's stored document; an office that names none has one that shows all."""
    languages = tuple(document["voice_languages"])
    boards = tuple(_board(one, languages) for one in document.get("boards", ()))
    return boards or (Board("hall", voice=VoiceRules(languages=languages)),)


def board_called(boards: Sequence[Board], code: str) -> Board:
    """The board with this code, the first one for ""; raises ``NotFound``."""
    for board in boards:
        if code in ("", board.code):
            return board
    raise NotFound("unknown_board", board=code)


def _board(document: Mapping[str, Any], languages: tuple[str, ...]) -> Board:
    voice = dict(document["voice"])
    voice["languages"] = tuple(voice["languages"]) or languages
    voice["hours"] = tuple((start, end) for start, end in voice["hours"])
    lists = {name: tuple(document[name]) for name in ("desks", "services", "parts")}
    slides = tuple(Slide(**slide) for slide in document["slides"])
    return Board(**{**document, **lists, "slides": slides, "voice": VoiceRules(**voice)})
