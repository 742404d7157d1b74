"""Print jobs: at once for the visitor, in order for the printer, every one ends in a true state."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from kiosk import print_jobs
from kiosk.print_jobs import PrintJobs
from kiosk.printer import PrinterFault, RememberingPrinter


@pytest.fixture
def printer() -> RememberingPrinter:
    return RememberingPrinter()


@pytest.fixture
def jobs(printer: RememberingPrinter, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintJobs]:
    monkeypatch.setattr(print_jobs, "TRY_SECONDS", 0.05)
    monkeypatch.setattr(print_jobs, "PAUSE_SECONDS", 0.01)
    made = PrintJobs(printer)
    yield made
    made.stop()


def test_jobs_are_printed_in_order(jobs: PrintJobs, printer: RememberingPrinter) -> None:
    ids = [jobs.add(lambda n=n: bytes([n])) for n in range(5)]
    assert [jobs.wait_for(job, 5) for job in ids] == ["printed"] * 5
    assert printer.jobs == [bytes([n]) for n in range(5)]


def test_a_job_is_queued_at_once_while_the_printer_is_busy(jobs: PrintJobs) -> None:
    let_go = threading.Event()
    busy = jobs.add(lambda: bytes([let_go.wait(5)]))
    waiting = jobs.add(lambda: b"2")
    assert jobs.state(waiting) == "queued"
    let_go.set()
    assert jobs.wait_for(busy, 5) == jobs.wait_for(waiting, 5) == "printed"


def test_a_printer_that_cannot_be_opened_fails_the_job_and_the_next_one_goes_on(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.broken = PrinterFault("no paper: load a roll")
    assert jobs.wait_for(jobs.add(lambda: b"1"), 5) == "failed"
    assert jobs.fault == "no paper: load a roll"
    printer.broken = None
    assert jobs.wait_for(jobs.add(lambda: b"2"), 5) == "printed"
    assert jobs.fault is None
    assert printer.jobs == [b"2"]


def test_a_printer_busy_for_a_moment_is_tried_again(
    jobs: PrintJobs, printer: RememberingPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_jobs, "TRY_SECONDS", 5)
    refusals = [PrinterFault("busy"), PrinterFault("busy")]
    really_open = printer.open

    def open_() -> None:
        if refusals:
            raise refusals.pop()
        really_open()

    monkeypatch.setattr(printer, "open", open_)
    assert jobs.wait_for(jobs.add(lambda: b"1"), 5) == "printed"


def test_a_line_broken_in_the_middle_is_unknown_and_is_not_printed_twice(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.broken = PrinterFault("the line broke", maybe_printed=True)
    assert jobs.wait_for(jobs.add(lambda: b"1"), 5) == "unknown"
    printer.broken = None
    assert jobs.wait_for(jobs.add(lambda: b"2"), 5) == "printed"
    assert printer.jobs == [b"2"]


def test_a_ticket_that_cannot_be_made_fails_alone(jobs: PrintJobs, printer: RememberingPrinter) -> None:
    def impossible() -> bytes:
        raise LookupError("no such field")

    assert jobs.wait_for(jobs.add(impossible), 5) == "failed"
    assert jobs.wait_for(jobs.add(lambda: b"2"), 5) == "printed"


def test_only_the_last_jobs_are_remembered(jobs: PrintJobs) -> None:
    first = jobs.add(lambda: b"")
    last = [jobs.add(lambda: b"") for _ in range(print_jobs.REMEMBERED_JOBS)][-1]
    assert jobs.wait_for(last, 5) == "printed"
    assert jobs.state(first) is None


def test_what_is_queued_is_printed_before_the_end(printer: RememberingPrinter) -> None:
    jobs = PrintJobs(printer)
    for n in range(3):
        jobs.add(lambda n=n: bytes([n]))
    jobs.stop()
    assert len(printer.jobs) == 3
