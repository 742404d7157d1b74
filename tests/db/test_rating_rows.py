"""Ratings are found by index: what is read grows with the period asked for, never with history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from server.db import rating_rows
from server.db.rating_rows import Period
from server.db.store import Store
from tests.builders import NINE, an_office
from tests.db.test_storage import plans

MONTH = {by: Period(("north",), NINE.date(), NINE.date() + timedelta(days=30), by) for by in
         ("office", "service", "operator", "desk", "month")}  # fmt: skip
KEYS = {
    "event": ("USING PRIMARY KEY", "pk_event"),
    "office_log": ("sqlite_autoindex_office_log", "pk_office_log"),
    "day_sum": ("USING PRIMARY KEY", "pk_day_sum"),
    "work_time": ("sqlite_autoindex_work_time", "pk_work_time"),
    "survey_sum": ("sqlite_autoindex_survey_sum", "pk_survey_sum"),
    "remark": ("ix_remark_office_day", "ix_remark_office_day"),
}


@pytest.mark.parametrize(
    ("table", "read"),
    [
        ("event", lambda c: rating_rows.last_turn(c, "north", "north-1", NINE, NINE - timedelta(hours=9))),
        ("remark", lambda c: rating_rows.comments(c, MONTH["office"])),
        ("survey_sum", lambda c: rating_rows.survey_answers(c, MONTH["office"])),
        *(("day_sum", lambda c, by=by: rating_rows.served(c, MONTH[by])) for by in ("office", "month")),
        *(("work_time", lambda c, by=by: rating_rows.served(c, MONTH[by])) for by in ("operator", "desk")),
    ],
)
def test_what_ratings_read_of_other_tables_is_found_by_key(
    store: Store, table: str, read: Callable[[Connection], object]
) -> None:
    found = plans(store, read, table)
    assert found
    for plan in found:
        assert any(key in plan for key in KEYS[table]), plan


@pytest.mark.parametrize(
    ("read", "index"),
    [
        *((lambda c, p=period: rating_rows.marks(c, p), "ix_rating_office_day") for period in MONTH.values()),
        (lambda c: rating_rows.reasons(c, MONTH["desk"]), "ix_rating_office_day"),
        (lambda c: rating_rows.strays(c, MONTH["office"]), "ix_rating_office_day"),
        (lambda c: rating_rows.low_marks(c, an_office(), NINE), "ix_rating_unseen"),
        (lambda c: rating_rows.RatingRows(c, "north").judging("visit"), "ix_rating_judged"),
        (lambda c: rating_rows.of_visit(c, "visit"), "visit"),
    ],
)
def test_ratings_are_found_by_index_however_many_there_are(
    store: Store, read: Callable[[Connection], object], index: str
) -> None:
    (plan,) = plans(store, read, "rating")
    assert index in plan
    assert "SCAN" not in plan
