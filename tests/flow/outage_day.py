"""A day of an office with two terminals, whose server, network and terminals fail at seeded moments."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests

from server import cli
from server.db.engine import connect
from server.db.store import Store
from tests.flow.cut_line import CutLine, Fault
from tests.programs import Caller, Program, Programs, assert_books_are_right, free_port, server_ready, until
from tests.working_company import OFFICE, WorkingCompany

FAULTS: tuple[Fault, ...] = ("no_answers", "cut", "silent")
SERVICES = ("contract", "cash")
CLOCK_SLACK = timedelta(seconds=2)


@dataclass(frozen=True)
class Given:
    """A ticket a visitor got: what the page was told, and when."""

    kiosk: str
    id: str
    number: str
    offline: bool
    issued_at: datetime


@dataclass
class Terminal:
    """A kiosk program behind a line of its own."""

    name: str
    line: CutLine
    program: Program

    def healthy(self) -> dict[str, Any]:
        """What the program says of itself."""
        with requests.Session() as session:
            session.trust_env = False
            said: dict[str, Any] = session.get(f"{self.program.url}/healthz", timeout=5).json()
            return said


@dataclass
class OutageDay:
    """Two terminals with visitors, two operators, and trouble. ``given`` is what the visitors hold."""

    programs: Programs
    company: WorkingCompany
    seed: int
    visitors: int
    timeout_seconds: float = 0.4
    """How long the terminals wait for the server: short, as a day of many outages wants it."""
    given: list[Given] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)

    def open_doors(self) -> None:
        """Start the server and the terminals; all are in contact and have numbers."""
        self._chance = random.Random(self.seed)
        self._lock = threading.Lock()
        self._evening = threading.Event()
        self._faults: list[BaseException] = []
        self.server = self.programs.server(self.company.database_url, async_mode="threading")
        self.terminals = [self._terminal(name) for name in ("entrance", "hall")]

    def visit(self, terminal: Terminal, tap: str) -> Given:
        """One visitor takes a ticket."""
        with requests.Session() as page:
            page.trust_env = False
            self.given.append(self._tap(page, terminal, {"service": "cash", "language": "ru", "tap": tap}))
        return self.given[-1]

    def mend(self) -> None:
        """Every line is whole, and the terminals have told the server all."""
        for terminal in self.terminals:
            terminal.line.mend()
        for terminal in self.terminals:
            until(lambda t=terminal: t.healthy()["server"] and t.healthy()["to_tell"] == 0, "handing in", 30)

    def run(self, troubles: int) -> None:
        """Let the day go by, with ``troubles`` spread over it; then everything works again."""
        self.open_doors()
        crowd = [
            threading.Thread(target=self._guarded, args=(self._visit, terminal, n), daemon=True)
            for n, terminal in enumerate(self.terminals)
        ]
        staff = [
            threading.Thread(
                target=self._guarded, args=(self._operate, *self.company.operators[n]), daemon=True
            )
            for n in range(2)
        ]
        for thread in (*crowd, *staff):
            thread.start()
        try:
            for n in range(troubles):
                moment = (n + 1) * 2 * self.visitors // (troubles + 1)
                until(lambda m=moment: len(self.given) >= m or self._faults, f"{moment} tickets", 60)
                self._trouble(n)
            for thread in crowd:
                thread.join(60)
                assert not thread.is_alive(), "the visitors did not get their tickets"
        finally:
            self._evening.set()
        for thread in staff:
            thread.join(30)
        assert not self._faults, self._faults
        self.mend()

    def close(self) -> None:
        """Take the lines away."""
        for terminal in getattr(self, "terminals", []):
            terminal.line.close()

    def prove(self) -> Counter[str]:
        """Nothing doubled, nothing lost, real moments, right books; what happened, counted."""
        with Caller(self.server.url, self.company.devices["audit"]) as auditor:
            events = auditor.events(OFFICE)
        issued = {e["visit"]: e for e in events if e["kind"] == "ticket_issued"}
        cancelled = {e["visit"] for e in events if e["kind"] == "ticket_cancelled"}
        told = Counter(given.number for given in self.given)
        assert [number for number, count in told.items() if count > 1] == [], "a number was given twice"
        logged = Counter(e["payload"]["number"] for e in issued.values())
        assert [number for number, count in logged.items() if count > 1] == [], "a number is twice in the log"
        for given in self.given:
            assert given.id in issued, f"{given} was lost"
            assert given.id not in cancelled, f"{given} is in a visitor's hand and was cancelled"
            event = issued[given.id]
            assert event["payload"]["number"] == given.number
            joined = datetime.fromisoformat(event["payload"].get("issued_at") or event["at"])
            assert abs(joined - given.issued_at) < CLOCK_SLACK, f"{given} counts from {joined}"
        orphans = set(issued) - {given.id for given in self.given}
        for orphan in orphans - cancelled:
            # Only an operator who called it before the terminal was back may have been quicker.
            number = issued[orphan]["payload"]["number"]
            told = f"{number}, which nobody has on paper, is past cancelling"
            assert any(told in t.program.log for t in self.terminals), f"{number} is in the queue for nobody"
        self._prove_waits(events, issued)
        assert_books_are_right(self.server)
        for terminal in self.terminals:
            assert "Traceback" not in terminal.program.log, terminal.program.log[-4000:]
        found = Counter(given=len(self.given), orphans=len(orphans))
        found["offline"] = sum(given.offline for given in self.given)
        return found + self.troubles

    def _prove_waits(self, events: list[dict[str, Any]], issued: dict[str, dict[str, Any]]) -> None:
        """Nobody was started before the issue, and the served waits run from the real moment."""
        finished = {e["visit"] for e in events if e["kind"] == "service_finished"}
        wait = 0
        for event in events:
            if event["kind"] == "service_started" and event["visit"] in finished:
                start = issued[event["visit"]]
                began = datetime.fromisoformat(start["payload"].get("issued_at") or start["at"])
                seconds = (datetime.fromisoformat(event["at"]) - began).total_seconds()
                assert seconds >= 0, f"{start['payload']['number']} was started before its issue"
                wait += int(seconds)
        with Caller(self.server.url, self.company.people["manager"]) as manager:
            year = datetime.fromisoformat(events[0]["at"]).year
            report = manager.get("reports/monthly", year=year).json()
        office = next(one for one in report["offices"] if one["office"] == OFFICE)
        months = office["months"]
        assert sum(month["served"] for month in months) == len(finished)
        assert sum(month["wait_seconds"] for month in months) == wait
        assert sum(month["excluded"] for month in months) == 0

    # --- People ---------------------------------------------------------------------------

    def _visit(self, terminal: Terminal, which: int) -> None:
        chance = random.Random(self.seed * 10 + which)
        with requests.Session() as page:
            page.trust_env = False
            for n in range(self.visitors):
                wish = {
                    "service": chance.choice(SERVICES),
                    "language": chance.choice(["ru", "kk"]),
                    "tap": f"{terminal.name}-{self.seed}-{n:05d}",
                }
                given = self._tap(page, terminal, wish)
                with self._lock:
                    self.given.append(given)

    def _tap(self, page: requests.Session, terminal: Terminal, wish: dict[str, str]) -> Given:
        """Take a ticket as the page does: the same tap again until there is one."""
        deadline = time.monotonic() + 40
        while True:
            try:
                answer = page.post(f"{terminal.program.url}/take", json=wish, timeout=15)
                told = answer.json()
                if answer.status_code == 200:
                    ticket = told["ticket"]
                    assert (ticket["ahead"] is None) == told["offline"]
                    moment = datetime.fromisoformat(ticket["issued_at"])
                    return Given(terminal.name, ticket["id"], ticket["number"], told["offline"], moment)
                assert told["kind"] in ("unreachable", "broken"), told
            except requests.RequestException:
                pass
            assert time.monotonic() < deadline, f"no ticket: {terminal.program.log[-2000:]}"
            threading.Event().wait(0.05)

    def _operate(self, desk: str, token: str) -> None:
        """Call, start and finish whoever comes, past every outage."""
        with Caller(self.server.url, token) as operator:
            while not self._evening.is_set():
                for act in ("open", "call-next", "start", "finish"):
                    try:
                        operator.post(f"desks/{desk}/{act}")
                    except requests.RequestException:
                        break
                self._evening.wait(0.1)

    def _guarded(self, work: Any, *arguments: Any) -> None:
        try:
            work(*arguments)
        except BaseException as fault:
            self._faults.append(fault)
            raise

    # --- Trouble --------------------------------------------------------------------------

    def _trouble(self, n: int) -> None:
        chance = self._chance
        terminal = chance.choice(self.terminals)
        kind = ("server", "line", "kiosk", "both")[n % 4]
        if kind == "line":
            # So that a visitor's request is under way when the line breaks.
            until(lambda: terminal.healthy()["server"], "the terminal in contact", 30)
        if kind in ("line", "both"):
            fault = FAULTS[n // 4 % 3] if kind == "line" else chance.choice(FAULTS)
            self.troubles[fault] += 1
            terminal.line.break_(fault)
        if kind in ("server", "both"):
            self.troubles["server killed"] += 1
            self.server.kill()
        if kind == "kiosk":
            self.troubles["kiosk killed"] += 1
            # Sometimes while it works without the server.
            if n % 8 >= 4:
                terminal.line.break_("cut")
            threading.Event().wait(chance.uniform(0, 0.3))
            terminal.program.kill()
            terminal.program.start()
            terminal.program.wait_ready(lambda: terminal.healthy()["status"] == "alive")
        some = len(self.given) + 6
        until(
            lambda: len(self.given) >= min(some, 2 * self.visitors) or self._faults, "tickets in trouble", 60
        )
        if kind in ("server", "both"):
            self.server.start()
            self.server.wait_ready(lambda: server_ready(self.server.url))
        terminal.line.mend()
        if chance.random() < 0.7:
            until(lambda: terminal.healthy()["server"], "the terminal back in contact", 30)

    def _terminal(self, name: str) -> Terminal:
        engine = connect(self.company.database_url)
        token = cli.make_token(Store(engine), "kiosk", name, OFFICE)
        engine.dispose()
        line = CutLine(self.server.url)
        port = free_port()
        state = self.programs.folder / name
        values = {
            "server": {"url": line.url, "token": token, "timeout_seconds": self.timeout_seconds},
            "kiosk": {
                "office": OFFICE,
                "port": port,
                "state_folder": str(state),
                "name": name,
                "offline_numbers": 60,
            },
            "printer": {"kind": "file", "path": str(self.programs.folder / f"{name}.prn")},
        }
        program = self.programs._start(name, "kiosk", values, f"http://127.0.0.1:{port}")
        terminal = Terminal(name, line, program)
        program.wait_ready(lambda: terminal.healthy()["server"] is True)
        until(lambda: (state / "numbers.json").exists(), "numbers for times without the server")
        return terminal
