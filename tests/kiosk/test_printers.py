"""Real printers and their twin through the same tests; every fault with its cure."""

from __future__ import annotations

import errno
import os
import select
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from escpos.printer import Usb

from kiosk import cable
from kiosk.config import PrinterSettings
from kiosk.preview_printer import PreviewPrinter
from kiosk.printer import (
    FilePrinter,
    NetworkPrinter,
    Printer,
    PrinterFault,
    RememberingPrinter,
    SerialPrinter,
    UsbPrinter,
    make_printer,
)
from kiosk.printer_profile import PROFILES
from kiosk.printer_status import CURES, FULL_STATUS, UNKNOWN, PrinterStatus
from kiosk.rendering import render
from kiosk.ticket_layout import Cut, Text
from kiosk.words import words
from tests.kiosk.printer_port import Port
from tests.printer_sink import WELL, PrinterSink

JOB = render([Text("Талон"), Cut()], PROFILES["80mm"])


@dataclass
class Bench:
    """A printer and how to see what it printed last."""

    printer: Printer
    last: Callable[[int, bytes], bytes]
    talks: bool = True


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that will come is waited for, however busy this machine is."""
    monkeypatch.setattr(cable, "ANSWER_SECONDS", 30)


@pytest.fixture(params=["network", "serial", "device", "file", "remembering"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, patience: None) -> Iterator[Bench]:
    if request.param == "network":
        with PrinterSink() as sink:
            yield Bench(
                NetworkPrinter("127.0.0.1", sink.port, 2), lambda count, _whole: sink.wait_for(count).data
            )
    elif request.param in ("serial", "device"):
        port = Port()
        real = SerialPrinter(port.path, timeout=2) if request.param == "serial" else FilePrinter(port.path, 2)
        yield Bench(real, lambda _count, whole: port.job(whole))
        real.close()
        port.close()
    elif request.param == "file":
        path = tmp_path / "paper"
        yield Bench(FilePrinter(path), lambda _count, _whole: path.read_bytes(), talks=False)
    else:
        twin = RememberingPrinter()
        yield Bench(twin, lambda count, _whole: twin.jobs[count - 1])


def test_a_job_arrives_whole(bench: Bench) -> None:
    bench.printer.open()
    bench.printer.print(JOB)
    bench.printer.close()
    assert bench.last(1, JOB) == JOB


def test_a_printer_works_again_after_it_was_closed(bench: Bench) -> None:
    for count in (1, 2):
        bench.printer.open()
        job = JOB + bytes([count])
        bench.printer.print(job)
        bench.printer.close()
        assert bench.last(count, job) == job


def test_printing_without_opening_is_a_fault_in_words(bench: Bench) -> None:
    with pytest.raises(PrinterFault, match="open it first"):
        bench.printer.print(JOB)


def test_closing_twice_or_unopened_does_no_harm(bench: Bench) -> None:
    bench.printer.close()
    bench.printer.open()
    bench.printer.close()
    bench.printer.close()


def test_what_can_answer_says_that_it_is_ready_and_that_it_is_done(bench: Bench) -> None:
    bench.printer.open()
    before = bench.printer.status()
    bench.printer.print(JOB)
    assert bench.printer.finished(30) is bench.talks
    assert before == bench.printer.status() == (PrinterStatus("ready") if bench.talks else UNKNOWN)
    bench.printer.close()
    assert bench.last(1, JOB) == JOB


def test_a_closed_printer_says_nothing(bench: Bench) -> None:
    assert bench.printer.status() == UNKNOWN
    assert bench.printer.finished(0.1) is False


def test_looking_at_a_plain_file_leaves_the_last_ticket_in_it(tmp_path: Path) -> None:
    path = tmp_path / "paper"
    path.write_bytes(JOB)
    printer = FilePrinter(path)
    printer.open()
    assert printer.status() == UNKNOWN
    printer.close()
    assert path.read_bytes() == JOB


@pytest.mark.parametrize("kind", ["network", "serial", "device"])
@pytest.mark.usefixtures("patience")
def test_paper_out_is_told_over_every_cable_that_answers(kind: str) -> None:
    answers = WELL | {b"\x10\x04\x04": b"\x7e"}
    if kind == "network":
        with PrinterSink(answers) as sink:
            assert asked(NetworkPrinter("127.0.0.1", sink.port, 2)).state == "paper_out"
        return
    port = Port(answers)
    printer = SerialPrinter(port.path, timeout=2) if kind == "serial" else FilePrinter(port.path, 2)
    assert asked(printer).state == "paper_out"
    port.close()


@pytest.mark.usefixtures("patience")
def test_a_custom_printer_is_asked_for_its_full_status() -> None:
    with PrinterSink({FULL_STATUS: b"\x10\x0f\x24\x00\x00\x00"}) as sink:
        printer = NetworkPrinter("127.0.0.1", sink.port, 2, "custom")
        assert asked(printer) == PrinterStatus("near_end", ticket_in_mouth=True)


@pytest.mark.parametrize("answers", [{}, {b"\x10\x04\x01": b"\xff\x00\x93"}])
def test_a_mute_or_babbling_printer_is_unknown_and_not_done(answers: dict[bytes, bytes]) -> None:
    with PrinterSink(answers) as sink:
        printer = NetworkPrinter("127.0.0.1", sink.port, 2)
        printer.open()
        assert printer.status() == UNKNOWN
        assert printer.finished(0.1) is False
        printer.close()


def test_a_printer_that_knows_no_end_mark_is_not_waited_for_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with PrinterSink({asked: b"\x12" for asked in WELL if asked[:1] == b"\x10"}) as sink:
        printer = NetworkPrinter("127.0.0.1", sink.port, 2)
        printer.open()
        assert [printer.finished(0.05) for _ in range(3)] == [False] * 3
        sent: list[bytes] = []
        monkeypatch.setattr(printer, "_send", sent.append)
        assert printer.finished(60) is False
        assert sent == []
        printer.close()


def asked(printer: Printer) -> PrinterStatus:
    printer.open()
    try:
        return printer.status()
    finally:
        printer.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_nobody_at_the_address_is_one_fault_with_its_cure_every_time() -> None:
    printer = NetworkPrinter("127.0.0.1", free_port(), 1)
    for _ in range(2):
        with pytest.raises(PrinterFault, match=r"switch it on.*\[printer\] address") as fault:
            printer.open()
        assert not fault.value.maybe_printed
        with pytest.raises(PrinterFault):
            printer.print(JOB)


def test_a_line_that_breaks_in_the_middle_may_have_printed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        printer = NetworkPrinter("127.0.0.1", listener.getsockname()[1], 2)
        printer.open()
        line, _ = listener.accept()
        # Closed with a reset, as by a printer that loses power.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        line.close()
        with pytest.raises(PrinterFault, match="look whether it came out") as fault:
            printer.print(b"\x00" * 50_000_000)
        assert fault.value.maybe_printed
        printer.close()


def test_a_printer_that_stops_reading_does_not_hold_the_job_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        printer = NetworkPrinter("127.0.0.1", listener.getsockname()[1], 0.2)
        printer.open()
        with pytest.raises(PrinterFault) as fault:
            printer.print(b"\x00" * 50_000_000)
        assert fault.value.maybe_printed
        printer.close()


def test_an_unplugged_device_is_not_replaced_by_a_plain_file() -> None:
    printer = FilePrinter(Path("/dev/usb/talon-no-such-printer"))
    with pytest.raises(PrinterFault, match="plug the printer in"):
        printer.open()
    assert not Path("/dev/usb/talon-no-such-printer").exists()


def test_a_ticket_that_only_this_machine_has_taken_is_not_printed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        printer = NetworkPrinter("127.0.0.1", listener.getsockname()[1], 0.2)
        printer.open()
        # The buffers of this machine hold it whole, but the printer reads nothing.
        with pytest.raises(PrinterFault, match="takes no more") as fault:
            printer.print(bytes(20_000))
        assert fault.value.maybe_printed
        printer.close()


@pytest.mark.parametrize("printer", [FilePrinter, SerialPrinter])
def test_no_permission_names_the_group_and_the_setting(
    printer: Callable[[Path], Printer], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = Port()

    def refuse(*_arguments: object, **_more: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PrinterFault, match=r"group.*dialout.*\[printer\] path") as fault:
        printer(port.path).open()
    monkeypatch.undo()
    assert not fault.value.maybe_printed
    port.close()


def test_a_serial_port_that_is_not_there_names_cable_and_setting() -> None:
    with pytest.raises(PrinterFault, match=r"cable and \[printer\] path"):
        SerialPrinter(Path("/dev/talon-no-such-port")).open()


@pytest.mark.parametrize("kind", ["serial", "device"])
def test_unplugged_in_the_middle_of_a_job_it_may_have_printed(kind: str) -> None:
    end, device = os.openpty()
    tty.setraw(device)
    path = Path(os.ttyname(device))
    printer = SerialPrinter(path, timeout=0.2) if kind == "serial" else FilePrinter(path, 0.2)
    printer.open()
    os.close(end)
    with pytest.raises(PrinterFault, match="look whether it came out") as fault:
        printer.print(JOB)
    assert fault.value.maybe_printed
    printer.close()
    os.close(device)


@pytest.mark.parametrize("kind", ["serial", "device"])
def test_a_port_that_takes_no_more_does_not_hold_the_job_for_ever(kind: str) -> None:
    end, device = os.openpty()
    tty.setraw(device)
    path = Path(os.ttyname(device))
    printer = SerialPrinter(path, timeout=0.1) if kind == "serial" else FilePrinter(path, 0.1)
    printer.open()
    with pytest.raises(PrinterFault) as fault:
        printer.print(bytes(200_000))
    assert fault.value.maybe_printed
    printer.close()
    os.close(end)
    os.close(device)


def test_usb_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Usb, "is_usable", lambda: False)
    with pytest.raises(PrinterFault, match=r"pip install pyusb.*apt-get install libusb.*/dev/usb/lp0"):
        UsbPrinter(0x04B8, 0x0E15).open()


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_staff_read_faults_and_cures_in_their_language(language: str) -> None:
    gettext = words(language).gettext
    with pytest.raises(PrinterFault) as fault:
        NetworkPrinter("127.0.0.1", free_port(), 1).open()
    told = fault.value.said(gettext)
    assert told != str(fault.value)
    assert "127.0.0.1" in told
    assert "[printer] address" in told
    for cure in CURES.values():
        assert gettext(cure) != cure


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"kind": "network", "address": "10.0.0.5"}, NetworkPrinter),
        ({"kind": "serial", "path": "/dev/ttyS0"}, SerialPrinter),
        ({"kind": "usb", "vendor": 0x04B8, "product": 0x0E15}, UsbPrinter),
        ({"kind": "file", "path": "/dev/usb/lp0"}, FilePrinter),
        ({}, PreviewPrinter),
    ],
)
def test_the_settings_name_the_printer(values: dict[str, Any], kind: type, tmp_path: Path) -> None:
    assert isinstance(make_printer(PrinterSettings(**values), tmp_path), kind)


def test_a_path_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(PrinterFault, match=r"\[printer\] path"):
        FilePrinter(tmp_path / "no folder" / "lp0").open()


def test_the_preview_keeps_the_last_pictures_and_knows_the_newest(tmp_path: Path) -> None:
    printer = PreviewPrinter(tmp_path / "tickets", PROFILES["80mm"], keep=3)
    assert printer.last() is None
    for _ in range(5):
        printer.open()
        printer.print(JOB)
        printer.close()
    names = sorted(path.name for path in (tmp_path / "tickets").iterdir())
    assert names == ["ticket-000003.png", "ticket-000004.png", "ticket-000005.png"]
    last = printer.last()
    assert last is not None
    assert last.name == "ticket-000005.png"


def test_the_preview_refuses_what_no_printer_would_understand(tmp_path: Path) -> None:
    printer = PreviewPrinter(tmp_path, PROFILES["80mm"])
    printer.open()
    with pytest.raises(PrinterFault, match="cannot be drawn"):
        printer.print(b"\x1b\x99\x00")
    assert printer.last() is None


def test_a_preview_without_its_folder_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PrinterFault, match="state_folder"):
        PreviewPrinter(tmp_path / "file", PROFILES["80mm"]).open()


def test_an_answer_that_comes_late_is_not_taken_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cable, "ANSWER_SECONDS", 0.15)
    late = threading.Event()

    def serve(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            line.recv(3)
            late.wait(30)
            # A question that was asked before this late answer came gets its own answer late too.
            behind = bool(select.select([line], [], [], 0)[0])
            line.sendall(b"\x16")
            held = b""
            while part := line.recv(3):
                # Bit 2 of the first answer is the drawer's, of the second the cover's.
                answer = b"\x16" if part[2] == 1 else b"\x12"
                if behind and not held:
                    held = answer
                    continue
                line.sendall(held + answer)
                behind, held = False, b""

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=[listener], daemon=True)
        thread.start()
        printer = NetworkPrinter("127.0.0.1", listener.getsockname()[1], 2)
        printer.open()
        assert printer.status() == UNKNOWN
        really_receive = printer._receive

        def receive(seconds: float) -> bytes:
            if seconds:  # the late answer comes while it is waited for, not before
                late.set()
            return really_receive(seconds)

        monkeypatch.setattr(printer, "_receive", receive)
        monkeypatch.setattr(cable, "ANSWER_SECONDS", 30)  # now each answer comes, and may take its time
        assert printer.status() == PrinterStatus("ready")
        printer.close()
        thread.join(5)
