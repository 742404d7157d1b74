"""What the idle kiosk program takes of a terminal's memory."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
import requests

from tests.kiosk.kiosk_soak import resident_bytes
from tests.kiosk.stub_queue import StubQueue
from tests.programs import Program, Programs, free_port, toml

LIMIT_BYTES = 80 * 1024 * 1024
IDLE_SECONDS = 20


@pytest.mark.bench
def test_memory_of_the_idle_program(tmp_path: Path) -> None:
    port = free_port()
    with StubQueue() as queue, Programs(tmp_path) as programs:
        values = {
            "server": {"url": queue.url, "token": "token-of-a-test"},
            "kiosk": {"office": "zarechny", "port": port, "state_folder": str(tmp_path / "kiosk")},
        }
        settings = tmp_path / "kiosk.toml"
        settings.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()), "utf-8")
        command = [sys.executable, "-m", "kiosk", "--config", str(settings)]
        kiosk = programs._keep(Program("kiosk", command, tmp_path, f"http://127.0.0.1:{port}", settings))
        kiosk.wait_ready(lambda: requests.get(f"{kiosk.url}/healthz", timeout=5).json()["server"] is True)
        # Idle is a terminal whose page asks for the state every second.
        for _ in range(IDLE_SECONDS):
            requests.get(f"{kiosk.url}/state", timeout=5)
            time.sleep(1)
        used = resident_bytes(kiosk.process.pid)
    print(
        f"\nThe idle kiosk program: {used / 1048576:.1f} MB resident, {used / LIMIT_BYTES:.2f} of its limit"
    )
