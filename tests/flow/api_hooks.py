"""Read by schemathesis in its own process: who asks, and values that lead deeper than chance would.

What it needs comes as JSON in TALON_CASES: ``askers`` (by right, tokens that have it), ``others`` (tokens
for any right), ``places`` and ``values`` (good values of the path and of the body, by name).
"""

from __future__ import annotations

import itertools
import json
import os
from typing import Any

import schemathesis

CASES = json.loads(os.environ["TALON_CASES"])
TURNS = itertools.count()
GOOD = 3
"""Of four requests so many ask as somebody who may, of what is there."""


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Give the request a token, and mostly good places and values."""
    turn = next(TURNS)
    is_good = turn % 4 < GOOD
    right = case.operation.definition.raw["x-right"]
    tokens = CASES["askers"].get(right, []) if is_good else CASES["others"]
    token = tokens[turn // 4 % len(tokens)] if tokens else ""
    if token and case.headers is not None:
        case.headers["Authorization"] = f"Bearer {token}"
    if not is_good:
        return
    place = "booking-code" if "/bookings/{code}" in case.operation.path else "code"
    for name in case.path_parameters or {}:
        if values := CASES["places"].get(place if name == "code" else name):
            case.path_parameters[name] = values[turn // 2 % len(values)]
    if isinstance(case.body, dict):
        for name in set(case.body) & set(CASES["values"]):
            values = CASES["values"][name]
            if isinstance(case.body[name], str) and turn % 2:
                case.body[name] = values[turn // 2 % len(values)]
