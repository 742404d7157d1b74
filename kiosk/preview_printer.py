"""A printer for people without one: draws each ticket to PNG from the very bytes a real one would get."""

from __future__ import annotations

from pathlib import Path

from kiosk.drawing import Sheet
from kiosk.escpos_codec import Knife, Line, Paper, Picture, QrCode, UnreadableBytes, read_ticket
from kiosk.printer import PrinterFault
from kiosk.printer_profile import PrinterProfile


class PreviewPrinter:
    """Keeps the last ``keep`` tickets as ``ticket-000001.png`` … in ``folder``."""

    def __init__(self, folder: Path, profile: PrinterProfile, keep: int = 20) -> None:
        self.folder = folder
        self._profile = profile
        self._keep = keep

    def open(self) -> None:
        """Make sure that the folder is there and can be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PrinterFault(
                f"the folder {self.folder} cannot be made ({error.strerror}): correct [kiosk] state_folder"
            ) from error

    def print(self, data: bytes) -> None:
        """Draw the ticket; older pictures than the last ``keep`` are removed."""
        pictures = self._pictures()
        number = 1 + (int(pictures[-1].stem.removeprefix("ticket-")) if pictures else 0)
        try:
            draw(data, self._profile, self.folder / f"ticket-{number:06d}.png")
            for old in pictures[: max(0, len(pictures) + 1 - self._keep)]:
                old.unlink(missing_ok=True)
        except UnreadableBytes as error:
            raise PrinterFault(f"the ticket cannot be drawn: {error}") from error
        except OSError as error:
            raise PrinterFault(
                f"the picture cannot be kept in {self.folder} ({error.strerror}): free the disk or its rights"
            ) from error

    def close(self) -> None:
        """Nothing to let go."""

    def last(self) -> Path | None:
        """The picture of the newest ticket."""
        pictures = self._pictures()
        return pictures[-1] if pictures else None

    def _pictures(self) -> list[Path]:
        return sorted(self.folder.glob("ticket-[0-9]*.png"))


def draw(data: bytes, profile: PrinterProfile, path: Path) -> None:
    """Draw what paper would show to ``path`` as PNG. Raises ``UnreadableBytes``."""
    sheet = Sheet(profile.dots)
    for thing in read_ticket(data, profile.code_pages):
        match thing:
            case Line():
                sheet.letters(thing.text, thing.width, thing.height, thing.bold, thing.align)
            case Picture():
                sheet.picture(thing.row_bytes, thing.data, thing.scale, thing.align)
            case QrCode():
                sheet.qr(thing.data, thing.module, thing.level, thing.align)
            case Paper():
                sheet.empty(thing.dots)
            case Knife():
                sheet.empty(24)
                sheet.cut()
    sheet.save(path)
