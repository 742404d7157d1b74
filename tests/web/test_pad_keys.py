"""An operator's pad on a wire: one key, one act, in the name of whoever works at the desk."""

from __future__ import annotations

from typing import Any

import pytest

from server import cli, company
from server.actions import desks, visits
from server.db import event_log
from server.db.store import Store
from tests.builders import changed_company
from tests.web.conftest import Site


@pytest.fixture
def desk(store: Store) -> str:
    """Anna works at window 2; its pad redirects to the cash desk; a visitor waits."""
    document = changed_company(lambda office: office["desks"][1].update(redirect_to="cash"))
    cli.import_company(store, company.CompanySettings.model_validate(document), "test")
    with store.write("north", "anna") as uow:
        desks.open_desk(uow, "north-2")
    issue(store)
    return "north-2"


def issue(store: Store) -> None:
    with store.write("north", "kiosk") as uow:
        visits.issue_ticket(uow, "contract", None, "ru")


def press(site: Site, desk: str, key: str) -> Any:
    return site.post(f"desks/{desk}/pad-key", {"key": key}, site.token("bridge"))


def test_the_keys_lead_a_visitor_through_the_service(site: Site, store: Store, desk: str) -> None:
    told = [press(site, desk, key).json["state"] for key in ("call", "call", "start", "finish")]
    assert told == ["called", "called", "serving", "served"]
    with store.read() as connection:
        logged = [(row.event.kind.value, row.event.actor) for row in event_log.read(connection, "north")]
    assert logged[-4:] == [
        ("ticket_called", "anna"),
        ("ticket_recalled", "anna"),
        ("service_started", "anna"),
        ("service_finished", "anna"),
    ]


def test_finish_on_a_visitor_who_was_only_called_means_that_nobody_came(site: Site, desk: str) -> None:
    press(site, desk, "call")
    assert press(site, desk, "finish").json["state"] == "no_show"


def test_redirect_sends_to_the_service_that_the_desks_data_name(site: Site, store: Store, desk: str) -> None:
    press(site, desk, "call")
    press(site, desk, "start")
    assert press(site, desk, "redirect").json["state"] == "waiting"
    (waiting,) = store.hall("north").visits
    assert waiting.service == "cash"


def test_a_pad_without_a_place_to_redirect_to_says_what_to_set(site: Site, store: Store) -> None:
    with store.write("north", "anna") as uow:
        desks.open_desk(uow, "north-1")
    issue(store)
    press(site, "north-1", "call")
    press(site, "north-1", "start")
    refused = press(site, "north-1", "redirect")
    assert (refused.status_code, refused.json["code"]) == (409, "no_redirect")
    assert "redirect_to" in refused.json["detail"]


def test_a_key_that_came_twice_over_the_wire_is_one_act(site: Site, store: Store, desk: str) -> None:
    issue(store)
    token = site.token("bridge")
    once = {"token": token, "key": "pad-press-000001"}
    first = site.post(f"desks/{desk}/pad-key", {"key": "call"}, **once)
    again = site.post(f"desks/{desk}/pad-key", {"key": "call"}, **once)
    assert first.json == again.json
    (called,) = [visit for visit in store.hall("north").visits if visit.state.value == "called"]
    assert called.call_count == 1


def test_at_a_closed_desk_and_with_nobody_waiting_the_key_is_refused(site: Site, desk: str) -> None:
    assert press(site, "north-1", "call").json["code"] == "desk_closed"
    press(site, desk, "call")
    press(site, desk, "finish")
    assert press(site, desk, "call").json["code"] == "nobody_waiting"


def test_only_a_bridge_presses_pads(site: Site, desk: str) -> None:
    refused = site.post(f"desks/{desk}/pad-key", {"key": "call"}, site.token("rating"))
    assert refused.json["code"] == "no_right"


def test_a_desk_that_redirects_to_an_unknown_service_is_a_fault_of_the_data() -> None:
    document = changed_company(lambda office: office["desks"][1].update(redirect_to="weather"))
    with pytest.raises(ValueError, match="desk 2 sends to unknown service weather"):
        company.CompanySettings.model_validate(document)
