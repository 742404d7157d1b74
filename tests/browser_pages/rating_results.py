"""Results of ratings as the page draws them: one office with marks, reasons, words and a survey."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from server.db.rating_rows import Comment
from server.domain.survey import surveys_from_document
from server.reports import ratings
from server.reports.ratings import Counts
from tests.browser_pages.states import SURVEY
from tests.builders import an_office

KEYS: dict[str, list[Any]] = {
    "office": ["north"],
    "service": ["contract", "cash"],
    "operator": ["anna", "boris"],
    "desk": ["north-1", "north-2"],
    "month": [date(2026, 3, 2), date(2026, 4, 1)],
}


def rating_results(by: Any = "office", empty: bool = False) -> dict[str, Any]:
    """What the page's template is given."""
    questions = [{"choices": [], **question} for question in SURVEY["questions"]]
    survey = {**SURVEY, "since": "2026-03-01", "until": "2026-04-30", "questions": questions}
    office = replace(an_office(), surveys=surveys_from_document({"surveys": [survey]}))
    keys = [] if empty else KEYS[by]
    words = Comment("north", datetime(2026, 3, 2, 9, tzinfo=UTC), "north-1", "contract", 1, "Долго " * 20)
    counts = Counts(
        marks=[("north", key, mark, mark * mark) for key in keys for mark in ratings.MARKS],
        served=[("north", key, 140) for key in keys],
        reasons=[("north", key, ["rude", "other"]) for key in keys],
        strays=0 if empty else 4,
        comments=[] if empty else [words],
        answers=[]
        if empty
        else [
            ("north", "hall", "", "", 3),
            ("north", "hall", "signs", "4", 2),
            ("north", "hall", "found", "yes", 1),
        ],
        operators={"anna": "Анна", "boris": ""},
    )
    first, last, now = date(2026, 3, 1), date(2026, 4, 30), datetime(2026, 5, 1, tzinfo=UTC)
    report = ratings.report([office], first, last, by, counts, now)
    offices = [{"code": "north", "name": office.name}, {"code": "south", "name": {"ru": "Юг"}}]
    return {"report": json.loads(report.model_dump_json()), "offices": offices, "fault": False}
