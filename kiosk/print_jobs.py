"""Print jobs in order on their own thread, so that no visitor waits for a printer that is dead."""

from __future__ import annotations

import logging
import queue
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kiosk.printer_protocol import Printer, PrinterFault
from kiosk.printer_status import CURES, N_, OFFLINE, STOPPED, UNKNOWN, PrinterStatus
from server.sdk.terminal_messages import PrinterState

log = logging.getLogger(__name__)

JobState = Literal["queued", "printed", "failed", "unknown"]
"""``unknown``: bytes had left when the line broke, so paper may or may not have come out."""
REMEMBERED_JOBS = 100
TRY_SECONDS = 3.0
"""How long a printer that cannot be opened is tried again: it may be finishing another machine's job."""
PAUSE_SECONDS = 0.4
FINISH_SECONDS = 6.0
"""How long a ticket that was sent may take to come out."""
MOUTH_SECONDS = 1.0
"""How often to look whether the visitor took the ticket out of the presenter's mouth."""
LEFT_SECONDS = 30.0
"""A ticket that hangs in the mouth for so long was left there: staff are told."""


@dataclass
class PrintJob:
    """A job as it is remembered. ``settled``: staff printed it again or said that the visitor has it.

    ``former_in_mouth``: the ticket before it was still in the presenter's mouth and stayed there.
    """

    id: str
    number: str
    make: Callable[[], bytes]
    state: JobState = "queued"
    fault: PrinterFault | None = None
    settled: bool = False
    former_in_mouth: bool = False


class PrintJobs:
    """Takes jobs at once and prints them one after another; between them looks after the printer.

    **When a job is printed.** The printer is asked before and after a job, where its cable can answer:

    - it cannot be reached, or says before the job that it stands still (paper out, cover, cutter, error,
      offline): ``failed``; nothing was sent, so nothing came out;
    - the line broke while the job was sent: ``unknown``;
    - it tells that all was worked off (end mark), or says ready some seconds after: ``printed``;
    - it says that it stands still before that: ``unknown``, because the ticket may be cut short, and may
      still come out of the printer's memory when the paper is loaded;
    - it has answered at any time since the start and is silent after the job: ``unknown``;
    - it never answered (a mute printer, a plain file): ``printed`` once it has taken every byte, as
      nothing more can be known; its state stays ``unknown`` and is never taken for "paper out".

    A job that failed or is unknown is never repeated by itself. Staff see it in ``unprinted``, print it
    ``again`` or ``settle`` it. ``number`` is the ticket's; the visitor sees it on the screen all the while.
    ``on_change`` is called when a job or the printer changed its state, mostly on the printing thread.
    ``clear_mouth`` is sent before a job while an old ticket hangs in the presenter's mouth.
    """

    def __init__(
        self,
        printer: Printer,
        look_seconds: float = 10.0,
        clear_mouth: bytes = b"",
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._printer = printer
        self._look_seconds = look_seconds
        self._clear_mouth = clear_mouth
        self.on_change = on_change
        self._waiting: queue.SimpleQueue[PrintJob | None] = queue.SimpleQueue()
        self._jobs: OrderedDict[str, PrintJob] = OrderedDict()
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._status = UNKNOWN
        self._talks = False
        self._fault: PrinterFault | None = None
        self._in_mouth_since: float | None = None
        self._left_told = False
        self._thread = threading.Thread(target=self._run, name="print-jobs", daemon=True)
        self._thread.start()

    def add(self, make: Callable[[], bytes], number: str = "") -> str:
        """Queue a job; ``make()`` gives its bytes on the printing thread. Returns the job's id at once."""
        job = PrintJob(uuid.uuid4().hex, number, make)
        with self._changed:
            self._jobs[job.id] = job
            self._forget()
        self._waiting.put(job)
        return job.id

    def again(self, job: str) -> str | None:
        """Print a remembered job once more: the new job's id; None for a job nobody remembers.

        A job that still waits is not doubled: its own id comes back.
        """
        with self._changed:
            known = self._jobs.get(job)
            if known is None or known.state == "queued":
                return known.id if known else None
            known.settled = True
        return self.add(known.make, known.number)

    def settle(self, job: str) -> None:
        """Staff looked: the visitor has this ticket or needs none."""
        with self._changed:
            if job in self._jobs:
                self._jobs[job].settled = True
        self._tell()

    def unprinted(self) -> list[PrintJob]:
        """Jobs that failed or are unknown and wait for staff, the oldest first."""
        with self._changed:
            return [
                job for job in self._jobs.values() if job.state in ("failed", "unknown") and not job.settled
            ]

    def state(self, job: str) -> JobState | None:
        """Where the job stands; None for a job nobody remembers."""
        with self._changed:
            return self._jobs[job].state if job in self._jobs else None

    @property
    def queued(self) -> int:
        """How many jobs wait for paper."""
        with self._changed:
            return sum(job.state == "queued" for job in self._jobs.values())

    @property
    def printer_status(self) -> PrinterStatus:
        """What the printer said last; a ticket in its mouth too."""
        return self._status

    @property
    def ticket_left(self) -> bool:
        """Whether a ticket has been hanging in the presenter's mouth for so long that nobody will take it."""
        since = self._in_mouth_since
        return since is not None and time.monotonic() - since >= LEFT_SECONDS

    def former_in_mouth(self, job: str) -> bool:
        """Whether the ticket before this job was still in the mouth and stayed there: there are two now."""
        with self._changed:
            return job in self._jobs and self._jobs[job].former_in_mouth

    @property
    def alive(self) -> bool:
        """Whether the printing thread runs."""
        return self._thread.is_alive()

    @property
    def printer_state(self) -> PrinterState:
        """The state for the server's list of terminals."""
        return self._status.state

    @property
    def fault(self) -> str | None:
        """What is wrong with the printer, for the log; None after a job that went well."""
        return self.fault_in(str)

    def fault_in(self, gettext: Callable[[str], str]) -> str | None:
        """What is wrong with the printer and its cure, for staff, in the language of ``gettext``."""
        fault = self._fault
        return None if fault is None else fault.said(gettext)

    def wait_for(self, job: str, seconds: float) -> JobState | None:
        """The job's final state, or the one it has after ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: self.state(job) != "queued", seconds)
            return self.state(job)

    def stop(self) -> None:
        """Finish what is queued, without new tries, and end the thread."""
        self._stopping.set()
        self._waiting.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        self._look()
        look_at = time.monotonic() + self._look_seconds
        while True:
            try:
                job = self._waiting.get(timeout=max(0.0, look_at - time.monotonic()))
            except queue.Empty:
                self._look()
            else:
                if job is None:
                    return
                self._do(job)
            rest = MOUTH_SECONDS if self._status.ticket_in_mouth else self._look_seconds
            look_at = time.monotonic() + min(rest, self._look_seconds)

    def _do(self, job: PrintJob) -> None:
        try:
            self._print(job)
        except PrinterFault as fault:
            log.error("ticket %s (job %s) not printed: %s", job.number or "-", job.id, str(fault))
            self._fault = job.fault = fault.untraced()
            self._become(job, "unknown" if fault.maybe_printed else "failed")
        except Exception:
            # The outermost loop of the printing thread: one bad job must not end all printing.
            log.exception("ticket %s (job %s) could not be made", job.number or "-", job.id)
            self._become(job, "failed")
        else:
            if self._status.state not in STOPPED:
                self._fault = None
            self._become(job, "printed")

    def _print(self, job: PrintJob) -> None:
        data = job.make()
        self._open()
        try:
            # A printer that never answered is not asked at each ticket: the visitor would wait.
            if self._talks:
                self._heard(self._printer.status())
                self._refuse_if_stopped(maybe_printed=False)
            if self._status.ticket_in_mouth:
                data = self._clear_mouth + data
                job.former_in_mouth = not self._clear_mouth
                if self._clear_mouth:
                    self._in_mouth_since = None
            self._printer.print(data)
            if not self._talks:
                return
            finished = self._printer.finished(FINISH_SECONDS)
            after = self._printer.status()
            if finished:
                self._heard(after)
                return
            if after == UNKNOWN:
                raise PrinterFault(
                    N_(
                        "The printer fell silent in the middle of the ticket: look whether it came out, "
                        "check power and cable."
                    ),
                    maybe_printed=True,
                )
            self._heard(after)
            self._refuse_if_stopped(maybe_printed=True)
        finally:
            self._printer.close()

    def _open(self) -> None:
        give_up = time.monotonic() + TRY_SECONDS
        while True:
            try:
                self._printer.open()
                break
            except PrinterFault:
                if self._stopping.is_set() or time.monotonic() + PAUSE_SECONDS > give_up:
                    self._status = OFFLINE
                    raise
                self._stopping.wait(PAUSE_SECONDS)
        if self._status == OFFLINE and not self._talks:
            self._heard(self._printer.status())

    def _refuse_if_stopped(self, maybe_printed: bool) -> None:
        if self._status.state in STOPPED:
            raise PrinterFault(CURES[self._status.state], maybe_printed)

    def _look(self) -> None:
        """Ask the idle printer how it is; what it says now is what staff are told."""
        before, told = self._status, self._fault
        try:
            self._printer.open()
        except PrinterFault as fault:
            self._status, self._fault = OFFLINE, fault.untraced()
        except Exception:
            # As above: a fault of one look must not end all printing.
            log.exception("the printer could not be looked at")
        else:
            self._heard(self._printer.status())
        finally:
            self._printer.close()
        if before != self._status:
            now = f"{self._status.state}{', a ticket in its mouth' if self._status.ticket_in_mouth else ''}"
            level = logging.WARNING if self._fault else logging.INFO
            log.log(level, "printer: %s. %s", now, self._fault or "")
        left_told, self._left_told = self._left_told, self.ticket_left
        if before != self._status or (told is None) != (self._fault is None) or left_told != self._left_told:
            self._tell()

    def _heard(self, status: PrinterStatus) -> None:
        self._status = status
        self._talks = self._talks or status != UNKNOWN
        if not status.ticket_in_mouth:
            self._in_mouth_since = None
        elif self._in_mouth_since is None:
            self._in_mouth_since = time.monotonic()
        if status.state in STOPPED:
            self._fault = PrinterFault(CURES[status.state])
        elif status.state in ("ready", "near_end"):
            self._fault = None

    def _become(self, job: PrintJob, state: JobState) -> None:
        with self._changed:
            job.state = state
            self._forget()
            self._changed.notify_all()
        self._tell()

    def _forget(self) -> None:
        """Keep the last jobs that are done, and of older ones as many that wait for staff."""
        done = [job for job in self._jobs.values() if job.state != "queued"]
        older = done[:-REMEMBERED_JOBS]
        waiting = [job.id for job in older if job.state != "printed" and not job.settled]
        kept = set(waiting[-REMEMBERED_JOBS:])
        for job in older:
            if job.id not in kept:
                del self._jobs[job.id]

    def _tell(self) -> None:
        try:
            self.on_change()
        except Exception:
            # Whoever listens must not end all printing.
            log.exception("the printer's news could not be passed on")
