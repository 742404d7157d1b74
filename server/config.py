"""The server's settings: one TOML file, read once, strict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from server.sdk import settings
from server.sdk.settings import Settings


class ServerSettings(Settings):
    """``[server]``: where it listens and how others reach it."""

    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    # What visitors' phones open from the QR; empty: http://listen:port
    public_url: str = ""
    async_mode: Literal["eventlet", "threading", "gevent"] = "eventlet"
    # Keeps the key that signs sessions, and nothing else.
    state_folder: Path = Path("var/server")
    largest_body_bytes: Annotated[int, Field(ge=1024, le=10_000_000)] = 65_536
    secure_cookies: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class DatabaseSettings(Settings):
    """``[database]``: a SQLAlchemy URL, sqlite:///… or postgresql+psycopg2://…"""

    url: str = "sqlite:///var/server/talon.sqlite"
    migrate_at_start: bool = True


class RedisSettings(Settings):
    """``[redis]``: needed only when several server processes share one database."""

    url: str = ""


class TalonSettings(Settings):
    """The whole file."""

    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    # Only a demonstration sets it: what its start page shows for trying (links, logins).
    demonstration_file: Path | None = None

    @property
    def public_url(self) -> str:
        """The address visitors' phones reach, without a slash at the end."""
        server = self.server
        return (server.public_url or f"http://{server.listen}:{server.port}").rstrip("/")


ENVIRONMENT = {
    "TALON_DATABASE_URL": ("database", "url"),
    "TALON_PORT": ("server", "port"),
    "TALON_REDIS_URL": ("redis", "url"),
}


def load(path: Path | None) -> TalonSettings:
    """Read the settings; the environment overrides three keys. Raises ``SettingsError``."""
    return settings.load(TalonSettings, path, ENVIRONMENT)
