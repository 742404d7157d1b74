"""What a test needs of the machine: absent → the test skips and says what to install; under CI it fails."""

from __future__ import annotations

import glob
import os
import shutil

import pytest

_INSTALL = {
    "chromium": "apt-get install chromium",
    "espeak-ng": "apt-get install espeak-ng",
    "initdb": "apt-get install postgresql",
    "redis-server": "apt-get install redis-server",
    "node": "apt-get install nodejs",
    "gcc": "apt-get install gcc libc6-dev",
    "avr-gcc": "apt-get install gcc-avr avr-libc",
    "pdftotext": "apt-get install poppler-utils",
    "systemd-analyze": "apt-get install systemd",
    "simavr": "apt-get install simavr libsimavr-dev libelf-dev",
}


def need(program: str) -> str:
    """The path of ``program``. Skips the test where it is absent, or fails it under ``CI``."""
    found = shutil.which(program)
    if found is None:
        # Debian keeps the PostgreSQL server's programs out of PATH.
        found = next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)), None)
    if found is None:
        message = f"{program} is not installed: {_INSTALL.get(program, f'install {program}')}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found
