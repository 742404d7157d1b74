"""Rows of ratings and surveys: presses, turns at a desk read from the log, low marks, counts by period."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from server.db import tables
from server.db.rating_tables import UNSEEN, rating, survey_sum
from server.db.statements import INSERT_RATING
from server.db.sum_tables import day_sum
from server.domain.events import Kind
from server.domain.office import Office
from server.domain.rating import COMMENT, Rating, Turn

COMMENTS_SHOWN = 100

_FINISHES = (Kind.SERVICE_FINISHED, Kind.TICKET_TRANSFERRED, Kind.SERVICE_UNFINISHED)
_ENDS = tuple(map(str, (*_FINISHES, Kind.TICKET_HELD)))
_STARTS = tuple(map(str, (Kind.SERVICE_STARTED, Kind.SERVED_WITHOUT_TICKET)))
_PRESS = [rating.c[name] for name in Rating.__dataclass_fields__]


@dataclass(frozen=True)
class LowMark:
    """A low mark that nobody in charge has seen yet."""

    visit: str
    number: str
    ticketless: bool
    desk: str | None
    score: int
    taken_at: datetime
    reasons: list[str]
    comment: str


@dataclass(frozen=True)
class Period:
    """Which offices' ratings of which days (both included), and the column they are told apart by."""

    offices: tuple[str, ...]
    first: date
    last: date
    by: str


@dataclass(frozen=True)
class Comment:
    """A visitor's own words, with the mark they explain."""

    office: str
    at: datetime
    desk: str | None
    service: str | None
    score: int
    words: str


class RatingRows:
    """What a unit of work knows and keeps of its office's ratings."""

    def __init__(self, connection: Connection, office: str) -> None:
        self._connection = connection
        self._office = office

    def by_press(self, press_id: str) -> Rating | None:
        """The press with this id, if it was handed in before."""
        return _one(self._connection, rating.c.press_id == press_id)

    def of_visit(self, visit_id: str) -> Rating | None:
        """The rating that counts for a visit."""
        return of_visit(self._connection, visit_id)

    def judging(self, visit_id: str) -> list[Rating]:
        """All presses that speak of a visit, those that do not count too."""
        query = select(*_PRESS).where(rating.c.judged == visit_id)
        return [Rating(*row) for row in self._connection.execute(query)]

    def last_turn(self, desk: str, at: datetime, day_start: datetime) -> Turn | None:
        """The last turn that had begun at a desk by ``at``, since ``day_start``."""
        return last_turn(self._connection, self._office, desk, at, day_start)

    def add(self, press: Rating) -> None:
        """Store a press."""
        INSERT_RATING.run(self._connection, {"office": self._office, **vars(press)})

    def change(self, press_id: str, **values: Any) -> None:
        """Change what became of a press."""
        table = rating
        self._connection.execute(update(table).where(table.c.press_id == press_id).values(**values))

    def count_answers(self, day: date, survey: str, answers: dict[str, str]) -> None:
        """Add one person's answers to a survey; the person is counted under question ""."""
        table = survey_sum
        for question, answer in [("", ""), *answers.items()]:
            key = {"office": self._office, "day": day, "survey": survey}
            key |= {"question": question, "answer": answer}
            mine = and_(*(table.c[name] == value for name, value in key.items()))
            more = update(table).where(mine).values(count=table.c["count"] + 1)
            if self._connection.execute(more).rowcount == 0:
                self._connection.execute(insert(table).values(**key, count=1))


def of_visit(connection: Connection, visit_id: str) -> Rating | None:
    """The rating that counts for a visit."""
    return _one(connection, rating.c.visit == visit_id)


def office_of_press(connection: Connection, press_id: str) -> str | None:
    """The office a press was handed in at."""
    query = select(rating.c.office).where(rating.c.press_id == press_id)
    return connection.execute(query).scalar_one_or_none()


def last_turn(
    connection: Connection, office: str, desk: str, at: datetime, day_start: datetime
) -> Turn | None:
    """The last turn that had begun at a desk by ``at``, since ``day_start``; read from the log alone.

    The log tells of every turn, also of those before a visitor was put aside or went on to another desk.
    """
    table = tables.event
    known = _last_seq(connection, office, at)
    mine = (table.c.office == office, table.c.desk == desk)
    begun = select(table.c.seq, table.c.at, table.c.visit, table.c.actor, table.c.payload).where(*mine)
    started = connection.execute(
        begun.where(
            table.c.seq > _last_seq(connection, office, day_start),
            table.c.seq <= known,
            table.c.kind.in_(_STARTS),
        )
        .order_by(table.c.seq.desc())
        .limit(1)
    ).one_or_none()
    # A desk without a start button says only at the finish since when it served.
    later = connection.execute(
        begun.where(
            table.c.seq > known,
            table.c.seq <= _last_seq(connection, office, day_start + timedelta(days=1)),
            table.c.kind == str(Kind.SERVICE_STARTED),
        )
        .order_by(table.c.seq)
        .limit(1)
    ).one_or_none()
    if later is not None and _since(later.at, later.payload) <= at:
        started = later
    if started is None:
        return None
    ended = connection.execute(
        select(table.c.at, table.c.kind)
        .where(
            table.c.office == office,
            table.c.seq > started.seq,
            table.c.visit == started.visit,
            table.c.kind.in_(_ENDS),
        )
        .order_by(table.c.seq)
        .limit(1)
    ).one_or_none()
    if ended is None:
        return Turn(started.visit, started.actor, _since(started.at, started.payload))
    return Turn(
        started.visit, started.actor, _since(started.at, started.payload), ended.at, ended.kind in _FINISHES
    )


def _since(at: datetime, payload: str) -> datetime:
    since = json.loads(payload).get("since")
    return datetime.fromisoformat(since) if since else at


def _last_seq(connection: Connection, office: str, at: datetime) -> int:
    """The place of the last event not later than ``at``: some twenty look-ups by key, in any long log."""
    head = select(tables.office_log.c.last_seq).where(tables.office_log.c.office == office)
    low, high = 0, connection.execute(head).scalar_one()
    moment = select(tables.event.c.at).where(tables.event.c.office == office)
    # Mostly the moment is now: the newest event first.
    middle = high
    while low < high:
        found = connection.execute(moment.where(tables.event.c.seq == middle)).scalar_one()
        low, high = (middle, high) if found <= at else (low, middle - 1)
        middle = (low + high + 1) // 2
    return int(low)


def low_marks(connection: Connection, office: Office, now: datetime) -> list[LowMark]:
    """The low marks of the last minutes that nobody has seen, the newest first."""
    table, visits = rating, tables.visit
    since = now - timedelta(minutes=office.policy.low_mark_alert_minutes)
    query = (
        select(table.c.visit, visits.c.number, visits.c.ticketless, table.c.desk, table.c.score)
        .add_columns(table.c.taken_at, table.c.reasons)
        .join(visits, visits.c.id == table.c.visit)
        .where(table.c.office == office.code, table.c.taken_at > since, UNSEEN)
        .where(table.c.score <= office.policy.low_mark)
        .order_by(table.c.taken_at.desc(), table.c.press_id)
    )
    rows = connection.execute(query).all()
    words = _words(connection, office.code, {office.day(since), office.day(now)}) if rows else {}
    return [
        LowMark(visit, number, ticketless, desk, score, taken_at, codes or [], words.get(str(visit), ""))
        for visit, number, ticketless, desk, score, taken_at, codes in rows
    ]


def _words(connection: Connection, office: str, days: set[date]) -> dict[str, str]:
    table = tables.remark
    query = select(table.c.visit, table.c.words).where(
        table.c.office == office, table.c.day.in_(days), table.c.kind == COMMENT
    )
    return {str(row.visit): row.words for row in connection.execute(query)}


def marks(connection: Connection, period: Period) -> list[tuple[str, Any, int, int]]:
    """``(office, key, mark, count)`` of the ratings that count."""
    table = rating
    key = _key(table, period)
    query = select(table.c.office, key, table.c.score, func.count()).where(
        *_within(table, period), table.c.visit.is_not(None)
    )
    query = query.group_by(table.c.office, key, table.c.score)
    return [tuple(row) for row in connection.execute(query)]


def served(connection: Connection, period: Period) -> list[tuple[str, Any, int]]:
    """``(office, key, count)`` of those who could have rated: visits, or by desk and operator services."""
    if period.by in ("desk", "operator"):
        table = tables.work_time
        count: ColumnElement[Any] = func.sum(table.c.legs)
    else:
        table = day_sum
        # All who were served: also without a ticket, and where nobody pressed «finish».
        count = func.sum(table.c.served + table.c.ticketless + table.c.excluded)
    key = _key(table, period)
    query = select(table.c.office, key, count).where(*_within(table, period))
    rows = connection.execute(query.group_by(table.c.office, key))
    return [(office, found, int(number)) for office, found, number in rows]


def reasons(connection: Connection, period: Period) -> list[tuple[str, Any, list[str]]]:
    """``(office, key, codes)`` of each rating whose reasons were told."""
    table = rating
    query = select(table.c.office, _key(table, period), table.c.reasons).where(
        *_within(table, period), table.c.visit.is_not(None), table.c.reasons.is_not(None)
    )
    return [tuple(row) for row in connection.execute(query)]


def strays(connection: Connection, period: Period) -> int:
    """How many presses with nobody served are on record."""
    table = rating
    query = select(func.count()).where(*_within(table, period), table.c.judged.is_(None))
    return int(connection.execute(query).scalar_one())


def comments(connection: Connection, period: Period) -> list[Comment]:
    """Visitors' own words that are still kept, the newest first."""
    table, marks = tables.remark, rating
    query = (
        select(table.c.office, table.c.at, marks.c.desk, marks.c.service, marks.c.score, table.c.words)
        .join(marks, marks.c.visit == table.c.visit)
        .where(*_within(table, period), table.c.kind == COMMENT)
        .order_by(table.c.at.desc(), table.c.id)
        .limit(COMMENTS_SHOWN)
    )
    return [Comment(*row) for row in connection.execute(query)]


def survey_answers(connection: Connection, period: Period) -> list[tuple[str, str, str, str, int]]:
    """``(office, survey, question, answer, count)``; question "" counts the people."""
    table = survey_sum
    asked = (table.c.office, table.c.survey, table.c.question, table.c.answer)
    query = select(*asked, func.sum(table.c["count"])).where(*_within(table, period)).group_by(*asked)
    return [(*row[:4], int(row[4])) for row in connection.execute(query)]


def _key(table: Any, period: Period) -> ColumnElement[Any]:
    found: ColumnElement[Any] = table.c["day" if period.by == "month" else period.by]
    return found


def _within(table: Any, period: Period) -> Sequence[ColumnElement[bool]]:
    return (
        table.c.office.in_(period.offices),
        table.c.day >= period.first,
        table.c.day <= period.last,
    )


def _one(connection: Connection, condition: ColumnElement[bool]) -> Rating | None:
    row = connection.execute(select(*_PRESS).where(condition)).one_or_none()
    return Rating(*row) if row else None
