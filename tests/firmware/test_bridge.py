"""The whole talon-bridge, and its port alone, on a pseudo-terminal with the images in simavr behind it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware_bridge.config import PortSettings
from firmware_bridge.journal import Journal
from firmware_bridge.line_protocol import Arm, State
from firmware_bridge.port import Port
from firmware_bridge.transport import SerialWire
from tests.firmware.bench import BAUD, LiveLine, Unit
from tests.firmware.native import Native
from tests.firmware.workshop import Workshop
from tests.programs import Caller, Program, Programs, free_port, toml, until
from tests.working_company import OFFICE, a_working_company

DESK = f"{OFFICE}-5"
ALL_KEYS = {1, 2, 3, 4, 5}
DEVICES = [
    {"address": 1, "kind": "pad", "desk": DESK},
    {"address": 2, "kind": "sign", "desk": DESK},
]
PlugIn = Callable[..., LiveLine]


@pytest.fixture
def plug_in(workshop: Workshop, tmp_path: Path) -> Iterator[PlugIn]:
    """Puts devices on a pseudo-terminal named ``line``."""
    lines = []

    def one(*units: Unit) -> LiveLine:
        lines.append(LiveLine(workshop, list(units), tmp_path / "line"))
        until((tmp_path / "line").exists, "the line being there")
        return lines[-1]

    yield one
    for line in lines:
        line.close()


def test_a_port_greets_arms_and_keeps_each_press_once(plug_in: PlugIn, tmp_path: Path) -> None:
    pad = plug_in(Unit(eeprom=bytes.fromhex("0000002A")))
    settings = PortSettings.model_validate({"path": str(tmp_path / "line"), "devices": DEVICES[:1]})
    journal = Journal(tmp_path / "state")
    port = Port(settings, SerialWire(settings.path, BAUD), journal, lambda: None, lambda desk, action: None)
    port.start()
    try:
        until(lambda: port.states[1] is State.ONLINE, "the pad being greeted")
        port.want(1, Arm(True))
        until(lambda: pad.seen[0].lamps == ALL_KEYS, "the pad being lit")
        press(pad, 5)
        until(lambda: len(journal.pending()) == 1, "the press being on disk")
        press(pad, 2)
        until(lambda: len(journal.pending()) == 2, "the next one being on disk")
        pad.tell("hang 0")
        until(lambda: pad.seen[0].resets == 2, "the watchdog")
        until(lambda: pad.seen[0].lamps == ALL_KEYS, "the pad being lit again")
    finally:
        port.stop()
    assert [press.score for press in journal.pending()] == [5, 2]
    journal.close()


def test_from_a_called_number_to_a_rating_by_the_whole_program(
    plug_in: PlugIn, natives: dict[str, Native], tmp_path: Path
) -> None:
    company = a_working_company(f"sqlite:///{tmp_path}/talon.sqlite")
    hall = plug_in(Unit(), Unit("desk_sign_matrix", 1))
    pad, sign = hall.seen
    with Programs(tmp_path) as programs:
        server = programs.server(company.database_url)
        bridge = start_bridge(tmp_path, server.url, company.devices["bridge"])
        try:
            until(lambda: all(f"address {n}) is online" in bridge.log for n in (1, 2)), "both being greeted")
            with Caller(server.url, company.devices["kiosk"]) as kiosk:
                number = kiosk.post(f"offices/{OFFICE}/tickets", {"service": "contract"}).json()["number"]
            with Caller(server.url, company.people["operator-5"]) as operator:
                do(operator, "open", "call-next")
                wanted = natives["matrix"].picture(number)
                until(lambda: sign.picture == wanted, "the number on the sign")
                do(operator, "start", "finish")
            until(lambda: pad.lamps == ALL_KEYS, "the pad being lit")
            # The visitor presses while the bridge is away: the pad keeps it.
            bridge.end()
            press(hall, 4)
            bridge.start()
            with Caller(server.url, company.devices["audit"]) as auditor:
                rated = until(lambda: ratings(auditor), "the rating in the log")
                until(lambda: pad.lamps == set(), "the pad being asleep")
                assert ratings(auditor) == rated
            assert len(rated) == 1
        finally:
            bridge.end()
    # Who may speak when is proven in the devices' own time (every bench of this folder): on a busy machine
    # they are late by the clock of the bridge.
    assert {*pad.faults, *sign.faults} <= {"speaks while the host does"}


def press(line: LiveLine, key: int) -> None:
    """A finger is on a key of the first device until its lamp says thank you."""
    pad = line.seen[0]
    before = len(pad.lit_since)
    line.touch(key, True)
    until(lambda: pad.showed({key}, before), "thanks")
    line.touch(key, False)


def do(operator: Caller, *deeds: str) -> None:
    """What an operator does at the desk."""
    for deed in deeds:
        answer = operator.post(f"desks/{DESK}/{deed}")
        assert answer.status_code == 200, answer.text


def ratings(auditor: Caller) -> list[object]:
    """The ratings of the office's log."""
    return [event["payload"] for event in auditor.events(OFFICE) if event["kind"] == "rated"]


def start_bridge(folder: Path, server: str, token: str) -> Program:
    """talon-bridge on the line of pad and sign."""
    values = {
        "server": {"url": server, "token": token},
        "bridge": {"office": OFFICE, "port": free_port(), "state_folder": str(folder / "bridge")},
        "ports": [{"path": str(folder / "line"), "devices": DEVICES}],
    }
    settings = folder / "bridge.toml"
    settings.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()), "utf-8")
    return Program("bridge", [sys.executable, "-m", "firmware_bridge", "--config", str(settings)], folder)
