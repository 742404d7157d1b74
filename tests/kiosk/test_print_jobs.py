"""Print jobs: at once for the visitor, in order for the printer, every one ends in a true state."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from kiosk import print_jobs
from kiosk.print_jobs import PrintJobs
from kiosk.printer import PrinterFault, RememberingPrinter
from kiosk.printer_status import CURES, STOPPED, UNKNOWN, PrinterStatus
from kiosk.words import words
from server.sdk.terminal_messages import PrinterState


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
    assert [jobs.wait_for(job, 30) for job in ids] == ["printed"] * 5
    assert printer.jobs == [bytes([n]) for n in range(5)]


def test_a_job_is_queued_at_once_while_the_printer_is_busy(jobs: PrintJobs) -> None:
    let_go = threading.Event()
    busy = jobs.add(lambda: bytes([let_go.wait(30)]))
    waiting = jobs.add(lambda: b"2")
    assert jobs.state(waiting) == "queued"
    let_go.set()
    assert jobs.wait_for(busy, 30) == jobs.wait_for(waiting, 30) == "printed"


def test_a_printer_that_cannot_be_opened_fails_the_job_and_the_next_one_goes_on(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.broken = PrinterFault("no paper: load a roll")
    assert jobs.wait_for(jobs.add(lambda: b"1"), 30) == "failed"
    assert jobs.fault == "no paper: load a roll"
    printer.broken = None
    assert jobs.wait_for(jobs.add(lambda: b"2"), 30) == "printed"
    assert jobs.fault is None
    assert printer.jobs == [b"2"]


def test_a_printer_busy_for_a_moment_is_tried_again(
    jobs: PrintJobs, printer: RememberingPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_jobs, "TRY_SECONDS", 30)
    refusals = [PrinterFault("busy"), PrinterFault("busy")]
    really_open = printer.open

    def open_() -> None:
        if refusals:
            raise refusals.pop()
        really_open()

    monkeypatch.setattr(printer, "open", open_)
    assert jobs.wait_for(jobs.add(lambda: b"1"), 30) == "printed"


def test_a_line_broken_in_the_middle_is_unknown_and_is_not_printed_twice(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.broken = PrinterFault("the line broke", maybe_printed=True)
    assert jobs.wait_for(jobs.add(lambda: b"1"), 30) == "unknown"
    printer.broken = None
    assert jobs.wait_for(jobs.add(lambda: b"2"), 30) == "printed"
    assert printer.jobs == [b"2"]


def test_a_ticket_that_cannot_be_made_fails_alone(jobs: PrintJobs, printer: RememberingPrinter) -> None:
    def impossible() -> bytes:
        raise LookupError("no such field")

    assert jobs.wait_for(jobs.add(impossible), 30) == "failed"
    assert jobs.wait_for(jobs.add(lambda: b"2"), 30) == "printed"


def test_only_the_last_jobs_are_remembered(jobs: PrintJobs) -> None:
    first = jobs.add(lambda: b"")
    last = [jobs.add(lambda: b"") for _ in range(print_jobs.REMEMBERED_JOBS)][-1]
    assert jobs.wait_for(last, 30) == "printed"
    assert jobs.state(first) is None


def test_what_is_queued_is_printed_before_the_end(printer: RememberingPrinter) -> None:
    jobs = PrintJobs(printer)
    for n in range(3):
        jobs.add(lambda n=n: bytes([n]))
    jobs.stop()
    assert len(printer.jobs) == 3


@pytest.mark.parametrize("state", sorted(STOPPED))
def test_a_printer_that_stands_still_fails_the_job_and_gets_no_byte(
    jobs: PrintJobs, printer: RememberingPrinter, state: PrinterState
) -> None:
    printed(jobs)
    printer.state = PrinterStatus(state)
    assert jobs.wait_for(jobs.add(lambda: b"2"), 30) == "failed"
    assert printer.jobs == [b"first"]
    assert (jobs.printer_state, jobs.fault) == (state, CURES[state])


def test_paper_that_runs_out_after_the_ticket_was_worked_off_is_told_and_the_ticket_is_printed(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.state_after = PrinterStatus("paper_out")
    assert printed(jobs) == "printed"
    assert (jobs.printer_state, jobs.fault) == ("paper_out", CURES["paper_out"])


@pytest.mark.parametrize("state", ["paper_out", "cover_open", "cutter"])
def test_a_printer_that_stops_before_the_end_of_the_ticket_leaves_it_unknown(
    jobs: PrintJobs, printer: RememberingPrinter, state: PrinterState
) -> None:
    printer.works_off, printer.state_after = False, PrinterStatus(state)
    assert printed(jobs) == "unknown"
    assert (jobs.printer_state, jobs.fault) == (state, CURES[state])


def test_a_printer_that_falls_silent_after_the_ticket_leaves_it_unknown(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.works_off, printer.state_after = False, UNKNOWN
    assert printed(jobs) == "unknown"
    assert "fell silent" in str(jobs.fault)


def test_a_printer_without_an_end_mark_that_says_ready_has_printed(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.works_off = False
    assert printed(jobs) == "printed"


def test_a_mute_printer_prints_and_is_never_said_to_be_out_of_paper(printer: RememberingPrinter) -> None:
    printer.state = UNKNOWN
    jobs = PrintJobs(printer)
    assert printed(jobs) == "printed"
    assert (jobs.printer_state, jobs.fault) == ("unknown", None)
    jobs.stop()


def test_paper_out_at_the_start_is_told_before_the_first_visitor_comes(printer: RememberingPrinter) -> None:
    told = threading.Event()
    printer.state = PrinterStatus("paper_out")
    jobs = PrintJobs(printer, on_change=told.set)
    assert told.wait(30)
    assert jobs.fault == "The paper has run out: load a new roll."
    assert jobs.fault_in(words("ru").gettext) == "Бумага закончилась: вставьте новый рулон."
    jobs.stop()


def test_a_wrong_address_is_told_before_the_first_visitor_comes(printer: RememberingPrinter) -> None:
    told = threading.Event()
    printer.broken = PrinterFault("no printer answers: correct the address")
    jobs = PrintJobs(printer, on_change=told.set)
    assert told.wait(30)
    assert (jobs.printer_state, jobs.fault) == ("offline", "no printer answers: correct the address")
    jobs.stop()


def test_a_new_roll_is_noticed_without_a_ticket(printer: RememberingPrinter) -> None:
    told = threading.Semaphore(0)
    printer.state = PrinterStatus("paper_out")
    jobs = PrintJobs(printer, look_seconds=0.01, on_change=told.release)
    assert told.acquire(timeout=30)
    printer.state = PrinterStatus("near_end")
    assert told.acquire(timeout=30)
    assert (jobs.printer_state, jobs.fault) == ("near_end", None)
    jobs.stop()


def test_a_ticket_still_in_the_mouth_is_told_and_cleared_before_the_next_one(
    printer: RememberingPrinter,
) -> None:
    jobs = PrintJobs(printer, clear_mouth=b"\x1de\x05")
    printer.state_after = PrinterStatus("ready", ticket_in_mouth=True)
    assert printed(jobs) == "printed"
    assert jobs.printer_status.ticket_in_mouth
    assert jobs.wait_for(jobs.add(lambda: b"second"), 30) == "printed"
    assert printer.jobs == [b"first", b"\x1de\x05second"]
    jobs.stop()


def test_staff_see_what_is_not_on_paper_and_print_it_again(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.broken = PrinterFault("no paper: load a roll")
    lost = jobs.add(lambda: b"ticket", "А007")
    assert jobs.wait_for(lost, 30) == "failed"
    assert [(job.number, job.state, str(job.fault)) for job in jobs.unprinted()] == [
        ("А007", "failed", "no paper: load a roll")
    ]
    printer.broken = None
    repeated = jobs.again(lost)
    assert repeated is not None
    assert jobs.wait_for(repeated, 30) == "printed"
    assert jobs.unprinted() == []
    assert printer.jobs == [b"ticket"]


def test_a_reprint_that_fails_waits_for_staff_once(jobs: PrintJobs, printer: RememberingPrinter) -> None:
    printer.broken = PrinterFault("the line broke", maybe_printed=True)
    first = jobs.add(lambda: b"ticket", "А007")
    assert jobs.wait_for(first, 30) == "unknown"
    second = jobs.again(first)
    assert second is not None
    assert jobs.wait_for(second, 30) == "unknown"
    assert [job.id for job in jobs.unprinted()] == [second]


def test_a_ticket_the_visitor_has_is_settled_by_staff(jobs: PrintJobs, printer: RememberingPrinter) -> None:
    printer.broken = PrinterFault("the line broke", maybe_printed=True)
    job = jobs.add(lambda: b"ticket", "А007")
    assert jobs.wait_for(job, 30) == "unknown"
    jobs.settle(job)
    assert jobs.unprinted() == []
    assert jobs.state(job) == "unknown"


def test_a_waiting_job_is_not_doubled_and_a_forgotten_one_cannot_be_printed_again(jobs: PrintJobs) -> None:
    let_go = threading.Event()
    busy = jobs.add(lambda: bytes([let_go.wait(30)]))
    assert jobs.again(busy) == busy
    assert jobs.queued == 1
    let_go.set()
    assert jobs.wait_for(busy, 30) == "printed"
    assert jobs.queued == 0
    assert jobs.again("no such job") is None


def test_what_waits_for_staff_is_forgotten_last(jobs: PrintJobs, printer: RememberingPrinter) -> None:
    printer.broken = PrinterFault("the line broke", maybe_printed=True)
    lost = jobs.add(lambda: b"", "А001")
    assert jobs.wait_for(lost, 30) == "unknown"
    printer.broken = None
    last = [jobs.add(lambda: b"") for _ in range(print_jobs.REMEMBERED_JOBS + 5)][-1]
    assert jobs.wait_for(last, 30) == "printed"
    assert [job.number for job in jobs.unprinted()] == ["А001"]


def test_a_job_just_printed_is_remembered_however_many_wait_for_staff(
    jobs: PrintJobs, printer: RememberingPrinter
) -> None:
    printer.broken = PrinterFault("the line broke", maybe_printed=True)
    lost = [jobs.add(lambda: b"") for _ in range(3 * print_jobs.REMEMBERED_JOBS)]
    assert jobs.wait_for(lost[-1], 30) == "unknown"
    assert len(jobs.unprinted()) == 2 * print_jobs.REMEMBERED_JOBS
    printer.broken = None
    assert printed(jobs) == "printed"


def test_a_listener_that_fails_does_not_end_printing(printer: RememberingPrinter) -> None:
    def fail() -> None:
        raise LookupError("a fault of the listener")

    jobs = PrintJobs(printer, on_change=fail)
    assert printed(jobs) == "printed"
    jobs.stop()


def printed(jobs: PrintJobs) -> str | None:
    return jobs.wait_for(jobs.add(lambda: b"first"), 30)
