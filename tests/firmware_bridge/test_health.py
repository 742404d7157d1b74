"""How ports and devices stand: a code and a sentence with the cure for each, as data and as a page."""

from __future__ import annotations

import errno
import json
import os
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firmware_bridge import health, transport
from firmware_bridge.agent import Agent
from firmware_bridge.config import Config, DeviceSettings
from firmware_bridge.line_protocol import Facts, State
from firmware_bridge.port import DeviceStanding, PortStanding
from firmware_bridge.transport import PortState, SerialWire
from firmware_bridge.web import create_app
from server.sdk import catalogues
from server.sdk.client import TalonClient
from server.sdk.messages import LANGUAGES
from server.sdk.settings import check
from server.sdk.terminal_messages import DevicePart
from tests.firmware_bridge.far_ends import PressServer, RememberedFeed, eventually

PAD = DeviceSettings.model_validate({"address": 1, "kind": "pad", "desk": "zarechny-1"})


def port(state: PortState = PortState.OPEN, device: State = State.ONLINE, **facts: Any) -> PortStanding:
    devices = (DeviceStanding(PAD, device, Facts(**facts)),)
    return PortStanding("/dev/pads", "/dev/pads", "talon", state, "", devices)


def told(one: PortStanding, language: str = "en", online: bool | None = True) -> dict[str, Any]:
    return health.report("zarechny", online, 0, [one], 100.0, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_sentence_of_its_own_in_every_language(language: str) -> None:
    words = catalogues.words("bridge", language)
    for sentences, states in ((health.PORTS, PortState), (health.DEVICES, State)):
        assert set(sentences) == set(states)
        shown = [words.gettext(sentence) for sentence in sentences.values()]
        assert len(set(shown)) == len(shown)
        if language != "en":
            assert not set(shown) & set(sentences.values())


def test_a_report_is_data_that_json_can_carry_and_holds_what_devices_told() -> None:
    report = told(port(heard_at=98.5, unit=42, firmware="1.0", version=1, lost=3, bad_frames=2))
    assert json.loads(json.dumps(report)) == report
    assert report["status"] == "ok"
    device = report["ports"][0]["devices"][0]
    assert device == {
        "address": 1,
        "kind": "pad",
        "desk": "zarechny-1",
        "state": "online",
        "level": "fine",
        "cure": "Answers.",
        "heard_seconds_ago": 1.5,
        "unit": "0000002a",
        "firmware": "1.0",
        "version": 1,
        "lost_presses": 3,
        "bad_frames": 2,
    }


@pytest.mark.parametrize("state", [state for state in State if state not in (State.ONLINE, State.ONE_WAY)])
def test_a_device_that_needs_somebody_is_trouble(state: State) -> None:
    report = told(port(device=state))
    unsettled = state is State.UNKNOWN
    assert report["status"] == ("ok" if unsettled else "trouble")
    assert report["ports"][0]["devices"][0]["level"] == ("unsettled" if unsettled else "fault")


@pytest.mark.parametrize("state", [state for state in PortState if state is not PortState.OPEN])
def test_devices_behind_a_closed_port_stand_as_their_port(state: PortState) -> None:
    report = told(port(state=state))
    found = report["ports"][0]
    assert found["devices"][0]["state"] == found["state"] == state.value
    assert found["devices"][0]["cure"] == found["cure"]


def test_a_server_out_of_reach_is_trouble() -> None:
    assert told(port(), online=False)["status"] == "trouble"
    assert told(port(), online=None)["status"] == "ok"


def test_the_server_is_told_every_device_and_every_port_with_a_fault() -> None:
    report = told(port(device=State.SILENT))
    assert health.parts(report, "ru") == [
        DevicePart(name="zarechny-1 Пульт оценки 1", state="fault", fault=str(health.DEVICES[State.SILENT]))
    ]
    assert [part.state for part in health.parts(told(port()), "ru")] == ["ok"]
    assert [part.name for part in health.parts(told(port(state=PortState.MISSING)), "ru")] == [
        "/dev/pads",
        "zarechny-1 Пульт оценки 1",
    ]


class Line:
    """A pseudo-terminal that nobody answers, and the bridge on it."""

    def __init__(self, folder: Path, path: str | None = None) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path = path or os.ttyname(self.slave)
        self.server = PressServer()
        values = {
            "server": {"url": "http://127.0.0.1:9", "token": "secret"},
            "bridge": {"office": "zarechny", "state_folder": str(folder / "state")},
            "ports": [{"path": self.path, "devices": [PAD.model_dump(include={"address", "kind", "desk"})]}],
        }
        self.config = check(Config, values, "test")
        self.agent = Agent(
            self.config,
            TalonClient("http://127.0.0.1:9", "secret"),
            RememberedFeed,
            lambda port: SerialWire(port.path, port.baud),
            time.monotonic,
        )
        self.site = create_app(self.agent, "127.0.0.1").test_client()

    def device(self) -> dict[str, Any]:
        found: dict[str, Any] = self.site.get("/healthz").get_json()["ports"][0]["devices"][0]
        return found

    def stop(self) -> None:
        self.agent.stop()
        for end in (self.master, self.slave):
            os.close(end)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    made = Line(tmp_path)
    yield made
    made.stop()


def test_a_device_that_does_not_answer_is_silent_with_its_cure(line: Line) -> None:
    line.agent.start()
    eventually(lambda: line.device()["state"] == "silent")
    assert "check its power, its cable, its address" in line.device()["cure"]


def test_a_port_that_is_not_there_is_told_and_comes_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "pads"
    line = Line(tmp_path, str(path))
    line.agent.start()
    eventually(lambda: line.device()["state"] == "port_missing")
    path.symlink_to(os.ttyname(line.slave))
    eventually(lambda: line.device()["state"] == "silent")
    line.stop()


def test_a_port_of_another_program_is_told_with_the_programs_name(line: Line) -> None:
    owner = SerialWire(line.path, 57600)
    owner.open()
    line.agent.start()
    eventually(lambda: line.device()["state"] == "port_busy")
    assert "belongs to another program" in line.agent.ports[0].report().said
    owner.close()
    eventually(lambda: line.device()["state"] == "silent")


def test_a_port_that_may_not_be_opened_is_told(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_args: object, **_named: object) -> None:
        raise transport.serial.SerialException(errno.EACCES, "Permission denied")

    monkeypatch.setattr(transport.serial, "Serial", forbidden)
    line.agent.start()
    eventually(lambda: line.device()["state"] == "no_permission")
    assert "dialout" in line.device()["cure"]


def test_the_page_tells_every_device_in_the_language_asked_for_and_renews_itself(line: Line) -> None:
    line.agent.start()
    eventually(lambda: line.device()["state"] == "silent")
    for language, word in (("ru", "Не отвечает"), ("kk", "Жауап бермейді"), ("en", "No answer")):
        answer = line.site.get(f"/?language={language}")
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert word in page
        assert f'<html lang="{language}">' in page
        assert 'http-equiv="refresh"' in page
        assert line.path in page
    assert '<html lang="ru">' in line.site.get("/?language=xx").get_data(as_text=True)
    kazakh = line.site.get("/", headers={"Accept-Language": "kk-KZ,kk;q=0.9"}).get_data(as_text=True)
    assert '<html lang="kk">' in kazakh
    for file in ("/page/page.css", "/shared/tokens.css"):
        with line.site.get(file) as answer:
            assert answer.status_code == 200


def test_the_page_never_shows_the_token_and_hears_only_its_own_name(line: Line) -> None:
    for path in ("/", "/healthz"):
        assert "secret" not in line.site.get(path).get_data(as_text=True)
        assert line.site.get(path, headers={"Host": "stranger.example"}).status_code == 400


def test_health_fails_only_while_a_part_hangs(line: Line) -> None:
    assert line.site.get("/healthz").status_code == 503
    line.agent.start()
    eventually(lambda: line.site.get("/healthz").status_code == 200)
    line.agent.ports[0].stop()
    assert line.site.get("/healthz").status_code == 503
