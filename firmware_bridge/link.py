"""The bridge's side of a line (PROTOCOL.md §4): a pure state machine. No I/O; time comes as an argument.

``Line`` shares one wire among its devices: one request at a time, resent until answered. ``Session``
is what the bridge knows of one device: whether it answers, what it shall show, which presses are kept.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from firmware_bridge import catalog
from firmware_bridge.catalog import Kind, PadState, Refusal, Said, Sender, SignMode
from firmware_bridge.frame import MAX_WIRE, Decoder, Frame, encode

TRIES = 4
"""A request unanswered so often makes the device silent."""
HEARTBEAT_SECONDS = 0.5
"""How often a sign is asked for news, and a pad that has its line for itself: its presses come unasked."""
POLL_SECONDS = 0.05
"""How often each pad of a shared line is asked for news: its presses wait for this."""
REPEAT_SECONDS = 0.05
"""When to ask again after a press that came twice: its receipt was lost."""
GREET_SECONDS = (0.25, 0.5, 1.0, 2.0)
"""Waits between greetings of a silent device."""
WRONG_SECONDS = 5.0
"""Between greetings of a device that cannot be used, until someone changes it."""
KEPT_IDS = 64
"""Remembered presses per device; a device keeps fewer than this, so none comes back after that many."""


class State(StrEnum):
    """What can be said about a device. UNKNOWN: not asked yet."""

    UNKNOWN = "unknown"
    SILENT = "silent"
    ONLINE = "online"
    WRONG_VERSION = "wrong_version"
    WRONG_KIND = "wrong_kind"


@dataclass(frozen=True)
class Show:
    """A sign shall show ``text`` (cut to what fits)."""

    text: str
    mode: SignMode


@dataclass(frozen=True)
class Arm:
    """A pad shall invite (``armed``) or sleep; ``until`` is when it falls asleep by itself, or ``None``."""

    armed: bool
    until: float | None = None


@dataclass(frozen=True)
class Pressed:
    """A key was pressed. Comes again until ``Line.keep`` is called with it, and never after."""

    address: int
    boot: int
    counter: int
    key: int
    age_seconds: float


@dataclass(frozen=True)
class Changed:
    """A device's state changed; ``why`` is for the log, in words that name the cure."""

    address: int
    state: State
    why: str


@dataclass(frozen=True)
class Refused:
    """A device did not do as told; it is not told again."""

    address: int
    request: str
    reason: int


Event = Pressed | Changed | Refused


class Session:
    """One device. Not used alone: ``Line`` drives it."""

    def __init__(self, address: int, kind: Kind, polled: bool) -> None:
        self.address = address
        self.kind = kind
        self.state = State.UNKNOWN
        self.identity: Said | None = None
        self.lost = 0
        """Presses the device itself had no room to keep since its start."""
        self.due = 0.0
        self._line = catalog.Line.POLLED if polled else catalog.Line(0)
        self._pause = POLL_SECONDS if polled and kind is Kind.PAD else HEARTBEAT_SECONDS
        self._greetings = 0
        self._wish: Show | Arm | None = None
        self._telling: Show | Arm | None = None
        self._told: Show | Arm | None = None
        self._repeated = False
        self._kept: deque[tuple[int, int]] = deque(maxlen=KEPT_IDS)
        self.receipts: deque[tuple[int, int]] = deque()

    def want(self, wish: Show | Arm, now: float) -> None:
        """From now on the device shall show ``wish``, also after it was away."""
        self._wish = wish
        if self.state is State.ONLINE and wish != self._told:
            self.due = now

    def keep(self, boot: int, counter: int, now: float) -> None:
        """The press is safe: give the device its receipt, and ask for the next one."""
        self._kept.append((boot, counter))
        self.receipts.append((boot, counter))
        self.due = now

    def request(self, sequence: int, now: float) -> Frame:
        """What to ask the device now."""
        address = self.address
        if self.state is not State.ONLINE:
            greeting = {"version": catalog.VERSION, "oldest": catalog.OLDEST_VERSION, "line": self._line}
            return catalog.encode(address, sequence, Said("hello", greeting))
        self._telling = self._wish
        if self._wish is None or self._wish == self._told:
            return catalog.encode(address, sequence, Said("poll"))
        if isinstance(self._wish, Show):
            text = catalog.fitting(self._wish.text)
            return catalog.encode(address, sequence, Said("show", {"mode": self._wish.mode}, text))
        state, seconds = PadState(self._wish.armed), 0
        if self._wish.until is not None:
            # Zero would mean "for ever"; a time already over means asleep.
            left = self._wish.until - now
            seconds = min(0xFFFF, int(left) + 1)
            if left <= 0:
                state, seconds = PadState.ASLEEP, 0
        return catalog.encode(address, sequence, Said("pad", {"state": state, "seconds": seconds}))

    def heard(self, said: Said, answered: bool, now: float) -> list[Event]:
        """Take a message of the device; ``answered`` says that it answers the last request."""
        if said.name == "identity":
            return self._introduced(said, now) if answered else []
        if self.state is not State.ONLINE:
            # It lives, but who knows what its messages mean: greet first. It keeps its presses.
            if self.state is not State.WRONG_VERSION and self.state is not State.WRONG_KIND:
                self.due = now
            return []
        events: list[Event] = []
        if said.name == "press":
            events = self._pressed(said)
        elif said.name == "alive":
            self.lost = said.numbers["lost"]
        elif said.name == "done" and answered:
            self._told = self._telling
        elif said.name == "refused" and answered:
            events = self._refused(said)
        if answered:
            self.due = now + self._pause_after_answer()
        return events

    def unanswered(self, now: float) -> list[Event]:
        """The last request got no answer, resent or not."""
        events = self._become(State.SILENT, "no answer: check its power, cable, address and baud rate", now)
        self.due = now + GREET_SECONDS[min(self._greetings, len(GREET_SECONDS) - 1)]
        self._greetings += 1
        return events

    def _pause_after_answer(self) -> float:
        if self._repeated or (self._wish == self._telling and self._wish != self._told):
            # A lost receipt, or a device that answers without doing: soon, but not at the line's full speed.
            self._repeated = False
            return REPEAT_SECONDS
        if self.state is State.SILENT or self._wish not in (None, self._told):
            return 0.0
        return self._pause

    def _introduced(self, said: Said, now: float) -> list[Event]:
        self.identity = said
        version, kind = said.numbers["version"], said.numbers["kind"]
        if not catalog.OLDEST_VERSION <= version <= catalog.VERSION:
            cure = "update the bridge" if version > catalog.VERSION else "update the device's firmware"
            return self._become(State.WRONG_VERSION, f"it speaks protocol version {version}: {cure}", now)
        if kind != self.kind:
            return self._become(
                State.WRONG_KIND, f"it is of kind {kind}, not a {self.kind.name.lower()}: correct kind", now
            )
        # It may have started anew: whatever it was told is forgotten.
        self._told = None
        events = self._become(
            State.ONLINE, f"protocol version {version}, unit {said.numbers['unit']:08x}", now
        )
        self.due = now
        return events

    def _pressed(self, said: Said) -> list[Event]:
        numbers = said.numbers
        if (numbers["boot"], numbers["counter"]) in self._kept:
            self.receipts.append((numbers["boot"], numbers["counter"]))
            self._repeated = True
            return []
        age = numbers["age_ms"] / 1000
        return [Pressed(self.address, numbers["boot"], numbers["counter"], numbers["key"], age)]

    def _refused(self, said: Said) -> list[Event]:
        if said.numbers["reason"] == Refusal.NOT_GREETED:
            self.state = State.SILENT
            return [Changed(self.address, State.SILENT, "it started anew")]
        self._told = self._telling
        request = catalog.BY_TYPE.get(said.numbers["type"])
        return [Refused(self.address, request.name if request else "?", said.numbers["reason"])]

    def _become(self, state: State, why: str, now: float) -> list[Event]:
        if state is State.ONLINE:
            self._greetings = 0
        else:
            self.due = now + WRONG_SECONDS
        if state is self.state:
            return []
        self.state = state
        return [Changed(self.address, state, why)]


@dataclass
class _Request:
    session: Session
    frame: Frame
    tries: int
    deadline: float


class Line:
    """One wire and its devices. Call ``step`` with what came, write what it gives, heed its events.

    ``devices`` maps address to kind. With more than one the line is polled: devices speak only when
    spoken to, as RS-485 needs. ``baud`` sets how long an answer may take.
    """

    def __init__(self, devices: dict[int, Kind], baud: int, first_sequence: int = 1) -> None:
        self.polled = len(devices) > 1
        self.decoder = Decoder()
        self.ignored = 0
        """Whole frames that no device of this line can have sent, our own echo among them."""
        self.sessions = {
            address: Session(address, kind, self.polled) for address, kind in sorted(devices.items())
        }
        byte_seconds = 10 / baud
        self._patience = 0.04 + 2 * MAX_WIRE * byte_seconds
        self._gap = max(0.002, 3.5 * byte_seconds) if self.polled else 0.0
        self._sequence = first_sequence
        self._request: _Request | None = None
        self._quiet_until = 0.0

    def step(self, data: bytes, now: float) -> tuple[bytes, list[Event]]:
        """Take ``data`` received by ``now`` (monotonic seconds); return bytes to write and what happened."""
        events: list[Event] = []
        told: set[tuple[int, int, int]] = set()
        for frame in self.decoder.feed(data):
            for event in self._heard(frame, now):
                if isinstance(event, Pressed):
                    # The line doubled it: nobody could call ``keep`` between the two.
                    if (press := (event.address, event.boot, event.counter)) in told:
                        continue
                    told.add(press)
                events.append(event)
        out, late = self._speak(now)
        return out, events + late

    def wait(self, now: float) -> float:
        """Seconds until ``step`` has something to do by itself."""
        moments = []
        if self._request is None or not self.polled:
            moments += [self._quiet_until for session in self.sessions.values() if session.receipts]
        if self._request is not None:
            moments.append(self._request.deadline)
        else:
            moments += [max(session.due, self._quiet_until) for session in self.sessions.values()]
        return max(0.0, min(moments) - now)

    def want(self, address: int, wish: Show | Arm, now: float) -> None:
        """The device at ``address`` shall show ``wish``."""
        self.sessions[address].want(wish, now)

    def keep(self, press: Pressed, now: float) -> None:
        """``press`` is safe on disk: it is acknowledged and never reported again."""
        self.sessions[press.address].keep(press.boot, press.counter, now)

    def _heard(self, frame: Frame, now: float) -> list[Event]:
        session, said = self.sessions.get(frame.address), catalog.decode(frame)
        if session is None or said is None or catalog.BY_NAME[said.name].sender is Sender.HOST:
            self.ignored += 1
            return []
        request = self._request
        answered = (
            request is not None and request.session is session and request.frame.sequence == frame.sequence
        )
        if answered:
            self._request = None
            self._quiet_until = now + self._gap
        return session.heard(said, answered, now)

    def _speak(self, now: float) -> tuple[bytes, list[Event]]:
        out, events = b"", []
        request = self._request
        if request is not None and now >= request.deadline:
            # A device that was silent before is not worth the others' time.
            if request.tries < TRIES and request.session.state is State.ONLINE:
                request.tries += 1
                request.deadline = now + self._patience
                out += encode(request.frame)
            else:
                self._request = None
                events = request.session.unanswered(now)
        if now < self._quiet_until:
            return out, events
        if self._request is None or not self.polled:
            for session in self.sessions.values():
                while session.receipts:
                    boot, counter = session.receipts.popleft()
                    taken = Said("taken", {"boot": boot, "counter": counter})
                    out += encode(catalog.encode(session.address, 0, taken))
        if self._request is None:
            session = min(self.sessions.values(), key=lambda session: session.due)
            if session.due <= now:
                frame = session.request(self._sequence, now)
                # 0 marks what was not asked for, so a request never has it.
                self._sequence = self._sequence % 255 + 1
                self._request = _Request(session, frame, 1, now + self._patience)
                out += encode(frame)
        return out, events
