"""The document of the API: the contract's paths are there, and every answer keeps to its schema."""

from __future__ import annotations

from typing import Any

from tests.web.conftest import Site

CONTRACT = {
    "get": ["offices", "offices/{office}", "offices/{office}/queue", "offices/{office}/events",
            "tickets/{code}", "reports/monthly", "desks/{desk}"],
    "post": ["offices/{office}/tickets", "tickets/{code}/cancel", "ratings",
             *(f"desks/{{desk}}/{act}" for act in ("open", "close", "break", "call-next", "recall", "start",
                                                   "finish", "no-show", "call", "hold"))],
}  # fmt: skip


def test_the_document_is_openapi_3_1_and_names_the_contract(site: Site) -> None:
    document: Any = site.get("openapi.json").json
    assert document["openapi"] == "3.1.0"
    for method, paths in CONTRACT.items():
        for path in paths:
            assert method in document["paths"][f"/api/v1/{path}"], path


def test_every_reference_of_the_document_leads_somewhere(site: Site) -> None:
    document: Any = site.get("openapi.json").json
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            inner = {r for item in value.values() for r in references(item)}
            return inner | ({value["$ref"]} if "$ref" in value else set())
        return {r for item in value for r in references(item)} if isinstance(value, list) else set()

    assert references(document) <= known


def test_every_route_names_its_right_and_its_refusals(site: Site) -> None:
    for methods in site.get("openapi.json").json["paths"].values():
        for operation in methods.values():
            assert operation["x-right"]
            assert {"401", "403", "404"} <= set(operation["responses"])
            assert (operation["x-right"] == "public") == ("security" not in operation)


def test_every_number_one_can_send_ends_before_the_database_cannot_hold_it(site: Site) -> None:
    document: Any = site.get("openapi.json").json
    known, looked_at, endless = document["components"]["schemas"], set(), []

    def look(schema: Any, place: str) -> None:
        name = schema.get("$ref", "").rpartition("/")[2]
        if name and name not in looked_at:
            looked_at.add(name)
            look(known[name], name)
        if schema.get("type") in ("integer", "number"):
            # How far a clock is ahead is cut before it is kept.
            largest = 10**13 + 1 if place.endswith(".clock_ahead_ms") else 2**31
            if schema.get("maximum", largest) >= largest:
                endless.append(place)
        inside = [schema["items"]] if "items" in schema else []
        for inner in (*inside, *schema.get("anyOf", ())):
            look(inner, place)
        for field, inner in schema.get("properties", {}).items():
            look(inner, f"{place}.{field}")

    for path, methods in document["paths"].items():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                look(parameter["schema"], f"{path} {parameter['name']}")
            if "requestBody" in operation:
                look(operation["requestBody"]["content"]["application/json"]["schema"], path)
    assert endless == [], endless
