"""The installer's errands: which words to record as clips, and how a call sounds here."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from display.config import DisplayConfig
from display.phrases import call_phrase
from display.sound_card import Aplay, SoundFailed
from display.spoken_words import KINDS, words_to_record
from server.sdk.messages import LANGUAGES
from server.sdk.speech import wave_file
from server.sdk.speech.settings import SpeechSettings, make_voice


def add_errands(errands: Any) -> None:
    """``words`` and ``say`` for an argparse parser's subparsers."""
    words = errands.add_parser("words", help="list the words to record as clips, one a line")
    words.add_argument("--language", choices=LANGUAGES, required=True)
    words.add_argument("--missing", type=Path, metavar="FOLDER", help="only those without a clip in it yet")
    say = errands.add_parser("say", help="hear a call, or write it as WAV")
    say.add_argument("number", help="ticket number, e.g. А123")
    say.add_argument("label", help="label of the window, room or counter, e.g. 5")
    say.add_argument("--kind", choices=KINDS, default="window")
    say.add_argument("--language", choices=LANGUAGES, default="ru")
    say.add_argument("--output", type=Path, metavar="FILE", help="write the WAV instead of playing it")


def run(options: argparse.Namespace, config: DisplayConfig | None) -> int:
    """Do the errand; the settings, where given, choose clips, voices and device. Returns the exit code."""
    if options.errand == "words":
        return _words(options)
    return _say(options, config)


def _words(options: argparse.Namespace) -> int:
    for word in words_to_record(options.language):
        if options.missing is None or not (options.missing / options.language / f"{word}.wav").is_file():
            sys.stdout.write(f"{word}\n")
    return 0


def _say(options: argparse.Namespace, config: DisplayConfig | None) -> int:
    try:
        phrase = call_phrase(options.language, options.number, options.label, options.kind)
    except ValueError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    sys.stderr.write(f"{phrase.text}\n")
    with tempfile.TemporaryDirectory(prefix="talon-trial-") as folder:
        voice = make_voice(config.speech if config else SpeechSettings(), Path(folder))
        sound = voice.wav(phrase)
        voice.close()
    if sound is None:
        sys.stderr.write("no engine can say it: record clips, or apt-get install espeak-ng\n")
        return 1
    if options.output:
        options.output.write_bytes(sound)
        return 0
    try:
        card = Aplay(config.display.alsa_device if config else "default")
        for part in (wave_file.chime(), sound):
            card.play(part, lambda: False)
    except SoundFailed as fault:
        sys.stderr.write(f"{fault}\nor write it into a file with --output FILE\n")
        return 1
    return 0
