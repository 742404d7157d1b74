"""Requests whose answer was lost: whatever became of them, nobody holds two tickets and none is left over."""

from __future__ import annotations

import pytest

from kiosk.no_ticket import NoTicket
from server.sdk.terminal_messages import ReportTerminal, TerminalView
from tests.kiosk.offline_terminal import Terminal


def lose_an_answer(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next request is done by the server, but slowly: its answer does not come."""
    monkeypatch.setattr("kiosk.agent.QUICK_SECONDS", -1.0)
    terminal.server.lost = True


def test_an_online_ticket_nobody_heard_of_is_cancelled_and_the_visitors_own_stays(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_an_answer(terminal, monkeypatch)
    taken = terminal.take()
    assert taken.offline
    assert len(terminal.server.issued) == 1
    terminal.contact()
    assert terminal.server.cancelled == ["k3nq8w2x5v7z1m4p"]
    (handed,) = terminal.server.handed.values()
    assert [t.number for t in handed.tickets] == [taken.ticket.number]
    assert terminal.agent.to_tell == 0
    assert terminal.take() == taken


def test_staff_hear_of_no_number_that_their_queue_does_not_know_yet(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_an_answer(terminal, monkeypatch)
    # Killed before the printer has said anything: the new start does not know whether it is on paper.
    monkeypatch.setattr(terminal.jobs, "add", lambda _make, _number: "never-printed")
    assert terminal.take().offline
    terminal.restart()
    known_when_told = []
    report = terminal.server.report_terminal

    def told(office: str, request: ReportTerminal, key: str | None = None) -> TerminalView:
        if request.unprinted:
            known_when_told.append(bool(terminal.server.handed))
        return report(office, request, key)

    monkeypatch.setattr(terminal.server, "report_terminal", told)
    terminal.contact()
    assert known_when_told, "staff hear of the ticket nobody may have"
    assert all(known_when_told)


def test_a_request_that_never_arrived_can_never_be_done_later(terminal: Terminal) -> None:
    terminal.server.down = True
    terminal.take()
    _request, key = terminal.server.asked[0]
    terminal.contact()
    assert terminal.server.cancelled == []
    # The request was still on its way: it arrives now.
    with pytest.raises(Exception, match="key_reused"):
        terminal.server.issue_ticket("zarechny", _request, key)
    assert terminal.server.issued == {}


def test_settling_broken_off_in_the_middle_is_finished_later(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_an_answer(terminal, monkeypatch)
    terminal.take()
    cancel = terminal.server.cancel_ticket

    def line_breaks(_code: str) -> None:
        monkeypatch.setattr(terminal.server, "cancel_ticket", cancel)
        terminal.server.down = True
        terminal.server._fail()

    monkeypatch.setattr(terminal.server, "cancel_ticket", line_breaks)
    terminal.contact()
    assert terminal.agent.to_tell == 1, "the ticket is handed in, the doubt is not settled"
    terminal.restart()
    terminal.contact()
    assert terminal.server.cancelled == ["k3nq8w2x5v7z1m4p"]
    assert terminal.agent.to_tell == 0


def test_without_numbers_a_lost_answer_is_repeated_by_the_visitor_or_cancelled_when_nobody_does(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.server.blocks = []
    terminal.time.pass_(seconds=601)
    terminal.contact()
    for tap in ("repeated-tap", "forsaken-tap"):
        lose_an_answer(terminal, monkeypatch)
        with pytest.raises(NoTicket) as told:
            terminal.take(tap)
        assert told.value.kind == "unreachable"
    terminal.contact()
    assert terminal.server.cancelled == [], "the visitor may still stand there"
    repeated = terminal.take("repeated-tap")
    assert repeated.ticket.number == "А123"
    terminal.time.pass_(seconds=120)
    terminal.contact()
    terminal.contact()
    assert terminal.server.cancelled == ["k3nq8w2x5v7z1m4p124"]
    # And whoever comes back to that page after all gets a new ticket, not the cancelled one.
    assert terminal.take("forsaken-tap").ticket.number == "А125"
    terminal.restart()
    terminal.contact()
    assert terminal.server.cancelled == ["k3nq8w2x5v7z1m4p124"]
