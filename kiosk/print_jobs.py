"""Print jobs in order on their own thread, so that no visitor waits for a printer that is dead."""

from __future__ import annotations

import logging
import queue
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal

from kiosk.printer import Printer, PrinterFault

log = logging.getLogger(__name__)

JobState = Literal["queued", "printed", "failed", "unknown"]
"""``unknown``: bytes had left when the line broke, so paper may or may not have come out."""
REMEMBERED_JOBS = 100
TRY_SECONDS = 3.0
"""How long a printer that cannot be opened is tried again: it may be finishing another machine's job."""
PAUSE_SECONDS = 0.4


class PrintJobs:
    """Takes jobs at once and prints them one after another."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._waiting: queue.SimpleQueue[tuple[str, Callable[[], bytes]] | None] = queue.SimpleQueue()
        self._states: OrderedDict[str, JobState] = OrderedDict()
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._fault: str | None = None
        self._thread = threading.Thread(target=self._run, name="print-jobs", daemon=True)
        self._thread.start()

    def add(self, make: Callable[[], bytes]) -> str:
        """Queue a job; ``make()`` gives its bytes on the printing thread. Returns the job's id at once."""
        job = uuid.uuid4().hex
        self._become(job, "queued")
        self._waiting.put((job, make))
        return job

    def state(self, job: str) -> JobState | None:
        """Where the job stands; None for a job nobody remembers."""
        with self._changed:
            return self._states.get(job)

    @property
    def fault(self) -> str | None:
        """What is wrong with the printer, for staff; None after a job that went well."""
        return self._fault

    def wait_for(self, job: str, seconds: float) -> JobState | None:
        """The job's final state, or the one it has after ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: self._states.get(job) != "queued", seconds)
            return self._states.get(job)

    def stop(self) -> None:
        """Finish what is queued, without new tries, and end the thread."""
        self._stopping.set()
        self._waiting.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            job, make = waiting
            try:
                self._print(make())
            except PrinterFault as fault:
                self._fault = str(fault)
                log.error("job %s not printed: %s", job, fault)
                self._become(job, "unknown" if fault.maybe_printed else "failed")
            except Exception:
                # The outermost loop of the printing thread: one bad job must not end all printing.
                log.exception("job %s could not be made", job)
                self._become(job, "failed")
            else:
                self._fault = None
                self._become(job, "printed")

    def _print(self, data: bytes) -> None:
        give_up = time.monotonic() + TRY_SECONDS
        while True:
            try:
                self._printer.open()
                break
            except PrinterFault:
                if self._stopping.is_set() or time.monotonic() + PAUSE_SECONDS > give_up:
                    raise
                self._stopping.wait(PAUSE_SECONDS)
        try:
            self._printer.print(data)
        finally:
            self._printer.close()

    def _become(self, job: str, state: JobState) -> None:
        with self._changed:
            self._states[job] = state
            while len(self._states) > REMEMBERED_JOBS:
                self._states.popitem(last=False)
            self._changed.notify_all()
