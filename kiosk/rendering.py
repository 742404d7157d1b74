"""A ticket's layout as ESC/POS bytes for one printer: native text where every letter fits, else pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk import drawing
from kiosk import escpos_codec as escpos
from kiosk.printer_profile import PrinterProfile
from kiosk.ticket_layout import Cut, Feed, Item, Qr, Rule, Size, Text


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
            case Text():
                parts.append(_text(item, profile))
            case Rule():
                line = b"\xff" * (profile.dots // 8)
                parts += [escpos.feed_dots(8), escpos.raster(len(line), line * 2), escpos.feed_dots(8)]
            case Qr():
                parts.append(_qr(item, profile))
            case Feed():
                parts.append(escpos.feed_dots(item.dots))
            case Cut():
                parts.append(escpos.CUT if profile.knife else escpos.feed_dots(_TAIL))
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
        lines = wrap(text, profile.columns // look.native, len)
        start = escpos.text_size(look.native, look.native) + escpos.bold(item.bold)
        return start + b"".join(line.encode(profile.encoding) + b"\n" for line in lines)

    def width(part: str) -> int:
        return drawing.text_width(part, look.drawn, item.bold)

    drawn = [
        drawing.text_dots(line, look.drawn, item.bold, profile.dots)
        for line in wrap(text, profile.dots - 2, width)
    ]
    return b"".join(
        escpos.feed_dots(dots.above) + escpos.raster(dots.row_bytes, dots.data) + escpos.feed_dots(dots.below)
        for dots in drawn
    )


def _qr(item: Qr, profile: PrinterProfile) -> bytes:
    # Squares of 4 to 8 dots: the largest that keep the code within its side.
    module = max(4, min(8, _QR_SIDE // drawing.qr_squares(item.data)))
    if profile.native_qr:
        code = escpos.qr(item.data, module)
    else:
        dots = drawing.qr_dots(item.data, module)
        code = escpos.raster(dots.row_bytes, dots.data)
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
    narrower = room * 19 // 20
    while len(best) > 1 and narrower > room // 2:
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
