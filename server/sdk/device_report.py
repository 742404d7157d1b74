"""Tells the server how a device stands: at each change, and every half minute. Used by display and bridge."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from server.sdk.client import ServerRefused, ServerUnreachable
from server.sdk.terminal_messages import DeviceHeard, DeviceKind, DevicePart, ReportDevice

log = logging.getLogger(__name__)

REPORT_SECONDS = 30.0
LOOK_SECONDS = 2.0
"""How soon a change is told."""


class Client(Protocol):
    """What reporting asks of the server (``TalonClient``)."""

    def report_device(self, office: str, request: ReportDevice) -> DeviceHeard:
        """Tell how a device stands."""


class DeviceReport:
    """Reports of one program on a thread of its own. ``parts()`` says how its parts stand now, in words."""

    def __init__(
        self,
        client: Client,
        office: str,
        kind: DeviceKind,
        name: str,
        version: str,
        parts: Callable[[], list[DevicePart]],
    ) -> None:
        self._client = client
        self._office = office
        self._about: tuple[DeviceKind, str, str] = (kind, name, version)
        self._parts = parts
        self._told: ReportDevice | None = None
        self._told_at = 0.0
        self._silent = False
        self._refused = ""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="device-report", daemon=True)

    def start(self) -> None:
        """Begin to report in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the reports."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def look(self, now: float) -> None:
        """Report if anything changed or half a minute went by; ``now`` in seconds of a steady clock."""
        kind, name, version = self._about
        report = ReportDevice(kind=kind, name=name, version=version, parts=self._parts())
        if report == self._told and now - self._told_at < REPORT_SECONDS:
            return
        try:
            self._client.report_device(self._office, report)
        except ServerUnreachable as error:
            # Once: the program itself says that the server is out of reach.
            if not self._silent:
                log.info("the server is not told how this device stands: %s", error)
            self._silent = True
            return
        except ServerRefused as refused:
            if str(refused) != self._refused:
                log.error("the server does not take what this device tells: %s: check its token", refused)
            self._refused = str(refused)
        self._told, self._told_at, self._silent = report, now, False

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self.look(time.monotonic())
            except Exception:
                # The outermost loop of this thread: one fault must not end the reports.
                log.exception("how this device stands could not be told this time, trying on")
            self._ending.wait(LOOK_SECONDS)
