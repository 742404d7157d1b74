"""Devices in simavr on one line: seen and pressed by the test, spoken to by the bridge's own code."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from firmware_bridge import link
from firmware_bridge.catalog import Kind, Said
from firmware_bridge.frame import Decoder, Frame, encode
from firmware_bridge.line_protocol import Changed, Event, Pressed, Refused, State
from tests.firmware.workshop import Workshop

BAUD = 57600
CHIPS = {"desk_sign_digits": 1, "desk_sign_matrix": 4}
SHUTDOWN = 12
"""The register of a MAX7219 that makes it light or dark."""
SEEN_MS = 100
"""What is lit for so long by the device's own clock, a person sees; less is a change on its way."""


@dataclass(frozen=True)
class Unit:
    """A device to put on the line: its image, its address switches (0…31), what its EEPROM holds."""

    image: str = "rating_pad"
    switches: int = 0
    eeprom: bytes = b""

    @property
    def kind(self) -> Kind:
        """What it is."""
        return Kind.PAD if self.image == "rating_pad" else Kind.SIGN

    @property
    def address(self) -> int:
        """Where it answers, unless its EEPROM says otherwise."""
        return self.switches + 1

    def words(self, workshop: Workshop) -> str:
        """How the harness is told."""
        image = workshop.image(self.image)
        return f"{image},switches={self.switches},chips={CHIPS.get(self.image, 0)},eeprom={self.eeprom.hex()}"


@dataclass
class Seen:
    """What can be seen of one device. Times in ms."""

    lamps: set[int] = field(default_factory=set)
    beeps: bool = False
    registers: dict[tuple[int, int], int] = field(default_factory=dict)
    resets: int = 0
    faults: list[str] = field(default_factory=list)
    changes: list[tuple[float, str]] = field(default_factory=list)
    lit_since: list[tuple[float, frozenset[int]]] = field(default_factory=list)
    """Which lamps were lit from when on."""

    def take(self, ms: float, words: list[str]) -> None:
        """Something happened."""
        self._take(ms, words)
        if not self.lit_since or self.lit_since[-1][1] != self.lamps:
            self.lit_since.append((ms, frozenset(self.lamps)))

    def showed(self, lamps: set[int], since: int = 0) -> bool:
        """Whether just these lamps are lit, or were since ``lit_since`` had so many rows.

        A test that watches a device in real time may look too late for what the device shows but a while.
        """
        rows = self.lit_since[since:]
        ends = [ms for ms, _lit in rows[1:]]
        seen = any(lit == lamps and end - ms >= SEEN_MS for (ms, lit), end in zip(rows, ends, strict=False))
        return seen or self.lamps == lamps

    def _take(self, ms: float, words: list[str]) -> None:
        self.changes.append((ms, " ".join(words)))
        match words:
            case ["reset"]:
                self.resets += 1
                self.lamps.clear()
            case ["fault", *why]:
                self.faults.append(" ".join(why))
            case ["pin", "D3", level]:
                self.beeps = level == "1"
            case ["pin", name, "1"]:
                self.lamps.add(int(name[1]) + 1)
            case ["pin", name, "0"]:
                self.lamps.discard(int(name[1]) + 1)
            case ["chip", chip, register, value]:
                self.registers[int(chip), int(register)] = int(value, 16)

    @property
    def lit(self) -> bool:
        """Whether all chips of a sign are on."""
        chips = {chip for chip, _ in self.registers}
        return bool(chips) and all(self.registers.get((chip, SHUTDOWN)) == 1 for chip in chips)

    @property
    def picture(self) -> list[str]:
        """The bits of a sign's chips row by row, the leftmost chip first."""
        chips = sorted({chip for chip, _ in self.registers}, reverse=True)
        return ["".join(f"{self.registers.get((chip, row), 0):08b}" for chip in chips) for row in range(1, 9)]


class _Harness:
    """The program in C, and what it tells."""

    def __init__(self, workshop: Workshop, units: list[Unit], line: str) -> None:
        self.seen = [Seen() for _ in units]
        words = [unit.words(workshop) for unit in units]
        self._process = subprocess.Popen(
            [workshop.harness, line, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def _say(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()

    def _lines(self) -> Iterator[list[str]]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield line.split()
        assert self._process.wait() == 0

    def _heed(self, words: list[str]) -> bytes:
        """Take an event; returns the byte it tells of."""
        if len(words) < 3 or not (words[0].isdigit() and words[1].isdigit()):
            return b""
        if words[2] == "byte":
            return bytes.fromhex(words[3])
        self.seen[int(words[1])].take(int(words[0]) / 1000, words[2:])
        return b""

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Bench(_Harness):
    """In virtual time: it goes only in ``run`` and ``alone``, so every test is the same on any machine.

    ``spoil`` turns the bytes of one transmission, to or from the host, into what arrives.
    """

    def __init__(
        self, workshop: Workshop, units: list[Unit], kinds: Mapping[int, Kind] | None = None
    ) -> None:
        super().__init__(workshop, units, "-")
        self.kinds = dict(kinds or {unit.address: unit.kind for unit in units})
        self.line = link.Line(self.kinds, BAUD)
        self.events: list[Event] = []
        self.heard: list[tuple[float, bytes]] = []
        """What devices said and when, in ms; the bytes of one millisecond together."""
        self.keep = True
        self.spoil: Callable[[bytes], bytes] = lambda data: data
        self.ms = 0.0
        self.tell("run 100000")

    @property
    def now(self) -> float:
        """The host's clock, in seconds."""
        return 100 + self.ms / 1000

    def tell(self, command: str) -> list[str]:
        """Give the harness a command; returns the words of an answer that is no event."""
        self._say(command)
        said, answer = b"", []
        for words in self._lines():
            if words[0] == "ok":
                self.ms = int(words[1]) / 1000
                break
            if words[0] in ("unused", "eeprom"):
                answer = words[1:]
            assert words[0] != "what?", words
            said += self._heed(words)
        if said:
            self.heard.append((self.ms, said))
        return answer

    def alone(self, ms: float) -> bytes:
        """So much time passes and the host says nothing; returns what devices said."""
        end, count = self.ms + ms, len(self.heard)
        while self.ms < end:
            self.tell(f"run {max(1, round((end - self.ms) * 1000))}")
        return b"".join(data for _, data in self.heard[count:])

    def send(self, data: bytes) -> None:
        """The host says this as soon as the line has carried what it said before."""
        if data:
            self.tell(f"send {data.hex()}")

    def ask(self, frame: Frame | bytes, ms: float = 30) -> list[Frame]:
        """Say this instead of the bridge; returns the whole frames that come back."""
        self.send(encode(frame) if isinstance(frame, Frame) else frame)
        return Decoder().feed(self.alone(ms))

    def run(self, seconds: float) -> None:
        """The bridge and its devices live for so long."""
        end, data = self.ms + seconds * 1000, b""
        while self.ms < end:
            out, events = self.line.step(data, self.now)
            self.events += events
            for event in events:
                if isinstance(event, Pressed) and self.keep:
                    self.line.keep(event, self.now)
            self.send(self.spoil(out) if out else b"")
            pause = min(max(1.0, self.line.wait(self.now) * 1000), end - self.ms)
            count = len(self.heard)
            self.tell(f"run {max(1, round(pause * 1000))}")
            data = b"".join(data for _, data in self.heard[count:])
            data = self.spoil(data) if data else b""

    def restart_host(self) -> None:
        """The bridge starts anew and knows nothing."""
        self.line = link.Line(self.kinds, BAUD)

    def touch(self, key: int, closed: bool, device: int = 0) -> None:
        """The contact of a key closes or opens."""
        self.tell(f"pin {device} C {key - 1} {0 if closed else 1}")

    def press(self, key: int, device: int = 0) -> None:
        """A finger is on a key for 60 ms, while nobody else acts."""
        self.touch(key, True, device)
        self.run(0.06)
        self.touch(key, False, device)
        self.run(0.04)

    def presses(self, address: int = 1) -> list[tuple[int, int]]:
        """Presses the host was told of: counter and key."""
        return [
            (event.counter, event.key)
            for event in self.events
            if isinstance(event, Pressed) and event.address == address
        ]

    def states(self, address: int = 1) -> list[State]:
        """The states the device went through."""
        return [
            event.state for event in self.events if isinstance(event, Changed) and event.address == address
        ]

    def refusals(self) -> list[Refused]:
        """What devices refused."""
        return [event for event in self.events if isinstance(event, Refused)]

    def identity(self, address: int = 1) -> Mapping[str, int]:
        """What a device said of itself when it was greeted."""
        said = self.line.sessions[address].identity
        assert isinstance(said, Said)
        return said.numbers

    def faults(self) -> list[str]:
        """What no device may do: speak with its driver off, or while another does."""
        return [fault for seen in self.seen for fault in seen.faults]


class LiveLine(_Harness):
    """In real time, on a pseudo-terminal at ``path``: for the bridge's threads and programs."""

    def __init__(self, workshop: Workshop, units: list[Unit], path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(workshop, units, str(path))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def tell(self, command: str) -> None:
        """Give the harness a command."""
        self._say(command)

    def touch(self, key: int, closed: bool, device: int = 0) -> None:
        """The contact of a key closes or opens."""
        self.tell(f"pin {device} C {key - 1} {0 if closed else 1}")

    def close(self) -> None:
        """End it, and its line."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        for words in self._lines():
            self._heed(words)
