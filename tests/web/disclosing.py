"""Acts of a manager on the pages of disclosure: sign in, enter a row, publish."""

from __future__ import annotations

import re
from typing import Any

from tests.web.conftest import Site

APPEALS = {
    "form": "appeals", "month": "2025-03", "office": "north", "channel": "post",
    "topic": "complaint:service", "late": 0, "open": 0, "extended": 0, "repeated": 0,
}  # fmt: skip


def sign_in(site: Site, login: str) -> str:
    """Sign a person in; returns the CSRF token of the entry's page."""
    page = site.client.get("/sign-in").get_data(as_text=True)
    values = {"login": login, "password": "password", "csrf_token": _token(page)}
    assert site.client.post("/sign-in", data=values).status_code == 302
    return _token(site.client.get("/figures/entries").get_data(as_text=True))


def enter_appeals(site: Site, csrf: str, received: int, **more: Any) -> Any:
    """Enter so many complaints by post of March 2025, all answered in time."""
    values = {**APPEALS, "received": received, "in_time": received, "csrf_token": csrf}
    return site.client.post("/figures/entries", data={**values, **more})


def publish(site: Site, csrf: str, form: str = "supplier", **more: Any) -> Any:
    """Publish 2025 as the page shows it now."""
    page = site.client.get(f"/figures/disclosure?form={form}&year=2025").get_data(as_text=True)
    seen = re.search(r'name="sha256" value="(\w+)"', page)
    values = {"form": form, "year": 2025, "sha256": seen[1] if seen else "", "csrf_token": csrf}
    return site.client.post("/figures/disclosure/publish", data={**values, **more})


def _token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"')[0]
