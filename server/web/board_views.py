"""From one hall to its boards: each shows the calls and the queue of its desks and services."""

from __future__ import annotations

from dataclasses import asdict

from server.db.queries import Hall
from server.domain.board import Board, board_called
from server.domain.events import LoggedEvent
from server.domain.visit import AT_DESK, Visit
from server.sdk.messages import Announcement, BoardView, WindowView
from server.web import views

ROWS_KNOWN = 24
"""Calls a board is told of: more than it shows at once, so that a burst is shown by turns."""
NEXT_ON_BOARD = 12


def board_of_room(hall: Hall, subject: str) -> Board:
    """The board that a room's subject names: ``{office}`` or ``{office}/{board}``; raises ``NotFound``."""
    return board_called(hall.office.boards, subject.partition("/")[2])


def board(hall: Hall, subject: str) -> BoardView:
    """One board, newest call first. Raises ``NotFound``."""
    board, office = board_of_room(hall, subject), hall.office
    called = sorted(
        (
            v
            for v in hall.visits
            if v.state in AT_DESK and not v.ticketless and board.shows_call(v.desk, v.service)
        ),
        key=lambda visit: (visit.called_at, visit.call_id),
        reverse=True,
    )
    shown = [
        s for s in office.services if board.shows_waiting(s.code, [d.id for d in office.desks_for(s.code)])
    ]
    codes = {service.code for service in shown}
    places = [place for place in hall.places if place.visit.service in codes]
    waits = [(service, hall.expected.newcomers.get(service.code)) for service in shown]
    return BoardView.model_validate(
        {
            "office": office.code,
            "board": board.code,
            "title": board.title,
            "layout": board.layout,
            "rows": board.rows,
            "turn_seconds": board.turn_seconds,
            "highlight_seconds": board.highlight_seconds,
            "shown_seconds": board.shown_seconds,
            "parts": board.parts,
            "slides": [asdict(slide) for slide in board.slides],
            "voice": asdict(board.voice),
            "version": hall.version,
            "at": hall.now,
            "name": office.name,
            "company": office.company,
            "timezone": str(office.zone),
            # A board is read by all at once: it speaks the languages of the paper, not of every touch page.
            "languages": office.ticket_languages,
            "demonstration": office.demonstration,
            "called": [_called_row(hall, board, visit) for visit in called[:ROWS_KNOWN]],
            "next": [p.visit.number for p in places if p.reason != "early"][:NEXT_ON_BOARD],
            "waiting": len(places),
            "live_wait_seconds": hall.live_wait_seconds(places),
            "expected": [
                {"name": service.name, "expected_wait": views.expected(wait)["expected_wait"]}
                for service, wait in waits
                if wait is not None and service.state == "open"
            ],
            "running_line": board.running_line or office.running_line,
            "is_open": hall.is_open,
            "reception_note": hall.reception.note or {},
        }
    )


def announcement(hall: Hall, board: Board, row: LoggedEvent) -> Announcement:
    """What ``board`` is to say of a call in the log."""
    point = hall.office.desk(str(row.event.desk))
    return Announcement.model_validate(
        {
            "id": row.event.payload["call"],
            "office": row.office,
            "at": row.event.at,
            "number": row.event.payload["number"],
            "label": point.label,
            "kind": point.kind,
            "languages": board.voice.languages,
        }
    )


def window(hall: Hall, desk_id: str, operator: str) -> WindowView:
    """The screen over a window; ``operator`` is the name to show, if any. Raises ``NotFound``."""
    office, point = hall.office, hall.office.desk(desk_id)
    sign, visit = views.sign(hall, point), hall.at_desk(desk_id)
    return WindowView.model_validate(
        {
            "office": office.code,
            "desk": point.id,
            "label": point.label,
            "kind": point.kind,
            "version": hall.version,
            "at": hall.now,
            "timezone": str(office.zone),
            "languages": office.ticket_languages,
            "demonstration": office.demonstration,
            "state": sign.state,
            "number": sign.text or None,
            "call_id": visit.call_id if visit else None,
            "operator": operator,
        }
    )


def _called_row(hall: Hall, board: Board, visit: Visit) -> dict[str, object]:
    point = hall.office.desk(str(visit.desk))
    return {
        "number": visit.number,
        "desk": point.id,
        "label": point.label,
        "kind": point.kind,
        "state": str(visit.state),
        "called_at": visit.called_at,
        "call_id": visit.call_id,
        "direction": board.directions.get(point.id),
    }
