"""What a ticket printer can do, as data: paper width, code page, knife, presenter, QR (domain §14)."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk import escpos_codec as escpos
from kiosk.printer_status import StatusLanguage


@dataclass(frozen=True)
class Presenter:
    """The commands of a mouth that holds the cut ticket: offer it, throw it out, pull it back in.

    One step of offering is 7 mm on VKP80 and 0.6 mm on KPM210; pulling back needs a printer built for it.
    """

    present: bytes = escpos.presenter(3, steps=12)
    eject: bytes = escpos.presenter(5)
    retract: bytes = escpos.presenter(2)


@dataclass(frozen=True)
class PrinterProfile:
    """One family of printers at 203 dpi (8 dots a millimetre).

    ``dots`` is the printable width, ``columns`` the letters of Font A (12 dots) in a line.
    ``code_page`` is the number under which this maker keeps CP866: 17 on Epson and most clones,
    7 on Citizen and Rongta, 10 on Star; none: every text is printed as a picture.
    ``cut`` is the command of the knife, used where there is one; ``status`` how it is asked for its state.
    """

    dots: int
    columns: int
    code_page: int | None = 17
    encoding: str = "cp866"
    knife: bool = True
    native_qr: bool = True
    cut: bytes = escpos.CUT
    presenter: Presenter | None = None
    status: StatusLanguage = "epson"

    @property
    def code_pages(self) -> dict[int, str]:
        """The code pages this printer is asked for, for reading its bytes back."""
        return {} if self.code_page is None else {self.code_page: self.encoding}


PROFILES: dict[str, PrinterProfile] = {
    "80mm": PrinterProfile(dots=576, columns=48),
    "58mm": PrinterProfile(dots=384, columns=32),
    # Kiosk printers cut off wholly and hand the ticket out; their QR command is missing in older ones.
    "custom-80mm": PrinterProfile(
        dots=576, columns=48, native_qr=False, cut=escpos.TOTAL_CUT, presenter=Presenter(), status="custom"
    ),
    "custom-58mm": PrinterProfile(
        dots=384, columns=32, native_qr=False, cut=escpos.TOTAL_CUT, presenter=Presenter(), status="custom"
    ),
}
"""Epson-compatible printers (most of the market) and Custom's kiosk printers, on both widths of paper."""
