"""The program as a process: settings, start, clean end; and the example settings in deploy/."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from display import config as settings
from display.__main__ import main
from display.config import DisplayConfig
from tests.display.boards import board, row
from tests.display.news_server import TOKEN, NewsServer
from tests.programs import clean_environment, free_port, until

ROOT = Path(__file__).resolve().parents[2]
UNITS = [ROOT / "deploy" / f"talon-{name}.service" for name in ("display", "board-browser")]
EXAMPLE = ROOT / "deploy" / "talon-display.toml"


def written(folder: Path, port: int, server: str = "", token: str = "secret", **display: object) -> Path:
    lines = {"office": "zarechny", "port": port, "state_folder": str(folder / "state")} | display
    table = "\n".join(f"{key} = {value!r}" for key, value in lines.items())
    path = folder / "display.toml"
    url = server or f"http://127.0.0.1:{free_port()}"
    path.write_text(f"[server]\nurl = '{url}'\ntoken = '{token}'\n[display]\n{table}\n")
    return path


def health(port: int) -> dict[str, Any]:
    """What /healthz tells; empty while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            told: dict[str, Any] = json.load(answer)
            return told
    except OSError:
        return {}


def test_it_serves_without_a_server_and_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "display", "--config", str(written(tmp_path, port))]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        try:
            until(lambda: health(port), "the page being served")
            process.send_signal(signal.SIGTERM)
            _out, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0, errors.decode()
    assert b"Traceback" not in errors
    assert b"secret" not in errors


def test_a_taken_port_is_said_and_ends_with_1(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        path = written(tmp_path, taken.getsockname()[1])
        command = [sys.executable, "-m", "display", "--config", str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert b"another program has the port" in done.stderr


def test_wrong_settings_are_all_listed_and_end_with_2(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "display.toml"
    path.write_text(
        "[server]\nurl = 'http://x/path'\ntoken = ''\n[display]\noffice = 'Z'\nvoice = 'loud'\nvolum = 5\n"
        "sound = 'shout'\nalsa_device = '-x'\n"
    )
    assert main(["--config", str(path)]) == 2
    said = capsys.readouterr().err
    for key in (
        "server.url",
        "server.token",
        "display.office",
        "display.voice",
        "display.volum: unknown key",
        "display.sound",
        "display.alsa_device",
    ):
        assert key in said


def test_without_settings_it_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "--config FILE is missing" in capsys.readouterr().err


def test_with_its_own_sound_it_tells_of_a_missing_loudspeaker_and_serves_the_board(
    tmp_path: Path, news: NewsServer
) -> None:
    now = datetime.now(UTC)
    news.state = board(row("А1", called_at=now.isoformat()), at=now)
    port = free_port()
    path = written(tmp_path, port, sound="alsa", voice="chime", server=news.url, token=TOKEN)
    command = [sys.executable, "-m", "display", "--config", str(path)]
    # Only this folder is searched for programs: no aplay is found, installed or not.
    environment = clean_environment() | {"PATH": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, env=environment) as process:
        try:
            until(lambda: health(port).get("sound", {}).get("fault"), "the fault being told")
            told = health(port)
            page = urllib.request.urlopen(f"http://127.0.0.1:{port}/config.json", timeout=30)
            assert json.load(page)["alsa"] is True
            process.send_signal(signal.SIGTERM)
            _out, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert told["status"] == "ok"
    assert "apt-get install alsa-utils" in told["sound"]["fault"]
    assert process.returncode == 0, errors.decode()
    assert errors.decode().count("apt-get install alsa-utils") == 1


def test_systemd_is_told_that_it_is_ready_alive_and_ending(tmp_path: Path) -> None:
    port = free_port()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "900000"}
        command = [sys.executable, "-m", "display", "--config", str(written(tmp_path, port))]
        with subprocess.Popen(
            command, cwd=ROOT, env=clean_environment() | told, stderr=subprocess.DEVNULL
        ) as process:
            try:
                assert systemd.recv(100).startswith(b"READY=1")
                assert health(port)["status"] == "ok"
                assert b"WATCHDOG=1" in systemd.recv(100)
                process.send_signal(signal.SIGTERM)
                while systemd.recv(100) != b"STOPPING=1":
                    pass
                assert process.wait(30) == 0
            finally:
                process.kill()


@pytest.mark.parametrize("unit", sorted(UNITS), ids=lambda unit: unit.name)
def test_a_unit_starts_what_is_there(unit: Path) -> None:
    text = unit.read_text("utf-8")
    [start] = re.findall(r"^ExecStart=(\S+)", text, flags=re.MULTILINE)
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert Path(start).name in {*scripts, "chromium"}
    assert "Restart=always" in text


def test_the_example_settings_are_valid_and_name_every_key_with_its_default() -> None:
    text = EXAMPLE.read_text("utf-8")
    example = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE))
    assert settings.load(EXAMPLE).display.office == "zarechny"
    for name, table in DisplayConfig.model_fields.items():
        fields = table.annotation.model_fields  # type: ignore[union-attr]
        assert set(example[name]) == set(fields)
        for key, field in fields.items():
            if not field.is_required() and field.default is not None and key != "state_folder":
                assert example[name][key] == field.default, key
