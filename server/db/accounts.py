"""People and tokens: who may come in, with which rights. Passwords and tokens are stored hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, insert, select, update

from server.db import tables
from server.domain.errors import NotFound

# OWASP's smallest recommended Argon2id setting: an office PC hashes it in some 20 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("a password nobody has")


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. ``office`` is ``None`` for the whole company; no ``services`` means all."""

    login: str
    role: str
    office: str | None
    desk: str | None
    services: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Token:
    """What a bearer token stands for: a device's scope, or a person (``login``) with the person's rights."""

    id: str
    scope: str
    login: str | None
    office: str | None


def token_hash(secret: str) -> str:
    """How a token is stored. It is long and random, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


def save_person(connection: Connection, person: Person, password: str) -> None:
    """Make a person, or give an existing one these rights and this password."""
    table = tables.person
    values = {
        "name": person.name,
        "password_hash": _hasher.hash(password),
        "role": person.role,
        "office": person.office,
        "desk": person.desk,
        "services": list(person.services) or None,
        "active": True,
    }
    found = connection.execute(update(table).where(table.c.login == person.login).values(**values))
    if found.rowcount == 0:
        connection.execute(insert(table).values(login=person.login, **values))


def person(connection: Connection, login: str) -> Person | None:
    """The active person with this login."""
    table = tables.person
    columns = (table.c.login, table.c.role, table.c.office, table.c.desk, table.c.services, table.c.name)
    row = connection.execute(select(*columns).where(table.c.login == login, table.c.active)).one_or_none()
    if row is None:
        return None
    return Person(row.login, row.role, row.office, row.desk, tuple(row.services or ()), row.name)


def name_of(connection: Connection, login: str) -> str:
    """How a person is known; "" when no name was given or there is no such person."""
    table = tables.person
    query = select(table.c.name).where(table.c.login == login)
    return connection.execute(query).scalar_one_or_none() or ""


def names_of(connection: Connection, logins: Collection[str]) -> dict[str, str]:
    """How people are known, by login; only those who have a name."""
    table = tables.person
    query = select(table.c.login, table.c.name).where(table.c.login.in_(logins), table.c.name != "")
    return {row.login: row.name for row in connection.execute(query)}


def person_with_password(connection: Connection, login: str, password: str) -> Person | None:
    """The active person with this login and password. An unknown login takes as long as a known one."""
    table = tables.person
    query = select(table.c.password_hash).where(table.c.login == login, table.c.active)
    known = connection.execute(query).scalar_one_or_none()
    try:
        _hasher.verify(known or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return person(connection, login) if known else None


def save_token(connection: Connection, token: Token, secret: str, label: str, made_at: datetime) -> None:
    """Store a token by the hash of its secret."""
    connection.execute(
        insert(tables.token).values(
            id=token.id,
            hash=token_hash(secret),
            scope=token.scope,
            login=token.login,
            office=token.office,
            label=label,
            made_at=made_at,
        )
    )


def token(connection: Connection, secret: str) -> Token | None:
    """The live token with this secret."""
    table = tables.token
    columns = (table.c.id, table.c.scope, table.c.login, table.c.office)
    query = select(*columns).where(table.c.hash == token_hash(secret), table.c.revoked_at.is_(None))
    row = connection.execute(query).one_or_none()
    return Token(*row) if row else None


def revoke_token(connection: Connection, token_id: str, at: datetime) -> None:
    """End a token; raises ``NotFound``."""
    table = tables.token
    query = update(table).where(table.c.id == token_id, table.c.revoked_at.is_(None)).values(revoked_at=at)
    if connection.execute(query).rowcount == 0:
        raise NotFound("unknown_token", token=token_id)
