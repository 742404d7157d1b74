"""One serial port: a thread that owns it, runs its line, and opens it again after every fault."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from firmware_bridge.catalog import Kind, Refusal
from firmware_bridge.config import DeviceSettings, PortSettings
from firmware_bridge.journal import Journal
from firmware_bridge.link import Arm, Changed, Event, Line, Pressed, Refused, Show, State
from firmware_bridge.transport import PortFault, Wire

log = logging.getLogger(__name__)

REOPEN_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Waits between attempts to open a port that is absent or failed."""
DISK_SECONDS = 10.0
"""How often a full disk is complained about; the device keeps its press meanwhile."""


class Port:
    """Runs one port. ``on_press`` is called after a new press is on disk.

    Its ``states`` hold the last known state of each device by address, for anyone to read.
    """

    def __init__(
        self, settings: PortSettings, wire: Wire, journal: Journal, on_press: Callable[[], None]
    ) -> None:
        self.path = settings.path
        self.devices = {device.address: device for device in settings.devices}
        self.states = dict.fromkeys(self.devices, State.UNKNOWN)
        self._baud = settings.baud
        self._wire = wire
        self._journal = journal
        self._on_press = on_press
        self._wishes: dict[int, Show | Arm] = {}
        self._news: SimpleQueue[tuple[int, Show | Arm]] = SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"port {self.path}", daemon=True)
        self._fault = ""
        self._complain_at = 0.0

    def start(self) -> None:
        """Begin in the background; the port may be absent and come later."""
        self._thread.start()

    def want(self, address: int, wish: Show | Arm) -> None:
        """The device at ``address`` shall show ``wish``, now and whenever it is back. From any thread."""
        self._news.put((address, wish))
        self._wire.wake()

    def stop(self) -> None:
        """Let the port go and wait for the thread."""
        self._stopping.set()
        self._wire.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                self._wire.open()
                log.info("%s: open", self.path)
                self._fault, failures = "", 0
                self._serve()
            except PortFault as fault:
                # The same fault again and again is said once.
                log.log(logging.DEBUG if str(fault) == self._fault else logging.WARNING, "%s", fault)
                self._fault = str(fault)
                self.states = dict.fromkeys(self.devices, State.SILENT)
                self._stopping.wait(REOPEN_SECONDS[min(failures, len(REOPEN_SECONDS) - 1)])
                failures += 1
            finally:
                self._wire.close()

    def _serve(self) -> None:
        kinds = {address: Kind[device.kind.upper()] for address, device in self.devices.items()}
        # Not always from 1: an answer still on its way to our predecessor must not pass for one to us.
        line = Line(kinds, self._baud, first_sequence=random.randint(1, 255))  # noqa: S311
        for address, wish in self._wishes.items():
            line.want(address, wish, time.monotonic())
        data = b""
        while not self._stopping.is_set():
            self._take_wishes(line)
            out, events = line.step(data, time.monotonic())
            if out:
                self._wire.write(out)
            for event in events:
                self._heed(line, event)
            data = self._wire.read(line.wait(time.monotonic()))

    def _take_wishes(self, line: Line) -> None:
        while True:
            try:
                address, wish = self._news.get_nowait()
            except Empty:
                return
            self._wishes[address] = wish
            line.want(address, wish, time.monotonic())

    def _heed(self, line: Line, event: Event) -> None:
        device = self.devices[event.address]
        match event:
            case Pressed():
                self._press(line, event, device)
            case Changed(state=state, why=why):
                self.states[event.address] = state
                level = logging.INFO if state is State.ONLINE else logging.WARNING
                log.log(
                    level,
                    "%s of desk %s (%s, address %d) is %s: %s",
                    device.kind,
                    device.desk,
                    self.path,
                    event.address,
                    state,
                    why,
                )
            case Refused(request=request, reason=reason):
                why = Refusal(reason).name.lower() if reason in set(Refusal) else str(reason)
                log.error(
                    "%s of desk %s (%s, address %d) refused %s: %s: update its firmware",
                    device.kind,
                    device.desk,
                    self.path,
                    event.address,
                    request,
                    why,
                )

    def _press(self, line: Line, press: Pressed, device: DeviceSettings) -> None:
        if device.kind != "pad" or not 1 <= press.key <= len(device.keys):
            log.error("desk %s: key %d has no mark: complete `keys` of its pad", device.desk, press.key)
            line.keep(press, time.monotonic())
            return
        press_id = f"{device.desk}.{press.boot:08x}.{press.counter:x}"
        try:
            new = self._journal.add(press_id, device.desk, device.keys[press.key - 1], press.age_seconds)
        except OSError as error:
            if time.monotonic() >= self._complain_at:
                self._complain_at = time.monotonic() + DISK_SECONDS
                log.error(
                    "presses cannot be kept (%s): make room on the disk; pads hold theirs", error.strerror
                )
            return
        # Only now: a receipt means that the press outlives a power cut.
        line.keep(press, time.monotonic())
        if new:
            self._on_press()
