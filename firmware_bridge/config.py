"""Settings of talon-bridge and of the simulator: one TOML file, read once, strict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, field_validator, model_validator

from firmware_bridge.catalog import MAX_ADDRESS
from server.sdk.messages import Code
from server.sdk.settings import Settings

V = TypeVar("V", int, str)
Baud = Literal[9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600]
Score = Annotated[int, Field(ge=1, le=5)]


class ServerSettings(Settings):
    """Where the server is and the token of this bridge."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+/?$")]
    token: Annotated[str, Field(min_length=1)]


class BridgeSettings(Settings):
    """Which office this bridge serves, where it keeps presses while the server is away, what it logs."""

    office: Code
    state_folder: Path
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class DeviceSettings(Settings):
    """One pad or sign. ``keys``: the mark each key of a pad gives, from key 1 on."""

    address: Annotated[int, Field(ge=1, le=MAX_ADDRESS)]
    kind: Literal["pad", "sign"]
    desk: Code
    keys: Annotated[tuple[Score, ...], Field(max_length=5)] = (1, 2, 3, 4, 5)

    @model_validator(mode="after")
    def _keys_are_of_pads(self) -> Self:
        if self.kind == "sign" and "keys" in self.model_fields_set:
            raise ValueError("a sign has no keys: remove `keys` or set kind to pad")
        if not self.keys or len(set(self.keys)) != len(self.keys):
            raise ValueError("`keys` lists the mark of each key, all different, like [1, 2, 3, 4, 5]")
        return self


class PortSettings(Settings):
    """One serial port and the devices on its line."""

    path: Annotated[str, Field(min_length=1)]
    baud: Baud = 57600
    devices: Annotated[tuple[DeviceSettings, ...], Field(min_length=1, max_length=MAX_ADDRESS)]

    @field_validator("devices")
    @classmethod
    def _one_device_per_address(cls, devices: tuple[DeviceSettings, ...]) -> tuple[DeviceSettings, ...]:
        twice = _repeated([device.address for device in devices])
        if twice:
            raise ValueError(f"address {twice[0]} is given to two devices of one line")
        return devices


class Config(Settings):
    """The whole file."""

    server: ServerSettings
    bridge: BridgeSettings
    ports: Annotated[tuple[PortSettings, ...], Field(min_length=1)]

    @field_validator("ports")
    @classmethod
    def _one_line_per_port(cls, ports: tuple[PortSettings, ...]) -> tuple[PortSettings, ...]:
        twice = _repeated([port.path for port in ports])
        if twice:
            raise ValueError(f"the port {twice[0]} is listed twice: put its devices under one [[ports]]")
        return ports


def _repeated(values: list[V]) -> list[V]:
    return [value for value in values if values.count(value) > 1]
