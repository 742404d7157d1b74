"""A port belongs to one server: a second one says so and ends, and takes no request from the first."""

from __future__ import annotations

import subprocess
import sys

import requests

from tests.flow.one_server import OneServer
from tests.programs import READY_SECONDS, ROOT, clean_environment


def test_a_second_server_on_the_same_port_says_so_and_ends(live: OneServer) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "server", "--config", str(live.program.settings)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=clean_environment(),
        timeout=READY_SECONDS,
        check=False,
    )
    assert second.returncode == 2
    assert "cannot listen on 127.0.0.1:" in second.stderr
    assert "free the port, or set [server] port" in second.stderr
    assert requests.get(f"{live.program.url}/healthz", timeout=15).ok
