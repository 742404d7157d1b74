"""The core of the firmware as a native program, asked in batches."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from firmware_bridge import catalog
from firmware_bridge.catalog import BY_NAME, Said, SignMode
from firmware_bridge.frame import Frame, encode


class Native:
    """One built program. Every ``ask`` runs it anew, so that it begins as after power-up."""

    def __init__(self, program: Path) -> None:
        self._program = program

    def ask(self, commands: Sequence[str]) -> list[str]:
        """The answers to commands (see native_device.c), one each; fails on any fault of memory."""
        done = subprocess.run(
            [self._program],
            input="".join(f"{command}\n" for command in commands),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        answers = done.stdout.splitlines()
        assert len(answers) == len(commands)
        return answers

    def picture(self, text: str | bytes) -> list[str]:
        """The chips' registers with ``text`` on the sign: row by row, bit by bit, the leftmost chip first."""
        return self.pictures([text])[0]

    def pictures(self, texts: Sequence[str | bytes]) -> list[list[str]]:
        """The pictures of many texts, shown one after the other."""
        commands = ["begin sign 1 0 1", f"hear 0 {encode(hello()).hex()}"]
        for number, text in enumerate(texts):
            data = text.encode() if isinstance(text, str) else text
            # Not the number of the one before, which would be a resend.
            order = Frame(1, 2 + number % 2, BY_NAME["show"].type, bytes([SignMode.STEADY]) + data)
            commands += [f"hear 0 {encode(order).hex()}", "sign 0"]
        return [_rows(answer) for answer in self.ask(commands)[3::2]]


def _rows(answer: str) -> list[str]:
    lit, *chips = answer.split()
    assert lit == "1"
    return [
        "".join(f"{int(chip[at : at + 2], 16):08b}" for chip in reversed(chips)) for at in range(0, 16, 2)
    ]


def hello(line: int = 0, address: int = 1) -> Frame:
    """A greeting whose versions fit."""
    versions = {"version": catalog.VERSION, "oldest": catalog.OLDEST_VERSION, "line": line}
    return catalog.encode(address, 1, Said("hello", versions))
