"""The statements of every visit, prepared: what is done seldom is built where it is used."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, bindparam, insert, literal_column, select, text, update

from server.db import sum_tables, tables
from server.db.prepared import Prepared, PreparedInsert
from server.db.rating_tables import rating
from server.domain.figures import DayKey
from server.domain.kept_sums import HourKey, Key, MinuteKey, MonthKey, OperatorKey, SecondKey
from server.domain.worktime import WorkTime


def _insert(table: Table) -> Prepared:
    """An INSERT of a whole row."""
    return Prepared(insert(table), table.columns.keys())


def _update(table: Table, columns: list[str] | None = None) -> Prepared:
    """An UPDATE of one row: its key comes as ``of_<column>``, what changes under the columns' own names."""
    keys = [column.name for column in table.primary_key]
    changed = columns or [column.name for column in table.columns if not column.primary_key]
    found = update(table).where(*(table.c[key] == bindparam(f"of_{key}") for key in keys))
    return Prepared(found, [*changed, *(f"of_{key}" for key in keys)])


def _add(table: Table, names: list[str]) -> Prepared:
    """An UPDATE that adds ``more_<column>`` to each of ``names``."""
    added = {name: table.c[name] + bindparam(f"more_{name}", type_=table.c[name].type) for name in names}
    return Prepared(update(table).where(*_by_key(table)).values(added))


def _add_or_insert(table: Table, ones: tuple[str, ...] = ()) -> Prepared:
    """An INSERT of a row of numbers that is added to the one under its key, if there is one.

    With ``ones`` only the key comes by value: these numbers are 1, the others 0.
    """
    keys = [column.name for column in table.primary_key]
    numbers = [column.name for column in table.columns if not column.primary_key]
    fixed = {name: str(int(name in ones)) for name in numbers} if ones else {}
    values = ", ".join(fixed.get(column.name, f":{column.name}") for column in table.columns)
    added = ", ".join(f"{n} = {table.name}.{n} + excluded.{n}" for n in ones or numbers)
    # Both databases know this form; SQLAlchemy has a construct of its own for each.
    statement = (
        f"INSERT INTO {table.name} ({', '.join(table.columns.keys())}) VALUES ({values})"  # noqa: S608
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}"
    )
    given = [column for column in table.columns if column.name not in fixed]
    return Prepared(text(statement).bindparams(*(bindparam(c.name, type_=c.type) for c in given)))


def _by_key(table: Table) -> list[ColumnElement[bool]]:
    return [column == bindparam(f"of_{column.name}") for column in table.primary_key]


LOCK_HEAD = Prepared(
    select(tables.office_log).where(tables.office_log.c.office == bindparam("of_office")).with_for_update()
)
MOVE_HEAD = _update(tables.office_log, ["last_seq", "last_hash"])
UPDATE_HEAD = _update(
    tables.office_log, ["last_seq", "last_hash", "version", "reception_mode", "reception_note"]
)
INSERT_EVENT = _insert(tables.event)
INSERT_VISIT = _insert(tables.visit)
INSERT_NEW_VISIT = PreparedInsert(tables.visit)
UPDATE_VISIT = _update(tables.visit)
ADD_OVERTAKEN = _add(tables.visit, ["overtaken"])
INSERT_LEG = _insert(tables.leg)
INSERT_RATING = _insert(rating)
SUM_TABLES: dict[type[Key], Table] = {
    DayKey: sum_tables.day_sum,
    MonthKey: sum_tables.month_sum,
    HourKey: sum_tables.hour_sum,
    OperatorKey: sum_tables.operator_sum,
    MinuteKey: sum_tables.wait_minute,
    SecondKey: sum_tables.wait_second,
}
ADD_SUMS = {kind: _add_or_insert(table) for kind, table in SUM_TABLES.items()}
COUNT_ISSUED_OF_DAY = _add_or_insert(sum_tables.day_sum, ("issued",))
COUNT_ISSUED_OF_MONTH = _add_or_insert(sum_tables.month_sum, ("issued",))
INSERT_WORK = _insert(tables.work_time)
ADD_WORK = _add(tables.work_time, list(WorkTime.__dataclass_fields__))
INSERT_SERIES = _insert(tables.number_series)
COUNT_UP = Prepared(
    update(tables.number_series)
    .where(*_by_key(tables.number_series))
    .values(last=tables.number_series.c.last + literal_column("1"))
    .returning(tables.number_series.c.last, tables.number_series.c.leased_from)
)
INSERT_PACE = _insert(tables.service_pace)
UPDATE_PACE = _update(tables.service_pace)
INSERT_DESK = _insert(tables.desk)
UPDATE_DESK = _update(tables.desk)
