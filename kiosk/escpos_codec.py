"""ESC/POS commands as bytes, and bytes read back as what paper would show: no I/O (domain §14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ESC, FS, GS, LF = 0x1B, 0x1C, 0x1D, 0x0A

Align = Literal["left", "center", "right"]
_ALIGN: tuple[Align, ...] = ("left", "center", "right")

RESET = bytes([ESC, 0x40])
CUT = bytes([GS, 0x56, 0x42, 0x00])
"""Feed to the knife and cut, leaving one point."""
TOTAL_CUT = bytes([ESC, 0x69])
"""Cut off wholly, as a printer with a presenter must."""
QR_LEVELS = "LMQH"
MAX_RASTER_ROWS = 512
"""Rows in one raster command: cheap printers hold no more in their buffer, so taller ones are split."""


def code_page(number: int) -> bytes:
    """Select the table of letters; ``number`` differs from maker to maker."""
    return bytes([ESC, 0x74, number])


def align(where: Align) -> bytes:
    """Where the next lines, rasters and QR codes stand."""
    return bytes([ESC, 0x61, _ALIGN.index(where)])


def text_size(width: int, height: int) -> bytes:
    """Enlarge native text; each factor 1 to 8."""
    if not (1 <= width <= 8 and 1 <= height <= 8):
        raise ValueError(f"text is enlarged 1 to 8 times, not {width} × {height}")
    return bytes([GS, 0x21, (width - 1) << 4 | (height - 1)])


def bold(on: bool) -> bytes:
    """Switch heavy native text."""
    return bytes([ESC, 0x45, int(on)])


def feed_dots(dots: int) -> bytes:
    """Move the paper; a command moves at most 255 dots, so more are given as several."""
    whole, rest = divmod(max(dots, 0), 255)
    return bytes([ESC, 0x4A, 255]) * whole + (bytes([ESC, 0x4A, rest]) if rest else b"")


def raster(row_bytes: int, data: bytes, doubled: bool = False) -> bytes:
    """Print a bit image, 8 dots a byte, a set bit is black; split into commands a small buffer holds.

    ``doubled`` makes each dot two wide and two high.
    """
    if row_bytes <= 0 or len(data) % row_bytes:
        raise ValueError(f"{len(data)} bytes are not whole rows of {row_bytes}")
    step = row_bytes * MAX_RASTER_ROWS
    commands = b""
    for start in range(0, len(data), step):
        part = data[start : start + step]
        rows = len(part) // row_bytes
        size = bytes([row_bytes & 255, row_bytes >> 8, rows & 255, rows >> 8])
        commands += bytes([GS, 0x76, 0x30, 3 if doubled else 0]) + size + part
    return commands


def qr(data: str, module: int, level: str = "M") -> bytes:
    """Print a QR code by the printer's own command; ``module`` is the side of a square in dots (1-16)."""
    content = data.encode()
    return (
        _qr_function(0x41, bytes([0x32, 0x00]))
        + _qr_function(0x43, bytes([module]))
        + _qr_function(0x45, bytes([0x30 + QR_LEVELS.index(level)]))
        + _qr_function(0x50, b"0" + content)
        + _qr_function(0x51, b"0")
    )


def presenter(act: int, steps: int | None = None) -> bytes:
    """Tell a Custom printer's presenter: 2 pull back, 3 offer by so many ``steps`` (0-255), 5 throw out."""
    if (act == 3) != (steps is not None):
        raise ValueError("only offering a ticket (3) is counted in steps")
    return bytes([GS, 0x65, act]) + (b"" if steps is None else bytes([steps]))


def _qr_function(function: int, parameters: bytes) -> bytes:
    length = len(parameters) + 2
    return bytes([GS, 0x28, 0x6B, length & 255, length >> 8, 0x31, function]) + parameters


# --- Reading back -------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of native text as the printer would set it."""

    text: str
    width: int
    height: int
    bold: bool
    align: Align


@dataclass(frozen=True)
class Picture:
    """A bit image: rows of ``row_bytes`` bytes, each dot ``scale`` dots wide and high."""

    row_bytes: int
    data: bytes
    scale: int
    align: Align

    @property
    def height(self) -> int:
        """Height on paper, in dots."""
        return len(self.data) // self.row_bytes * self.scale


@dataclass(frozen=True)
class QrCode:
    """A QR code the printer makes itself."""

    data: str
    module: int
    level: str
    align: Align


@dataclass(frozen=True)
class Paper:
    """Empty paper, in dots."""

    dots: int


@dataclass(frozen=True)
class Knife:
    """The ticket is cut here."""


@dataclass(frozen=True)
class Mouth:
    """The presenter is told: 2 pull back, 3 offer, 5 throw out."""

    act: int


Printed = Line | Picture | QrCode | Paper | Knife | Mouth


class UnreadableBytes(Exception):
    """The bytes are no ticket of ours: an unknown command, or the end is missing."""


@dataclass
class _State:
    """What the printer remembers between commands."""

    align: Align = "left"
    width: int = 1
    height: int = 1
    bold: bool = False
    encoding: str | None = None
    qr_module: int = 3
    qr_level: str = "L"
    qr_data: str = ""


def read_ticket(data: bytes, code_pages: dict[int, str]) -> list[Printed]:
    """Read the commands this module makes, as a printer would.

    ``code_pages`` maps the code page numbers of the printer to Python codecs; text printed before a
    known page was selected is a fault, as on paper it would come out in foreign letters.
    Raises ``UnreadableBytes`` with the offset of the first byte that cannot be understood.
    """
    printed: list[Printed] = []
    state = _State()
    at = 0
    while at < len(data):
        if data[at] in (ESC, GS):
            used, thing = _command(data, at, state, code_pages)
            at += used
            if thing is not None:
                printed.append(thing)
            continue
        end = data.find(LF, at)
        if end < 0:
            raise UnreadableBytes(f"the line at {at} has no end")
        text = data[at:end]
        if any(byte < 0x20 for byte in text):
            raise UnreadableBytes(f"a command inside the line at {at}")
        if text and state.encoding is None:
            raise UnreadableBytes(f"text at {at} before a code page was selected")
        line = text.decode(state.encoding or "ascii")
        printed.append(Line(line, state.width, state.height, state.bold, state.align))
        at = end + 1
    return printed


def _command(data: bytes, at: int, state: _State, code_pages: dict[int, str]) -> tuple[int, Printed | None]:
    """Obey the command at ``at``: its length and what it puts on paper."""
    head = data[at : at + 2]
    if head == RESET:
        vars(state).update(vars(_State()))
        return 2, None
    if head == b"\x1dv":
        return _read_raster(data, at, state)
    if head == b"\x1d(":
        return _read_qr(data, at, state)
    if data[at : at + 4] == CUT:
        return 4, Knife()
    if head == TOTAL_CUT:
        return 2, Knife()
    value = _byte(data, at + 2)
    if head == b"\x1bt":
        if value not in code_pages:
            raise UnreadableBytes(f"code page {value} at {at} is not one of this printer's")
        state.encoding = code_pages[value]
    elif head == b"\x1ba" and value < 3:
        state.align = _ALIGN[value]
    elif head == b"\x1bE":
        state.bold = bool(value & 1)
    elif head == b"\x1d!":
        state.width, state.height = (value >> 4) + 1, (value & 15) + 1
    elif head == b"\x1bJ":
        return 3, Paper(value)
    elif head == b"\x1de" and value in (2, 3, 5):
        if value == 3:
            _byte(data, at + 3)
        return 4 if value == 3 else 3, Mouth(value)
    else:
        raise UnreadableBytes(f"unknown command {head.hex(' ')} at {at}")
    return 3, None


def _read_raster(data: bytes, at: int, state: _State) -> tuple[int, Printed]:
    mode = _byte(data, at + 3)
    if data[at + 2] != 0x30 or mode not in (0, 3):
        raise UnreadableBytes(f"a raster in an unknown mode at {at}")
    row_bytes = _byte(data, at + 4) + 256 * _byte(data, at + 5)
    rows = _byte(data, at + 6) + 256 * _byte(data, at + 7)
    end = at + 8 + row_bytes * rows
    if end > len(data) or not row_bytes:
        raise UnreadableBytes(f"the raster at {at} is cut short")
    return end - at, Picture(row_bytes, data[at + 8 : end], 2 if mode else 1, state.align)


def _read_qr(data: bytes, at: int, state: _State) -> tuple[int, Printed | None]:
    length = _byte(data, at + 3) + 256 * _byte(data, at + 4)
    end = at + 5 + length
    if data[at + 2 : at + 3] != b"k" or length < 3 or end > len(data) or data[at + 5] != 0x31:
        raise UnreadableBytes(f"a two-dimensional code at {at} that cannot be read")
    function, parameters = data[at + 6], data[at + 7 : end]
    printed: Printed | None = None
    if function == 0x43:
        state.qr_module = parameters[0]
    elif function == 0x45 and 0 <= parameters[0] - 0x30 < len(QR_LEVELS):
        state.qr_level = QR_LEVELS[parameters[0] - 0x30]
    elif function == 0x50:
        state.qr_data = parameters[1:].decode(errors="replace")
    elif function == 0x51:
        printed = QrCode(state.qr_data, state.qr_module, state.qr_level, state.align)
    elif function != 0x41:
        raise UnreadableBytes(f"unknown QR function {function:#x} at {at}")
    return end - at, printed


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise UnreadableBytes(f"the command before {at} is cut short")
    return data[at]
