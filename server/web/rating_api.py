"""API for ratings: pads, tablets, and ticket holders enter here; those in charge see low marks."""

from __future__ import annotations

from server.actions import ratings
from server.actions.ratings import Which
from server.db import queries, rating_rows
from server.db.store import Store
from server.db.unit_of_work import UnitOfWork
from server.domain.errors import Invalid, NotFound
from server.sdk.commands import GiveRating
from server.sdk.messages import RatingTaken
from server.sdk.rating_messages import (
    AfterRating,
    AfterRatingTaken,
    AnswerSurvey,
    ExplainRating,
    RatingChoices,
    SeeLowMark,
    TicketRating,
)
from server.sdk.staff_messages import HallView
from server.web import rating_views, staff_views
from server.web.api import Api, by_office
from server.web.auth import PUBLIC, Identity


def declare(api: Api) -> None:
    """Add these routes to the API."""
    _declare_commands(api)

    @api.read(
        "desks/<desk>/rating-choices",
        right="rating.watch",
        answer=RatingChoices,
        summary="What the tablet of a desk asks after a mark: reasons of a low one, surveys",
    )
    def choices(_identity: Identity, desk: str) -> RatingChoices:
        with api.store.read() as connection:
            head = queries.head(connection, queries.office_of_desk(connection, desk))
            office = api.store.book.office(connection, head.version)
        return rating_views.choices(office, office.day(api.store.clock()))

    @api.read(
        "tickets/<code>/rating",
        right=PUBLIC,
        answer=TicketRating,
        summary="What the holder of a ticket may still tell after the mark",
    )
    def ticket_rating(_identity: Identity, code: str) -> TicketRating:
        with api.store.read() as connection:
            visit = queries.visit_by_code(connection, code)
            head = queries.head(connection, visit.office)
            office = api.store.book.office(connection, head.version)
            given = rating_rows.of_visit(connection, visit.id)
        return rating_views.ticket_rating(office, office.day(api.store.clock()), given)


def _declare_commands(api: Api) -> None:
    @api.command(
        "ratings",
        right="rating.give",
        open_to=lambda body: body.desk is None,
        body=GiveRating,
        answer=RatingTaken,
        office=_office,
        status=201,
        summary="Rate a visit: by desk (pad, tablet), or by the ticket's code (its holder needs no token)",
    )
    def rate(uow: UnitOfWork, body: GiveRating) -> RatingTaken:
        if body.desk is not None:
            taken = ratings.rate_at_desk(
                uow, body.desk, body.score, body.press_id, body.source, body.pressed_seconds_ago
            )
        else:
            taken = ratings.rate_by_ticket(uow, str(body.ticket), body.score, body.press_id, body.source)
        return RatingTaken(press_id=taken.press_id, counted=taken.counted, replaced=taken.replaced)

    @api.command(
        "ratings/reasons",
        right="rating.give",
        open_to=lambda body: body.press_id is None,
        body=ExplainRating,
        answer=AfterRatingTaken,
        office=_office_after,
        summary="Say why a mark is low, by its press or by the ticket's code",
    )
    def explain(uow: UnitOfWork, body: ExplainRating) -> AfterRatingTaken:
        return AfterRatingTaken(kept=ratings.explain(uow, _which(body), body.reasons, body.comment))

    @api.command(
        "ratings/survey",
        right="rating.give",
        open_to=lambda body: body.press_id is None,
        body=AnswerSurvey,
        answer=AfterRatingTaken,
        office=_office_after,
        summary="Answer a survey after the mark; only counts are kept",
    )
    def answer_survey(uow: UnitOfWork, body: AnswerSurvey) -> AfterRatingTaken:
        return AfterRatingTaken(kept=ratings.answer_survey(uow, _which(body), body.survey, body.answers))

    @api.command(
        "offices/<office>/low-mark-seen",
        right="hall.watch",
        body=SeeLowMark,
        answer=HallView,
        office=by_office,
        summary="Somebody in charge has seen a low mark: its alert ends",
    )
    def low_mark_seen(uow: UnitOfWork, body: SeeLowMark, office: str) -> HallView:
        ratings.see_low_mark(uow, body.ticket)
        return staff_views.whole_hall(uow.hall())


def _which(body: AfterRating) -> Which:
    return Which(body.press_id, body.ticket)


def _office(store: Store, body: GiveRating, _values: dict[str, str]) -> str:
    if (body.desk is None) == (body.ticket is None):
        raise Invalid("desk_or_ticket")
    with store.read() as connection:
        if body.desk is not None:
            return queries.office_of_desk(connection, body.desk)
        return queries.visit_by_code(connection, str(body.ticket)).office


def _office_after(store: Store, body: AfterRating, _values: dict[str, str]) -> str:
    with store.read() as connection:
        if body.ticket is not None:
            return queries.visit_by_code(connection, body.ticket).office
        office = rating_rows.office_of_press(connection, str(body.press_id))
        if office is None:
            raise NotFound("unknown_press")
        return office
