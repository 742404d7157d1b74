"""How the offices stand now: for programs, and as the page a manager's day begins with."""

from __future__ import annotations

import hashlib
import threading
import time
from datetime import datetime, timedelta

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from server.db import accounts, queries, today_rows
from server.db.store import Store
from server.sdk.commands import Request
from server.sdk.figures_messages import OfficeToday, TodayReport
from server.sdk.messages import Code
from server.web import today_views
from server.web.api import Api
from server.web.auth import Identity

KEPT = timedelta(seconds=5)
"""So long a made state of the whole company is good for everybody who asks for it."""
AT_ONCE = 20
"""So many offices are read at a time: a large company is read in short steps, others are answered between."""


class TodayQuery(Request):
    """One office, with its services and desks, or all that the asker may see."""

    office: Code | None = None


class CompanyNow:
    """All offices as they stood a few seconds ago: made once for however many managers look."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._made: tuple[datetime, list[OfficeToday]] | None = None

    def offices(self) -> tuple[datetime, list[OfficeToday]]:
        """The moment and the offices in the company's order."""
        with self._lock:
            now = self._store.clock()
            if self._made is None or not timedelta(0) <= now - self._made[0] < KEPT:
                self._made = (now, self._read(now))
            return self._made

    def _read(self, now: datetime) -> list[OfficeToday]:
        found = []
        with self._store.read() as connection:
            heads = queries.heads(connection)
            for start in range(0, len(heads), AT_ONCE):
                part = heads[start : start + AT_ONCE]
                read = today_rows.offices_now(connection, self._store.book, part, now)
                found += [today_views.office(one) for one in read]
                time.sleep(0)
        return found


def declare(api: Api, company: CompanyNow) -> None:
    """Add this route to the API."""

    @api.read(
        "reports/today",
        right="figures.read",
        query=TodayQuery,
        answer=TodayReport,
        summary="How the offices stand now: people waiting, desks, what needs attention, today so far",
    )
    def today(identity: Identity, query: TodayQuery) -> Response:
        report = _report(api, company, identity, query.office)
        answer = Response(report.model_dump_json(), mimetype="application/json")
        return _unless_known(answer, _mark(report))


def blueprint(api: Api, company: CompanyNow) -> Blueprint:
    """The page."""
    pages = Blueprint("today_pages", __name__)

    @pages.get("/today")
    def page() -> AnyResponse:
        identity = api.gate.identity_for_page("figures.read")
        wanted = request.args.get("office") or None
        report = _report(api, company, identity, wanted)
        html = render_template(
            "figures_today.html",
            report=report.model_dump(mode="json"),
            whole=identity.office is None,
            may_watch="hall.watch" in identity.rights,
        )
        return _unless_known(make_response(html), f"{_mark(report)}-{get_locale()}")

    return pages


def _report(api: Api, company: CompanyNow, identity: Identity, wanted: str | None) -> TodayReport:
    """What whoever asks sees; raises ``NotFound`` ``unknown_office``, ``Forbidden`` ``other_office``."""
    only = wanted or identity.office
    if only is None:
        at, offices = company.offices()
        return today_views.report(offices, at)
    with api.store.read() as connection:
        head = queries.head(connection, only)
        identity.check_office(only)
        now = api.store.clock()
        one = today_rows.offices_now(connection, api.store.book, [head], now)[0]
        logins = {row.operator for row in one.hall.desks.values() if row.operator}
        names = {login: accounts.name_of(connection, login) for login in logins}
    return today_views.report([today_views.office(one)], now, one, names)


def _mark(report: TodayReport) -> str:
    """What changes when something is to be seen: seconds are not, minutes are."""
    seen = report.model_dump(mode="json", exclude={"at"})
    text = repr(_in_minutes(seen))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _in_minutes(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: one // 60 if key.endswith("_seconds") and isinstance(one, int) else _in_minutes(one)
            for key, one in value.items()
        }
    return [_in_minutes(one) for one in value] if isinstance(value, list) else value


def _unless_known(answer: Response, mark: str) -> Response:
    """The answer under a weak ETag, or 304 to whoever has one of the same content."""
    answer.set_etag(mark, weak=True)
    answer.headers["Cache-Control"] = "no-cache, private"
    answer.make_conditional(request)
    return answer
