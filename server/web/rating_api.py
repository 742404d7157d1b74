"""API for ratings: pads, tablets, and ticket holders enter here."""

from __future__ import annotations

from server.actions import ratings
from server.db import queries
from server.db.unit_of_work import Store, UnitOfWork
from server.domain.errors import Invalid
from server.sdk.commands import GiveRating
from server.sdk.messages import RatingTaken
from server.web.api import Api


def declare(api: Api) -> None:
    """Add these routes to the API."""

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


def _office(store: Store, body: GiveRating, _values: dict[str, str]) -> str:
    if (body.desk is None) == (body.ticket is None):
        raise Invalid("desk_or_ticket")
    with store.read() as connection:
        if body.desk is not None:
            return queries.office_of_desk(connection, body.desk)
        return queries.visit_by_code(connection, str(body.ticket)).office
