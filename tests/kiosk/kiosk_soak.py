"""Many tickets through the kiosk program to an unruly printer: numbers, states of jobs, memory."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import requests

from kiosk.printer_profile import PROFILES
from tests.kiosk.impatient_kiosk import start
from tests.kiosk.stub_queue import StubQueue
from tests.kiosk.unruly_printer import Mood, UnrulyPrinter
from tests.programs import Program, Programs, until

AT_A_TIME = 5
"""Tickets waiting for paper at once: the jobs of a few visitors in a row."""
LIMIT_BYTES = 10 * 1024 * 1024
"""How much the program may grow after it is warm."""


@dataclass
class Soak:
    """What became of the tickets. ``lies``: jobs told otherwise than they ended, numbers lost or doubled.

    ``doubted``: tickets told "unknown" though the printer had no trouble; it answered too late for the short
    waits, as happens on a busy machine. More than a few of them are a fault.
    """

    states: Counter[str] = field(default_factory=Counter)
    lies: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)
    moods: Counter[Mood] = field(default_factory=Counter)
    memory: list[tuple[int, int]] = field(default_factory=list)
    log: str = ""
    exit_code: int = -1

    def grown_bytes(self, warm: int) -> int:
        """Memory at the end above that after ticket ``warm``."""
        return self.memory[-1][1] - next(used for tickets, used in self.memory if tickets >= warm)


def soak(folder: Path, tickets: int, seed: int, measure_each: int) -> Soak:
    """Take ``tickets`` tickets at a kiosk program; memory is measured after each ``measure_each``."""
    result = Soak()
    told: dict[str, str] = {}
    dice = random.Random(seed)
    with (
        StubQueue(ticket_languages=["kk", "ru"]) as queue,
        UnrulyPrinter(PROFILES["80mm"].code_pages, seed) as printer,
        Programs(folder) as programs,
        requests.Session() as page,
    ):
        page.trust_env = False
        cable = {"kind": "network", "address": "127.0.0.1", "port": printer.port, "timeout_seconds": 0.15}
        # Short waits, or thousands of bad jobs would take hours.
        kiosk = start(programs, queue.url, cable, finish_seconds=0.3, answer_seconds=0.04)
        for handful in _handfuls(tickets):
            jobs = {}
            for place in handful:
                number, job = _take(page, kiosk, place, dice.random() < 0.1)
                if number in told or number in jobs:
                    result.lies.append(f"{number} was answered twice")
                jobs[number] = job
            for number, job in jobs.items():
                told[number] = until(lambda job=job: _end_of(page, kiosk, job), f"the end of {number}", 60)
            if (handful[-1] + 1) % measure_each == 0:
                result.memory.append((handful[-1] + 1, resident_bytes(kiosk.process.pid)))
        result.exit_code = kiosk.end()
        result.log, result.moods = kiosk.log, printer.moods
        given = {one.number: one.status_url.rpartition("/")[2] for one in queue.issued.values()}
        result.lies += _lies(told, given, printer)
        result.doubted += [
            number
            for number, state in told.items()
            if state == "unknown" and given.get(number) in printer.without_trouble
        ]
    result.states = Counter(told.values())
    return result


def resident_bytes(process: int) -> int:
    """Memory of a process that is in use now."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _take(page: requests.Session, kiosk: Program, place: int, twice: bool) -> tuple[str, str]:
    """The number and the job of one tap; a finger that taps twice gets the same ones."""
    language = ("ru", "kk", "en")[place % 3]
    wish = {"service": ("payments", "metering")[place % 2], "language": language, "tap": f"soak-{place:06d}"}
    answers = []
    for _ in range(2 if twice else 1):
        answer = page.post(f"{kiosk.url}/take", json=wish, timeout=30)
        assert answer.status_code == 200, answer.text
        answers.append((str(answer.json()["ticket"]["number"]), str(answer.json()["job"])))
    assert len(set(answers)) == 1
    return answers[0]


def _end_of(page: requests.Session, kiosk: Program, job: str) -> str | None:
    state = str(page.get(f"{kiosk.url}/jobs/{job}", timeout=30).json()["state"])
    return None if state == "queued" else state


def _lies(told: dict[str, str], given: dict[str, str], printer: UnrulyPrinter) -> Iterator[str]:
    """Where the state of a job, or an answer to a visitor, is not what really happened."""
    yield from (f"{number} was given and not answered" for number in given.keys() - told.keys())
    yield from (f"{number} was answered and not given" for number in told.keys() - given.keys())
    for number, state in told.items():
        came = printer.whole[given.get(number, "")]
        if came > 1 or (state == "printed" and came != 1) or (state == "failed" and came):
            yield f"{number}: told {state}, came out {came} times"


def _handfuls(tickets: int) -> Iterator[range]:
    for first in range(0, tickets, AT_A_TIME):
        yield range(first, min(first + AT_A_TIME, tickets))
