"""systemd hears that the program is ready and alive while its page answers, and nothing while it does not."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.sdk.watchdog import Watchdog
from tests.kiosk.stub_queue import StubQueue
from tests.programs import Program, free_port, toml

LIMIT_USEC = "1500000"


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket at which systemd listens, named in the environment as systemd does."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        monkeypatch.setenv("WATCHDOG_USEC", LIMIT_USEC)
        yield listening


@pytest.fixture
def kiosk(tmp_path: Path, systemd: socket.socket) -> Iterator[Program]:
    """The program as its unit starts it."""
    with StubQueue() as queue:
        port = free_port()
        values = {
            "server": {"url": queue.url, "token": "t"},
            "kiosk": {"office": "zarechny", "port": port, "state_folder": str(tmp_path / "kiosk")},
        }
        settings = tmp_path / "kiosk.toml"
        settings.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()), "utf-8")
        command = [sys.executable, "-m", "kiosk", "--config", str(settings)]
        program = Program("kiosk", command, tmp_path, f"http://127.0.0.1:{port}", settings)
        yield program
        program.kill()


def heard(systemd: socket.socket) -> str:
    return systemd.recv(200).decode()


def test_the_program_is_ready_when_its_page_answers_and_then_alive_again_and_again(
    systemd: socket.socket, kiosk: Program
) -> None:
    assert heard(systemd) == "READY=1\nWATCHDOG=1"
    assert [heard(systemd) for _ in range(3)] == ["WATCHDOG=1"] * 3
    kiosk.tell_to_end()
    told = heard(systemd)
    while told == "WATCHDOG=1":
        told = heard(systemd)
    assert told == "STOPPING=1"


def test_a_program_that_hangs_says_nothing_more(systemd: socket.socket, kiosk: Program) -> None:
    heard(systemd)
    os.kill(kiosk.process.pid, signal.SIGSTOP)
    os.waitpid(kiosk.process.pid, os.WUNTRACED)  # the last of its threads stands
    systemd.setblocking(False)
    while True:  # what was said before it hung
        try:
            systemd.recv(200)
        except BlockingIOError:
            break
    systemd.settimeout(1.5)
    with pytest.raises(TimeoutError):
        heard(systemd)


def test_a_page_that_does_not_answer_is_no_sign_of_life(systemd: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        watchdog = Watchdog("127.0.0.1", deaf.getsockname()[1])
        watchdog.start()
        systemd.settimeout(1.5)
        with pytest.raises(TimeoutError):
            heard(systemd)
        watchdog.stop()


def test_without_systemd_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    watchdog = Watchdog("127.0.0.1", free_port())
    watchdog.start()
    assert not watchdog._thread.is_alive()
    watchdog.stop()
