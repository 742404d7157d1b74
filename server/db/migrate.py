"""Migrations: bring a database to the tables of this version, and tell whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

FOLDER = Path(__file__).parent / "migrations"


def configuration(engine: Engine) -> Config:
    """Alembic's configuration for this engine, without a file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest version."""
    command.upgrade(configuration(engine), "head")


def not_current(engine: Engine) -> str | None:
    """Why the database cannot be used, in words; ``None`` when it is reachable and current."""
    wanted = ScriptDirectory(str(FOLDER)).get_current_head()
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        return f"the database does not answer ({type(error).__name__}): check [database] url and that it runs"
    if current != wanted:
        return f"the database is at version {current}, this program needs {wanted}: run talon-server migrate"
    return None
