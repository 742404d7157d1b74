"""The client of the server for device programs: commands by HTTP, news by Socket.IO."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, TypeVar

import requests
import socketio
from pydantic import BaseModel

from server.sdk.commands import CheckIn, GiveRating, IssueTicket, PressPad
from server.sdk.messages import IssuedTicket, OfficeInfo, Problem, RatingTaken, TicketStatus
from server.sdk.staff_messages import PadTaken
from server.sdk.terminal_messages import (
    DeviceHeard,
    HandedIn,
    HandInTickets,
    LeaseNumbers,
    NumberLease,
    ReportDevice,
    ReportPrint,
    ReportTerminal,
    TerminalView,
)

log = logging.getLogger(__name__)
A = TypeVar("A", bound=BaseModel)


class ServerUnreachable(Exception):
    """No usable answer came in time: the command may have been done; repeat it with the same key."""


class ServerRefused(Exception):
    """The server understood and said no. ``problem`` says why, for programs and for people."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.status} {problem.code}: {problem.detail}")


def new_key() -> str:
    """A fresh Idempotency-Key: keep it while repeating one and the same command."""
    return str(uuid.uuid4())


class TalonClient:
    """Commands to the server. One HTTP session per thread; every call ends within ``timeout`` seconds.

    ``on_date(date, asked, answered)`` hears the Date of every answer and the moments (``time.monotonic``)
    between which it was said, for comparing clocks. ``machine`` (4 to 16 of a-z, 0-9) tells devices apart
    that were given one token.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        timeout: float = 2.0,
        language: str = "ru",
        on_date: Callable[[datetime, float, float], None] | None = None,
        machine: str = "",
    ) -> None:
        self._on_date = on_date
        self.base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        if machine:
            self._headers["Talon-Machine"] = machine
        self._timeout = timeout
        self._local = threading.local()

    def office(self, office: str) -> OfficeInfo:
        """The office as the public sees it now."""
        return self._call(OfficeInfo, "GET", f"offices/{office}")

    def issue_ticket(self, office: str, request: IssueTicket, key: str) -> IssuedTicket:
        """Issue a ticket; the same ``key`` always gives the same ticket."""
        return self._call(IssuedTicket, "POST", f"offices/{office}/tickets", request, key)

    def check_in(self, office: str, request: CheckIn, key: str) -> IssuedTicket:
        """A booked visitor has come; the same ``key`` always gives the same ticket."""
        return self._call(IssuedTicket, "POST", f"offices/{office}/check-in", request, key)

    def cancel_ticket(self, code: str) -> TicketStatus:
        """Take a ticket out of the queue by its code; twice is the same as once."""
        return self._call(TicketStatus, "POST", f"tickets/{code}/cancel")

    def lease_numbers(self, office: str, request: LeaseNumbers) -> NumberLease:
        """Numbers of today for this terminal alone, to be given while the server is out of reach."""
        return self._call(NumberLease, "POST", f"offices/{office}/number-leases", request)

    def hand_in(self, office: str, request: HandInTickets, key: str) -> HandedIn:
        """Tell of tickets given while the server was out of reach; handed in twice they count once."""
        return self._call(HandedIn, "POST", f"offices/{office}/offline-tickets", request, key)

    def report_terminal(self, office: str, request: ReportTerminal, key: str | None = None) -> TerminalView:
        """Tell how this terminal stands; the answer is what it has to print."""
        return self._call(TerminalView, "POST", f"offices/{office}/terminals", request, key)

    def report_print(self, office: str, request: ReportPrint, key: str) -> TerminalView:
        """Tell what became of a print order."""
        return self._call(TerminalView, "POST", f"offices/{office}/print-results", request, key)

    def report_device(self, office: str, request: ReportDevice) -> DeviceHeard:
        """Tell how a display program or a bridge stands."""
        return self._call(DeviceHeard, "POST", f"offices/{office}/devices", request)

    def press_pad(self, desk: str, request: PressPad, key: str) -> PadTaken:
        """A key of an operator's pad. It is worth nothing later: never repeat it after a while."""
        return self._call(PadTaken, "POST", f"desks/{desk}/pad-key", request, key)

    def rate(self, request: GiveRating) -> RatingTaken:
        """Hand in a press of a rating key; its ``press_id`` is the key."""
        return self._call(RatingTaken, "POST", "ratings", request, request.press_id)

    def _call(
        self, answer: type[A], method: str, path: str, body: BaseModel | None = None, key: str | None = None
    ) -> A:
        headers = dict(self._headers)
        if key is not None:
            headers["Idempotency-Key"] = key
        asked = time.monotonic()
        try:
            response = self._session().request(
                method,
                f"{self.base_url}/api/v1/{path}",
                json=None if body is None else body.model_dump(mode="json", exclude_none=True),
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
            if self._on_date and (date := response.headers.get("Date")):
                self._on_date(parsedate_to_datetime(date), asked, time.monotonic())
            if response.status_code >= 500:
                raise ServerUnreachable(f"the server answered {response.status_code} to {method} {path}")
            if response.status_code >= 400:
                raise ServerRefused(Problem.model_validate_json(response.content))
            return answer.model_validate_json(response.content)
        except (requests.RequestException, ValueError) as error:
            raise ServerUnreachable(f"{method} {path}: {error}") from error

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            # A device talks to its own server: no proxy of the machine may come between.
            self._local.session.trust_env = False
        session: requests.Session = self._local.session
        return session


class NewsFeed:
    """Keeps a Socket.IO connection to the server and hands over the newest whole state of each room.

    ``on_state(room, state)`` is called for every newer version of a room's state (older ones are
    dropped), ``on_say(announcement)`` once per announcement id, ``on_link(online)`` when contact is
    made or lost. All run on the feed's own thread. Reconnects by itself with back-off up to 5 s.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        rooms: list[str],
        on_state: Callable[[str, Mapping[str, Any]], None],
        on_say: Callable[[Mapping[str, Any]], None] | None = None,
        on_link: Callable[[bool], None] | None = None,
    ) -> None:
        self._url = base_url.rstrip("/")
        self._token = token
        self._rooms = rooms
        self._on_state = on_state
        self._on_say = on_say
        self._on_link = on_link
        self._versions: dict[str, int] = {}
        self._spoken: dict[str, None] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._socket = socketio.Client(reconnection=True, reconnection_delay=0.5, reconnection_delay_max=5)
        self._socket.on("connect", self._connected)
        self._socket.on("disconnect", self._disconnected)
        self._socket.on("state", self._state)
        self._socket.on("say", self._say)

    def start(self) -> None:
        """Begin in the background; returns at once."""
        self._thread = threading.Thread(target=self._run, name="news-feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave and wait for the thread to end."""
        self._stop.set()
        # Ends also the library's own attempts to reconnect, which would outlive a plain disconnect.
        self._socket.shutdown()
        if self._thread:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._socket.connect(
                    self._url, auth={"token": self._token}, transports=["websocket"], wait_timeout=5
                )
                self._socket.wait()
            except socketio.exceptions.ConnectionError as error:
                log.info("no news from the server yet: %s", error)
            self._stop.wait(1.0)

    def _connected(self) -> None:
        # A restarted server counts anew only if its database was replaced: take whatever it says first.
        self._versions.clear()
        for room in self._rooms:
            self._socket.emit("follow", {"room": room}, callback=partial(self._followed, room))
        if self._on_link:
            self._on_link(True)

    def _followed(self, room: str, problem: Mapping[str, Any] | None = None) -> None:
        if problem:
            log.error("the server refuses news of %s: %s: check the token", room, problem.get("detail"))

    def _disconnected(self, *_reason: object) -> None:
        if self._on_link:
            self._on_link(False)

    def _state(self, message: Mapping[str, Any]) -> None:
        room, state = str(message["room"]), message["state"]
        version = int(state["version"])
        if version < self._versions.get(room, -1):
            return
        self._versions[room] = version
        self._on_state(room, state)

    def _say(self, message: Mapping[str, Any]) -> None:
        if message["id"] in self._spoken or self._on_say is None:
            return
        self._spoken[message["id"]] = None
        if len(self._spoken) > 500:
            self._spoken.pop(next(iter(self._spoken)))
        self._on_say(message)
