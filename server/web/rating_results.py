"""Results of ratings and surveys: for programs, as a page for those in charge, and as a table to keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from flask import Blueprint, Response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from pydantic import ConfigDict, Field, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from server.db import accounts, queries, rating_rows
from server.db.rating_rows import Period
from server.domain.errors import Invalid
from server.domain.office import Office
from server.reports import ratings
from server.reports.csv_table import csv_text
from server.sdk.commands import Request
from server.sdk.messages import Code, Names
from server.sdk.rating_messages import MarkFigures, RatingReport, RatingsBy
from server.web.api import Api
from server.web.auth import Identity

DAYS_SHOWN = 30
"""How far back the results go when no period is asked for."""
MOST_DAYS = 1100
"""Three years at once: what is read grows with the period, never with history."""


class RatingsQuery(Request):
    """Which days (both included), whose office, and what to tell the ratings apart by."""

    model_config = ConfigDict(populate_by_name=True)

    first: Annotated[date | None, Field(alias="from")] = None
    last: Annotated[date | None, Field(alias="to")] = None
    office: Code | None = None
    by: RatingsBy = "office"


def declare(api: Api) -> None:
    """Add this route to the API."""

    @api.read(
        "reports/ratings",
        right="figures.read",
        query=RatingsQuery,
        answer=RatingReport,
        summary="Ratings by office, service, operator, desk or month, their reasons, and surveys",
    )
    def rating_report(identity: Identity, query: RatingsQuery) -> RatingReport:
        return report(api, identity, query)[0]


def blueprint(api: Api) -> Blueprint:
    """The page of the results and its table as CSV."""
    pages = Blueprint("rating_results", __name__)

    @pages.get("/figures/ratings")
    def page() -> str:
        identity = api.gate.identity_for_page("figures.read")
        query, fault = _asked()
        try:
            results, offices = report(api, identity, query)
        except Invalid:
            query, fault = RatingsQuery(office=query.office, by=query.by), True
            results, offices = report(api, identity, query)
        return render_template(
            "figures_ratings.html",
            report=results.model_dump(mode="json"),
            offices=[{"code": office.code, "name": office.name} for office in offices],
            fault=fault,
            person=identity.person,
        )

    @pages.get("/figures/ratings.csv")
    def table() -> AnyResponse:
        identity = api.gate.identity_for_page("figures.read")
        results, _offices = report(api, identity, _asked()[0])
        text = csv_text(_table(results), "." if str(get_locale()) == "en" else ",")
        answer = Response(text, mimetype="text/csv")
        name = f"ratings-{results.by}-{results.first}-{results.last}.csv"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    return pages


def report(api: Api, identity: Identity, query: RatingsQuery) -> tuple[RatingReport, list[Office]]:
    """The results for whoever asks, and the offices to choose from; one office's people see their own.

    Raises ``Invalid`` ``bad_period``, ``NotFound`` ``unknown_office``, ``Forbidden`` ``other_office``.
    """
    now = api.store.clock()
    with api.store.read() as connection:
        heads = queries.heads(connection)
        known = [api.store.book.office(connection, head.version) for head in heads]
        known = [office for office in known if identity.office in (None, office.code)]
        if query.office is not None:
            queries.head(connection, query.office)
            identity.check_office(query.office)
        chosen = [office for office in known if query.office in (None, office.code)]
        last = query.last or max((office.day(now) for office in chosen), default=now.date())
        first = query.first or last - timedelta(days=DAYS_SHOWN - 1)
        if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            raise Invalid("bad_period", days=MOST_DAYS)
        period = Period(tuple(office.code for office in chosen), first, last, query.by)
        marks, served = rating_rows.marks(connection, period), rating_rows.served(connection, period)
        logins = {str(key) for _office, key, *_more in [*marks, *served]} if query.by == "operator" else set()
        counts = ratings.Counts(
            marks=marks,
            served=served,
            reasons=rating_rows.reasons(connection, period),
            strays=rating_rows.strays(connection, period),
            comments=rating_rows.comments(connection, period),
            answers=rating_rows.survey_answers(connection, period),
            operators={login: accounts.name_of(connection, login) for login in logins},
        )
    return ratings.report(chosen, first, last, query.by, counts, now), known


def _asked() -> tuple[RatingsQuery, bool]:
    """What the page's address asks for, and whether it could not be understood."""
    asked = {name: value for name, value in request.args.items() if name != "language" and value}
    try:
        return RatingsQuery.model_validate(asked), False
    except ValidationError:
        return RatingsQuery(), True


def _table(results: RatingReport) -> Iterator[list[object]]:
    yield [
        _by_word(results.by),
        _("Mean mark"),
        _("Ratings"),
        _("Services") if results.by in ("desk", "operator") else _("Served"),
        _("Response rate") + ", %",
        *(_("Mark %(mark)s", mark=mark) for mark in ratings.MARKS),
        *(_("Mark %(mark)s", mark=mark) + ", %" for mark in ratings.MARKS),
        _("Reasons of low marks"),
    ]
    for row in results.rows:
        yield [_say(row.name), *_numbers(row)]
    yield [_("All"), *_numbers(results.total)]


def _numbers(row: MarkFigures) -> list[object]:
    reasons = "; ".join(f"{_say(reason.name)}: {reason.count}" for reason in row.reasons)
    head = [row.average_score, row.rated, row.served, row.response_rate]
    return [*head, *row.marks, *row.shares, reasons]


def _by_word(by: RatingsBy) -> str:
    words = {
        "office": _("Office"),
        "service": _("Service"),
        "operator": _("Operator"),
        "desk": _("Desk"),
        "month": _("Month"),
    }
    return str(words[by])


def _say(names: Names) -> str:
    known = {str(language): name for language, name in names.items()}
    return known.get(str(get_locale())) or known.get("ru") or ""
