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

from server.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooOften
from server.sdk.messages import Problem
from server.web.auth import Unauthorized

log = logging.getLogger(__name__)


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


STATUS: dict[type[Refusal], int] = {NotFound: 404, Conflict: 409, Invalid: 422, Forbidden: 403, TooOften: 429}

# Per code: what happened, and what holds now or what to do.
TEXTS: dict[str, tuple[str, str]] = {
    "unknown_office": (N_("There is no such office"), N_("No office is called “%(office)s”.")),
    "unknown_service": (N_("There is no such service"), N_("This office has no service “%(service)s”.")),
    "unknown_category": (N_("There is no such category"), N_("This office has no category “%(category)s”.")),
    "unknown_board": (N_("There is no such board"), N_("This office has no board “%(board)s”.")),
    "unknown_desk": (N_("There is no such desk"), N_("No desk is called “%(desk)s”.")),
    "unknown_ticket": (
        N_("There is no such ticket"),
        N_("This ticket does not exist. A ticket's page works on the day of the ticket."),
    ),
    "unknown_result": (N_("There is no such result"), N_("This office has no result “%(result)s”.")),
    "unknown_visit": (
        N_("There is no such ticket"),
        N_("It is not a ticket of this office and day. Nothing was changed."),
    ),
    "unknown_terminal": (N_("There is no such terminal"), N_("This office has no such terminal.")),
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
    "service_not_here": (
        N_("This desk does not serve it"),
        N_("“%(service)s” is a service of other desks. Nothing was changed."),
    ),
    "nowhere": (
        N_("It is not said where to"),
        N_("Name a service, a desk or an operator. Nothing was changed."),
    ),
    "operator_away": (
        N_("The operator is not here"),
        N_("%(operator)s works at no desk now. Choose another or send to a desk. Nothing was changed."),
    ),
    "reason_needed": (
        N_("A reason is needed"),
        N_("Say why ticket %(number)s is called out of turn. Nothing was changed."),
    ),
    "result_needed": (
        N_("A result is needed"),
        N_("Choose how the service of ticket %(number)s ended. Nothing was changed."),
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
    "no_time_left": (
        N_("Too many people for today"),
        N_("Those who already wait fill the time until closing. The office opens: %(opens_at)s."),
    ),
    "number_not_leased": (
        N_("The number is not this terminal's"),
        N_("Number %(number)s was not leased to this terminal for that day. Tell the administrator."),
    ),
    "number_taken": (
        N_("The number is taken"),
        N_("Another visitor has number %(number)s or its code. Tell the administrator."),
    ),
    "no_redirect": (
        N_("The pad's key is not set"),
        N_("Nothing says where desk %(desk)s redirects to: set redirect_to in the company's data."),
    ),
    "no_terminal": (
        N_("No terminal can print now"),
        N_("No ticket terminal of this office has been heard of in the last minute. Print a slip instead."),
    ),
    "unknown_order": (N_("There is no such print order"), N_("It is not an order for this terminal.")),
    "unknown_booking": (
        N_("The booking is not found"),
        N_("Check the code. Or take an ordinary ticket, or ask the staff: they will help."),
    ),
    "no_booking": (N_("It cannot be booked here"), N_("Take a ticket at the office: nothing was booked.")),
    "slot_taken": (N_("This time is taken"), N_("Nearest free times: %(nearest)s. Nothing was changed.")),
    "nothing_free": (
        N_("This time is taken"),
        N_("No other time is free near it. Choose another week or take a ticket at the office."),
    ),
    "hold_expired": (
        N_("The time for booking has run out"),
        N_("The place was given free. Please choose the time again."),
    ),
    "booking_over": (
        N_("The booking is over"),
        N_("It was used, cancelled or missed, or its time has passed. Book again or take a ticket."),
    ),
    "too_early": (
        N_("It is too early to check in"),
        N_("Come back at this time: %(since)s. Your booking stands."),
    ),
    "booking_other_day": (
        N_("The booking is for another day"),
        N_("You are expected: %(at)s. Your booking stands."),
    ),
    "booked_elsewhere": (
        N_("The booking is for another office"),
        N_("Look at the address in the booking, or take an ordinary ticket here."),
    ),
    "already_arrived": (N_("You have checked in already"), N_("Your ticket is %(number)s.")),
    "several_bookings": (
        N_("Several bookings fit"),
        N_("Type the six digits of the booking instead, or show its QR code."),
    ),
    "already_booked": (
        N_("There is a booking already"),
        N_("“%(service)s” is booked for %(at)s under this contact. Move that booking instead."),
    ),
    "too_many_codes": (
        N_("The code was sent enough times"),
        N_("It was sent %(most)s times. Choose the time again, or call the office."),
    ),
    "too_long": (
        N_("This is too much for one visit"),
        N_("One visitor can book at most %(most)s at once. Nothing was booked."),
    ),
    "contact_needed": (
        N_("A contact is needed"),
        N_("Give a phone number or an e-mail address, as the office asks. Nothing was booked."),
    ),
    "bad_phone": (
        N_("The phone number cannot be right"),
        N_("Write it with the country code, for example +7 and ten digits. Nothing was booked."),
    ),
    "bad_email": (
        N_("The e-mail address cannot be right"),
        N_("It has a name, an @ and a domain. Nothing was booked."),
    ),
    "consent_needed": (
        N_("Your consent is needed"),
        N_("A booking needs the consent to process personal data, to its present text. Nothing was booked."),
    ),
    "proof_needed": (
        N_("The check against robots is missing"),
        N_("Reload the page and try again. Nothing was booked."),
    ),
    "proof_wrong": (
        N_("The check against robots has failed"),
        N_("It was wrong, too old or already used. Reload the page and try again. Nothing was booked."),
    ),
    "bad_dates": (
        N_("The dates are not valid"),
        N_("They must be in order and at most %(days)s days apart."),
    ),
    "booking_unnamed": (
        N_("It is not said which booking"),
        N_("Give the six digits, the link or the last digits of the phone."),
    ),
    "too_often": (
        N_("Too many requests"),
        N_("Please try again in %(seconds)s seconds. Nothing was changed."),
    ),
    "held_enough": (
        N_("Too many places are held from one address"),
        N_(
            "Without JavaScript only a few are held in an hour. Turn it on, phone the office, or try again "
            "in %(minutes)s minutes. Nothing was booked."
        ),
    ),
    "no_figures": (
        N_("There are no figures to correct"),
        N_("The visitor with ticket %(number)s was not served: only served visits have figures."),
    ),
    "no_wait": (
        N_("There is no wait to correct"),
        N_("%(number)s was served without a ticket: only the service time can be corrected."),
    ),
    "not_served_yet": (
        N_("The visit is not over yet"),
        N_("Ticket %(number)s can be rated after the service."),
    ),
    "unknown_press": (N_("There is no such mark"), N_("No mark was handed in under this id.")),
    "unknown_reason": (N_("There is no such reason"), N_("This office has no reason “%(reason)s”.")),
    "unknown_survey": (N_("There is no such survey"), N_("This office has no survey “%(survey)s”.")),
    "unknown_answer": (
        N_("There is no such answer"),
        N_("Question “%(question)s” has no such answer. Nothing was counted."),
    ),
    "bad_period": (
        N_("The period is not valid"),
        N_("It must end after it begins and be at most %(days)s days long."),
    ),
    "bad_months": (
        N_("The period is not valid"),
        N_("It must end after it begins and be at most %(months)s months long."),
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
    "unknown_version": (N_("There is no such version"), N_("Version %(version)s was not published.")),
    "bad_address": (N_("The e-mail address cannot be right"), N_("Nothing was changed.")),
    "unknown_address": (N_("There is no such address"), N_("It was removed already. Reload the page.")),
    "unknown_entry": (N_("There is no such row"), N_("It was changed or taken back. Reload the page.")),
    "why_needed": (N_("A reason is needed"), N_("Say why the figures change. Nothing was changed.")),
    "period_not_over": (N_("The period is not over"), N_("It can be published after %(ends)s.")),
    "draft_changed": (
        N_("The figures have changed"),
        N_("They are no longer what you looked at. Look again, then publish."),
    ),
    "nothing_new": (
        N_("Nothing differs"),
        N_("Version %(version)s says the same. Nothing was published."),
    ),
    "cannot_render": (N_("The file cannot be made"), N_("The reason: %(why)s.")),
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
    elif code == "slot_taken" and not values.get("nearest"):
        title, detail = TEXTS["nothing_free"]
    else:
        title, detail = TEXTS.get(code, TEXTS["fault"])
    words = {key: _worded(key, value, values) for key, value in values.items()}
    return Problem(
        title=gettext(title),
        status=status,
        code=code,
        detail=gettext(detail, **words),
        errors=faults,
        number=_fact(values, "number"),
        state=_fact(values, "state"),
        nearest=values.get("nearest", []),
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
        if isinstance(error, TooOften):
            response.headers["Retry-After"] = str(error.values["seconds"])
        return response


def _fact(values: Mapping[str, Any], name: str) -> str | None:
    return str(values[name]) if name in values else None


def _worded(key: str, value: Any, values: Mapping[str, Any]) -> Any:
    language = str(get_locale() or "ru")
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(values["timezone"])) if "timezone" in values else value
        return format_datetime(local, "EEEE, d MMMM, HH:mm", rebase=False)
    if isinstance(value, list):
        return ", ".join(_worded(key, one, values) for one in value)
    if isinstance(value, Mapping):
        return value.get(language) or value.get("ru", "")
    if key == "state":
        return gettext(STATES.get(str(value), str(value)))
    return value
