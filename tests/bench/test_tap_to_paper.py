"""From a tap on the kiosk to the first byte at the printer, by the real kiosk program."""

from __future__ import annotations

import time
import uuid

import pytest
import requests

from tests.bench.tables import Measured, print_table
from tests.printer_sink import PrinterSink
from tests.programs import Program, Programs
from tests.working_company import OFFICE, WorkingCompany

TAPS = 200
WARM_UP = 5
LIMIT = 0.150


@pytest.mark.bench
def test_tap_to_the_first_byte_of_paper(
    programs: Programs, server: Program, company: WorkingCompany, sockets: int
) -> None:
    to_paper, to_number = [], []
    with PrinterSink() as printer, requests.Session() as page:
        page.trust_env = False
        kiosk = programs.kiosk(server, company.devices["kiosk"], OFFICE, printer.port)
        for tap in range(1, WARM_UP + TAPS + 1):
            # What the page sends when the button is touched.
            wish = {"service": "contract", "language": "ru", "tap": uuid.uuid4().hex}
            touched = time.monotonic()
            answer = page.post(f"{kiosk.url}/take", json=wish, timeout=15)
            answered = time.monotonic()
            assert answer.status_code == 200, answer.text
            job = printer.wait_for(tap)
            if tap > WARM_UP:
                to_number.append(answered - touched)
                to_paper.append(job.first_byte_at - touched)
    print_table(
        f"Tap on the kiosk, {sockets} idle sockets",
        [
            Measured("tap → first byte at TCP 9100", to_paper, LIMIT),
            Measured("tap → number on the screen's side", to_number),
        ],
    )
