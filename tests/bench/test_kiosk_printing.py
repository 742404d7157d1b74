"""Tickets to a serial printer of 115200 baud: how long they take to draw and until the last byte is there."""

from __future__ import annotations

import time

import pytest

from kiosk.printer import SerialPrinter
from kiosk.printer_profile import PROFILES, PrinterProfile
from kiosk.rendering import render, warm_up
from kiosk.ticket_layout import ticket_layout
from kiosk.words import all_words
from server.sdk.messages import ExpectedWait
from tests.bench.tables import Measured, print_table
from tests.kiosk.builders import office, service, ticket
from tests.kiosk.kiosk_page.states import LONG
from tests.kiosk.printer_port import Port

DRAWN = 200
SENT = 3
RENDER_LIMIT = 0.050
SERIAL_BYTES = 11520
"""115200 baud: eight bits, a start and a stop bit each byte."""
SERIAL_LIMITS = {"ru": 1.5, "kk": 3.0, "kk + ru": 3.0}


def longest(languages: str, profile: PrinterProfile, number: int) -> bytes:
    """The ticket of the service with the longest name; another number each time, as in life."""
    info = office(ticket_languages=languages.split(" + "), services=[service(name=LONG)])
    wait = ExpectedWait(from_minutes=110, to_minutes=120)
    given = ticket(number=f"А{number:03d}", ahead=number, expected_wait=wait)
    return render(ticket_layout(info, given, all_words()), profile)


@pytest.mark.bench
def test_drawing_a_ticket() -> None:
    drawing = []
    for family, profile in PROFILES.items():
        warm_up(profile)
        for languages in SERIAL_LIMITS:
            seconds = []
            for number in range(1, DRAWN + 1):
                started = time.thread_time()
                longest(languages, profile, number)
                seconds.append(time.thread_time() - started)
            drawing.append(Measured(f"{family}, {languages}", seconds, RENDER_LIMIT))
    print_table("Drawing a ticket with the longest name, processor time", drawing)


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_the_last_byte_of_a_ticket_at_a_serial_printer() -> None:
    sending = []
    for family, profile in PROFILES.items():
        for languages, limit in SERIAL_LIMITS.items():
            seconds, size = [], 0
            for number in range(1, SENT + 1):
                data = longest(languages, profile, 980 + number)
                size = len(data)
                port = Port(bytes_per_second=SERIAL_BYTES)
                printer = SerialPrinter(port.path, 115200, "none", status="none")
                printer.open()
                started = time.monotonic()
                printer.print(data)
                port.job(data)
                seconds.append(port.last_byte_at - started)
                printer.close()
                port.close()
            sending.append(Measured(f"{family}, {languages}: {size} B", seconds, limit))
    print_table("The last byte of a ticket with the longest name, line of 11,520 bytes a second", sending)
