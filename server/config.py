"""The server's settings: one TOML file, read once, strict."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from server.sdk import settings
from server.sdk.settings import Settings
from server.sending.settings import MailSettings, MessageSettings, SmsSettings


def _checked_origin(origin: str) -> str:
    """An address as ``frame-ancestors`` takes it: nothing else may get into the header."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", origin):
        raise ValueError("an address without a path is needed, for example https://company.example")
    return origin


class ServerSettings(Settings):
    """``[server]``: where it listens and how others reach it."""

    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    # What visitors' phones open from the QR; empty: http://listen:port
    public_url: str = ""
    async_mode: Literal["eventlet", "threading", "gevent"] = "eventlet"
    # Keeps the key that signs sessions, and nothing else.
    state_folder: Path = Path("var/server")
    # Pictures and films that boards opened from this server show; empty: none.
    slides_folder: Path | None = None
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


class BookingSettings(Settings):
    """``[bookings]``: the key to visitors' contacts, and how often the public may ask from one address."""

    # Made at the first start; empty: contacts.key in the state folder. Without it contacts cannot be read.
    key_file: Path | None = None
    # 0: no limit.
    holds_per_minute: Annotated[int, Field(ge=0, le=10_000)] = 20
    requests_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 120
    # All that one integration token asks of bookings; other tokens have no limit.
    integration_requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 3000
    # Where an office wants work from the browser: how many may go without, who have no JavaScript.
    unproven_holds_per_hour: Annotated[int, Field(ge=1, le=10_000)] = 5
    # The company's sites that may show the booking pages in a frame; none: nobody may.
    frame_from: list[Annotated[str, AfterValidator(_checked_origin)]] = Field(default_factory=list)


class WebhookSettings(Settings):
    """``[webhooks]``: programs of the company that are told what happens (talon-server webhook)."""

    # Whether a receiver may be in a private network or on this machine.
    allow_private: bool = False
    # How long messages that were taken, or given up, can be looked at and sent again.
    kept_days: Annotated[int, Field(ge=1, le=366)] = 14


class TalonSettings(Settings):
    """The whole file."""

    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    bookings: BookingSettings = BookingSettings()
    webhooks: WebhookSettings = WebhookSettings()
    mail: MailSettings = MailSettings()
    sms: SmsSettings = SmsSettings()
    messages: MessageSettings = MessageSettings()
    # Only a demonstration sets it: what its start page shows for trying (links, logins).
    demonstration_file: Path | None = None

    @property
    def contacts_key(self) -> Path:
        """The file of the key to visitors' contacts."""
        return self.bookings.key_file or self.server.state_folder / "contacts.key"

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
