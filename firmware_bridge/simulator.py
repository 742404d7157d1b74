"""Pads and signs without hardware: one pseudo-terminal per port, pressed and read by a local HTTP control.

``python -m firmware_bridge.simulator --config FILE --control PORT`` takes the settings of talon-bridge
and puts a link to a pseudo-terminal at the path of every port of our own protocol. The devices behave as
``device.py`` says.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import secrets
import select
import signal
import sys
import threading
import time
import tty
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from firmware_bridge.catalog import Kind
from firmware_bridge.config import Config, DeviceSettings, PortSettings
from firmware_bridge.device import Device
from firmware_bridge.simulator_control import Control, NoSuchPad
from server.sdk.settings import SettingsError, load

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Line:
    """A pseudo-terminal: we hold both ends, so that it stays when the bridge goes and comes."""

    path: Path
    master: int
    slave: int
    devices: tuple[tuple[DeviceSettings, Device], ...]


class NothingToSimulate(Exception):
    """No port of the settings can be simulated."""


class Simulator:
    """All simulated devices of a settings file. Starts with its construction; ``stop`` ends it."""

    def __init__(self, ports: Sequence[PortSettings]) -> None:
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._lines: dict[int, _Line] = {}
        simulated = [port for port in ports if port.protocol == "talon" and port.path]
        for port in ports:
            if port not in simulated:
                log.warning("%s is not simulated: only ports of protocol talon named by path are", port.name)
        if not simulated:
            raise NothingToSimulate("nothing to simulate: no port of protocol talon is named by path")
        try:
            for port in simulated:
                line = _open(port)
                self._lines[line.master] = line
        except OSError:
            self._release()
            raise
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._thread.start()

    def devices(self) -> list[dict[str, object]]:
        """What every device is and what a person would see on it now."""
        now = time.monotonic()
        with self._lock:
            return [
                {
                    "port": str(line.path),
                    "address": settings.address,
                    "kind": settings.kind,
                    "desk": settings.desk,
                    "keys": list(settings.keys) if settings.kind == "pad" else [],
                    **asdict(device.shows(now)),
                    "pending": device.pending,
                    "lost": device.lost,
                }
                for line in self._lines.values()
                for settings, device in line.devices
            ]

    def press(self, desk: str, key: int) -> None:
        """Press key ``key`` (from 1) of the pad at ``desk``. Raises ``NoSuchPad``."""
        with self._lock:
            for line in self._lines.values():
                for settings, device in line.devices:
                    if settings.desk == desk and settings.kind == "pad":
                        if not 1 <= key <= len(settings.keys):
                            raise NoSuchPad(f"the pad of desk {desk} has the keys 1…{len(settings.keys)}")
                        _write(line, device.press(key, time.monotonic()))
                        return
        raise NoSuchPad(f"there is no pad at desk {desk}")

    def stop(self) -> None:
        """Take the ports away."""
        self._stopping.set()
        # The reader sleeps on the masters: a byte on one of them wakes it.
        os.write(next(iter(self._lines.values())).slave, b"\n")
        self._thread.join(timeout=5)
        self._release()

    def _run(self) -> None:
        while not self._stopping.is_set():
            ready, _, _ = select.select(list(self._lines), [], [])
            for master in ready:
                data = os.read(master, 1024)
                with self._lock:
                    line = self._lines[master]
                    for _, device in line.devices:
                        _write(line, device.hear(data, time.monotonic()))

    def _release(self) -> None:
        for line in self._lines.values():
            with contextlib.suppress(OSError):
                if line.path.readlink() == Path(os.ttyname(line.slave)):
                    line.path.unlink()
            os.close(line.slave)
            os.close(line.master)
        self._lines.clear()


def _open(port: PortSettings) -> _Line:
    path = Path(port.path)
    if path.exists() and not path.is_symlink():
        raise FileExistsError(f"{path} is a real file or device: give the simulator another path")
    path.parent.mkdir(parents=True, exist_ok=True)
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.symlink_to(os.ttyname(slave))
    fresh.replace(path)
    # A new number at every start, as a device's own memory gives it.
    devices = tuple(
        (
            settings,
            Device(settings.address, Kind[settings.kind.upper()], secrets.randbits(32), len(settings.keys)),
        )
        for settings in port.devices
    )
    return _Line(path, master, slave, devices)


def _write(line: _Line, data: bytes) -> None:
    # Nobody reads and the buffer is full: a wire would lose the bytes too.
    with contextlib.suppress(BlockingIOError):
        if data:
            os.write(line.master, data)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. Exit code 0; 2 when the settings or paths cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m firmware_bridge.simulator", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="settings of talon-bridge")
    parser.add_argument("--control", type=int, required=True, help="port of the control on 127.0.0.1")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        simulator = Simulator(load(Config, options.config).ports)
    except (SettingsError, NothingToSimulate, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the person who starts the program
        return 2
    try:
        control = Control(simulator, options.control)
    except OSError as error:
        simulator.stop()
        print(f"port {options.control} of 127.0.0.1 cannot be used: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 2
    control.start()
    log.info("%d device(s), control at %s", len(simulator.devices()), control.url)
    stop.wait()
    control.stop()
    simulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
