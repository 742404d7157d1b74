"""talon-display: the hall board's page and voice, on the PC behind the board."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from display import config as settings
from display.agent import Agent
from display.config import DisplayConfig
from display.speech import EspeakNg, RecordedClips, RhVoice, SpeechEngine
from display.voice import Voice
from display.web import create_app, serve
from server.sdk.settings import SettingsError

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. Exit codes: 0 ended, 1 the port is taken, 2 the settings are wrong."""
    parser = argparse.ArgumentParser(prog="talon-display", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="settings in TOML")
    try:
        config = settings.load(parser.parse_args(arguments).config)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logging.basicConfig(
        level=config.display.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    signal.signal(signal.SIGTERM, _end)
    voice = build_voice(config)
    agent = Agent(config.display.state_folder, config.display.office, voice)
    agent.follow(config.server.url, config.server.token)
    try:
        log.info("the board is at http://%s:%s/", config.display.listen, config.display.port)
        serve(create_app(config, agent, voice), config.display.listen, config.display.port)
    except OSError as error:
        sys.stderr.write(
            f"cannot listen on {config.display.listen}:{config.display.port} ({error.strerror}): "
            "another program has the port, or the address is not of this machine; change [display] port\n"
        )
        return 1
    finally:
        agent.stop()
        if voice:
            voice.close()
    return 0


def build_voice(config: DisplayConfig) -> Voice | None:
    """The voice by the settings: clips, then RHVoice, then espeak-ng; None unless voice = "voice"."""
    if config.display.voice != "voice":
        return None
    speech = config.speech
    engines: list[SpeechEngine] = [RhVoice(speech.rhvoice), EspeakNg(speech.words_per_minute)]
    if speech.clips_folder:
        engines.insert(0, RecordedClips(speech.clips_folder))
    return Voice(engines, config.display.state_folder / "voice", speech.cache_megabytes * 1_000_000)


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
