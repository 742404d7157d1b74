"""Wires: the serial one on a pseudo-terminal and its remembering twin pass the same tests."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware_bridge import transport
from firmware_bridge.transport import PortFault, PortState, RememberedWire, SerialWire, Wire


class Bench:
    """A wire and a hand on its far end."""

    def __init__(
        self, wire: Wire, far_write: Callable[[bytes], object], far_read: Callable[[], bytes]
    ) -> None:
        self.wire = wire
        self.far_write = far_write
        self.far_read = far_read


@pytest.fixture(params=["serial", "remembered"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "remembered":
        twin = RememberedWire()
        yield Bench(twin, twin.hear, lambda: bytes(twin.written))
        return
    master, slave = os.openpty()
    tty.setraw(slave)
    wire = SerialWire(os.ttyname(slave), 57600)
    yield Bench(wire, lambda data: os.write(master, data), lambda: os.read(master, 100))
    wire.close()
    for end in (slave, master):
        os.close(end)


def test_bytes_go_both_ways(bench: Bench) -> None:
    bench.wire.open()
    bench.wire.write(b"\x7e\x00\xff\x11\x13\r\n")
    assert bench.far_read() == b"\x7e\x00\xff\x11\x13\r\n"
    bench.far_write(b"\x7e\x7d\x03\x04\x1a\r")
    assert bench.wire.read(5) == b"\x7e\x7d\x03\x04\x1a\r"


def test_reading_ends_when_its_time_is_over(bench: Bench) -> None:
    bench.wire.open()
    assert bench.wire.read(0) == b""
    assert bench.wire.read(0.01) == b""


def test_a_waiting_read_is_woken_from_another_thread(bench: Bench) -> None:
    bench.wire.open()
    bell = threading.Timer(0.02, bench.wire.wake)
    bell.start()
    begin = time.monotonic()
    assert bench.wire.read(30) == b""
    assert time.monotonic() - begin < 10
    bell.join()


def test_a_wake_before_the_read_is_not_lost(bench: Bench) -> None:
    bench.wire.open()
    for _ in range(3):
        bench.wire.wake()
    begin = time.monotonic()
    assert bench.wire.read(30) == b""
    assert time.monotonic() - begin < 10
    assert bench.wire.read(0) == b""


def test_a_wire_not_open_says_so_and_may_be_woken_or_closed_at_any_time(bench: Bench) -> None:
    bench.wire.wake()
    bench.wire.close()
    for act in (lambda: bench.wire.read(0), lambda: bench.wire.write(b"x")):
        with pytest.raises(PortFault, match="not open"):
            act()
    bench.wire.open()
    bench.wire.close()
    bench.wire.close()
    bench.wire.open()
    bench.wire.write(b"again")
    assert bench.far_read() == b"again"


def test_the_twin_fails_while_unplugged_and_works_after() -> None:
    twin = RememberedWire()
    twin.open()
    twin.unplug()
    with pytest.raises(PortFault, match="unplugged"):
        twin.read(0)
    with pytest.raises(PortFault, match="unplugged"):
        twin.open()
    twin.unplug(None)
    twin.open()
    twin.write(b"x")


def test_a_port_has_one_owner() -> None:
    master, slave = os.openpty()
    path = os.ttyname(slave)
    first, second = SerialWire(path, 57600), SerialWire(path, 57600)
    first.open()
    with pytest.raises(PortFault, match=r"belongs to another program.*: stop"):
        second.open()
    first.close()
    second.open()
    second.close()
    os.close(slave)
    os.close(master)


def test_an_unplugged_port_is_a_fault_with_its_cure() -> None:
    master, slave = os.openpty()
    wire = SerialWire(os.ttyname(slave), 57600)
    wire.open()
    os.close(slave)
    os.close(master)
    with pytest.raises(PortFault, match="check its cable"):
        wire.read(5)
    with contextlib.suppress(PortFault):
        wire.write(b"x")
    wire.close()


@pytest.mark.parametrize(
    ("make", "cure"),
    [
        (lambda path: None, "plug the device in, or correct the path"),
        (lambda path: path.write_text("a file"), "check that it is a serial port"),
    ],
)
def test_a_port_that_cannot_be_opened_is_named_with_its_cure(
    make: Callable[[Path], object], cure: str, tmp_path: Path
) -> None:
    path = tmp_path / "port"
    make(path)
    with pytest.raises(PortFault, match=cure) as fault:
        SerialWire(str(path), 57600).open()
    assert str(path) in str(fault.value)


class UsbPort:
    """What the system lists about a serial port."""

    def __init__(self, device: str, serial_number: str | None) -> None:
        self.device = device
        self.serial_number = serial_number


def test_a_port_named_by_its_serial_number_is_found_wherever_it_is_plugged_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    there: list[UsbPort] = [UsbPort("/dev/ttyS0", None), UsbPort("/dev/ttyUSB7", "B2")]
    monkeypatch.setattr(transport.list_ports, "comports", lambda: there)
    wire = SerialWire("", 57600, usb_serial="A1")
    assert wire.path == "USB A1"
    with pytest.raises(PortFault, match=r"USB A1 is not there: plug.*there now: B2") as fault:
        wire.open()
    assert fault.value.state is PortState.MISSING
    there.append(UsbPort(os.ttyname(slave), "A1"))
    wire.open()
    assert wire.path == os.ttyname(slave)
    wire.write(b"x")
    assert os.read(master, 10) == b"x"
    wire.close()
    there.append(UsbPort("/dev/ttyUSB9", "A1"))
    with pytest.raises(PortFault, match="have the same serial number: name the port by `path`") as fault:
        wire.open()
    assert fault.value.state is PortState.AMBIGUOUS
    os.close(slave)
    os.close(master)


def test_a_busy_port_is_told_with_the_program_that_has_it() -> None:
    master, slave = os.openpty()
    path = os.ttyname(slave)
    holder = [
        sys.executable,
        "-c",
        "import serial, sys; port = serial.Serial(sys.argv[1], exclusive=True); print('has it', flush=True); "
        "sys.stdin.read()",
        path,
    ]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdin is not None
        assert owner.stdout.readline() == b"has it\n"
        with pytest.raises(PortFault, match=rf"another program.*\({owner.pid}\): stop") as fault:
            SerialWire(path, 57600).open()
        assert fault.value.state is PortState.BUSY
        owner.stdin.close()
    os.close(slave)
    os.close(master)
