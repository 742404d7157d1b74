"""Starts the product's real programs as child processes on free ports, and ends what it started."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import requests

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60
END_SECONDS = 15
LOOK_SECONDS = 0.01
FIRST_PORT = 12_000
LEAST_PORTS = 2000
T = TypeVar("T")


def free_port() -> int:
    """A TCP port of this machine that nobody has now, and that the system gives nobody of itself.

    Between the asking and a program's listening, and while a program is dead before it starts again on its
    port, any new connection of the machine may get a port of the system's own range.
    """
    while True:
        port = next(_PORTS)
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port


def _own_ports() -> Iterator[int]:
    """The ports below the system's own, over and over; runs of tests side by side begin far apart."""
    the_systems = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()
    ports = range(FIRST_PORT, max(int(the_systems[0]), FIRST_PORT + LEAST_PORTS))
    first = os.getpid() * 997 % len(ports)
    return itertools.cycle((*ports[first:], *ports[:first]))


_PORTS = _own_ports()


def until(condition: Callable[[], T], what: str, seconds: float = READY_SECONDS) -> T:
    """Wait until ``condition()`` is true and return it; an ``AssertionError`` naming ``what`` otherwise."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not come true in {seconds} s"
        time.sleep(LOOK_SECONDS)
    return found


class Program:
    """One child process with its log; ``url`` is where it serves, ``settings`` its file."""

    def __init__(
        self, name: str, command: list[str], folder: Path, url: str = "", settings: Path | None = None
    ) -> None:
        self.name = name
        self.url = url
        self.settings = settings
        self._command = command
        self._log = folder / f"{name}.log"
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Start it (again): the same settings, the same port."""
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=clean_environment(),
            )

    @property
    def log(self) -> str:
        """Everything it has said so far."""
        return self._log.read_text("utf-8", errors="replace")

    def wait_ready(self, is_ready: Callable[[], bool], seconds: float = READY_SECONDS) -> Self:
        """Wait until ``is_ready()``; fails at once, with the log, when the program has ended instead."""

        def look() -> bool:
            code = self.process.poll()
            assert code is None, f"{self.name} ended with {code} at its start:\n{self.log[-3000:]}"
            try:
                return is_ready()
            except requests.RequestException:
                return False

        until(look, f"{self.name} being ready", seconds)
        return self

    def kill(self) -> None:
        """SIGKILL: no last word, as at a power cut."""
        self.process.kill()
        self.process.wait(END_SECONDS)

    def tell_to_end(self) -> None:
        """SIGTERM, without waiting."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def end(self, seconds: float = END_SECONDS) -> int:
        """SIGTERM, and its exit code; killed and failed when it is not gone in ``seconds``."""
        self.tell_to_end()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(
                f"{self.name} did not end in {seconds} s after SIGTERM:\n{self.log[-3000:]}"
            ) from None


class Programs:
    """The programs of one test, in one folder. As a context manager it ends them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._started: list[Program] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        faults = []
        for program in reversed(self._started):
            program.tell_to_end()
        for program in reversed(self._started):
            try:
                program.end()
            except AssertionError as fault:
                faults.append(str(fault))
        assert not faults or error, "\n".join(faults)

    def server(
        self,
        database_url: str,
        name: str = "server",
        async_mode: str = "eventlet",
        redis_url: str = "",
        module: str = "server",
        **tables: dict[str, object],
    ) -> Program:
        """talon-server on this database, ready to answer; ``tables``: further tables of its settings.

        ``module`` is what to run instead of it.
        """
        port = free_port()
        values = {
            "server": {
                "port": port,
                "async_mode": async_mode,
                "state_folder": str(self.folder / "server"),
                "log_level": "WARNING",
            },
            "database": {"url": database_url},
            "redis": {"url": redis_url},
            **tables,
        }
        program = self._start(name, module, values, f"http://127.0.0.1:{port}")
        return program.wait_ready(lambda: server_ready(program.url))

    def kiosk(self, server: Program, token: str, office: str, printer_port: int) -> Program:
        """talon-kiosk printing to a network printer at ``printer_port``, in contact with the server."""
        port = free_port()
        values = {
            "server": {"url": server.url, "token": token},
            "kiosk": {"office": office, "port": port, "state_folder": str(self.folder / "kiosk")},
            "printer": {"kind": "network", "address": "127.0.0.1", "port": printer_port},
        }
        program = self._start("kiosk", "kiosk", values, f"http://127.0.0.1:{port}")
        return program.wait_ready(lambda: _said(program.url)["server"] is True)

    def display(self, server: Program, token: str, office: str) -> Program:
        """talon-display with voice, in contact with the server."""
        port = free_port()
        values = {
            "server": {"url": server.url, "token": token},
            "display": {"office": office, "port": port, "state_folder": str(self.folder / "display")},
        }
        program = self._start("display", "display", values, f"http://127.0.0.1:{port}")
        return program.wait_ready(lambda: _said(program.url)["online"] is True)

    def bridge(
        self, server: Program, token: str, office: str, desk: str, sign: bool = True
    ) -> tuple[Program, Program]:
        """Simulated pad of ``desk``, with a sign on the same line or none, and talon-bridge in contact."""
        port, page = free_port(), free_port()
        wire = self.folder / "devices" / desk
        values = {
            "server": {"url": server.url, "token": token},
            "bridge": {"office": office, "port": page, "state_folder": str(self.folder / "bridge")},
            "ports": [
                {
                    "path": str(wire),
                    "devices": [
                        {"address": 1, "kind": "pad", "desk": desk},
                        *([{"address": 2, "kind": "sign", "desk": desk}] if sign else []),
                    ],
                }
            ],
        }
        settings = self._write("bridge", values)
        command = [sys.executable, "-m", "firmware_bridge.simulator", "--config", str(settings)]
        command += ["--control", str(port)]
        devices = self._keep(Program("devices", command, self.folder, f"http://127.0.0.1:{port}", settings))
        devices.wait_ready(lambda: wire.exists() and _answers(f"{devices.url}/devices"))
        bridge = self._start("bridge", "firmware_bridge", values, f"http://127.0.0.1:{page}")
        return devices, bridge.wait_ready(lambda: _bridge_in_contact(_said(bridge.url)))

    def _start(self, name: str, module: str, values: dict[str, Any], url: str) -> Program:
        settings = self._write(name, values)
        command = [sys.executable, "-m", module, "--config", str(settings)]
        return self._keep(Program(name, command, self.folder, url, settings))

    def _keep(self, program: Program) -> Program:
        self._started.append(program)
        return program

    def _write(self, name: str, values: dict[str, Any]) -> Path:
        path = self.folder / f"{name}.toml"
        path.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()), "utf-8")
        return path


def command(server: Program, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``talon-server`` with the server's own settings, e.g. ``log verify``, to its end."""
    line = [sys.executable, "-m", "server", "--config", str(server.settings), *arguments]
    return subprocess.run(
        line, capture_output=True, text=True, timeout=60, cwd=ROOT, env=clean_environment(), check=False
    )


def assert_books_are_right(server: Program) -> None:
    """The hash chain of the log is whole, and the kept sums are what the log implies."""
    for check in (["log", "verify"], ["figures", "recompute", "--check"]):
        done = command(server, *check)
        assert done.returncode == 0, f"{' '.join(check)}:\n{done.stdout}{done.stderr}"


class Caller:
    """A client of the server's API: one HTTP connection kept open, one token, one language."""

    def __init__(self, base_url: str, token: str | None = None, language: str = "ru") -> None:
        self._base = f"{base_url}/api/v1/"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Accept-Language"] = language
        if token is not None:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: object) -> requests.Response:
        """GET a path under /api/v1."""
        return self._session.get(self._base + path, params={k: str(v) for k, v in query.items()}, timeout=30)

    def post(self, path: str, body: object = None, key: str | None = None) -> requests.Response:
        """POST JSON to a path under /api/v1, with an Idempotency-Key where given."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._session.post(self._base + path, json=body, headers=headers, timeout=30)

    def events(self, office: str) -> list[dict[str, Any]]:
        """The office's whole raw log, read as NDJSON page by page."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.get(f"offices/{office}/events", after=found[-1]["seq"] if found else 0)
            assert answer.status_code == 200, answer.text
            lines = [json.loads(line) for line in answer.content.decode().splitlines()]
            if not lines:
                return found
            found += lines

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def server_ready(url: str) -> bool:
    """Whether a server answers that it is ready."""
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{url}/readyz", timeout=2).status_code == 200


def toml(value: object) -> str:
    """A value as TOML on one line: JSON writes strings, numbers and booleans the same way."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def clean_environment() -> dict[str, str]:
    """The environment without what would override a program's settings file."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TALON_")}


def _answers(url: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=2).ok


def _said(url: str) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False
        said: dict[str, Any] = session.get(f"{url}/healthz", timeout=2).json()
        return said


def _bridge_in_contact(said: dict[str, Any]) -> bool:
    devices = [device for port in said["ports"] for device in port["devices"]]
    return said["server"]["online"] is True and all(device["state"] == "online" for device in devices)
