"""A built application over the store of the tests, without a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient

from server import cli
from server.config import TalonSettings
from server.db import migrate
from server.db.store import Store
from server.web.app import Web, create_web
from tests.builders import add_person


@dataclass
class Site:
    """The application and ways to ask it."""

    web: Web
    store: Store
    client: FlaskClient
    slides: Path

    def token(self, scope: str, office: str | None = None) -> str:
        """A device's token."""
        return cli.make_token(self.store, scope, "test", office)

    def get(self, path: str, token: str | None = None, **more: Any) -> Any:
        """GET under /api/v1."""
        return self.client.get(f"/api/v1/{path}", headers=_headers(token, more))

    def post(self, path: str, body: Any = None, token: str | None = None, **more: Any) -> Any:
        """POST JSON under /api/v1; ``key`` becomes the Idempotency-Key, ``language`` what the asker reads."""
        return self.client.post(f"/api/v1/{path}", json=body or {}, headers=_headers(token, more))

    def socket(self, token: str | None = None) -> SocketIOTestClient:
        """A Socket.IO client."""
        auth = {"token": token} if token else None
        return SocketIOTestClient(self.web.app, self.web.socketio, auth=auth, flask_test_client=self.client)


def _headers(token: str | None, more: dict[str, Any]) -> dict[str, str]:
    headers = {"Accept-Language": more.get("language", "ru")}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if "machine" in more:
        headers["Talon-Machine"] = more["machine"]
    if "key" in more:
        headers["Idempotency-Key"] = more["key"]
    return headers


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Site:
    """The application on the store of the tests, in threading mode."""
    settings = TalonSettings.model_validate(
        {
            "server": {
                "state_folder": str(tmp_path / "state"),
                "public_url": "http://queue.example",
                "slides_folder": str(tmp_path / "slides"),
            }
        }
    )
    web = create_web(settings, store, lambda: migrate.not_current(store.engine), async_mode="threading")
    (tmp_path / "slides").mkdir()
    return Site(web, store, web.app.test_client(), tmp_path / "slides")


@pytest.fixture
def operator(store: Store) -> str:
    """The personal token of an operator of the north office."""
    return add_person(store, "anna", "operator", "north", "north-1")


@pytest.fixture
def sign_in(site: Site) -> Callable[[str], str]:
    """Signs a person in by the page; returns the CSRF token for further posts."""

    def act(login: str) -> str:
        page = site.client.get("/sign-in").get_data(as_text=True)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        answer = site.client.post(
            "/sign-in", data={"login": login, "password": "password", "csrf_token": token}
        )
        assert answer.status_code == 302
        page = site.client.get("/desk/north-1").get_data(as_text=True)
        return page.split('name="csrf-token" content="')[1].split('"')[0]

    return act
