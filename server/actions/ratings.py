"""What people do with ratings: press, rate by the ticket, say why, answer a survey, see a low mark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from server.domain import figures, rating, survey
from server.domain.errors import Conflict, NotFound
from server.domain.events import Event, Kind, timestamp
from server.domain.kept_sums import changes_of_mark, day_key
from server.domain.office import OTHER
from server.domain.rating import Rating
from server.domain.visit import State, Visit

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Taken:
    """What became of a press."""

    press_id: str
    counted: bool
    replaced: bool = False


@dataclass(frozen=True)
class Which:
    """Whose rating it is: that of the press with this id, or that of the ticket with this code."""

    press_id: str | None = None
    ticket: str | None = None


def rate_at_desk(
    uow: UnitOfWork, desk_id: str, score: int, press_id: str, source: str, pressed_seconds_ago: float
) -> Taken:
    """Take a press from the pad or tablet of a desk.

    It judges the visit served there at its own moment, or just finished then, whoever was served there
    since; with no such visit it is kept as stray and never counted. Never refused: a press that came late
    is still on record.
    """
    uow.office.desk(desk_id)
    pressed_at = uow.now - timedelta(seconds=pressed_seconds_ago)
    turn = uow.ratings.last_turn(desk_id, pressed_at, _day_start(uow, pressed_at))
    if turn is None or not rating.is_judged(turn, pressed_at, uow.office.policy):
        return _take(uow, _press(uow, press_id, score, pressed_at, source, desk_id), None)
    visit = uow.visit(turn.visit)
    press = replace(_press(uow, press_id, score, pressed_at, source, desk_id), operator=turn.operator)
    return _take(uow, press, visit)


def rate_by_ticket(uow: UnitOfWork, code: str, score: int, press_id: str, source: str) -> Taken:
    """Rate one's own finished visit by the code on the ticket. Raises ``Conflict`` before it is served."""
    visit = uow.visit_by_code(code)
    if visit.state is not State.SERVED or visit.finished_at is None:
        raise Conflict("not_served_yet", number=visit.number)
    press = replace(_press(uow, press_id, score, uow.now, source, visit.desk), operator=visit.operator)
    in_time = uow.now <= visit.finished_at + rating.RATE_BY_TICKET
    return _take(uow, press, visit if in_time else None)


def explain(uow: UnitOfWork, which: Which, reasons: list[str], comment: str) -> bool:
    """Say why a mark is low: codes of the office's reasons or ``other``, and own words.

    The words are kept apart from the log and erased after a few days. Returns whether they were kept: they
    are not for a mark that is not low, or was explained before. Raises ``NotFound`` ``unknown_reason``.
    """
    known = {choice.code for choice in uow.office.reasons.low_marks} | {OTHER}
    for reason in reasons:
        if reason not in known:
            raise NotFound("unknown_reason", reason=reason)
    given = _rating(uow, which)
    if given is None or given.reasons is not None or not rating.is_low(given.score, uow.office.policy):
        return False
    uow.ratings.change(given.press_id, reasons=reasons)
    visit = uow.visit(str(given.visit))
    if comment:
        uow.add_remark(rating.COMMENT, comment, visit, None)
    payload = {"press": given.press_id, "reasons": reasons}
    uow.record(Event(Kind.RATING_EXPLAINED, uow.now, uow.actor, given.visit, None, payload))
    return True


def answer_survey(uow: UnitOfWork, which: Which, code: str, answers: dict[str, str]) -> bool:
    """Answer a survey after the mark; once for each visit. Returns whether the answers were counted.

    Only counts are kept: nothing leads from an answer back to the visit, so it is not in the log either.
    Raises ``NotFound`` ``unknown_survey``, ``Invalid`` ``unknown_answer``.
    """
    asked = survey.survey_called(uow.office.surveys, code)
    asked.check(answers)
    given = _rating(uow, which)
    answered = (given.surveys or []) if given else []
    if given is None or code in answered or not asked.is_offered(uow.office.day(given.at)):
        return False
    uow.ratings.change(given.press_id, surveys=[*answered, code])
    uow.ratings.count_answers(given.day, code, answers)
    return True


def see_low_mark(uow: UnitOfWork, visit_id: str) -> None:
    """Somebody in charge has seen a low mark: its alert ends. Seeing it twice is the same as once."""
    given = uow.ratings.of_visit(visit_id)
    visit = uow.visit(visit_id)
    if given is None or visit is None or visit.office != uow.office.code:
        raise NotFound("unknown_visit")
    if given.seen_at is None:
        uow.ratings.change(given.press_id, seen_at=uow.now)
        uow.record(Event(Kind.LOW_MARK_SEEN, uow.now, uow.actor, visit_id))


def _press(uow: UnitOfWork, press_id: str, score: int, at: datetime, source: str, desk: str | None) -> Rating:
    return Rating(press_id, None, score, at, source, uow.office.day(at), uow.now, desk=desk)


def _take(uow: UnitOfWork, press: Rating, visit: Visit | None) -> Taken:
    if (known := uow.ratings.by_press(press.press_id)) is not None:
        return Taken(press.press_id, counted=known.visit is not None)
    if visit is None:
        return _keep_uncounted(uow, press)
    day = figures.counting_day(visit, uow.office.zone)
    press = replace(press, judged=visit.id, day=day, service=visit.first_service)
    before = uow.ratings.judging(visit.id)
    counted = next((known for known in before if known.visit is not None), None)
    mark = rating.mark_of([*before, press], uow.office.policy)
    if mark is not press:
        taken = _keep_uncounted(uow, press)
        if mark != counted:
            # A press handed in late came first: by its time the one that counted was no correction.
            _count(uow, mark, visit, counted, is_new=False)
        return taken
    _count(uow, press, visit, counted, is_new=True)
    return Taken(press.press_id, counted=True, replaced=counted is not None)


def _count(uow: UnitOfWork, mark: Rating, visit: Visit, replaced: Rating | None, *, is_new: bool) -> None:
    """Let ``mark`` be the rating of its visit instead of ``replaced``, with what was told after that one."""
    mark = replace(mark, visit=visit.id)
    if replaced is not None:
        uow.ratings.change(replaced.press_id, visit=None)
        low = rating.is_low(mark.score, uow.office.policy)
        mark = replace(mark, reasons=replaced.reasons if low else None, surveys=replaced.surveys)
    if is_new:
        uow.ratings.add(mark)
    else:
        uow.ratings.change(mark.press_id, visit=visit.id, reasons=mark.reasons, surveys=mark.surveys)
    key = day_key(visit, mark.day)
    if replaced is not None:
        uow.sums.add(-changes_of_mark(key, replaced.operator, replaced.desk, replaced.score))
    uow.sums.add(changes_of_mark(key, mark.operator, mark.desk, mark.score))
    uow.remember_score(visit, mark.score)
    payload = {**_facts(mark), "operator": mark.operator}
    if replaced is not None:
        payload["replaces"] = replaced.press_id
    uow.record(Event(Kind.RATED, uow.now, uow.actor, visit.id, mark.desk, payload))


def _keep_uncounted(uow: UnitOfWork, press: Rating) -> Taken:
    uow.ratings.add(press)
    uow.record(Event(Kind.RATING_STRAY, uow.now, uow.actor, press.judged, press.desk, _facts(press)))
    return Taken(press.press_id, counted=False)


def _facts(press: Rating) -> dict[str, object]:
    return {
        "press": press.press_id,
        "score": press.score,
        "source": press.source,
        "pressed_at": timestamp(press.at),
    }


def _rating(uow: UnitOfWork, which: Which) -> Rating | None:
    """The rating that counts for the visit of a press or ticket; raises ``NotFound`` ``unknown_press``."""
    if which.ticket is not None:
        return uow.ratings.of_visit(uow.visit_by_code(which.ticket).id)
    press = uow.ratings.by_press(str(which.press_id))
    if press is None:
        raise NotFound("unknown_press")
    return uow.ratings.of_visit(press.judged) if press.judged else None


def _day_start(uow: UnitOfWork, at: datetime) -> datetime:
    """Local midnight before ``at``: no visit is older, for visits never cross it."""
    return datetime.combine(uow.office.day(at), time(), uow.office.zone)
