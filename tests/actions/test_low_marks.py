"""After the mark: why it is low, in codes and own words; who has seen it; surveys that name nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.actions import desks, ratings, visits
from server.actions.ratings import Which
from server.db import event_log, queries, rating_rows
from server.db.rating_rows import Period
from server.db.store import Store
from server.domain.errors import Invalid, NotFound
from server.domain.events import Event, Kind
from server.domain.visit import Visit
from tests.builders import NINE, Clock

PRESS = "press-0001"
SURVEY: dict[str, Any] = {
    "code": "signs",
    "title": {"ru": "О зале"},
    "since": "2026-03-01",
    "until": "2026-03-31",
    "questions": [
        {"code": "clear", "kind": "scale", "text": {"ru": "Понятны ли указатели?"}, "choices": []},
        {"code": "again", "kind": "yes_no", "text": {"ru": "Придёте ещё?"}, "choices": []},
    ],
}


@pytest.fixture
def visit(store: Store, clock: Clock) -> Visit:
    """A visitor who was served and has just got up."""
    with store.write("north", "kiosk") as uow:
        made = visits.issue_ticket(uow, "contract", None, "ru")
    for act in (desks.open_desk, visits.call_next, visits.start, visits.finish):
        with store.write("north", "anna") as uow:
            act(uow, "north-1")
        clock.forward(seconds=20)
    return made


def rate(store: Store, score: int, press_id: str = PRESS) -> None:
    with store.write("north", "bridge") as uow:
        assert ratings.rate_at_desk(uow, "north-1", score, press_id, "tablet", 0).counted


def explain(store: Store, which: Which, reasons: list[str], comment: str = "") -> bool:
    with store.write("north", "tablet") as uow:
        return ratings.explain(uow, which, reasons, comment)


def answer(store: Store, which: Which, **answers: str) -> bool:
    with store.write("north", "tablet") as uow:
        return ratings.answer_survey(uow, which, "signs", answers)


def change(store: Store, **values: Any) -> None:
    """Put the office's data in force with these values changed."""
    with store.write("north", "test") as uow:
        uow.save_document({**uow.document(), **values})
        uow.record(Event(Kind.OFFICE_REVISED, uow.now, uow.actor))


def comments(store: Store) -> list[str]:
    with store.read() as connection:
        period = Period(("north",), NINE.date(), NINE.date(), "office")
        return [comment.words for comment in rating_rows.comments(connection, period)]


def test_the_reasons_of_a_low_mark_are_kept_once_and_its_words_stay_out_of_the_log(
    store: Store, visit: Visit
) -> None:
    rate(store, 1)
    assert explain(store, Which(PRESS), ["rude", "other"], "My own words")
    assert not explain(store, Which(ticket=visit.code), ["long-wait"], "Once more")
    (alert,) = store.hall("north").low_marks
    assert (alert.number, alert.score, alert.reasons) == (visit.number, 1, ["rude", "other"])
    assert alert.comment == "My own words"
    with store.read() as connection:
        log = [row.event for row in event_log.read(connection, "north")]
    assert log[-1].payload == {"press": PRESS, "reasons": ["rude", "other"]}
    assert "My own words" not in str(log)


def test_what_a_visitor_says_is_not_shown_to_the_operator(store: Store, visit: Visit) -> None:
    rate(store, 1)
    explain(store, Which(PRESS), [], "My own words")
    assert visit.id not in store.hall("north").remarks


def test_the_phone_completes_a_low_mark_given_on_the_pad(store: Store, visit: Visit) -> None:
    rate(store, 2)
    assert explain(store, Which(ticket=visit.code), ["long-wait"])


@pytest.mark.usefixtures("visit")
def test_a_mark_that_is_not_low_takes_no_reasons(store: Store) -> None:
    rate(store, 3)
    assert not explain(store, Which(PRESS), ["rude"])
    assert store.hall("north").low_marks == ()


@pytest.mark.usefixtures("visit")
def test_a_correction_to_a_good_mark_takes_reasons_and_alert_away(store: Store) -> None:
    rate(store, 1)
    explain(store, Which(PRESS), ["rude"])
    rate(store, 5, "press-0002")
    assert store.hall("north").low_marks == ()
    with store.read() as connection:
        period = Period(("north",), NINE.date(), NINE.date(), "office")
        assert rating_rows.reasons(connection, period) == []


@pytest.mark.usefixtures("visit")
def test_unknown_reasons_and_presses_are_refused(store: Store) -> None:
    rate(store, 1)
    with pytest.raises(NotFound, match="unknown_reason"):
        explain(store, Which(PRESS), ["weather"])
    with pytest.raises(NotFound, match="unknown_press"):
        explain(store, Which("press-9999"), ["rude"])


@pytest.mark.usefixtures("visit")
def test_the_words_are_erased_after_the_days_they_are_kept_and_the_codes_stay(
    store: Store, clock: Clock
) -> None:
    rate(store, 1)
    explain(store, Which(PRESS), ["rude"], "My own words")
    clock.forward(days=3)
    with store.write("north", "clock") as uow:
        visits.erase_old_remarks(uow)
    assert comments(store) == ["My own words"]
    clock.forward(days=1)
    with store.write("north", "clock") as uow:
        visits.erase_old_remarks(uow)
    assert comments(store) == []
    with store.read() as connection:
        period = Period(("north",), NINE.date(), NINE.date(), "office")
        assert rating_rows.reasons(connection, period) == [("north", "north", ["rude"])]


def test_a_low_mark_is_an_alert_until_it_is_seen(store: Store, visit: Visit) -> None:
    rate(store, 1)
    assert len(store.hall("north").low_marks) == 1
    for _again in range(2):
        with store.write("north", "head") as uow:
            ratings.see_low_mark(uow, visit.id)
    assert store.hall("north").low_marks == ()
    with store.read() as connection:
        kinds = [row.event.kind for row in event_log.read(connection, "north")]
    assert kinds.count(Kind.LOW_MARK_SEEN) == 1


@pytest.mark.usefixtures("visit")
def test_a_low_mark_nobody_sees_is_an_alert_for_the_offices_minutes(store: Store, clock: Clock) -> None:
    rate(store, 2)
    clock.forward(minutes=29)
    assert len(store.hall("north").low_marks) == 1
    clock.forward(minutes=1)
    assert store.hall("north").low_marks == ()


@pytest.mark.usefixtures("visit")
def test_a_low_mark_that_was_handed_in_late_is_told_when_it_comes(store: Store, clock: Clock) -> None:
    clock.forward(hours=2)
    with store.write("north", "bridge") as uow:
        assert ratings.rate_at_desk(uow, "north-1", 1, PRESS, "pad", 2 * 3600).counted
    assert len(store.hall("north").low_marks) == 1


def test_a_survey_is_answered_once_for_a_visit_and_only_counts_are_kept(store: Store, visit: Visit) -> None:
    change(store, surveys=[SURVEY])
    assert not answer(store, Which(ticket=visit.code), clear="5")  # not before the mark
    rate(store, 5)
    assert answer(store, Which(PRESS), clear="4", again="yes")
    assert not answer(store, Which(ticket=visit.code), clear="1")
    with store.read() as connection:
        period = Period(("north",), NINE.date(), NINE.date(), "office")
        told = rating_rows.survey_answers(connection, period)
        log = str([row.event for row in event_log.read(connection, "north")])
    assert sorted(told) == [
        ("north", "signs", "", "", 1),
        ("north", "signs", "again", "yes", 1),
        ("north", "signs", "clear", "4", 1),
    ]
    assert "signs" not in log


@pytest.mark.usefixtures("visit")
def test_a_correction_does_not_let_a_survey_be_answered_twice(store: Store) -> None:
    change(store, surveys=[SURVEY])
    rate(store, 1)
    assert answer(store, Which(PRESS), clear="4")
    rate(store, 5, "press-0002")
    assert not answer(store, Which("press-0002"), clear="1")


@pytest.mark.usefixtures("visit")
def test_a_survey_takes_only_its_own_answers_and_only_in_its_days(store: Store) -> None:
    change(store, surveys=[SURVEY])
    rate(store, 5)
    for wrong in ({"clear": "6"}, {"again": "5"}, {"weather": "yes"}):
        with pytest.raises(Invalid, match="unknown_answer"):
            answer(store, Which(PRESS), **wrong)
    change(store, surveys=[{**SURVEY, "until": str(NINE.date() - timedelta(days=1))}])
    assert not answer(store, Which(PRESS), clear="5")
    change(store, surveys=[])
    with pytest.raises(NotFound, match="unknown_survey"):
        answer(store, Which(PRESS), clear="5")


def test_a_low_mark_of_another_office_is_not_ours_to_see(store: Store, visit: Visit) -> None:
    rate(store, 1)
    with store.write("south", "head") as uow, pytest.raises(NotFound):
        ratings.see_low_mark(uow, visit.id)
    with store.read() as connection:
        assert queries.score_of_visit(connection, visit.id) == 1
