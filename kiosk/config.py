"""Settings of the kiosk program: the model of talon-kiosk.toml, read once, strict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kiosk.printer_profile import PROFILES, PrinterProfile
from server.sdk.settings import Settings

Port = Annotated[int, Field(ge=1, le=65535)]


class ServerSettings(Settings):
    """Where the queue server is and who this terminal is to it."""

    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+/?$", examples=["http://127.0.0.1:8080"])]
    token: Annotated[str, Field(min_length=1, repr=False)]
    timeout_seconds: Annotated[float, Field(gt=0, le=10)] = 2.0


class KioskSettings(Settings):
    """The terminal itself and its touch page. Times are seconds."""

    office: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    listen: str = "127.0.0.1"
    port: Port = 8081
    state_folder: Path = Path("var/kiosk")
    idle_seconds: Annotated[int, Field(ge=15, le=300)] = 45
    warning_seconds: Annotated[int, Field(ge=5, le=60)] = 12
    ticket_seconds: Annotated[int, Field(ge=5, le=120)] = 20


class PrinterSettings(Settings):
    """Which printer, on which cable, and where it differs from its family."""

    kind: Literal["network", "file", "preview"] = "preview"
    address: str = ""
    port: Port = 9100
    timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 3.0
    path: Path | None = None
    keep_pictures: Annotated[int, Field(ge=1, le=10000)] = 20
    profile: Literal["80mm", "58mm"] = "80mm"
    dots: Annotated[int, Field(ge=200, le=1024, multiple_of=8)] | None = None
    columns: Annotated[int, Field(ge=16, le=80)] | None = None
    code_page: Annotated[int, Field(ge=0, le=255)] | Literal["none"] | None = None
    knife: bool | None = None
    native_qr: bool | None = None

    @model_validator(mode="after")
    def _has_its_cable(self) -> Self:
        if self.kind == "network" and not self.address:
            raise ValueError('a network printer needs its address, e.g. address = "192.168.0.50"')
        if self.kind == "file" and self.path is None:
            raise ValueError('a file printer needs its path, e.g. path = "/dev/usb/lp0"')
        return self

    def printer_profile(self) -> PrinterProfile:
        """The family's data with what this printer has different."""
        own = {key: getattr(self, key) for key in ("dots", "columns", "code_page", "knife", "native_qr")}
        changes = {key: value for key, value in own.items() if value is not None}
        if changes.get("code_page") == "none":
            changes["code_page"] = None
        return replace(PROFILES[self.profile], **changes)


class Config(Settings):
    """The whole file."""

    server: ServerSettings
    kiosk: KioskSettings
    printer: PrinterSettings = PrinterSettings()
