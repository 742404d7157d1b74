"""The API described: OpenAPI 3.1 made from the very schemas that validate and answer."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.sdk.messages import Problem
from server.web.api import PREFIX, Api, Route
from server.web.auth import PUBLIC
from server.web.disclosure_data import MIME

_PARAMETER = re.compile(r"<(\w+)>")

REFUSALS = {
    "400": "The body is not a JSON object",
    "401": "Nobody known is asking",
    "403": "The asker has no right to this, or belongs to another office",
    "404": "What the address names does not exist",
    "409": "The state of things does not allow it; `code` says why",
    "413": "The body is too large",
    "429": "The asker does so too often; Retry-After says when to come again",
    "422": "The body or query does not fit its schema, or the Idempotency-Key was used for another request",
}


def document(api: Api) -> dict[str, Any]:
    """The whole OpenAPI document."""
    models: list[type[BaseModel]] = [Problem]
    for route in api.routes:
        models += [
            model for model in (route.body, route.answer, route.query) if model and model not in models
        ]
    paths: dict[str, dict[str, Any]] = {}
    for route in api.routes:
        path = PREFIX + "/" + _PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Talon", "version": "1", "description": "Electronic queue of customer offices."},
        "paths": paths,
        "components": {
            "schemas": _schemas(tuple(models)),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
            },
        },
    }


@cache
def _schemas(models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    """What bodies and answers look like, by name. To make it takes half of the time an application takes."""
    made = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    schemas: dict[str, Any] = made[1].get("$defs", {})
    return schemas


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": re.sub(r"\W+", "_", f"{route.method}_{route.path}").strip("_").lower(),
        "x-right": route.right,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PARAMETER.findall(route.path)
        ],
        "responses": {str(route.status): _success(route), **_refusals(route)},
    }
    if route.right != PUBLIC:
        operation["security"] = [{"token": []}, {"session": []}]
    if route.query:
        operation["parameters"] += _query_parameters(route.query)
    if route.body:
        operation["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key gets the first answer again (kept for two days).",
                "schema": {"type": "string", "minLength": 8, "maxLength": 80, "pattern": r"^[!-~]+$"},
            }
        )
        schema = {"$ref": f"#/components/schemas/{route.body.__name__}"}
        operation["requestBody"] = {
            "required": bool(route.body.model_fields),
            "content": {"application/json": {"schema": schema}},
        }
    return operation


def _success(route: Route) -> dict[str, Any]:
    if route.answer is None:
        return {"description": "A stream of JSON lines", "content": {"application/x-ndjson": {}}}
    schema = {"$ref": f"#/components/schemas/{route.answer.__name__}"}
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    for file_format in _formats(route.query):
        content.setdefault(MIME[file_format], {})
    return {"description": "Done", "content": content}


def _formats(query: type[BaseModel] | None) -> list[str]:
    """The formats a read gives its answer in: those its query can ask for."""
    asked = query.model_json_schema()["properties"].get("format", {}) if query else {}
    formats: list[str] = asked.get("enum", [])
    return formats


def _refusals(route: Route) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told = {"401", "403", "404", "422"} if route.body is None else set(REFUSALS) - {"429"}
    told |= {"429"} if route.limited else set()
    # A read may be refused for the state of things too: an office that takes no bookings.
    told |= {"409"} if route.limited else set()
    fitting = {status: text for status, text in REFUSALS.items() if status in told}
    return {status: {"description": text, "content": content} for status, text in fitting.items()}


@cache
def _query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": details}
        for name, details in schema["properties"].items()
    ]
