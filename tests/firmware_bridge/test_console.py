"""The installer's errands: talk to devices by hand, record a line, read the recording."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from firmware_bridge import recording
from firmware_bridge.__main__ import main
from firmware_bridge.catalog import Said
from firmware_bridge.config import PortSettings
from firmware_bridge.console import BadCommand, talk, understood
from firmware_bridge.decoding import decoded
from firmware_bridge.recording import RecordedWire, head
from firmware_bridge.simulator import Simulator
from firmware_bridge.transport import PortFault, RememberedWire, SerialWire
from tests.firmware_bridge.far_ends import eventually

PROTOCOL = Path(recording.__file__).with_name("PROTOCOL.md").read_text("utf-8")
AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def test_a_pad_is_greeted_armed_and_asked_by_hand(tmp_path: Path) -> None:
    path = str(tmp_path / "pad")
    devices = [{"address": 1, "kind": "pad", "desk": "zarechny-1"}]
    simulator = Simulator([PortSettings.model_validate({"path": path, "devices": devices})])
    answers = io.StringIO()

    class Typed(io.StringIO):
        """What a person types, each line after the device's answer to the one before."""

        answers_before: ClassVar = {"pad armed 30\n": 1, "quit\n": 2}

        def __next__(self) -> str:
            line = super().__next__()
            eventually(lambda: answers.getvalue().count("\n< ") >= self.answers_before.get(line, 0))
            return line

    try:
        talk(SerialWire(path, 57600), Typed("hello\npad armed 30\nnonsense\nquit\n"), answers)
        said = answers.getvalue()
        assert "> address=1 sequence=1 hello version=1 oldest=1 line=1" in said
        assert re.search(r"< address=1 sequence=1 identity version=1 kind=1 .*firmware=256", said)
        assert "< address=1 sequence=2 done" in said
        assert simulator.devices()[0]["pad"] == "armed"
    finally:
        simulator.stop()


@pytest.mark.parametrize(
    ("line", "address", "said"),
    [
        ("hello", 1, Said("hello", {"version": 1, "oldest": 1, "line": 1})),
        ("poll 7", 7, Said("poll")),
        ("show 2 blink А 123", 2, Said("show", {"mode": 2}, "А 123")),
        ("show off", 1, Said("show", {"mode": 0}, "")),
        ("pad asleep", 1, Said("pad", {"state": 0, "seconds": 0})),
        ("pad 3 armed 0x1E", 3, Said("pad", {"state": 1, "seconds": 30})),
        ("taken 42 7", 1, Said("taken", {"boot": 42, "counter": 7})),
        ("taken 5 42 7", 5, Said("taken", {"boot": 42, "counter": 7})),
        ("", 1, None),
    ],
)
def test_what_is_typed_is_understood(line: str, address: int, said: Said | None) -> None:
    assert understood(line) == (address, said)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("greet", "hello"),
        ("poll 33", "addresses are 1…32"),
        ("pad armed soon", "soon is not a number"),
        ("show bright", "off|steady|blink"),
    ],
)
def test_what_is_not_understood_is_told_with_what_can_be_typed(line: str, told: str) -> None:
    with pytest.raises(BadCommand, match=re.escape(told)):
        understood(line)


def test_a_port_that_cannot_be_opened_ends_the_talk_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["talk", str(tmp_path / "none")]) == 1
    assert "plug the device in" in capsys.readouterr().err


def recorded_wire(folder: Path, protocol: str = "talon") -> tuple[RecordedWire, RememberedWire]:
    twin = RememberedWire()
    line = head("/dev/serial/by-id/usb-pad 1", protocol, 57600)
    wire = RecordedWire(twin, folder, "/dev/serial/by-id/usb-pad 1", line, lambda: AT)
    wire.open()
    return wire, twin


def test_a_recording_holds_every_byte_with_its_moment_and_direction(tmp_path: Path) -> None:
    wire, twin = recorded_wire(tmp_path)
    wire.write(b"\x7e\x00")
    twin.hear(b"\xff")
    assert wire.read(0) == b"\xff"
    assert wire.read(0) == b""
    wire.close()
    file = tmp_path / "dev-serial-by-id-usb-pad-1.line"
    assert file.read_text("ascii").splitlines() == [
        "# line /dev/serial/by-id/usb-pad 1 protocol talon baud 57600",
        "2026-03-02T09:00:00.123456Z > 7E 00",
        "2026-03-02T09:00:00.123456Z < FF",
    ]


def test_a_recording_never_takes_more_than_its_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_BYTES", 2000)
    wire, _ = recorded_wire(tmp_path)
    for _ in range(500):
        wire.write(bytes(10))
    wire.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [
        "dev-serial-by-id-usb-pad-1.line",
        "dev-serial-by-id-usb-pad-1.line.1",
    ]
    assert sum(file.stat().st_size for file in files) < 4500
    assert all(file.read_text("ascii").startswith("# line ") for file in files)


def test_a_disk_that_takes_no_recording_does_not_stop_the_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    wire, twin = recorded_wire(tmp_path / "file")
    wire.write(b"1")
    wire.write(b"2")
    assert bytes(twin.written) == b"12"
    assert caplog.text.count("no longer recorded") == 1


def test_the_decoded_recording_in_the_document_is_what_the_program_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = dict(re.findall(r"```(recording|decoded)\n(.*?)```", PROTOCOL, re.DOTALL))
    file = tmp_path / "line"
    file.write_text(blocks["recording"], "ascii")
    assert main(["decode", str(file)]) == 0
    assert capsys.readouterr().out == blocks["decoded"]


def test_recordings_of_other_equipment_are_told_too() -> None:
    text = "# line /dev/x protocol buttons-01-07 baud 57600\nT < 01 20\nT < 35 07 FF\nT > 01 20 32 07\n"
    assert list(decoded(text)) == [
        "T device address=20 key=35",
        "T device garbage: 0 frame(s) spoiled, 1 byte(s) of noise",
        "T host   01 20 32 07",
    ]
    assert list(decoded("# line /dev/x protocol modbus baud 9600\nT > 01 03\n")) == ["T host   01 03"]


@pytest.mark.parametrize("text", ["hello\n", "T ? 00\n", "T > 0G\n", "T > 000\n"])
def test_what_is_no_recording_is_told_with_its_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "line"
    file.write_text(text, "ascii")
    assert main(["decode", str(file)]) == 1
    assert "line 1" in capsys.readouterr().err


def test_a_bridge_without_settings_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 2
    assert "--config FILE is missing" in capsys.readouterr().err


def test_an_unplugged_line_ends_the_listening_not_the_program() -> None:
    twin, answers = RememberedWire(), io.StringIO()

    class Typed(io.StringIO):
        def __next__(self) -> str:
            twin.unplug("unplugged: check its cable")
            eventually(lambda: "check its cable" in answers.getvalue())
            return super().__next__()

    with pytest.raises(PortFault):
        talk(twin, Typed("poll\n"), answers)
