"""talon-display: the hall board's page and voice, on the PC behind the board.

talon-display --config FILE                     run
talon-display words --language kk               the words to record as clips, one a line
talon-display say "А123" 5 --output trial.wav   hear a call, or write it as WAV
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import NoReturn

from display import config as settings
from display import trial
from display.agent import Agent
from display.config import DisplayConfig
from display.health import parts
from display.slides import fault_of
from display.sound_card import Aplay
from display.speaker import Speaker
from display.spoken_calls import SpokenCalls
from display.web import create_app, serve
from server.sdk.client import TalonClient
from server.sdk.device_report import DeviceReport
from server.sdk.settings import SettingsError
from server.sdk.speech.settings import make_voice
from server.sdk.speech.voice import Voice
from server.sdk.terminal_messages import DevicePart
from server.sdk.watchdog import Watchdog

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT, or do one errand of the installer (``words``, ``say``).

    Exit codes: 0 ended, 1 the port is taken or nothing could be said, 2 the settings are wrong.
    """
    parser = argparse.ArgumentParser(
        prog="talon-display", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML")
    trial.add_errands(parser.add_subparsers(dest="errand"))
    options = parser.parse_args(arguments)
    if options.config is None and options.errand is None:
        parser.error("--config FILE is missing; deploy/talon-display.toml is a commented one")
    try:
        config = settings.load(options.config) if options.config else None
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.errand:
        return trial.run(options, config)
    assert config is not None
    logging.basicConfig(
        level=config.display.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    signal.signal(signal.SIGTERM, _end)
    return run(config)


def run(config: DisplayConfig) -> int:
    """Join the parts and serve until told to end; the exit code."""
    display = config.display
    voice = build_voice(config)
    speaker = build_speaker(config, voice)
    agent = Agent(display.state_folder, display.office, voice, display.board, speaker)
    watchdog = Watchdog(display.listen, display.port)
    app = create_app(config, agent, voice)
    report = DeviceReport(
        TalonClient(config.server.url, config.server.token),
        display.office,
        "display",
        display.name,
        version("talon"),
        lambda: stands(config, agent, voice),
    )
    agent.follow(config.server.url, config.server.token)
    if speaker:
        speaker.start()
    watchdog.start()
    report.start()
    try:
        log.info("the board is at http://%s:%s/", display.listen, display.port)
        serve(app, display.listen, display.port)
    except OSError as error:
        sys.stderr.write(
            f"cannot listen on {display.listen}:{display.port} ({error.strerror}): "
            "another program has the port, or the address is not of this machine; change [display] port\n"
        )
        return 1
    finally:
        watchdog.stop()
        report.stop()
        agent.stop()
        if speaker:
            speaker.stop()
        if voice:
            voice.close()
    return 0


def stands(config: DisplayConfig, agent: Agent, voice: Voice | None) -> list[DevicePart]:
    """How the parts of this board stand, for staff, in the office's first language."""
    board, own = agent.board(), config.display.voice
    return parts(
        board.languages[0] if board else "ru",
        own or (board.voice.mode if board else "off"),
        board.voice.languages if board else (),
        voice.engines if voice else {},
        agent.speaker.fault if agent.speaker else None,
        fault_of(config.display.slides_folder, board),
    )


def build_voice(config: DisplayConfig) -> Voice | None:
    """The voice by the settings; None where this place is never to speak, whatever the board's rules say."""
    if config.display.voice in ("off", "chime"):
        return None
    return make_voice(config.speech, config.display.state_folder / "voice")


def build_speaker(config: DisplayConfig, voice: Voice | None) -> Speaker | None:
    """What says the calls where the browser does not; None where it does."""
    display = config.display
    if display.sound != "alsa":
        return None
    spoken = SpokenCalls(display.state_folder / "spoken.json")
    return Speaker(Aplay(display.alsa_device), voice, spoken, display.own_rules)


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
