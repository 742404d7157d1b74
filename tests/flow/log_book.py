"""The raw log read by a stranger: follows every visit and desk, knows what was true when and what cannot be.

Imports nothing of the product: the table of moves is written down a second time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.flow.auditor import Event, verify_chain

AT_DESK = {"called", "serving"}
# Kind → from which states, to which.
MOVES: dict[str, tuple[set[str], str]] = {
    "ticket_issued": (set(), "waiting"),
    "served_without_ticket": (set(), "serving"),
    "ticket_called": ({"waiting", "held"}, "called"),
    "ticket_recalled": ({"called"}, "called"),
    "service_started": ({"called"}, "serving"),
    "service_finished": ({"serving"}, "served"),
    "no_show": ({"called"}, "no_show"),
    "ticket_held": ({"called", "serving"}, "held"),
    "ticket_returned": ({"held"}, "waiting"),
    "call_given_back": ({"called"}, "waiting"),
    "ticket_transferred": ({"called", "serving"}, "waiting"),
    "ticket_moved": ({"waiting", "held"}, "waiting"),
    "ticket_raised": ({"waiting"}, "waiting"),
    "no_show_restored": ({"no_show"}, "waiting"),
    "ticket_cancelled": ({"waiting", "called", "held"}, "cancelled"),
    "ticket_annulled": ({"waiting", "held"}, "annulled"),
}
DESK_STATES = {"desk_opened": "open", "desk_break": "break", "desk_closed": "closed"}
# What only the operator who works at the desk can have done.
BY_THE_OPERATOR = {
    "served_without_ticket", "ticket_called", "ticket_recalled", "service_started", "service_finished",
    "no_show", "ticket_held", "call_given_back", "ticket_transferred",
}  # fmt: skip


@dataclass
class Follower:
    """What was true from when on: ``(moment, value)`` in the order of the log."""

    history: list[tuple[float, Any]] = field(default_factory=list)

    @property
    def now(self) -> Any:
        """The newest value; ``None`` before the first."""
        return self.history[-1][1] if self.history else None

    def set(self, at: float, value: Any) -> None:
        """From ``at`` on it is ``value``."""
        if not self.history or self.now != value:
            self.history.append((at, value))

    def was(self, value: Any, since: float, until: float) -> bool:
        """Whether it was ``value`` at any moment from ``since`` to ``until``.

        A value holds from its own event to the next one, both moments included: whoever was refused
        between two rows of the log looked at the clock between their times.
        """
        ends = [at for at, _value in self.history[1:]] + [float("inf")]
        return any(
            value == known and at <= until and since <= end
            for (at, known), end in zip(self.history, ends, strict=True)
        )


@dataclass
class Person:
    """A visit as the log tells it."""

    number: str
    state: Follower = field(default_factory=Follower)
    desk: str | None = None
    to_desk: str | None = None
    to_operator: str | None = None


class LogBook:
    """An office's events of one day in order, from the first; the ``desks`` serve all its services.

    ``faults`` lists what must not be: a number given twice, a move from a state that does not allow
    it, a visit at two desks, two visits at one desk, an act at somebody else's desk. ``implied`` are the
    places of events that no act of their own made: a break that was due and began with the desk free.
    """

    def __init__(self, events: list[Event], desks: list[str]) -> None:
        verify_chain(events)
        self.events = {event["seq"]: event for event in events}
        self.faults: list[str] = []
        self.implied: set[int] = set()
        self.people: dict[str, Person] = {}
        self.by_number: dict[str, Person] = {}
        self.at_desk: dict[str, Follower] = {desk: Follower([(0.0, None)]) for desk in desks}
        self.desk_state: dict[str, Follower] = {desk: Follower([(0.0, "closed")]) for desk in desks}
        self.nobody_for: dict[str, Follower] = {desk: Follower([(0.0, True)]) for desk in desks}
        self._operators: dict[str, str | None] = dict.fromkeys(desks)
        self._due: dict[str, bool] = dict.fromkeys(desks, False)
        self._last: Event | None = None
        self._waiting: dict[str, Person] = {}
        for event in events:
            self._follow(event)
        self._check_numbers()

    @property
    def doubled_numbers(self) -> list[str]:
        """Numbers that more than one visit was given."""
        given = Counter(
            event["payload"]["number"]
            for event in self.events.values()
            if event["kind"] in ("ticket_issued", "served_without_ticket")
        )
        return [number for number, count in given.items() if count > 1]

    def _follow(self, event: Event) -> None:
        at = datetime.fromisoformat(event["at"]).timestamp()
        if event["kind"] in MOVES:
            self._move(event, at)
        elif event["kind"] in DESK_STATES or event["kind"] in ("break_due", "break_taken_back"):
            self._change_desk(event, at)
        for desk, nobody in self.nobody_for.items():
            nobody.set(at, not any(self._may_call(desk, person) for person in self._waiting.values()))
        self._last = event

    def _move(self, event: Event, at: float) -> None:
        kind, visit, desk = event["kind"], event["visit"], event["desk"]
        allowed, state = MOVES[kind]
        if not allowed and visit not in self.people:
            person = self.people[visit] = Person(event["payload"]["number"])
            self.by_number[person.number] = person
        person = self.people[visit]
        before = person.state.now
        if not (before in allowed if allowed else before is None):
            self._fault(event, f"{person.number} was {before}")
        if kind in BY_THE_OPERATOR and (
            self.desk_state[desk].now != "open" or self._operators[desk] != event["actor"]
        ):
            self._fault(event, f"{event['actor']} does not work at {desk}")
        if before in AT_DESK:
            if desk != person.desk:
                self._fault(event, f"{person.number} was at {person.desk}")
            if state not in AT_DESK:
                self.at_desk[str(person.desk)].set(at, None)
        elif state in AT_DESK:
            if (there := self.at_desk[desk].now) is not None:
                self._fault(event, f"{there} was at {desk}")
            self.at_desk[desk].set(at, person.number)
            person.desk = desk
        person.state.set(at, state)
        self._direct(person, event)
        if state == "waiting":
            self._waiting[visit] = person
        else:
            self._waiting.pop(visit, None)

    def _direct(self, person: Person, event: Event) -> None:
        """Who alone may call the visitor from now on."""
        payload = event["payload"]
        if event["kind"] == "ticket_moved":
            step = payload
        elif event["kind"] == "ticket_transferred":
            step = payload["steps"][0]
        elif event["kind"] == "service_started":
            step = {"desk": None, "operator": None}
        else:
            return
        person.to_desk, person.to_operator = step["desk"], step["operator"]

    def _change_desk(self, event: Event, at: float) -> None:
        kind, desk = event["kind"], event["desk"]
        if kind == "break_due":
            self._due[desk] = True
            return
        if kind == "desk_break" and self._due[desk] and self._last is not None:
            # It began by itself when the visitor left: in one transaction, so at one moment.
            if self._last["visit"] is None or self._last["at"] != event["at"]:
                self._fault(event, "a break that was due began with nobody leaving")
            self.implied.add(event["seq"])
        self._due[desk] = False
        if kind in DESK_STATES:
            if kind != "desk_opened" and self.at_desk[desk].now is not None:
                self._fault(event, f"{self.at_desk[desk].now} was at {desk}")
            self.desk_state[desk].set(at, DESK_STATES[kind])
            self._operators[desk] = None if kind == "desk_closed" else event["actor"]

    def _may_call(self, desk: str, person: Person) -> bool:
        return person.to_desk in (None, desk) and person.to_operator in (None, self._operators[desk])

    def _check_numbers(self) -> None:
        series: dict[str, list[int]] = defaultdict(list)
        for person in self.people.values():
            letters = person.number.rstrip("0123456789")
            series[letters].append(int(person.number[len(letters) :]))
        for letters, given in series.items():
            if sorted(given) != list(range(1, len(given) + 1)):
                self.faults.append(f"the numbers of {letters} have holes or doubles")

    def _fault(self, event: Event, why: str) -> None:
        self.faults.append(f"event {event['seq']} {event['kind']}: {why}")
