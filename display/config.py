"""The display program's settings: one TOML file, read once, strict; deploy/ has a commented one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from server.sdk import settings
from server.sdk.messages import Code, Language
from server.sdk.settings import Settings


class ServerSettings(Settings):
    """``[server]``: where the news comes from."""

    url: str
    token: Annotated[str, Field(min_length=1)]

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("must be an address like http://127.0.0.1:8080, without a path")
        return value.rstrip("/")


class DisplaySettings(Settings):
    """``[display]``: the hall it hangs in, the page it serves, how it sounds."""

    office: Code
    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8091
    state_folder: Path = Path("var/display")
    highlight_seconds: Annotated[int, Field(ge=5, le=60)] = 12
    announcement_limit_seconds: Annotated[int, Field(ge=10, le=600)] = 60
    voice: Literal["off", "chime", "voice"] = "voice"
    volume: Annotated[int, Field(ge=0, le=100)] = 100
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class SpeechSettings(Settings):
    """``[speech]``: recorded clips first, then RHVoice, then espeak-ng."""

    clips_folder: Path | None = None
    rhvoice: dict[Language, str] = {"ru": "anna"}  # noqa: RUF012
    words_per_minute: Annotated[int, Field(ge=80, le=260)] = 140
    cache_megabytes: Annotated[int, Field(ge=1, le=10_000)] = 200


class DisplayConfig(Settings):
    """The whole file."""

    server: ServerSettings
    display: DisplaySettings
    speech: SpeechSettings = SpeechSettings()


def load(path: Path) -> DisplayConfig:
    """Read the settings. Raises ``SettingsError`` with every fault."""
    return settings.load(DisplayConfig, path)
