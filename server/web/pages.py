"""Pages for the company's people: start, sign in, operator's desk, figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from server.db.accounts import Person
from server.domain.errors import TooOften
from server.sdk.messages import LANGUAGES
from server.web import report_api, views
from server.web.api import Api, by_desk
from server.web.auth import SignInFirst, check_csrf
from server.web.rate_limit import address_of

NOTHING_KEPT = ("/api/", "/book", "/b/")
"""Where no cookie remembers the language: it stays in the address."""


def blueprint(api: Api, demonstration_file: Path | None) -> Blueprint:
    """All pages of the server."""
    pages = Blueprint("pages", __name__)

    @pages.app_errorhandler(SignInFirst)
    def sign_in_first(_error: SignInFirst) -> AnyResponse:
        return redirect(url_for("pages.sign_in", next=request.full_path))

    @pages.get("/")
    def start() -> str:
        demonstration = _demonstration(demonstration_file)
        identity = api.gate.identity()
        offices = [views.office_info(hall).model_dump(mode="json") for hall in api.store.halls()]
        return render_template(
            "start.html",
            company=offices[0]["company"] if offices else {"ru": "Talon"},
            offices=offices,
            links=_groups(offices, demonstration.get("links") or _own_links(api)),
            users=demonstration.get("users", []),
            demonstration=bool(demonstration),
            person=identity.person,
        )

    @pages.route("/sign-in", methods=["GET", "POST"])
    def sign_in() -> AnyResponse | str:
        wanted = request.values.get("next", "")
        # Only a path of our own: a full address could lead a person elsewhere after signing in.
        target = wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else ""
        if request.method == "GET":
            return render_template("sign_in.html", error=None, next=target)
        check_csrf(request)
        login, address = request.form.get("login", ""), address_of(request)
        try:
            api.limits.check("sign_in", f"{address} {login[:40]}")
            api.limits.check("sign_in_all", address)
        except TooOften as refusal:
            page = render_template("sign_in.html", error="often", next=target)
            return Response(page, 429, {"Retry-After": str(refusal.values["seconds"])})
        person = api.gate.sign_in(login, request.form.get("password", ""))
        if person is None:
            page = render_template("sign_in.html", error="wrong", next=target)
            return Response(page, 403)
        _begin_session_anew()
        login_user(person)
        return redirect(target or _first_page(person.person))

    @pages.post("/sign-out")
    def sign_out() -> AnyResponse:
        check_csrf(request)
        logout_user()
        _begin_session_anew()
        return redirect("/")

    @pages.get("/desk/<desk>")
    def desk(desk: str) -> str:
        identity = api.gate.identity_for_page("desk.work")
        office = by_desk(api.store, None, {"desk": desk})
        identity.check_office(office)
        hall = api.store.hall(office)
        return render_template(
            "desk.html",
            desk=desk,
            office=views.office_info(hall).model_dump(mode="json"),
            person=identity.person,
            takes_bookings=hall.office.bookings is not None,
        )

    @pages.get("/figures")
    def figures() -> str:
        identity = api.gate.identity_for_page("figures.read")
        wanted = request.args.get("year", "")
        report = report_api.report(
            api, identity, int(wanted) if wanted.isdigit() and len(wanted) == 4 else None
        )
        return render_template("figures.html", report=report.model_dump(mode="json"), person=identity.person)

    return pages


def chosen_language() -> str:
    """The language of a page: by its address, else as chosen before, else as the browser asks, or Russian."""
    wanted = request.args.get("language") or session.get("language")
    if wanted in LANGUAGES:
        if session.get("language") != wanted and not request.path.startswith(NOTHING_KEPT):
            session["language"] = wanted
        return str(wanted)
    return request.accept_languages.best_match(LANGUAGES) or "ru"


def _begin_session_anew() -> None:
    """Nothing of the session before stays, but the language chosen."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def _first_page(person: Person) -> str:
    """Where a person's work begins."""
    if person.desk:
        return f"/desk/{person.desk}"
    if person.role == "administrator" and person.office:
        return f"/hall/{person.office}"
    return "/today" if person.role == "manager" else "/"


def _demonstration(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    known: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return known


def _groups(offices: list[dict[str, Any]], links: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Links grouped by office, in words; ``links`` give office, kind, url and label (a desk's)."""
    words = {
        "kiosk": (_("Ticket kiosk"), _("Take a ticket; paper is drawn as a picture")),
        "office": (_("For visitors"), _("Hours, people waiting, usual load")),
        "window": (_("Screen over the window"), _("The window's number and the ticket called to it")),
        "board": (_("Hall board"), _("Called tickets, chime and voice")),
        "hall": (_("Hall administrator"), _("The whole queue and all desks")),
        "book": (_("Book ahead"), _("Service, day and time, from any browser")),
        "bookings": (_("Bookings for staff"), _("A day's bookings, a caller, who cannot come")),
        "desk": (_("Operator's desk"), _("Call, serve, finish")),
        "rating": (_("Rating tablet"), _("Rate the service at the desk")),
        "today": (_("Today"), _("What needs attention now, office by office")),
        "figures": (_("Figures"), _("Monthly averages of waiting and service")),
        "devices": (_("Simulated pads and signs"), _("Press a key, see what the sign shows")),
    }
    groups = []
    for office in [*offices, {"code": "", "name": {}}]:
        found = [
            {
                "name": f"{words[link['kind']][0]} {link.get('label', '')}".strip(),
                "url": link["url"],
                "description": words[link["kind"]][1],
            }
            for link in links
            if link.get("office", "") == office["code"]
        ]
        name = office["name"]
        title = name.get(str(get_locale())) or name.get("ru") or _("Company")
        if found:
            groups.append({"title": title, "links": found})
    return groups


def _own_links(api: Api) -> list[dict[str, str]]:
    """The screens this server itself serves."""
    links: list[dict[str, str]] = []
    for hall in api.store.halls():
        code = hall.office.code
        links.append({"office": code, "kind": "office", "label": "", "url": f"/office/{code}"})
        links.append({"office": code, "kind": "hall", "label": "", "url": f"/hall/{code}"})
        if hall.office.bookings is not None:
            links.append({"office": code, "kind": "book", "label": "", "url": f"/book/{code}"})
            links.append({"office": code, "kind": "bookings", "label": "", "url": f"/hall/{code}/bookings"})
        links += [
            {"office": code, "kind": "desk", "label": desk.label, "url": f"/desk/{desk.id}"}
            for desk in hall.office.desks
        ]
    return [*links, {"kind": "today", "url": "/today"}, {"kind": "figures", "url": "/figures"}]
