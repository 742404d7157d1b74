"""Errands of the person who installs devices: talk to a line by hand, read a recording."""

from __future__ import annotations

import sys
import threading
import time
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import TextIO

from firmware_bridge import catalog
from firmware_bridge.catalog import PadState, Said, SignMode
from firmware_bridge.decoding import decoded, told
from firmware_bridge.frame import Decoder, encode
from firmware_bridge.recording import BadRecording
from firmware_bridge.transport import PortFault, SerialWire, Wire

HELP = """\
hello [ADDRESS]                       greet a device; it tells who it is
poll [ADDRESS]                        ask for news
show [ADDRESS] off|steady|blink TEXT  what a sign shall show
pad [ADDRESS] asleep|armed [SECONDS]  what a pad shall do
taken [ADDRESS] BOOT COUNTER          receipt for a press: the device forgets it
quit                                  end
ADDRESS is 1 when it is not given."""


class BadCommand(Exception):
    """The line was not understood; the text says what was expected."""


def add_errands(parsers: _SubParsersAction[ArgumentParser]) -> None:
    """Declare the errands' arguments."""
    talk = parsers.add_parser("talk", help="talk to the devices of a port by hand (end the bridge first)")
    talk.add_argument("port", help="the port's path, like /dev/ttyUSB0")
    talk.add_argument("--baud", type=int, default=57600, help="57600 when not given")
    decode = parsers.add_parser("decode", help="tell in words what a recording of a line holds")
    decode.add_argument("file", type=Path, help="made by [bridge] record_folder")


def run(options: Namespace) -> int:
    """Do the errand. Exit code 0; 1 when the port or file cannot be used."""
    try:
        if options.errand == "decode":
            for line in decoded(options.file.read_text("ascii")):
                print(line)  # noqa: T201 - the answer to the person at the console
            return 0
        talk(SerialWire(options.port, options.baud), sys.stdin, sys.stdout)
    except (PortFault, BadRecording, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def talk(wire: Wire, commands: TextIO, answers: TextIO) -> None:
    """Send what is typed, tell what comes, until "quit" or the end of input. Raises ``PortFault``."""
    wire.open()
    stopping = threading.Event()
    listener = threading.Thread(target=_listen, args=(wire, answers, stopping), daemon=True)
    listener.start()
    answers.write(HELP + "\n")
    sequence = 0
    try:
        for line in commands:
            if line.strip() in ("quit", "exit"):
                break
            try:
                address, said = understood(line)
            except BadCommand as bad:
                answers.write(f"{bad}\n")
                continue
            if said is not None:
                sequence = sequence % 255 + 1
                frame = catalog.encode(address, 0 if said.name == "taken" else sequence, said)
                wire.write(encode(frame))
                answers.write(f"> {told(frame)}\n")
        else:
            # Input from a file ends at once: leave the last answer its time.
            time.sleep(0.2)
    finally:
        stopping.set()
        wire.wake()
        listener.join(timeout=2)
        wire.close()


def understood(line: str) -> tuple[int, Said | None]:
    """Address and message of a typed line; no message for an empty one. Raises ``BadCommand``."""
    words = line.split()
    if not words:
        return 1, None
    name, rest = words[0], words[1:]
    address = int(rest.pop(0)) if rest and rest[0].isdecimal() and name != "taken" else 1
    if name == "taken" and len(rest) == 3:
        address = _number(rest.pop(0))
    if not 1 <= address <= catalog.MAX_ADDRESS:
        raise BadCommand(f"addresses are 1…{catalog.MAX_ADDRESS}")
    match name, rest:
        case "hello", []:
            versions = {"version": catalog.VERSION, "oldest": catalog.OLDEST_VERSION, "line": 1}
            return address, Said("hello", versions)
        case "poll", []:
            return address, Said("poll")
        case "show", [mode, *text] if mode.upper() in SignMode.__members__:
            shown = catalog.fitting(" ".join(text))
            return address, Said("show", {"mode": SignMode[mode.upper()]}, shown)
        case "pad", [state, *seconds] if state.upper() in PadState.__members__ and len(seconds) < 2:
            lasting = min(_number(seconds[0]), 0xFFFF) if seconds else 0
            return address, Said("pad", {"state": PadState[state.upper()], "seconds": lasting})
        case "taken", [boot, counter]:
            numbers = {"boot": _number(boot), "counter": _number(counter)}
            return address, Said("taken", {key: value & 0xFFFFFFFF for key, value in numbers.items()})
    raise BadCommand(HELP)


def _number(word: str) -> int:
    try:
        return int(word, 0)
    except ValueError:
        raise BadCommand(f"{word} is not a number") from None


def _listen(wire: Wire, answers: TextIO, stopping: threading.Event) -> None:
    decoder = Decoder()
    while not stopping.is_set():
        try:
            data = wire.read(1.0)
        except PortFault as fault:
            answers.write(f"{fault}\n")
            return
        before = decoder.counters.noise + decoder.counters.bad
        for frame in decoder.feed(data):
            answers.write(f"< {told(frame)}\n")
        if decoder.counters.noise + decoder.counters.bad > before:
            answers.write(f"< garbage: {data.hex(' ').upper()}\n")
        answers.flush()
