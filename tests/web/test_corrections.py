"""Suspicious figures and their correction over the wire: who may, what it tells, what it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.actions import desks, visits
from server.db.store import Store
from server.domain.visit import Visit
from tests.builders import Clock, add_person
from tests.sums import differences, whole
from tests.web.conftest import Site

MARCH = "reports/anomalies?office=north&month=2026-03"


@pytest.fixture
def manager(store: Store) -> str:
    return add_person(store, "boss", "manager")


@pytest.fixture
def visit(store: Store, clock: Clock) -> Visit:
    """Somebody served for five seconds: a slip of the finger."""
    with store.write("north", "anna") as uow:
        visits.issue_ticket(uow, "contract", None, "ru")
        desks.open_desk(uow, "north-1")
        visits.call_next(uow, "north-1")
        visits.start(uow, "north-1")
    clock.forward(seconds=5)
    with store.write("north", "anna") as uow:
        return visits.finish(uow, "north-1")


def correction(**body: Any) -> dict[str, Any]:
    return {"reason": "forgot-start", **body}


def test_a_suspicious_visit_is_listed_corrected_and_then_told_among_the_corrections(
    site: Site, store: Store, clock: Clock, manager: str, visit: Visit
) -> None:
    found = site.get(MARCH, manager).json
    assert [(one["id"], one["anomalies"]) for one in found["visits"]] == [(visit.id, ["short_service"])]
    assert found["visits"][0]["figures"] == {"wait_seconds": 0, "service_seconds": 5, "excluded": False}
    assert {reason["code"] for reason in found["reasons"]} >= {"forgot-start", "test"}
    clock.now += timedelta(days=1)
    answer = site.post(f"visits/{visit.id}/correct", correction(service_seconds=300), manager)
    assert answer.status_code == 200
    assert answer.json["figures"] == {"wait_seconds": 0, "service_seconds": 300, "excluded": False}
    after = site.get(MARCH, manager).json
    assert (after["count"], after["visits"]) == (0, [])
    (made,) = after["corrections"]
    assert (made["visit"], made["actor"], made["reason"]) == (visit.id, "boss", "forgot-start")
    assert (made["old"]["service_seconds"], made["new"]["service_seconds"]) == (5, 300)
    assert whole(store).service_seconds == 300
    assert differences(store) == []


def test_only_a_manager_of_that_office_corrects(site: Site, store: Store, visit: Visit) -> None:
    for login, role, office in (("anna", "operator", "north"), ("adm", "administrator", "north"),
                                ("far", "manager", "south")):  # fmt: skip
        token = add_person(store, login, role, office)
        answer = site.post(f"visits/{visit.id}/correct", correction(excluded=True), token)
        assert answer.status_code == 403
    assert site.get(MARCH, add_person(store, "far2", "manager", "south")).status_code == 403
    assert whole(store).served == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"wait_seconds": 5}, correction(), correction(wait_seconds=-1), correction(service_seconds=86_401)],
)
def test_a_correction_says_what_and_why(site: Site, manager: str, visit: Visit, body: dict[str, Any]) -> None:
    assert site.post(f"visits/{visit.id}/correct", body, manager).status_code == 422


def test_what_nobody_knows_is_not_found(site: Site, manager: str) -> None:
    assert site.post("visits/no-such/correct", correction(excluded=True), manager).status_code == 404
    assert site.get("reports/anomalies?office=nowhere&month=2026-03", manager).status_code == 404
    assert site.get("reports/anomalies?office=north&month=2026-13", manager).status_code == 422


def test_the_monthly_report_tells_shares_or_no_data(site: Site, manager: str, visit: Visit) -> None:
    company = site.get("reports/monthly?year=2026", manager).json["company"]
    march, april = company["months"][2], company["months"][3]
    assert (march["over_limit_percent"], march["no_show_percent"], march["arrived"]) == (0.0, 0.0, 1)
    assert (april["over_limit_percent"], april["over_limit_with_unserved_percent"]) == (None, None)
