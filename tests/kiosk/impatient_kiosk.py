"""The kiosk program with other waits for its printer: python -m tests.kiosk.impatient_kiosk 0.3 0.04 …"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import requests

from kiosk import cable, print_jobs
from kiosk.__main__ import main
from tests.programs import Program, Programs, free_port, toml


def start(
    programs: Programs,
    server: str,
    printer: Mapping[str, Any],
    finish_seconds: float = print_jobs.FINISH_SECONDS,
    answer_seconds: float = cable.ANSWER_SECONDS,
) -> Program:
    """Start it as a child process with these settings of the printer, in contact with ``server``.

    A printer that cannot be reached is given up soon; how long a silent one is waited for is to choose.
    """
    port = free_port()
    values = {
        "server": {"url": server, "token": "token-of-a-test"},
        "kiosk": {"office": "zarechny", "port": port, "state_folder": str(programs.folder / "kiosk")},
        "printer": {"look_seconds": 1, **printer},
    }
    settings = programs.folder / "kiosk.toml"
    settings.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()), "utf-8")
    command = [sys.executable, "-m", "tests.kiosk.impatient_kiosk", str(finish_seconds), str(answer_seconds)]
    command += ["--config", str(settings)]
    kiosk = programs._keep(Program("kiosk", command, programs.folder, f"http://127.0.0.1:{port}", settings))
    return kiosk.wait_ready(lambda: requests.get(f"{kiosk.url}/healthz", timeout=5).json()["server"] is True)


if __name__ == "__main__":
    print_jobs.TRY_SECONDS = 0.1
    print_jobs.FINISH_SECONDS, cable.ANSWER_SECONDS = map(float, sys.argv[1:3])  # type: ignore[misc]
    sys.exit(main(sys.argv[3:]))
