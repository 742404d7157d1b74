"""The API's machinery: a route names its right and its schemas once; checks, answers and OpenAPI follow.

A *read* answers from the database as it is. A *command* runs one action in one office's write
transaction, under the asker's Idempotency-Key, and is followed by news after commit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import IntegrityError

from server.db import queries
from server.db.store import Store
from server.db.unit_of_work import UnitOfWork
from server.domain.errors import Invalid
from server.sdk.commands import NoDetails
from server.web.auth import INTEGRATION, Gate, Identity
from server.web.problems import BadBody, BodyFaults
from server.web.rate_limit import Limits, address_of

_KEY = re.compile(r"^[\x21-\x7e]{8,80}$")
PREFIX = "/api/v1"


def _nobody(_body: Any) -> bool:
    return False


@dataclass(frozen=True)
class Route:
    """One address of the API as documented: who may use it, what goes in, what comes out."""

    method: str
    path: str
    right: str
    summary: str
    answer: type[BaseModel] | None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    limited: bool = False


@dataclass
class Api:
    """The API of one server: its routes, and what handlers need."""

    store: Store
    gate: Gate
    announce: Callable[[str], None]
    public_url: str
    limits: Limits = field(default_factory=Limits)
    routes: list[Route] = field(default_factory=list)
    blueprint: Blueprint = field(default_factory=lambda: Blueprint("api", __name__, url_prefix=PREFIX))

    def read(
        self,
        path: str,
        *,
        right: str,
        answer: type[BaseModel] | None,
        query: type[BaseModel] | None = None,
        limit: str | None = None,
        summary: str,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a GET. The handler gets the identity, the checked query, and the path's values.

        It returns an ``answer``, or a ``Response`` of its own where ``answer`` is ``None``. ``limit`` names
        what the public may do only so often.
        """
        route = Route("GET", path, right, summary, answer, query=query, limited=limit is not None)

        def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
            def view(**values: str) -> Response:
                identity = self.gate.identity()
                identity.check(right)
                self._limit(identity, limit)
                self._check_office(identity, values)
                arguments: list[Any] = [identity]
                if query is not None:
                    arguments.append(_checked(query, request.args.to_dict()))
                result = handler(*arguments, **values)
                return result if isinstance(result, Response) else _json(result.model_dump_json(), 200)

            return self._add(route, handler, view)

        return declare

    def command(
        self,
        path: str,
        *,
        right: str,
        open_to: Callable[[Any], bool] = _nobody,
        answer: type[BaseModel],
        office: Callable[[Store, Any, dict[str, str]], str],
        body: type[BaseModel] = NoDetails,
        status: int = 200,
        limit: str | None = None,
        kept: bool = True,
        summary: str,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a POST that runs in one office's write transaction.

        ``office`` tells which office, from the store, the checked body and the path's values.
        ``open_to`` tells of a body whether anybody may send it, whose proof is in it (a ticket's code). The
        handler gets the unit of work, the body, and the path's values, and returns an ``answer``. ``limit``
        names what the public may do only so often. ``kept`` false: the answer is not kept for a repeat,
        because it names a person.
        """
        route = Route(
            "POST", path, right, summary, answer, body=body, status=status, limited=limit is not None
        )

        def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
            def view(**values: str) -> Response:
                identity = self.gate.identity()
                if open_to is _nobody:
                    identity.check(right)
                self._limit(identity, limit)
                details = _body(body)
                if not open_to(details):
                    identity.check(right)
                code = office(self.store, details, values)
                identity.check_office(code)
                return self._run(identity, code, status, lambda uow: handler(uow, details, **values), kept)

            return self._add(route, handler, view)

        return declare

    def _run(
        self,
        identity: Identity,
        office: str,
        status: int,
        act: Callable[[UnitOfWork], BaseModel],
        kept: bool,
    ) -> Response:
        key = request.headers.get("Idempotency-Key") if kept else None
        if key is not None and not _KEY.match(key):
            raise Invalid("bad_key")
        try:
            return self._once(identity, office, status, act, key)
        except IntegrityError:
            # Two offices' transactions met on one key or press: the other one has committed by now.
            return self._once(identity, office, status, act, key)

    def _once(
        self,
        identity: Identity,
        office: str,
        status: int,
        act: Callable[[UnitOfWork], BaseModel],
        key: str | None,
    ) -> Response:
        with self.store.write(office, identity.actor) as uow:
            if key is not None and (given := uow.given_answer(key)) is not None:
                if given[0] != _request_hash():
                    raise Invalid("key_reused")
                return _json(given[2], given[1], repeated=True)
            text = act(uow).model_dump_json()
            if key is not None:
                uow.remember_answer(key, _request_hash(), status, text)
            changed = uow.changed
        if changed:
            self.announce(office)
        return _json(text, status)

    def _limit(self, identity: Identity, what: str | None) -> None:
        if what is None:
            return
        if INTEGRATION in identity.rights:
            self.limits.check("integration", identity.device)
        elif not identity.rights:
            self.limits.check(what, address_of(request))

    def _check_office(self, identity: Identity, values: dict[str, str]) -> None:
        if identity.office is None:
            return
        if "office" in values:
            identity.check_office(values["office"])
        elif "desk" in values:
            with self.store.read() as connection:
                identity.check_office(queries.office_of_desk(connection, values["desk"]))

    def _add(self, route: Route, handler: Callable[..., Any], view: Callable[..., Any]) -> Callable[..., Any]:
        self.routes.append(route)
        name = f"{handler.__module__.rsplit('.', 1)[-1]}-{handler.__name__}"
        self.blueprint.add_url_rule(f"/{route.path}", name, view, methods=[route.method])
        return handler


def by_office(_store: Store, _body: Any, values: dict[str, str]) -> str:
    """The office named in the path."""
    return values["office"]


def by_desk(store: Store, _body: Any, values: dict[str, str]) -> str:
    """The office of the desk named in the path; raises ``NotFound``."""
    with store.read() as connection:
        return queries.office_of_desk(connection, values["desk"])


def by_ticket(store: Store, _body: Any, values: dict[str, str]) -> str:
    """The office of the ticket whose code is in the path; raises ``NotFound``."""
    with store.read() as connection:
        return queries.visit_by_code(connection, values["code"]).office


def _body(model: type[BaseModel]) -> BaseModel:
    data = request.get_data()
    # No body at all is an empty object: most commands need no more than their address.
    try:
        value = request.get_json(force=True, silent=True) if data else {}
    except RecursionError:
        raise BadBody from None
    if not isinstance(value, dict):
        raise BadBody
    return _checked(model, value)


def _checked(model: type[BaseModel], value: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = [
            {"place": ".".join(str(part) for part in fault["loc"]), "fault": fault["msg"]}
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise BodyFaults(faults) from None


def _request_hash() -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()


def _json(text: str, status: int, repeated: bool = False) -> Response:
    response = Response(text, status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response
