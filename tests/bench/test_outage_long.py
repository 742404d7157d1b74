"""A long day of outages with two terminals: what happened, counted; nothing doubled, nothing lost."""

from __future__ import annotations

import os
import time

import pytest

from tests.flow.outage_day import OutageDay
from tests.programs import Programs
from tests.working_company import WorkingCompany

VISITORS = int(os.environ.get("TALON_BENCH_VISITORS", "150"))
"""At each terminal."""
TROUBLES = int(os.environ.get("TALON_BENCH_TROUBLES", "40"))
SEED = int(os.environ.get("TALON_BENCH_SEED", "1"))


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_a_long_day_of_outages(programs: Programs, company: WorkingCompany) -> None:
    day = OutageDay(programs, company, SEED, VISITORS)
    began = time.monotonic()
    try:
        day.run(TROUBLES)
        found = day.prove()
    finally:
        day.close()
    seconds = time.monotonic() - began
    print(f"\nOutages, seed {SEED}, {VISITORS} visitors at each of two terminals, {seconds:.0f} s")
    for what, count in sorted(found.items()):
        print(f"  {what:24}{count:6}")
