"""Small surveys («опрос»): a few questions as data, offered after the mark, answered without a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.domain.errors import Invalid, NotFound

SCALE = ("1", "2", "3", "4", "5")
YES_NO = ("yes", "no")

Names = Mapping[str, str]
"""A text by language code; "ru" is always there."""


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from."""

    code: str
    name: Names


@dataclass(frozen=True)
class Question:
    """A question: ``kind`` is ``scale`` (1…5), ``choice`` (one of ``choices``) or ``yes_no``."""

    code: str
    kind: str
    text: Names
    choices: tuple[Option, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """The codes of all possible answers, in order."""
        if self.kind == "choice":
            return tuple(choice.code for choice in self.choices)
        return SCALE if self.kind == "scale" else YES_NO


@dataclass(frozen=True)
class Survey:
    """A survey that is offered from ``since`` to ``until``, both days included."""

    code: str
    title: Names
    since: date
    until: date
    questions: tuple[Question, ...]

    def is_offered(self, day: date) -> bool:
        """Whether it is offered on this day of the office."""
        return self.since <= day <= self.until

    def check(self, answers: Mapping[str, str]) -> None:
        """Raise ``Invalid`` ``unknown_answer`` unless each answer is one of its question's.

        Every question may be skipped.
        """
        known = {question.code: question.answers for question in self.questions}
        for question, answer in answers.items():
            if answer not in known.get(question, ()):
                raise Invalid("unknown_answer", question=question)


def survey_called(surveys: Sequence[Survey], code: str) -> Survey:
    """The survey with this code; raises ``NotFound``."""
    for survey in surveys:
        if survey.code == code:
            return survey
    raise NotFound("unknown_survey", survey=code)


def surveys_from_document(document: Mapping[str, Any]) -> tuple[Survey, ...]:
    """The surveys of an office's stored document; older documents have none."""
    return tuple(
        Survey(
            made["code"],
            made["title"],
            date.fromisoformat(made["since"]),
            date.fromisoformat(made["until"]),
            tuple(
                Question(
                    question["code"],
                    question["kind"],
                    question["text"],
                    tuple(Option(**choice) for choice in question["choices"]),
                )
                for question in made["questions"]
            ),
        )
        for made in document.get("surveys", ())
    )
