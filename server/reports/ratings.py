"""Results of ratings and surveys: from counts to what people read (domain §7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from server.domain.figures import average_score
from server.domain.office import OTHER, Names, Office
from server.domain.survey import SCALE, YES_NO, Question, Survey
from server.sdk.rating_messages import RatingReport, RatingsBy

MARKS = (1, 2, 3, 4, 5)

RULE: dict[str, str] = {
    "ru": "Один визит — одна оценка: первая, с исправлением в первые секунды. Среднее = сумма оценок ÷ их "
    "число. Доля ответов = оценки ÷ обслуженные; по окнам и сотрудникам — оценки ÷ оказанные там услуги. "
    "Оценка относится к дню визита, к услуге талона и к тому, кто обслуживал. Нажатия, когда никого не "
    "обслуживали, хранятся и не учитываются.",
    "kk": "Бір келу — бір баға: біріншісі, алғашқы секундтардағы түзетумен. Орташа = бағалар қосындысы ÷ "
    "олардың саны. Жауап үлесі = бағалар ÷ қызмет көрсетілгендер; терезелер мен қызметкерлер бойынша — "
    "бағалар ÷ сонда көрсетілген қызметтер. Баға келген күнге, талонның қызметіне және қызмет көрсеткен "
    "адамға жатады. Ешкімге қызмет көрсетілмей тұрғандағы басулар сақталады, бірақ есепке алынбайды.",
    "en": "One visit, one rating: the first one, corrected within the first seconds. Mean = sum of marks ÷ "
    "their number. Response rate = ratings ÷ people served; by desk and operator ratings ÷ services given "
    "there. A rating belongs to the day of the visit, the service of the ticket and whoever served. Presses "
    "while nobody was served are kept and not counted.",
}
"""The rule printed beside the results (domain §7)."""

OTHER_REASON: dict[str, str] = {"ru": "Другое", "kk": "Басқа", "en": "Other"}
_POINTS: dict[str, dict[str, str]] = {
    "window": {"ru": "Окно", "kk": "Терезе", "en": "Window"},
    "room": {"ru": "Кабинет", "kk": "Кабинет", "en": "Room"},
    "counter": {"ru": "Стойка", "kk": "Үстел", "en": "Counter"},
}
_YES_NO: dict[str, dict[str, str]] = {
    "yes": {"ru": "Да", "kk": "Иә", "en": "Yes"},
    "no": {"ru": "Нет", "kk": "Жоқ", "en": "No"},
}


@dataclass(frozen=True)
class Counts:
    """What was read of a period, as ``server.db.rating_rows`` tells it."""

    marks: Sequence[tuple[str, Any, int, int]]
    served: Sequence[tuple[str, Any, int]]
    reasons: Sequence[tuple[str, Any, list[str]]]
    strays: int
    comments: Sequence[Any]
    answers: Sequence[tuple[str, str, str, str, int]]
    operators: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Row:
    marks: Counter[int] = field(default_factory=Counter)
    served: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def report(
    offices: Sequence[Office], first: date, last: date, by: RatingsBy, counts: Counts, generated_at: datetime
) -> RatingReport:
    """The results of ``offices`` from ``first`` to ``last``, told apart ``by``."""
    rows: dict[tuple[str | None, str], _Row] = defaultdict(_Row)
    total = _Row()
    for office, key, mark, count in counts.marks:
        for row in (total, rows[_row_key(by, office, key)]):
            row.marks[mark] += count
    for office, key, count in counts.served:
        for row in (total, rows[_row_key(by, office, key)]):
            row.served += count
    for office, key, codes in counts.reasons:
        for row in (total, rows[_row_key(by, office, key)]):
            row.reasons.update(codes)
    known = {office.code: office for office in offices}
    names = _names(offices, by, counts.operators)
    order = {key: place for place, key in enumerate(names)}
    return RatingReport.model_validate(
        {
            "first": first,
            "last": last,
            "by": by,
            "office": offices[0].code if len(offices) == 1 else None,
            "generated_at": generated_at,
            "rule": RULE,
            "total": _figures(total, offices),
            "rows": [
                {"key": key[1], "office": key[0], "name": names.get(key) or {"ru": key[1]}}
                | _figures(rows[key], offices)
                for key in sorted(rows, key=lambda key: (order.get(key, len(order)), str(key)))
            ],
            "stray_presses": counts.strays,
            "comments": [_comment(known[one.office], one) for one in counts.comments],
            "surveys": [
                result
                for office in offices
                for survey in office.surveys
                if (result := _survey(office, survey, counts.answers))["people"]
                or (survey.since <= last and survey.until >= first)
            ],
        }
    )


def _row_key(by: RatingsBy, office: str, key: Any) -> tuple[str | None, str]:
    if by == "month":
        return None, f"{key:%Y-%m}"
    return office, str(key)


def _names(
    offices: Sequence[Office], by: RatingsBy, operators: Mapping[str, str]
) -> dict[tuple[str | None, str], Names]:
    """The names of the rows in their order; months name themselves."""
    several = len(offices) > 1
    found: dict[tuple[str | None, str], Names] = {}
    for office in offices:
        named: Iterable[tuple[str, Names]] = ()
        if by == "office":
            found[office.code, office.code] = office.name
        elif by == "service":
            named = [(service.code, service.name) for service in office.services]
        elif by == "desk":
            named = [
                (desk.id, {code: f"{word} {desk.label}" for code, word in _POINTS[desk.kind].items()})
                for desk in office.desks
            ]
        elif by == "operator":
            ordered = sorted(operators, key=lambda login: operators[login] or login)
            named = [(login, {"ru": operators[login] or login}) for login in ordered]
        for key, name in named:
            found[office.code, key] = _of_office(office, name) if several else name
    return found


def _of_office(office: Office, name: Names) -> Names:
    languages = {*office.name, *name}
    return {
        code: f"{office.name.get(code, office.name['ru'])} · {name.get(code, name['ru'])}"
        for code in languages
    }


def _figures(row: _Row, offices: Sequence[Office]) -> dict[str, Any]:
    rated = row.marks.total()
    names: dict[str, Names] = {OTHER: OTHER_REASON}
    for office in offices:
        names.update({choice.code: choice.name for choice in office.reasons.low_marks})
    return {
        "rated": rated,
        "served": row.served,
        "response_rate": percent(rated, row.served),
        "average_score": average_score(sum(mark * row.marks[mark] for mark in MARKS), rated),
        "marks": [row.marks[mark] for mark in MARKS],
        "shares": [percent(row.marks[mark], rated) for mark in MARKS],
        "reasons": [
            {"code": code, "name": names.get(code) or {"ru": code}, "count": count}
            for code, count in sorted(row.reasons.items(), key=lambda item: (-item[1], item[0]))
        ],
    }


def percent(part: int, whole: int) -> float | None:
    """A share in percent with one decimal, half up; ``None`` when there is nothing to share."""
    return (2000 * part + whole) // (2 * whole) / 10 if whole else None


def _comment(office: Office, one: Any) -> dict[str, Any]:
    labels = {desk.id: desk.label for desk in office.desks}
    services = {service.code: service.name for service in office.services}
    return {
        "office": office.code,
        "office_name": office.name,
        "at": one.at.astimezone(office.zone),
        "label": labels.get(one.desk),
        "service_name": services.get(one.service) or {"ru": one.service or ""},
        "score": one.score,
        "words": one.words,
    }


def _survey(
    office: Office, survey: Survey, answers: Sequence[tuple[str, str, str, str, int]]
) -> dict[str, Any]:
    mine = {
        (question, answer): count
        for code, name, question, answer, count in answers
        if (code, name) == (office.code, survey.code)
    }
    return {
        "office": office.code,
        "office_name": office.name,
        "code": survey.code,
        "title": survey.title,
        "people": mine.get(("", ""), 0),
        "questions": [_question(question, mine) for question in survey.questions],
    }


def _question(question: Question, counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    by_answer = {answer: counts.get((question.code, answer), 0) for answer in question.answers}
    answered = sum(by_answer.values())
    names: dict[str, Names] = {choice.code: choice.name for choice in question.choices}
    names |= {answer: _YES_NO[answer] for answer in YES_NO} if question.kind == "yes_no" else {}
    names |= {answer: {"ru": answer} for answer in SCALE} if question.kind == "scale" else {}
    total = sum(int(answer) * count for answer, count in by_answer.items()) if question.kind == "scale" else 0
    return {
        "code": question.code,
        "kind": question.kind,
        "text": question.text,
        "answered": answered,
        "average": average_score(total, answered) if question.kind == "scale" else None,
        "answers": [
            {"code": answer, "name": names[answer], "count": count, "share": percent(count, answered)}
            for answer, count in by_answer.items()
        ],
    }
