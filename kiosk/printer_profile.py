"""What a ticket printer can do, as data: paper width, code page, knife, QR command (domain §14)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PrinterProfile:
    """One family of printers at 203 dpi (8 dots a millimetre).

    ``dots`` is the printable width, ``columns`` the letters of Font A (12 dots) in a line.
    ``code_page`` is the number under which this maker keeps CP866: 17 on Epson and most clones,
    7 on Citizen and Rongta, 10 on Star; none: every text is printed as a picture.
    """

    dots: int
    columns: int
    code_page: int | None = 17
    encoding: str = "cp866"
    knife: bool = True
    native_qr: bool = True

    @property
    def code_pages(self) -> dict[int, str]:
        """The code pages this printer is asked for, for reading its bytes back."""
        return {} if self.code_page is None else {self.code_page: self.encoding}


PROFILES: dict[str, PrinterProfile] = {
    "80mm": PrinterProfile(dots=576, columns=48),
    "58mm": PrinterProfile(dots=384, columns=32),
}
