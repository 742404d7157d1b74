"""Five thousand tickets through the kiosk program on a bad day at its printer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.kiosk.kiosk_soak import LIMIT_BYTES, soak

TICKETS = 5000
WARM = 500


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_five_thousand_tickets_through_the_program_to_an_unruly_printer(tmp_path: Path) -> None:
    started = time.monotonic()
    day = soak(tmp_path, TICKETS, seed=2026, measure_each=250)
    seconds = time.monotonic() - started
    grown = day.grown_bytes(WARM)
    print(f"\n{TICKETS} tickets through the kiosk program to an unruly TCP printer in {seconds:.0f} s")
    print("  states: " + ", ".join(f"{state} {count}" for state, count in sorted(day.states.items())))
    print("  lines: " + ", ".join(f"{mood} {count}" for mood, count in sorted(day.moods.items())))
    print(f"  numbers lost or doubled, states that are not true: {len(day.lies)}")
    print(f"  told unknown though the printer had no trouble but was late: {len(day.doubted)}")
    curve = ", ".join(f"{tickets}: {used / 1048576:.1f}" for tickets, used in day.memory)
    print(f"  memory in MB by tickets: {curve}")
    print(f"  grown by {grown / 1048576:.1f} MB since ticket {WARM}, {grown / LIMIT_BYTES:.2f} of its limit")
    assert day.lies == []
    assert len(day.doubted) <= TICKETS // 50
    assert sum(day.states.values()) == TICKETS
    assert set(day.states) == {"printed", "failed", "unknown"}
    assert grown < LIMIT_BYTES
    assert day.exit_code == 0
    assert "Traceback" not in day.log
