"""What programs and people ask of the server: the bodies of commands, checked by these very models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.sdk.messages import Code, Language, Names, Reason, VisitId

BOOKING_LINK = r"^(https?://\S{1,200}/)?[23456789bcdfghjkmnpqrstvwxz]{24}$"
"""The secret of a booking, alone or at the end of its page's address as in its QR."""


class Request(BaseModel):
    """A body somebody sends to the server: unknown keys are an error."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class IssueTicket(Request):
    """A visitor asks for a ticket; ``then`` are further services of the same visit, in order."""

    service: Code
    category: Code | None = None
    language: Language = "ru"
    then: Annotated[list[Code], Field(max_length=4)] = Field(default_factory=list)


class CheckIn(Request):
    """A booked visitor has come: by the booking's code, the link in its QR, or the phone's last digits."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    phone_digits: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    link: Annotated[str, Field(pattern=BOOKING_LINK)] | None = None
    language: Language = "ru"


class OpenDesk(Request):
    """An operator sits down at a desk."""


class TakeBreak(Request):
    """An operator leaves the desk for a while: at once, or when the visitor at the desk is done.

    ``reason``, here and below: a code of the company's list, or own words. Own words are kept apart from
    the log and erased after a few days.
    """

    reason: Annotated[str, Field(min_length=1, max_length=60)] = "lunch"
    after_visitor: bool = False


class VisitorHere(Request):
    """A command about the visitor at the desk; with ``ticket``, only if it is still this one."""

    ticket: VisitId | None = None


class PressPad(Request):
    """A key of the operator's pad at a desk; what it means depends on the visitor there."""

    key: Literal["call", "start", "redirect", "finish"]


class FinishTicket(VisitorHere):
    """The service is done, with the result's code where the office has results."""

    result: Code | None = None


class CallTicket(Request):
    """An operator calls one certain visitor: out of turn with a reason, or one who was held."""

    ticket: VisitId
    reason: Reason | None = None


class HoldTicket(VisitorHere):
    """An operator puts the visitor at the desk aside; with minutes, the visitor returns by itself."""

    reason: Reason
    return_in_minutes: Annotated[int, Field(ge=1, le=240, strict=True)] | None = None


class Destination(Request):
    """Where to send a visitor: a service, a desk, an operator; what is left out stays open.

    ``note`` is for the colleague; it is kept apart from the log and erased after a few days.
    """

    service: Code | None = None
    desk: Code | None = None
    operator: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    note: Annotated[str, Field(max_length=500)] = ""


class TransferTicket(Destination):
    """An operator sends the visitor at the desk on; ``return_after`` brings the visitor back here."""

    ticket: VisitId | None = None
    return_after: bool = False


class MoveTicket(Destination):
    """An administrator sends a waiting or held visitor elsewhere."""

    ticket: VisitId


class ServeWithoutTicket(Request):
    """An operator serves somebody who took no ticket: there is a service time but no wait."""

    service: Code


class AddNote(VisitorHere):
    """A note on the visitor at the desk, for staff only."""

    text: Annotated[str, Field(min_length=1, max_length=500)]


class NameTicket(Request):
    """A command about one certain visitor."""

    ticket: VisitId


class AnnulTicket(Request):
    """An administrator annuls an erroneous or test ticket. The reason is logged."""

    ticket: VisitId
    reason: Reason


class OrderPrint(Request):
    """Staff want a ticket on paper: at this terminal, or at the one heard of last."""

    ticket: VisitId
    terminal: str | None = None


class NoDetails(Request):
    """A command that needs no more than its address."""


class GiveRating(Request):
    """A mark for a visit, from a pad or tablet (``desk``) or from the ticket's holder (``ticket``).

    ``press_id`` is made by whoever took the press and is never reused: a press handed in twice
    is counted once. ``pressed_seconds_ago`` tells the age of a press kept while the line was down, with
    a fraction where it is known: the press is judged by its own moment.
    """

    score: Annotated[int, Field(ge=1, le=5, strict=True)]
    press_id: Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
    desk: Code | None = None
    ticket: Annotated[str, Field(min_length=16, max_length=40)] | None = None
    source: Literal["pad", "tablet", "phone"] = "pad"
    pressed_seconds_ago: Annotated[float, Field(ge=0, le=7 * 24 * 3600, strict=True, allow_inf_nan=False)] = 0


class SetReception(Request):
    """Opens or closes an office by hand, apart from its schedule."""

    mode: Literal["by_schedule", "always_open", "closed"]
    note: Names = Field(default_factory=dict)
