"""The proofs can fail: an act, an answer or a row of the log that is not as it should be is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.domain.events import FIRST_HASH, Event, Kind, chain_hash, payload_text, timestamp
from tests.builders import NINE
from tests.flow.log_book import LogBook
from tests.flow.proof import Act, prove

DESKS = ["north-1", "north-2"]
ISSUED = {"number": "А001", "service": "contract"}
LOG = [
    Event(Kind.DESK_OPENED, NINE, "anna", None, "north-1"),
    Event(Kind.TICKET_ISSUED, NINE, "kiosk", "v1", None, ISSUED),
    Event(Kind.TICKET_CALLED, NINE, "anna", "v1", "north-1"),
    Event(Kind.SERVICE_STARTED, NINE, "anna", "v1", "north-1"),
    Event(Kind.BREAK_DUE, NINE, "anna", None, "north-1"),
    Event(Kind.SERVICE_FINISHED, NINE, "anna", "v1", "north-1"),
    Event(Kind.DESK_BREAK, NINE, "anna", None, "north-1"),
]
"""A second between each: a visitor comes, is served, and the break begins that was to follow."""


def a_log(*changes: tuple[int, Event]) -> list[dict[str, Any]]:
    """The log as it is exported; each change puts an event into the place of another."""
    events = list(LOG)
    for place, event in changes:
        events[place : place + 1] = [event]
    lines, previous = [], FIRST_HASH
    for seq, event in enumerate(events, start=1):
        event = event._replace(at=event.at + timedelta(seconds=seq))
        if seq == len(LOG):
            event = event._replace(at=event.at - timedelta(seconds=1))
        previous = chain_hash(previous, "north", seq, event)
        line = {"office": "north", "seq": seq, "at": timestamp(event.at), "kind": str(event.kind)}
        line |= {"visit": event.visit, "desk": event.desk, "actor": event.actor}
        lines.append({**line, "payload": dict(event.payload), "hash": previous})
        assert payload_text(event.payload)
    return lines


def an_act(act: str, version: int | None = None, status: int = 200, at: float = 0.0, **facts: Any) -> Act:
    """What a client tells, half a second after second ``at``."""
    moment = NINE.timestamp() + at + 0.5
    told = {"act": act, "status": status, "version": version, "visit": None, "sent": moment}
    return {**told, "answered": moment + 0.1, **facts}


def the_acts() -> list[Act]:
    """All that was told on that day: also that nobody waited before the ticket and after the call."""
    here: dict[str, Any] = {"visit": "v1", "number": "А001", "desk": "north-1"}
    return [
        an_act("open", 1, desk="north-1"),
        an_act("call-next", status=409, at=1, code="nobody_waiting", desk="north-1"),
        an_act("issue", status=201, visit="v1", number="А001"),
        an_act("call-next", 3, **here),
        an_act("call-next", status=409, at=3, code="desk_busy", state="called", **here),
        an_act("start", 4, **here),
        an_act("break", 5, desk="north-1"),
        an_act("finish", 7, **here),
        an_act("hold", status=409, at=6, code="move_not_allowed", state="served", **here),
    ]


def test_a_day_on_which_all_went_right_is_found_right() -> None:
    proof = prove(the_acts(), LogBook(a_log(), DESKS))
    proof.assert_holds()
    assert proof.done.total() == 6
    assert proof.refused.total() == 3


@pytest.mark.parametrize("missing", [0, 2, 3, 5, 6, 7])
def test_an_event_nobody_was_told_of_is_a_double(missing: int) -> None:
    acts = the_acts()
    del acts[missing]
    proof = prove(acts, LogBook(a_log(), DESKS))
    assert (len(proof.doubles), proof.lost, proof.errors) == (1, [], [])


@pytest.mark.parametrize("again", [0, 2, 3, 5, 6, 7])
def test_an_act_acknowledged_twice_for_one_event_is_lost(again: int) -> None:
    acts = the_acts()
    proof = prove([*acts, acts[again]], LogBook(a_log(), DESKS))
    assert (proof.doubles, len(proof.lost), proof.errors) == ([], 1, [])


@pytest.mark.parametrize(
    "told",
    [
        an_act("call-next", status=409, at=2, code="nobody_waiting", desk="north-2"),
        an_act("start", status=409, at=4, code="move_not_allowed", number="А001", state="called"),
        an_act("call", status=409, at=6, code="desk_busy", number="А001", state="serving", desk="north-1"),
        an_act("start", status=409, at=4, code="nobody_at_desk", desk="north-1"),
        an_act("start", status=409, at=3, code="desk_closed", desk="north-1"),
        an_act("start", status=409, at=3, code="never heard of"),
        an_act("start", status=404, at=3, code="unknown_visit"),
        an_act("start", status=500, at=3, code="fault"),
        an_act("start", status=0, at=3, code="no answer"),
    ],
    ids=lambda act: f"{act['code']}",
)
def test_a_refusal_that_was_not_true_is_an_error(told: Act) -> None:
    proof = prove([*the_acts(), told], LogBook(a_log(), DESKS))
    assert (proof.doubles, proof.lost, len(proof.errors)) == ([], [], 1)


@pytest.mark.parametrize(
    ("place", "event", "fault"),
    [
        (2, Event(Kind.TICKET_CALLED, NINE, "olga", "v1", "north-1"), "olga does not work at north-1"),
        (2, Event(Kind.TICKET_CALLED, NINE, "anna", "v1", "north-2"), "anna does not work at north-2"),
        (4, Event(Kind.TICKET_CALLED, NINE, "anna", "v1", "north-1"), "А001 was serving"),
        (3, Event(Kind.NO_SHOW, NINE, "anna", "v1", "north-1"), "А001 was no_show"),
        (5, Event(Kind.REMARK_ADDED, NINE, "anna", "v1", "north-1"), "А001 was at north-1"),
        (1, LOG[1]._replace(payload={**ISSUED, "number": "А002"}), "the numbers of А have holes or doubles"),
    ],
)
def test_what_cannot_be_is_found_in_the_log(place: int, event: Event, fault: str) -> None:
    found = LogBook(a_log((place, event)), DESKS).faults
    assert any(fault in one for one in found), found


def test_a_number_given_twice_is_found() -> None:
    book = LogBook(a_log((4, LOG[1]._replace(visit="v2"))), DESKS)
    assert book.doubled_numbers == ["А001"]
