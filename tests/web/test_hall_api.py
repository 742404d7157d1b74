"""The hall by the API: who may make which move, what an operator and an administrator can do and see."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from server import cli, company
from server.db.store import Store
from server.domain.moves import MOVES
from server.web import desk_api, hall_api
from server.web.auth import ROLE_RIGHTS, SCOPE_RIGHTS, right_to
from tests.builders import COMPANY, Clock, add_person
from tests.web.conftest import Site

Send = Callable[..., Any]


@pytest.fixture
def admin(store: Store) -> str:
    """The personal token of the administrator of the north office."""
    return add_person(store, "admin", "administrator", "north")


@pytest.fixture
def ticket(site: Site) -> str:
    """The id of a ticket that waits."""
    return take(site)


def hide(store: Store, service: str) -> None:
    """Put the company in force with this service hidden."""
    document = copy.deepcopy(COMPANY)
    for known in document["offices"][0]["services"]:
        if known["code"] == service:
            known["state"] = "hidden"
    cli.import_company(store, company.CompanySettings.model_validate(document), "test")


def take(site: Site, service: str = "contract", **more: Any) -> str:
    answer = site.post("offices/north/tickets", {"service": service, **more}, site.token("kiosk"))
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def test_who_may_make_a_move_is_what_the_table_of_moves_says(site: Site) -> None:
    holders = {**SCOPE_RIGHTS, **ROLE_RIGHTS}
    routes = {route.path: route.right for route in site.web.api.routes}
    for act in desk_api.TICKET_ACTS:
        if act.move is not None:
            assert routes[f"desks/<desk>/{act.name}"] == right_to(act.move)
            may = {name for name, rights in holders.items() if right_to(act.move) in rights}
            assert may == {"operator", "administrator"}, act.name
    for hall_act in hall_api.ACTS:
        may = {
            name for name, rights in holders.items() if routes[f"offices/<office>/{hall_act.name}"] in rights
        }
        assert may == {"administrator"}, hall_act.name
    assert {m.by[0] for m in MOVES.values()} <= {
        "terminal",
        "visitor",
        "operator",
        "administrator",
        "clock",
    }


def test_an_operator_has_no_right_to_the_acts_of_an_administrator(
    site: Site, operator: str, ticket: str
) -> None:
    for path in ("raise", "move", "annul", "return", "restore"):
        answer = site.post(f"offices/north/{path}", {"ticket": ticket, "reason": "test"}, operator)
        assert (answer.status_code, answer.json["code"]) == (403, "no_right"), path
    assert site.post("desks/north-1/close-for-colleague", token=operator).status_code == 403
    assert site.get("offices/north/hall", operator).status_code == 403


def test_a_visitor_is_transferred_with_a_note_and_comes_back(
    site: Site, operator: str, ticket: str, store: Store
) -> None:
    boris = add_person(store, "boris", "operator", "north", "north-2")
    for desk, token in (("north-1", operator), ("north-2", boris)):
        site.post(f"desks/{desk}/open", token=token)
    site.post("desks/north-1/call-next", token=operator)
    site.post("desks/north-1/start", {"ticket": ticket}, operator)
    body = {"ticket": ticket, "service": "cash", "return_after": True, "note": "счёт готов"}
    sent = site.post("desks/north-1/transfer", body, operator).json
    assert (sent["state"], sent["service"], sent["leg"], sent["screen"]["current"]) == (
        "waiting",
        "cash",
        2,
        None,
    )
    assert [(step["service"], step["desk"]) for step in sent["then"]] == [("contract", "north-1")]
    called = site.post("desks/north-2/call-next", token=boris).json
    assert [(note["kind"], note["actor"], note["text"]) for note in called["remarks"]] == [
        ("transfer", "anna", "счёт готов")
    ]
    site.post("desks/north-2/start", token=boris)
    back = site.post("desks/north-2/finish", {"ticket": ticket}, boris).json
    assert (back["state"], back["to_desk"], back["screen"]["served_today"]) == ("waiting", "north-1", 1)


def test_a_refused_act_tells_the_ticket_and_its_state(site: Site, operator: str, ticket: str) -> None:
    site.post("desks/north-1/open", token=operator)
    site.post("desks/north-1/call-next", token=operator)
    site.post("desks/north-1/no-show", {"ticket": ticket}, operator)
    refused = site.post("desks/north-1/start", {"ticket": ticket}, operator)
    assert (refused.status_code, refused.json["code"]) == (409, "move_not_allowed")
    assert (refused.json["number"], refused.json["state"]) == ("А001", "no_show")
    assert "неявка" in refused.json["detail"]


def test_an_administrator_sees_the_hall_and_acts_on_it(
    site: Site, operator: str, admin: str, clock: Clock
) -> None:
    first, second = take(site), take(site)
    site.post("desks/north-1/open", token=operator)
    assert site.post("offices/north/raise", {"ticket": second}, admin).json["reason"] == "raised"
    moved = site.post("offices/north/move", {"ticket": first, "service": "cash"}, admin).json
    assert moved["service"] == "cash"
    hall = site.get("offices/north/hall", admin).json
    assert [row["id"] for row in hall["waiting"]] == [second, first]
    assert [(alert["code"], alert["service"]) for alert in hall["alerts"]] == [("nobody_serves", "cash")]
    loads = {row["code"]: (row["waiting"], row["desks_open"]) for row in hall["services"]}
    assert loads == {"contract": (1, 1), "cash": (1, 0), "archive": (0, 0)}
    site.post("desks/north-1/call-next", token=operator)
    closed = site.post("desks/north-1/close-for-colleague", token=admin).json
    assert {desk["state"] for desk in closed["desks"]} == {"closed"}
    assert [row["reason"] for row in closed["waiting"]] == ["returned", "arrival"]
    annulled = site.post("offices/north/annul", {"ticket": first, "reason": "test"}, admin).json
    assert annulled["state"] == "annulled"


def test_what_staff_choose_from_comes_with_names_and_states(site: Site, operator: str) -> None:
    site.post("desks/north-1/open", token=operator)
    choices = site.get("offices/north/choices", operator).json
    assert "lunch" in [choice["code"] for choice in choices["break_reasons"]]
    assert [(desk["desk"], desk["state"], desk["operator"]) for desk in choices["desks"]] == [
        ("north-1", "open", "anna"),
        ("north-2", "closed", None),
    ]
    assert [service["code"] for service in choices["services"]] == ["contract", "cash"]
    assert site.get("offices/north/choices", site.token("kiosk")).status_code == 403


def test_a_ticket_for_several_services_names_them_in_order(site: Site, operator: str) -> None:
    take(site, then=["cash"])
    (row,) = site.get("offices/north/queue", operator).json["waiting"]
    assert [step["service"] for step in row["then"]] == ["cash"]
    refused = site.post(
        "offices/north/tickets", {"service": "contract", "then": ["archive"]}, site.token("kiosk")
    )
    assert (refused.status_code, refused.json["code"]) == (409, "service_closed")


def test_whoever_is_served_without_a_ticket_is_on_no_board(site: Site, operator: str, store: Store) -> None:
    site.post("desks/north-1/open", token=operator)
    served = site.post("desks/north-1/serve-without-ticket", {"service": "contract"}, operator).json
    assert (served["state"], served["ticketless"], served["wait_seconds"]) == ("serving", True, None)
    board = site.socket(site.token("display"))
    board.emit("follow", {"room": "board:north"})
    state = board.get_received()[-1]["args"][0]["state"]
    assert (state["called"], state["next"]) == ([], [])


def test_the_expected_wait_is_a_range_or_nothing(site: Site, operator: str) -> None:
    answer = site.post("offices/north/tickets", {"service": "contract"}, site.token("kiosk")).json
    assert (answer["expected_wait"], answer["expected_wait_minutes"]) == (None, None)
    site.post("desks/north-1/open", token=operator)
    answer = site.post("offices/north/tickets", {"service": "contract"}, site.token("kiosk")).json
    told = answer["expected_wait"]
    assert 0 <= told["from_minutes"] < told["to_minutes"]
    assert answer["expected_wait_minutes"] is not None


def test_the_administrators_screen_is_pushed_to_who_may_watch_the_hall(
    site: Site, admin: str, operator: str
) -> None:
    watching = site.socket(admin)
    watching.emit("follow", {"room": "hall:north"})
    assert watching.get_received()[-1]["args"][0]["state"]["office"] == "north"
    refused = site.socket(operator).emit("follow", {"room": "hall:north"}, callback=True)
    assert refused["code"] == "no_right"


def test_a_terminal_leases_hands_in_reports_and_prints_by_the_api(
    site: Site, admin: str, clock: Clock
) -> None:
    kiosk = site.token("kiosk")
    lease = site.post("offices/north/number-leases", {"count": 5}, kiosk)
    assert lease.status_code == 201
    block = lease.json["blocks"][0]
    assert (block["prefix"], block["first"], block["last"], block["services"]) == (
        "А",
        995,
        999,
        ["contract", "archive"],
    )
    assert lease.json["expires_at"].startswith("2026-03-03T00:00:00+03:00")
    ticket = {
        "id": "019cae5e-3c00-7000-8000-000000000001",
        "number": "А995",
        "code": "2" * 20,
        "service": "contract",
        "issued_at": clock().isoformat(),
    }
    foreign = {**ticket, "id": ticket["id"][:-1] + "2", "number": "А100", "code": "3" * 20}
    answer = site.post("offices/north/offline-tickets", {"tickets": [ticket, foreign]}, kiosk).json
    assert answer["taken"] == [ticket["id"]]
    assert [(one["number"], one["code"]) for one in answer["refused"]] == [("А100", "number_not_leased")]
    assert site.get(f"tickets/{ticket['code']}").json["number"] == "А995"
    report = {"name": "у входа", "printer": "paper_out", "fault": "Нет бумаги"}
    terminal = site.post("offices/north/terminals", report, kiosk).json["you"]
    hall = site.post("offices/north/print", {"ticket": ticket["id"]}, admin).json
    assert [(t["name"], t["printer"], t["silent"]) for t in hall["terminals"]] == [
        ("у входа", "paper_out", False)
    ]
    assert "terminal_fault" in [alert["code"] for alert in hall["alerts"]]
    watching = site.socket(kiosk)
    watching.emit("follow", {"room": "terminal:north"})
    (order,) = watching.get_received()[-1]["args"][0]["state"]["print_orders"]
    assert (order["terminal"], order["number"]) == (terminal, "А995")
    assert order["status_url"] == f"http://queue.example/t/{ticket['code']}"
    done = site.post("offices/north/print-results", {"order": order["id"], "state": "printed"}, kiosk)
    assert done.json["print_orders"] == []
    clock.forward(minutes=2)
    hall = site.get("offices/north/hall", admin).json
    assert [alert["code"] for alert in hall["alerts"] if alert["terminal"]] == ["terminal_silent"]


def test_a_booking_nobody_made_is_told_kindly(site: Site) -> None:
    answer = site.post("offices/north/check-in", {"code": "123456"}, site.token("kiosk"))
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_booking")


def test_a_hidden_service_is_given_by_staff_and_not_by_a_terminal(
    site: Site, admin: str, store: Store
) -> None:
    hide(store, "cash")
    body = {"service": "cash"}
    assert site.post("offices/north/tickets", body, site.token("kiosk")).json["code"] == "service_closed"
    assert site.post("offices/north/tickets", body, admin).status_code == 201


def test_two_terminals_with_one_token_lease_different_numbers(site: Site) -> None:
    kiosk = site.token("kiosk")

    def first_leased(machine: str) -> int:
        answer = site.post("offices/north/number-leases", {"count": 5}, kiosk, machine=machine)
        return int(answer.json["blocks"][0]["first"])

    assert [first_leased("one1"), first_leased("two2"), first_leased("one1")] == [995, 990, 995]
