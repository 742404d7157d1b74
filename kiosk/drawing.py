"""Letters and QR codes as black dots: the one file that knows Pillow and qrcode."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFont, ImageOps

_REGULAR = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf")
_BOLD = ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "NotoSans-Bold.ttf")
_MONO = ("DejaVuSansMono.ttf", "LiberationMono-Regular.ttf")
_MONO_BOLD = ("DejaVuSansMono-Bold.ttf", "LiberationMono-Bold.ttf")
CELL_WIDTH, CELL_HEIGHT = 12, 24
"""A letter of Font A, in dots."""
_MONO_SIZE = 23
"""The font size whose capitals are as tall as those of Font A."""
_INK_FROM = 110
"""A dot is black from this much of a letter's edge on: a little heavier than half, as heat spreads."""
_NUMBER_STRETCH = 1.33
"""How much taller than wide a number's letters may be enlarged."""
_QR_LEVEL = {
    "L": qrcode.constants.ERROR_CORRECT_L,
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
    "H": qrcode.constants.ERROR_CORRECT_H,
}


class FontsMissing(Exception):
    """The machine has no font with Cyrillic and Kazakh letters."""


@dataclass(frozen=True)
class Dots:
    """A black and white picture: rows of ``row_bytes`` bytes, a set bit is black.

    ``above`` and ``below`` are empty rows that belong to it: moving the paper is quicker than sending them.
    """

    row_bytes: int
    data: bytes
    above: int = 0
    below: int = 0


def check_fonts() -> None:
    """Load what tickets need, so that no visitor waits for it. Raises ``FontsMissing`` with the cure."""
    for names in (_REGULAR, _BOLD, _MONO, _MONO_BOLD):
        _font(names, 24)


def text_width(text: str, size: int, bold: bool) -> int:
    """The width in dots of ``text`` at the font size ``size`` (dots)."""
    return round(_font(_BOLD if bold else _REGULAR, size).getlength(text))


@lru_cache(maxsize=256)
def text_dots(text: str, size: int, bold: bool, width: int, left: bool = False) -> Dots:
    """Draw one line of text, cropped to its ink, at most ``width`` dots wide.

    ``left``: it stands at the left edge; else in the middle of its whole bytes.
    With its empty rows it is as high as the font's line, so that lines stand evenly.
    """
    font = _font(_BOLD if bold else _REGULAR, size)
    ascent, descent = font.getmetrics()
    image = Image.new("L", (min(width, text_width(text, size, bold) + 2), ascent + descent), 0)
    ImageDraw.Draw(image).text((1, 0), text, font=font, fill=255)
    _, top, _, bottom = image.getbbox() or (0, 0, 0, 1)
    dots = _dots(image.crop((0, top, image.width, bottom)), left)
    return Dots(dots.row_bytes, dots.data, above=top, below=image.height - bottom)


@lru_cache(maxsize=64)
def number_dots(text: str, width: int, max_height: int) -> Dots:
    """Draw the ticket's number as large as ``width`` × ``max_height`` dots let, cropped to its ink.

    Letters may become up to a third taller than the font has them, when height is left over.
    """
    font = _font(_BOLD, 200)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left), int(bottom - top)), 0)
    ImageDraw.Draw(image).text((-left, -top), text, font=font, fill=255)
    across = min(width / image.width, max_height / image.height)
    down = min(max_height / image.height, across * _NUMBER_STRETCH)
    size = (max(1, int(image.width * across)), max(1, int(image.height * down)))
    return _dots(image.resize(size, Image.Resampling.LANCZOS))


@lru_cache(maxsize=8)
def logo_dots(path: Path, width: int, height: int) -> Dots:
    """A picture file made to fit into ``width`` × ``height`` dots, grey as a raster of dots.

    What is transparent is paper. Raises ``ValueError`` with the cure for a file that is no picture.
    """
    try:
        with Image.open(path) as image:
            image.draft("L", (width, height))
            picture = image.convert("RGBA")
    except (OSError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} is no picture that can be read ({error}): give a PNG file") from error
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    grey = paper.convert("L")
    across = min(width / grey.width, height / grey.height)
    size = (max(1, int(grey.width * across)), max(1, int(grey.height * across)))
    ink = ImageOps.invert(grey.resize(size, Image.Resampling.LANCZOS).convert("1").convert("L"))
    return _dots(ink)


def qr_dots(data: str, module: int, level: str = "M") -> Dots:
    """A QR code as a picture, with squares of ``module`` dots and no margin of its own."""
    return _dots(_qr_image(data, module, level))


def qr_svg(data: str) -> str:
    """A QR code for the screen: an SVG with its quiet zone of four squares."""
    code = _qr_code(data, "M")
    code.make(fit=True)
    matrix = code.get_matrix()
    side = len(matrix) + 8
    black = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(matrix) for x, dot in enumerate(row) if dot
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{black}"/></svg>'
    )


def qr_squares(data: str, level: str = "M") -> int:
    """How many squares a side of the QR code has, without drawing it."""
    return 17 + 4 * int(_qr_code(data, level).best_fit())


def _qr_image(data: str, module: int, level: str) -> Image.Image:
    code = _qr_code(data, level)
    code.make(fit=True)
    matrix = code.get_matrix()
    squares = bytes(255 if black else 0 for row in matrix for black in row)
    small = Image.frombytes("L", (len(matrix), len(matrix)), squares)
    return small.resize((len(matrix) * module, len(matrix) * module), Image.Resampling.NEAREST)


def _qr_code(data: str, level: str) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=_QR_LEVEL[level], border=0)
    # Whole bytes, as printers' own commands encode it: the size foreseen is then the size printed.
    code.add_data(data.encode(), optimize=0)
    return code


def _dots(image: Image.Image, left: bool = False) -> Dots:
    """Grey ink (255 is black on paper) to packed dots."""
    row_bytes = (image.width + 7) // 8
    padded = Image.new("L", (row_bytes * 8, image.height), 0)
    padded.paste(image, (0 if left else (row_bytes * 8 - image.width) // 2, 0))
    return Dots(row_bytes, padded.point(_black, "1").tobytes())


def _black(value: int) -> int:
    return 255 if value >= _INK_FROM else 0


@lru_cache(maxsize=64)
def _font(names: tuple[str, ...], size: int) -> ImageFont.FreeTypeFont:
    for name in names:
        try:
            # The basic layout: the other one spends 30 ms on its first line and changes no letter here.
            return ImageFont.truetype(name, size, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    raise FontsMissing(
        f"none of the fonts {', '.join(names)} is installed: apt-get install fonts-dejavu-core"
    )


class Sheet:
    """A roll of paper to draw on, ``dots`` wide, that grows as it is printed."""

    def __init__(self, dots: int) -> None:
        self._dots = dots
        self._strips: list[Image.Image] = []

    def letters(self, text: str, width: int, height: int, bold: bool, align: str) -> None:
        """Native text in cells of 12 × 24 dots, enlarged ``width`` × ``height`` times as printers do it."""
        font = _font(_MONO_BOLD if bold else _MONO, _MONO_SIZE)
        letters = Image.new("L", (round(font.getlength(text)) or 1, CELL_HEIGHT), 0)
        ImageDraw.Draw(letters).text((0, -2), text, font=font, fill=255)
        # Printers' letters are narrower than the font's; they enlarge dots, not curves.
        cells = letters.resize((max(1, len(text)) * CELL_WIDTH, CELL_HEIGHT), Image.Resampling.LANCZOS)
        hard = cells.point(_black, "L")
        size = (hard.width * width, hard.height * height)
        self._add(hard.resize(size, Image.Resampling.NEAREST), align)
        self.empty(6)

    def picture(self, row_bytes: int, data: bytes, scale: int, align: str) -> None:
        """A bit image as it was sent, each dot ``scale`` dots wide and high."""
        image = Image.frombytes("1", (row_bytes * 8, len(data) // row_bytes), data).convert("L")
        size = (image.width * scale, image.height * scale)
        self._add(image.resize(size, Image.Resampling.NEAREST), align)

    def qr(self, data: str, module: int, level: str, align: str) -> None:
        """A QR code as the printer's own command would draw it."""
        self._add(_qr_image(data, module, level), align)

    def empty(self, dots: int) -> None:
        """Paper without ink."""
        if dots:
            self._strips.append(Image.new("L", (self._dots, dots), 0))

    def cut(self) -> None:
        """The torn edge: a dashed line."""
        strip = Image.new("L", (self._dots, 2), 0)
        draw = ImageDraw.Draw(strip)
        for start in range(0, self._dots, 16):
            draw.line((start, 0, start + 8, 0), fill=120, width=2)
        self._strips.append(strip)

    def save(self, path: Path) -> None:
        """Write the paper as PNG, black on white with blank edges; replaces ``path`` at once."""
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(self.png())
        os.replace(unfinished, path)

    def png(self, margin: int = 32) -> bytes:
        """The paper as PNG."""
        height = max(1, sum(strip.height for strip in self._strips))
        paper = Image.new("L", (self._dots, height), 0)
        top = 0
        for strip in self._strips:
            paper.paste(strip, (0, top))
            top += strip.height
        sheet = ImageOps.expand(ImageOps.invert(paper), border=margin, fill=255)
        file = io.BytesIO()
        sheet.save(file, format="PNG")
        return file.getvalue()

    def _add(self, ink: Image.Image, align: str) -> None:
        strip = Image.new("L", (self._dots, ink.height), 0)
        room = self._dots - ink.width
        strip.paste(ink, ({"left": 0, "center": room // 2, "right": room}[align], 0))
        self._strips.append(strip)
