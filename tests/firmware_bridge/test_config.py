"""Settings: the shipped file is valid, and each fault is listed with its cure."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firmware_bridge.__main__ import main
from firmware_bridge.config import Config
from server.sdk.settings import SettingsError, check, load

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "talon-bridge.toml"
VALUES = tomllib.loads(SHIPPED.read_text("utf-8"))


def test_the_shipped_settings_are_valid_and_show_every_key() -> None:
    config = load(Config, SHIPPED)
    assert config.ports[1].baud == 57600
    assert config.ports[1].devices[0].kind == "sign"
    text = SHIPPED.read_text("utf-8")
    for model in (Config, type(config.ports[0]), type(config.ports[0].devices[0])):
        assert [key for key in model.model_fields if key not in text] == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda v: v.pop("server"), "server: missing: add this key"),
        (lambda v: v["server"].update(url="talon"), "server.url: String should match"),
        (lambda v: v["server"].update(tokken="x"), "server.tokken: unknown key.*known here: token, url"),
        (lambda v: v["bridge"].update(office="Заречный"), "bridge.office: String should match"),
        (lambda v: v.update(ports=[]), "ports: .*at least 1"),
        (lambda v: v["ports"][0].update(baud=57601), "ports.0.baud: Input should be 9600, 19200"),
        (lambda v: v["ports"][0].update(devices=[]), "ports.0.devices: .*at least 1"),
        (lambda v: v["ports"].append(v["ports"][0]), "is listed twice"),
        (lambda v: v["ports"][1]["devices"][1].update(address=1), "address 1 is given to two"),
        (lambda v: v["ports"][1]["devices"][1].update(address=33), "device 33: its address must be 1…32"),
        (lambda v: v["ports"][0]["devices"][0].update(kind="lamp"), "kind: Input should be 'pad', 'sign'"),
        (lambda v: v["ports"][0]["devices"][0].update(keys=[1, 1]), "all different"),
        (lambda v: v["ports"][0]["devices"][0].update(keys=[6]), "keys.0: .*less than or equal to 5"),
        (lambda v: v["ports"][1]["devices"][0].update(keys=[1]), "a sign has no keys"),
        (lambda v: v["ports"][0].pop("path"), "name the port by `path` or by `usb_serial`"),
        (lambda v: v["ports"][0].update(usb_serial="A1"), "name the port by `path` or by `usb_serial`"),
        (lambda v: v["ports"][0].update(protocol="x"), "protocol: Input should be 'talon', 'buttons-01-07'"),
        (lambda v: v["ports"][0].update(parity="even"), "protocol talon has no parity: remove `parity`"),
        (lambda v: v["ports"][0]["devices"][0].pop("desk"), "desk: missing: name the desk"),
        (lambda v: v["ports"][0]["devices"][0].update(kind="clock"), "a clock has no keys"),
        (lambda v: v["ports"][1]["devices"][0].update(letters=3), "protocol talon has no `letters`"),
        (lambda v: v["ports"][1].update(protocol="modbus"), "tell its registers: add `number_in`"),
        (lambda v: v["ports"][1].update(protocol="buttons-01-07"), "its address must be 32…255"),
        (lambda v: v["ports"][1]["devices"][0].update(kind="operator"), "protocol talon has no operator"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(spoil: Callable[[dict[str, Any]], object], fault: str) -> None:
    values = copy.deepcopy(VALUES)
    spoil(values)
    with pytest.raises(SettingsError, match=fault):
        check(Config, values, "test")


def test_all_faults_are_listed_at_once_and_the_program_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bridge.toml"
    file.write_text('[server]\nurl = "x"\nword = 1\n[bridge]\noffice = "zarechny"\n', "utf-8")
    assert main(["--config", str(file)]) == 2
    told = capsys.readouterr().err
    for part in (
        "5 fault(s)",
        "server.url",
        "server.word",
        "server.token",
        "bridge.state_folder",
        "ports: missing",
    ):
        assert part in told


def test_a_missing_file_is_named_and_the_program_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(tmp_path / "none.toml")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_the_examples_of_other_equipment_in_the_shipped_settings_are_valid() -> None:
    text = SHIPPED.read_text("utf-8")
    examples = text[text.index("# [[ports]]") :]
    values = VALUES | tomllib.loads(re.sub(r"^# (?=\[\[|[a-z_]+ = )", "", examples, flags=re.MULTILINE))
    config = check(Config, values, "examples")
    assert [port.protocol for port in config.ports] == ["buttons-01-07", "modbus"]
    assert [device.kind for device in config.ports[0].devices] == ["pad", "operator", "sign", "clock"]


def test_bits_are_no_counters_and_an_operators_pad_has_three_letters_or_none() -> None:
    values = copy.deepcopy(VALUES)
    keys = {"table": "coil", "first": 0, "hold": "counters"}
    pad = {"address": 1, "kind": "pad", "desk": "zarechny-1", "keys_in": keys}
    values["ports"][0] = {"path": "/dev/a", "protocol": "modbus", "devices": [pad]}
    operator = {"address": 0x20, "kind": "operator", "desk": "zarechny-1", "letters": 4}
    values["ports"][1] = {"path": "/dev/b", "protocol": "buttons-01-07", "devices": [operator]}
    with pytest.raises(SettingsError) as error:
        check(Config, values, "test")
    assert "bits cannot count" in str(error.value)
    assert "`letters` of an operator's pad is 0 or 3" in str(error.value)
