"""Pages for everybody, without signing in: an office with its hours and load, and the visitor's ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, render_template

from server.db import queries
from server.domain.office import Office
from server.domain.typical_load import Hour, days_like, typical_hours
from server.web import views
from server.web.api import Api
from server.web.booking_pages import takes_bookings

DAYS_AHEAD = 7
"""How many days the page tells the usual load of, today first."""
MOST_KEPT = 5000
"""Office-days of usual load that are kept in memory: 200 offices for some weeks."""


def blueprint(api: Api) -> Blueprint:
    """The office's page and the ticket's."""
    pages = Blueprint("public_pages", __name__)

    usual: dict[tuple[str, date], Sequence[Hour]] = {}

    def usual_hours(office: Office, day: date) -> Sequence[Hour]:
        # Past days do not change: read once a day, whoever looks.
        if (office.code, day) not in usual:
            if len(usual) > MOST_KEPT:
                usual.clear()
            with api.store.read() as connection:
                joined = queries.arrivals(connection, office.code, days_like(day))
            usual[office.code, day] = typical_hours(day, joined, office.schedule, office.zone)
        return usual[office.code, day]

    @pages.get("/office/<office>")
    def office(office: str) -> str:
        hall = api.store.hall(office)
        now = hall.now.astimezone(hall.office.zone)
        week = [now.date() + timedelta(days=offset) for offset in range(DAYS_AHEAD)]
        days = [
            {
                "day": day,
                "desks": hall.office.schedule.desk_hours(day),
                "hours": usual_hours(hall.office, day),
                "now": now.hour if day == now.date() else None,
            }
            for day in week
        ]
        info = views.office_info(hall).model_dump(mode="json")
        books = takes_bookings(hall.office)
        return render_template("office.html", office=info, days=days, books=books)

    @pages.get("/t/<code>")
    def ticket(code: str) -> str:
        with api.store.read() as connection:
            visit = queries.visit_by_code(connection, code)
            score = queries.score_of_visit(connection, visit.id)
        hall = api.store.hall(visit.office)
        status = views.ticket_status(hall, visit, score).model_dump(mode="json")
        return render_template("ticket.html", code=code, status=status, office=views.office_info(hall))

    return pages
