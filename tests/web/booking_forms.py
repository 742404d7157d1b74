"""Steps through the booking pages by their links and forms, without a browser."""

from __future__ import annotations

import html
from typing import Any

from tests.booking_builders import TUESDAY
from tests.web.conftest import Site

TIMES = "/book/north?service=contract&day=2026-03-03&language=ru"
PERSON = {"name": "Иванов И. И.", "phone": "8 (927) 000-00-12", "consent": "yes"}


def read(site: Site, path: str, status: int = 200) -> str:
    """A page as a person reads it: never kept by the browser, without a cookie."""
    answer = site.client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return html.unescape(answer.get_data(as_text=True))


def send(site: Site, path: str, **values: Any) -> Any:
    """Send a form; no answer sets a cookie."""
    answer = site.client.post(path, data=values)
    assert "Set-Cookie" not in answer.headers
    return answer


def said(answer: Any) -> str:
    """The text of an answer."""
    return html.unescape(answer.get_data(as_text=True))


def key_of(page: str) -> str:
    """What tells this page's form from another."""
    return page.split('name="key" value="')[1].split('"')[0]


def hold(site: Site, at: Any = TUESDAY, path: str = TIMES, **more: str) -> str:
    """Hold a place by the page's form; returns the path of the booking."""
    answer = send(site, path, at=at.isoformat(), **more)
    assert answer.status_code == 303, said(answer)
    return str(answer.headers["Location"]).split("?")[0]


def details(site: Site, link: str, **changes: Any) -> Any:
    """Say who comes, as the form does; ``None`` leaves a field out."""
    version = read(site, link).split('name="consent_version" value="')[1].split('"')[0]
    values = {**PERSON, "consent_version": version, **changes}
    return send(site, link, **{name: value for name, value in values.items() if value is not None})


def proof_of(site: Site, link: str) -> str:
    """The code that was sent."""
    with site.store.write("north", "test") as uow:
        contact = uow.bookings.contact(uow.bookings.by_link(link.removeprefix("/b/")).id)
    assert contact is not None
    return contact.proof


def count_of_holds(site: Site) -> int:
    """How many places were ever held."""
    with site.store.read() as connection:
        return int(connection.exec_driver_sql("SELECT COUNT(*) FROM booking").scalar_one())
