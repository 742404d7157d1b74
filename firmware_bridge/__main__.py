"""talon-bridge: connects pads and signs on serial ports with the server.

talon-bridge --config FILE      run
talon-bridge talk /dev/ttyUSB0  talk to devices by hand
talon-bridge decode FILE        tell in words what a recording of a line holds
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from firmware_bridge import console
from firmware_bridge.agent import Agent, Feed
from firmware_bridge.config import Config, PortSettings
from firmware_bridge.health import parts
from firmware_bridge.journal import JournalInUse
from firmware_bridge.recording import RecordedWire, head
from firmware_bridge.transport import SerialWire, Wire
from firmware_bridge.web import create_app, serve
from server.sdk.client import NewsFeed, TalonClient
from server.sdk.device_report import DeviceReport
from server.sdk.settings import SettingsError, load
from server.sdk.watchdog import Watchdog

log = logging.getLogger("firmware_bridge")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT, or do one errand of the installer.

    Exit code 0; 2 when the settings cannot be used, 1 when an errand could not be done.
    """
    parser = argparse.ArgumentParser(
        prog="talon-bridge", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", type=Path, help="settings, see deploy/talon-bridge.toml")
    console.add_errands(parser.add_subparsers(dest="errand"))
    options = parser.parse_args(arguments)
    if options.errand:
        return console.run(options)
    if options.config is None:
        parser.error("--config FILE is missing; deploy/talon-bridge.toml is a commented one")
    try:
        config = load(Config, options.config)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the person who starts the program
        return 2
    logging.basicConfig(
        level=config.bridge.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    signal.signal(signal.SIGTERM, _end)
    try:
        agent = build(config)
    except (JournalInUse, OSError) as error:
        print(f"bridge.state_folder cannot be used: {error}", file=sys.stderr)  # noqa: T201
        return 2
    run(agent, config)
    return 0


def run(agent: Agent, config: Config) -> None:
    """Run until told to end; what is not handed in stays on disk."""
    watchdogs = []

    def ready(listen: str, port: int) -> None:
        # At the address that the page really has.
        watchdogs.append(Watchdog(listen, port))
        watchdogs[0].start()

    client = TalonClient(config.server.url, config.server.token)
    language = config.bridge.language
    equipment = DeviceReport(
        client,
        config.bridge.office,
        "bridge",
        config.bridge.name,
        version("talon"),
        lambda: parts(agent.report(language), language),
    )
    try:
        agent.start()
        equipment.start()
        log.info("bridge of office %s started, %d port(s)", config.bridge.office, len(config.ports))
        listen, port = config.bridge.listen, config.bridge.port
        serve(create_app(agent, listen), listen, port, ready)
    except (SystemExit, KeyboardInterrupt):
        pass
    finally:
        for watchdog in watchdogs:
            watchdog.stop()
        equipment.stop()
        agent.stop()
        log.info("stopped")


def build(config: Config) -> Agent:
    """The agent with real ports and the real server."""

    def feed(
        rooms: list[str],
        on_state: Callable[[str, Mapping[str, Any]], None],
        on_link: Callable[[bool], None],
    ) -> Feed:
        return NewsFeed(config.server.url, config.server.token, rooms, on_state, on_link=on_link)

    return Agent(
        config,
        TalonClient(config.server.url, config.server.token),
        feed,
        lambda port: make_wire(port, config.bridge.record_folder),
        time.monotonic,
    )


def make_wire(port: PortSettings, record_folder: Path | None) -> Wire:
    """The port itself, recorded when ``record_folder`` is given."""
    wire = SerialWire(port.path, port.baud, port.parity, port.usb_serial)
    if record_folder is None:
        return wire
    return RecordedWire(wire, record_folder, port.name, head(port.name, port.protocol, port.baud))


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
