"""What staff want from afar: the last ticket again, the page anew; and what they are told of the screen."""

from __future__ import annotations

from typing import Literal

import pytest

from kiosk import print_jobs
from kiosk.print_jobs import PrintJobs
from kiosk.printer_protocol import PrinterFault, RememberingPrinter
from kiosk.printer_status import PrinterStatus
from server.sdk.terminal_messages import TerminalCommand
from tests.kiosk.offline_terminal import Terminal
from tests.programs import until

ORDER = "0190f2c0-0000-7000-8000-0000000000c1"
IN_MOUTH = PrinterStatus("ready", ticket_in_mouth=True)


def command(
    what: Literal["reprint_last", "restart_page"], terminal: str = "terminal-1", order: str = ORDER
) -> TerminalCommand:
    return TerminalCommand(id=order, terminal=terminal, what=what)


def order(terminal: Terminal, *commands: TerminalCommand) -> None:
    """Staff press the button, and the terminal hears of it at its next report."""
    terminal.server.commands = list(commands)
    terminal.time.pass_(seconds=31)
    terminal.contact()


def test_the_last_ticket_is_printed_again_once_and_the_server_hears_that_it_is_done(
    terminal: Terminal,
) -> None:
    terminal.take("first-tap-0001")
    last = terminal.take("second-tap-002")
    terminal.jobs.wait_for(last.job, 30)
    order(terminal, command("reprint_last"))
    until(lambda: len(terminal.printer.jobs) == 3, "the last ticket again")
    assert terminal.printer.jobs[2] == terminal.printer.jobs[1]
    assert terminal.server.reports[-1].done == ORDER
    assert terminal.server.commands == []
    terminal.time.pass_(seconds=31)
    terminal.contact()
    assert len(terminal.printer.jobs) == 3


def test_a_ticket_that_was_not_printed_is_no_longer_missing_after_the_reprint(terminal: Terminal) -> None:
    terminal.printer.broken = PrinterFault("cut", maybe_printed=True)
    taken = terminal.take()
    assert terminal.jobs.wait_for(taken.job, 30) == "unknown"
    until(lambda: terminal.journal.paper_of(taken.ticket.id) == "unknown", "the journal knowing it")
    terminal.printer.broken = None
    order(terminal, command("reprint_last"))
    until(lambda: terminal.journal.paper_of(taken.ticket.id) == "printed", "the ticket being on paper")


def test_without_a_ticket_there_is_nothing_to_print_again(terminal: Terminal) -> None:
    order(terminal, command("reprint_last"))
    assert terminal.printer.jobs == []
    assert terminal.server.reports[-1].done == ORDER


def test_the_page_is_named_anew_when_staff_want_it_and_after_each_start(terminal: Terminal) -> None:
    before = terminal.agent.screen.page
    order(terminal, command("restart_page", terminal="terminal-2"))
    assert terminal.agent.screen.page == before, "the command is for another terminal"
    order(terminal, command("restart_page"))
    wanted = terminal.agent.screen.page
    assert wanted != before
    terminal.restart()
    assert terminal.agent.screen.page not in (before, wanted)


def test_a_command_in_the_news_makes_the_terminal_ask_at_once(terminal: Terminal) -> None:
    before = len(terminal.server.reports)
    terminal.server.commands = [command("restart_page")]
    news = terminal.server.view().model_dump(mode="json")
    terminal.agent.on_state("terminal:zarechny", news)
    terminal.contact()
    assert len(terminal.server.reports) > before
    assert terminal.server.reports[-1].done == ORDER


def test_a_screen_that_fell_silent_is_told_to_staff_with_the_cure(terminal: Terminal) -> None:
    told = "Экран терминала не отвечает"
    terminal.time.pass_(seconds=60)
    terminal.contact()
    assert told not in terminal.server.reports[-1].fault, "a terminal whose page was never opened"
    terminal.agent.screen.heard()
    terminal.time.pass_(seconds=29)
    terminal.contact()
    assert told not in terminal.server.reports[-1].fault
    terminal.time.pass_(seconds=5)
    terminal.contact()
    assert told in terminal.server.reports[-1].fault
    terminal.agent.screen.heard()
    terminal.contact()
    assert told not in terminal.server.reports[-1].fault


def test_a_ticket_left_in_the_mouth_is_told_to_staff_until_it_is_taken(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "В окошке принтера остался талон"
    monkeypatch.setattr(print_jobs, "LEFT_SECONDS", 0.0)
    monkeypatch.setattr(print_jobs, "MOUTH_SECONDS", 0.02)
    terminal.printer.state_after = IN_MOUTH
    taken = terminal.take()
    assert terminal.jobs.wait_for(taken.job, 30) == "printed"
    assert terminal.jobs.printer_status.ticket_in_mouth
    terminal.contact()
    assert told in terminal.server.reports[-1].fault
    terminal.printer.state = PrinterStatus("ready")
    until(lambda: not terminal.jobs.printer_status.ticket_in_mouth, "the ticket being taken")
    terminal.contact()
    assert told not in terminal.server.reports[-1].fault


def test_a_ticket_that_was_just_printed_is_not_called_left(terminal: Terminal) -> None:
    terminal.printer.state_after = IN_MOUTH
    terminal.jobs.wait_for(terminal.take().job, 30)
    terminal.contact()
    assert terminal.jobs.printer_status.ticket_in_mouth
    assert "остался талон" not in terminal.server.reports[-1].fault


@pytest.mark.parametrize(("clear", "two"), [(b"", True), (b"\x1de\x05", False)], ids=["kept", "thrown out"])
def test_a_job_knows_whether_the_former_ticket_hangs_beside_its_own(clear: bytes, two: bool) -> None:
    printer = RememberingPrinter()
    printer.state_after = IN_MOUTH
    jobs = PrintJobs(printer, clear_mouth=clear)
    first, second = jobs.add(lambda: b"1"), jobs.add(lambda: b"2")
    assert jobs.wait_for(second, 30) == "printed"
    assert not jobs.former_in_mouth(first)
    assert jobs.former_in_mouth(second) is two
    assert printer.jobs == [b"1", clear + b"2"]
    jobs.stop()
