"""Waits for the end of each print job and tells whoever wants to know, so that no visitor waits for it."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from kiosk.offline_journal import PrintState
from kiosk.print_jobs import PrintJobs
from kiosk.terminal_report import final

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class PrintFollower:
    """Follows jobs in the order they were added, on a thread of its own."""

    def __init__(self, jobs: PrintJobs) -> None:
        self._jobs = jobs
        self._followed: queue.SimpleQueue[tuple[str, Callable[[PrintState], None]] | None] = (
            queue.SimpleQueue()
        )
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="print-follower", daemon=True)
        self._thread.start()

    def follow(self, job: str, on_end: Callable[[PrintState], None]) -> None:
        """Call ``on_end`` with the job's end, on the follower's thread."""
        self._followed.put((job, on_end))

    def stop(self) -> None:
        """Tell what has ended by now, and end the thread. The print jobs are to be stopped before."""
        self._ending.set()
        self._followed.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while (followed := self._followed.get()) is not None:
            job, on_end = followed
            while (state := final(self._jobs.wait_for(job, LOOK_SECONDS))) is None:
                if self._ending.is_set():
                    break
            try:
                if state is not None:
                    on_end(state)
            except Exception:
                # The outermost loop of this thread: one fault must not end the following.
                log.exception("the end of job %s could not be kept", job)
