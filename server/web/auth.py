"""Who is asking and what they may do: device tokens, personal tokens, signed-in people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Request, request
from flask_login import LoginManager, current_user
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from server.db import accounts
from server.db.accounts import Person
from server.db.store import Store
from server.domain.errors import Forbidden
from server.domain.moves import MOVES
from server.domain.visit import RECEPTION, TERMINAL

MACHINE_HEADER = "Talon-Machine"
"""What a device calls itself, 4 to 16 of a-z and 0-9, kept over restarts; sent beside its token."""
_MACHINE = re.compile(r"^[a-z0-9]{4,16}$")

DEVICE = "device:"
"""How the actor of a device's token begins; a person is called by the login."""

PUBLIC = "public"
"""The right everybody has."""
INTEGRATION = "booking.make"
"""The right that only the company's site, personal account or chat bot has."""

SCOPE_RIGHTS: dict[str, frozenset[str]] = {
    "kiosk": frozenset({"ticket.issue", "kiosk.watch"}),
    "display": frozenset({"board.watch", "device.report"}),
    "rating": frozenset({"rating.give", "rating.watch"}),
    "bridge": frozenset({"rating.give", "bridge.watch", "device.report", "pad.press"}),
    "integration": frozenset({"kiosk.watch", INTEGRATION}),
    "audit": frozenset({"log.read"}),
}
"""What a device or program may do with a token of each scope."""

ROLE_RIGHTS: dict[str, frozenset[str]] = {
    "operator": frozenset({"desk.work", "queue.read", "board.watch", "booking.manage", "booking.watch"}),
    "administrator": frozenset(
        {
            "desk.work",
            "queue.read",
            "board.watch",
            "ticket.issue",
            "kiosk.watch",
            "hall.watch",
            "office.manage",
            "figures.read",
            "figures.enter",
            "booking.manage",
            "booking.watch",
        }
    ),
    "manager": frozenset(
        {
            "queue.read",
            "board.watch",
            "hall.watch",
            "figures.read",
            "figures.enter",
            "figures.publish",
            "figures.correct",
            "booking.watch",
        }
    ),
}
"""What a person may do in each role."""

MOVER_RIGHTS = {
    "terminal": "ticket.issue",
    "visitor": PUBLIC,
    "operator": "desk.work",
    "administrator": "office.manage",
}
"""The right that stands for each of those who may move a visit (``domain/moves.MOVES``)."""


def right_to(move: str) -> str:
    """The right a move of a visit needs: the one of whoever the table of moves names first."""
    return MOVER_RIGHTS[MOVES[move].by[0]]


class Unauthorized(Exception):
    """Nobody we know is asking. ``code`` says whether a token was wrong or none was given."""

    def __init__(self, code: str = "not_signed_in") -> None:
        self.code = code
        super().__init__(code)


class SignInFirst(Exception):
    """Nobody we know asks for a page: the answer is the sign-in page, which leads back to it."""


@dataclass(frozen=True)
class Identity:
    """Whoever asks. ``actor`` goes into the log: a login, or a device token's id; never a person's name."""

    actor: str
    rights: frozenset[str] = frozenset()
    office: str | None = None
    person: Person | None = None
    by_session: bool = False
    refused: str | None = None

    @property
    def device(self) -> str:
        """The actor without what the device calls itself: one token counts as one."""
        return self.actor.partition("/")[0]

    def check(self, right: str) -> None:
        """Raise ``Unauthorized`` when nobody is known, ``Forbidden`` when the right is missing."""
        if right == PUBLIC or right in self.rights:
            return
        if not self.rights:
            raise Unauthorized(self.refused or "not_signed_in")
        raise Forbidden("no_right", right=right)

    def check_office(self, office: str) -> None:
        """Raise ``Forbidden`` when this identity belongs to another office."""
        if self.office is not None and self.office != office:
            raise Forbidden("other_office", office=office)


ANONYMOUS = Identity("visitor")


class SignedIn:
    """A person as Flask-Login keeps them in the session."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """What the session cookie holds."""
        return self.person.login


class Gate:
    """Finds out who is asking, from the database each time: a revoked token is out at once."""

    def __init__(self, app: Flask, store: Store) -> None:
        self._store = store
        manager = LoginManager(app)
        manager.user_loader(self._load)

    def identity(self, request: Request = request) -> Identity:
        """Whoever makes the current request. A session counts only with a valid CSRF token on writes."""
        header = request.headers.get("Authorization", "")
        if header:
            scheme, _, secret = header.partition(" ")
            machine = request.headers.get(MACHINE_HEADER, "")
            return (
                self.identity_of_token(secret.strip(), machine) if scheme.lower() == "bearer" else _refused()
            )
        if not getattr(current_user, "is_authenticated", False):
            return ANONYMOUS
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            check_csrf(request)
        return of_person(current_user.person, by_session=True)

    def identity_for_page(self, right: str) -> Identity:
        """Whoever asks for the current page; raises ``SignInFirst``, or ``Forbidden`` without the right."""
        identity = self.identity()
        try:
            identity.check(right)
        except Unauthorized:
            raise SignInFirst from None
        return identity

    def identity_of_socket(self, token: str | None, request: Request = request) -> Identity:
        """Whoever opens a socket: by token, or by session when the page is our own."""
        if token:
            return self.identity_of_token(token)
        origin = request.headers.get("Origin", "")
        if getattr(current_user, "is_authenticated", False) and urlsplit(origin).netloc == request.host:
            return of_person(current_user.person, by_session=True)
        return ANONYMOUS

    def identity_of_token(self, secret: str, machine: str = "") -> Identity:
        """The device or person a bearer token stands for.

        ``machine`` tells devices apart that were given one token: each leases its own numbers.
        """
        with self._store.read() as connection:
            token = accounts.token(connection, secret)
            if token is None:
                return _refused()
            if token.login is not None:
                person = accounts.person(connection, token.login)
                return of_person(person) if person else _refused()
        actor = f"{DEVICE}{token.id}"
        if _MACHINE.match(machine):
            actor += f"/{machine}"
        return Identity(actor, SCOPE_RIGHTS[token.scope], token.office)

    def sign_in(self, login: str, password: str) -> SignedIn | None:
        """The person with this login and password, ready for ``login_user``."""
        with self._store.read() as connection:
            person = accounts.person_with_password(connection, login, password)
        return SignedIn(person) if person else None

    def _load(self, login: str) -> SignedIn | None:
        with self._store.read() as connection:
            person = accounts.person(connection, login)
        return SignedIn(person) if person else None


def of_person(person: Person, by_session: bool = False) -> Identity:
    """A person's identity with the rights of their role."""
    return Identity(person.login, ROLE_RIGHTS[person.role], person.office, person, by_session)


def channel_of(actor: str) -> str:
    """Where a ticket is given: by a device it is the terminal, by a person the reception."""
    return TERMINAL if actor.startswith(DEVICE) else RECEPTION


def check_csrf(request: Request) -> None:
    """Raise ``Forbidden`` unless the request carries this session's CSRF token (header or form field)."""
    try:
        validate_csrf(request.headers.get("X-CSRFToken") or request.form.get("csrf_token"))
    except ValidationError:
        raise Forbidden("csrf") from None


def _refused() -> Identity:
    return Identity("visitor", refused="token_unknown")
