"""Presses handed in at once, late, twice, in any order: each judges who was served at its own moment."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.actions import ratings
from server.db import queries
from server.db.rating_tables import rating
from server.db.store import Store
from server.domain.errors import Refusal
from server.domain.figures import Sums
from server.domain.visit import State
from tests.actions.test_random_days import ACTS
from tests.builders import Clock, a_store
from tests.sums import differences

DESKS = ("north-1", "north-2")
DAY = (
    *4 * ("issue", "call", "start"), *3 * ("finish",), *2 * ("transfer", "hold", "call the held"),
    "transfer and back", "issue for two services", "serve without a ticket", "close for a colleague",
    "move the held", "return",
)  # fmt: skip

# Gaps on both sides of the window in which a press still judges who has gone.
acts = st.tuples(st.sampled_from(DAY), st.sampled_from(DESKS), st.sampled_from((1, 5, 30, 90, 170, 200)))
presses = st.tuples(st.sampled_from(["at once", "late", "late"]), st.sampled_from(DESKS), st.integers(0, 4))


@dataclass
class Seen:
    """What a camera over the desks would have seen: who sat where from when, and how it ended."""

    at: datetime
    visit: str | None
    finished: bool = False


@dataclass
class Day:
    """A day of an office with a list of presses, and an oracle that knows who sat at each desk."""

    store: Store
    clock: Clock
    seats: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    pressed: list[tuple[str, int, str, datetime]] = field(default_factory=list)

    def do(self, act: str, desk: str) -> None:
        operator = "anna" if desk == "north-1" else "boris"
        for wanted in ("open", act):
            with suppress(Refusal, IndexError), self.store.write("north", operator) as uow:
                ACTS[wanted](uow, desk)
        self.look()

    def look(self) -> None:
        for desk in DESKS:
            with self.store.read() as connection:
                sits = queries.visit_at_desk(connection, desk)
                visit = sits.id if sits and sits.state is State.SERVING else None
                last = self.seats[desk][-1] if self.seats[desk] else Seen(self.clock(), None)
                if visit == last.visit:
                    continue
                gone = queries.visit_by_id(connection, last.visit) if last.visit else None
                finished = gone is not None and gone.state is not State.HELD
                self.seats[desk].append(Seen(self.clock(), visit, finished))

    def hand_in(self, desk: str, score: int, press_id: str, at: datetime) -> None:
        with self.store.write("north", "bridge") as uow:
            age = (self.clock() - at).total_seconds()
            ratings.rate_at_desk(uow, desk, score, press_id, "pad", age)

    def sat_there(self, desk: str, at: datetime) -> str | None:
        before = [seen for seen in self.seats[desk] if seen.at <= at]
        if not before or before[-1].visit:
            return before[-1].visit if before else None
        got_up = before[-1]
        fresh = got_up.finished and at <= got_up.at + timedelta(seconds=180)
        return before[-2].visit if fresh and len(before) > 1 else None

    def wanted(self) -> dict[str, int]:
        """The one mark of each visit, as the rule of the trade says."""
        judged: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        for desk, score, _press_id, at in self.pressed:
            if visit := self.sat_there(desk, at):
                judged[visit].append((at, score))
        return {
            visit: max((at, score) for at, score in given if at <= min(given)[0] + timedelta(seconds=5))[1]
            for visit, given in judged.items()
        }


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(acts, presses), min_size=15, max_size=50), st.randoms())
def test_presses_attach_to_who_was_served_then_exactly_once(
    steps: list[tuple[str, str, int]], chance: object
) -> None:
    with TemporaryDirectory() as folder:
        clock = Clock()
        store = a_store(f"sqlite:///{folder}/talon.sqlite", clock)
        day = Day(store, clock)
        late = []
        # Somebody waits and sits down at once: an idle office proves nothing.
        morning = [("issue", desk, 1) for desk in DESKS * 3] + [
            (act, "north-1", 5) for act in ("call", "start")
        ]
        for number, (act, desk, value) in enumerate([*morning, *steps]):
            if act not in ("at once", "late"):
                clock.forward(seconds=value)
                day.do(act, desk)
                continue
            # A press stands between the acts: who is right at the very millisecond is not asked here.
            press = (desk, value + 1, f"press-{number:04}", clock.forward(seconds=0.5))
            clock.forward(seconds=value * 0.9 + 0.1)
            day.pressed.append(press)
            if act == "at once":
                day.hand_in(*press)
            else:
                late.append(press)
        clock.forward(hours=1)
        late += day.pressed[::3]  # some answers were lost: these are handed in once more
        chance.shuffle(late)  # type: ignore[attr-defined]
        for press in late:
            day.hand_in(*press)
        with store.read() as connection:
            kept = connection.execute(rating.select()).all()
            sums = queries.day_sums(connection, "north")
        assert sorted(row.press_id for row in kept) == sorted(press[2] for press in day.pressed)
        wanted = day.wanted()
        assert {row.visit: row.score for row in kept if row.visit} == wanted
        whole = sum(sums.values(), Sums())
        assert (whole.rated, whole.score_sum) == (len(wanted), sum(wanted.values()))
        assert differences(store) == []
        store.engine.dispose()
