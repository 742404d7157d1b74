"""What a column holds beyond what SQLAlchemy knows: moments in UTC, a visit's steps and corrected figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator

from server.domain.visit import Corrected, Step


def _read_moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(f"{written}+00:00")


def _written_moment(at: datetime | None) -> str | None:
    # The first 26 letters: without the zone, which is always UTC.
    return None if at is None else _in_utc(at).isoformat(" ", "microseconds")[:26]


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a naive time cannot be stored: make it aware")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


class Steps(TypeDecorator[tuple[Step, ...]]):
    """The further steps of a visit as JSON; NULL when there are none, as there mostly are."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Step, ...] | None, dialect: Dialect) -> str | None:
        """Steps → ``[[service, desk, operator], …]``."""
        return json.dumps([astuple(step) for step in value], ensure_ascii=False) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Step, ...]:
        """The steps as they were stored."""
        return tuple(Step(*step) for step in json.loads(value)) if value else ()


class CorrectedFigures(TypeDecorator[Corrected]):
    """The corrected figures of a visit as JSON; NULL where they are as measured."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Corrected | None, dialect: Dialect) -> str | None:
        """Figures → ``[wait, service, excluded]``."""
        return json.dumps(astuple(value)) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> Corrected | None:
        """The figures as they were stored."""
        return Corrected(*json.loads(value)) if value else None


class UtcTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC; naive times are refused.

    SQLite holds it as text: it is written and read here at once, a log has millions of moments.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """What writes a value."""
        return _written_moment if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware → UTC."""
        return None if value is None else _in_utc(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """What reads a value: aware at once."""
        return _read_moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What was stored, aware and in UTC."""
        return None if value is None else value.astimezone(UTC)
