"""What a test needs of the machine: absent → the test skips and says what to install; under CI it fails."""

from __future__ import annotations

import glob
import os
import shutil

import pytest

_INSTALL = {
    "chromium": "apt-get install chromium",
    "chromium-headless-shell": "apt-get install chromium-headless-shell",
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


def need(program: str, *instead: str) -> str:
    """The path of ``program``, or of what will do ``instead``.

    Skips the test where all are absent, or fails it under ``CI``.
    """
    found = next(filter(None, map(_path, (program, *instead))), None)
    if found is None:
        message = f"{program} is not installed: {_INSTALL.get(program, f'install {program}')}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def _path(program: str) -> str | None:
    # Debian keeps the PostgreSQL server's programs out of PATH.
    elsewhere = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)
    return shutil.which(program) or next(iter(elsewhere), None)
