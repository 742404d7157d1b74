"""An office's template seen while it is written: as a page of this machine, or as files by a command."""

from __future__ import annotations

import argparse
import html
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, Protocol, get_args

from kiosk.preview_printer import sheet_of
from kiosk.printer_profile import PROFILES, PrinterProfile
from kiosk.rendering import render
from kiosk.slip_layout import Registration, information_layout, registration_layout
from kiosk.ticket_layout import Item, ticket_layout
from kiosk.ticket_template import load_template
from kiosk.words import all_words, words
from server.sdk.messages import DayHours, ExpectedWait, IssuedTicket, Language, OfficeInfo, ServiceInfo
from server.sdk.settings import SettingsError

Paper = Literal["ticket", "registration", "information"]
PAPERS: Final[tuple[Paper, ...]] = get_args(Paper)
LANGUAGES: Final[dict[str, list[Language]]] = {
    "ru": ["ru"], "kk": ["kk"], "en": ["en"], "kk-ru": ["kk", "ru"],
}  # fmt: skip
BYTES_A_SECOND: Final = 11520
"""What a serial line of 115200 baud carries: ten bits a byte."""
WATCH_SECONDS: Final = 1.0

SAMPLE_OFFICE: Final = OfficeInfo(
    code="sample",
    version=1,
    company={"ru": "Заречная энергия", "kk": "Заречный энергиясы", "en": "Zarechny Energy"},
    name={"ru": "Офис на Заречной", "kk": "Заречный кеңсесі", "en": "Zarechny office"},
    address={"ru": "ул. Энергетиков, 12", "kk": "Энергетиктер көшесі, 12", "en": "12 Grid St"},
    phone="8-800-000-00-01",
    hotline="8-800-000-00-00",
    timezone="Asia/Almaty",
    languages=["ru", "kk", "en"],
    ticket_languages=["ru"],
    wait_hint={
        "ru": "Ждите в зале у табло",
        "kk": "Залда таблоның жанында күтіңіз",
        "en": "Wait in the hall by the board",
    },
    is_open=True,
    hours=[DayHours(weekday=1, intervals=[("08:00", "17:00")])],
    services=[
        ServiceInfo(
            code="connection",
            name={
                "ru": "Технологическое присоединение",
                "kk": "Технологиялық қосылу",
                "en": "Connection to the grid",
            },
            information={
                "ru": "Заявку можно подать в офисе и на сайте.\n\nСрок ответа:\n- 10 рабочих дней для дома "
                "до 15 кВт\n- 15 рабочих дней для остальных",
                "kk": "Өтінішті кеңседе және сайтта беруге болады.\n\nЖауап мерзімі:\n- 15 кВт дейінгі үй "
                "үшін 10 жұмыс күні\n- басқалары үшін 15 жұмыс күні",
                "en": "Apply in the office or on the site.\n\nThe answer takes:\n- 10 working days for a "
                "house up to 15 kW\n- 15 working days for others",
            },
            documents={
                "ru": "- паспорт\n- документ на дом или участок\n- план расположения устройств",
                "kk": "- жеке куәлік\n- үйге немесе жерге құжат\n- құрылғылардың орналасу жоспары",
                "en": "- identity card\n- papers of the house or land\n- plan of the devices",
            },
        )
    ],
    categories=[],
    waiting=3,
    desks_open=2,
)
_AT: Final = datetime(2025, 3, 4, 5, 6, tzinfo=UTC)
SAMPLE_TICKET: Final = IssuedTicket(
    id="0190f2c0-0000-7000-8000-000000000001",
    number="А123",
    service="connection",
    issued_at=_AT,
    ahead=3,
    expected_wait_minutes=20,
    expected_wait=ExpectedWait(from_minutes=10, to_minutes=20),
    status_url="https://queue.example.org/t/k3nq8w2x5v7z4m4pbcdf",
)
SAMPLE_REGISTRATION: Final = Registration("4821", "connection", _AT, "https://queue.example.org/b/k3nq8w2x")


class TicketPreview:
    """Draws the template as it stands in its file now, on the paper of ``profile``.

    ``office`` gives the real office where it is known; its texts are used, its services are sample ones.
    """

    def __init__(
        self,
        template: Path | None,
        profile: PrinterProfile,
        office: Callable[[], OfficeInfo | None] = lambda: None,
    ) -> None:
        self._template = template
        self._profile = profile
        self._office = office

    def job(self, paper: Paper, languages: str) -> bytes:
        """The bytes a printer would get. Raises ``SettingsError`` for a faulty template."""
        template = load_template(self._template)
        known = self._office() or SAMPLE_OFFICE
        own = {"ticket_languages": LANGUAGES[languages], "services": SAMPLE_OFFICE.services}
        office = known.model_copy(update=own)
        layout: Sequence[Item]
        if paper == "registration":
            layout = registration_layout(office, SAMPLE_REGISTRATION, all_words(), template)
        elif paper == "information":
            layout = information_layout(office, "connection", LANGUAGES[languages][0], all_words(), template)
        else:
            layout = ticket_layout(office, SAMPLE_TICKET, all_words(), template)
        return render(layout, self._profile)

    def png(self, paper: Paper, languages: str) -> bytes:
        """The paper as a picture. Raises ``SettingsError`` for a faulty template."""
        return sheet_of(self.job(paper, languages), self._profile).png()

    def page(self, languages: str) -> str:
        """A page that shows all papers, or the template's faults, and loads itself anew all the time."""
        _ = words(LANGUAGES[languages][0]).gettext
        names = {
            "ticket": _("Ticket"),
            "registration": _("Booking slip"),
            "information": _("Information about a service"),
        }
        try:
            parts = [self._figure(paper, languages, names[paper]) for paper in PAPERS]
        except SettingsError as error:
            faults = "".join(f"<li>{html.escape(fault)}</li>" for fault in error.faults)
            title = _("The template has faults")
            parts = [f"<h2>{html.escape(title)}</h2><ul>{faults}</ul>"]
        links = " ".join(f'<a href="/preview/{one}">{one}</a>' for one in LANGUAGES)
        return (
            f'<!doctype html><html lang="{LANGUAGES[languages][0]}"><head><meta charset="utf-8">'
            f'<meta http-equiv="refresh" content="2"><title>{html.escape(names["ticket"])}</title>'
            '<link rel="stylesheet" href="/ui/preview.css"></head>'
            f"<body><nav>{links}</nav><main>{''.join(parts)}</main></body></html>"
        )

    def _figure(self, paper: Paper, languages: str, name: str) -> str:
        size = len(self.job(paper, languages))
        tenths = round(size * 10 / BYTES_A_SECOND)
        _ = words(LANGUAGES[languages][0]).gettext
        told = _("%(bytes)s bytes, %(seconds)s s on a serial line of 115200 baud") % {
            "bytes": size,
            "seconds": _("%(whole)s.%(tenths)s") % {"whole": tenths // 10, "tenths": tenths % 10},
        }
        source = f"/preview/{paper}/{languages}.png"
        return (
            f"<figure><figcaption><b>{html.escape(name)}</b> {html.escape(told)}</figcaption>"
            f'<img src="{source}" alt="{html.escape(name)}"></figure>'
        )


class _App(Protocol):
    """What is needed of the web server."""

    def get(self, rule: str, **options: Any) -> Callable[[Any], Any]:
        """Declare a route."""


def register(app: _App, preview: TicketPreview, from_this_machine: Callable[[], bool]) -> None:
    """Add ``/preview/<languages>`` and its pictures; ``from_this_machine`` tells of the present request."""
    no_cache = {"Cache-Control": "no-store"}

    @app.get("/preview/<languages>")
    def preview_page(languages: str) -> tuple[str, int, dict[str, str]]:
        if not from_this_machine() or languages not in LANGUAGES:
            return "", 404, no_cache
        return preview.page(languages), 200, no_cache | {"Content-Type": "text/html; charset=utf-8"}

    @app.get("/preview/<paper>/<languages>.png")
    def preview_picture(paper: Paper, languages: str) -> tuple[str | bytes, int, dict[str, str]]:
        if not from_this_machine() or languages not in LANGUAGES or paper not in PAPERS:
            return "", 404, no_cache
        try:
            return preview.png(paper, languages), 200, no_cache | {"Content-Type": "image/png"}
        except SettingsError as error:
            return str(error), 422, no_cache | {"Content-Type": "text/plain; charset=utf-8"}


def main(arguments: list[str] | None = None) -> int:
    """Draw the papers of a template into a folder. Exit code 2 for a faulty template."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.ticket_preview", description="See a template")
    parser.add_argument("--template", type=Path, metavar="FILE", help="ticket-template.toml; none: the usual")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="80mm")
    parser.add_argument("--languages", choices=sorted(LANGUAGES), nargs="+", default=sorted(LANGUAGES))
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the PNG files go")
    parser.add_argument("--watch", action="store_true", help="draw again whenever the template changes")
    options = parser.parse_args(arguments)
    preview = TicketPreview(options.template, PROFILES[options.profile])
    options.out.mkdir(parents=True, exist_ok=True)
    while True:
        seen = _changed_at(options.template)
        code = _draw(preview, options.languages, options.out)
        if not options.watch:
            return code
        while _changed_at(options.template) == seen:
            time.sleep(WATCH_SECONDS)


def _draw(preview: TicketPreview, languages: Sequence[str], folder: Path) -> int:
    try:
        for paper in PAPERS:
            for one in languages:
                path = folder / f"{paper}-{one}.png"
                path.write_bytes(preview.png(paper, one))
                size = len(preview.job(paper, one))
                sys.stdout.write(f"{path}: {size} bytes, {size / BYTES_A_SECOND:.2f} s at 115200 baud\n")
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _changed_at(path: Path | None) -> float:
    return path.stat().st_mtime if path is not None and path.exists() else 0.0


if __name__ == "__main__":
    sys.exit(main())
