"""The bridge is cut off from the server for an hour while the desk works on: every press finds its visit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_bridge.hand_in import HandIn
from firmware_bridge.journal import Journal
from server.actions import desks, ratings, visits
from server.db import queries
from server.db.store import Store
from server.sdk.client import ServerUnreachable
from server.sdk.commands import GiveRating
from server.sdk.messages import RatingTaken
from tests.builders import Clock
from tests.firmware_bridge.far_ends import eventually

DESK = "north-1"


class Hall:
    """A desk at work by a clock set by hand, and the bridge's way from disk to the real action."""

    def __init__(self, store: Store, clock: Clock, folder: Path) -> None:
        self.store = store
        self.clock = clock
        self.folder = folder
        self.away = True
        self.lose_answers = 0
        self.asked: list[GiveRating] = []
        self.presses = 0
        self.journal = self._journal()
        with store.write("north", "anna") as uow:
            desks.open_desk(uow, DESK)

    def visit(self) -> str:
        """The next visitor sits down."""
        with self.store.write("north", "kiosk") as uow:
            made = visits.issue_ticket(uow, "contract", None, "ru")
        for act in (visits.call_next, visits.start):
            with self.store.write("north", "anna") as uow:
                act(uow, DESK)
        return made.id

    def finish(self) -> None:
        """The visitor gets up."""
        with self.store.write("north", "anna") as uow:
            visits.finish(uow, DESK)

    def press(self, score: int) -> None:
        """A press that the bridge has put on its disk."""
        self.presses += 1
        self.journal.add(f"{DESK}.00000007.{self.presses:x}", DESK, score, 0.0)

    def rate(self, request: GiveRating) -> RatingTaken:
        """The server's own action, behind a line that fails as told."""
        self.asked.append(request)
        if self.away:
            raise ServerUnreachable("away")
        with self.store.write("north", "bridge") as uow:
            taken = ratings.rate_at_desk(
                uow, DESK, request.score, request.press_id, request.source, request.pressed_seconds_ago
            )
        if self.lose_answers:
            self.lose_answers -= 1
            raise ServerUnreachable("the answer was lost")
        return RatingTaken(press_id=taken.press_id, counted=taken.counted, replaced=taken.replaced)

    def restart_bridge(self) -> None:
        """The bridge ends and starts again on what its disk holds."""
        self.journal.close()
        self.journal = self._journal()

    def hand_in(self) -> None:
        """Contact: until nothing waits on the disk."""
        self.away = False
        sender = HandIn(self.journal, self)
        sender.start()
        eventually(lambda: not self.journal.pending(), 20)
        sender.stop()

    def score(self, visit: str) -> int | None:
        with self.store.read() as connection:
            return queries.score_of_visit(connection, visit)

    def _journal(self) -> Journal:
        def seconds() -> float:
            return self.clock.now.timestamp()

        return Journal(self.folder, seconds, seconds)


@pytest.fixture
def hall(store: Store, clock: Clock, tmp_path: Path) -> Iterator[Hall]:
    made = Hall(store, clock, tmp_path / "state")
    yield made
    made.journal.close()


@pytest.mark.parametrize("restarted", [False, True], ids=["bridge kept running", "bridge restarted"])
def test_presses_of_an_hour_without_the_server_find_the_visits_they_were_made_in(
    hall: Hall, restarted: bool
) -> None:
    chance = random.Random(6)
    made: dict[str, int | None] = {}
    end = hall.clock.now.timestamp() + 3600
    while hall.clock.now.timestamp() < end:
        visit = hall.visit()
        made[visit] = chance.choice([None, 1, 2, 3, 4, 5])
        score, during = made[visit], chance.random() < 0.5
        hall.clock.forward(seconds=chance.uniform(2, 200))
        if score and during:
            hall.press(score)
        hall.clock.forward(seconds=chance.uniform(2, 60))
        hall.finish()
        hall.clock.forward(seconds=chance.uniform(0.1, 30))
        if score and not during:
            hall.press(score)
        # The next visitor sits down no sooner than a press is known to: one second.
        hall.clock.forward(seconds=chance.uniform(1.1, 20))
    if restarted:
        hall.restart_bridge()
    hall.lose_answers = 3
    hall.hand_in()
    assert {visit: hall.score(visit) for visit in made} == made
    rated = [score for score in made.values() if score]
    assert len(rated) > 10
    with hall.store.read() as connection:
        sums = list(queries.day_sums(connection, "north").values())
    assert sum(day.rated for day in sums) == len(rated)
    assert sum(day.score_sum for day in sums) == sum(rated)


def test_presses_handed_in_twice_after_a_lost_answer_and_a_restart_count_once(hall: Hall) -> None:
    visit = hall.visit()
    hall.clock.forward(seconds=60)
    hall.press(4)
    hall.clock.forward(seconds=5)
    hall.finish()
    hall.clock.forward(hours=1)
    hall.away = False
    hall.lose_answers = 10**9
    sender = HandIn(hall.journal, hall)
    sender.start()
    eventually(lambda: len(hall.asked) >= 2)
    sender.stop()
    hall.lose_answers = 0
    hall.restart_bridge()
    hall.hand_in()
    assert hall.score(visit) == 4
    with hall.store.read() as connection:
        assert sum(day.rated for day in queries.day_sums(connection, "north").values()) == 1
