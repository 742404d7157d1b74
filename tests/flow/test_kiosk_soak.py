"""A bad day at the kiosk's printer, in short: no lost number, true states, memory that stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kiosk.kiosk_soak import LIMIT_BYTES, soak

TICKETS = 100


@pytest.mark.timeout(180)
def test_at_an_unruly_printer_the_program_loses_no_number_and_tells_the_truth_of_every_job(
    tmp_path: Path,
) -> None:
    day = soak(tmp_path, TICKETS, seed=7, measure_each=50)
    assert day.lies == []
    assert len(day.doubted) <= TICKETS // 50
    assert sum(day.states.values()) == TICKETS
    assert set(day.states) == {"printed", "failed", "unknown"}
    assert len(day.moods) == 9
    assert day.grown_bytes(warm=50) < LIMIT_BYTES
    assert day.exit_code == 0
    assert "Traceback" not in day.log
