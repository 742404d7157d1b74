"""Refusals and faults as RFC 9457 problems, or as a page for a person: the one place that words them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, render_template, request
from flask_babel import format_datetime, get_locale, gettext
from werkzeug.exceptions import HTTPException

from server.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from server.sdk.messages import Problem
from server.web.auth import Unauthorized

log = logging.getLogger(__name__)


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


STATUS: dict[type[Refusal], int] = {NotFound: 404, Conflict: 409, Invalid: 422, Forbidden: 403}

# Per code: what happened, and what holds now or what to do.
TEXTS: dict[str, tuple[str, str]] = {
    "unknown_office": (N_("There is no such office"), N_("No office is called “%(office)s”.")),
    "unknown_service": (N_("There is no such service"), N_("This office has no service “%(service)s”.")),
    "unknown_category": (N_("There is no such category"), N_("This office has no category “%(category)s”.")),
    "unknown_desk": (N_("There is no such desk"), N_("No desk is called “%(desk)s”.")),
    "unknown_ticket": (
        N_("There is no such ticket"),
        N_("This ticket does not exist. A ticket's page works on the day of the ticket."),
    ),
    "unknown_visit": (
        N_("There is no such ticket"),
        N_("It is not a ticket of this office and day. Nothing was changed."),
    ),
    "unknown_token": (N_("There is no such token"), N_("No live token is called “%(token)s”.")),
    "office_closed": (
        N_("The office is closed"),
        N_("Tickets are not given now. The office opens: %(opens_at)s."),
    ),
    "office_closed_for_now": (
        N_("The office is closed"),
        N_("Tickets are not given now. The next opening is not set yet: please call the office."),
    ),
    "service_closed": (
        N_("The service is closed"),
        N_("“%(service)s” is not given now. Please choose another service or ask the administrator."),
    ),
    "numbers_used_up": (
        N_("All numbers of today are used"),
        N_("The series ended at %(largest)s. Please ask the administrator."),
    ),
    "nobody_waiting": (N_("Nobody is waiting"), N_("No visitor waits for the services of this desk.")),
    "other_service": (
        N_("This desk does not serve it"),
        N_("Ticket %(number)s is for a service of other desks. Nothing was changed."),
    ),
    "nobody_at_desk": (N_("Nobody is at the desk"), N_("Call the next visitor first.")),
    "desk_closed": (N_("The desk is closed"), N_("Open the desk first.")),
    "desk_busy": (
        N_("A visitor is at the desk"),
        N_("First finish with ticket %(number)s: nothing was changed."),
    ),
    "desk_taken": (
        N_("The desk is taken"),
        N_("Operator %(operator)s works at this desk. Choose another desk or ask the administrator."),
    ),
    "not_your_desk": (N_("This is not your desk"), N_("Operator %(operator)s works at this desk.")),
    "operator_elsewhere": (
        N_("You work at another desk"),
        N_("Desk %(desk)s is open under your name. Close it first."),
    ),
    "too_many_calls": (
        N_("The visitor was called enough"),
        N_("Ticket %(number)s was called %(most)s times. Mark it as no-show or start the service."),
    ),
    "move_not_allowed": (
        N_("This cannot be done now"),
        N_("Ticket %(number)s is now: %(state)s. Nothing was changed."),
    ),
    "not_served_yet": (
        N_("The visit is not over yet"),
        N_("Ticket %(number)s can be rated after the service."),
    ),
    "desk_or_ticket": (
        N_("The request is not valid"),
        N_("Give either the desk or the ticket, not both. Nothing was changed."),
    ),
    "key_reused": (
        N_("The key was used for another command"),
        N_("This Idempotency-Key belongs to another request. Nothing was changed: use a new key."),
    ),
    "not_signed_in": (N_("Sign in first"), N_("This address needs a token or a signed-in person.")),
    "token_unknown": (N_("The token is not valid"), N_("It is unknown or was revoked. Ask for a new one.")),
    "no_right": (N_("You have no right to this"), N_("The right “%(right)s” is needed.")),
    "other_office": (N_("This belongs to another office"), N_("Your access is for one office only.")),
    "csrf": (N_("The page has grown old"), N_("Nothing was changed. Reload the page and try again.")),
    "bad_body": (N_("The request cannot be read"), N_("The body must be a JSON object in UTF-8.")),
    "bad_key": (
        N_("The key cannot be used"),
        N_("An Idempotency-Key has 8 to 80 visible characters."),
    ),
    "invalid": (N_("The request is not valid"), N_("Nothing was changed. See the listed faults.")),
    "not_found": (N_("There is nothing here"), N_("Check the address.")),
    "method_not_allowed": (N_("Not this way"), N_("The address exists, but not for this method.")),
    "too_large": (N_("The request is too large"), N_("Nothing was changed. Send less at once.")),
    "fault": (
        N_("Something broke on our side"),
        N_("The fault was written down. Nothing was half saved: please try again."),
    ),
}

STATES: dict[str, str] = {
    "waiting": N_("waiting"),
    "called": N_("called"),
    "serving": N_("being served"),
    "held": N_("put aside"),
    "served": N_("served"),
    "no_show": N_("no-show"),
    "cancelled": N_("left the queue"),
    "annulled": N_("annulled"),
    "closed_unserved": N_("closed at the end of the day"),
}

HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 400: "bad_body", 415: "bad_body"}


class BodyFaults(Invalid):
    """A body that does not fit its schema; ``faults`` lists place and fault."""

    code = "invalid"

    def __init__(self, faults: list[dict[str, str]]) -> None:
        super().__init__()
        self.faults = faults


class BadBody(Exception):
    """A body that is not JSON at all."""


def problem(code: str, status: int, values: Mapping[str, Any], faults: list[dict[str, str]]) -> Problem:
    """The problem in the asker's language."""
    if code == "office_closed" and values.get("opens_at") is None:
        title, detail = TEXTS["office_closed_for_now"]
    else:
        title, detail = TEXTS.get(code, TEXTS["fault"])
    words = {key: _worded(key, value, values) for key, value in values.items()}
    return Problem(
        title=gettext(title), status=status, code=code, detail=gettext(detail, **words), errors=faults
    )


def problem_of(error: Exception) -> Problem:
    """What an exception means to whoever asked. Unknown ones are logged and told as a fault."""
    if isinstance(error, Refusal):
        status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
        return problem(error.code, status, error.values, getattr(error, "faults", []))
    if isinstance(error, Unauthorized):
        return problem(error.code, 401, {}, [])
    if isinstance(error, BadBody):
        return problem("bad_body", 400, {}, [])
    if isinstance(error, HTTPException) and error.code and error.code < 500:
        return problem(HTTP_CODES.get(error.code, "bad_body"), error.code, {}, [])
    log.error("a fault while answering %s %s", request.method, request.path, exc_info=error)
    return problem("fault", 500, {}, [])


def install(app: Flask) -> None:
    """Answer every exception as a problem: JSON under /api, a page elsewhere."""

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
            return error
        found = problem_of(error)
        if request.path.startswith("/api/"):
            response = Response(found.model_dump_json(), found.status, mimetype="application/problem+json")
        else:
            response = Response(render_template("problem.html", problem=found), found.status)
        if found.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response


def _worded(key: str, value: Any, values: Mapping[str, Any]) -> Any:
    language = str(get_locale() or "ru")
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(values["timezone"])) if "timezone" in values else value
        return format_datetime(local, "EEEE, d MMMM, HH:mm", rebase=False)
    if isinstance(value, Mapping):
        return value.get(language) or value.get("ru", "")
    if key == "state":
        return gettext(STATES.get(str(value), str(value)))
    return value
