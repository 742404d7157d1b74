"""The terminal's units: systemd understands them, the program is watched, the browser has no way out."""

from __future__ import annotations

import json
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from tests.needs import need

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = ["talon-kiosk.service", "talon-kiosk-browser.service"]


def unit(name: str) -> dict[str, dict[str, str]]:
    """A unit's sections; lines that end with a backslash go on."""
    parser = RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((DEPLOY / name).read_text("utf-8").replace("\\\n", " "))
    return {section: dict(parser[section]) for section in parser.sections()}


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_no_fault_in_the_unit(name: str, tmp_path: Path) -> None:
    analyze = need("systemd-analyze")
    text = (DEPLOY / name).read_text("utf-8")
    # The programs are not installed on the machine of the test: one that is stands for them.
    for program in ("/opt/talon/.venv/bin/talon-kiosk", "/usr/bin/cage"):
        text = text.replace(f"ExecStart={program}", "ExecStart=/bin/true")
    (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    faults = [line for line in done.stderr.splitlines() if name in line and "not found" not in line]
    assert faults == []


def test_the_program_is_watched_and_started_anew_for_ever() -> None:
    service = unit("talon-kiosk.service")["Service"]
    assert (service["Type"], service["Restart"]) == ("notify", "always")
    assert 10 <= int(service["WatchdogSec"]) <= 60
    assert unit("talon-kiosk.service")["Unit"]["StartLimitIntervalSec"] == "0"


def test_the_browser_waits_for_the_program_and_has_no_gestures_menus_or_questions() -> None:
    browser = unit("talon-kiosk-browser.service")
    assert "talon-kiosk.service" in browser["Unit"]["After"]
    assert browser["Service"]["Restart"] == "always"
    flags = browser["Service"]["ExecStart"].split()
    for flag in (
        "--kiosk",
        "--disable-pinch",
        "--overscroll-history-navigation=0",
        "--noerrdialogs",
        "--hide-crash-restore-bubble",
        "--no-first-run",
        "--disable-dev-tools",
    ):
        assert flag in flags
    # In memory, anew at each start: there is nothing to restore, and so no question about it.
    assert f"--user-data-dir=/run/{browser['Service']['RuntimeDirectory']}/profile" in flags


def test_the_policy_lets_the_browser_show_the_terminals_page_and_nothing_else() -> None:
    policy = json.loads((DEPLOY / "talon-kiosk-policy.json").read_text("utf-8"))
    page = unit("talon-kiosk-browser.service")["Service"]["ExecStart"].split()[-1]
    assert policy["URLBlocklist"] == ["*"]
    assert [f"{allowed}/" for allowed in policy["URLAllowlist"]] == [page]
    assert policy["DeveloperToolsAvailability"] == 2
    assert policy["DownloadRestrictions"] == 3
