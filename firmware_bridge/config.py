"""Settings of talon-bridge and of the simulator: one TOML file, read once, strict."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, field_validator, model_validator

from firmware_bridge.catalog import MAX_ADDRESS
from server.sdk.messages import Code, Language
from server.sdk.settings import Settings

V = TypeVar("V", int, str)
Baud = Literal[9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600]
Score = Annotated[int, Field(ge=1, le=5)]
Register = Annotated[int, Field(ge=0, le=0xFFFF)]
Parity = Literal["none", "even", "odd"]

ADDRESSES: Mapping[str, range] = {
    "talon": range(1, MAX_ADDRESS + 1),
    "buttons-01-07": range(0x20, 0x100),
    "modbus": range(1, 248),
}
OPERATOR_LETTERS = 3
"""Letters of an operator's pad that has any."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "talon": ("pad", "sign"),
    "buttons-01-07": ("pad", "sign", "operator", "clock"),
    "modbus": ("pad", "sign"),
}
FACTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("buttons-01-07", "pad"): ("first_key", "lamp"),
    ("buttons-01-07", "operator"): ("letters",),
    ("buttons-01-07", "sign"): ("letters",),
    ("buttons-01-07", "clock"): ("letters",),
    ("modbus", "pad"): ("keys_in", "lamp_coil"),
    ("modbus", "sign"): ("number_in",),
}
"""Which facts of a device a protocol wants to know, by protocol and kind of device."""


class ServerSettings(Settings):
    """Where the server is and the token of this bridge."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+/?$")]
    token: Annotated[str, Field(min_length=1)]


class BridgeSettings(Settings):
    """Which office this bridge serves, where it keeps presses while the server is away, what it logs."""

    office: Code
    state_folder: Path
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    name: Annotated[str, Field(max_length=60)] = ""
    language: Language = "ru"
    listen: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8092
    record_folder: Path | None = None


class KeysIn(Settings):
    """Where a Modbus pad has its keys: ``first`` is key 1, the others follow.

    ``hold`` "counters": each press adds one, none is missed; "states": 1 while the key is down, and a press
    shorter than the time between two readings is missed.
    """

    table: Literal["discrete", "coil", "input", "holding"]
    first: Register
    hold: Literal["counters", "states"]

    @model_validator(mode="after")
    def _bits_count_nothing(self) -> Self:
        if self.hold == "counters" and self.table in ("discrete", "coil"):
            raise ValueError('bits cannot count: set hold = "states", or table = "holding" or "input"')
        return self


class NumberIn(Settings):
    """Where a Modbus indicator takes what it shows.

    ``format`` "number": the digits of the ticket in one register, ``blank`` when there is nothing to show;
    "text": cp1251, two letters in each of ``registers`` registers. ``mode_at``: a register that is told
    0 off, 1 steady, 2 blinking.
    """

    first: Register
    format: Literal["number", "text"] = "number"
    registers: Annotated[int, Field(ge=1, le=16)] = 4
    blank: Annotated[int, Field(ge=0, le=0xFFFF)] = 0
    mode_at: Register | None = None


class DeviceSettings(Settings):
    """One device. ``keys``: the mark each key of a pad gives, from key 1 on. The rest: see deploy/."""

    address: Annotated[int, Field(ge=1, le=255)]
    kind: Literal["pad", "sign", "operator", "clock"]
    desk: Code = ""
    keys: Annotated[tuple[Score, ...], Field(max_length=5)] = (1, 2, 3, 4, 5)
    first_key: Annotated[int, Field(ge=0x20, le=0xF0)] = 0x31
    lamp: Annotated[int, Field(ge=0x31, le=0x3D)] = 0x32
    letters: Annotated[int, Field(ge=0, le=64)] | None = None
    keys_in: KeysIn | None = None
    lamp_coil: Register | None = None
    number_in: NumberIn | None = None

    @property
    def room(self) -> int:
        """Letters it shows: as told, else what is common."""
        return {"sign": 8, "clock": 5}.get(self.kind, 0) if self.letters is None else self.letters

    @model_validator(mode="after")
    def _facts_fit_the_kind(self) -> Self:
        if self.kind != "pad" and "keys" in self.model_fields_set:
            raise ValueError(f"a {self.kind} has no keys: remove `keys` or set kind to pad")
        if not self.keys or len(set(self.keys)) != len(self.keys):
            raise ValueError("`keys` lists the mark of each key, all different, like [1, 2, 3, 4, 5]")
        if self.kind != "clock" and not self.desk:
            raise ValueError("desk: missing: name the desk it stands at, as the server calls it")
        if self.kind == "clock" and self.desk:
            raise ValueError("a clock belongs to no desk: remove `desk`")
        return self


class PortSettings(Settings):
    """One serial port, by path or by the serial number of its USB adapter, and the devices on its line."""

    path: str = ""
    usb_serial: str = ""
    protocol: Literal["talon", "buttons-01-07", "modbus"] = "talon"
    baud: Baud = 57600
    parity: Parity = "none"
    devices: Annotated[tuple[DeviceSettings, ...], Field(max_length=MAX_ADDRESS)]

    @property
    def name(self) -> str:
        """What people call this port."""
        return self.path or f"USB {self.usb_serial}"

    @field_validator("devices")
    @classmethod
    def _one_device_per_address(cls, devices: tuple[DeviceSettings, ...]) -> tuple[DeviceSettings, ...]:
        if not devices:
            raise ValueError("list at least 1 device: add [[ports.devices]]")
        twice = _repeated([device.address for device in devices])
        if twice:
            raise ValueError(f"address {twice[0]} is given to two devices of one line")
        return devices

    @model_validator(mode="after")
    def _devices_speak_the_protocol(self) -> Self:
        faults = [
            f"device {device.address}: {fault}" for device in self.devices for fault in _misfits(self, device)
        ]
        if bool(self.path) == bool(self.usb_serial):
            faults.insert(0, "name the port by `path` or by `usb_serial`, one of them")
        if self.parity != "none" and self.protocol != "modbus":
            faults.append(f"protocol {self.protocol} has no parity: remove `parity`")
        if faults:
            raise ValueError("; ".join(faults))
        return self


class Config(Settings):
    """The whole file."""

    server: ServerSettings
    bridge: BridgeSettings
    ports: Annotated[tuple[PortSettings, ...], Field(min_length=1)]

    @field_validator("ports")
    @classmethod
    def _one_line_per_port(cls, ports: tuple[PortSettings, ...]) -> tuple[PortSettings, ...]:
        twice = _repeated([port.name for port in ports])
        if twice:
            raise ValueError(f"the port {twice[0]} is listed twice: put its devices under one [[ports]]")
        return ports


def _repeated(values: list[V]) -> list[V]:
    return [value for value in values if values.count(value) > 1]


def _misfits(port: PortSettings, device: DeviceSettings) -> list[str]:
    """What a device of a line cannot be, each with its cure."""
    faults, addresses, kinds = [], ADDRESSES[port.protocol], KINDS[port.protocol]
    if device.address not in addresses:
        faults.append(f"its address must be {addresses[0]}…{addresses[-1]} with protocol {port.protocol}")
    if device.kind not in kinds:
        return [*faults, f"protocol {port.protocol} has no {device.kind}: kind is one of {', '.join(kinds)}"]
    known = FACTS.get((port.protocol, device.kind), ())
    for fact in ("first_key", "lamp", "letters", "keys_in", "lamp_coil", "number_in"):
        if fact in device.model_fields_set and fact not in known:
            faults.append(f"a {device.kind} of protocol {port.protocol} has no `{fact}`: remove it")
    for fact in ("keys_in", "number_in"):
        if fact in known and getattr(device, fact) is None:
            faults.append(f"tell its registers: add `{fact}`, see deploy/talon-bridge.toml")
    if device.kind == "operator" and device.room not in (0, OPERATOR_LETTERS):
        faults.append(f"`letters` of an operator's pad is 0 or {OPERATOR_LETTERS}")
    return faults
