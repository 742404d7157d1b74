"""A process that works at one desk and tells how long each call of the next visitor took, for benches.

Reads one JSON line {"url", "kiosk", "operator", "office", "desk", "services"}; then for each line with a
number works so many seconds and writes a JSON list of the seconds of its calls.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from subprocess import PIPE, Popen

from tests.programs import END_SECONDS, ROOT, Caller, clean_environment

PAUSE_SECONDS = 0.04
"""Between two visitors: the clerk is one of many, not a flood."""


class Clerk:
    """The process at work."""

    def __init__(self, process: Popen[str]) -> None:
        self._process = process

    def begin(self, seconds: float) -> None:
        """Let the clerk work so long; ``calls`` waits for the end."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()

    def calls(self) -> list[float]:
        """The seconds of each call of the time that was begun."""
        assert self._process.stdout is not None
        found: list[float] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def calling_clerk(wish: dict[str, str]) -> Iterator[Clerk]:
    """A clerk at work as ``wish`` says (see above)."""
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
    process.stdin.write(json.dumps(wish) + "\n")
    process.stdin.flush()
    try:
        yield Clerk(process)
    finally:
        process.stdin.close()
        process.wait(END_SECONDS)
        process.stdout.close()


def main() -> None:
    """Work until the standard input ends."""
    wish = json.loads(sys.stdin.readline())
    desk, office = wish["desk"], wish["office"]
    with Caller(wish["url"], wish["kiosk"]) as kiosk, Caller(wish["url"], wish["operator"]) as operator:
        assert operator.post(f"desks/{desk}/open").ok
        # By turns: a series of numbers ends at 999 a day.
        services = cycle(wish["services"].split())
        for line in sys.stdin:
            seconds, until = [], time.monotonic() + float(line)
            while time.monotonic() < until:
                issued = kiosk.post(f"offices/{office}/tickets", {"service": next(services)})
                assert issued.status_code == 201, issued.text
                began = time.monotonic()
                called = operator.post(f"desks/{desk}/call-next")
                seconds.append(time.monotonic() - began)
                assert called.ok, called.text
                for act in ("start", "finish"):
                    done = operator.post(f"desks/{desk}/{act}")
                    assert done.ok, done.text
                time.sleep(PAUSE_SECONDS)
            sys.stdout.write(json.dumps(seconds) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
