"""Rows of corrected figures, and of the visits of a month that a person should look at."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, insert, or_, select

from server.db.sum_tables import figure_correction
from server.db.tables import visit as visit_table
from server.domain.anomalies import LONGEST_SERVICE_SECONDS, SHORTEST_SERVICE_SECONDS
from server.domain.ids import uuid7
from server.domain.visit import Corrected, State, Visit

SHOWN = 500
"""So many suspicious visits of a month are listed, the newest first; more are only counted."""


@dataclass(frozen=True)
class Correction:
    """A correction: ``day`` is the one the visit counts for."""

    visit: str
    number: str
    day: date
    at: datetime
    actor: str
    reason: str
    old: Corrected
    new: Corrected


class CorrectionRows:
    """What a unit of work keeps of its office's corrections."""

    def __init__(self, connection: Connection, office: str, now: datetime, actor: str) -> None:
        self._connection = connection
        self._office = office
        self._now = now
        self._actor = actor

    def add(self, visit: Visit, day: date, old: Corrected, new: Corrected, reason: str) -> None:
        """Keep that these figures of a visit stand instead of the old ones."""
        values = {f"{when}_{name}": value for when, known in (("old", old), ("new", new))
                  for name, value in vars(known).items()}  # fmt: skip
        self._connection.execute(
            insert(figure_correction).values(
                id=uuid7(self._now, secrets.token_bytes),
                office=self._office,
                visit=visit.id,
                day=day,
                at=self._now,
                actor=self._actor,
                reason=reason,
                **values,
            )
        )


def corrections(connection: Connection, office: str, first: date, last: date) -> list[Correction]:
    """The corrections of an office's visits that count for these days, the newest first."""
    table = figure_correction
    query = (
        select(table, visit_table.c.number)
        .join(visit_table, visit_table.c.id == table.c.visit)
        .where(table.c.office == office, table.c.day >= first, table.c.day <= last)
        .order_by(table.c.at.desc(), table.c.id)
    )
    return [
        Correction(
            row.visit,
            row.number,
            row.day,
            row.at,
            row.actor,
            row.reason,
            Corrected(row.old_wait, row.old_service, row.old_excluded),
            Corrected(row.new_wait, row.new_service, row.new_excluded),
        )
        for row in connection.execute(query)
    ]


def suspicious(connection: Connection, office: str, first: date, last: date) -> tuple[int, Sequence[Visit]]:
    """How many visits of these days ``domain.anomalies`` has something to say of, and the newest of them.

    Only the visits of these days are read, by the key of office and day.
    """
    table = visit_table
    served = and_(
        table.c.state == str(State.SERVED),
        or_(
            table.c.served_ms < SHORTEST_SERVICE_SECONDS * 1000,
            table.c.served_ms >= (LONGEST_SERVICE_SECONDS + 1) * 1000,
            table.c.incomplete,
            table.c.called_at.is_(None),
        ),
    )
    of_days = and_(
        table.c.office == office,
        table.c.day >= first,
        table.c.day <= last,
        table.c.corrected.is_(None),
        or_(served, table.c.state == str(State.CLOSED_UNSERVED)),
    )
    count = connection.execute(select(func.count()).select_from(table).where(of_days)).scalar_one()
    query = select(table).where(of_days).order_by(table.c.day.desc(), table.c.number).limit(SHOWN)
    rows = connection.execute(query).mappings()
    return int(count), [Visit(**{**row, "state": State(row["state"])}) for row in rows]
