"""``talon-server generate``: fills an empty database with a large company and a year of its visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, update

from server import company
from server.actions import offices
from server.db import bulk, queries, tables
from server.db.store import Store
from server.domain.office import Office
from server.simulation import large_company
from server.simulation.office_year import OfficeYear
from server.simulation.year_rows import COLUMNS, VISIT_COLUMNS
from server.simulation.year_sums import SUM_COLUMNS

ACTOR = "demonstration"
UNUSABLE = "-"
"""Stands where a password's hash would: nobody can sign in with it."""
_COLUMNS = {**COLUMNS, **SUM_COLUMNS, "visit": VISIT_COLUMNS}
# Rows that others name come first.
_ORDER = sorted(_COLUMNS, key=lambda table: table != "visit")


def generate(
    store: Store, office_count: int, visits: int, year: int, seed: int, tell: Callable[[str], None]
) -> int:
    """Make the company and its year; ``tell`` hears of each office. Returns how many visits there are.

    The same seed makes the same. There must be no office yet.
    """
    values = large_company.company_values(office_count, visits, year, seed)
    documents = company.CompanySettings.model_validate(values).documents()
    # Before the year begins anywhere.
    founding = Store(store.engine, clock=lambda: datetime(year - 1, 12, 30, 12, tzinfo=UTC))
    for position, document in enumerate(documents):
        founding.found_office(document, position)
        with founding.write(document["code"], ACTOR) as uow:
            offices.revise(uow, document)
    counts = large_company.visits_by_office(office_count, visits, seed)
    made = 0
    with bulk.loading(store.engine) as connection:
        for count, document in zip(counts, documents, strict=True):
            code = document["code"]
            made += _load_year(connection, store, code, count, year, seed)
            tell(f"{code}: {made} of {visits} visits")
    return made


def _load_year(connection: Connection, store: Store, code: str, visits: int, year: int, seed: int) -> int:
    """Store the year of one office in one transaction; returns how many visits it has."""
    made = 0
    with connection.begin():
        head = queries.head(connection, code)
        office = store.book.office(connection, head.version)
        operators = large_company.operators_of(office)
        _hire(connection, office, operators)
        seq, last_hash = head.last_seq, head.last_hash
        for running in large_company.year_of(office, operators, visits, year, seed):
            made += len(running.rows.tables.get("visit", ()))
            seq, last_hash = running.rows.chain(seq, last_hash, running.settled_until)
            _store(connection, running)
        seq, last_hash = running.rows.chain(seq, last_hash)
        running.sums.write(running.rows)
        _store(connection, running)
        log = tables.office_log
        connection.execute(update(log).where(log.c.office == code).values(last_seq=seq, last_hash=last_hash))
    return made


def _store(connection: Connection, running: OfficeYear) -> None:
    for table in _ORDER:
        if rows := running.rows.tables.pop(table, None):
            bulk.load(connection, table, _COLUMNS[table], rows)


def _hire(connection: Connection, office: Office, operators: list[str]) -> None:
    columns = ("login", "name", "password_hash", "role", "office", "active")
    rows = [(login, "", UNUSABLE, "operator", office.code, True) for login in operators]
    bulk.load(connection, "person", columns, rows)
