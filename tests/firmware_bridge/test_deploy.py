"""What an installer copies: udev rules that udev can read, a unit that systemd can watch."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
KEY = r"(?:[A-Z]+(?:\{[a-zA-Z_]+\})?)"
RULE = re.compile(rf'{KEY}(?:==|\+=|=)"[^"]*"(?:, {KEY}(?:==|\+=|=)"[^"]*")*')
MATCHED = ("SUBSYSTEM", "ENV{ID_", "ACTION", "DRIVER")


def test_every_udev_rule_is_well_formed_and_matches_before_it_changes() -> None:
    lines = (DEPLOY / "talon-bridge.rules").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert len(rules) == 3
    for rule in rules:
        assert RULE.fullmatch(rule), rule
        first = rule.split(", ")[0]
        assert first.startswith(MATCHED)
        assert "==" in first


def test_adapters_get_the_names_that_the_settings_tell_of() -> None:
    rules = (DEPLOY / "talon-bridge.rules").read_text("utf-8")
    assert 'SYMLINK+="talon/$env{ID_SERIAL_SHORT}"' in rules
    assert "/dev/talon/…" in (DEPLOY / "talon-bridge.toml").read_text("utf-8")


def test_the_unit_is_watched_and_may_open_ports() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "talon-bridge.service", "utf-8")
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert int(service["WatchdogSec"]) >= 30
    assert service["SupplementaryGroups"] == "dialout"
    assert service["Restart"] == "always"
