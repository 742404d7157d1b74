"""A ticket's layout as ESC/POS bytes for one printer: native text where every letter fits, else pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk import drawing
from kiosk import escpos_codec as escpos
from kiosk.printer_profile import PrinterProfile
from kiosk.ticket_layout import Cut, Feed, Item, Logo, Qr, Rule, Size, Text
from kiosk.ticket_template import LOGO_HEIGHT, LOGO_WIDTH

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Look:
    """One text size on paper: the font size in dots when drawn, and how native Font A comes nearest.

    ``native`` is its factor of enlargement, the same both ways (letters enlarged one way only are
    hard to read); 0: no factor comes near, the text is always drawn.
    """

    drawn: int
    native: int


_WIDE = {Size.SMALL: _Look(24, 1), Size.MEDIUM: _Look(32, 0), Size.LARGE: _Look(44, 2)}
_NARROW = {Size.SMALL: _Look(24, 1), Size.MEDIUM: _Look(26, 0), Size.LARGE: _Look(30, 0)}
_NARROW_BELOW = 500
"""Paper narrower than this many dots (58 mm) has no room for native letters twice as wide."""
_NUMBER_HEIGHT = 200
"""The number's letters at most, in dots (25 mm): read at arm's length without glasses."""
_QR_SIDE = 240
"""The QR code's largest side, in dots (30 mm): read from half a metre, and short on paper."""
_MOST_LARGE_LINES = 3
"""A large text with more lines is drawn smaller: it would outshout the number, and its picture would take
most of a slow line's time."""
_TAIL = 120
"""Paper to feed by a printer without a knife, in dots, so that the ticket can be torn off."""


def render(layout: Sequence[Item], profile: PrinterProfile) -> bytes:
    """The bytes that print ``layout`` on a printer of this profile, from reset to cut."""
    parts = [escpos.RESET]
    if profile.code_page is not None:
        parts.append(escpos.code_page(profile.code_page))
    parts.append(escpos.align("center"))
    for item in layout:
        match item:
            case Text(size=Size.HUGE):
                parts.append(_number(item, profile))
            case Text(align="left"):
                parts += [escpos.align("left"), _text(item, profile), escpos.align("center")]
            case Text():
                parts.append(_text(item, profile))
            case Logo():
                parts.append(_logo(item, profile))
            case Rule():
                line = b"\xff" * (profile.dots // 8)
                parts += [escpos.feed_dots(8), escpos.raster(len(line), line * 2), escpos.feed_dots(8)]
            case Qr():
                parts.append(_qr(item, profile))
            case Feed():
                parts.append(escpos.feed_dots(item.dots))
            case Cut():
                parts.append(profile.cut if profile.knife else escpos.feed_dots(_TAIL))
                if profile.presenter and profile.knife:
                    parts.append(profile.presenter.present)
    return b"".join(parts)


def warm_up(profile: PrinterProfile) -> None:
    """Load fonts and draw once, so that the first ticket of the day is as quick as the others."""
    drawing.check_fonts()
    for look in _looks(profile).values():
        drawing.text_dots("ӘәҒғ", look.drawn, True, profile.dots)
        drawing.text_dots("ӘәҒғ", look.drawn, False, profile.dots)
    _number(Text("А001", Size.HUGE), profile)


def _looks(profile: PrinterProfile) -> dict[Size, _Look]:
    return _NARROW if profile.dots < _NARROW_BELOW else _WIDE


def _number(item: Text, profile: PrinterProfile) -> bytes:
    # At half resolution, doubled by the printer: a quarter of the bytes, and at 25 mm nobody sees it.
    dots = drawing.number_dots(_printable(item.text), profile.dots // 2, _NUMBER_HEIGHT // 2)
    number = escpos.raster(dots.row_bytes, dots.data, doubled=True)
    return escpos.feed_dots(12) + number + escpos.feed_dots(16)


def _text(item: Text, profile: PrinterProfile) -> bytes:
    look = _looks(profile)[item.size]
    text = _printable(item.text)
    if look.native and _is_native(text, profile):
        lines = _lines(text, item, profile.columns // look.native, len)
        start = escpos.text_size(look.native, look.native) + escpos.bold(item.bold)
        return start + b"".join(line.encode(profile.encoding) + b"\n" for line in lines)

    lines = _drawn_lines(text, item, look, profile)
    for smaller in (Size.MEDIUM, Size.SMALL):
        if item.size is Size.LARGE and len(lines) > _MOST_LARGE_LINES:
            look = _looks(profile)[smaller]
            lines = _drawn_lines(text, item, look, profile)
    drawn = [
        drawing.text_dots(line, look.drawn, item.bold, profile.dots, item.align == "left") for line in lines
    ]
    return b"".join(
        escpos.feed_dots(dots.above) + escpos.raster(dots.row_bytes, dots.data) + escpos.feed_dots(dots.below)
        for dots in drawn
    )


def _drawn_lines(text: str, item: Text, look: _Look, profile: PrinterProfile) -> list[str]:
    def width(part: str) -> int:
        return drawing.text_width(part, look.drawn, item.bold)

    return _lines(text, item, profile.dots - 2, width)


def _lines(text: str, item: Text, room: int, measure: Callable[[str], int]) -> list[str]:
    """The lines of a text: even ones where it is centred, full ones and hanging lists from the left."""
    if item.align == "center":
        return wrap(text, room, measure)
    if not text.startswith("- "):
        return _fill(text, room, measure)
    first, *further = _fill(text[2:], room - measure("- "), measure) or [""]
    return [f"- {first}", *(f"  {line}" for line in further)]


def _logo(item: Logo, profile: PrinterProfile) -> bytes:
    try:
        dots = drawing.logo_dots(item.path, int(profile.dots * LOGO_WIDTH), LOGO_HEIGHT)
    except ValueError as error:
        # A ticket without its logo is better than none.
        log.error("the logo is left out: %s", error)
        return b""
    return escpos.raster(dots.row_bytes, dots.data)


def _qr(item: Qr, profile: PrinterProfile) -> bytes:
    # Squares of 4 to 8 dots: the largest that keep the code within its side.
    module = max(4, min(8, _QR_SIDE // drawing.qr_squares(item.data)))
    if profile.native_qr:
        code = escpos.qr(item.data, module)
    else:
        # Drawn at half its size and doubled by the printer: a quarter of the bytes, the same squares.
        module -= module % 2
        dots = drawing.qr_dots(item.data, module // 2)
        code = escpos.raster(dots.row_bytes, dots.data, doubled=True)
    # The code needs four empty squares around it to be read.
    return escpos.feed_dots(4 * module) + code + escpos.feed_dots(4 * module)


def _is_native(text: str, profile: PrinterProfile) -> bool:
    if profile.code_page is None:
        return False
    try:
        text.encode(profile.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _printable(text: str) -> str:
    """Control characters in a name would be commands to the printer: they become spaces."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def wrap(text: str, room: int, measure: Callable[[str], int]) -> list[str]:
    """Break ``text`` at spaces into lines that ``measure`` to at most ``room``; a longer word is split.

    Lines are made about equally long: a single word left over on the last one reads badly.
    """
    best = _fill(text, room, measure)
    widths = [measure(word) for word in text.split()]
    # Never so narrow that a word is split which fits into a line.
    least = max([room // 2, *(width for width in widths if width <= room)])
    narrower = room * 19 // 20
    while len(best) > 1 and narrower >= least:
        lines = _fill(text, narrower, measure)
        if len(lines) > len(best):
            break
        best, narrower = lines, narrower * 19 // 20
    return best


def _fill(text: str, room: int, measure: Callable[[str], int]) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and measure(f"{line} {word}") <= room:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        while len(word) > 1 and measure(word) > room:
            fitting = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or measure(word[:n]) <= room)
            lines.append(word[:fitting])
            word = word[fitting:]
        line = word
    return [*lines, line] if line else lines
