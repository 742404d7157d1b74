"""A terminal killed between journal and printer: the number lives, staff see it, and print it anew."""

from __future__ import annotations

import requests

from tests.flow.cut_line import CutLine
from tests.printer_sink import PrinterSink
from tests.programs import Caller, Program, Programs, assert_books_are_right, free_port, until
from tests.working_company import OFFICE, WorkingCompany


def a_kiosk(programs: Programs, url: str, token: str, printer_port: int) -> Program:
    port = free_port()
    values = {
        "server": {"url": url, "token": token, "timeout_seconds": 0.5},
        "kiosk": {"office": OFFICE, "port": port, "state_folder": str(programs.folder / "kiosk")},
        "printer": {"kind": "network", "address": "127.0.0.1", "port": printer_port},
    }
    return programs._start("kiosk", "kiosk", values, f"http://127.0.0.1:{port}")


def said(kiosk: Program) -> dict[str, object]:
    answer: dict[str, object] = requests.get(f"{kiosk.url}/healthz", timeout=5).json()
    return answer


def test_a_kiosk_killed_between_journal_and_print_leaves_a_number_that_staff_see_as_not_printed(
    programs: Programs, company: WorkingCompany
) -> None:
    server = programs.server(company.database_url, async_mode="threading")
    with (
        CutLine(server.url) as line,
        PrinterSink() as printer,
        CutLine(f"http://127.0.0.1:{printer.port}") as cable,
        Caller(server.url, company.people["admin"]) as staff,
    ):
        cable.break_("silent")
        kiosk = a_kiosk(programs, line.url, company.devices["kiosk"], cable.port)
        kiosk.wait_ready(lambda: said(kiosk)["server"] is True)
        for file in ("office.json", "numbers.json"):
            until((programs.folder / "kiosk" / file).exists, f"{file} for times without the server")
        line.break_("cut")
        wish = {"service": "contract", "language": "ru", "tap": "killed-before-print"}
        taken = requests.post(f"{kiosk.url}/take", json=wish, timeout=10).json()
        # The printer takes nothing and says nothing: the job is still on its way.
        kiosk.kill()
        assert taken["offline"]
        kiosk.start()
        kiosk.wait_ready(lambda: said(kiosk)["status"] == "alive")
        again = requests.post(f"{kiosk.url}/take", json=wish, timeout=10).json()
        assert again["ticket"]["number"] == taken["ticket"]["number"]
        line.mend()

        def unprinted() -> list[str]:
            terminals = staff.get(f"offices/{OFFICE}/hall").json()["terminals"]
            return [number for terminal in terminals for number in terminal["unprinted"]]

        until(lambda: unprinted() == [taken["ticket"]["number"]], "staff seeing the number as not printed")
        assert printer.jobs == []
        cable.mend()
        ordered = staff.post(f"offices/{OFFICE}/print", {"ticket": taken["ticket"]["id"]})
        assert ordered.status_code == 200, ordered.text
        printer.wait_for(1)
        until(lambda: unprinted() == [], "the number being on paper")
        assert len(printer.jobs) == 1
        hall = staff.get(f"offices/{OFFICE}/hall").json()
        assert [one["number"] for one in hall["waiting"]] == [taken["ticket"]["number"]]
    assert_books_are_right(server)
    assert "Traceback" not in kiosk.log
