"""A process holding many idle sockets that follow boards and tickets. Used by the benches.

Reads one JSON line {"url", "token", "rooms", "count"} (the rooms by turns), says "ready" when each has its
first state, then reads news and answers pings until its standard input ends.
"""

from __future__ import annotations

import json
import selectors
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen
from typing import Any

import websocket

from tests.programs import END_SECONDS, ROOT, clean_environment


@contextmanager
def idle_sockets(url: str, token: str, rooms: list[str], count: int) -> Iterator[None]:
    """``count`` sockets following ``rooms`` by turns, held by a process of their own."""
    process = Popen(
        [sys.executable, "-m", __name__],
        stdin=PIPE,
        stdout=PIPE,
        text=True,
        cwd=ROOT,
        env=clean_environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    wish = {"url": url, "token": token, "rooms": rooms, "count": count}
    process.stdin.write(json.dumps(wish) + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        process.stdin.close()
        # It ended by itself: what was measured was without the sockets.
        assert process.wait(END_SECONDS) == 0, "the sockets were lost"
        process.stdout.close()


class Follower:
    """A socket that has its room's first state, and is then read with as little work as can be.

    It shares the machine with what is measured: frames are passed over by their length (RFC 6455 §5.2).
    """

    PING, PONG = b"2", "3"

    def __init__(self, address: str, token: str, room: str) -> None:
        line: Any = websocket.create_connection(address, timeout=30)
        # The few packets of Socket.IO it needs are spelled out.
        assert line.recv().startswith("0")
        line.send("40" + json.dumps({"token": token}))
        assert line.recv().startswith("40")
        line.send("42" + json.dumps(["follow", {"room": room}]))
        assert line.recv().startswith('42["state"')
        self._line = line
        self._unread = b""

    def fileno(self) -> int:
        """For the selector."""
        number: int = self._line.sock.fileno()
        return number

    def read(self) -> None:
        """Pass over what has come; answer pings."""
        came = self._line.sock.recv(1 << 18)
        assert came, "the server closed the line"
        data = self._unread + came
        place = 0
        while (frame := _frame(data, place)) is not None:
            begin, place = frame
            if data[begin:place] == self.PING:
                self._line.send(self.PONG)
        self._unread = data[place:]


def _frame(data: bytes, place: int) -> tuple[int, int] | None:
    """Where the payload of the frame at ``place`` begins and ends; ``None`` when it is not there yet."""
    if len(data) < place + 2:
        return None
    length, begin = data[place + 1], place + 2
    wide = {126: 2, 127: 8}.get(length, 0)
    if wide:
        length = int.from_bytes(data[begin : begin + wide], "big")
    begin += wide
    return (begin, begin + length) if len(data) >= begin + length else None


def main() -> None:
    """Hold the sockets."""
    wish = json.loads(sys.stdin.readline())
    address = wish["url"].replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    watched = selectors.DefaultSelector()
    for n in range(wish["count"]):
        room = wish["rooms"][n % len(wish["rooms"])]
        watched.register(Follower(address, wish["token"], room), selectors.EVENT_READ)
        # The first are asked whether they live before the last have come.
        _read(watched, 0)
    watched.register(sys.stdin, selectors.EVENT_READ)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while _read(watched):
        pass


def _read(watched: selectors.BaseSelector, timeout: float | None = None) -> bool:
    """Read what is there; ``False`` at the end of the standard input."""
    for key, _events in watched.select(timeout):
        if not isinstance(key.fileobj, Follower):
            return False
        key.fileobj.read()
    return True


if __name__ == "__main__":
    main()
