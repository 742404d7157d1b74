"""Settings of the kiosk program: the model of talon-kiosk.toml, read once, strict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kiosk import escpos_codec
from kiosk.printer_profile import PROFILES, PrinterProfile
from kiosk.printer_status import StatusLanguage
from server.sdk.settings import Settings
from server.sdk.speech.settings import SpeechSettings

Port = Annotated[int, Field(ge=1, le=65535)]
UsbNumber = Annotated[int, Field(ge=0, le=0xFFFF)]


class ServerSettings(Settings):
    """Where the queue server is and who this terminal is to it."""

    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+/?$", examples=["http://127.0.0.1:8080"])]
    token: Annotated[str, Field(min_length=1, repr=False)]
    timeout_seconds: Annotated[float, Field(gt=0, le=10)] = 2.0


class KioskSettings(Settings):
    """The terminal itself and its touch page. Times are seconds."""

    office: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    name: Annotated[str, Field(max_length=60)] = ""
    offline_numbers: Annotated[int, Field(ge=1, le=60)] = 40
    listen: str = "127.0.0.1"
    port: Port = 8081
    state_folder: Path = Path("var/kiosk")
    idle_seconds: Annotated[int, Field(ge=15, le=300)] = 45
    warning_seconds: Annotated[int, Field(ge=5, le=60)] = 12
    ticket_seconds: Annotated[int, Field(ge=5, le=120)] = 20


class PrinterSettings(Settings):
    """Which printer, on which cable, and where it differs from its family."""

    kind: Literal["network", "serial", "usb", "file", "preview"] = "preview"
    address: str = ""
    port: Port = 9100
    timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 3.0
    path: Path | None = None
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 115200
    flow: Literal["none", "rtscts", "dsrdtr", "xonxoff"] = "rtscts"
    vendor: UsbNumber | None = None
    product: UsbNumber | None = None
    keep_pictures: Annotated[int, Field(ge=1, le=10000)] = 20
    profile: Literal["80mm", "58mm", "custom-80mm", "custom-58mm"] = "80mm"
    dots: Annotated[int, Field(ge=200, le=1024, multiple_of=8)] | None = None
    columns: Annotated[int, Field(ge=16, le=80)] | None = None
    code_page: Annotated[int, Field(ge=0, le=255)] | Literal["none"] | None = None
    knife: bool | None = None
    native_qr: bool | None = None
    status: StatusLanguage | None = None
    present_steps: Annotated[int, Field(ge=0, le=255)] | None = None
    left_ticket: Literal["keep", "eject", "retract"] = "keep"
    look_seconds: Annotated[float, Field(ge=1, le=300)] = 10.0
    template: Path | None = None

    @model_validator(mode="after")
    def _has_its_cable(self) -> Self:
        if self.kind == "network" and not self.address:
            raise ValueError('a network printer needs its address, e.g. address = "192.168.0.50"')
        if self.kind == "file" and self.path is None:
            raise ValueError('a file printer needs its path, e.g. path = "/dev/usb/lp0"')
        if self.kind == "serial" and self.path is None:
            raise ValueError('a serial printer needs its path, e.g. path = "/dev/ttyS0"')
        if self.kind == "usb" and (self.vendor is None or self.product is None):
            raise ValueError(
                "a USB printer needs its numbers from lsusb, e.g. vendor = 0x04b8 and product = 0x0e15"
            )
        if self.left_ticket != "keep" and self.printer_profile().presenter is None:
            raise ValueError(f'the family "{self.profile}" has no presenter: left_ticket must be "keep"')
        return self

    def printer_profile(self) -> PrinterProfile:
        """The family's data with what this printer has different."""
        own = {
            key: getattr(self, key)
            for key in ("dots", "columns", "code_page", "knife", "native_qr", "status")
        }
        changes = {key: value for key, value in own.items() if value is not None}
        if changes.get("code_page") == "none":
            changes["code_page"] = None
        family = PROFILES[self.profile]
        if family.presenter and self.present_steps is not None:
            present = escpos_codec.presenter(3, self.present_steps)
            changes["presenter"] = replace(family.presenter, present=present)
        return replace(family, **changes)

    def clear_mouth(self) -> bytes:
        """What to tell the presenter when the last visitor left the ticket in it; empty to leave it there."""
        presenter = self.printer_profile().presenter
        if presenter is None or self.left_ticket == "keep":
            return b""
        return presenter.eject if self.left_ticket == "eject" else presenter.retract


class Config(Settings):
    """The whole file."""

    server: ServerSettings
    kiosk: KioskSettings
    printer: PrinterSettings = PrinterSettings()
    speech: SpeechSettings = SpeechSettings()
