"""A kiosk with a journal, frozen clocks and a remembering server, for tests of times without the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kiosk.agent import Agent, Taken
from kiosk.escpos_codec import Line, QrCode, read_ticket
from kiosk.lease_store import LeaseStore
from kiosk.office_snapshot import OfficeSnapshot
from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import OfflineJournal
from kiosk.paper import Paper
from kiosk.print_jobs import PrintJobs
from kiosk.printer_profile import PROFILES
from kiosk.printer_protocol import RememberingPrinter
from kiosk.server_clock import ServerClock
from tests.kiosk.builders import FrozenTime, RememberingServer, category, office

TAP = "3f1c9a4be07d4c55"
OPEN = office(closes_at=FrozenTime().at + timedelta(hours=5), categories=[category()])


@dataclass
class Terminal:
    """A kiosk with a journal, frozen clocks and a remembering server; ``restart`` is a kill -9."""

    folder: Path
    time: FrozenTime
    server: RememberingServer

    def start(self) -> None:
        self.printer = RememberingPrinter()
        self.jobs = PrintJobs(self.printer)
        snapshot = OfficeSnapshot(self.folder / "office.json", "zarechny")
        leases = LeaseStore(self.folder / "numbers.json")
        kept = leases.kept.ahead_ms if leases.kept else None
        self.clock = ServerClock(kept, self.time.wall, self.time.steady)
        today = (self.time.at + timedelta(hours=5)).date()
        self.journal = OfflineJournal(self.folder, today)
        desk = OfflineDesk(self.journal, leases, self.clock, today)
        self.agent = Agent(
            "zarechny", lambda _l: self.server, self.jobs, Paper(PROFILES["80mm"]), snapshot, desk, 20, "hall"
        )

    def contact(self) -> None:
        """The server answers, and all that is to be told is told."""
        self.server.down = False
        self.agent.look_round()
        self.agent.look_round()

    def restart(self) -> None:
        self.agent._snapshot.save()
        self.journal.close()
        self.jobs.stop()
        self.start()

    def take(self, tap: str = TAP, what: str = "payments") -> Taken:
        return self.agent.take_ticket(what, "ru", None, tap)

    def printed(self, taken: Taken) -> list[str]:
        assert self.jobs.wait_for(taken.job, 30) == "printed"
        thing = read_ticket(self.printer.jobs[-1], {17: "cp866"})
        return [one.text for one in thing if isinstance(one, Line)] + [
            one.data for one in thing if isinstance(one, QrCode)
        ]
