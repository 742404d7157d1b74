"""API for managers and auditors: monthly averages, and the raw log."""

from __future__ import annotations

from typing import Annotated

from flask import Response
from pydantic import Field

from server.db import event_log, queries
from server.db.log_export import event_line
from server.reports import monthly
from server.sdk.commands import Request
from server.sdk.messages import MonthlyReport
from server.web.api import Api
from server.web.auth import Identity

EVENTS_AT_ONCE = 10_000


class MonthlyQuery(Request):
    """Which year; without it the newest one that has figures."""

    year: Annotated[int, Field(ge=2000, le=2100)] | None = None


class EventsQuery(Request):
    """Events after this place in the office's log."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.read(
        "reports/monthly",
        right="figures.read",
        query=MonthlyQuery,
        answer=MonthlyReport,
        summary="Monthly averages of waiting and service time by office and company",
    )
    def monthly_report(identity: Identity, query: MonthlyQuery) -> MonthlyReport:
        return report(api, identity, query.year)

    @api.read(
        "offices/<office>/events",
        right="log.read",
        query=EventsQuery,
        answer=None,
        summary=f"The raw event log as JSON lines, at most {EVENTS_AT_ONCE} at once",
    )
    def events(_identity: Identity, query: EventsQuery, office: str) -> Response:
        with api.store.read() as connection:
            queries.head(connection, office)
            rows = event_log.read(connection, office, query.after, EVENTS_AT_ONCE)
            lines = [event_line(row) for row in rows]
        return Response("".join(lines), mimetype="application/x-ndjson")


def report(api: Api, identity: Identity, year: int | None) -> MonthlyReport:
    """The report for whoever asks: one office's people see their own office."""
    with api.store.read() as connection:
        years = queries.years_with_figures(connection)
        chosen = year or (years[-1] if years else api.store.clock().year)
        sums = queries.month_sums(connection, chosen)
        offices = [api.store.book.office(connection, head.version) for head in queries.heads(connection)]
    seen = [office for office in offices if identity.office in (None, office.code)]
    return monthly.report(chosen, years, seen, sums, api.store.clock())
