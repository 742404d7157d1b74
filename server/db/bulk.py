"""Many rows at once into tables nobody else writes yet: for trial databases, far quicker than statements."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

ROWS_AT_ONCE = 20_000
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


@contextmanager
def loading(engine: Engine) -> Iterator[Connection]:
    """A connection to load rows by. A power cut may leave a SQLite file that is of no use.

    The caller commits.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA synchronous=OFF").close()
            # The random keys of a year's tickets stay in memory: half a gigabyte.
            driver.execute("PRAGMA cache_size=-500000").close()
        else:
            connection.exec_driver_sql("SET TIME ZONE 'UTC'")
            connection.exec_driver_sql("SET synchronous_commit = off")
            connection.commit()
        try:
            yield connection
        finally:
            # Others are not to get it from the pool as it is now.
            connection.invalidate()


def load(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows whose values are as the database writes them: times and JSON as text, in UTC."""
    names = ", ".join(f'"{column}"' for column in columns)
    cursor = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            # The names are the program's own.
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
        else:
            for start in range(0, len(rows), ROWS_AT_ONCE):
                lines = "".join(map(_line, rows[start : start + ROWS_AT_ONCE]))
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO(lines))
    finally:
        cursor.close()


def _line(row: Sequence[Any]) -> str:
    """A row in the text form of COPY."""
    return "\t".join(r"\N" if value is None else str(value).translate(_ESCAPED) for value in row) + "\n"
