"""Boards in the company's file: ``[[offices.boards]]``, their slides and their voice."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field, model_validator

from server.sdk.messages import BoardLayout, BoardPart, Code, Direction, Language, Names, SlideKind, VoiceMode
from server.sdk.settings import Settings, WallTime
from server.sdk.slide_files import NAME, TYPES


class SlideSettings(Settings):
    """``[[offices.boards.slides]]``: a text, or an own file of the folder with slides."""

    kind: SlideKind
    file: Annotated[str, Field(pattern=NAME)] | None = None
    text: Names = Field(default_factory=dict)
    seconds: Annotated[int, Field(ge=3, le=600)] = 12

    @model_validator(mode="after")
    def _has_what_it_shows(self) -> SlideSettings:
        if self.kind == "text" and not self.text:
            raise ValueError("a text slide needs text = { ru = … }")
        endings = tuple(TYPES.get(self.kind, ()))
        if endings and not (self.file or "").lower().endswith(endings):
            raise ValueError(
                f"a slide of kind {self.kind} needs file = a name that ends in {', '.join(endings)}"
            )
        return self


class VoiceSettings(Settings):
    """``[offices.boards.voice]``. ``languages`` empty: those of the office."""

    mode: VoiceMode = "voice"
    languages: list[Language] = Field(default_factory=list)
    repeats: Annotated[int, Field(ge=0, le=2)] = 0
    repeat_after_seconds: Annotated[int, Field(ge=5, le=30)] = 8
    volume: Annotated[int, Field(ge=0, le=100)] = 100
    hours: list[tuple[WallTime, WallTime]] = Field(default_factory=list)
    limit_seconds: Annotated[int, Field(ge=10, le=600)] = 60

    @model_validator(mode="after")
    def _in_order(self) -> VoiceSettings:
        if any(start >= end for start, end in self.hours):
            raise ValueError("hours: each interval goes from an earlier to a later time of one day")
        return self


class BoardSettings(Settings):
    """``[[offices.boards]]``: one board or all boards of a zone. ``desks`` are their codes (or labels)."""

    code: Code
    title: Names = Field(default_factory=dict)
    desks: list[str] = Field(default_factory=list)
    services: list[Code] = Field(default_factory=list)
    layout: BoardLayout = "side"
    rows: Annotated[int, Field(ge=1, le=12)] = 8
    turn_seconds: Annotated[int, Field(ge=0, le=120)] = 0
    highlight_seconds: Annotated[int, Field(ge=5, le=60)] = 12
    shown_seconds: Annotated[int, Field(ge=0, le=600)] = 20
    parts: list[BoardPart] = Field(default_factory=lambda: list(get_args(BoardPart)))
    running_line: Names = Field(default_factory=dict)
    directions: dict[str, Direction] = Field(default_factory=dict)
    slides: list[SlideSettings] = Field(default_factory=list)
    voice: VoiceSettings = VoiceSettings()

    def faults(self, desks: set[str], services: set[str]) -> list[str]:
        """What it names that the office has not; ``desks`` are the codes (or labels) of the office."""
        found = [f"board {self.code} names unknown desk {d}" for d in self.desks if d not in desks]
        found += [f"board {self.code} points to unknown desk {d}" for d in self.directions if d not in desks]
        return found + [
            f"board {self.code} names unknown service {s}" for s in self.services if s not in services
        ]
