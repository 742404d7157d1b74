"""The page of a month's suspicious figures: what is strange, how a visit is corrected, what was corrected."""

from __future__ import annotations

import re
from datetime import date

from flask import Blueprint, redirect, render_template, request
from flask_babel import get_locale, gettext
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.actions import corrections
from server.actions.corrections import Wanted
from server.db import accounts
from server.domain.errors import Refusal
from server.domain.office import Office
from server.reports.period import shifted, written
from server.reports.period_document import Words
from server.sdk.correction_messages import AnomaliesQuery, CorrectFigures
from server.web import correction_api, period_data
from server.web.api import Api
from server.web.auth import Identity
from server.web.problems import problem_of

MONTHS_OFFERED = 36
_LENGTH = re.compile(r"^(\d{1,4}):([0-5]\d)$")


def blueprint(api: Api) -> Blueprint:
    """The page and its act."""
    pages = Blueprint("anomaly_pages", __name__)

    @pages.get("/figures/anomalies")
    def page() -> str:
        identity = api.gate.identity_for_page("figures.read")
        return _page(api, identity, request.args)

    @pages.post("/figures/anomalies")
    def correct() -> AnyResponse | tuple[str, int]:
        identity = api.gate.identity()
        identity.check("figures.correct")
        form = request.form
        try:
            office, month = _asked(api, identity, form)
            body = _body(form)
            with api.store.write(office.code, identity.actor) as uow:
                wanted = Wanted(body.wait_seconds, body.service_seconds, body.excluded)
                corrections.correct(uow, form.get("visit", ""), wanted, body.reason)
        except ValidationError:
            fault = gettext("Write the times as minutes and seconds, 12:34, and give a reason.")
            return _page(api, identity, form, fault), 422
        except Refusal as refusal:
            problem = problem_of(refusal)
            return _page(api, identity, form, problem.detail), problem.status
        api.announce(office.code)
        return redirect(f"/figures/anomalies?office={office.code}&month={month}#corrections")

    return pages


def _page(api: Api, identity: Identity, asked: MultiDict[str, str], fault: str = "") -> str:
    office, month = _asked(api, identity, asked)
    found = correction_api.of_month(api.store, office.code, date.fromisoformat(f"{month}-01"))
    with api.store.read() as connection:
        offices = period_data.offices_to_see(api, connection, identity)
        logins = {visit.operator for visit in found.visits if visit.operator}
        logins |= {one.operator for one in found.operators} | {one.actor for one in found.corrections}
        names = accounts.names_of(connection, logins)
    return render_template(
        "figures_anomalies.html",
        found=found,
        office=office,
        offices=offices,
        month=month,
        months=[written(shifted(api.store.clock().date(), -back)) for back in range(MONTHS_OFFERED)],
        names=names,
        services={service.code: service.name for service in office.services},
        desks={desk.id: desk for desk in office.desks},
        reasons={choice.code: choice.name for choice in office.reasons.corrections},
        words=Words(gettext, str(get_locale())),
        may_correct="figures.correct" in identity.rights,
        tried=asked.get("visit", "") if fault else "",
        fault=fault,
    )


def _asked(api: Api, identity: Identity, asked: MultiDict[str, str]) -> tuple[Office, str]:
    """The office and month of the request; what is not told or makes no sense is the first, the present one.

    Raises ``Forbidden`` ``other_office``.
    """
    now = api.store.clock()
    with api.store.read() as connection:
        offices = period_data.offices_to_see(api, connection, identity)
    try:
        query = AnomaliesQuery(office=asked.get("office", ""), month=asked.get("month", written(now.date())))
    except ValidationError:
        return offices[0], written(now.date())
    identity.check_office(query.office)
    return next((office for office in offices if office.code == query.office), offices[0]), query.month


def _body(form: MultiDict[str, str]) -> CorrectFigures:
    """What the form says; raises ``ValidationError``."""
    return CorrectFigures.model_validate(
        {
            "wait_seconds": _seconds(form.get("wait", "")),
            "service_seconds": _seconds(form.get("service", "")),
            "excluded": form.get("excluded") == "yes",
            "reason": form.get("reason") or form.get("words", ""),
        }
    )


def _seconds(text: str) -> int | str | None:
    """``12:34`` as seconds; nothing written is nothing changed, anything else is for the schema to refuse."""
    if not text.strip():
        return None
    known = _LENGTH.match(text.strip())
    return int(known[1]) * 60 + int(known[2]) if known else text
