"""Pages on which anybody books, without JavaScript: office, service, day, time; then the link's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.db import queries
from server.domain.errors import Conflict, Refusal
from server.domain.office import Office
from server.sdk.booking_messages import BookingRules
from server.web import booking_link_pages, booking_page_acts, booking_views, problems
from server.web import booking_page_steps as steps
from server.web.api import Api
from server.web.booking_page_acts import check_own_page
from server.web.booking_page_steps import Choice
from server.web.booking_time_pages import Asked, days_page, page, times_page
from server.web.pages import chosen_language
from server.web.rate_limit import address_of

STEPS = 4
"""Service, day, time, details."""


def blueprint(api: Api, frame_policy: str) -> Blueprint:
    """The pages under /book and /b, and /widget.js.

    ``frame_policy``: the Content-Security-Policy of pages in a frame; it names who may frame them.
    """
    pages = Blueprint("booking_pages", __name__)
    booking_link_pages.declare(pages, api)

    @pages.before_request
    def not_too_often() -> None:
        api.limits.check("booking", address_of(request))

    @pages.after_request
    def guard(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        if request.path.startswith("/b/"):
            # The address is the secret: nobody is told it.
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        else:
            # Forms say where they come from; other sites are told nothing.
            response.headers["Referrer-Policy"] = "same-origin"
        if steps.framed():
            response.headers["Content-Security-Policy"] = frame_policy
        return response

    @pages.errorhandler(Refusal)
    def refused(error: Refusal) -> Response:
        found = problems.problem_of(error)
        office = (request.view_args or {}).get("office")
        if office is None or found.status == 404 or error.code == "no_booking":
            # No way back to the page that has just refused.
            again = steps.to("/book") if request.path != "/book" else None
        else:
            again = steps.to(f"/book/{office}")
        response = page("refused", found.status, problem=found, again=again)
        if "seconds" in error.values:
            response.headers["Retry-After"] = str(error.values["seconds"])
        return response

    def offices() -> list[Office]:
        with api.store.read() as connection:
            found = [api.store.book.office(connection, head.version) for head in queries.heads(connection)]
        return [office for office in found if takes_bookings(office)]

    def known(code: str) -> tuple[Office, BookingRules]:
        with api.store.read() as connection:
            office, _head = booking_views.office_now(api.store, connection, code)
        rules = booking_views.rules(office)
        if not rules.services:
            raise Conflict("no_booking")
        return office, rules

    def asked(office: Office, rules: BookingRules, chosen: Choice, day: date | None) -> Asked:
        several = len(offices()) > 1
        return Asked(
            office,
            office.service(str(chosen.service)).code,
            f"/book/{office.code}",
            {"service": chosen.service, "count": chosen.count},
            steps.summary(rules, chosen, several_offices=several, day=day),
            step=2,
            steps=STEPS,
            proof_of_work=rules.proof_of_work,
        )

    @pages.get("/book")
    def choose_office() -> AnyResponse:
        found = offices()
        if len(found) == 1:
            return redirect(steps.to(f"/book/{found[0].code}"))
        if not found:
            raise Conflict("no_booking")
        return page("offices", offices=found, steps=STEPS)

    @pages.get("/book/<office>")
    def choose(office: str) -> AnyResponse:
        known_office, rules = known(office)
        chosen = steps.choice()
        if chosen.service is None and len(rules.services) == 1:
            chosen = chosen.model_copy(update={"service": rules.services[0].code})
        if chosen.service is None:
            rows = steps.summary(rules, chosen, several_offices=len(offices()) > 1)
            services = [(one, known_office.service(one.code)) for one in rules.services]
            return page("services", office=known_office, services=services, rows=rows, steps=STEPS)
        question = asked(known_office, rules, chosen, chosen.day)
        if chosen.day is None:
            return days_page(api, question, chosen)
        return times_page(api, replace(question, step=3), chosen)

    @pages.get("/book/<office>/count")
    def choose_count(office: str) -> AnyResponse:
        known_office, rules = known(office)
        chosen = steps.choice()
        service = next((one for one in rules.services if one.code == chosen.service), None)
        if service is None:
            return redirect(steps.to(f"/book/{office}"))
        rows = steps.summary(rules, chosen, several_offices=False)
        return page("count", office=known_office, service=service, chosen=chosen, rows=rows[:2])

    @pages.post("/book/<office>")
    def hold(office: str) -> AnyResponse:
        check_own_page(request)
        known_office, rules = known(office)
        chosen = steps.choice()
        form = request.form
        wanted = booking_page_acts.wanted_hold(
            {
                "office": office,
                "service": chosen.service,
                "count": chosen.count,
                "at": form.get("at"),
                "channel": "widget" if steps.framed() else "site",
                "language": chosen_language(),
                "proof": form.get("proof") or None,
            }
        )
        try:
            link = booking_page_acts.hold(api, wanted, form.get("key", ""), rules.proof_of_work)
        except Refusal as error:
            if (
                error.code not in ("slot_taken", "proof_wrong", "too_often", "held_enough")
                or chosen.day is None
            ):
                raise
            question = asked(known_office, rules, chosen, chosen.day)
            response = times_page(api, replace(question, step=3), chosen, error)
            if "seconds" in error.values:
                response.headers["Retry-After"] = str(error.values["seconds"])
            return response
        return redirect(steps.to(f"/b/{link}"), 303)

    @pages.get("/widget.js")
    def widget() -> Response:
        return current_app.send_static_file("booking/widget.js")

    return pages


def takes_bookings(office: Office) -> bool:
    """Whether anybody can book something at an office."""
    own = office.bookings
    return own is not None and any(
        booked.by_public and own.pool_of(code) and office.service(code).state != "hidden"
        for code, booked in own.services.items()
    )
