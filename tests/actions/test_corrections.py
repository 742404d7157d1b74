"""A manager corrects figures: all sums change by the difference, the log tells it, nothing old is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from server.actions import corrections, desks, ratings, visits
from server.actions.corrections import Wanted
from server.db import correction_rows, event_log, queries
from server.db.store import Store
from server.domain.errors import Conflict, Invalid, NotFound
from server.domain.events import Kind
from server.domain.visit import Corrected, State, Visit
from tests.builders import NINE, Clock
from tests.sums import differences, whole


@pytest.fixture
def visit(store: Store, clock: Clock) -> Visit:
    """Somebody who waited five minutes and was served for ten."""
    with store.write("north", "kiosk") as uow:
        visits.issue_ticket(uow, "contract", None, "ru")
    clock.forward(minutes=5)
    with store.write("north", "anna") as uow:
        desks.open_desk(uow, "north-1")
        visits.call_next(uow, "north-1")
        visits.start(uow, "north-1")
    clock.forward(minutes=10)
    with store.write("north", "anna") as uow:
        return visits.finish(uow, "north-1")


def correct(store: Store, visit: Visit, reason: str = "forgot-finish", **wanted: Any) -> Visit:
    with store.write("north", "manager") as uow:
        return corrections.correct(uow, visit.id, Wanted(**wanted), reason)


def test_a_corrected_visit_changes_every_sum_by_the_difference(
    store: Store, clock: Clock, visit: Visit
) -> None:
    clock.forward(days=3)
    after = correct(store, visit, service=240)
    assert after.corrected == Corrected(wait=300, service=240, excluded=False)
    found = whole(store)
    assert (found.served, found.wait_seconds, found.service_seconds) == (1, 300, 240)
    assert differences(store) == []
    correct(store, visit, wait=2000)
    found = whole(store)
    assert (found.wait_seconds, found.service_seconds, found.wait_over) == (2000, 240, 1)
    assert differences(store) == []


def test_the_old_value_who_and_why_stay_in_the_table_and_in_the_log(
    store: Store, clock: Clock, visit: Visit
) -> None:
    moment = clock.forward(days=40)
    correct(store, visit, "she was at the cash desk", wait=60, excluded=True)
    with store.read() as connection:
        (kept,) = correction_rows.corrections(connection, "north", date(2026, 3, 1), date(2026, 3, 31))
        event = list(event_log.read(connection, "north"))[-1].event
        words = [remark.words for remark in queries.remarks(connection, "north", moment.date())[visit.id]]
        assert event_log.faults(connection, "north") == []
    assert (kept.visit, kept.number, kept.day) == (visit.id, visit.number, NINE.date())
    assert (kept.actor, kept.reason, kept.at) == ("manager", "other", moment)
    assert (kept.old, kept.new) == (Corrected(300, 600, False), Corrected(60, 600, True))
    assert (event.kind, event.actor, event.visit) == (Kind.FIGURES_CORRECTED, "manager", visit.id)
    assert event.payload == {
        "reason": "other",
        "old": {"wait": 300, "service": 600, "excluded": False},
        "new": {"wait": 60, "service": 600, "excluded": True},
    }
    assert words == ["she was at the cash desk"]
    assert whole(store).excluded == 1


def test_a_forgotten_service_counts_once_its_length_is_known(store: Store, clock: Clock) -> None:
    with store.write("north", "anna") as uow:
        visits.issue_ticket(uow, "contract", None, "ru")
        desks.open_desk(uow, "north-1")
        visits.call_next(uow, "north-1")
        visits.start(uow, "north-1")
    clock.forward(days=1)
    with store.write("north", "clock") as uow:
        (forgotten,) = uow.open_visits()
        visits.end_past_days(uow)
    assert whole(store).excluded == 1
    correct(store, forgotten, service=420)
    found = whole(store)
    assert (found.served, found.excluded, found.service_seconds) == (1, 0, 420)
    assert differences(store) == []
    correct(store, forgotten, excluded=True)
    assert (whole(store).served, whole(store).excluded) == (0, 1)
    assert differences(store) == []


def test_the_same_figures_again_change_and_log_nothing(store: Store, visit: Visit) -> None:
    for _again in range(2):
        correct(store, visit, wait=300, service=600)
    with store.read() as connection:
        kinds = [row.event.kind for row in event_log.read(connection, "north")]
    assert Kind.FIGURES_CORRECTED not in kinds


def test_a_mark_stays_with_the_visit_that_was_corrected(store: Store, clock: Clock, visit: Visit) -> None:
    correct(store, visit, excluded=True)
    clock.forward(minutes=1)
    with store.write("north", "visitor") as uow:
        assert ratings.rate_by_ticket(uow, visit.code, 5, "press-0001", "phone").counted
    assert (whole(store).rated, whole(store).score_sum) == (1, 5)
    assert differences(store) == []


def test_only_served_visits_of_this_office_have_figures_to_correct(store: Store, visit: Visit) -> None:
    with store.write("north", "anna") as uow:
        waiting = visits.issue_ticket(uow, "contract", None, "ru")
        ticketless = visits.serve_without_ticket(uow, "north-1", "contract")
        visits.finish(uow, "north-1")
    with pytest.raises(Conflict, match="no_figures"):
        correct(store, waiting, wait=1)
    with pytest.raises(Invalid, match="no_wait"):
        correct(store, ticketless, wait=1)
    assert correct(store, ticketless, service=90).state is State.SERVED
    assert whole(store).ticketless_seconds == 90
    with store.write("south", "manager") as uow, pytest.raises(NotFound, match="unknown_visit"):
        corrections.correct(uow, visit.id, Wanted(wait=1), "test")
    assert differences(store) == []
