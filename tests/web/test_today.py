"""How the offices stand now: who waits, what needs attention, for whom, and how little is read and sent."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from server import cli, company
from server.db.store import Store
from tests.booking_builders import TUESDAY, book, minutes, take_bookings
from tests.builders import COMPANY, Clock, add_person
from tests.web.conftest import Site


@pytest.fixture
def manager(store: Store) -> str:
    """The personal token of a manager of the company."""
    return add_person(store, "olga", "manager")


def take(site: Site, office: str = "north", service: str = "contract") -> None:
    answer = site.post(f"offices/{office}/tickets", {"service": service}, site.token("kiosk"))
    assert answer.status_code == 201, answer.json


def serve(site: Site, operator: str, *acts: str) -> None:
    for act in acts:
        answer = site.post(f"desks/north-1/{act}", {}, operator)
        assert answer.status_code == 200, answer.json


def today(site: Site, token: str, office: str = "") -> Any:
    answer = site.get(f"reports/today{f'?office={office}' if office else ''}", token)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_the_worst_office_comes_first_with_what_is_wrong_in_it(
    site: Site, clock: Clock, manager: str
) -> None:
    take(site, "south", "all")
    take(site)
    take(site)
    clock.forward(minutes=31)
    take(site, "north", "cash")
    report = today(site, manager)
    assert [office["office"] for office in report["offices"]] == ["north", "south"]
    north = report["offices"][0]
    assert (north["mood"], north["waiting"], north["over_limit_now"]) == ("over", 3, 2)
    assert (north["longest_wait_seconds"], north["longest_wait_limit_seconds"]) == (31 * 60, 30 * 60)
    assert north["live_wait_seconds"] == (31 + 31 + 0) * 60 // 3
    told = {(alert["code"], alert["several"], alert["service"]) for alert in north["alerts"]}
    assert told == {
        ("nobody_serves", 1, "contract"),
        ("nobody_serves", 1, "cash"),
        ("wait_over_limit", 2, "contract"),
    }
    assert (report["total"]["waiting"], report["total"]["over_limit_now"]) == (4, 3)


def test_those_whom_nobody_can_call_are_told_of_together(
    site: Site, manager: str, operator: str, store: Store, sign_in: Callable[[str], str]
) -> None:
    take(site)
    take(site)
    serve(site, operator, "open")
    admin = add_person(store, "admin", "administrator", "north")
    for ticket in site.get("offices/north/queue", admin).json["waiting"]:
        moved = site.post("offices/north/move", {"ticket": ticket["id"], "desk": "north-2"}, admin)
        assert moved.status_code == 200, moved.json
    (north, _) = today(site, manager)["offices"]
    assert north["mood"] == "over"
    ((code, several, label),) = [(one["code"], one["several"], one["label"]) for one in north["alerts"]]
    assert (code, several, label) == ("addressee_away", 2, "2")
    sign_in("admin")
    assert "Некому вызвать: 2 человека" in site.client.get("/today?language=ru").get_data(as_text=True)


def test_exactly_the_limit_is_within_it(site: Site, clock: Clock, manager: str) -> None:
    take(site)
    clock.forward(minutes=30)
    assert today(site, manager)["total"]["over_limit_now"] == 0
    clock.forward(seconds=6)
    assert today(site, manager)["total"]["over_limit_now"] == 1


def test_an_office_is_told_by_service_and_by_desk(
    site: Site, clock: Clock, manager: str, operator: str
) -> None:
    take(site)
    clock.forward(minutes=31)
    serve(site, operator, "open", "call-next", "start")
    clock.forward(minutes=5)
    serve(site, operator, "finish")
    take(site)
    take(site, "north", "cash")
    serve(site, operator, "call-next", "start")
    report = today(site, manager, "north")
    contract, cash = report["services"]
    assert (contract["service"], contract["waiting"], contract["desks_open"]) == ("contract", 0, 1)
    assert (contract["counted"], contract["over_limit_share"]) == (1, 100.0)
    assert contract["average_wait_minutes"] == 31.0
    assert (cash["waiting"], cash["desks_open"], cash["over_limit_share"]) == (1, 0, None)
    first, second = report["desks"]
    assert (first["busy"], first["state"], first["number"], first["served_today"]) == (
        True,
        "open",
        "А002",
        1,
    )
    assert (second["busy"], second["state"], second["number"]) == (False, "closed", None)
    assert report["offices"][0]["desks"] == {"busy": 1, "free": 0, "on_break": 0, "closed": 1}


def test_nobody_served_is_no_data_and_an_empty_closed_office_is_closed(
    site: Site, clock: Clock, manager: str
) -> None:
    clock.forward(hours=12)
    total = today(site, manager)["total"]
    assert (total["served"], total["over_limit_share"], total["average_wait_minutes"]) == (0, None, None)
    assert (total["longest_wait_seconds"], total["live_wait_seconds"]) == (None, None)
    assert {office["mood"] for office in today(site, manager)["offices"]} == {"closed"}


def test_bookings_to_come_are_those_of_today_that_may_still_come(
    site: Site, clock: Clock, manager: str
) -> None:
    take_bookings(site.store, late_minutes=10)
    book(site.store, TUESDAY)
    book(site.store, TUESDAY + minutes(30), phone="+79270000013")
    assert today(site, manager)["total"]["bookings_to_come"] == 0  # they are tomorrow's
    clock.now = TUESDAY
    assert today(site, manager)["total"]["bookings_to_come"] == 2
    clock.now = TUESDAY + minutes(11)
    report = today(site, manager, "north")
    assert [service["bookings_to_come"] for service in report["services"]] == [1, 0]


def test_it_is_for_those_in_charge_and_an_administrator_sees_the_own_office(
    site: Site, manager: str, operator: str
) -> None:
    head = add_person(site.store, "nina", "administrator", "north")
    assert site.get("reports/today").status_code == 401
    assert site.get("reports/today", operator).status_code == 403
    assert site.get("reports/today?office=south", head).status_code == 403
    assert site.get("reports/today?office=west", manager).status_code == 404
    assert [office["office"] for office in today(site, head)["offices"]] == ["north"]


def test_what_has_not_changed_to_the_minute_is_not_sent_again(site: Site, clock: Clock, manager: str) -> None:
    take(site)
    clock.forward(minutes=2)
    known = {"Authorization": f"Bearer {manager}"}
    path = "/api/v1/reports/today"
    known["If-None-Match"] = site.client.get(path, headers=known).headers["ETag"]
    clock.forward(seconds=10)
    assert site.client.get(path, headers=known).status_code == 304
    take(site)
    clock.forward(seconds=10)
    assert site.client.get(path, headers=known).status_code == 200


def test_a_large_company_is_read_in_a_few_queries_and_once_for_all_who_look(
    site: Site, clock: Clock, manager: str
) -> None:
    values = copy.deepcopy(COMPANY)
    values["offices"] += [{**values["offices"][1], "code": f"south-{number}"} for number in range(18)]
    cli.import_company(site.store, company.CompanySettings.model_validate(values), "test")
    assert len(today(site, manager)["offices"]) == 20
    statements: list[str] = []
    event.listen(site.store.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    today(site, manager)
    reads_of_the_token = len(statements)
    clock.forward(seconds=6)
    statements.clear()
    today(site, manager)
    assert len(statements) - reads_of_the_token <= 6


def test_the_page_says_each_state_in_words(site: Site, clock: Clock, sign_in: Callable[[str], str]) -> None:
    assert site.client.get("/today").headers["Location"].startswith("/sign-in?next=/today")
    add_person(site.store, "nina", "administrator")
    for _person in range(2):
        take(site)
    clock.forward(minutes=31)
    sign_in("nina")
    text = site.client.get("/today?language=en").get_data(as_text=True)
    for words in (
        "Needs help",
        "Over the limit wait: 2; the longest is А001, 31 min",
        "no data",
        "nobody waits",
    ):
        assert words in text
    one = site.client.get("/today?office=north&language=ru").get_data(as_text=True)
    for words in ("Окно 1", "Договор", "никто не принимает, в очереди 2 человека"):
        assert words in one
    assert site.client.get("/today?office=west").status_code == 404
