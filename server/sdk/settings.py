"""Program settings: one TOML file, read once, strict; every fault is listed with its cure."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, ValidationError

WallTime = Annotated[time, PlainSerializer(lambda value: value.isoformat("minutes"))]
"""A local time of day, written "08:30"."""


class Settings(BaseModel):
    """Base of every settings table: unknown keys are refused, values never change after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SettingsError(Exception):
    """The settings cannot be used. ``faults`` holds one sentence per fault, each with its cure."""

    def __init__(self, source: str, faults: list[str]) -> None:
        self.source = source
        self.faults = faults
        super().__init__(
            "\n".join([f"{source}: {len(faults)} fault(s)", *(f"  - {fault}" for fault in faults)])
        )


S = TypeVar("S", bound=Settings)


def load(model: type[S], path: Path | None, environment: Mapping[str, tuple[str, ...]] | None = None) -> S:
    """Read ``path`` (TOML) into ``model``; without a path the defaults hold.

    ``environment`` maps a variable to the key it overrides, e.g. ``{"TALON_PORT": ("server", "port")}``.
    Raises ``SettingsError`` with every fault, worded for the person who installs.
    """
    source = str(path) if path else "settings"
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise SettingsError(source, ["the file does not exist: give its path after --config"]) from None
        except OSError as error:
            raise SettingsError(
                source, [f"the file cannot be read ({error.strerror}): check its owner"]
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(source, [f"not valid TOML in UTF-8: {error}"]) from None
    for variable, key in (environment or {}).items():
        if value := os.environ.get(variable):
            table = values
            for part in key[:-1]:
                table = table.setdefault(part, {})
            table[key[-1]] = value
            source += f" (with {variable})"
    return check(model, values, source)


def check(model: type[S], values: dict[str, Any], source: str) -> S:
    """Validate ``values`` against ``model``; raise ``SettingsError`` listing every fault."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SettingsError(source, [_sentence(model, fault) for fault in error.errors()]) from None


def _sentence(model: type[BaseModel], fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"]) or "the file"
    if fault["type"] == "extra_forbidden":
        known = ", ".join(sorted(_known_keys(model, fault["loc"][:-1]))) or "none"
        return f"{place}: unknown key: remove it or correct its spelling (known here: {known})"
    if fault["type"] == "missing":
        return f"{place}: missing: add this key"
    return f"{place}: {fault['msg']} (given: {fault.get('input')!r}): correct this value"


def _known_keys(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    current: type[BaseModel] = model
    for part in path:
        if not isinstance(part, str) or part not in current.model_fields:
            continue
        found = _model_in(current.model_fields[part].annotation)
        if found is None:
            return []
        current = found
    return list(current.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if (found := _model_in(inner)) is not None:
            return found
    return None
