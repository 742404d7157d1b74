"""Reports come from a child process where there is one, and from the server itself where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import cli
from server.config import DatabaseSettings, ServerSettings, TalonSettings
from server.db.store import Store
from server.web.app import Web, create_web
from server.web.aside import Aside
from tests.builders import add_person
from tests.programs import until

REPORT = "/api/v1/reports/monthly"


@pytest.fixture
def web(store: Store, tmp_path: Path) -> Iterator[tuple[Web, Aside]]:
    url = store.engine.url.render_as_string(hide_password=False)
    settings = TalonSettings(
        server=ServerSettings(state_folder=tmp_path, async_mode="threading"),
        database=DatabaseSettings(url=url),
    )
    made, aside = create_web(settings, store, lambda: None), Aside(settings)
    aside.install(made.app)
    yield made, aside
    aside.stop()


def test_a_report_is_made_aside_and_by_the_server_itself_once_the_child_is_gone(
    web: tuple[Web, Aside], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, aside = web
    client = made.app.test_client()
    add_person(store, "olga", "manager")
    headers = {"Authorization": f"Bearer {cli.make_token(store, 'person', 'test', None, 'olga')}"}
    own = client.get(REPORT, headers=headers)
    assert own.status_code == 200
    asked_here: list[str] = []
    endpoint = next(rule.endpoint for rule in made.app.url_map.iter_rules() if rule.rule == REPORT)
    view = made.app.view_functions[endpoint]
    monkeypatch.setitem(
        made.app.view_functions,
        endpoint,
        lambda **values: asked_here.append("asked") or view(**values),
    )

    def made_aside() -> bool:
        asked_here.clear()
        answer = client.get(REPORT, headers=headers)
        assert answer.status_code == 200
        return not asked_here

    until(made_aside, "a report made aside", 60)
    answer = client.get(f"{REPORT}?year=2026", headers=headers)
    assert answer.json is not None
    assert own.json is not None
    assert answer.json["offices"] == own.json["offices"]
    assert answer.content_type == own.content_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(REPORT).status_code == 401
    page = client.get("/figures")
    assert (page.status_code, page.headers["Location"]) == (302, "/sign-in?next=/figures?")
    aside.stop()
    assert not made_aside()


def test_the_child_ends_with_its_parent(web: tuple[Web, Aside], store: Store) -> None:
    made, aside = web
    made.app.test_client().get("/figures")
    child = aside._child
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(60) == 0
    assert not Path(aside._folder).exists()
    assert sys.executable in child.args
