"""The simulator's control and ports, and both programs run as they are run in an office."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from firmware_bridge.config import PortSettings
from firmware_bridge.simulator import NothingToSimulate, Simulator
from firmware_bridge.simulator_control import MAX_BODY, Control
from server.sdk.settings import check
from tests.firmware_bridge.far_ends import PressServer, eventually
from tests.programs import READY_SECONDS, free_port

DEVICES = [
    {"address": 1, "kind": "pad", "desk": "zarechny-1", "keys": [1, 3, 5]},
    {"address": 2, "kind": "sign", "desk": "zarechny-1"},
]


def ask(url: str, body: object = None, raw: bytes | None = None, **headers: str) -> tuple[int, Any, Any]:
    """Status, JSON and headers of an answer."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    wanted = {"Content-Type": "application/json"} | {name.replace("_", "-"): v for name, v in headers.items()}
    request = urllib.request.Request(url, data, wanted)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.loads(answer.read()), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read()), error.headers


@pytest.fixture
def port(tmp_path: Path) -> PortSettings:
    return check(PortSettings, {"path": str(tmp_path / "ports" / "line"), "devices": DEVICES}, "test")


@pytest.fixture
def control(port: PortSettings) -> Iterator[Control]:
    simulator = Simulator([port])
    made = Control(simulator, 0)
    made.start()
    yield made
    made.stop()
    simulator.stop()


def test_the_control_lists_what_every_device_is_and_shows(control: Control, port: PortSettings) -> None:
    status, told, _ = ask(f"{control.url}/devices")
    assert status == 200
    pad, sign = told["devices"]
    assert (pad["port"], pad["address"], pad["kind"], pad["keys"]) == (port.path, 1, "pad", [1, 3, 5])
    assert (pad["pad"], pad["lights"], pad["pending"], pad["lost"]) == ("asleep", [], 0, 0)
    assert (sign["kind"], sign["desk"], sign["text"], sign["mode"]) == ("sign", "zarechny-1", "", "off")


def test_a_pressed_key_thanks_and_waits_for_the_bridge(control: Control) -> None:
    assert ask(f"{control.url}/press", {"desk": "zarechny-1", "key": 3})[:2] == (
        202,
        {"desk": "zarechny-1", "key": 3},
    )
    pad = ask(f"{control.url}/devices")[1]["devices"][0]
    assert (pad["pad"], pad["lights"], pad["pending"]) == ("thanks", [3], 1)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"desk": "zarechny-1", "key": 4}', 404),
        (b'{"desk": "zarechny-1", "key": 0}', 404),
        (b'{"desk": "zarechny-9", "key": 1}', 404),
        (b'{"desk": "zarechny-1", "key": "1"}', 422),
        (b'{"desk": "zarechny-1", "key": true}', 422),
        (b'{"key": 1}', 422),
        (b"[]", 422),
        (b"\xff", 422),
        (b"", 422),
        (b" " * (MAX_BODY + 1), 413),
    ],
)
def test_a_bad_press_is_refused_with_a_reason_and_presses_nothing(
    control: Control, raw: bytes, status: int
) -> None:
    answered, told, _ = ask(f"{control.url}/press", raw=raw)
    assert answered == status
    assert told["detail"]
    assert ask(f"{control.url}/devices")[1]["devices"][0]["pending"] == 0


def test_a_form_from_a_foreign_page_presses_nothing(control: Control) -> None:
    body = {"desk": "zarechny-1", "key": 1}
    assert ask(f"{control.url}/press", body, Content_Type="text/plain")[0] == 415
    for origin, may in (
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://127.0.0.1.example", False),
        ("https://example.com", False),
    ):
        headers = ask(f"{control.url}/devices", Origin=origin)[2]
        assert (headers["Access-Control-Allow-Origin"] == origin) is may


def test_unknown_addresses_say_what_there_is(control: Control) -> None:
    assert ask(f"{control.url}/nothing")[0] == 404
    assert ask(f"{control.url}/device", {})[0] == 404


def fetch(control: Control, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(control.url).netloc, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_a_page_draws_the_devices(control: Control) -> None:
    assert '<main id="desks">' in fetch(control, "/")[1]
    assert fetch(control, "/page/page.js")[0] == 200
    assert fetch(control, "/shared/tokens.css")[0] == 200


@pytest.mark.parametrize(
    "path", ["/page/../agent.py", "/shared/../../config.py", "/page/", "/shared//etc/passwd"]
)
def test_the_page_gives_no_file_from_outside_its_folders(control: Control, path: str) -> None:
    assert fetch(control, path)[0] == 404


def test_the_link_is_renewed_over_a_stale_one_and_removed_at_the_end(port: PortSettings) -> None:
    path = Path(port.path)
    path.parent.mkdir()
    path.symlink_to("/dev/pts/gone")
    simulator = Simulator([port])
    assert path.is_char_device()
    simulator.stop()
    assert not path.is_symlink()


def test_a_real_file_is_never_replaced(port: PortSettings) -> None:
    path = Path(port.path)
    path.parent.mkdir()
    path.write_text("precious")
    with pytest.raises(FileExistsError, match="give the simulator another path"):
        Simulator([port])
    assert path.read_text() == "precious"


class Programs:
    """talon-bridge and the simulator as processes of their own, with one pad."""

    def __init__(self, port: PortSettings, folder: Path) -> None:
        self.server = PressServer()
        self.server.open()
        self.page = free_port()
        self.file = folder / "bridge.toml"
        self.file.write_text(
            f"""
            server = {{ url = "{self.server.url}", token = "secret" }}
            bridge = {{ office = "zarechny", state_folder = "{folder / "state"}", port = {self.page} }}
            [[ports]]
            path = "{port.path}"
            [[ports.devices]]
            address = 1
            kind = "pad"
            desk = "zarechny-1"
            """,
            "utf-8",
        )
        self.url = f"http://127.0.0.1:{free_port()}"
        self.running: list[subprocess.Popen[str]] = []
        self.start("firmware_bridge.simulator", "--control", self.url.rsplit(":", 1)[1])
        self.bridge = self.start("firmware_bridge")

    def start(
        self, module: str, *arguments: str, environment: dict[str, str] | None = None
    ) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", module, "--config", str(self.file), *arguments]
        program = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env=os.environ | (environment or {})
        )
        self.running.append(program)
        return program

    def press(self) -> bool:
        try:
            return ask(f"{self.url}/press", {"desk": "zarechny-1", "key": 5})[0] == 202
        except urllib.error.URLError:
            return False

    def pending(self) -> int:
        return int(ask(f"{self.url}/devices")[1]["devices"][0]["pending"])

    def close(self) -> None:
        for program in self.running:
            program.kill()
            program.communicate()
        self.server.close()


@pytest.fixture
def programs(port: PortSettings, tmp_path: Path) -> Iterator[Programs]:
    made = Programs(port, tmp_path)
    yield made
    made.close()


def test_both_programs_serve_a_press_and_end_with_0_on_sigterm(programs: Programs) -> None:
    eventually(programs.press, seconds=20)
    eventually(lambda: programs.server.scores() == [("zarechny-1", 5)], seconds=20)
    for program in programs.running:
        program.send_signal(signal.SIGTERM)
    told = [program.stderr.read() for program in programs.running if program.stderr]
    assert [program.wait(timeout=20) for program in programs.running] == [0, 0]
    assert [text for text in told if "Traceback" in text or "secret" in text] == []


def test_a_press_with_a_receipt_outlives_a_killed_bridge_and_is_handed_in_once(programs: Programs) -> None:
    programs.server.close()
    eventually(programs.press, seconds=20)
    eventually(lambda: programs.pending() == 0, seconds=20)
    programs.bridge.kill()
    programs.bridge.wait()
    programs.server.open()
    programs.start("firmware_bridge")
    programs.server.wait(lambda: len(programs.server.taken) == 1)
    assert programs.press()
    programs.server.wait(lambda: len(programs.server.taken) == 2)
    assert len(programs.server.bodies) == 2


def test_the_bridge_shows_its_devices_on_its_page(programs: Programs) -> None:
    def health() -> dict[str, Any]:
        try:
            found: dict[str, Any] = ask(f"http://127.0.0.1:{programs.page}/healthz")[1]
        except urllib.error.URLError:
            return {}
        return found

    eventually(lambda: health() and health()["ports"][0]["devices"][0]["state"] == "online", seconds=20)
    with urllib.request.urlopen(f"http://127.0.0.1:{programs.page}/?language=en", timeout=5) as page:
        assert "zarechny-1" in page.read().decode()


def test_the_server_is_told_how_the_devices_stand(programs: Programs) -> None:
    def answers() -> bool:
        reports = programs.server.reports
        return bool(reports) and [part["state"] for part in reports[-1]["parts"]] == ["ok"]

    eventually(answers, seconds=20)
    assert programs.server.reports[-1]["kind"] == "bridge"


def test_a_taken_page_port_costs_the_page_its_place_but_no_press(programs: Programs) -> None:
    programs.bridge.kill()
    programs.bridge.wait()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", programs.page))
        squatter.listen()
        second = programs.start("firmware_bridge")
        assert second.stderr is not None
        told = next(line for line in second.stderr if "the page cannot be" in line)
        eventually(programs.press, seconds=20)
        programs.server.wait(lambda: len(programs.server.taken) == 1)
        second.send_signal(signal.SIGTERM)
        second.communicate(timeout=20)
    assert f"127.0.0.1 port {programs.page}" in told
    assert "end the program that has the port" in told


def test_systemd_hears_that_the_bridge_is_ready_alive_and_ending(programs: Programs, tmp_path: Path) -> None:
    programs.bridge.kill()
    programs.bridge.wait()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(READY_SECONDS)
        watched = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "600000"}
        bridge = programs.start("firmware_bridge", environment=watched)
        assert systemd.recv(100) == b"READY=1\nWATCHDOG=1"
        assert systemd.recv(100) == b"WATCHDOG=1"
        bridge.send_signal(signal.SIGTERM)
        told = b""
        while told != b"STOPPING=1":
            told = systemd.recv(100)
        assert bridge.wait(timeout=20) == 0


def test_lines_of_other_protocols_are_not_simulated_and_nothing_to_simulate_is_told(
    port: PortSettings, caplog: pytest.LogCaptureFixture
) -> None:
    pad = {"address": 0x20, "kind": "pad", "desk": "zarechny-1"}
    old = check(PortSettings, {"path": "/dev/none", "protocol": "buttons-01-07", "devices": [pad]}, "test")
    simulator = Simulator([port, old])
    assert {device["port"] for device in simulator.devices()} == {port.path}
    assert "/dev/none is not simulated" in caplog.text
    simulator.stop()
    with pytest.raises(NothingToSimulate, match="no port of protocol talon"):
        Simulator([old])
