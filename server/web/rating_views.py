"""What is asked after a mark, and low marks as alerts of the hall: pure functions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from server.db.queries import Hall
from server.db.rating_rows import LowMark
from server.domain import rating
from server.domain.office import OTHER, Office
from server.domain.rating import Rating
from server.domain.survey import Survey
from server.reports.ratings import OTHER_REASON
from server.sdk.rating_messages import RatingChoices, TicketRating
from server.sdk.staff_messages import AlertView


def choices(office: Office, day: date) -> RatingChoices:
    """What an office asks after marks on a day."""
    return RatingChoices.model_validate(_choices(office, day, ()))


def ticket_rating(office: Office, day: date, given: Rating | None) -> TicketRating:
    """What the holder of a ticket may still tell after the mark."""
    low = given is not None and rating.is_low(given.score, office.policy)
    explained = low and given is not None and given.reasons is not None
    answered = (given.surveys or []) if given else []
    score = given.score if given else None
    return TicketRating.model_validate(
        {**_choices(office, day, answered), "score": score, "explained": explained}
    )


def low_mark_alerts(hall: Hall) -> list[AlertView]:
    """Low marks that nobody in charge has seen, the newest first."""
    return [_alert(hall, mark) for mark in hall.low_marks]


def _alert(hall: Hall, mark: LowMark) -> AlertView:
    labels = {desk.id: desk.label for desk in hall.office.desks}
    names = {choice.code: choice.name for choice in hall.office.reasons.low_marks} | {OTHER: OTHER_REASON}
    return AlertView.model_validate(
        {
            "code": "low_mark",
            "ticket": mark.visit,
            "number": None if mark.ticketless else mark.number,
            "desk": mark.desk,
            "label": labels.get(str(mark.desk)),
            "seconds": max(0, int((hall.now - mark.taken_at).total_seconds())),
            "score": mark.score,
            "reasons": [names.get(code) or {"ru": code} for code in mark.reasons],
            "comment": mark.comment,
        }
    )


def _choices(office: Office, day: date, answered: Collection[str]) -> dict[str, Any]:
    low = [{"code": choice.code, "name": choice.name} for choice in office.reasons.low_marks]
    return {
        "low_mark": office.policy.low_mark,
        "correction_seconds": office.policy.correction_seconds,
        "reasons": [*low, {"code": OTHER, "name": OTHER_REASON}],
        "surveys": [
            _survey(survey)
            for survey in office.surveys
            if survey.is_offered(day) and survey.code not in answered
        ],
    }


def _survey(survey: Survey) -> dict[str, Any]:
    return {
        "code": survey.code,
        "title": survey.title,
        "questions": [
            {
                "code": question.code,
                "kind": question.kind,
                "text": question.text,
                "choices": [{"code": choice.code, "name": choice.name} for choice in question.choices],
            }
            for question in survey.questions
        ],
    }
