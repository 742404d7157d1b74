"""Builders of board states and announcements, as the server would send them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""12:00 in Moscow on a Monday."""


def iso(at: datetime) -> str:
    """As on the wire."""
    return at.isoformat().replace("+00:00", "Z")


def row(
    number: str, label: str = "5", *, ago: float = 60, state: str = "called", **more: Any
) -> dict[str, Any]:
    """A called row, ``ago`` seconds before noon."""
    facts = {"number": number, "label": label, "kind": "window", "state": state, "desk": f"zarechny-{label}"}
    return facts | {"call_id": f"call-{number}", "called_at": iso(NOON - timedelta(seconds=ago))} | more


def voice(*languages: str, **more: Any) -> dict[str, Any]:
    """How a board sounds: in Russian, at any time, once."""
    facts: dict[str, Any] = {"mode": "voice", "languages": list(languages or ("ru",)), "repeats": 0}
    facts |= {"repeat_after_seconds": 8, "volume": 100, "hours": [], "limit_seconds": 60}
    return facts | more


def board(*called: dict[str, Any], version: int = 1, at: datetime = NOON, **more: Any) -> dict[str, Any]:
    """A whole board state at noon."""
    facts: dict[str, Any] = {
        "office": "zarechny",
        "version": version,
        "at": iso(at),
        "name": {"ru": "Заречный офис"},
        "company": {"ru": "Энергосбыт"},
        "timezone": "Europe/Moscow",
        "languages": ["ru"],
        "voice": voice(),
        "called": list(called),
        "next": ["А124", "Б018"],
        "waiting": 2,
        "live_wait_seconds": 720,
        "running_line": {},
        "is_open": True,
    }
    return facts | more


def saying(called: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The announcement of a row."""
    facts = {key: called[key] for key in ("number", "label", "kind")}
    return (
        facts
        | {"id": called["call_id"], "office": "zarechny", "at": called["called_at"], "languages": ["ru"]}
        | more
    )
