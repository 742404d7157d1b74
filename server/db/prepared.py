"""Prepared statements: compiled once, run on the driver's own cursor. For the few that every visit needs.

SQLAlchemy spends some 80 µs around each statement, the statement itself takes 10: on one writer at a
time that was half of what issuing a ticket cost. What it knows stays in use: the text of the statement
for each database, and how a value is written and read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.sql.selectable import Select

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Form:
    """A statement as one database takes it."""

    text: str
    names: tuple[str, ...]
    picked: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    writers: tuple[tuple[int, Convert], ...]
    positional: bool

    def values(self, given: Mapping[str, Any]) -> Any:
        """What the driver is handed for ``given``; raises ``KeyError`` when one is missing."""
        written = list(self.picked(given))
        for index, write in self.writers:
            if written[index] is not None:
                written[index] = write(written[index])
        return written if self.positional else dict(zip(self.names, written, strict=True))


def _picking(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    # Of one name an itemgetter gives no tuple.
    return lambda given: tuple(given[name] for name in names)


class Prepared:
    """One statement. ``columns`` are those an INSERT or UPDATE sets, each by a value of its own name."""

    def __init__(self, statement: ClauseElement, columns: Iterable[str] = ()) -> None:
        self._statement = statement
        self._columns = list(columns)
        self._forms: dict[str, _Form] = {}
        self._known_readers: dict[str, list[tuple[int, Convert]]] = {}

    def run(self, connection: Connection, given: Mapping[str, Any]) -> int:
        """Run it once; returns how many rows it touched. Errors are SQLAlchemy's, as of any statement."""
        return int(self._execute(connection, given).rowcount)

    def run_each(self, connection: Connection, given: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each of ``given``."""
        form = self._form(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(form.text, [form.values(values) for values in given])
        except Exception as error:
            raise self._wrapped(error, connection, form) from error
        finally:
            cursor.close()

    def row(self, connection: Connection, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run it and return its one row as the columns' types read it, or ``None``."""
        cursor = self._execute(connection, given, keep=True)
        try:
            found = cursor.fetchone()
            if found is None or not isinstance(self._statement, Select):
                return found and tuple(found)
            values = list(found)
            for index, read in self._readers(connection.dialect, cursor.description):
                values[index] = read(values[index])
            return tuple(values)
        finally:
            cursor.close()

    def _readers(self, dialect: Dialect, description: Any) -> list[tuple[int, Convert]]:
        readers = self._known_readers.get(dialect.name)
        if readers is None:
            assert isinstance(self._statement, Select)
            columns = zip(self._statement.selected_columns, description, strict=True)
            made = [
                column.type.dialect_impl(dialect).result_processor(dialect, seen[1])
                for column, seen in columns
            ]
            readers = [(index, read) for index, read in enumerate(made) if read is not None]
            self._known_readers[dialect.name] = readers
        return readers

    def _execute(self, connection: Connection, given: Mapping[str, Any], keep: bool = False) -> Any:
        form = self._form(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(form.text, form.values(given))
        except Exception as error:
            cursor.close()
            raise self._wrapped(error, connection, form) from error
        if not keep:
            cursor.close()
        return cursor

    def _form(self, dialect: Dialect) -> _Form:
        form = self._forms.get(dialect.name)
        if form is None:
            compiled: Any = self._statement.compile(dialect=dialect, column_keys=self._columns or None)
            names = tuple(compiled.positiontup or compiled.binds)
            types = [compiled.binds[name].type.dialect_impl(dialect) for name in names]
            writers = [(index, kind.bind_processor(dialect)) for index, kind in enumerate(types)]
            told = tuple((index, write) for index, write in writers if write is not None)
            form = _Form(compiled.string, names, _picking(names), told, compiled.positional)
            self._forms[dialect.name] = form
        return form

    @staticmethod
    def _wrapped(error: Exception, connection: Connection, form: _Form) -> Exception:
        driver = connection.dialect.loaded_dbapi
        if not isinstance(error, driver.Error):
            return error
        # The values stay out of the message: logs hold no data of people.
        return DBAPIError.instance(form.text, None, error, driver.Error, hide_parameters=True)


class PreparedInsert:
    """An INSERT of a row of which much is empty: only what it has is named and bound.

    To bind a ``None`` takes sqlite3 longer than a text, and a visit that begins is half empty.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._by_columns: dict[tuple[str, ...], Prepared] = {}

    def run(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Run it once."""
        columns = tuple([name for name, value in row.items() if value is not None])
        prepared = self._by_columns.get(columns)
        if prepared is None:
            prepared = self._by_columns[columns] = Prepared(insert(self._table), columns)
        prepared.run(connection, row)
