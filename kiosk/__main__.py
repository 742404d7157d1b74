"""talon-kiosk: reads the settings, joins the parts, serves the touch page until told to end."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from functools import cache
from pathlib import Path
from types import FrameType

from kiosk.agent import Agent
from kiosk.config import Config
from kiosk.drawing import FontsMissing
from kiosk.office_snapshot import OfficeSnapshot
from kiosk.preview_printer import PreviewPrinter
from kiosk.print_jobs import PrintJobs
from kiosk.printer import FilePrinter, NetworkPrinter, Printer
from kiosk.rendering import warm_up
from kiosk.web import create_app, serve
from server.sdk.client import NewsFeed, TalonClient
from server.sdk.messages import Language
from server.sdk.settings import SettingsError, load

log = logging.getLogger("kiosk")


def main(arguments: list[str] | None = None) -> int:
    """Run the kiosk. Exit code 0 after SIGTERM or Ctrl-C, 2 for faulty settings, 1 if it cannot start."""
    parser = argparse.ArgumentParser(prog="talon-kiosk", description="Ticket terminal of the queue")
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="talon-kiosk.toml")
    options = parser.parse_args(arguments)
    # Forced: the printer library sets logging up its own way, and tells of every job it closes.
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    for ours in ("kiosk", "server"):
        logging.getLogger(ours).setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, _end)
    try:
        config = load(Config, options.config)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the person who starts the program
        return 2
    try:
        run(config)
    except FontsMissing as error:
        log.critical("%s", error)
        return 1
    except OSError as error:
        log.critical(
            "cannot serve the page at %s port %d (%s): end the program that has the port, or change "
            "[kiosk] port",
            config.kiosk.listen,
            config.kiosk.port,
            error.strerror,
        )
        return 1
    except (SystemExit, KeyboardInterrupt):
        pass
    return 0


def run(config: Config) -> None:
    """Join the parts and serve until told to end; then finish printing and keep the state."""
    profile = config.printer.printer_profile()
    warm_up(profile)
    printer = make_printer(config)
    jobs = PrintJobs(printer)

    @cache
    def client_for(language: Language) -> TalonClient:
        return TalonClient(config.server.url, config.server.token, config.server.timeout_seconds, language)

    kiosk = config.kiosk
    snapshot = OfficeSnapshot(kiosk.state_folder / "office.json", kiosk.office)
    agent = Agent(kiosk.office, client_for, jobs, profile, snapshot)
    news = NewsFeed(
        config.server.url, config.server.token, [agent.room], agent.on_state, on_link=agent.on_link
    )
    agent.start()
    news.start()
    try:
        last_picture = printer.last if isinstance(printer, PreviewPrinter) else None
        serve(create_app(agent, jobs, kiosk, last_picture), kiosk.listen, kiosk.port)
    finally:
        news.stop()
        agent.stop()


def make_printer(config: Config) -> Printer:
    """The printer the settings name."""
    chosen = config.printer
    if chosen.kind == "network":
        return NetworkPrinter(chosen.address, chosen.port, chosen.timeout_seconds)
    if chosen.kind == "file" and chosen.path is not None:
        return FilePrinter(chosen.path)
    folder = config.kiosk.state_folder / "tickets"
    return PreviewPrinter(folder.resolve(), chosen.printer_profile(), chosen.keep_pictures)


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
