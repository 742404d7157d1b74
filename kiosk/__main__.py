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
from kiosk.help_audio import HelpAudio
from kiosk.journal_file import JournalInUse
from kiosk.lease_store import LeaseStore
from kiosk.machine import machine_name
from kiosk.office_snapshot import OfficeSnapshot
from kiosk.offline import local_day
from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import OfflineJournal
from kiosk.paper import Paper
from kiosk.preview_printer import PreviewPrinter
from kiosk.print_jobs import PrintJobs
from kiosk.printer import make_printer
from kiosk.rendering import warm_up
from kiosk.server_clock import ServerClock
from kiosk.ticket_preview import TicketPreview
from kiosk.ticket_template import usable_template
from kiosk.web import create_app, serve
from server.sdk.client import NewsFeed, TalonClient
from server.sdk.messages import Language
from server.sdk.settings import SettingsError, load
from server.sdk.speech.settings import make_voice
from server.sdk.watchdog import Watchdog

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
        run(config)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the person who starts the program
        return 2
    except (FontsMissing, JournalInUse) as error:
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
    kiosk, printing = config.kiosk, config.printer
    profile = printing.printer_profile()
    template, template_fault = usable_template(printing.template)
    warm_up(profile)
    printer = make_printer(printing, (kiosk.state_folder / "tickets").resolve())
    snapshot = OfficeSnapshot(kiosk.state_folder / "office.json", kiosk.office)
    leases = LeaseStore(kiosk.state_folder / "numbers.json")
    clock = ServerClock(leases.kept.ahead_ms if leases.kept else None)
    desk = open_desk(kiosk.state_folder, snapshot, leases, clock)

    machine = machine_name(kiosk.state_folder / "machine")

    @cache
    def client_for(language: Language) -> TalonClient:
        server = config.server
        return TalonClient(
            server.url, server.token, server.timeout_seconds, language, clock.hear_date, machine
        )

    jobs = PrintJobs(printer, printing.look_seconds, printing.clear_mouth())
    paper = Paper(profile, template, template_fault)
    agent = Agent(kiosk.office, client_for, jobs, paper, snapshot, desk, kiosk.offline_numbers, kiosk.name)
    news = NewsFeed(
        config.server.url, config.server.token, agent.rooms, agent.on_state, on_link=agent.on_link
    )
    watchdog = Watchdog(kiosk.listen, kiosk.port)
    voice = make_voice(config.speech, kiosk.state_folder / "voice", by_words=False)
    help_audio = HelpAudio(voice, config.speech.clips_folder, lambda: agent.office)
    help_audio.make_ahead()
    agent.start()
    news.start()
    watchdog.start()
    try:
        last_picture = printer.last if isinstance(printer, PreviewPrinter) else None
        preview = TicketPreview(printing.template, profile, lambda: agent.office)
        app = create_app(agent, jobs, kiosk, last_picture, preview, help_audio)
        serve(app, kiosk.listen, kiosk.port)
    finally:
        watchdog.stop()
        news.stop()
        agent.stop()
        voice.close()


def open_desk(
    folder: Path, snapshot: OfficeSnapshot, leases: LeaseStore, clock: ServerClock
) -> OfflineDesk | None:
    """The journal and numbers for times without the server; None when the disk takes no journal.

    Raises ``JournalInUse``.
    """
    zone = snapshot.office.timezone if snapshot.office else "UTC"
    today = local_day(clock.now(), zone)
    try:
        return OfflineDesk(OfflineJournal(folder, today), leases, clock, today)
    except OSError as error:
        log.error(
            "no journal can be kept in %s (%s): tickets are given only while the server answers; correct the "
            "owner of [kiosk] state_folder or free the disk, then start again",
            folder,
            error.strerror,
        )
        return None


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
