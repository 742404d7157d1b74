"""The kiosk program with short waits for a silent printer: python -m tests.kiosk.impatient_kiosk."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import requests

from kiosk import cable, print_jobs
from kiosk.__main__ import main
from tests.programs import Program, Programs, free_port, toml


def start(programs: Programs, server: str, printer: Mapping[str, Any]) -> Program:
    """Start it as a child process with these settings of the printer, in contact with ``server``."""
    port = free_port()
    values = {
        "server": {"url": server, "token": "token-of-a-test"},
        "kiosk": {"office": "zarechny", "port": port, "state_folder": str(programs.folder / "kiosk")},
        "printer": {"timeout_seconds": 0.15, "look_seconds": 1, **printer},
    }
    settings = programs.folder / "kiosk.toml"
    settings.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()), "utf-8")
    command = [sys.executable, "-m", "tests.kiosk.impatient_kiosk", "--config", str(settings)]
    kiosk = programs._keep(Program("kiosk", command, programs.folder, f"http://127.0.0.1:{port}", settings))
    return kiosk.wait_ready(lambda: requests.get(f"{kiosk.url}/healthz", timeout=5).json()["server"] is True)


if __name__ == "__main__":
    # Or thousands of bad jobs would take hours. Nothing else differs.
    print_jobs.FINISH_SECONDS = 0.3
    print_jobs.TRY_SECONDS = 0.1
    cable.ANSWER_SECONDS = 0.04  # type: ignore[misc]
    sys.exit(main())
