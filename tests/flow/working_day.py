"""A day of an office: crowds in their own processes work at one or more servers; all that they were told."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.flow import crowd
from tests.flow.log_book import LogBook
from tests.flow.proof import Act, Proof, prove
from tests.programs import END_SECONDS, ROOT, Caller, Program, assert_books_are_right, clean_environment
from tests.working_company import OFFICE, WorkingCompany

PROCESSES = 2
MOST_FAULTS = 20
SERVICES = ("contract", "cash")


@dataclass(frozen=True)
class Day:
    """How a day goes: ``tickets`` from so many ``terminals``; every desk has an operator; one administrator.

    ``patient``: people repeat what got no answer, because servers are killed. ``seconds``: when to give up.
    """

    tickets: int
    terminals: int
    seed: int
    services: tuple[str, ...] = SERVICES
    patient: bool = False
    seconds: float = 100


class WorkingDay:
    """Crowds at work: ``begin``, perhaps ``wait_for`` some acts, ``end``, and ``prove``."""

    def __init__(self, servers: list[Program], company: WorkingCompany, day: Day) -> None:
        self.acts: list[Act] = []
        self.servers = servers
        self._company = company
        self._day = day
        self._deadline = time.monotonic() + day.seconds
        self._at_terminals = day.terminals
        self._faults = 0
        self._changed = threading.Condition()
        clients = self._clients()
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-m", crowd.__name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env=clean_environment(),
            )
            for _ in range(PROCESSES)
        ]
        for index, process in enumerate(self._processes):
            wish = {"clients": clients[index::PROCESSES], "patient": day.patient}
            _say(process, json.dumps(wish))
        for process in self._processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        self._listeners = [
            threading.Thread(target=self._listen, args=(process,), daemon=True) for process in self._processes
        ]

    def begin(self) -> None:
        """Let everybody go at one moment."""
        self.began = time.monotonic()
        for listener in self._listeners:
            listener.start()
        for process in self._processes:
            _say(process, "begin")

    def wait_for(self, acts: int) -> None:
        """Wait until so many acts were answered, or the terminals have no more visitors."""
        self._wait(lambda: len(self.acts) >= acts or self._at_terminals == 0, f"{acts} acts")

    def end(self) -> float:
        """Wait for the last visitor at the terminals, then for the evening; how many seconds the day took."""
        try:
            self._wait(lambda: self._at_terminals == 0, "the last ticket")
            for process in self._processes:
                _say(process, "evening")
            for process in self._processes:
                code = process.wait(max(1.0, self._deadline - time.monotonic()))
                assert code == 0, f"a crowd ended with {code}"
            for listener in self._listeners:
                listener.join(END_SECONDS)
        finally:
            self.give_up()
        return time.monotonic() - self.began

    def give_up(self) -> None:
        """Send everybody home at once."""
        for process in self._processes:
            process.kill()
            process.wait(END_SECONDS)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def prove(self) -> Proof:
        """Compare what people were told with the exported log; the kept sums with the derived ones."""
        with Caller(self.servers[-1].url, self._company.devices["audit"]) as auditor:
            events = auditor.events(OFFICE)
        desks = [desk for desk, _token in self._company.operators]
        proof = prove(self.acts, LogBook(events, desks))
        assert_books_are_right(self.servers[0])
        proof.faults += [f"{s.name}: {s.log[-3000:]}" for s in self.servers if "Traceback" in s.log]
        return proof

    def _clients(self) -> list[dict[str, Any]]:
        """Everybody: of each kind some in each process, and in each process some at each server."""
        day, company = self._day, self._company
        desks = [desk for desk, _token in company.operators]
        common = {"services": day.services, "desks": desks, "rating_token": company.devices["rating"]}
        people: list[dict[str, Any]] = [
            {
                "role": "terminal",
                "name": f"terminal-{n}",
                "token": company.devices["kiosk"],
                "tickets": day.tickets // day.terminals + (n < day.tickets % day.terminals),
            }
            for n in range(day.terminals)
        ]
        people += [
            {"role": "operator", "name": f"worker-{desk}", "token": token, "desk": desk}
            for desk, token in company.operators
        ]
        people.append({"role": "administrator", "name": "meddler-1", "token": company.people["admin"]})
        urls = [server.url for server in self.servers]
        for index, person in enumerate(people):
            first = index // PROCESSES % len(urls)
            person |= {**common, "seed": day.seed * 1000 + index, "servers": urls[first:] + urls[:first]}
        return people

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            told = json.loads(line)
            with self._changed:
                if "gone" in told:
                    self._at_terminals -= told["role"] == "terminal"
                else:
                    self.acts.append(told)
                    self._faults += not 200 <= told["status"] < 500
                self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        with self._changed:
            came = self._changed.wait_for(
                lambda: self._faults > MOST_FAULTS or condition(),
                max(0.0, self._deadline - time.monotonic()),
            )
        assert came, f"{what} did not come; {len(self.acts)} acts so far: {self.acts[-3:]}"
        # Whoever is answered with a fault tries something else, for ever: such a day has no end.
        assert self._faults <= MOST_FAULTS, [server.log[-3000:] for server in self.servers]


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
