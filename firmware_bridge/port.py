"""One serial port: a thread that owns it, runs its line, and opens it again after every fault."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue

from firmware_bridge.buttons_line import ButtonsLine
from firmware_bridge.catalog import Kind, Refusal
from firmware_bridge.config import DeviceSettings, PortSettings
from firmware_bridge.journal import Journal
from firmware_bridge.line_protocol import (
    Changed,
    Event,
    Facts,
    LineProtocol,
    OperatorAction,
    OperatorKey,
    Pressed,
    Refused,
    State,
    Wish,
)
from firmware_bridge.link import Line
from firmware_bridge.modbus_line import ModbusLine
from firmware_bridge.transport import PortFault, PortState, Wire

log = logging.getLogger(__name__)

REOPEN_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Waits between attempts to open a port that is absent or failed."""
DISK_SECONDS = 10.0
"""How often a full disk is complained about; the device keeps its press meanwhile."""
MOVING_SECONDS = 30.0
"""A port's thread that has not come round for so long hangs."""
LOOK_SECONDS = 1.0
"""The longest sleep on a line."""

OnKey = Callable[[str, OperatorAction], None]
"""What takes an operator's key: the desk and what the operator wants. Must not block: the line waits."""


@dataclass(frozen=True)
class DeviceStanding:
    """How one device stands."""

    settings: DeviceSettings
    state: State
    facts: Facts


@dataclass(frozen=True)
class PortStanding:
    """How one port and its devices stand; ``said`` is the fault in words of the system, empty if none."""

    name: str
    path: str
    protocol: str
    state: PortState
    said: str
    devices: tuple[DeviceStanding, ...]


class Port:
    """Runs one port. ``on_press`` is called after a new press is on disk, ``on_key`` for operators' keys.

    Its ``states`` hold the last known state of each device by address, for anyone to read.
    """

    def __init__(
        self,
        settings: PortSettings,
        wire: Wire,
        journal: Journal,
        on_press: Callable[[], None],
        on_key: OnKey,
    ) -> None:
        self.name = settings.name
        self.devices = {device.address: device for device in settings.devices}
        self.states = dict.fromkeys(self.devices, State.UNKNOWN)
        self.state = PortState.WAITING
        self._settings = settings
        self._wire = wire
        self._journal = journal
        self._on_press = on_press
        self._on_key = on_key
        self._wishes: dict[int, Wish] = {}
        self._news: SimpleQueue[tuple[int, Wish]] = SimpleQueue()
        self._line: LineProtocol | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"port {self.name}", daemon=True)
        self._fault = ""
        self._complain_at = 0.0
        self._moved_at = time.monotonic()

    def start(self) -> None:
        """Begin in the background; the port may be absent and come later."""
        self._thread.start()

    def want(self, address: int, wish: Wish) -> None:
        """The device at ``address`` shall show ``wish``, now and whenever it is back. From any thread."""
        self._news.put((address, wish))
        self._wire.wake()

    def stop(self) -> None:
        """Let the port go and wait for the thread."""
        self._stopping.set()
        self._wire.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    @property
    def moving(self) -> bool:
        """False when its thread has ended or hangs: then only a new start helps."""
        return self._thread.is_alive() and time.monotonic() - self._moved_at < MOVING_SECONDS

    def report(self) -> PortStanding:
        """How it stands. From any thread."""
        line = self._line
        devices = tuple(
            DeviceStanding(device, self.states[address], line.facts(address) if line else Facts())
            for address, device in self.devices.items()
        )
        path = self._wire.path if self.state is PortState.OPEN else self._settings.path
        return PortStanding(self.name, path, self._settings.protocol, self.state, self._fault, devices)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                self._wire.open()
                log.info("%s: open (%s)", self.name, self._wire.path)
                self._fault, failures, self.state = "", 0, PortState.OPEN
                self._serve()
            except PortFault as fault:
                # The same fault again and again is said once.
                log.log(logging.DEBUG if str(fault) == self._fault else logging.WARNING, "%s", fault)
                self._fault, self.state = str(fault), fault.state
                self.states = dict.fromkeys(self.devices, State.SILENT)
                self._moved_at = time.monotonic()
                self._stopping.wait(REOPEN_SECONDS[min(failures, len(REOPEN_SECONDS) - 1)])
                failures += 1
            finally:
                self._wire.close()

    def _serve(self) -> None:
        line = self._line = make_line(self._settings)
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
            self._moved_at = now = time.monotonic()
            data = self._wire.read(min(LOOK_SECONDS, line.wait(now)))

    def _take_wishes(self, line: LineProtocol) -> None:
        while True:
            try:
                address, wish = self._news.get_nowait()
            except Empty:
                return
            self._wishes[address] = wish
            line.want(address, wish, time.monotonic())

    def _heed(self, line: LineProtocol, event: Event) -> None:
        device = self.devices[event.address]
        match event:
            case Pressed():
                self._press(line, event, device)
            case OperatorKey(action=action):
                self._on_key(device.desk, action)
            case Changed(state=state, why=why):
                self.states[event.address] = state
                level = logging.INFO if state is State.ONLINE else logging.WARNING
                log.log(
                    level,
                    "%s of desk %s (%s, address %d) is %s: %s",
                    device.kind,
                    device.desk,
                    self.name,
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
                    self.name,
                    event.address,
                    request,
                    why,
                )

    def _press(self, line: LineProtocol, press: Pressed, device: DeviceSettings) -> None:
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


def make_line(settings: PortSettings) -> LineProtocol:
    """The protocol of a port, from its beginning."""
    # The number of this start, for devices that have none of their own.
    run = random.getrandbits(32)
    if settings.protocol == "buttons-01-07":
        return ButtonsLine(settings.devices, run, datetime.now)
    if settings.protocol == "modbus":
        return ModbusLine(settings.devices, settings.baud, run)
    kinds = {device.address: Kind[device.kind.upper()] for device in settings.devices}
    # Not always from 1: an answer still on its way to our predecessor must not pass for one to us.
    return Line(kinds, settings.baud, first_sequence=random.randint(1, 255))  # noqa: S311
