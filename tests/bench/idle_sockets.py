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
        process.wait(END_SECONDS)
        process.stdout.close()


def main() -> None:
    """Hold the sockets."""
    wish = json.loads(sys.stdin.readline())
    address = wish["url"].replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    watched = selectors.DefaultSelector()
    for n in range(wish["count"]):
        room = wish["rooms"][n % len(wish["rooms"])]
        watched.register(_follower(address, wish["token"], room), selectors.EVENT_READ)
    watched.register(sys.stdin, selectors.EVENT_READ)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        for key, _events in watched.select():
            if key.fileobj is sys.stdin:
                return
            line: Any = key.fileobj
            if line.recv() == "2":
                line.send("3")


def _follower(address: str, token: str, room: str) -> Any:
    """A socket that has its room's first state. The few packets of Socket.IO it needs are spelled out."""
    line: Any = websocket.create_connection(address, timeout=30)
    assert line.recv().startswith("0")
    line.send("40" + json.dumps({"token": token}))
    assert line.recv().startswith("40")
    line.send("42" + json.dumps(["follow", {"room": room}]))
    assert line.recv().startswith('42["state"')
    return line


if __name__ == "__main__":
    main()
