"""News for screens: after each commit, the newest whole state of every room somebody here follows.

One table says which rooms there are, who may follow them, and how their state is made. Announcements
are read from the event log, so that each call is told once, whichever process committed it.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from flask_babel import force_locale
from flask_socketio import SocketIO
from pydantic import BaseModel
from sqlalchemy import Connection

from server.db import accounts, event_log, queries
from server.db.queries import Hall
from server.db.store import Store
from server.domain.errors import NotFound
from server.domain.events import Kind, LoggedEvent
from server.domain.visit import State
from server.web import board_views, booking_views, staff_views, views
from server.web.auth import PUBLIC, Gate, Identity
from server.web.problems import problem_of
from server.web.terminal_api import terminal_view

log = logging.getLogger(__name__)

REFRESH_SECONDS = 20
"""How often states are made anew without news: waits grow and offices close by the clock alone."""

PHONES_AT_ONCE = 20
"""How many phones are told before others have their turn: a hall may hold a thousand."""

ANNOUNCED = (Kind.TICKET_CALLED, Kind.TICKET_RECALLED)
ANNOUNCEMENT_LIMIT = timedelta(seconds=30)


@dataclass(frozen=True)
class RoomKind:
    """What follows the colon of a room's name (``names``), the right it needs, and how its state is made."""

    names: str
    right: str
    state: Callable[[Connection, Hall, str], BaseModel]


def _ticket(connection: Connection, hall: Hall, code: str) -> BaseModel:
    visit = hall.by_code.get(code) or queries.visit_by_code(connection, code)
    # Who was never called has rated nothing: for most phones there is nothing to look for.
    uncalled = visit.state is State.WAITING and visit.call_count == 0
    score = None if uncalled else queries.score_of_visit(connection, visit.id)
    return views.ticket_status(hall, visit, score)


def _window(connection: Connection, hall: Hall, desk: str) -> BaseModel:
    operator = hall.desk(desk).operator
    shown = operator is not None and hall.office.policy.show_operator
    return board_views.window(
        hall, desk, accounts.name_of(connection, operator) if operator and shown else ""
    )


def rooms(public_url: str) -> dict[str, RoomKind]:
    """Every room by the word before its colon."""
    return {
        "kiosk": RoomKind("office", PUBLIC, lambda _c, hall, _s: views.office_info(hall)),
        "board": RoomKind("board", "board.watch", lambda _c, hall, subject: board_views.board(hall, subject)),
        "window": RoomKind("desk", "board.watch", _window),
        "queue": RoomKind("office", "queue.read", lambda _c, hall, _s: staff_views.queue(hall)),
        "hall": RoomKind("office", "hall.watch", lambda _c, hall, _s: staff_views.whole_hall(hall)),
        "bookings": RoomKind("office", "booking.watch", lambda _c, hall, _s: booking_views.news(hall)),
        "terminal": RoomKind("office", "ticket.issue", lambda _c, hall, _s: terminal_view(hall, public_url)),
        "bridge": RoomKind("office", "bridge.watch", lambda _c, hall, _s: views.bridge(hall)),
        "desk": RoomKind("desk", "desk.work", lambda _c, hall, desk: staff_views.desk(hall, desk)),
        "rating": RoomKind("desk", "rating.watch", lambda _c, hall, desk: views.rating_page(hall, desk)),
        # The code in the room's name is the right itself.
        "ticket": RoomKind("ticket", PUBLIC, _ticket),
    }


class Push:
    """Keeps who follows what in this process, and tells them. Every process tells its own sockets."""

    def __init__(
        self, socketio: SocketIO, store: Store, gate: Gate, redis_url: str = "", public_url: str = ""
    ) -> None:
        self._kinds = rooms(public_url)
        self._socketio = socketio
        self._store = store
        self._gate = gate
        self._rooms: dict[str, dict[str, set[str]]] = defaultdict(dict)  # office → room → sids
        self._identities: dict[str, Identity] = {}
        self._spoken_to: dict[str, int] = {}
        self._told: dict[str, dict[str, Any]] = {}  # room → its state as last told
        self._late: dict[str, list[str]] = {}  # office → phones a change came before, longest untold first
        self._dirty: set[str] = set()
        self._wake = threading.Event()
        self._stopping = False
        self._relay = Relay(redis_url, self.mark, self._mark_all) if redis_url else None
        socketio.on_event("connect", self._connect)
        socketio.on_event("disconnect", self._disconnect)
        socketio.on_event("follow", self._follow)

    def start(self) -> None:
        """Begin telling, in the background."""
        self._socketio.start_background_task(self._run)
        if self._relay:
            self._socketio.start_background_task(self._relay.run)

    def stop(self) -> None:
        """Stop telling."""
        self._stopping = True
        self._wake.set()

    def announce(self, office: str) -> None:
        """An office's state was committed anew: tell whoever follows it, in every process."""
        self.mark(office)
        if self._relay:
            self._relay.publish(office)

    def mark(self, office: str) -> None:
        """Tell this process's followers of an office soon."""
        self._dirty.add(office)
        self._wake.set()

    def _mark_all(self) -> None:
        for office in list(self._rooms):
            self.mark(office)

    @property
    def sockets(self) -> int:
        """How many sockets are open in this process."""
        return len(self._identities)

    # --- sockets ---

    def _connect(self, auth: Any = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        self._identities[request.sid] = self._gate.identity_of_socket(  # type: ignore[attr-defined]
            token if isinstance(token, str) else None
        )

    def _disconnect(self, *_reason: object) -> None:
        sid = request.sid  # type: ignore[attr-defined]
        self._identities.pop(sid, None)
        self._forget(sid)

    def _forget(self, sid: str) -> None:
        for rooms in self._rooms.values():
            for room in [room for room, sids in rooms.items() if sid in sids]:
                rooms[room].discard(sid)
                if not rooms[room]:
                    del rooms[room]
                    self._told.pop(room, None)

    def _follow(self, message: Any = None) -> dict[str, Any] | None:
        """Join a room and get its state at once. Returns a problem instead when it may not be followed."""
        sid = request.sid  # type: ignore[attr-defined]
        name = str(message.get("room", "")) if isinstance(message, dict) else ""
        try:
            identity = self._identities.get(sid)
            if identity is None:
                return None  # it has left meanwhile
            kind, subject = self._allowed(name, identity)
            with self._store.read() as connection:
                office = self._office_of(connection, kind, subject)
                identity.check_office(office)
                hall = self._hall(connection, office)
                state = kind.state(connection, hall, subject)
                self._spoken_to.setdefault(office, hall.version)
        except Exception as error:  # noqa: BLE001 - the outermost place of a socket's request
            with force_locale(request.accept_languages.best_match(["ru", "kk", "en"]) or "ru"):
                return problem_of(error).model_dump(mode="json")
        try:
            self._socketio.server.enter_room(sid, name)
        except ValueError:
            return None  # it has left meanwhile
        self._rooms[office].setdefault(name, set()).add(sid)
        if sid not in self._identities:
            # It left before it stood in the room: nobody else would take it out again.
            self._forget(sid)
            return None
        with self._store.read() as connection:
            # What was told between the reading and the joining this screen has not heard.
            if queries.head(connection, office).last_seq > hall.version:
                state = kind.state(connection, self._hall(connection, office), subject)
        self._socketio.emit("state", {"room": name, "state": state.model_dump(mode="json")}, to=sid)
        return None

    def _allowed(self, name: str, identity: Identity) -> tuple[RoomKind, str]:
        prefix, _, subject = name.partition(":")
        if prefix not in self._kinds or not subject:
            raise NotFound("not_found")
        identity.check(self._kinds[prefix].right)
        return self._kinds[prefix], subject

    # --- telling ---

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(REFRESH_SECONDS)
            timed_out = not self._wake.is_set()
            self._wake.clear()
            offices = set(self._rooms) if timed_out else set()
            while self._dirty:
                offices.add(self._dirty.pop())
            if timed_out:
                self._told.clear()
            for office in offices:
                try:
                    self._tell(office)
                except Exception:
                    # The worker must outlive one bad office; the next change tells again.
                    log.exception("could not tell the followers of %s", office)

    def _tell(self, office: str) -> None:
        rooms = self._rooms.get(office)
        if not rooms:
            self._spoken_to.pop(office, None)
            self._late.pop(office, None)
            return
        with self._store.read() as connection:
            hall = self._hall(connection, office)
            # Boards and desks come first: a hall may hold a thousand phones, and the call is on the board.
            followed = list(rooms)
            phones = [room for room in followed if room.startswith("ticket:")]
            screens = [room for room in followed if not room.startswith("ticket:")]
            states = {room: self._state(connection, hall, room) for room in screens}
            after = self._spoken_to.get(office, hall.version)
            news = [row for row in event_log.read(connection, office, after) if row.seq <= hall.version]
        self._spoken_to[office] = hall.version
        self._emit(states)
        for row in news:
            if row.event.kind in ANNOUNCED and hall.now - row.event.at < ANNOUNCEMENT_LIMIT:
                self._say(hall, row, [room for room in states if room.startswith("board:")])
        self._tell_phones(hall, phones)

    def _tell_phones(self, hall: Hall, phones: list[str]) -> None:
        """Some at a time. A change meanwhile goes to the boards first, then to the phones not told yet."""
        office = hall.office.code
        phones = list(dict.fromkeys([*self._late.pop(office, []), *phones]))
        for first in range(0, len(phones), PHONES_AT_ONCE):
            if first:
                self._socketio.sleep(0)
            if first and office in self._dirty:
                self._late[office] = phones[first:]
                return
            # Who left meanwhile needs no state, and would leave one behind.
            here = [room for room in phones[first : first + PHONES_AT_ONCE] if room in self._rooms[office]]
            with self._store.read() as connection:
                states = {room: self._state(connection, hall, room) for room in here}
            self._emit(states)

    def _emit(self, states: dict[str, BaseModel]) -> None:
        """Tell each room its state, unless nothing but the moment has changed: most phones hear little."""
        for room, state in states.items():
            told = state.model_dump(mode="json")
            facts = {name: value for name, value in told.items() if name not in ("version", "at")}
            if self._told.get(room) == facts:
                continue
            self._told[room] = facts
            self._socketio.emit("state", {"room": room, "state": told}, to=room)

    def _say(self, hall: Hall, row: LoggedEvent, boards: list[str]) -> None:
        """Tell the boards that show this call to say it."""
        called = next((visit for visit in hall.visits if visit.id == row.event.visit), None)
        for room in boards:
            board = board_views.board_of_room(hall, room.partition(":")[2])
            if board.shows_call(row.event.desk, called.service if called else ""):
                said = board_views.announcement(hall, board, row)
                self._socketio.emit("say", said.model_dump(mode="json"), to=room)

    def _state(self, connection: Connection, hall: Hall, room: str) -> BaseModel:
        prefix, _, subject = room.partition(":")
        return self._kinds[prefix].state(connection, hall, subject)

    def _hall(self, connection: Connection, office: str) -> Hall:
        head = queries.head(connection, office)
        return queries.hall(connection, self._store.book, head, self._store.clock())

    def _office_of(self, connection: Connection, kind: RoomKind, subject: str) -> str:
        if kind.names == "ticket":
            return queries.visit_by_code(connection, subject).office
        if kind.names == "desk":
            return queries.office_of_desk(connection, subject)
        return queries.head(
            connection, subject.partition("/")[0] if kind.names == "board" else subject
        ).office


class Relay:
    """Carries "this office changed" between server processes through Redis; the truth is in the database.

    ``begun`` is called whenever it begins to listen: what was told before, it has not heard.
    """

    CHANNEL = "talon:office"

    def __init__(self, url: str, heard: Callable[[str], None], begun: Callable[[], None]) -> None:
        import redis

        self._redis = redis.Redis.from_url(url)
        self._errors = redis.RedisError
        self._heard = heard
        self._begun = begun

    def publish(self, office: str) -> None:
        """Tell the other processes. Without Redis they learn at their next refresh."""
        try:
            self._redis.publish(self.CHANNEL, json.dumps(office))
        except self._errors as error:
            log.warning("Redis is out of reach, other processes learn late: %s", error)

    def run(self) -> None:
        """Listen for as long as the process lives."""
        while True:
            try:
                listener = self._redis.pubsub()  # type: ignore[no-untyped-call]
                listener.subscribe(self.CHANNEL)
                for message in listener.listen():
                    if message["type"] == "subscribe":
                        self._begun()
                    elif message["type"] == "message":
                        self._heard(str(json.loads(message["data"])))
            except self._errors as error:
                log.warning("Redis is out of reach, trying again: %s", error)
                threading.Event().wait(1.0)
