"""Random days of an office: whatever people do, the figures equal those an independent oracle counts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.actions import desks, ratings, visits
from server.db import event_log, queries
from server.db.unit_of_work import UnitOfWork
from server.domain.errors import Refusal
from server.domain.events import timestamp
from server.domain.figures import Sums
from server.domain.worktime import WorkKey, WorkTime
from tests.builders import Clock, a_store
from tests.sums import differences

ACTS: dict[str, Callable[[UnitOfWork, str], Any]] = {
    "issue": lambda uow, _desk: visits.issue_ticket(uow, "contract", None, "ru"),
    "issue out of turn": lambda uow, _desk: visits.issue_ticket(uow, "cash", "veteran", "kk"),
    "open": desks.open_desk,
    "issue for two services": lambda uow, _desk: visits.issue_ticket(
        uow, "contract", None, "ru", ("cash", "contract")
    ),
    "serve without a ticket": lambda uow, desk: visits.serve_without_ticket(uow, desk, "contract"),
    "break": lambda uow, desk: desks.take_break(uow, desk, "lunch"),
    "break after the visitor": lambda uow, desk: desks.take_break(uow, desk, "training", True),
    "close for a colleague": desks.close_for_colleague,
    "transfer": lambda uow, desk: visits.transfer(uow, desk, ("cash", None, None), return_after=False),
    "transfer and back": lambda uow, desk: visits.transfer(
        uow, desk, ("cash", "north-2", None), return_after=True, note="has paid"
    ),
    "give back": visits.give_back,
    "raise": lambda uow, _desk: visits.raise_priority(uow, uow.hall().places[-1].visit.id),
    "move": lambda uow, _desk: visits.move(uow, uow.hall().places[0].visit.id, ("cash", None, None)),
    "move the held": lambda uow, desk: visits.move(uow, uow.hall().held[0].id, ("contract", desk, None)),
    "close": desks.close_desk,
    "call": visits.call_next,
    "recall": visits.recall,
    "start": visits.start,
    "finish": visits.finish,
    "no-show": visits.no_show,
    "rate": lambda uow, desk: ratings.rate_at_desk(
        uow, desk, 4, f"press-{timestamp(uow.now)}-{desk}", "pad", 0
    ),
    "leave": lambda uow, _desk: (
        visits.cancel(uow, uow.hall().places[0].visit.code) if uow.hall().places else None
    ),
    "hold": lambda uow, desk: visits.hold(uow, desk, "form", None),
    "hold for a while": lambda uow, desk: visits.hold(uow, desk, "form", 5),
    "return": lambda uow, _desk: visits.return_held(uow, uow.hall().held[0].id),
    "return the due": lambda uow, _desk: visits.return_due(uow),
    "call the held": lambda uow, desk: visits.call(uow, desk, uow.hall().held[-1].id, "is ready"),
    "call the last": lambda uow, desk: visits.call(uow, desk, uow.hall().places[-1].visit.id, "is old"),
    "restore": lambda uow, _desk: visits.restore(uow, uow.hall().missed[0].id),
    "annul": lambda uow, _desk: visits.annul(uow, uow.hall().places[0].visit.id, "test"),
    "day end": lambda uow, _desk: (visits.end_past_days(uow), desks.close_left_open(uow)),
}

OFTEN = (*4 * ("issue", "call", "start"), *3 * ("finish", "transfer"), *2 * ("hold", "open"))
"""Acts a day is full of: what is rare would else never meet anybody."""

steps = st.lists(
    st.tuples(st.sampled_from([*ACTS, *OFTEN]), st.sampled_from(["north-1", "north-2"]), st.integers(0, 200)),
    max_size=120,
)

ENDINGS = {
    "no_show": "no_show",
    "ticket_cancelled": "cancelled",
    "ticket_annulled": "annulled",
    "closed_unserved": "unserved",
    "service_unfinished": "excluded",
}
COUNTED = (
    "issued", "served", "wait_seconds", "service_seconds", "no_show", "cancelled", "unserved", "excluded",
    "rated", "annulled", "repeated_seconds", "ticketless", "ticketless_seconds",
)  # fmt: skip


def oracle(lines: list[dict[str, Any]]) -> dict[str, int]:
    """Counts the log by hand: knows the definitions of the trade and nothing of the product.

    Times are whole milliseconds. Working time is counted under ``(desk, operator, what)``.
    """
    counts: dict[Any, int] = defaultdict(int)
    people: dict[str, Person] = defaultdict(Person)
    desks_since: dict[str, tuple[str, str, int]] = {}
    for line in lines:
        at, kind, person = line["at"], line["kind"], people[line["visit"]]
        if kind == "ticket_issued":
            person.issued = at
            counts["issued"] += 1
        elif kind == "served_without_ticket":
            person.started = person.leg = at
            person.seat = (line["desk"], line["actor"])
            person.ticketless = True
        elif kind in ("ticket_called", "ticket_recalled"):
            person.seat = (line["desk"], line["actor"])
        elif kind == "service_started":
            if person.leg is None:
                person.leg = at
                person.started = at if person.started is None else person.started
                if person.back_in_queue is not None:
                    person.repeated += at - person.back_in_queue
            elif person.held is not None:
                person.aside += at - person.held
            person.held = None
        elif kind == "ticket_held":
            person.held = at if person.held is None else person.held
        elif kind in ("ticket_transferred", "ticket_moved"):
            if person.leg is not None:
                person.end_leg(at, counts)
                person.back_in_queue = at
            person.held = None
        elif kind == "no_show_restored":
            counts["no_show"] -= 1
            away = at - person.ended
            if person.started is None:
                person.away += away
            elif person.leg is None:
                person.back_in_queue += away
        elif kind == "service_finished":
            person.end_leg(at, counts)
            if person.ticketless:
                counts["ticketless"] += 1
                counts["ticketless_seconds"] += person.served // 1000
            else:
                counts["served"] += 1
                counts["wait_seconds"] += max(0, person.started - person.issued - person.away) // 1000
                counts["service_seconds"] += person.served // 1000
                counts["repeated_seconds"] += person.repeated // 1000
        elif kind in ENDINGS:
            counts[ENDINGS[kind]] += 1
            person.ended = at
        elif kind == "rated" and "replaces" not in line["payload"]:
            counts["rated"] += 1
        elif kind in ("desk_opened", "desk_break", "desk_closed"):
            state, operator, since = desks_since.pop(line["desk"], (None, None, at))
            until = line["payload"].get("until")
            end = round(datetime.fromisoformat(until).timestamp() * 1000) if until else at
            if state:
                counts[(line["desk"], operator, state)] += end - since
            if kind != "desk_closed":
                operator = line["payload"].get("operator", line["actor"])
                desks_since[line["desk"]] = (kind, operator, at)
    return counts


def work_by_seat(work: dict[WorkKey, WorkTime], name: str) -> dict[tuple[str, str], int]:
    """One of the kept working times by desk and operator."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for key, time in work.items():
        if value := getattr(time, name):
            found[(key.desk, key.operator)] += value
    return dict(found)


@dataclass
class Person:
    """What the oracle remembers of one visit, in milliseconds."""

    issued: Any = None
    started: Any = None
    leg: Any = None
    held: Any = None
    back_in_queue: Any = None
    ended: Any = None
    seat: tuple[str, str] = ("", "")
    ticketless: bool = False
    served: int = 0
    aside: int = 0
    away: int = 0
    repeated: int = 0

    def end_leg(self, at: int, counts: dict[Any, int]) -> None:
        """Add the leg that ends to the visit, and to whoever served it."""
        if self.held is not None:
            self.aside += at - self.held
        self.served += at - self.leg - self.aside
        counts[(*self.seat, "legs")] += 1
        counts[(*self.seat, "serving")] += at - self.leg - self.aside
        self.leg, self.aside, self.held = None, 0, None


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_figures_equal_the_oracles_whatever_people_do(day: list[tuple[str, str, int]]) -> None:
    with TemporaryDirectory() as folder:
        clock = Clock()
        store = a_store(f"sqlite:///{folder}/talon.sqlite", clock)
        for act, desk, seconds in day:
            clock.forward(seconds=seconds)
            operator = "anna" if desk == "north-1" else "boris"
            # Mostly the desk works: at a closed one all acts would be refused alike.
            for wanted in ("open", act) if seconds % 4 else (act,):
                with suppress(Refusal, IndexError), store.write("north", operator) as uow:
                    ACTS[wanted](uow, desk)
        with store.read() as connection:
            rows = list(event_log.read(connection, "north"))
            kept = queries.day_sums(connection, "north")
            work = queries.work_times(connection, "north")
            assert event_log.faults(connection, "north") == []
        lines = [
            {
                "at": round(row.event.at.timestamp() * 1000),
                "kind": str(row.event.kind),
                "visit": row.event.visit,
                "desk": row.event.desk,
                "actor": row.event.actor,
                "payload": json.loads(json.dumps(dict(row.event.payload))),
            }
            for row in rows
        ]
        whole = sum(kept.values(), Sums())
        wanted = oracle(lines)
        for name in COUNTED:
            assert getattr(whole, name) == wanted[name], name
        for told, name in (
            ("legs", "legs"),
            ("serving", "serving_ms"),
            ("desk_opened", "open_ms"),
            ("desk_break", "break_ms"),
        ):
            counted = {key[:2]: value for key, value in wanted.items() if key[-1] == told and value}
            assert work_by_seat(work, name) == counted, name
        assert differences(store) == []
        store.engine.dispose()
