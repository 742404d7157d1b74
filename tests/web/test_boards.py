"""Boards as data: each shows and says the calls of its own desks and services; windows have screens too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server import cli, company
from server.actions import desks, visits
from server.db.store import Store
from tests.builders import COMPANY, add_person, changed_company
from tests.web.conftest import Site
from tests.web.test_push import follow, states, tell

ZONES = [
    {"code": "whole", "title": {"ru": "Общее"}},
    {
        "code": "cash",
        "services": ["cash"],
        "layout": "rows",
        "directions": {"2": "left"},
        "voice": {"mode": "chime", "repeats": 1, "hours": [["08:00", "20:00"]]},
        "slides": [{"kind": "image", "file": "tariffs.png", "seconds": 20}],
    },
    {"code": "first", "desks": ["1"], "running_line": {"ru": "Окно 1"}},
]


@pytest.fixture
def zones(store: Store) -> None:
    """The north office has a board for all, one for the cash service, one for window 1."""
    document = changed_company(lambda office: office.update(boards=ZONES))
    cli.import_company(store, company.CompanySettings.model_validate(document), "test")


@pytest.fixture
def act(store: Store) -> Callable[..., Any]:
    """Does something in the north office."""

    def do(what: Callable[..., Any], *details: Any, actor: str = "anna") -> Any:
        with store.write("north", actor) as uow:
            return what(uow, *details)

    return do


def call(act: Callable[..., Any], service: str, desk: str, operator: str) -> Any:
    act(visits.issue_ticket, service, None, "ru", actor="kiosk")
    act(desks.open_desk, desk, actor=operator)
    return act(visits.call_next, desk, actor=operator)


def board(site: Site, room: str) -> dict[str, Any]:
    client = site.socket(site.token("display"))
    assert follow(client, room) is None
    state: dict[str, Any] = states(client, room)[-1]
    return state


@pytest.mark.usefixtures("zones")
def test_a_board_shows_the_calls_and_the_queue_of_its_desks_and_services(site: Site, act: Any) -> None:
    call(act, "contract", "north-1", "anna")
    call(act, "cash", "north-2", "boris")
    act(visits.issue_ticket, "contract", None, "ru", actor="kiosk")
    seen = {code: board(site, f"board:north/{code}") for code in ("whole", "cash", "first")}
    numbers = {code: sorted(row["number"] for row in view["called"]) for code, view in seen.items()}
    assert numbers == {"whole": ["А001", "К001"], "cash": ["К001"], "first": ["А001"]}
    assert {code: view["next"] for code, view in seen.items()} == {
        "whole": ["А002"],
        "cash": [],
        "first": ["А002"],
    }
    assert {code: view["waiting"] for code, view in seen.items()} == {"whole": 1, "cash": 0, "first": 1}
    assert seen["cash"]["live_wait_seconds"] is None


@pytest.mark.usefixtures("zones")
def test_a_board_is_told_how_to_look_and_sound(site: Site, act: Any) -> None:
    call(act, "cash", "north-2", "boris")
    view = board(site, "board:north/cash")
    assert (view["board"], view["layout"], view["called"][0]["direction"]) == ("cash", "rows", "left")
    assert view["slides"] == [{"kind": "image", "file": "tariffs.png", "seconds": 20, "text": {}}]
    assert view["voice"]["mode"] == "chime"
    assert view["voice"]["languages"] == ["ru"], "those of the office, where the board names none"
    assert view["voice"]["hours"] == [["08:00", "20:00"]]
    assert board(site, "board:north/first")["running_line"] == {"ru": "Окно 1"}


@pytest.mark.usefixtures("zones")
def test_without_a_code_the_first_board_answers_and_an_unknown_code_is_refused(site: Site) -> None:
    assert board(site, "board:north")["board"] == "whole"
    client = site.socket(site.token("display"))
    assert follow(client, "board:north/attic")["code"] == "unknown_board"


def test_an_office_that_names_no_board_has_one_that_shows_all(site: Site) -> None:
    view = board(site, "board:north")
    assert (view["board"], view["layout"], view["parts"][0]) == ("hall", "side", "next")


@pytest.mark.usefixtures("zones")
def test_a_call_is_said_on_the_boards_that_show_it_only(site: Site, act: Any) -> None:
    client = site.socket(site.token("display"))
    for code in ("whole", "cash", "first"):
        follow(client, f"board:north/{code}")
    client.get_received()
    call(act, "contract", "north-1", "anna")
    tell(site)
    said = [m["args"][0]["number"] for m in client.get_received() if m["name"] == "say"]
    assert said == ["А001", "А001"], "on the board for all and on that of window 1"


def test_a_window_has_a_screen_with_its_state_and_the_operators_name_where_the_office_wants_it(
    site: Site, store: Store, act: Any
) -> None:
    add_person(store, "anna", "operator", "north", "north-1", name="Анна И.")
    client = site.socket(site.token("display"))
    follow(client, "window:north-1")
    act(desks.open_desk, "north-1")
    tell(site)
    document = changed_company(lambda office: office.update(policy={"show_operator": True}))
    cli.import_company(store, company.CompanySettings.model_validate(document), "test")
    tell(site)
    act(visits.issue_ticket, "contract", None, "ru", actor="kiosk")
    act(visits.call_next, "north-1")
    tell(site)
    seen = [(s["state"], s["number"], s["operator"]) for s in states(client, "window:north-1")]
    assert seen == [
        ("closed", None, ""),
        ("free", None, ""),
        ("free", None, "Анна И."),
        ("called", "А001", "Анна И."),
    ]
    assert COMPANY["offices"][0].get("policy") is None


@pytest.mark.parametrize(
    ("boards", "words"),
    [
        ([{"code": "a", "desks": ["9"]}], "board a names unknown desk 9"),
        ([{"code": "a", "directions": {"9": "left"}}], "board a points to unknown desk 9"),
        ([{"code": "a", "services": ["weather"]}], "board a names unknown service weather"),
        ([{"code": "a"}, {"code": "a"}], "board a is given twice"),
        ([{"code": "a", "slides": [{"kind": "text"}]}], "needs text"),
        ([{"code": "a", "slides": [{"kind": "image", "file": "a.exe"}]}], "needs file"),
        ([{"code": "a", "slides": [{"kind": "image", "file": "../a.png"}]}], "file"),
        ([{"code": "a", "voice": {"hours": [["20:00", "08:00"]]}}], "from an earlier to a later time"),
        ([{"code": "a", "layout": "sideways"}], "layout"),
    ],
)
def test_a_fault_of_a_board_is_named(boards: list[dict[str, Any]], words: str) -> None:
    document = changed_company(lambda office: office.update(boards=boards))
    with pytest.raises(ValueError, match=words):
        company.CompanySettings.model_validate(document)


def test_slides_come_from_the_servers_folder_and_from_nowhere_else(site: Site) -> None:
    assert site.client.get("/slides/tariffs.png").status_code == 404
    (site.slides / "tariffs.png").write_bytes(b"picture")
    with site.client.get("/slides/tariffs.png") as answer:
        assert answer.data == b"picture"
    assert site.client.get("/slides/..%2Fstate%2Fkey").status_code == 404
    (site.slides / "page.html").write_text("<script>alert(1)</script>")
    assert site.client.get("/slides/page.html").status_code == 404, (
        "a page of our own address could act for us"
    )
