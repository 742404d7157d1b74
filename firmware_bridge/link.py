"""The bridge's side of a line (PROTOCOL.md §4): a pure state machine. No I/O; time comes as an argument.

``Line`` shares one wire among its devices: one request at a time, resent until answered. ``Session``
is what the bridge knows of one device: whether it answers, what it shall show, which presses are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from firmware_bridge import catalog
from firmware_bridge.catalog import Kind, PadState, Refusal, Said, Sender
from firmware_bridge.frame import MAX_WIRE, Decoder, Frame, encode
from firmware_bridge.line_protocol import (
    Arm,
    Changed,
    Event,
    Facts,
    Pressed,
    Refused,
    Show,
    State,
    Wish,
)

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
GARBLED_ANSWERS = 2
"""So many answers in a row that cannot be read are no accident."""
SINGLE_GREETINGS = 2
"""After two devices answered at one address: so many greetings with one answer show that one has gone."""
UNUSABLE = frozenset({State.WRONG_VERSION, State.TOO_OLD, State.WRONG_KIND, State.TWO_DEVICES})
"""States that only somebody at the device can end; its presses are not taken."""
KEPT_IDS = 64
"""Remembered presses per device; a device keeps fewer than this, so none comes back after that many."""


class Session:
    """One device. Not used alone: ``Line`` drives it."""

    def __init__(self, address: int, kind: Kind, polled: bool) -> None:
        self.address = address
        self.kind = kind
        self.state = State.UNKNOWN
        self.identity: Said | None = None
        self.heard_at: float | None = None
        self.lost = 0
        """Presses the device itself had no room to keep since its start."""
        self.bad_frames = 0
        """Frames that the device itself had to drop since its start."""
        self.due = 0.0
        self._line = catalog.Line.POLLED if polled else catalog.Line(0)
        self._pause = POLL_SECONDS if polled and kind is Kind.PAD else HEARTBEAT_SECONDS
        self._greetings = 0
        self._greeted_as = 0
        self._single_greetings = 0
        self._garbled = 0
        self._wish: Wish | None = None
        self._telling: Wish | None = None
        self._told: Wish | None = None
        self._repeated = False
        self._kept: deque[tuple[int, int]] = deque(maxlen=KEPT_IDS)
        self.receipts: deque[tuple[int, int]] = deque()

    def want(self, wish: Wish, now: float) -> None:
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
        wish = self._telling = self._wish
        if wish != self._told and isinstance(wish, Show):
            text = catalog.fitting(wish.text)
            return catalog.encode(address, sequence, Said("show", {"mode": wish.mode}, text))
        if wish != self._told and isinstance(wish, Arm):
            numbers = {"state": PadState(wish.armed), "seconds": 0}
            if wish.until is not None:
                # Zero would mean "for ever"; a time already over means asleep.
                left = wish.until - now
                numbers["seconds"] = min(0xFFFF, int(left) + 1)
                if left <= 0:
                    numbers = {"state": PadState.ASLEEP, "seconds": 0}
            return catalog.encode(address, sequence, Said("pad", numbers))
        return catalog.encode(address, sequence, Said("poll"))

    def heard(self, said: Said, sequence: int, answered: bool, now: float) -> list[Event]:
        """Take a message of the device; ``answered`` says that it answers the last request."""
        self.heard_at = now
        if answered:
            self._garbled = 0
        if said.name == "identity":
            return self._introduced(said, sequence, answered, now)
        if self.state is not State.ONLINE:
            # It lives, but who knows what its messages mean: greet first. It keeps its presses.
            if self.state not in UNUSABLE:
                self.due = now
            return []
        events: list[Event] = []
        if said.name == "press":
            if self.identity is not None and said.numbers["boot"] != self.identity.numbers["boot"]:
                # One that started anew would not speak before it is greeted. Whose desk is it? Take none.
                return self._two_devices(now)
            events = self._pressed(said)
        elif said.name == "alive":
            self.lost = said.numbers["lost"]
            self.bad_frames = said.numbers["bad_frames"]
        elif said.name == "done" and answered:
            self._told = self._telling
        elif said.name == "refused" and answered:
            events = self._refused(said)
        if answered:
            self.due = now + self._pause_after_answer()
        return events

    def unanswered(self, garbled: bool, others_answer: bool, now: float) -> list[Event]:
        """The last request got no answer, resent or not; ``garbled``: but bytes that made no sense."""
        self._garbled = self._garbled + 1 if garbled else 0
        if self._garbled < GARBLED_ANSWERS:
            why = "no answer: check its power, cable, address and baud rate"
            events = self._become(State.SILENT, why, now)
        elif others_answer:
            why = "its answers cannot be read, others can: give each device its own address, check its cable"
            events = self._become(State.TWO_DEVICES, why, now)
        else:
            why = "only garbage comes: set `baud` as the devices are set, check the wires A and B"
            events = self._become(State.GARBAGE, why, now)
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

    def _introduced(self, said: Said, sequence: int, answered: bool, now: float) -> list[Event]:
        if not answered:
            known = self.identity
            twin = known is not None and known.numbers["boot"] != said.numbers["boot"]
            return self._two_devices(now) if twin and sequence == self._greeted_as else []
        self.identity, self._greeted_as = said, sequence
        if self.state is State.TWO_DEVICES:
            self._single_greetings += 1
            if self._single_greetings <= SINGLE_GREETINGS:
                self.due = now + HEARTBEAT_SECONDS
                return []
        version, kind = said.numbers["version"], said.numbers["kind"]
        if version > catalog.VERSION:
            why = f"it speaks protocol version {version}: update the bridge"
            return self._become(State.WRONG_VERSION, why, now)
        if version < catalog.OLDEST_VERSION:
            why = f"it speaks protocol version {version}: update the device's firmware"
            return self._become(State.TOO_OLD, why, now)
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

    def _two_devices(self, now: float) -> list[Event]:
        self._single_greetings = 0
        return self._become(State.TWO_DEVICES, "two devices answer: give each its own address", now)

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
    garbage: int
    """What the decoder had thrown away when the request was sent."""


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

    @property
    def states(self) -> Mapping[int, State]:
        """How each device stands, by address."""
        return {address: session.state for address, session in self.sessions.items()}

    def facts(self, address: int) -> Facts:
        """What is known of a device."""
        session = self.sessions[address]
        if session.identity is None:
            return Facts(session.heard_at)
        told = session.identity.numbers
        return Facts(
            session.heard_at,
            told["unit"],
            f"{told['firmware'] >> 8}.{told['firmware'] & 0xFF}",
            told["version"],
            session.lost,
            session.bad_frames,
        )

    def want(self, address: int, wish: Wish, now: float) -> None:
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
        return session.heard(said, frame.sequence, answered, now)

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
                garbled = self._garbage() > request.garbage
                others = any(other.state is State.ONLINE for other in self.sessions.values())
                events = request.session.unanswered(garbled, others, now)
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
                self._request = _Request(session, frame, 1, now + self._patience, self._garbage())
                out += encode(frame)
        return out, events

    def _garbage(self) -> int:
        return self.decoder.counters.noise + self.decoder.counters.bad
