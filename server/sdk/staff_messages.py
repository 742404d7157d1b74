"""The wire of staff: tickets as they see them, the operator's screen, the hall administrator's."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from server.sdk.messages import (
    Answer,
    CategoryInfo,
    DeskState,
    Language,
    Names,
    PointKind,
    ServiceState,
    VisitState,
)
from server.sdk.terminal_messages import DevicePart


class Choice(Answer):
    """One of the company's reasons or results to choose from."""

    code: str
    name: Names


class Remark(Answer):
    """Free words of staff about a ticket: a note, own words for a reason. Erased after a few days."""

    at: datetime
    actor: str
    kind: Literal["note", "call", "hold", "transfer", "annul"]
    text: str


class StepView(Answer):
    """A further service of the same visit; ``desk`` when it must be that desk."""

    service: str
    service_name: Names
    desk: str | None = None
    label: str | None = None


class TicketView(Answer):
    """A ticket for staff. ``reason`` says why it stands where it stands in the order.

    A visit has one or more legs, one per service: ``started_at`` is the start of the first,
    ``leg_started_at`` of the present one, ``waiting_since`` when the present wait began.
    ``held_seconds`` is the time of the present leg that was no service, because the visitor was held.
    ``then`` are the services to follow, ``to_desk`` and ``to_operator`` who alone may call.
    """

    id: str
    number: str
    service: str
    service_name: Names
    state: VisitState
    category: str | None = None
    language: Language
    joined_at: datetime
    called_at: datetime | None = None
    call_count: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    desk: str | None = None
    wait_seconds: int | None = None
    service_seconds: int | None = None
    place: int | None = None
    reason: str | None = None
    held_reason: str | None = None
    held_until: datetime | None = None
    held_seconds: int = 0
    leg: int = 1
    leg_started_at: datetime | None = None
    waiting_since: datetime
    booked_for: datetime | None = None
    ticketless: bool = False
    then: list[StepView] = Field(default_factory=list)
    to_desk: str | None = None
    to_operator: str | None = None
    overtaken: int = 0
    result: str | None = None
    remarks: list[Remark] = Field(default_factory=list)
    norm_seconds: int
    wait_limit_seconds: int


class AlertView(Answer):
    """Something in the hall that needs a person now. Only the fields that the code speaks of are set.

    ``wait_over_limit``: ticket, number, service, seconds. ``service_over_norm``: ticket, number, desk,
    seconds. ``long_queue``: people. ``idle_desk``: desk, seconds, people. ``nobody_serves``: service, people.
    ``addressee_away``: ticket, number, service, and the desk or operator it was sent to in vain.
    ``terminal_fault``: terminal (its name), fault (a state of the printer, ``unprinted`` with
    number, ``help``, or words). ``terminal_silent``: terminal, seconds. ``device_fault``: device (its kind),
    terminal (its name), fault (words). ``device_silent``: device, terminal, seconds.
    ``low_mark``: ticket, number, desk, score, reasons and comment (the visitor's own words), seconds since.
    """

    code: Literal[
        "wait_over_limit",
        "service_over_norm",
        "long_queue",
        "idle_desk",
        "nobody_serves",
        "addressee_away",
        "terminal_fault",
        "terminal_silent",
        "device_fault",
        "device_silent",
        "low_mark",
    ]
    ticket: str | None = None
    number: str | None = None
    service: str | None = None
    service_name: Names | None = None
    desk: str | None = None
    label: str | None = None
    operator: str | None = None
    device: str | None = None
    seconds: int | None = None
    people: int | None = None
    terminal: str | None = None
    fault: str | None = None
    score: int | None = None
    reasons: list[Names] = Field(default_factory=list)
    comment: str = ""


class QueueView(Answer):
    """The waiting list in the order of calling. Room ``queue:{office}``."""

    office: str
    version: int
    at: datetime
    waiting: list[TicketView]


class DeskView(Answer):
    """The state of an operator's screen. Room ``desk:{desk}``.

    ``services`` are those of the desk: any of their visitors may be called by hand, with a reason.
    ``waiting`` is the office's whole list in order; ``mine`` names by id those this desk may call, in the
    desk's own order: the first is called next. ``held`` are those put aside and ``missed`` today's last
    no-shows, both of this desk's services, the latest first. ``alerts`` are those of this desk and its
    queue. With ``start_button`` false a called visitor is finished without being started.
    ``break_due`` is the reason of the break that begins when the visitor at the desk is done.
    """

    office: str
    desk: str
    label: str
    kind: PointKind
    version: int
    at: datetime
    state: DeskState
    operator: str | None
    break_reason: str | None = None
    break_due: str | None = None
    since: datetime
    services: list[str]
    current: TicketView | None
    waiting: list[TicketView]
    mine: list[str]
    held: list[TicketView] = Field(default_factory=list)
    missed: list[TicketView] = Field(default_factory=list)
    alerts: list[AlertView] = Field(default_factory=list)
    start_button: bool = True
    auto_call: bool = False
    service_norm_seconds: int
    wait_limit_seconds: int
    served_today: int


class TicketMoved(TicketView):
    """A ticket after an operator's act, and the operator's screen as it is now."""

    screen: DeskView


class DeskChoice(Answer):
    """A desk a visitor may be sent to."""

    desk: str
    label: str
    kind: PointKind
    state: DeskState
    operator: str | None
    services: list[str]


class ServiceChoice(Answer):
    """A service a visitor may be sent to."""

    code: str
    name: Names
    waiting: int
    desks_open: int


class Choices(Answer):
    """What the staff of an office choose from: reasons by act, results of a service, where to send."""

    office: str
    call_reasons: list[Choice]
    hold_reasons: list[Choice]
    break_reasons: list[Choice]
    annul_reasons: list[Choice]
    results: list[Choice]
    result_required: bool
    services: list[ServiceChoice]
    desks: list[DeskChoice]
    categories: list[CategoryInfo]


class HallDesk(Answer):
    """A desk as the hall administrator sees it."""

    desk: str
    label: str
    kind: PointKind
    state: DeskState
    operator: str | None
    break_reason: str | None
    since: datetime
    current: TicketView | None
    served_today: int


class HallService(Answer):
    """The load of one service. ``desks_open`` counts those that may call for it now."""

    code: str
    name: Names
    state: ServiceState
    waiting: int
    longest_wait_seconds: int | None
    desks_open: int
    wait_limit_seconds: int


class PadTaken(Answer):
    """What a key of an operator's pad has done: the visitor, and the state now."""

    desk: str
    number: str
    state: str


class TerminalState(Answer):
    """A ticket terminal as staff see it. ``silent`` when it has not been heard of for over a minute."""

    id: str
    name: str
    seen_at: datetime
    silent: bool
    command: str | None = None
    printer: str
    fault: str
    queued: int
    unprinted: list[str]
    offline_tickets: int
    version: str = ""
    clock_ahead_ms: int | None = None
    disk_free_mb: int | None = None


class DeviceState(Answer):
    """A display program or a bridge as staff see it, with its lines, pads, signs and sounds."""

    id: str
    kind: str
    name: str
    version: str
    seen_at: datetime
    silent: bool
    parts: list[DevicePart]


class HallView(Answer):
    """The whole hall for its administrator. Room ``hall:{office}``."""

    office: str
    version: int
    at: datetime
    is_open: bool
    reception: Literal["by_schedule", "always_open", "closed"]
    waiting: list[TicketView]
    held: list[TicketView]
    missed: list[TicketView]
    desks: list[HallDesk]
    services: list[HallService]
    alerts: list[AlertView]
    terminals: list[TerminalState] = Field(default_factory=list)
    devices: list[DeviceState] = Field(default_factory=list)
    live_wait_seconds: int | None
