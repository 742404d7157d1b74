"""A TCP printer of tests that drops, stalls, babbles and dies at random, and knows what came out."""

from __future__ import annotations

import random
import re
import socket
import struct
import threading
from collections import Counter
from contextlib import suppress
from typing import Final, Literal, Self, get_args

from kiosk.escpos_codec import Knife, QrCode, UnreadableBytes, read_ticket
from tests.printer_sink import WELL, PrinterLine

Mood = Literal[
    "well",
    "mute",
    "babbling",
    "paper_out",
    "runs_out",
    "drops_at_once",
    "drops_midway",
    "falls_silent",
    "stalls",
]
MOODS: Final[tuple[Mood, ...]] = get_args(Mood)
"""How a line goes: most kinds of a bad day; ``well`` comes more often."""
_PAPER_OUT = {b"\x10\x04\x04": b"\x7e"}
_TICKET: Final = re.compile(r"/t/([0-9]+)$")


class UnrulyPrinter:
    """Listens on a free port. ``whole`` counts by ticket how often it came out whole, ``moods`` the lines.

    ``without_trouble``: tickets whose line went well. Each line gets its mood by dice thrown from ``seed``.
    """

    def __init__(self, code_pages: dict[int, str], seed: int) -> None:
        self.whole: Counter[str] = Counter()
        self.without_trouble: set[str] = set()
        self.moods: Counter[Mood] = Counter()
        self._random = random.Random(seed)
        self._pages = code_pages
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        # A small buffer, so that a printer that does not read is noticed within one ticket.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._run, name="unruly-printer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                line, _address = self._listener.accept()
            except OSError:
                return
            mood = self._random.choices(MOODS, [8] + [1] * (len(MOODS) - 1))[0]
            self.moods[mood] += 1
            with line, suppress(OSError):
                self._serve(line, mood)

    def _serve(self, line: socket.socket, mood: Mood) -> None:
        if mood == "drops_at_once":
            return _reset(line)
        patience = self._random.randrange(200, 6000)
        answers = {"mute": {}, "paper_out": WELL | _PAPER_OUT}.get(mood, WELL)
        taken = PrinterLine(answers)
        line.settimeout(5)
        while part := line.recv(1024):
            reply = taken.take(part)
            if mood == "runs_out" and len(taken.data) > patience:
                # The end of the roll: it answers, the paper sensor tells, the mark is never reached.
                taken.answers = WELL | _PAPER_OUT | {b"\x1dr\x01": b""}
            if mood in ("drops_midway", "stalls", "falls_silent") and len(taken.data) > patience:
                if mood == "drops_midway":
                    return _reset(line)
                if mood == "falls_silent":
                    taken.answers = {}
                    continue
                self._end.wait(0.4)
                return _reset(line)
            if mood == "babbling":
                reply = bytes(self._random.choice(b"\x01\x80\x93\xff\x11\x13") for _ in range(9))
            if reply:
                line.sendall(reply)
        if mood not in ("runs_out", "falls_silent"):
            self._print(taken.job, mood)

    def _print(self, job: bytes, mood: Mood) -> None:
        try:
            things = read_ticket(job, self._pages)
        except UnreadableBytes:
            return
        if not things or things[-1] != Knife():
            return
        for thing in things:
            if isinstance(thing, QrCode) and (found := _TICKET.search(thing.data)):
                with self._lock:
                    self.whole[found.group(1)] += 1
                    if mood == "well":
                        self.without_trouble.add(found.group(1))


def _reset(line: socket.socket) -> None:
    """Hang up as a printer that loses power: what was not read is lost."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
