"""Rows of disclosure: entries in force and what they were before; published versions and their files."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from server.db.disclosure_tables import (
    disclosure_entry,
    disclosure_file,
    disclosure_version,
    report_addressee,
    report_mail,
)
from server.domain.entries import Entry
from server.domain.ids import uuid7
from server.domain.letter import Letter


@dataclass(frozen=True)
class KeptEntry:
    """An entry as somebody made it; ``entry`` is ``None`` where it was taken back."""

    key: str
    entry: Entry | None
    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True)
class Version:
    """One publication of a report. ``content`` is its canonical JSON, ``sha256`` the hash of it."""

    form: str
    period: str
    version: int
    at: datetime
    actor: str
    reason: str
    sha256: str
    content: str


class DisclosureRows:
    """What a transaction of the company knows of disclosure, at the moment ``now`` by ``actor``."""

    def __init__(self, connection: Connection, now: datetime, actor: str) -> None:
        self._connection = connection
        self.now = now
        self.actor = actor

    def entries(self, years: Sequence[int], form: str | None = None) -> list[KeptEntry]:
        """The entries in force in these years, in the order of their keys."""
        table = disclosure_entry
        newest = select(func.max(table.c.id)).where(table.c.year.in_(years))
        if form is not None:
            newest = newest.where(table.c.form == form)
        newest = newest.group_by(table.c.form, table.c.year, table.c.key)
        query = select(table).where(table.c.id.in_(newest), table.c.content.is_not(None))
        return self._kept(query.order_by(table.c.form, table.c.key))

    def history(self, form: str, year: int) -> list[KeptEntry]:
        """All that was ever entered in a form and year, the oldest first."""
        table = disclosure_entry
        query = select(table).where(table.c.form == form, table.c.year == year)
        return self._kept(query.order_by(table.c.id))

    def in_force(self, form: str, year: int) -> dict[str, KeptEntry]:
        """The entries in force in a form and year by key."""
        return {kept.key: kept for kept in self.entries([year], form)}

    def years_entered(self) -> list[int]:
        """The years something was entered for."""
        query = select(disclosure_entry.c.year).distinct().order_by(disclosure_entry.c.year)
        return list(self._connection.execute(query).scalars())

    def add_entry(self, entry: Entry, reason: str) -> None:
        """Enter a row, or correct the one under its key."""
        place = {"form": entry.form, "year": entry.year, "month": entry.month, "key": entry.key}
        self._add(place, dict(entry.values), reason)

    def take_back(self, entry: Entry, reason: str) -> None:
        """Let the row under a key count no longer."""
        place = {"form": entry.form, "year": entry.year, "month": entry.month, "key": entry.key}
        self._add(place, None, reason)

    def versions(self, form: str, period: str) -> list[Version]:
        """All publications of a report, the oldest first."""
        table = disclosure_version
        query = select(table).where(table.c.form == form, table.c.period == period)
        rows = self._connection.execute(query.order_by(table.c.version))
        return [Version(**row._mapping) for row in rows]

    def add_version(
        self, form: str, period: str, version: int, reason: str, content: str, files: Mapping[str, bytes]
    ) -> None:
        """Store a publication, its canonical JSON with the hash of it, and its files by format."""
        key: dict[str, Any] = {"form": form, "period": period, "version": version}
        made = Version(
            **key,
            at=self.now,
            actor=self.actor,
            reason=reason,
            sha256=hashlib.sha256(content.encode()).hexdigest(),
            content=content,
        )
        self._connection.execute(insert(disclosure_version).values(**vars(made)))
        for name, file in files.items():
            self._connection.execute(insert(disclosure_file).values(**key, format=name, content=file))

    def file(self, form: str, period: str, version: int, wanted: str) -> bytes | None:
        """A file as it was published."""
        table = disclosure_file
        query = select(table.c.content).where(
            table.c.form == form,
            table.c.period == period,
            table.c.version == version,
            table.c.format == wanted,
        )
        return self._connection.execute(query).scalar_one_or_none()

    def addressees(self) -> list[str]:
        """Who gets the month's paper."""
        query = select(report_addressee.c.address).order_by(report_addressee.c.address)
        return list(self._connection.execute(query).scalars())

    def add_addressee(self, address: str) -> None:
        """Let an address get the month's paper."""
        values = {"address": address, "at": self.now, "actor": self.actor}
        self._connection.execute(insert(report_addressee).values(**values))

    def remove_addressee(self, address: str) -> bool:
        """Let an address get it no longer; returns whether it did."""
        gone = delete(report_addressee).where(report_addressee.c.address == address)
        return bool(self._connection.execute(gone).rowcount)

    def posted(self, period: str) -> set[str]:
        """The addresses a period's letter was written for."""
        query = select(report_mail.c.address).where(report_mail.c.period == period)
        return set(self._connection.execute(query).scalars())

    def add_letter(self, address: str, letter: Letter) -> None:
        """Leave a letter for whoever sends."""
        values = {**vars(letter), "address": address, "id": uuid7(self.now, secrets.token_bytes)}
        state = {"made_at": self.now, "next_try_at": self.now, "state": "queued", "tries": 0, "fault": ""}
        self._connection.execute(insert(report_mail).values(**values, **state))

    def _add(self, place: Mapping[str, Any], content: dict[str, Any] | None, reason: str) -> None:
        values = {**place, "content": content, "at": self.now, "actor": self.actor, "reason": reason}
        self._connection.execute(insert(disclosure_entry).values(**values))

    def _kept(self, query: Select[Any]) -> list[KeptEntry]:
        return [_kept(row) for row in self._connection.execute(query)]


def _kept(row: Row[Any]) -> KeptEntry:
    entry = None if row.content is None else Entry(row.form, row.year, row.month, row.key, row.content)
    return KeptEntry(row.key, entry, row.at, row.actor, row.reason)
