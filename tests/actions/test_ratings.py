"""Ratings: each press once, to the right visit, corrected only at once."""

from __future__ import annotations

from typing import Any

import pytest

from server.actions import desks, ratings, visits
from server.actions.ratings import Taken
from server.db import queries, rating_rows
from server.db.store import Store
from server.domain.errors import Conflict
from server.domain.events import Event, Kind
from server.domain.figures import Sums
from server.domain.visit import Visit
from tests.builders import Clock
from tests.sums import differences


@pytest.fixture
def visit(store: Store, clock: Clock) -> Visit:
    """A visitor who was served for ten minutes and has just got up."""
    return serve(store, clock, minutes=10)


def press(store: Store, score: int, press_id: str, ago: float = 0) -> Taken:
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


def test_a_press_handed_in_an_hour_later_goes_to_who_was_served_then_though_others_were_since(
    store: Store, clock: Clock, visit: Visit
) -> None:
    pressed = [clock.forward(seconds=30)]
    clock.forward(seconds=10)
    others = [serve(store, clock, minutes=5) for _ in range(3)]
    pressed.append(clock.forward(seconds=20))
    clock.forward(hours=1)
    for _again in range(2):
        for number, moment in enumerate(pressed):
            press(store, 2 + number, f"press-{number:04}", (clock() - moment).total_seconds())
    with store.read() as connection:
        assert queries.score_of_visit(connection, visit.id) == 2
        assert [queries.score_of_visit(connection, other.id) for other in others] == [None, None, 3]
    assert rated(store) == (2, 5)


def test_a_correction_handed_in_before_what_it_corrects_still_counts(
    store: Store, clock: Clock, visit: Visit
) -> None:
    clock.forward(minutes=1)
    assert press(store, 5, "press-0002", ago=6).counted
    assert not press(store, 1, "press-0001", ago=10).counted
    with store.read() as connection:
        assert queries.score_of_visit(connection, visit.id) == 5
    assert rated(store) == (1, 5)


def test_a_press_handed_in_late_that_came_first_by_far_is_the_one_that_counts(
    store: Store, clock: Clock, visit: Visit
) -> None:
    clock.forward(minutes=1)
    assert press(store, 5, "press-0002", ago=6).counted
    assert press(store, 1, "press-0001", ago=40) == Taken("press-0001", counted=True, replaced=True)
    with store.read() as connection:
        assert queries.score_of_visit(connection, visit.id) == 1
    assert differences(store) == []
    assert rated(store) == (1, 1)


def test_a_press_before_the_visitor_went_on_to_another_desk_judges_that_visit(
    store: Store, clock: Clock
) -> None:
    made = begin(store)
    pressed = clock.forward(minutes=2)
    with store.write("north", "anna") as uow:
        visits.transfer(uow, "north-1", ("cash", None, None), return_after=False)
    clock.forward(seconds=10)
    serve(store, clock, minutes=5)
    assert press(store, 4, "press-0001", (clock() - pressed).total_seconds()).counted
    with store.read() as connection:
        assert queries.score_of_visit(connection, made.id) == 4


def test_a_press_is_of_whoever_served_at_that_desk_though_the_visit_was_finished_at_another(
    store: Store, clock: Clock
) -> None:
    made = begin(store)
    pressed = clock.forward(minutes=2)
    with store.write("north", "anna") as uow:
        visits.hold(uow, "north-1", "form", None)
    with store.write("north", "boris") as uow:
        desks.open_desk(uow, "north-2")
        visits.call(uow, "north-2", made.id, None)
        visits.start(uow, "north-2")
    clock.forward(minutes=5)
    with store.write("north", "boris") as uow:
        visits.finish(uow, "north-2")
    assert press(store, 3, "press-0001", (clock() - pressed).total_seconds()).counted
    with store.read() as connection:
        given = rating_rows.of_visit(connection, made.id)
    assert given is not None
    assert (given.score, given.operator, given.service) == (3, "anna", "contract")


def test_a_ticket_is_not_rated_long_after_the_visit(store: Store, clock: Clock, visit: Visit) -> None:
    clock.forward(hours=13)
    with store.write("north", "visitor") as uow:
        assert not ratings.rate_by_ticket(uow, visit.code, 1, "press-0001", "phone").counted
    assert rated(store) == (0, 0)


def test_a_desk_without_a_start_button_knows_who_was_served_since_the_call(
    store: Store, clock: Clock
) -> None:
    with store.write("north", "test") as uow:
        document = uow.document()
        uow.save_document({**document, "policy": {**document["policy"], "start_button": False}})
        uow.record(Event(Kind.OFFICE_REVISED, uow.now, uow.actor))
    made = begin(store, start=False)
    pressed = clock.forward(minutes=3)
    clock.forward(minutes=3)
    with store.write("north", "anna") as uow:
        visits.finish(uow, "north-1")
    clock.forward(minutes=9)
    assert press(store, 5, "press-0001", (clock() - pressed).total_seconds()).counted
    with store.read() as connection:
        assert queries.score_of_visit(connection, made.id) == 5


def begin(store: Store, start: bool = True) -> Visit:
    """The next visitor sits down at the first desk."""
    with store.write("north", "kiosk") as uow:
        made = visits.issue_ticket(uow, "contract", None, "ru")
    with store.write("north", "anna") as uow:
        if uow.desk("north-1").state != "open":
            desks.open_desk(uow, "north-1")
        visits.call_next(uow, "north-1")
        if start:
            visits.start(uow, "north-1")
    return made


def serve(store: Store, clock: Clock, minutes: int) -> Visit:
    """The next visitor is served for so long."""
    made = begin(store)
    clock.forward(minutes=minutes)
    with store.write("north", "anna") as uow:
        visits.finish(uow, "north-1")
    return made
