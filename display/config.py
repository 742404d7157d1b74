"""The display program's settings: one TOML file, read once, strict; deploy/ has a commented one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from server.sdk import settings
from server.sdk.messages import Code, VoiceMode
from server.sdk.settings import Settings
from server.sdk.speech.settings import SpeechSettings


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
    """``[display]``: the board it shows, the page it serves, how it sounds.

    ``voice`` and ``volume`` are this place's own; without them the company's data of the board decides.
    """

    office: Code
    board: Code | Literal[""] = ""
    name: Annotated[str, Field(max_length=60)] = ""
    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8091
    state_folder: Path = Path("var/display")
    slides_folder: Path | None = None
    sound: Literal["browser", "alsa"] = "browser"
    alsa_device: Annotated[str, Field(min_length=1, pattern=r"^[^-]")] = "default"
    voice: VoiceMode | None = None
    volume: Annotated[int, Field(ge=0, le=100)] | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def own_rules(self) -> dict[str, Any]:
        """What this place has different from the board's voice rules."""
        own = {"mode": self.voice, "volume": self.volume}
        return {name: value for name, value in own.items() if value is not None}


class DisplayConfig(Settings):
    """The whole file."""

    server: ServerSettings
    display: DisplaySettings
    speech: SpeechSettings = SpeechSettings()


def load(path: Path) -> DisplayConfig:
    """Read the settings. Raises ``SettingsError`` with every fault."""
    return settings.load(DisplayConfig, path)
