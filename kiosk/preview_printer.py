"""A printer for people without one: draws each ticket to PNG from the very bytes a real one would get."""

from __future__ import annotations

from pathlib import Path

from kiosk.drawing import Sheet
from kiosk.escpos_codec import Knife, Line, Mouth, Paper, Picture, QrCode, UnreadableBytes, read_ticket
from kiosk.printer_profile import PrinterProfile
from kiosk.printer_protocol import PrinterFault
from kiosk.printer_status import N_, PrinterStatus


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
                N_("The folder %(folder)s cannot be made (%(error)s): correct [kiosk] state_folder."),
                folder=self.folder,
                error=error.strerror,
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
            raise PrinterFault(N_("The ticket cannot be drawn: %(error)s."), error=error) from error
        except OSError as error:
            raise PrinterFault(
                N_("The picture cannot be kept in %(folder)s (%(error)s): free the disk, check its rights."),
                folder=self.folder,
                error=error.strerror,
            ) from error

    def status(self) -> PrinterStatus:
        """Always ready: it has no paper to run out."""
        return PrinterStatus("ready")

    def finished(self, seconds: float) -> bool:
        """At once: a ticket is drawn when it was taken."""
        return True

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
    sheet_of(data, profile).save(path)


def sheet_of(data: bytes, profile: PrinterProfile) -> Sheet:
    """What paper would show. Raises ``UnreadableBytes``."""
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
            case Mouth():
                pass  # what the presenter does with a ticket is not to be seen on it
    return sheet
