"""Pages for people: start, sign in, operator's desk, visitor's ticket, figures; board and tablet files."""

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
    send_from_directory,
    session,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from server.db import queries
from server.db.accounts import Person
from server.sdk.messages import LANGUAGES
from server.sdk.shared_files import BROWSER_FOLDER
from server.web import report_api, views
from server.web.api import Api, by_desk
from server.web.auth import Identity, Unauthorized, check_csrf

ROOT = Path(__file__).resolve().parent.parent.parent
BOARD_FOLDER = ROOT / "display" / "ui"
RATING_FOLDER = ROOT / "rating_button" / "page"


def blueprint(api: Api, demonstration_file: Path | None) -> Blueprint:
    """All pages of the server."""
    pages = Blueprint("pages", __name__)

    def identity_or_sign_in(right: str) -> Identity | AnyResponse:
        identity = api.gate.identity()
        try:
            identity.check(right)
        except Unauthorized:
            return redirect(url_for("pages.sign_in", next=request.full_path))
        return identity

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
        person = api.gate.sign_in(request.form.get("login", ""), request.form.get("password", ""))
        if person is None:
            page = render_template("sign_in.html", error="wrong", next=target)
            return Response(page, 403)
        session.clear()
        login_user(person)
        return redirect(target or _first_page(person.person))

    @pages.post("/sign-out")
    def sign_out() -> AnyResponse:
        check_csrf(request)
        logout_user()
        session.clear()
        return redirect("/")

    @pages.get("/desk/<desk>")
    def desk(desk: str) -> AnyResponse | str:
        identity = identity_or_sign_in("desk.work")
        if not isinstance(identity, Identity):
            return identity
        office = by_desk(api.store, None, {"desk": desk})
        identity.check_office(office)
        info = views.office_info(api.store.hall(office)).model_dump(mode="json")
        person = identity.person
        return render_template("desk.html", desk=desk, office=info, person=person)

    @pages.get("/figures")
    def figures() -> AnyResponse | str:
        identity = identity_or_sign_in("figures.read")
        if not isinstance(identity, Identity):
            return identity
        wanted = request.args.get("year", "")
        report = report_api.report(
            api, identity, int(wanted) if wanted.isdigit() and len(wanted) == 4 else None
        )
        return render_template("figures.html", report=report.model_dump(mode="json"), person=identity.person)

    @pages.get("/t/<code>")
    def ticket(code: str) -> str:
        with api.store.read() as connection:
            visit = queries.visit_by_code(connection, code)
            score = queries.score_of_visit(connection, visit.id)
        hall = api.store.hall(visit.office)
        status = views.ticket_status(hall, visit, score).model_dump(mode="json")
        return render_template("ticket.html", code=code, status=status, office=views.office_info(hall))

    @pages.get("/board/<office>")
    def board(office: str) -> Response:
        return send_from_directory(BOARD_FOLDER, "index.html")

    @pages.get("/rate/<desk>")
    def rate(desk: str) -> Response:
        return send_from_directory(RATING_FOLDER, "index.html")

    @pages.get("/ui/<path:file>")
    def board_file(file: str) -> Response:
        return send_from_directory(BOARD_FOLDER, file)

    @pages.get("/rate-page/<path:file>")
    def rating_file(file: str) -> Response:
        return send_from_directory(RATING_FOLDER, file)

    @pages.get("/shared/<path:file>")
    def shared(file: str) -> Response:
        return send_from_directory(BROWSER_FOLDER, file)

    return pages


def chosen_language() -> str:
    """The language of a page: by its address, else as chosen before, else as the browser asks, or Russian."""
    wanted = request.args.get("language") or session.get("language")
    if wanted in LANGUAGES:
        if session.get("language") != wanted and not request.path.startswith("/api/"):
            session["language"] = wanted
        return str(wanted)
    return request.accept_languages.best_match(LANGUAGES) or "ru"


def _first_page(person: Person) -> str:
    """Where a person's work begins."""
    if person.desk:
        return f"/desk/{person.desk}"
    return "/figures" if person.role == "manager" else "/"


def _demonstration(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    known: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return known


def _groups(offices: list[dict[str, Any]], links: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Links grouped by office, in words; ``links`` give office, kind, url and label (a desk's)."""
    words = {
        "kiosk": (_("Ticket kiosk"), _("Take a ticket; paper is drawn as a picture")),
        "board": (_("Hall board"), _("Called tickets, chime and voice")),
        "desk": (_("Operator's desk"), _("Call, serve, finish")),
        "rating": (_("Rating tablet"), _("Rate the service at the desk")),
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
    links = [
        {"office": hall.office.code, "kind": "desk", "label": desk.label, "url": f"/desk/{desk.id}"}
        for hall in api.store.halls()
        for desk in hall.office.desks
    ]
    return [*links, {"kind": "figures", "url": "/figures"}]
