"""The figures of a period: for programs, as the manager's page, and as a table to keep."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask_babel import get_locale, gettext
from pydantic import ConfigDict, Field, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from server.domain.errors import Invalid, NotFound
from server.domain.office import Names, Office
from server.reports import period_document, period_lines
from server.reports.document import Document
from server.reports.imprint import UNPUBLISHED
from server.reports.period import Choice, Span, shifted, written
from server.reports.period_document import Words
from server.sdk.commands import Request
from server.sdk.figures_messages import Month, PeriodReport, VisitKind
from server.sdk.messages import Code
from server.web import disclosure_data, figures_views, period_data
from server.web.api import Api
from server.web.auth import Identity

ROWS_SHOWN = 60
"""So many operators and desks stand on the page; all are in the files."""
MONTHS_OFFERED = 36


class PeriodQuery(Request):
    """Which months (both included; without them the last that is over), what of them, in which format.

    ``office``: codes with commas between them, none: all the asker may see. ``part``: one table of a file.
    """

    model_config = ConfigDict(populate_by_name=True)

    first: Annotated[Month | None, Field(alias="from")] = None
    last: Annotated[Month | None, Field(alias="to")] = None
    office: Annotated[
        str, Field(max_length=3000, pattern=r"^([a-z0-9-]+(,[a-z0-9-]+)*)?$", examples=["north,south"])
    ] = ""
    service: Code | None = None
    kind: VisitKind | None = None
    format: Literal["json", "csv", "xlsx"] = "json"
    part: (
        Literal["summary", "months", "waits", "hours", "offices", "services", "operators", "desks"] | None
    ) = None


def declare(api: Api) -> None:
    """Add this route to the API."""

    @api.read(
        "reports/period",
        right="figures.read",
        query=PeriodQuery,
        answer=PeriodReport,
        summary="The figures of some months by month, hour, office, service, operator, desk: JSON, CSV, XLSX",
    )
    def period_report(identity: Identity, query: PeriodQuery) -> PeriodReport | Response:
        whole = query.format != "json"
        choice = _choice(query, api.store.clock())
        report = period_data.report(api, identity, choice, whole)
        if not whole:
            return report
        with api.store.read() as connection:
            offices = period_data.offices_to_see(api, connection, identity)
        document = period_document.document(report, _company(offices), _words(), query.part)
        return _file(document, query)


def blueprint(api: Api) -> Blueprint:
    """The page."""
    pages = Blueprint("period_pages", __name__)

    @pages.get("/figures/period")
    def page() -> AnyResponse | str:
        identity = api.gate.identity_for_page("figures.read")
        if len(request.args.getlist("office")) > 1:
            # A form sends each office apart; the address to keep has them in one.
            return redirect(f"/figures/period?{urlencode(_asked())}")
        now = api.store.clock()
        query, fault = PeriodQuery(), False
        try:
            query = PeriodQuery.model_validate(_asked())
            report = period_data.report(api, identity, _choice(query, now))
        except (ValidationError, Invalid, NotFound):
            query, fault = PeriodQuery(), True
            report = period_data.report(api, identity, _choice(query, now))
        with api.store.read() as connection:
            offices = period_data.offices_to_see(api, connection, identity)
        words = _words()
        return render_template(
            "figures_period.html",
            report=report,
            query=query,
            fault=fault,
            offices=offices,
            services=_services(offices),
            months=[written(shifted(now.date(), -back)) for back in range(MONTHS_OFFERED)],
            quick=_quick(now),
            lines=period_lines.lines(report),
            tables=period_document.tables(report, words),
            rows_shown=ROWS_SHOWN,
            most_offices=period_data.MOST_OFFICES_BY_DESK,
            most_office_months=period_data.MOST_OFFICE_MONTHS,
            most_months=period_data.MOST_MONTHS,
            charts=figures_views.charts(report, words),
            heat=figures_views.heat(report),
            words=words,
            address=_address,
            rules=report.rules,
        )

    return pages


def _asked() -> dict[str, str]:
    """What the page's address asks for; several offices with commas between them."""
    asked = {name: value for name, value in request.args.items() if name != "language" and value}
    if offices := [code for code in request.args.getlist("office") if code]:
        asked["office"] = ",".join(offices)
    return asked


def _choice(query: PeriodQuery, now: datetime) -> Choice:
    """What is asked for; without months the last that is over, without an end one month."""
    over = shifted(now.date(), -1)
    first = _month(query.first or query.last) or over
    last = _month(query.last or query.first) or over
    codes = tuple(dict.fromkeys(query.office.split(","))) if query.office else ()
    return Choice(Span(first, last), codes, query.service, query.kind)


def _month(text: str | None) -> date | None:
    return date(int(text[:4]), int(text[5:]), 1) if text else None


def _quick(now: datetime) -> list[tuple[str, str, str]]:
    """Periods that are often wanted: name, first and last month."""
    month = now.date().replace(day=1)
    over = shifted(month, -1)
    quarter = shifted(month, -(month.month - 1) % 3 - 3)
    return [
        (gettext("Last month"), written(over), written(over)),
        (gettext("Last quarter"), written(quarter), written(shifted(quarter, 2))),
        (gettext("This year"), f"{month.year}-01", written(month)),
        (gettext("Twelve months"), written(shifted(month, -12)), written(over)),
    ]


def _address(query: PeriodQuery, path: str = "/figures/period", **changed: str) -> str:
    """The address of the same choice with something changed."""
    kept = {
        "from": query.first,
        "to": query.last,
        "office": query.office,
        "service": query.service,
        "kind": query.kind,
    }
    return f"{path}?{urlencode({name: value for name, value in {**kept, **changed}.items() if value})}"


def _services(offices: list[Office]) -> dict[str, Names]:
    """The services of these offices by code, each once."""
    found: dict[str, Names] = {}
    for office in offices:
        for service in office.services:
            if service.state != "information":
                found.setdefault(service.code, service.name)
    return found


def _company(offices: list[Office]) -> Names:
    return offices[0].company if offices else {"ru": ""}


def _words() -> Words:
    return Words(gettext, str(get_locale()))


def _file(document: Document, query: PeriodQuery) -> Response:
    answer = Response(
        disclosure_data.file_of(document, UNPUBLISHED, query.format),
        mimetype=disclosure_data.MIME[query.format],
    )
    name = "-".join(("figures", document.period, *([query.part] if query.part else [])))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{query.format}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
