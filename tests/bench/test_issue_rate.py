"""Tickets a second for eight callers of one process on SQLite, beside a bare loop on the same disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from tests.bench import eight_callers
from tests.programs import ROOT, clean_environment

LEAST_SHARE = 0.25


@pytest.mark.bench
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        pytest.param("green", "green threads, as the server has them", id="as-served"),
        pytest.param("threads", "threads of the system, as with async_mode = threading", id="threads"),
    ],
)
def test_tickets_a_second_beside_a_bare_loop(tmp_path: Path, kind: str, words: str) -> None:
    process = subprocess.run(
        [sys.executable, "-m", eight_callers.__name__, kind, str(tmp_path)],
        cwd=ROOT,
        env=clean_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    rounds: list[tuple[float, float]] = json.loads(process.stdout)
    shares = sorted(talon / bare for bare, talon in rounds)
    print(f"\nTickets a second, {eight_callers.CALLERS} callers ({words}),", end="")
    print(f" one process on SQLite, {len(rounds)} rounds by turns, medians")
    print(f"  bare BEGIN IMMEDIATE, update, insert, commit   {median(bare for bare, _ in rounds):7.0f}")
    print(f"  issue_ticket                                   {median(talon for _, talon in rounds):7.0f}")
    print(f"  share of the bare loop {median(shares):.2f} (at least {LEAST_SHARE};", end="")
    print(f" by round {shares[0]:.2f} to {shares[-1]:.2f})")
