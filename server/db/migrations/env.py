"""Alembic's entry: runs migrations on the engine given by ``db/migrate``."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Engine, text

from server.db.engine import writing
from server.db.tables import metadata


def run() -> None:
    """Migrate in one transaction; on SQLite foreign keys rest meanwhile and are checked after."""
    engine: Engine = context.config.attributes["engine"]
    with writing(engine).connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        raw = connection.connection.driver_connection
        if sqlite and raw is not None:
            # A table rebuild would otherwise cascade into children; PRAGMA works outside a transaction only.
            raw.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            context.configure(connection=connection, target_metadata=metadata, render_as_batch=sqlite)
            context.run_migrations()
            if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
                raise RuntimeError(f"the migration left rows without their parents: {broken[:5]}")
        if sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=ON")


run()
