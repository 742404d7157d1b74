"""Real printers and their twin through the same tests; every fault with its cure."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.preview_printer import PreviewPrinter
from kiosk.printer import FilePrinter, NetworkPrinter, Printer, PrinterFault, RememberingPrinter
from kiosk.printer_profile import PROFILES
from kiosk.rendering import render
from kiosk.ticket_layout import Cut, Text

JOB = render([Text("Талон"), Cut()], PROFILES["80mm"])


class Sink:
    """A printer's raw TCP port that keeps every job; ``jobs`` grows when a job's line is closed."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.jobs: list[bytes] = []
        self.came = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                line.sendall(b"\x12")  # unasked status, as printers with automatic status send
                data = b""
                while part := line.recv(4096):
                    data += part
            with self.came:
                self.jobs.append(data)
                self.came.notify_all()

    def wait(self, count: int) -> list[bytes]:
        with self.came:
            assert self.came.wait_for(lambda: len(self.jobs) >= count, 5)
            return list(self.jobs)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@dataclass
class Bench:
    """A printer and how to see what it printed last."""

    printer: Printer
    last: Callable[[int], bytes]


@pytest.fixture(params=["network", "file", "remembering"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "network":
        sink = Sink()
        yield Bench(NetworkPrinter("127.0.0.1", sink.port, 2), lambda count: sink.wait(count)[-1])
        sink.close()
    elif request.param == "file":
        path = tmp_path / "paper"
        yield Bench(FilePrinter(path), lambda _count: path.read_bytes())
    else:
        twin = RememberingPrinter()
        yield Bench(twin, lambda count: twin.jobs[count - 1])


def test_a_job_arrives_whole(bench: Bench) -> None:
    bench.printer.open()
    bench.printer.print(JOB)
    bench.printer.close()
    assert bench.last(1) == JOB


def test_a_printer_works_again_after_it_was_closed(bench: Bench) -> None:
    for count in (1, 2):
        bench.printer.open()
        bench.printer.print(JOB + bytes([count]))
        bench.printer.close()
        assert bench.last(count) == JOB + bytes([count])


def test_printing_without_opening_is_a_fault_in_words(bench: Bench) -> None:
    with pytest.raises(PrinterFault, match="open it first"):
        bench.printer.print(JOB)


def test_closing_twice_or_unopened_does_no_harm(bench: Bench) -> None:
    bench.printer.close()
    bench.printer.open()
    bench.printer.close()
    bench.printer.close()


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
