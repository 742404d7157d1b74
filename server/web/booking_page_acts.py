"""What the booking pages do: one act in its office's transaction; a hold, also without JavaScript."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Request, request
from pydantic import ValidationError

from server.actions import bookings
from server.db.unit_of_work import UnitOfWork
from server.domain.errors import Forbidden, Invalid, TooOften
from server.sdk.booking_messages import HoldSlot
from server.web.api import Api
from server.web.auth import ANONYMOUS
from server.web.booking_api import check_proof
from server.web.rate_limit import address_of

T = TypeVar("T")
_KEY = re.compile(r"^[A-Za-z0-9_-]{16,64}$")


def check_own_page(asked: Request) -> None:
    """Refuse a form that the browser says another site has sent; raises ``Forbidden`` ``csrf``.

    These pages know no session and set no cookie: what a form may do is in the secret link it was sent to,
    so there is nothing a foreign page could borrow, and no token is needed, which a frame in the company's
    page could not keep anyway. Left is that a foreign page makes its readers hold places.
    """
    told = asked.headers.get("Sec-Fetch-Site")
    if told is not None:
        own = told in ("same-origin", "none")
    else:
        # Older browsers, and addresses without https. "null": a page that keeps its own address to itself.
        origin = asked.headers.get("Origin", "null")
        own = origin == "null" or urlsplit(origin).netloc == asked.host
    if not own:
        raise Forbidden("csrf")


def act(api: Api, office: str, do: Callable[[UnitOfWork], T]) -> T:
    """Run one action in the office's transaction as an unknown visitor; screens are told after the commit."""
    with api.store.write(office, ANONYMOUS.actor) as uow:
        done = do(uow)
        changed = uow.changed
    if changed:
        api.announce(office)
    return done


def new_key() -> str:
    """What tells a form that was sent twice from two forms."""
    return secrets.token_urlsafe(16)


def wanted_hold(values: dict[str, object]) -> HoldSlot:
    """The place a form asks for; raises ``Invalid``."""
    try:
        return HoldSlot.model_validate(values)
    except ValidationError:
        raise Invalid("invalid") from None


def hold(api: Api, wanted: HoldSlot, key: str, proof_of_work: bool) -> str:
    """Hold a place; returns the booking's link. The same form sent twice (a double tap) holds one place.

    Where the office wants work from the browser and none was done, because it runs no JavaScript, people
    book all the same, but only a few times an hour from one address. Raises as ``bookings.hold``,
    ``TooOften``, ``Invalid`` ``proof_wrong``.
    """
    address = address_of(request)
    api.limits.check("hold", address)
    if proof_of_work and not wanted.proof:
        try:
            api.limits.check("hold-unproven", address)
        except TooOften as error:
            seconds = int(str(error.values["seconds"]))
            raise TooOften("held_enough", seconds=seconds, minutes=-(-seconds // 60)) from None
    digest = hashlib.sha256(wanted.model_dump_json(exclude={"proof"}).encode()).hexdigest()

    def take(uow: UnitOfWork) -> str:
        given = uow.given_answer(key) if _KEY.match(key) else None
        if given is not None and given[0] == digest:
            return given[2]
        if wanted.proof:
            check_proof(uow, api.store, wanted.proof)
        _held, link = bookings.hold(
            uow, wanted.service, wanted.at, wanted.count, channel=wanted.channel, language=wanted.language
        )
        if _KEY.match(key) and given is None:
            uow.remember_answer(key, digest, 201, link)
        return link

    return act(api, wanted.office, take)
