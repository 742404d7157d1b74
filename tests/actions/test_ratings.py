"""Ratings: each press once, to the right visit, corrected only at once."""

from __future__ import annotations

from typing import Any

import pytest

from server.actions import desks, ratings, visits
from server.actions.ratings import Taken
from server.db import queries
from server.db.unit_of_work import Store
from server.domain.errors import Conflict
from server.domain.figures import Sums
from server.domain.visit import Visit
from tests.builders import Clock


@pytest.fixture
def visit(store: Store, clock: Clock) -> Visit:
    """A visitor who was served for ten minutes and has just got up."""
    with store.write("north", "kiosk") as uow:
        made = visits.issue_ticket(uow, "contract", None, "ru")
    for act in (desks.open_desk, visits.call_next, visits.start):
        with store.write("north", "anna") as uow:
            act(uow, "north-1")
    clock.forward(minutes=10)
    with store.write("north", "anna") as uow:
        visits.finish(uow, "north-1")
    return made


def press(store: Store, score: int, press_id: str, ago: int = 0) -> Taken:
    with store.write("north", "bridge") as uow:
        return ratings.rate_at_desk(uow, "north-1", score, press_id, "pad", ago)


def rated(store: Store) -> tuple[int, int]:
    with store.read() as connection:
        whole: Any = sum(queries.day_sums(connection, "north").values(), Sums())
    return whole.rated, whole.score_sum


def test_a_press_after_the_service_counts_for_that_visit(store: Store, visit: Visit) -> None:
    assert press(store, 5, "press-0001") == Taken("press-0001", counted=True)
    with store.read() as connection:
        assert queries.score_of_visit(connection, visit.id) == 5
    assert rated(store) == (1, 5)


@pytest.mark.usefixtures("visit")
def test_the_same_press_handed_in_twice_counts_once(store: Store) -> None:
    for _ in range(2):
        assert press(store, 4, "press-0001").counted
    assert rated(store) == (1, 4)


@pytest.mark.usefixtures("visit")
def test_another_press_within_the_correction_seconds_replaces_the_first(store: Store, clock: Clock) -> None:
    press(store, 1, "press-0001")
    clock.forward(seconds=4)
    assert press(store, 5, "press-0002") == Taken("press-0002", counted=True, replaced=True)
    assert rated(store) == (1, 5)
    clock.forward(seconds=2)  # six seconds after the first press, two after the second
    assert not press(store, 1, "press-0003").counted
    assert rated(store) == (1, 5)


@pytest.mark.usefixtures("visit")
def test_a_press_long_after_the_visit_is_kept_as_stray_and_not_counted(store: Store, clock: Clock) -> None:
    clock.forward(minutes=10)
    assert press(store, 1, "press-0001") == Taken("press-0001", counted=False)
    assert rated(store) == (0, 0)


@pytest.mark.usefixtures("visit")
def test_a_press_kept_while_the_line_was_down_counts_for_its_own_moment(store: Store, clock: Clock) -> None:
    clock.forward(hours=1)
    assert press(store, 2, "press-0001", ago=3600 - 30).counted
    assert rated(store) == (1, 2)


def test_the_tickets_holder_rates_after_the_service_only(store: Store, visit: Visit) -> None:
    with store.write("north", "kiosk") as uow:
        waiting = visits.issue_ticket(uow, "contract", None, "ru")
    with store.write("north", "visitor") as uow, pytest.raises(Conflict, match="not_served_yet"):
        ratings.rate_by_ticket(uow, waiting.code, 5, "press-0001", "phone")
    with store.write("north", "visitor") as uow:
        assert ratings.rate_by_ticket(uow, visit.code, 5, "press-0002", "phone").counted
    assert rated(store) == (1, 5)
