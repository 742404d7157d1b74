"""Pages behind a booking's link: who comes, the sent code, the booking, move, cancel, calendar file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from server.actions import bookings
from server.db import booking_rows
from server.db.unit_of_work import UnitOfWork
from server.domain.booking import LINK_LENGTH, Booking, check_reachable, checked_email, checked_phone
from server.domain.booking_rules import BookingRules
from server.domain.errors import Conflict, Invalid, NotFound, Refusal
from server.domain.office import Office
from server.sdk.booking_messages import BookingView, ConfirmBooking, MoveBooking
from server.sdk.messages import Problem
from server.sending.calendar_file import KIND, NAME, calendar_file
from server.web import booking_page_steps as steps
from server.web import booking_views, problems
from server.web.api import Api
from server.web.booking_page_acts import act, check_own_page
from server.web.booking_time_pages import Asked, days_page, page, times_page
from server.web.hall_pages import qr
from server.web.pages import chosen_language

T = TypeVar("T")
ADDRESS = f"/b/<string(length={LINK_LENGTH}):link>"
PENDING = ("held", "unconfirmed")
FIELDS = {"contact_needed": "phone", "bad_phone": "phone", "bad_email": "email", "consent_needed": "consent"}
"""Beside which field a refusal stands."""


def declare(pages: Blueprint, api: Api) -> None:
    """Add these pages."""

    def look(link: str) -> tuple[Booking, BookingView, Office]:
        with api.store.read() as connection:
            booking = booking_rows.by_link(connection, link)
            view = booking_views.for_holder(api.store, connection, booking, link, api.public_url)
            office, _head = booking_views.office_now(api.store, connection, booking.office)
        return booking, view, office

    def home(link: str) -> AnyResponse:
        return redirect(steps.to(f"/b/{link}"), 303)

    def shown(
        template: str,
        link: str,
        view: BookingView,
        status: int = 200,
        problem: Problem | None = None,
        **values: object,
    ) -> Response:
        zone = ZoneInfo(view.timezone)
        return page(
            template,
            status,
            link=link,
            booking=view,
            rows=steps.booking_rows(view),
            problem=problem,
            zone=steps.zone_words(view.starts_at, zone),
            offset=steps.offset_minutes(view.starts_at, zone),
            hour=lambda at: steps.hour(at, zone),
            again=steps.to(
                f"/book/{view.office}", service=view.service, count=view.count, day=steps.day_of(view)
            ),
            **values,
        )

    def details_page(
        link: str,
        view: BookingView,
        office: Office,
        faults: dict[str, str] | None = None,
        status: int = 200,
        problem: Problem | None = None,
    ) -> Response:
        left = (view.expires_at - api.store.clock()) if view.expires_at else timedelta()
        return shown(
            "details",
            link,
            view,
            status,
            problem,
            rules=booking_views.rules(office),
            faults=faults or {},
            # What was typed comes back into the page after a fault, and goes nowhere else.
            typed=request.form,
            seconds=max(0, int(left.total_seconds())),
        )

    @pages.get(ADDRESS)
    def booking(link: str) -> AnyResponse:
        found, view, office = look(link)
        if view.state == "held":
            return details_page(link, view, office)
        if view.state == "unconfirmed":
            return shown("code", link, view, faults={})
        if view.state == "booked":
            assert view.code is not None
            squares, path = qr(view.code)
            return shown("booked", link, view, squares=squares, path=path)
        return shown("over", link, view, was_made=found.code is not None)

    @pages.get(f"{ADDRESS}/details")
    def details_again(link: str) -> AnyResponse:
        _found, view, office = look(link)
        return details_page(link, view, office) if view.state in PENDING else home(link)

    @pages.post(ADDRESS)
    def details(link: str) -> AnyResponse:
        check_own_page(request)
        found, view, office = look(link)
        if view.state not in PENDING:
            return home(link)
        booking_views.rules(office)
        assert office.bookings is not None
        faults, told = read_details(office.bookings)
        if told is None:
            return details_page(link, view, office, faults, 422)
        try:
            act(api, found.office, lambda uow: confirm(uow, link, told))
        except Conflict as error:
            if error.code != "too_many_codes":
                return home(link)
            return details_page(link, view, office, {}, 409, problems.problem_of(error))
        except Invalid as error:
            # The rules or the consent text changed meanwhile.
            return details_page(link, view, office, fault_of(error), 422)
        return home(link)

    @pages.post(f"{ADDRESS}/code")
    def prove(link: str) -> AnyResponse:
        check_own_page(request)
        found, view, _office = look(link)
        if view.state != "unconfirmed":
            return home(link)
        typed = re.sub(r"\s", "", request.form.get("code", ""))
        if not re.fullmatch(r"[0-9]{6}", typed):
            fault = _("Type the six digits of the code.")
            return shown("code", link, view, 422, faults={"code": fault})
        try:
            _done, wrong = act(api, found.office, lambda uow: bookings.verify(uow, link, typed))
        except Conflict as error:
            if error.code != "already_booked":
                return home(link)
            return shown("code", link, view, 409, problems.problem_of(error), faults={})
        if not wrong:
            return home(link)
        _found, after, _office = look(link)
        if after.state != "unconfirmed":
            return shown("over", link, after, 409, was_made=False, wrong_code=True)
        return shown("code", link, after, 422, faults={"code": _("This is not the code we sent.")})

    @pages.post(f"{ADDRESS}/release")
    def release(link: str) -> AnyResponse:
        check_own_page(request)
        found, view, _office = look(link)
        if view.state not in PENDING:
            return home(link)
        act(api, found.office, lambda uow: bookings.cancel(uow, uow.bookings.by_link(link)))
        return redirect(
            steps.to(f"/book/{view.office}", service=view.service, count=view.count, day=steps.day_of(view)),
            303,
        )

    @pages.get(f"{ADDRESS}/cancel")
    def ask_cancel(link: str) -> AnyResponse:
        _found, view, _office = look(link)
        return shown("cancel", link, view) if view.may_cancel else home(link)

    @pages.post(f"{ADDRESS}/cancel")
    def cancel(link: str) -> AnyResponse:
        check_own_page(request)
        found, _view, _office = look(link)
        if_still(lambda: act(api, found.office, lambda uow: bookings.cancel(uow, uow.bookings.by_link(link))))
        return home(link)

    def moving(link: str, view: BookingView, office: Office, step: int) -> Asked:
        rows = steps.booking_rows(view)
        now = rows[0]._replace(label=_("Booked now"))
        return Asked(
            office,
            view.service,
            f"/b/{link}/move",
            {},
            [now, *rows[1:]],
            step=step,
            steps=2,
            moving=True,
        )

    @pages.get(f"{ADDRESS}/move")
    def choose_move(link: str) -> AnyResponse:
        _found, view, office = look(link)
        if not view.may_move:
            return home(link)
        chosen = steps.choice().model_copy(update={"count": view.count})
        if chosen.day is None:
            return days_page(api, moving(link, view, office, 1), chosen)
        return times_page(api, moving(link, view, office, 2), chosen)

    @pages.post(f"{ADDRESS}/move")
    def move(link: str) -> AnyResponse:
        check_own_page(request)
        found, view, office = look(link)
        try:
            at = MoveBooking.model_validate({"at": request.form.get("at")}).at
        except ValidationError:
            raise Invalid("invalid") from None
        try:
            act(api, found.office, lambda uow: bookings.move(uow, uow.bookings.by_link(link), at))
        except Refusal as error:
            chosen = steps.choice().model_copy(update={"count": view.count})
            if error.code != "slot_taken" or chosen.day is None:
                if error.code == "booking_over":
                    return home(link)
                raise
            return times_page(api, moving(link, view, office, 2), chosen, error)
        return home(link)

    @pages.get(f"{ADDRESS}.ics")
    def file(link: str) -> Response:
        found, view, _office = look(link)
        if found.code is None:
            raise NotFound("unknown_booking")
        zone = ZoneInfo(view.timezone)
        made = calendar_file(found, zone, steps.calendar_words(view, zone), view.link, api.store.clock())
        response = Response(made, content_type=KIND)
        response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
        return response


def read_details(rules: BookingRules) -> tuple[dict[str, str], ConfirmBooking | None]:
    """What the form says of the visitor, or what is wrong with it by field, each in a sentence."""
    form = request.form
    faults: dict[str, str] = {}
    name = " ".join(form.get("name", "").split())
    phone, email = form.get("phone", "").strip(), form.get("email", "").strip()
    if not 0 < len(name) <= 80:
        faults["name"] = _("Write a name or initials, at most 80 letters.")
    if len(phone) > 30:
        faults["phone"] = said(Invalid("bad_phone"))
    checks: tuple[Callable[[], object], ...] = (
        lambda: checked_phone(phone),
        lambda: checked_email(email),
        lambda: check_reachable(rules, phone, email),
    )
    for check in checks:
        try:
            check()
        except Invalid as error:
            faults = fault_of(error) | faults
    if not form.get("consent"):
        faults["consent"] = _("Without your consent we may not keep the booking. Tick the box to go on.")
    if faults:
        return faults, None
    return {}, ConfirmBooking(
        name=name,
        phone=phone or None,
        email=email or None,
        consent=True,
        consent_version=form.get("consent_version", "")[:40],
        language=chosen_language(),
    )


def confirm(uow: UnitOfWork, link: str, told: ConfirmBooking) -> Booking:
    """The details as the action takes them."""
    return bookings.confirm(
        uow,
        link,
        name=told.name,
        phone=told.phone,
        email=told.email,
        consent_version=told.consent_version,
        language=told.language,
    )


def fault_of(error: Invalid) -> dict[str, str]:
    """A refusal as the sentence beside its field."""
    return {FIELDS.get(error.code, "name"): said(error)}


def said(error: Refusal) -> str:
    """A refusal as one sentence or two."""
    return problems.problem_of(error).detail


def if_still(do: Callable[[], T]) -> None:
    """Do it; what is over already needs nothing more."""
    try:
        do()
    except Conflict as error:
        if error.code != "booking_over":
            raise
