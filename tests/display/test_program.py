"""The program as a process: settings, start, clean end; and the example settings in deploy/."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

from display import config as settings
from display.__main__ import main
from display.config import DisplayConfig
from tests.display.test_agent import wait_until

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "deploy" / "talon-display.toml"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def written(folder: Path, port: int, **display: object) -> Path:
    lines = {"office": "zarechny", "port": port, "state_folder": str(folder / "state")} | display
    table = "\n".join(f"{key} = {value!r}" for key, value in lines.items())
    path = folder / "display.toml"
    path.write_text(
        f"[server]\nurl = 'http://127.0.0.1:{free_port()}'\ntoken = 'secret'\n[display]\n{table}\n"
    )
    return path


def alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_serves_without_a_server_and_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "display", "--config", str(written(tmp_path, port))]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        try:
            wait_until(lambda: alive(port), 20)
            process.send_signal(signal.SIGTERM)
            _out, errors = process.communicate(timeout=15)
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
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=30, check=False)
    assert done.returncode == 1
    assert b"another program has the port" in done.stderr


def test_wrong_settings_are_all_listed_and_end_with_2(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "display.toml"
    path.write_text(
        "[server]\nurl = 'http://x/path'\ntoken = ''\n[display]\noffice = 'Z'\nvoice = 'loud'\nvolum = 5\n"
    )
    assert main(["--config", str(path)]) == 2
    said = capsys.readouterr().err
    for key in (
        "server.url",
        "server.token",
        "display.office",
        "display.voice",
        "display.volum: unknown key",
    ):
        assert key in said


def test_the_example_settings_are_valid_and_name_every_key_with_its_default() -> None:
    text = EXAMPLE.read_text("utf-8")
    example = tomllib.loads(re.sub(r"^# (clips_folder = )", r"\1", text, flags=re.MULTILINE))
    assert settings.load(EXAMPLE).display.office == "zarechny"
    for name, table in DisplayConfig.model_fields.items():
        fields = table.annotation.model_fields  # type: ignore[union-attr]
        assert set(example[name]) == set(fields)
        for key, field in fields.items():
            if not field.is_required() and key not in ("state_folder", "clips_folder"):
                assert example[name][key] == field.default, key
