"""Reasons of low marks and surveys in the company's file: what is taken, and every fault by its name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from server.company import CompanySettings
from server.domain.office import Office, office_from_document
from tests.builders import an_office, changed_company

SURVEY: dict[str, Any] = {
    "code": "hall",
    "title": {"ru": "О зале"},
    "from": "2026-03-01",
    "until": "2026-03-31",
    "questions": [
        {"code": "signs", "kind": "scale", "text": {"ru": "Понятны ли указатели?"}},
        {
            "code": "source",
            "kind": "choice",
            "text": {"ru": "Откуда узнали?"},
            "choices": [
                {"code": "site", "name": {"ru": "С сайта"}},
                {"code": "staff", "name": {"ru": "Здесь"}},
            ],
        },
    ],
}


def office_with(**data: Any) -> Office:
    values = changed_company(lambda office: office.update(data))
    return office_from_document(CompanySettings.model_validate(values).documents()[0])


def faults(survey: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as refused:
        office_with(surveys=[survey])
    return str(refused.value)


def test_a_survey_is_offered_on_its_days_and_takes_its_own_answers() -> None:
    (survey,) = office_with(surveys=[SURVEY]).surveys
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [survey.is_offered(day) for day in days] == [False, True, True, False]
    assert [question.answers for question in survey.questions] == [
        ("1", "2", "3", "4", "5"),
        ("site", "staff"),
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"until": "2026-02-28"}, "ends before it begins"),
        ({"title": {"en": "About the hall"}}, "no Russian title"),
        ({"questions": []}, "questions"),
        ({"questions": SURVEY["questions"][:1] * 2}, "signs is given twice"),
        ({"questions": [{**SURVEY["questions"][0], "text": {"kk": "?"}}]}, "no Russian text"),
        ({"questions": [{**SURVEY["questions"][0], "kind": "choice"}]}, "two choices or more"),
        ({"questions": [{**SURVEY["questions"][1], "kind": "yes_no"}]}, "two choices or more"),
    ],
)
def test_a_faulty_survey_is_named_with_its_cure(change: dict[str, Any], told: str) -> None:
    assert told in faults({**SURVEY, **change})


def test_reasons_of_low_marks_have_defaults_in_all_languages_and_can_be_the_offices_own() -> None:
    for reason in an_office().reasons.low_marks:
        assert set(reason.name) == {"ru", "kk", "en"}
    own = [{"code": "cold", "name": {"ru": "Холодно"}}]
    assert [one.code for one in office_with(reasons={"low_marks": own}).reasons.low_marks] == ["cold"]
    with pytest.raises(ValidationError, match="own words"):
        office_with(reasons={"low_marks": [{"code": "other", "name": {"ru": "Другое"}}]})
