"""A terminal whose clock or counters have gone mad is answered, and what it tells fits into the database."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Site

TICKET = {
    "id": "00000000-0000-7000-8000-000000000001",
    "number": "А990",
    "code": "23456789bcdfghjkmnpq",
    "service": "contract",
}


@pytest.mark.parametrize(
    "told",
    [
        {"issued_at": "2026-03-02T09:00:00Z", "clock_ahead_ms": 10**18},
        {"issued_at": "0001-01-01T00:00:00Z", "clock_ahead_ms": 1000},
        {"issued_at": "9999-12-31T23:59:59Z", "clock_ahead_ms": -1000},
        {"issued_at": "2026-03-02T09:00:00"},
    ],
)
def test_a_ticket_of_no_thinkable_moment_is_refused(site: Site, told: dict[str, Any]) -> None:
    body = {"tickets": [{**TICKET, **told}]}
    answer = site.post("offices/north/offline-tickets", body, token=site.token("kiosk"))
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


def test_a_terminal_whose_clock_is_decades_behind_can_still_report(site: Site) -> None:
    kiosk = site.token("kiosk")
    report = {"printer": "ready", "clock_ahead_ms": -1_770_000_000_000}
    answer = site.post("offices/north/terminals", report, token=kiosk)
    assert answer.status_code == 200, answer.text
    (terminal,) = site.store.hall("north").terminals
    assert terminal.clock_ahead_ms == -(2**31 - 1)


def test_a_place_in_the_log_beyond_all_logs_is_refused(site: Site) -> None:
    answer = site.get(f"offices/north/events?after={2**70}", token=site.token("audit"))
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
