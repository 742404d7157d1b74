"""Reports are made aside, by a child process: a manager's page of a large company holds up no call.

A server of green threads does one thing at a time: a page that takes half a second to make would be waited
for by everybody. The child (``server/aside.py``) runs the same application on the same database with less
priority and answers reports and pages of figures on a socket of its own; this process only passes them on.
While the child starts, or if it cannot be reached, this process makes them itself.
"""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote

from flask import Flask, Response, request

from server.config import RedisSettings, TalonSettings
from server.web.api import PREFIX

_PATHS = ("/today", "/figures", f"{PREFIX}/reports/")
_SECONDS = 120
_AGAIN_SECONDS = 10
"""A child that has ended is started anew, but not more often than this."""
_NOT_PASSED_ON = {"connection", "content-length", "date", "server", "transfer-encoding"}


class Aside:
    """The child: started by the first report anybody asks for."""

    def __init__(self, settings: TalonSettings) -> None:
        # Reports tell nobody any news.
        alone = settings.model_copy(update={"redis": RedisSettings()})
        self._settings = alone.model_dump_json().encode()
        self._child: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._started = 0.0

    def install(self, app: Flask) -> None:
        """Let reports be answered by the child from now on."""
        app.before_request(self._answer)

    def stop(self) -> None:
        """End the child; it would end with this process anyhow."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            assert self._child.stdin is not None
            self._child.stdin.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _answer(self) -> Response | None:
        """The child's answer to the request under way; ``None``: it is for this process."""
        if request.method != "GET" or not request.path.startswith(_PATHS):
            return None
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_SECONDS)
        try:
            line.connect(self._address())
        except OSError:
            line.close()
            self._start()
            return None
        connection = http.client.HTTPConnection("localhost")
        connection.sock = line
        try:
            asked = f"{quote(request.path)}?{request.query_string.decode('latin-1')}"
            connection.request("GET", asked, headers=dict(request.headers))
            answer = connection.getresponse()
            made = Response(answer.read(), answer.status)
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        made.headers.clear()
        for name, value in answer.getheaders():
            if name.lower() not in _NOT_PASSED_ON:
                made.headers.add(name, value)
        return made

    def _address(self) -> str:
        return f"{self._folder}/reports"

    def _start(self) -> None:
        alive = self._child is not None and self._child.poll() is None
        if alive or time.monotonic() < self._started + _AGAIN_SECONDS:
            return
        self._started = time.monotonic()
        shutil.rmtree(self._folder, ignore_errors=True)
        # For this account alone, as mkdtemp makes it.
        self._folder = tempfile.mkdtemp(prefix="talon-")
        self._child = subprocess.Popen(
            [sys.executable, "-m", "server.aside", self._address()], stdin=subprocess.PIPE
        )
        assert self._child.stdin is not None
        # Not as an argument: the settings hold passwords. The line stays open: its end is the child's.
        self._child.stdin.write(self._settings + b"\n")
        self._child.stdin.flush()
