"""An operator's SMS centre of a test's own: SMPP 3.4 over real TCP, written from the protocol alone."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import Any, Self

BINDS = {0x2: "transmitter", 0x9: "transceiver"}
SUBMIT, UNBIND, ENQUIRE, DELIVER = 0x4, 0x6, 0x15, 0x5
ANSWER = 0x80000000
BAD_PASSWORD = 0xE


@dataclass(frozen=True)
class Submitted:
    """One submit_sm: fields as they stand in it, optional ones by their tag."""

    sender: str
    to: str
    esm_class: int
    coding: int
    content: bytes
    options: dict[int, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The text of this part, without its header."""
        skipped = 1 + self.content[0] if self.esm_class & 0x40 else 0
        return self.content[skipped:].decode("utf-16-be")


class SmsCentre:
    """As a context manager it listens. ``statuses``: what the next submissions are told, then 0."""

    def __init__(self, password: str = "secret") -> None:
        self.submitted: list[Submitted] = []
        self.binds: list[tuple[str, str]] = []
        self.statuses: list[int] = []
        self.answered_enquiries = 0
        self.unbound = 0
        # Before the answer to a submission the centre asks and delivers a receipt itself.
        self.talks_between = False
        self.silent = False
        self._password = password
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(10)

    def hang_up(self) -> None:
        """Cut all lines."""
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._lines.clear()

    def _start(self, act: Any, *values: Any) -> None:
        self._threads.append(threading.Thread(target=act, args=values, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _where = self._socket.accept()
                self._lines.append(line)
                self._start(self._serve, line)

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, struct.error):
            while True:
                length, command, _status, sequence = struct.unpack(">LLLL", _exactly(line, 16))
                self._hear(line, command, sequence, _exactly(line, length - 16))

    def _hear(self, line: socket.socket, command: int, sequence: int, body: bytes) -> None:
        if command in BINDS:
            name, password = (part.decode() for part in body.split(b"\0")[:2])
            self.binds.append((BINDS[command], name))
            good = password == self._password
            _say(line, command | ANSWER, sequence, b"centre\0" if good else b"", 0 if good else BAD_PASSWORD)
        elif command == SUBMIT:
            self.submitted.append(_submission(body))
            if self.silent:
                return
            if self.talks_between:
                _say(line, ENQUIRE, 901, b"")
                receipt = b"\0\x01\x0179270000012\0\x05\0TALON\0\x04\0\0\0\0\0\0\0\0\x02ok"
                _say(line, DELIVER, 902, receipt)
            status = self.statuses.pop(0) if self.statuses else 0
            _say(line, SUBMIT | ANSWER, sequence, b"" if status else b"id-1\0", status)
        elif command == ENQUIRE:
            self.answered_enquiries += 1
            _say(line, ENQUIRE | ANSWER, sequence, b"")
        elif command == UNBIND:
            self.unbound += 1
            _say(line, UNBIND | ANSWER, sequence, b"")


def _say(line: socket.socket, command: int, sequence: int, body: bytes, status: int = 0) -> None:
    line.sendall(struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body)


def _submission(body: bytes) -> Submitted:
    _service, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _schedule, rest = rest.split(b"\0", 1)
    _validity, rest = rest.split(b"\0", 1)
    _receipt, _replace, coding, _default, length = rest[:5]
    content, rest = rest[5 : 5 + length], rest[5 + length :]
    options = {}
    while rest:
        tag, size = struct.unpack(">HH", rest[:4])
        options[tag] = int.from_bytes(rest[4 : 4 + size], "big")
        rest = rest[4 + size :]
    return Submitted(sender.decode(), to.decode(), esm_class, coding, content, options)


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = line.recv(count - len(found))
        if not part:
            raise OSError
        found += part
    return found
