"""The kiosk without its server: one tap one ticket, on disk before paper; and its return to the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from kiosk.no_ticket import NoTicket
from kiosk.paper import _without_empty_parts
from kiosk.printer import PrinterFault
from kiosk.ticket_layout import Cut, Feed, Qr, Rule, Text
from kiosk.web import create_app
from server.sdk.commands import CheckIn
from server.sdk.messages import OfficeInfo
from tests.kiosk.builders import (
    FrozenTime,
    RememberingServer,
    office,
    print_order,
    refusal,
    service,
)
from tests.kiosk.conftest import Kiosk
from tests.kiosk.offline_terminal import OPEN, TAP, Terminal


def test_out_of_reach_a_tap_gives_a_leased_number_on_screen_and_paper_without_people_ahead(
    terminal: Terminal,
) -> None:
    terminal.server.down = True
    taken = terminal.take()
    assert (taken.ticket.number, taken.offline) == ("А980", True)
    words = terminal.printed(taken)
    assert not any("Перед вами" in text or "следующий" in text for text in words)
    assert any("Оплата и расчёты" in text for text in words)
    assert taken.ticket.issued_at == terminal.time.at, "the time is the server's, not the wrong own clock"
    assert taken.ticket.status_url.startswith("http://s/t/")
    assert taken.ticket.status_url in words


def test_what_was_given_is_handed_in_once_with_the_own_clock_and_the_measured_difference(
    terminal: Terminal,
) -> None:
    terminal.server.down = True
    for n in range(3):
        terminal.take(f"{TAP}{n}")
        terminal.time.pass_(minutes=5)
    terminal.contact()
    terminal.contact()
    (handed,) = terminal.server.handed.values()
    assert [t.number for t in handed.tickets] == ["А980", "А981", "А982"]
    for n, one in enumerate(handed.tickets):
        real = OPEN.closes_at - timedelta(hours=5) + timedelta(minutes=5 * n)  # type: ignore[operator]
        assert one.issued_at - timedelta(milliseconds=one.clock_ahead_ms or 0) == real
        assert one.clock_ahead_ms == 40_000
    assert terminal.agent.to_tell == 0
    assert len(terminal.server.leases) == 3, "used numbers are refilled"
    assert terminal.take(f"{TAP}x").ticket.number == "А123", "in contact the server numbers again"


def test_the_same_tap_is_the_same_ticket_also_after_a_restart_without_the_server(terminal: Terminal) -> None:
    terminal.server.down = True
    first = terminal.take()
    assert terminal.take() == first
    terminal.printed(first)
    terminal.restart()
    assert terminal.agent.office is not None
    again = terminal.take()
    assert again.ticket == first.ticket
    assert terminal.take("another-tap-1").ticket.number == "А981"


def test_once_known_to_be_out_of_reach_the_server_is_not_waited_for(terminal: Terminal) -> None:
    terminal.server.down = True
    terminal.take(f"{TAP}1")
    asked = len(terminal.server.asked)
    terminal.take(f"{TAP}2")
    assert len(terminal.server.asked) == asked
    assert not terminal.agent.online
    assert terminal.agent.reachable


def test_a_new_terminal_takes_only_numbers_nobody_had_before_it(tmp_path: Path) -> None:
    frozen = FrozenTime()
    new = Terminal(tmp_path, frozen, RememberingServer(OPEN, frozen))
    new.start()
    new.contact()
    assert [one.anew for one in new.server.leases] == [True]
    assert new.agent._report.faults("ru", None) == []
    new.agent.stop()


def test_on_paper_no_two_rules_stand_one_under_the_other_where_the_people_ahead_were() -> None:
    layout = [Rule(), Text("А980"), Rule(), Feed(8), Rule(), Qr("x"), Cut()]
    assert _without_empty_parts(layout) == [Rule(), Text("А980"), Rule(), Feed(8), Qr("x"), Cut()]


# --- When no ticket can be given ------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        ({"services": [service(state="closed")]}, "refused", "не выдаются"),
        ({"reception": "closed"}, "refused", "закрыт"),
    ],
)
def test_offline_the_rules_of_the_last_snapshot_hold(
    terminal: Terminal, change: dict[str, object], kind: str, said: str
) -> None:
    changed = [*OPEN.services[1:], *change["services"]] if "services" in change else OPEN.services  # type: ignore[misc]
    terminal.server.state = OPEN.model_copy(update=change | {"services": changed})
    terminal.contact()
    terminal.server.down = True
    with pytest.raises(NoTicket, match=said) as told:
        terminal.take()
    assert told.value.kind == kind


def test_after_closing_no_ticket_is_given_and_the_page_says_closed(terminal: Terminal) -> None:
    terminal.server.down = True
    terminal.take()
    terminal.time.pass_(hours=5)
    assert terminal.agent.office is not None
    assert not terminal.agent.office.is_open
    with pytest.raises(NoTicket, match="закрыт"):
        terminal.take(f"{TAP}2")


def test_numbers_end_with_the_day(terminal: Terminal) -> None:
    terminal.server.down = True
    terminal.take()
    terminal.time.pass_(hours=24)
    assert not terminal.agent.reachable
    with pytest.raises(NoTicket):
        terminal.take(f"{TAP}2")


def test_used_up_numbers_are_told_and_the_next_contact_brings_new_ones(terminal: Terminal) -> None:
    terminal.server.down = True
    numbers = {terminal.take(f"{TAP}{n}").ticket.number for n in range(20)}
    assert len(numbers) == 20
    assert not terminal.agent.reachable
    with pytest.raises(NoTicket):
        terminal.take(f"{TAP}20")
    terminal.server.blocks[0] = terminal.server.blocks[0].model_copy(update={"first": 960})
    terminal.contact()
    assert terminal.agent.reachable


def test_a_clock_set_back_over_a_restart_gives_no_tickets_and_tells_staff(terminal: Terminal) -> None:
    terminal.server.down = True
    terminal.restart()
    terminal.time.at -= timedelta(hours=2)
    with pytest.raises(NoTicket) as told:
        terminal.take()
    assert told.value.kind == "broken"
    assert any("Часы" in text for text in terminal.agent._report.faults("ru", None))


def test_a_disk_that_takes_nothing_gives_no_ticket_offline_and_still_gives_one_online(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("kiosk.journal_file.os.fsync", full)
    assert terminal.take().ticket.number == "А123"
    terminal.server.down = True
    with pytest.raises(NoTicket):
        terminal.take(f"{TAP}2")
    assert any("диск" in text for text in terminal.agent._report.faults("ru", None))


def test_a_damaged_snapshot_falls_back_to_the_one_before_and_staff_are_told(terminal: Terminal) -> None:
    terminal.server.state = OPEN.model_copy(update={"version": 8})
    terminal.contact()
    terminal.server.down = True
    terminal.restart()
    (terminal.folder / "office.json").write_bytes(b"{")
    terminal.restart()
    terminal.restart()
    assert isinstance(terminal.agent.office, OfficeInfo)
    assert terminal.take().offline


def test_damaged_numbers_leave_the_visitor_with_a_calm_word_until_contact(terminal: Terminal) -> None:
    terminal.server.down = True
    (terminal.folder / "numbers.json").write_bytes(b"{")
    terminal.restart()
    assert any("Номера" in text for text in terminal.agent._report.faults("ru", None))
    with pytest.raises(NoTicket) as told:
        terminal.take()
    assert told.value.kind == "unreachable"
    terminal.contact()
    assert terminal.agent._report.faults("ru", None) == []


def test_where_records_are_lost_only_numbers_never_had_before_are_given(terminal: Terminal) -> None:
    terminal.server.down = True
    terminal.take()
    terminal.journal.close()
    for name in ("tickets.journal", "tickets.copy"):
        path = terminal.folder / name
        path.write_bytes(path.read_bytes().replace("А980".encode(), b"????"))
    terminal.jobs.stop()
    terminal.start()
    assert not terminal.agent.reachable
    assert any("потерял" in text for text in terminal.agent._report.faults("ru", None))
    terminal.contact()
    assert terminal.server.leases[-1].anew


# --- Staff ------------------------------------------------------------------------------------


def test_a_number_not_on_paper_is_reported_and_one_killed_before_its_print_too(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.print_jobs.TRY_SECONDS", 0.0)
    terminal.server.down = True
    terminal.printer.broken = PrinterFault("no printer answers: switch it on")
    failed = terminal.take()
    assert terminal.jobs.wait_for(failed.job, 30) == "failed"
    terminal.agent._prints.stop()
    # The second is journaled, and the program is killed before the printer has said anything.
    monkeypatch.setattr(terminal.jobs, "add", lambda _make, _number: "never-printed")
    terminal.take(f"{TAP}2")
    terminal.restart()
    terminal.contact()
    reported = {one.number: one.job for one in terminal.server.reports[-1].unprinted}
    assert reported == {"А980": "failed", "А981": "unknown"}


def test_a_print_order_is_printed_once_and_its_result_told(terminal: Terminal) -> None:
    terminal.server.orders = [print_order(), print_order(id="0" * 36, terminal="another", number="А078")]
    terminal.agent.on_state("terminal:zarechny", terminal.server.view().model_dump(mode="json"))
    terminal.contact()
    terminal.agent._jobs.wait_for("", 0)
    terminal.agent._jobs.stop()
    terminal.agent._prints.stop()
    terminal.contact()
    assert len(terminal.printer.jobs) == 1
    assert [(one.order, one.state) for one in terminal.server.prints] == [(print_order().id, "printed")]
    terminal.server.orders = [print_order()]
    terminal.contact()
    assert len(terminal.printer.jobs) == 1


def test_how_the_terminal_stands_is_told_at_a_change_and_every_half_minute(terminal: Terminal) -> None:
    told = len(terminal.server.reports)
    terminal.contact()
    assert len(terminal.server.reports) == told
    terminal.agent.call_staff("ru")
    assert len(terminal.server.reports) == told + 1
    assert "просит помощи" in terminal.server.reports[-1].fault
    assert terminal.server.reports[-1].name == "hall"


def test_a_ticket_the_server_does_not_take_is_told_to_staff_with_the_reason(terminal: Terminal) -> None:
    terminal.server.refuse = {"А980": "номер занят"}
    terminal.server.down = True
    terminal.take()
    terminal.contact()
    assert terminal.agent.to_tell == 0
    terminal.contact()
    assert "А980" in terminal.server.reports[-1].fault
    assert "номер занят" in terminal.server.reports[-1].fault


def test_a_booking_is_checked_in_or_kindly_refused(terminal: Terminal) -> None:
    taken = terminal.agent.check_in(CheckIn(code="123456"))
    assert taken.ticket.number == "Л001"
    with pytest.raises(NoTicket, match="не найдена") as told:
        terminal.agent.check_in(CheckIn(code="000000"))
    assert told.value.kind == "refused"
    terminal.server.down = True
    with pytest.raises(NoTicket, match="Возьмите талон"):
        terminal.agent.check_in(CheckIn(phone_digits="1234"))


def test_a_fault_of_the_server_that_is_no_silence_is_not_answered_by_an_offline_ticket(
    terminal: Terminal,
) -> None:
    terminal.server.faults = [refusal()]
    with pytest.raises(NoTicket, match="закрыт"):
        terminal.take()
    assert terminal.agent.to_tell == 0


def test_a_terminal_whose_token_is_refused_gives_nothing_offline(terminal: Terminal) -> None:
    terminal.agent.on_link(False)
    terminal.server.faults = [refusal(401, "no_token", "unknown token")]
    terminal.agent.look_round()
    assert not terminal.agent.reachable
    terminal.server.faults = [refusal(401, "no_token", "unknown token")]
    with pytest.raises(NoTicket) as told:
        terminal.take()
    assert told.value.kind == "broken"
    assert terminal.agent.to_tell == 0


# --- The page's addresses -----------------------------------------------------------------------


def test_the_page_learns_that_there_is_no_server_and_no_people_ahead(terminal: Terminal) -> None:
    settings = type("Settings", (), {"listen": "127.0.0.1", "idle_seconds": 45, "warning_seconds": 12})
    settings.ticket_seconds = 20  # type: ignore[attr-defined]
    page = create_app(terminal.agent, terminal.jobs, settings).test_client()  # type: ignore[arg-type]
    assert page.get("/state", headers={"Host": "127.0.0.1"}).json["offline"] is False
    terminal.server.down = True
    wish = {"service": "payments", "language": "ru", "tap": TAP}
    answer = page.post("/take", json=wish, headers={"Host": "127.0.0.1"}).json
    assert answer["offline"] is True
    assert answer["ticket"]["ahead"] is None
    state = page.get("/state", headers={"Host": "127.0.0.1"}).json
    assert (state["offline"], state["reachable"]) == (True, True)
    assert state["printer"] in ("ready", "unknown")
    terminal.time.pass_(days=1)
    state = page.get("/state", headers={"Host": "127.0.0.1"}).json
    assert (state["offline"], state["reachable"]) == (False, False), "no numbers: the page pauses"
    help_ = page.post("/call-staff", json={"language": "ru"}, headers={"Host": "127.0.0.1"})
    assert (help_.status_code, help_.json["kind"]) == (503, "unreachable")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/check-in", {"code": "123456", "language": "ru"}, 200),
        ("/check-in", {"code": "000000", "language": "ru"}, 409),
        ("/check-in", {"language": "ru"}, 400),
        ("/check-in", {"code": "123456", "phone_digits": "1234"}, 400),
        ("/check-in", {"code": "12345a"}, 400),
        ("/call-staff", {"language": "kk"}, 200),
        ("/call-staff", {"language": "de"}, 400),
        ("/print-information", {"service": "payments", "language": "ru"}, 200),
        ("/print-information", {"service": "metering", "language": "ru"}, 404),
        ("/print-information", {"service": "unknown", "language": "ru"}, 404),
    ],
)
def test_what_else_the_page_may_ask_for(
    kiosk: Kiosk, served: Callable[..., str], path: str, body: dict[str, str], status: int
) -> None:
    told = service(information={"ru": "Приносите счёт."})
    kiosk.server.state = office(services=[told, *office().services[1:]])
    kiosk.hear()
    url = served()
    answer = requests.post(url + path, json=body, timeout=30)
    assert answer.status_code == status, answer.text
    if path == "/print-information":
        asked = requests.get(url + path, params={"service": body["service"]}, timeout=30)
        assert asked.json() == {"can_print": status == 200}
    if path == "/print-information" and status == 200:
        assert kiosk.jobs.wait_for(answer.json()["job"], 30) == "printed"
