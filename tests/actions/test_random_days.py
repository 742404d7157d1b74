"""Random days of an office: whatever people do, the figures equal those an independent oracle counts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.actions import desks, ratings, visits
from server.db import event_log, queries
from server.db.unit_of_work import UnitOfWork
from server.domain import replay
from server.domain.errors import Refusal
from server.domain.events import timestamp
from server.domain.figures import Sums
from tests.builders import Clock, a_store

ACTS: dict[str, Callable[[UnitOfWork, str], Any]] = {
    "issue": lambda uow, _desk: visits.issue_ticket(uow, "contract", None, "ru"),
    "issue out of turn": lambda uow, _desk: visits.issue_ticket(uow, "cash", "veteran", "kk"),
    "open": desks.open_desk,
    "break": lambda uow, desk: desks.take_break(uow, desk, "lunch"),
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
    "return": lambda uow, desk: visits.return_held(uow, desk, uow.hall().held[0].id),
    "return the due": lambda uow, _desk: visits.return_due(uow),
    "call the held": lambda uow, desk: visits.call(uow, desk, uow.hall().held[-1].id, "is ready"),
    "call the last": lambda uow, desk: visits.call(uow, desk, uow.hall().places[-1].visit.id, "is old"),
    "restore": lambda uow, desk: visits.restore(uow, desk, uow.hall().missed[0].id),
    "annul": lambda uow, _desk: visits.annul(uow, uow.hall().places[0].visit.id, "test"),
    "day end": lambda uow, _desk: visits.end_past_days(uow),
}

steps = st.lists(
    st.tuples(
        st.sampled_from([*ACTS, "issue", "open", "call", "start", "finish", "hold"]),
        st.sampled_from(["north-1", "north-2"]),
        st.integers(0, 600),
    ),
    max_size=80,
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
    "rated", "annulled",
)  # fmt: skip


def oracle(lines: list[dict[str, Any]]) -> dict[str, int]:
    """Counts the log by hand: knows the definitions of the trade and nothing of the product."""
    counts: dict[str, int] = defaultdict(int)
    issued: dict[str, float] = {}
    started: dict[str, float] = {}
    held: dict[str, float] = {}
    away: dict[str, float] = defaultdict(float)
    aside: dict[str, float] = defaultdict(float)
    missed: dict[str, float] = {}
    for line in lines:
        at, kind, visit = line["at"], line["kind"], line["visit"]
        if kind == "ticket_issued":
            issued[visit] = at
            counts["issued"] += 1
        elif kind == "service_started":
            if visit in started and visit in held:
                aside[visit] += at - held[visit]
            held.pop(visit, None)
            started.setdefault(visit, at)
        elif kind == "ticket_held":
            held.setdefault(visit, at)
        elif kind == "no_show_restored":
            counts["no_show"] -= 1
            away[visit] += at - missed[visit]
        elif kind == "service_finished":
            counts["served"] += 1
            counts["wait_seconds"] += int(max(0, started[visit] - issued[visit] - away[visit]))
            counts["service_seconds"] += int(at - started[visit] - aside[visit])
        elif kind in ENDINGS:
            counts[ENDINGS[kind]] += 1
            missed[visit] = at
        elif kind == "rated" and "replaces" not in line["payload"]:
            counts["rated"] += 1
    return counts


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_figures_equal_the_oracles_whatever_people_do(day: list[tuple[str, str, int]]) -> None:
    with TemporaryDirectory() as folder:
        clock = Clock()
        store = a_store(f"sqlite:///{folder}/talon.sqlite", clock)
        for act, desk, seconds in day:
            clock.forward(seconds=seconds)
            operator = "anna" if desk == "north-1" else "boris"
            try:
                with store.write("north", operator) as uow:
                    ACTS[act](uow, desk)
            except (Refusal, IndexError):
                continue
        with store.read() as connection:
            rows = list(event_log.read(connection, "north"))
            kept = queries.day_sums(connection, "north")
            assert event_log.faults(connection, "north") == []
        lines = [
            {
                "at": row.event.at.timestamp(),
                "kind": str(row.event.kind),
                "visit": row.event.visit,
                "payload": json.loads(json.dumps(dict(row.event.payload))),
            }
            for row in rows
        ]
        whole = sum(kept.values(), Sums())
        wanted = oracle(lines)
        for name in COUNTED:
            assert getattr(whole, name) == wanted[name], name
        assert replay.differences(kept, replay.day_sums(rows, store.hall("north").office.zone)) == []
        store.engine.dispose()
