"""A terminal set up or treated badly: staff read what is wrong and its cure, the visitor gets a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.kiosk.impatient_kiosk import start
from tests.kiosk.printer_port import Port
from tests.kiosk.stub_queue import StubQueue
from tests.printer_sink import WELL, PrinterSink
from tests.programs import Program, Programs, free_port, until

PAPER_OUT = WELL | {b"\x10\x04\x04": b"\x7e"}
Started = Callable[[Mapping[str, Any]], Program]


@pytest.fixture
def queue() -> Iterator[StubQueue]:
    with StubQueue() as served:
        yield served


@pytest.fixture
def started(tmp_path: Path, queue: StubQueue) -> Iterator[Started]:
    """Starts the kiosk program with these settings of the printer."""
    with Programs(tmp_path) as programs:
        # Its printers answer at once, but for this machine, which may be busy.
        yield lambda printer: start(programs, queue.url, printer, finish_seconds=30, answer_seconds=15)


def take(kiosk: Program, tap: str = "tap-of-a-test") -> dict[str, Any]:
    """What the page gets for a touch: always a number."""
    wish = {"service": "payments", "language": "ru", "tap": tap}
    answer = requests.post(f"{kiosk.url}/take", json=wish, timeout=15)
    assert answer.status_code == 200, answer.text
    taken: dict[str, Any] = answer.json()
    return taken


def end_of(kiosk: Program, job: str) -> str:
    """How the job ended."""

    def ended() -> str | None:
        state = str(requests.get(f"{kiosk.url}/jobs/{job}", timeout=15).json()["state"])
        return None if state == "queued" else state

    return until(ended, "the end of the job")


def staff_read(queue: StubQueue, *parts: str) -> None:
    """The terminal's line in the hall names all of these."""

    def told() -> bool:
        fault = queue.reports[-1].fault if queue.reports else ""
        return all(part in fault for part in parts)

    until(told, f"staff reading {parts}")


def test_a_wrong_printer_address(queue: StubQueue, started: Started) -> None:
    port = free_port()
    kiosk = started({"kind": "network", "address": "127.0.0.1", "port": port})
    staff_read(queue, f"127.0.0.1, порт {port}", "[printer]")
    taken = take(kiosk)
    assert end_of(kiosk, taken["job"]) == "failed"
    until(lambda: [one.number for one in queue.reports[-1].unprinted] == ["А001"], "the number to print")


def test_a_port_that_is_not_there(queue: StubQueue, started: Started) -> None:
    kiosk = started({"kind": "serial", "path": "/dev/ttyS99"})
    staff_read(queue, "/dev/ttyS99", "[printer] path")
    assert end_of(kiosk, take(kiosk)["job"]) == "failed"


def test_no_paper_at_the_start(queue: StubQueue, started: Started) -> None:
    with PrinterSink(PAPER_OUT) as printer:
        kiosk = started({"kind": "network", "address": "127.0.0.1", "port": printer.port})
        staff_read(queue, "Бумага закончилась: вставьте новый рулон")
        state = requests.get(f"{kiosk.url}/state", timeout=15).json()
        assert (state["reachable"], state["printer"]) == (True, "paper_out")
        assert end_of(kiosk, take(kiosk)["job"]) == "failed"
        printer.answers = WELL
        until(lambda: queue.reports[-1].fault == "", "the new roll being noticed")
        assert end_of(kiosk, take(kiosk, "another-tap-01")["job"]) == "printed"
        assert len(printer.jobs) == 1


def test_a_printer_unplugged_in_the_middle_of_a_job(queue: StubQueue, started: Started) -> None:
    printer = Port(unplugged_after=1500)
    kiosk = started({"kind": "serial", "path": str(printer.path), "flow": "none"})
    taken = take(kiosk)
    assert taken["ticket"]["number"] == "А001"
    # Bytes had left: whether paper came out only staff can see.
    assert end_of(kiosk, taken["job"]) == "unknown"
    staff_read(queue, "[printer] path")
    until(lambda: [one.number for one in queue.reports[-1].unprinted] == ["А001"], "the number to look for")
    printer.close()


def test_a_template_with_an_unknown_field(queue: StubQueue, started: Started, tmp_path: Path) -> None:
    template = tmp_path / "template.toml"
    template.write_text('fields = ["number", "weather"]', "utf-8")
    with PrinterSink() as printer:
        kiosk = started(
            {"kind": "network", "address": "127.0.0.1", "port": printer.port, "template": str(template)}
        )
        staff_read(queue, "Шаблон талона с ошибкой", "weather")
        assert end_of(kiosk, take(kiosk)["job"]) == "printed"
        assert "Оплата и расчёты".encode("cp866") in printer.wait_for(1).data


def test_a_damaged_snapshot(queue: StubQueue, started: Started, tmp_path: Path) -> None:
    with PrinterSink() as printer:
        kiosk = started({"kind": "network", "address": "127.0.0.1", "port": printer.port})
        kept = tmp_path / "kiosk" / "office.json"
        until(kept.exists, "the office being kept")
        assert take(kiosk)["ticket"]["number"] == "А001"
        kiosk.kill()
        kept.write_bytes(b"{\x00\xff")
        kiosk.start()
        kiosk.wait_ready(lambda: requests.get(f"{kiosk.url}/healthz", timeout=15).json()["server"] is True)
        staff_read(queue, "состояние офиса повреждено")
        # The same tap after the restart: the same number, from the journal.
        assert take(kiosk)["ticket"]["number"] == "А001"
        assert take(kiosk, "another-tap-01")["ticket"]["number"] == "А002"
