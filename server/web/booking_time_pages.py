"""The two questions of when: a day of the calendar, then a time; for a new booking and for one that moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, render_template

from server.actions import booking_places
from server.domain.booking_rules import PUBLIC
from server.domain.errors import Refusal
from server.domain.office import Office
from server.web import booking_page_steps as steps
from server.web import booking_views, problems
from server.web.api import Api
from server.web.booking_page_acts import new_key
from server.web.booking_page_steps import Choice, Row


@dataclass(frozen=True)
class Asked:
    """For what a time is asked: ``path`` with ``kept`` is the page itself, ``rows`` its summary so far.

    ``step`` is the number of the question about the day, of ``steps`` in all.
    """

    office: Office
    service: str
    path: str
    kept: dict[str, object]
    rows: list[Row]
    step: int
    steps: int
    moving: bool = False
    proof_of_work: bool = False


def days_page(api: Api, asked: Asked, chosen: Choice) -> Response:
    """The calendar of four weeks; raises as ``booking_views.slot_list``."""
    today = asked.office.day(api.store.clock())
    pool = booking_places.pool_of(asked.office, asked.service)
    last = today + timedelta(days=pool.horizon_days)
    wanted = chosen.asks(asked.service, today, last)
    listed = booking_views.slot_list(api.store, asked.office.code, wanted, PUBLIC)
    first = listed.days[0].day
    return page(
        "days",
        asked=asked,
        days=steps.calendar(listed.days),
        any_free=any(day.state == "free" for day in listed.days),
        **steps.pages_of(first, today, last),
    )


def times_page(api: Api, asked: Asked, chosen: Choice, refused: Refusal | None = None) -> Response:
    """The free times of the chosen day; with ``refused`` why the time chosen before cannot be had.

    Raises as ``booking_views.slot_list``.
    """
    today = asked.office.day(api.store.clock())
    wanted = chosen.asks(asked.service, today, today)
    listed = booking_views.slot_list(api.store, asked.office.code, wanted, PUBLIC)
    (day,) = listed.days
    nearest = refused.values.get("nearest", []) if refused else []
    assert isinstance(nearest, list)
    zone = asked.office.zone
    shown = nearest[0] if nearest else day.slots[0].at if day.slots else listed.at
    problem = problems.problem_of(refused) if refused else None
    return page(
        "times",
        problem.status if problem else 200,
        asked=asked,
        day=day,
        parts=steps.parts(day),
        problem=problem,
        nearest=[(at, steps.time_words(at, zone)) for at in nearest],
        zone=steps.zone_words(shown, zone),
        offset=steps.offset_minutes(shown, zone),
        key=new_key(),
    )


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page of booking with what all of them need."""
    shown = render_template(
        f"booking/{template}.html", **values, to=steps.to, framed=steps.framed(), say=steps.say
    )
    return Response(shown, status)
