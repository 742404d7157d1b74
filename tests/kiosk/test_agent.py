"""Taking tickets: one tap one ticket, whatever happens to the line; the office's state survives a restart."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.agent import Agent
from kiosk.escpos_codec import Line, QrCode, read_ticket
from kiosk.no_ticket import NoTicket
from kiosk.office_snapshot import OfficeSnapshot
from kiosk.paper import Paper
from kiosk.print_jobs import PrintJobs
from kiosk.printer import PrinterFault, RememberingPrinter
from kiosk.printer_profile import PROFILES
from tests.kiosk.builders import STATUS_URL, RememberingServer, office, refusal, silence
from tests.kiosk.conftest import Kiosk

TAP = "3f1c9a4be07d4c55"


def test_a_tap_gives_a_number_and_the_same_number_on_paper(kiosk: Kiosk) -> None:
    taken = kiosk.agent.take_ticket("payments", "ru", None, TAP)
    assert taken.ticket.number == "А123"
    assert kiosk.jobs.wait_for(taken.job, 30) == "printed"
    printed = read_ticket(kiosk.printer.jobs[0], {17: "cp866"})
    assert "Перед вами 3 человека" in [thing.text for thing in printed if isinstance(thing, Line)]
    assert [thing.data for thing in printed if isinstance(thing, QrCode)] == [STATUS_URL]


def test_the_server_is_asked_in_the_visitors_language_with_the_category(kiosk: Kiosk) -> None:
    kiosk.agent.take_ticket("payments", "kk", "veteran", TAP)
    request, _key = kiosk.server.asked[0]
    assert (request.service, request.language, request.category) == ("payments", "kk", "veteran")


def test_a_double_tap_gives_one_ticket_printed_once(kiosk: Kiosk) -> None:
    first = kiosk.agent.take_ticket("payments", "ru", None, TAP)
    second = kiosk.agent.take_ticket("payments", "ru", None, TAP)
    assert first == second
    assert kiosk.jobs.wait_for(first.job, 30) == "printed"
    assert len(kiosk.printer.jobs) == 1
    assert len(kiosk.server.asked) == 1


def test_eight_taps_at_once_of_one_finger_give_one_ticket(kiosk: Kiosk) -> None:
    together = threading.Barrier(8)

    def tap() -> str:
        together.wait(30)
        return kiosk.agent.take_ticket("payments", "ru", None, TAP).ticket.number

    with ThreadPoolExecutor(8) as pool:
        numbers = {future.result(30) for future in [pool.submit(tap) for _ in range(8)]}
    assert numbers == {"А123"}
    assert len(kiosk.server.issued) == 1


def test_two_taps_give_two_tickets(kiosk: Kiosk) -> None:
    numbers = [kiosk.agent.take_ticket("payments", "ru", None, f"{TAP}{n}").ticket.number for n in range(2)]
    assert numbers == ["А123", "А124"]


def test_a_line_dropped_at_once_is_tried_once_more_with_the_same_key(kiosk: Kiosk) -> None:
    kiosk.server.faults = [silence()]
    taken = kiosk.agent.take_ticket("payments", "ru", None, TAP)
    assert taken.ticket.number == "А123"
    keys = [key for _request, key in kiosk.server.asked]
    assert len(keys) == 2
    assert len(set(keys)) == 1


@pytest.mark.parametrize(("language", "words"), [("ru", "ещё раз"), ("kk", "Қайталап"), ("en", "Try again")])
def test_a_silent_server_gives_a_calm_word_and_trying_again_loses_nothing(
    kiosk: Kiosk, language: str, words: str
) -> None:
    kiosk.server.faults = [silence(), silence()]
    with pytest.raises(NoTicket) as refused:
        kiosk.agent.take_ticket("payments", language, None, TAP)  # type: ignore[arg-type]
    assert refused.value.kind == "unreachable"
    assert words in refused.value.text
    taken = kiosk.agent.take_ticket("payments", language, None, TAP)  # type: ignore[arg-type]
    assert len({key for _request, key in kiosk.server.asked}) == 1
    assert taken.ticket.number == "А123"


def test_a_slow_server_is_not_asked_twice_in_one_tap(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.agent.QUICK_SECONDS", 0.0)
    kiosk.server.faults = [silence()]
    with pytest.raises(NoTicket):
        kiosk.agent.take_ticket("payments", "ru", None, TAP)
    assert len(kiosk.server.asked) == 1


def test_a_refusal_of_the_queue_is_told_in_its_own_words(kiosk: Kiosk) -> None:
    kiosk.server.faults = [refusal(detail="Офис закрыт до 08:00")]
    with pytest.raises(NoTicket) as refused:
        kiosk.agent.take_ticket("payments", "ru", None, TAP)
    assert (refused.value.kind, refused.value.text) == ("refused", "Офис закрыт до 08:00")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_fault_of_the_terminal_is_never_shown_to_a_visitor_as_it_is(kiosk: Kiosk, status: int) -> None:
    kiosk.server.faults = [refusal(status, "some_code", "invalid bearer token")]
    with pytest.raises(NoTicket) as refused:
        kiosk.agent.take_ticket("payments", "ru", None, TAP)
    assert refused.value.kind == "broken"
    assert "token" not in refused.value.text
    assert "сотруднику" in refused.value.text


def test_a_dead_printer_leaves_the_number_valid(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.print_jobs.TRY_SECONDS", 0.0)
    kiosk.printer.broken = PrinterFault("no printer answers: switch it on")
    taken = kiosk.agent.take_ticket("payments", "ru", None, TAP)
    assert taken.ticket.number == "А123"
    assert kiosk.jobs.wait_for(taken.job, 30) == "failed"


def test_an_unexpected_fault_reaches_every_waiting_tap(kiosk: Kiosk) -> None:
    kiosk.server.faults = [RuntimeError("broken twin")]
    with pytest.raises(RuntimeError):
        kiosk.agent.take_ticket("payments", "ru", None, TAP)
    assert kiosk.agent.take_ticket("payments", "ru", None, TAP).ticket.number == "А123"


# --- The office's state -------------------------------------------------------------------


def make_agent(tmp_path: Path, server: RememberingServer) -> Agent:
    snapshot = OfficeSnapshot(tmp_path / "office.json", "zarechny")
    jobs = PrintJobs(RememberingPrinter())
    return Agent("zarechny", lambda _language: server, jobs, Paper(PROFILES["80mm"]), snapshot)


def test_at_the_start_the_office_is_asked_for(tmp_path: Path) -> None:
    asked = threading.Event()
    server = RememberingServer()
    agent = make_agent(tmp_path, server)
    really = server.office

    def ask(code: str):  # type: ignore[no-untyped-def]
        asked.set()
        return really(code)

    server.office = ask  # type: ignore[method-assign]
    agent.start()
    assert asked.wait(30)
    agent.stop()
    assert agent.reachable
    assert agent.office == server.state


def test_a_line_without_a_word_is_no_news_so_the_office_is_asked_for(tmp_path: Path) -> None:
    agent = make_agent(tmp_path, RememberingServer())
    agent.on_link(True)
    agent._refresh()
    assert agent.reachable
    assert agent.office == office()
    agent.stop()


def test_an_answer_older_than_the_news_does_not_replace_it(tmp_path: Path) -> None:
    agent = make_agent(tmp_path, RememberingServer(office(version=7)))
    agent.on_state(agent.room, office(version=9, waiting=5).model_dump(mode="json"))
    agent._refresh()
    assert agent.office == office(version=9, waiting=5)
    agent.on_link(False)
    agent._refresh()
    assert agent.office == office(version=7)
    agent.stop()


def test_a_restarted_kiosk_knows_its_office_though_the_server_is_silent(tmp_path: Path) -> None:
    before = make_agent(tmp_path, RememberingServer())
    before.on_state("kiosk:zarechny", office(version=9).model_dump(mode="json"))
    before.stop()
    after = make_agent(tmp_path, RememberingServer())
    assert after.office == office(version=9)
    assert not after.reachable
    after.stop()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"code": 1}', b"\xff\xfe"])
def test_a_damaged_snapshot_is_left_aside(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "office.json").write_bytes(damage)
    agent = make_agent(tmp_path, RememberingServer())
    assert agent.office is None
    with pytest.raises(NoTicket, match="сотруднику"):
        agent.take_ticket("payments", "ru", None, TAP)
    agent.stop()


def test_the_snapshot_of_another_office_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "office.json").write_text(office(code="other").model_dump_json(), "utf-8")
    agent = make_agent(tmp_path, RememberingServer())
    assert agent.office is None
    agent.stop()


def test_news_of_other_rooms_and_unreadable_news_change_nothing(kiosk: Kiosk) -> None:
    before = kiosk.agent.office
    kiosk.agent.on_state("kiosk:other", office(code="other").model_dump(mode="json"))
    kiosk.agent.on_state("kiosk:zarechny", {"code": "zarechny"})
    assert kiosk.agent.office == before


def test_a_folder_that_cannot_be_written_does_not_stop_the_kiosk(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    snapshot = OfficeSnapshot(tmp_path / "file" / "office.json", "zarechny")
    assert snapshot.take(office())
    snapshot.save()
    assert snapshot.office == office()
