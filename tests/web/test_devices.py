"""Devices tell how they stand, and terminals do what staff ask of them, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.db.store import Store
from tests.builders import Clock, add_person
from tests.web.conftest import Site

READY = {"printer": "ready", "name": "Вход"}


@pytest.fixture
def admin(store: Store) -> str:
    """The personal token of the administrator of the north office."""
    return add_person(store, "admin", "administrator", "north")


def report(site: Site, token: str, machine: str = "m1", **more: Any) -> dict[str, Any]:
    answer = site.post("offices/north/terminals", {**READY, **more}, token, machine=machine)
    assert answer.status_code == 200, answer.json
    view: dict[str, Any] = answer.json
    return view


def hall(site: Site, admin: str) -> dict[str, Any]:
    view: dict[str, Any] = site.get("offices/north/hall", admin).json
    return view


def order(site: Site, admin: str, what: str, terminal: str) -> Any:
    return site.post("offices/north/terminal-command", {"terminal": terminal, "what": what}, admin)


def test_a_terminal_is_told_a_command_until_it_says_that_it_is_done(site: Site, admin: str) -> None:
    token = site.token("kiosk")
    me = report(site, token)["you"]
    report(site, token, machine="m2")
    assert order(site, admin, "reprint_last", me).status_code == 200
    (told,) = report(site, token)["commands"]
    assert (told["terminal"], told["what"]) == (me, "reprint_last")
    assert report(site, token)["commands"] == [told], "the answer may have been lost"
    assert hall(site, admin)["terminals"][0]["command"] == "reprint_last"
    assert report(site, token, done=told["id"])["commands"] == []
    assert report(site, token)["commands"] == []


def test_a_later_command_takes_the_place_of_an_earlier_one(site: Site, admin: str) -> None:
    token = site.token("kiosk")
    me = report(site, token)["you"]
    order(site, admin, "reprint_last", me)
    (first,) = report(site, token)["commands"]
    order(site, admin, "restart_page", me)
    (told,) = report(site, token, done=first["id"])["commands"]
    assert told["what"] == "restart_page"


def test_a_command_nobody_heard_does_not_come_true_much_later(site: Site, admin: str, clock: Clock) -> None:
    token = site.token("kiosk")
    me = report(site, token)["you"]
    order(site, admin, "reprint_last", me)
    clock.forward(minutes=3)
    assert report(site, token)["commands"] == []


def test_a_silent_or_unknown_terminal_takes_no_command(site: Site, admin: str, clock: Clock) -> None:
    me = report(site, site.token("kiosk"))["you"]
    assert order(site, admin, "restart_page", "nobody").json["code"] == "unknown_terminal"
    clock.forward(minutes=5)
    assert order(site, admin, "restart_page", me).json["code"] == "no_terminal"


def test_only_administrators_command_terminals(site: Site, operator: str) -> None:
    me = report(site, site.token("kiosk"))["you"]
    assert order(site, operator, "restart_page", me).json["code"] == "no_right"


def tell(site: Site, token: str, **more: Any) -> Any:
    body = {"kind": "bridge", "name": "Зал", "version": "0.1.0", **more}
    return site.post("offices/north/devices", body, token)


def test_a_bridge_tells_of_its_pads_and_signs_and_staff_see_the_cure(site: Site, admin: str) -> None:
    token = site.token("bridge")
    parts = [
        {"name": "Окно 1: пульт", "state": "ok"},
        {"name": "Окно 2: пульт", "state": "fault", "fault": "Не отвечает: проверьте кабель"},
    ]
    assert tell(site, token, parts=parts).status_code == 200
    view = hall(site, admin)
    (device,) = view["devices"]
    assert (device["kind"], device["silent"]) == ("bridge", False)
    assert [part["state"] for part in device["parts"]] == ["ok", "fault"]
    (alert,) = view["alerts"]
    assert (alert["code"], alert["device"], alert["terminal"]) == ("device_fault", "bridge", "Зал")
    assert alert["fault"] == "Окно 2: пульт: Не отвечает: проверьте кабель"


def test_a_device_that_is_not_heard_of_while_the_office_receives_is_an_alert(
    site: Site, admin: str, clock: Clock
) -> None:
    tell(site, site.token("display"), kind="display")
    clock.forward(seconds=90)
    (alert,) = hall(site, admin)["alerts"]
    assert (alert["code"], alert["device"], alert["seconds"]) == ("device_silent", "display", 90)
    clock.now += timedelta(hours=12)
    assert hall(site, admin)["alerts"] == [], "at night nobody expects it"


def test_a_kiosks_token_is_no_bridges(site: Site) -> None:
    assert tell(site, site.token("kiosk")).json["code"] == "no_right"
