"""Placeholders: ``{name}`` in a text stands for a value; any other brace is just a brace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"\{(\w+)\}")


def names_in(template: Any) -> set[str]:
    """The placeholders of a text, or of all texts in nested lists and tables."""
    if isinstance(template, str):
        return set(_PLACE.findall(template))
    if isinstance(template, Mapping):
        template = list(template.values())
    if isinstance(template, list):
        return set().union(*map(names_in, template))
    return set()


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """The same with the values in place; what is no text stays as it is. Raises ``KeyError``."""
    if isinstance(template, str):
        return _PLACE.sub(lambda place: values[place[1]], template)
    if isinstance(template, Mapping):
        return {key: filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values) for value in template]
    return template


def filled_lines(template: str, values: Mapping[str, str]) -> str:
    """A text of several lines; a line with placeholders that are all empty is left out."""
    lines = [
        filled(line, values)
        for line in template.strip().splitlines()
        if not (names := names_in(line)) or any(values[name] for name in names)
    ]
    return "\n".join(lines)
