"""Surveys in the company's file: ``[[offices.surveys]]``, a few questions offered after the mark."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from server.company_reasons import ChoiceSettings, doubled
from server.sdk.messages import Code, Names
from server.sdk.rating_messages import QuestionKind
from server.sdk.settings import Settings

MOST_QUESTIONS = 5
"""A visitor at a desk answers a few questions, not a form."""


class QuestionSettings(Settings):
    """``[[offices.surveys.questions]]``: ``scale`` is 1 to 5; ``choice`` needs two choices or more."""

    code: Code
    kind: QuestionKind
    text: Names
    choices: Annotated[list[ChoiceSettings], Field(max_length=7)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _whole(self) -> QuestionSettings:
        faults = doubled(f"question {self.code}: choice", [choice.code for choice in self.choices])
        if (self.kind == "choice") != bool(self.choices) or len(self.choices) == 1:
            faults.append(f"question {self.code}: a choice needs two choices or more, other kinds have none")
        for owner, names in [("it", self.text), *((choice.code, choice.name) for choice in self.choices)]:
            if not names.get("ru"):
                faults.append(f"question {self.code}: {owner} has no Russian text (ru)")
        if faults:
            raise ValueError("; ".join(faults))
        return self


class SurveySettings(Settings):
    """``[[offices.surveys]]``: offered from ``from`` to ``until``, both days included."""

    code: Code
    title: Names
    since: date = Field(alias="from")
    until: date
    questions: Annotated[list[QuestionSettings], Field(min_length=1, max_length=MOST_QUESTIONS)]

    @model_validator(mode="after")
    def _whole(self) -> SurveySettings:
        faults = doubled(f"survey {self.code}: question", [question.code for question in self.questions])
        if self.until < self.since:
            faults.append(f"survey {self.code} ends before it begins: set until after from")
        if not self.title.get("ru"):
            faults.append(f"survey {self.code} has no Russian title (ru)")
        if faults:
            raise ValueError("; ".join(faults))
        return self
