"""What programs and people ask of the server: the bodies of commands, checked by these very models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.sdk.messages import Code, Language, Names, Reason, VisitId


class Request(BaseModel):
    """A body somebody sends to the server: unknown keys are an error."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class IssueTicket(Request):
    """A visitor asks for a ticket."""

    service: Code
    category: Code | None = None
    language: Language = "ru"


class OpenDesk(Request):
    """An operator sits down at a desk."""


class TakeBreak(Request):
    """An operator leaves the desk for a while."""

    reason: Annotated[str, Field(min_length=1, max_length=60)] = "lunch"


class CallTicket(Request):
    """An operator calls one certain visitor: out of turn, or one who was held. The reason is logged."""

    ticket: VisitId
    reason: Reason


class HoldTicket(Request):
    """An operator puts the visitor at the desk aside; with minutes, the visitor returns by itself."""

    reason: Reason
    return_in_minutes: Annotated[int, Field(ge=1, le=240, strict=True)] | None = None


class NameTicket(Request):
    """A command about one certain visitor."""

    ticket: VisitId


class AnnulTicket(Request):
    """An administrator annuls an erroneous or test ticket. The reason is logged."""

    ticket: VisitId
    reason: Reason


class NoDetails(Request):
    """A command that needs no more than its address."""


class GiveRating(Request):
    """A mark for a visit, from a pad or tablet (``desk``) or from the ticket's holder (``ticket``).

    ``press_id`` is made by whoever took the press and is never reused: a press handed in twice
    is counted once. ``pressed_seconds_ago`` tells the age of a press kept while the line was down.
    """

    score: Annotated[int, Field(ge=1, le=5, strict=True)]
    press_id: Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
    desk: Code | None = None
    ticket: Annotated[str, Field(min_length=16, max_length=40)] | None = None
    source: Literal["pad", "tablet", "phone"] = "pad"
    pressed_seconds_ago: Annotated[int, Field(ge=0, le=7 * 24 * 3600, strict=True)] = 0


class SetReception(Request):
    """Opens or closes an office by hand, apart from its schedule."""

    mode: Literal["by_schedule", "always_open", "closed"]
    note: Names = Field(default_factory=dict)
