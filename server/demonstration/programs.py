"""The programs of the demonstration and their settings files, written anew at each start."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAD_OFFICE = 0
"""The office (by its place) whose desks have simulated pads and signs on a wire."""


@dataclass(frozen=True)
class Program:
    """One process to start."""

    name: str
    command: list[str]


def programs(contract: dict[str, Any], folder: Path, base_port: int) -> list[Program]:
    """Write every program's settings and tell how to start it; the server comes first."""
    base_url, tokens = contract["base_url"], contract["tokens"]
    server_settings = {
        "demonstration_file": str(folder.parent / "demo.json"),
        "server": {"port": base_port, "state_folder": str(folder / "server"), "log_level": "WARNING"},
        "database": {"url": database_url(folder)},
        # What visitors would be sent is told here, with their addresses masked.
        "mail": {"way": "console"},
        "sms": {"way": "console"},
    }
    found = [_program("server", "server", folder, server_settings)]
    for index, office in enumerate(contract["offices"]):
        code = office["code"]
        kiosk = {
            "server": {"url": base_url, "token": tokens["kiosk"]},
            "kiosk": {
                "office": code,
                "port": base_port + 1 + index,
                "state_folder": str(folder / f"kiosk-{code}"),
            },
            "printer": {"kind": "preview"},
        }
        display = {
            "server": {"url": base_url, "token": tokens["display"]},
            "display": {
                "office": code,
                "port": base_port + 11 + index,
                "state_folder": str(folder / f"display-{code}"),
                "log_level": "WARNING",
            },
        }
        found.append(_program(f"kiosk-{code}", "kiosk", folder, kiosk))
        found.append(_program(f"display-{code}", "display", folder, display))
    office = contract["offices"][PAD_OFFICE]
    bridge = {
        "server": {"url": base_url, "token": tokens["bridge"]},
        "bridge": {
            "office": office["code"],
            "port": base_port + 22,
            "state_folder": str(folder / "bridge"),
        },
        "ports": [
            {
                "path": str(folder / "devices" / desk),
                "devices": [
                    {"address": 1, "kind": "pad", "desk": desk},
                    {"address": 2, "kind": "sign", "desk": desk},
                ],
            }
            for desk in office["desks"]
        ],
    }
    found.append(_program("bridge", "firmware_bridge", folder, bridge))
    simulator = [
        *_command("firmware_bridge.simulator", folder / "bridge.toml"),
        "--control",
        str(base_port + 21),
    ]
    found.insert(-1, Program("devices", simulator))
    return found


def database_url(folder: Path) -> str:
    """Where the demonstration keeps its data, unless TALON_DATABASE_URL says otherwise."""
    return f"sqlite:///{folder}/talon.sqlite"


def contacts_key(folder: Path) -> Path:
    """The key to visitors' contacts, which the server keeps in its state folder."""
    return folder / "server" / "contacts.key"


def _program(name: str, module: str, folder: Path, values: dict[str, Any]) -> Program:
    path = folder / f"{name}.toml"
    path.touch(mode=0o600)
    path.write_text(_toml(values), "utf-8")
    return Program(name, _command(module, path))


def _command(module: str, settings: Path) -> list[str]:
    return [sys.executable, "-m", module, "--config", str(settings)]


def _toml(values: dict[str, Any], path: str = "") -> str:
    """Nested tables, arrays of tables, strings and numbers as TOML: JSON writes those values the same way."""
    plain = {key: value for key, value in values.items() if not isinstance(value, (dict, list))}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in plain.items()]
    for key, value in values.items():
        name = f"{path}{key}"
        if isinstance(value, dict):
            lines += ["", f"[{name}]", _toml(value, f"{name}.")]
        elif isinstance(value, list):
            lines += [line for item in value for line in ("", f"[[{name}]]", _toml(item, f"{name}."))]
    return "\n".join(lines)
