"""The tables of a new database, copied from one made once: to migrate takes longer than most tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, create_engine, make_url, text

from server.db import migrate
from server.db.engine import connect

_PATTERN = "talon_tables"


def lay_tables(url: str) -> None:
    """Give the new, empty database at ``url`` the tables of this version; raises when there are some."""
    parsed = make_url(url)
    assert parsed.database is not None
    if parsed.get_backend_name() == "sqlite":
        with Path(parsed.database).open("xb") as file:
            file.write(_sqlite_file())
    else:
        keeper = parsed.set(database="postgres")
        _lay_pattern(keeper)
        _run(keeper, f"DROP DATABASE {parsed.database}")
        _run(keeper, f"CREATE DATABASE {parsed.database} TEMPLATE {_PATTERN}")


@cache
def _sqlite_file() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "new.sqlite"
        _migrate(f"sqlite:///{file}")
        return file.read_bytes()


@cache
def _lay_pattern(keeper: URL) -> None:
    _run(keeper, f"CREATE DATABASE {_PATTERN}")
    _migrate(keeper.set(database=_PATTERN).render_as_string(hide_password=False))


def _migrate(url: str) -> None:
    engine = connect(url)
    migrate.upgrade(engine)
    engine.dispose()


def _run(keeper: URL, statement: str) -> None:
    engine = create_engine(keeper, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
