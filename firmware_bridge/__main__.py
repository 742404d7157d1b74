"""talon-bridge: connects pads and signs on serial ports with the server."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from firmware_bridge.agent import Agent, Feed
from firmware_bridge.config import Config
from firmware_bridge.journal import JournalInUse
from firmware_bridge.transport import SerialWire
from server.sdk.client import NewsFeed, TalonClient
from server.sdk.settings import SettingsError, load

log = logging.getLogger("firmware_bridge")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. Exit code 0; 2 when the settings cannot be used."""
    parser = argparse.ArgumentParser(prog="talon-bridge", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="settings, see deploy/talon-bridge.toml")
    options = parser.parse_args(arguments)
    try:
        config = load(Config, options.config)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the person who starts the program
        return 2
    logging.basicConfig(
        level=config.bridge.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        agent = build(config)
    except (JournalInUse, OSError) as error:
        print(f"bridge.state_folder cannot be used: {error}", file=sys.stderr)  # noqa: T201
        return 2
    agent.start()
    log.info("bridge of office %s started, %d port(s)", config.bridge.office, len(config.ports))
    stop.wait()
    agent.stop()
    log.info("stopped")
    return 0


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
        lambda port: SerialWire(port.path, port.baud),
        time.monotonic,
    )


if __name__ == "__main__":
    sys.exit(main())
