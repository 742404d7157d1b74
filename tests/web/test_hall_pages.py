"""Who may open the hall's page and a ticket's slip, and what the server puts into them."""

from __future__ import annotations

from typing import Any

import pytest

from server.db.store import Store
from server.web import hall_pages
from tests.builders import add_person
from tests.web.conftest import Site


@pytest.fixture
def ticket(site: Site) -> dict[str, Any]:
    """A ticket of the north office, as its kiosk got it."""
    kiosk = site.token("kiosk", "north")
    answer = site.post("offices/north/tickets", {"service": "contract"}, token=kiosk)
    issued: dict[str, Any] = answer.get_json()
    return issued


def page_of(site: Site, token: str, path: str) -> Any:
    """The page as the owner of a personal token gets it."""
    return site.client.get(path, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("path", ["/hall/north", "/hall/north/slip/some-id"])
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(site: Site, path: str) -> None:
    answer = site.client.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=/hall/north")


@pytest.mark.parametrize(
    ("role", "page", "slip", "acts"),
    [("administrator", 200, 200, "true"), ("manager", 200, 403, "false"), ("operator", 403, 403, None)],
)
def test_administrators_act_managers_watch_and_the_holders_code_is_for_those_who_issue(
    site: Site,
    store: Store,
    ticket: dict[str, Any],
    role: str,
    page: int,
    slip: int,
    acts: str | None,
) -> None:
    token = add_person(store, "anna", role, "north")
    hall = page_of(site, token, "/hall/north")
    assert hall.status_code == page
    if acts:
        assert f'data-may-manage="{acts}"' in hall.get_data(as_text=True)
    assert page_of(site, token, f"/hall/north/slip/{ticket['id']}").status_code == slip


def test_another_offices_hall_and_tickets_stay_closed(
    site: Site, store: Store, ticket: dict[str, Any]
) -> None:
    token = add_person(store, "berta", "administrator", "south")
    assert page_of(site, token, "/hall/north").status_code == 403
    assert page_of(site, token, f"/hall/north/slip/{ticket['id']}").status_code == 403
    assert page_of(site, token, f"/hall/south/slip/{ticket['id']}").status_code == 404


def test_the_slip_carries_the_number_and_the_tickets_own_code(
    site: Site, store: Store, ticket: dict[str, Any]
) -> None:
    token = add_person(store, "anna", "administrator", "north")
    text = page_of(site, token, f"/hall/north/slip/{ticket['id']}").get_data(as_text=True)
    assert f">{ticket['number']}</h1>" in text
    assert hall_pages.qr(ticket["status_url"])[1] in text
    assert "02.03.2026 12:00" in text
