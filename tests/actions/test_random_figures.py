"""Random days with bookings, offline tickets, restored no-shows, midnight and corrections: every kept sum
equals that of an oracle, which reads the log and knows nothing of the product.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import cli
from server.actions import booking_arrivals, bookings, corrections, desks, offices, ratings, terminals, visits
from server.actions.corrections import Wanted
from server.actions.terminals import GivenOffline
from server.db import event_log, sum_rows
from server.db.contact_safe import ContactSafe
from server.db.engine import connect
from server.db.store import Store
from server.db.unit_of_work import UnitOfWork
from server.domain.errors import Refusal
from server.domain.visit import State
from tests.booking_builders import booking_company
from tests.builders import Clock, a_store
from tests.sums import differences

LAST_OF_MARCH = datetime(2026, 3, 31, 5, 0, tzinfo=UTC)  # 08:00 in Moscow, a Tuesday
ZONE = ZoneInfo("Europe/Moscow")
TERMINAL = "device:terminal"
Key = tuple[Any, ...]


class Days:
    """The office at work: each act does one thing as somebody would; what is refused did not happen."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.booked: list[str] = []
        self.served: list[str] = []
        self.given = 0

    def do(self, act: str, desk: str, value: int) -> None:
        """One act at ``desk``; ``value`` chooses its particulars."""
        if act == "serve":
            for part in ("call", "start", "finish"):
                self.clock.forward(seconds=value / 2)
                self.do(part, desk, value)
            return
        actor = {"offline": TERMINAL, "issue": TERMINAL}.get(act, "anna" if desk == "north-1" else "boris")
        with suppress(Refusal, IndexError), self.store.write("north", actor) as uow:
            if value % 4:
                with suppress(Refusal):
                    desks.open_desk(uow, desk)
            getattr(self, act.replace(" ", "_"))(uow, desk, value)

    def issue(self, uow: UnitOfWork, _desk: str, value: int) -> None:
        channel = ("terminal", "reception")[value % 2]
        visits.issue_ticket(uow, ("contract", "cash")[value % 3 == 0], None, "ru", channel=channel)

    def offline(self, uow: UnitOfWork, _desk: str, value: int) -> None:
        block = terminals.lease_numbers(uow, 10, False)[0]
        self.given += 1
        ahead = (value - 100) * 1000
        issued_at = uow.now - timedelta(minutes=value % 30) + timedelta(milliseconds=ahead)
        name = f"{self.given:04}"
        number = f"{block.prefix}{block.first + self.given % 10:03}"
        visit = f"00000000-0000-7000-8000-00000000{name}"
        ticket = GivenOffline(visit, number, name * 5, "contract", None, "ru", issued_at, ahead)
        terminals.hand_in(uow, [ticket])

    def book(self, uow: UnitOfWork, _desk: str, value: int) -> None:
        quarter = uow.now.replace(minute=uow.now.minute // 15 * 15, second=0, microsecond=0)
        made = bookings.book_for_caller(
            uow, at=quarter + timedelta(minutes=15 * (1 + value % 3)), name="Петров П. П.",
            phone="+79270000012", email=None, service="contract", count=1, channel="phone", language="ru",
        )  # fmt: skip
        self.booked.append(made.id)

    def come(self, uow: UnitOfWork, _desk: str, value: int) -> None:
        channel = ("terminal", "reception", "office")[value % 3]
        booking_arrivals.check_in(uow, uow.bookings.by_id(self.booked[-1]), channel=channel)

    def miss(self, uow: UnitOfWork, _desk: str, _value: int) -> None:
        booking_arrivals.end_missed(uow)

    def call(self, uow: UnitOfWork, desk: str, _value: int) -> None:
        visits.call_next(uow, desk)

    def recall(self, uow: UnitOfWork, desk: str, _value: int) -> None:
        visits.recall(uow, desk)

    def start(self, uow: UnitOfWork, desk: str, _value: int) -> None:
        visits.start(uow, desk)

    def finish(self, uow: UnitOfWork, desk: str, value: int) -> None:
        self.served.append(visits.finish(uow, desk).id)
        if value % 2:
            ratings.rate_at_desk(uow, desk, 1 + value % 5, f"press-{len(self.served):04}", "pad", 0)

    def ticketless(self, uow: UnitOfWork, desk: str, _value: int) -> None:
        visits.serve_without_ticket(uow, desk, "contract")

    def transfer(self, uow: UnitOfWork, desk: str, _value: int) -> None:
        visits.transfer(uow, desk, ("cash", None, None), return_after=False)

    def no_show(self, uow: UnitOfWork, desk: str, _value: int) -> None:
        visits.no_show(uow, desk)

    def restore(self, uow: UnitOfWork, _desk: str, _value: int) -> None:
        visits.restore(uow, uow.hall().missed[0].id)

    def leave(self, uow: UnitOfWork, _desk: str, _value: int) -> None:
        visits.cancel(uow, uow.hall().places[0].visit.code)

    def annul(self, uow: UnitOfWork, _desk: str, _value: int) -> None:
        visits.annul(uow, uow.hall().places[0].visit.id, "test")

    def correct(self, uow: UnitOfWork, _desk: str, value: int) -> None:
        wanted = (Wanted(service=value), Wanted(excluded=True), Wanted(excluded=False))[value % 3]
        if value % 7 == 0:
            wanted = Wanted(wait=value * 10)
        corrections.correct(uow, self.served[value % max(1, len(self.served))], wanted, "test")

    def midnight(self, uow: UnitOfWork, _desk: str, _value: int) -> None:
        self.clock.now = uow.now = uow.now.replace(hour=6) + timedelta(days=1)
        self.served += [visit.id for visit in uow.open_visits() if visit.state is State.SERVING]
        visits.end_past_days(uow)
        desks.close_left_open(uow)


ACTS = (
    *5 * ("issue", "serve"), *3 * ("call", "start", "finish", "come", "book"), "midnight", "miss", "annul",
    *2 * ("offline", "recall", "no show", "restore", "correct"), "ticketless", "transfer", "leave",
)  # fmt: skip


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with an office that receives at any time, made once and copied for each days."""
    path = tmp_path_factory.mktemp("founded") / "talon.sqlite"
    store = a_store(f"sqlite:///{path}", Clock(LAST_OF_MARCH))
    company = booking_company()
    values = company.model_dump(mode="json", by_alias=True)
    values["offices"][0]["services"][0].update(
        wait_limit_minutes=3,
        booked_wait_limit_minutes=1,
        limits=[{"from": "2026-04-01", "minutes": 6, "booked_minutes": 2}],
    )
    cli.import_company(store, type(company).model_validate(values), "test")
    with store.write("north", "admin") as uow:
        offices.set_reception(uow, "always_open", {})
    store.engine.dispose()
    return path


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(["north-1", "north-2"]), st.integers(0, 200)),
        min_size=40,
        max_size=80,
    )
)
def test_every_kept_sum_equals_the_oracles(
    founded: Path, tmp_path: Path, days: list[tuple[str, str, int]]
) -> None:
    path = tmp_path / "days.sqlite"
    for file in tmp_path.iterdir():
        file.unlink()
    shutil.copy(founded, path)
    clock = Clock(LAST_OF_MARCH)
    store = Store(connect(f"sqlite:///{path}"), clock, ContactSafe(b"a key of the tests".ljust(32)))
    at_work = Days(store, clock)
    for act, desk, value in days:
        clock.forward(seconds=value)
        at_work.do(act, desk, value)
    with store.read() as connection:
        lines = [
            {
                "at": round(row.event.at.timestamp() * 1000),
                "kind": str(row.event.kind),
                "visit": row.event.visit,
                "desk": row.event.desk,
                "actor": row.event.actor,
                "payload": json.loads(json.dumps(dict(row.event.payload))),
            }
            for row in event_log.read(connection, "north")
        ]
        kept = {
            (type(key).__name__.removesuffix("Key"), *vars(key).values()): {
                n: v for n, v in vars(c).items() if v
            }
            for key, c in sum_rows.kept(connection, "north").items()
        }
    wanted = Oracle().count(lines)
    assert {key: counts for key, counts in kept.items() if counts} == wanted
    assert differences(store) == []
    store.engine.dispose()


@dataclass
class Guest:
    """What the oracle remembers of one visit; moments and lengths in milliseconds."""

    issue: int
    joined: int
    service: str
    kind: str
    channel: str
    limit: int | None = None
    first_call: int | None = None
    call: int = 0
    started: int | None = None
    way: int = 0
    leg: int | None = None
    back: int | None = None
    served: int = 0
    repeated: int = 0
    away: int = 0
    desk: str = ""
    operator: str = ""
    end: str = ""
    ended: int = 0
    corrected: dict[str, Any] | None = None


class Oracle:
    """The rules of the trade, written down a second time (docs/methodology)."""

    def __init__(self) -> None:
        self.guests: dict[str, Guest] = {}
        self.sums: dict[Key, Counter[str]] = defaultdict(Counter)

    def count(self, lines: list[dict[str, Any]]) -> dict[Key, dict[str, int]]:
        """Every sum that is not zero, by table and key."""
        for line in lines:
            self.follow(line, line["at"], line["payload"])
        found = {key: {name: n for name, n in counts.items() if n} for key, counts in self.sums.items()}
        return {key: counts for key, counts in found.items() if counts}

    def follow(self, line: dict[str, Any], at: int, payload: dict[str, Any]) -> None:
        kind = line["kind"]
        if kind == "booking_missed":
            day = date.fromisoformat(payload["day"])
            self.add(day, (payload["service"], "booked", "office"), {"missed_bookings": 1})
        elif kind == "ticket_issued":
            issue = ms(payload["issued_at"]) if "issued_at" in payload else at
            booked = ms(payload["booked_for"]) if "booked_for" in payload else None
            guest = self.guests[line["visit"]] = Guest(
                issue,
                issue if booked is None else max(issue, booked),
                payload["service"],
                "walk_in" if booked is None else "booked",
                payload.get("channel", "terminal"),
                payload["limit"],
            )
            self.add(local(issue).date(), (guest.service, guest.kind, guest.channel), {"issued": 1})
        elif kind == "served_without_ticket":
            guest = Guest(at, at, payload["service"], "walk_in", "ticketless", started=at, leg=at)
            guest.desk, guest.operator = line["desk"], line["actor"]
            self.guests[line["visit"]] = guest
        elif line["visit"] in self.guests:
            self.go_on(self.guests[line["visit"]], line, at, payload)

    def go_on(self, guest: Guest, line: dict[str, Any], at: int, payload: dict[str, Any]) -> None:
        kind = line["kind"]
        if kind == "ticket_called":
            guest.desk, guest.operator, guest.call = line["desk"], line["actor"], at
            guest.first_call = at if guest.first_call is None else guest.first_call
        elif kind == "ticket_recalled":
            guest.call = at
        elif kind == "service_started":
            guest.leg, guest.operator = at, line["actor"]
            if guest.started is None:
                guest.started, guest.way = at, at - guest.call
            elif guest.back is not None:
                guest.repeated += at - guest.back
        elif kind == "ticket_transferred" and guest.leg is not None:
            guest.served, guest.leg, guest.back = guest.served + at - guest.leg, None, at
        elif kind == "no_show_restored":
            self.settle(guest, -1)
            if guest.started is None:
                guest.away += at - guest.ended
            elif guest.back is not None:
                guest.back += at - guest.ended
        elif kind in ("service_finished", "service_unfinished"):
            guest.served += at - (guest.leg or at)
            guest.end = "served" if kind == "service_finished" else "excluded"
            self.settle(guest, 1)
        elif kind in ("no_show", "ticket_cancelled", "ticket_annulled", "closed_unserved"):
            guest.end, guest.ended = kind.removeprefix("ticket_").removeprefix("closed_"), at
            self.settle(guest, 1)
        elif kind == "figures_corrected":
            self.settle(guest, -1)
            guest.corrected = payload["new"]
            self.settle(guest, 1)
        elif kind == "rated":
            mark = {"rated": 1, "score_sum": payload["score"]}
            day = local(guest.started or guest.issue).date()
            self.add(day, (guest.service, guest.kind, guest.channel), mark)
            self.sums["Operator", first(day), payload["operator"], line["desk"], guest.service].update(mark)

    def settle(self, guest: Guest, sign: int) -> None:
        """Count a visit that is over, or take it back."""
        day = local(guest.started or guest.issue).date()
        joined = local(guest.joined)
        what = (guest.service, guest.kind, guest.channel)
        wait = max(0, (guest.started or 0) - guest.joined - guest.away) // 1000
        service, end = guest.served // 1000, guest.end
        if guest.corrected is not None:
            wait, service = guest.corrected["wait"], guest.corrected["service"]
            end = "excluded" if guest.corrected["excluded"] else "served"
        hour = {"arrived": sign}
        by: dict[str, int] = {}
        if end == "served" and guest.channel == "ticketless":
            sums = by = {"ticketless": sign, "ticketless_seconds": service * sign}
        elif end == "served":
            over = int(guest.limit is not None and wait > guest.limit)
            both = {"served": sign, "wait_seconds": wait * sign, "wait_over": over * sign}
            call = (guest.started or 0) - guest.way
            by = {**both, "service_seconds": service * sign}
            sums = {
                **by,
                "limited": sign,
                "repeated_seconds": guest.repeated // 1000 * sign,
                "to_call_seconds": max(0, call - guest.joined - guest.away) // 1000 * sign,
                "way_seconds": guest.way // 1000 * sign,
            }
            hour |= both
            for name in (guest.service, ""):
                for unit, value in (("Minute", wait // 60), ("Second", wait)):
                    self.sums[unit, first(day), name, guest.kind, value]["visits"] += sign
        else:
            sums = {end: sign}
            by = sums if end in ("no_show", "excluded") else {}
            if end in ("no_show", "cancelled", "unserved"):
                asked = ((guest.first_call or guest.ended) - guest.joined) // 1000
                late = guest.limit is not None and max(0, asked) > guest.limit
                sums = {end: sign, "unserved_limited": sign, "unserved_over": sign * late}
        self.add(day, what, sums)
        if end != "annulled":
            self.sums["Hour", first(day), joined.isoweekday(), joined.hour].update(hour)
        if by:
            self.sums["Operator", first(day), guest.operator, guest.desk, guest.service].update(by)

    def add(self, day: date, what: tuple[str, str, str], sums: dict[str, int]) -> None:
        self.sums["Day", day, *what].update(sums)
        self.sums["Month", first(day), *what].update(sums)


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1000, ZONE)


def first(day: date) -> date:
    return day.replace(day=1)
