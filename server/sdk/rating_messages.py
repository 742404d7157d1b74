"""The wire of ratings: why a mark is low, surveys, low marks to see, and the results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from server.sdk.commands import Request
from server.sdk.messages import Answer, Code, Names, VisitId

QuestionKind = Literal["scale", "choice", "yes_no"]
RatingsBy = Literal["office", "service", "operator", "desk", "month"]
PressId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
TicketCode = Annotated[str, Field(min_length=16, max_length=40)]
MOST_WORDS = 500


class AfterRating(Request):
    """What follows a mark names it by its press (tablet), or by the ticket's code (its holder)."""

    press_id: PressId | None = None
    ticket: TicketCode | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> AfterRating:
        if (self.press_id is None) == (self.ticket is None):
            raise ValueError("give either press_id or ticket")
        return self


class ExplainRating(AfterRating):
    """Why a mark is low: codes of the company's list or ``other``, and own words; one of both at least.

    The words must name nobody; they are kept apart from the log and erased after a few days.
    """

    reasons: Annotated[list[Code], Field(max_length=20)] = Field(default_factory=list)
    comment: Annotated[str, Field(max_length=MOST_WORDS)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> ExplainRating:
        if len(set(self.reasons)) != len(self.reasons):
            raise ValueError("a reason is given twice")
        if not self.reasons and not self.comment:
            raise ValueError("give a reason or a comment")
        return self


class AnswerSurvey(AfterRating):
    """Answers by question: "1" … "5", "yes" or "no", or a choice's code. Skipped questions are left out."""

    survey: Code
    answers: Annotated[dict[Code, Code], Field(min_length=1, max_length=20)]


class SeeLowMark(Request):
    """Somebody in charge has seen the low mark of this visit."""

    ticket: VisitId


class AfterRatingTaken(Answer):
    """``kept`` is false where there was nothing to add to: no such mark, or it was told before."""

    kept: bool


class RatingChoice(Answer):
    """One of the reasons or answers to choose from."""

    code: str
    name: Names


class SurveyQuestion(Answer):
    """A question; ``choices`` only where the kind is ``choice``."""

    code: str
    kind: QuestionKind
    text: Names
    choices: list[RatingChoice] = Field(default_factory=list)


class SurveyOffer(Answer):
    """A survey that is offered now."""

    code: str
    title: Names
    questions: list[SurveyQuestion]


class RatingChoices(Answer):
    """What an office asks after a mark up to ``low_mark``, and after any mark."""

    low_mark: int
    correction_seconds: int
    reasons: list[RatingChoice]
    surveys: list[SurveyOffer]


class TicketRating(RatingChoices):
    """The same for the holder of a ticket; without what was told before."""

    score: int | None = None
    explained: bool = False


class ReasonCount(RatingChoice):
    """How often a reason was given."""

    count: int


class MarkFigures(Answer):
    """Marks of a period. ``marks`` counts marks 1…5, ``shares`` are their percents of ``rated``.

    ``served``: those who could have rated; ``response_rate``: rated / served in percent. Null: no data.
    """

    rated: int
    served: int
    response_rate: float | None
    average_score: float | None
    marks: list[int]
    shares: list[float | None]
    reasons: list[ReasonCount] = Field(default_factory=list)


class MarkRow(MarkFigures):
    """One office, service, operator, desk or month ("2026-03"); ``office`` is null for months."""

    key: str
    office: str | None
    name: Names


class VisitorComment(Answer):
    """A visitor's own words, while they are kept."""

    office: str
    office_name: Names
    at: datetime
    label: str | None
    service_name: Names
    score: int
    words: str


class AnswerCount(RatingChoice):
    """How often an answer was chosen; ``share`` is its percent of the question's answers."""

    count: int
    share: float | None


class QuestionResult(Answer):
    """A question with its answers; ``average`` for a scale."""

    code: str
    kind: QuestionKind
    text: Names
    answered: int
    average: float | None = None
    answers: list[AnswerCount]


class SurveyResult(Answer):
    """A survey's answers in the period, from ``people`` visitors."""

    office: str
    office_name: Names
    code: str
    title: Names
    people: int
    questions: list[QuestionResult]


class RatingReport(Answer):
    """Results of ratings and surveys from ``first`` to ``last``, both days included."""

    first: date
    last: date
    by: RatingsBy
    office: str | None
    generated_at: datetime
    rule: Names
    total: MarkFigures
    rows: list[MarkRow]
    stray_presses: int
    comments: list[VisitorComment]
    surveys: list[SurveyResult]
