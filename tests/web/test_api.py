"""The API as other programs see it: answers, refusals, repeated commands."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from server.db import event_log
from server.sdk.messages import IssuedTicket, MonthlyReport, OfficeInfo
from tests.builders import Clock
from tests.web.conftest import Site

NUMBERS = "offices/north/tickets"


def count_events(site: Site) -> int:
    with site.store.read() as connection:
        return sum(1 for _ in event_log.read(connection, "north"))


def test_the_public_sees_offices_hours_services_and_load(site: Site) -> None:
    office = OfficeInfo.model_validate(site.get("offices/north").json)
    assert (office.is_open, office.waiting, [s.code for s in office.services]) == (
        True, 0, ["contract", "cash", "archive"],
    )  # fmt: skip
    assert [o["code"] for o in site.get("offices").json["offices"]] == ["north", "south"]


def test_a_kiosk_issues_a_ticket_with_people_ahead_and_a_status_address(site: Site) -> None:
    kiosk = site.token("kiosk")
    site.post(NUMBERS, {"service": "contract"}, kiosk)
    answer = site.post(NUMBERS, {"service": "contract", "language": "kk"}, kiosk)
    ticket = IssuedTicket.model_validate(answer.json)
    assert (answer.status_code, ticket.number, ticket.ahead) == (201, "А002", 1)
    assert re.fullmatch(r"http://queue\.example/t/[2-9a-z]{20}", ticket.status_url)


def test_the_holder_sees_the_place_and_may_leave(site: Site) -> None:
    kiosk = site.token("kiosk")
    codes = [
        site.post(NUMBERS, {"service": "contract"}, kiosk).json["status_url"].rsplit("/", 1)[1]
        for _ in range(2)
    ]
    assert site.get(f"tickets/{codes[1]}").json["ahead"] == 1
    assert site.post(f"tickets/{codes[0]}/cancel").json["state"] == "cancelled"
    assert site.get(f"tickets/{codes[1]}").json["ahead"] == 0
    assert site.get("tickets/zzzzzzzzzzzzzzzzzzzz").status_code == 404


def test_an_operator_works_by_the_contract(site: Site, operator: str, clock: Clock) -> None:
    site.post(NUMBERS, {"service": "contract"}, site.token("kiosk"))
    assert site.post("desks/north-1/open", token=operator).json["state"] == "open"
    called = site.post("desks/north-1/call-next", token=operator).json
    assert (called["number"], called["state"], called["screen"]["current"]["number"]) == (
        "А001",
        "called",
        "А001",
    )
    clock.forward(seconds=90)
    assert site.post("desks/north-1/start", token=operator).json["wait_seconds"] == 90
    clock.forward(seconds=61)
    finished = site.post("desks/north-1/finish", token=operator).json
    screen = finished["screen"]
    assert (finished["service_seconds"], screen["current"], screen["served_today"]) == (61, None, 1)
    refusal = site.post("desks/north-1/call-next", token=operator)
    assert (refusal.status_code, refusal.json["code"]) == (409, "nobody_waiting")


def test_an_operator_holds_calls_by_hand_and_restores_by_the_api(site: Site, operator: str) -> None:
    site.post(NUMBERS, {"service": "contract"}, site.token("kiosk"))
    site.post("desks/north-1/open", token=operator)
    ticket = site.post("desks/north-1/call-next", token=operator).json["id"]
    held = site.post("desks/north-1/hold", {"reason": "fills-form", "return_in_minutes": 10}, operator).json
    assert (held["state"], held["screen"]["held"][0]["held_reason"], held["screen"]["current"]) == (
        "held", "fills-form", None,
    )  # fmt: skip
    again = site.post("desks/north-1/call", {"ticket": ticket, "reason": "ready"}, operator).json
    assert (again["state"], again["screen"]["held"]) == ("called", [])
    missed = site.post("desks/north-1/no-show", token=operator).json
    assert [row["number"] for row in missed["screen"]["missed"]] == ["А001"]
    assert site.post("desks/north-1/restore", {"ticket": ticket}, operator).json["reason"] == "arrival"
    unnamed = site.post("desks/north-1/call", {"ticket": ticket}, operator)
    assert (unnamed.status_code, unnamed.json["code"]) == (422, "reason_needed")


def test_the_answer_to_leaving_tells_the_version_after_it(site: Site) -> None:
    ticket = site.post(NUMBERS, {"service": "contract"}, site.token("kiosk")).json
    code = ticket["status_url"].rsplit("/", 1)[-1]
    left = site.post(f"tickets/{code}/cancel").json
    assert (left["state"], left["version"]) == ("cancelled", site.get(f"tickets/{code}").json["version"])


def test_the_time_a_visitor_was_held_is_told_apart_from_the_service(
    site: Site, operator: str, clock: Clock
) -> None:
    site.post(NUMBERS, {"service": "contract"}, site.token("kiosk"))
    for act in ("open", "call-next", "start"):
        site.post(f"desks/north-1/{act}", token=operator)
    clock.forward(minutes=2)
    ticket = site.post("desks/north-1/hold", {"reason": "form"}, operator).json["id"]
    clock.forward(minutes=5)
    site.post("desks/north-1/call", {"ticket": ticket, "reason": "ready"}, operator)
    assert site.post("desks/north-1/start", token=operator).json["held_seconds"] == 300
    clock.forward(minutes=1)
    finished = site.post("desks/north-1/finish", token=operator).json
    assert (finished["wait_seconds"], finished["service_seconds"]) == (0, 180)


def test_only_an_administrator_annuls_a_ticket(site: Site, operator: str, store: Any) -> None:
    from tests.builders import add_person

    ticket = site.post(NUMBERS, {"service": "contract"}, site.token("kiosk")).json["id"]
    body = {"ticket": ticket, "reason": "printed as a test"}
    assert site.post("offices/north/annul", body, operator).status_code == 403
    admin = add_person(store, "admin", "administrator")
    assert site.post("offices/north/annul", body, admin).json["state"] == "annulled"
    assert site.get("offices/north").json["waiting"] == 0


def test_a_repeated_key_gets_the_first_answer_and_acts_once(site: Site) -> None:
    kiosk = site.token("kiosk")
    first = site.post(NUMBERS, {"service": "contract"}, kiosk, key="tap-00000001")
    again = site.post(NUMBERS, {"service": "contract"}, kiosk, key="tap-00000001")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count_events(site) == 2


def test_a_key_used_for_another_body_is_refused(site: Site) -> None:
    kiosk = site.token("kiosk")
    site.post(NUMBERS, {"service": "contract"}, kiosk, key="tap-00000001")
    refusal = site.post(NUMBERS, {"service": "cash"}, kiosk, key="tap-00000001")
    assert (refusal.status_code, refusal.json["code"]) == (422, "key_reused")
    assert count_events(site) == 2


def test_one_key_of_two_devices_is_two_commands(site: Site) -> None:
    numbers = [
        site.post(NUMBERS, {"service": "contract"}, site.token("kiosk"), key="tap-00000001").json["number"]
        for _ in range(2)
    ]
    assert numbers == ["А001", "А002"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("offices/west/tickets", {"service": "contract"}, 404, "unknown_office"),
        (NUMBERS, {"service": "weather"}, 404, "unknown_service"),
        (NUMBERS, {"service": "archive"}, 409, "service_closed"),
        (NUMBERS, {"service": 5}, 422, "invalid"),
        (NUMBERS, {"service": "contract", "colour": "red"}, 422, "invalid"),
        (NUMBERS, {}, 422, "invalid"),
        (NUMBERS, {"service": "contract", "language": "de"}, 422, "invalid"),
        (NUMBERS, [1], 400, "bad_body"),
        ("offices/north/nonsense", {}, 404, "not_found"),
    ],
)
def test_what_cannot_be_issued_is_refused_with_a_code_and_a_sentence(
    site: Site, path: str, body: Any, status: int, code: str
) -> None:
    answer = site.client.post(
        f"/api/v1/{path}",
        data=json.dumps(body),
        headers={"Authorization": f"Bearer {site.token('kiosk')}", "Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json["code"], answer.mimetype) == (
        status, code, "application/problem+json",
    )  # fmt: skip
    assert answer.json["title"]
    assert answer.json["detail"].endswith(".")
    assert count_events(site) == 1


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "понедельник, 9 марта"), ("en", "Monday, 9 March"), ("kk", "дүйсенбі")]
)
def test_a_closed_office_says_when_it_opens_in_the_askers_language(
    site: Site, clock: Clock, language: str, words: str
) -> None:
    clock.forward(days=3)  # Thursday: closed until Monday
    answer = site.post(NUMBERS, {"service": "contract"}, site.token("kiosk"), language=language)
    assert (answer.status_code, answer.json["code"]) == (409, "office_closed")
    assert words.lower() in answer.json["detail"].lower()


def test_who_may_do_what(site: Site, operator: str) -> None:
    body = {"service": "contract"}
    statuses = [
        site.post(NUMBERS, body).status_code,
        site.post(NUMBERS, body, "no-such-token").status_code,
        site.post(NUMBERS, body, site.token("display")).status_code,
        site.post(NUMBERS, body, site.token("kiosk", "south")).status_code,
        site.post(NUMBERS, body, operator).status_code,
        site.post("desks/north-1/open", token=site.token("kiosk")).status_code,
        site.get("offices/north/queue").status_code,
        site.get("reports/monthly", operator).status_code,
        site.get("offices/north/events", site.token("kiosk")).status_code,
        site.post("ratings", {"desk": "north-1", "score": 5, "press_id": "press-0001"}).status_code,
    ]
    assert statuses == [401, 401, 403, 403, 403, 403, 401, 403, 403, 401]
    assert count_events(site) == 1


def test_a_body_too_large_is_refused(site: Site) -> None:
    answer = site.client.post(
        f"/api/v1/{NUMBERS}",
        data=b"{" + b" " * 70_000 + b"}",
        headers={"Authorization": f"Bearer {site.token('kiosk')}"},
    )
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_fault_of_ours_is_a_problem_without_a_traceback(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("server.web.views.office_info", lambda _hall: 1 / 0)
    answer = site.get("offices/north")
    assert (answer.status_code, answer.json["code"]) == (500, "fault")
    assert "ZeroDivisionError" not in answer.get_data(as_text=True)
    assert "ZeroDivisionError" in caplog.text


def test_a_rating_by_pad_and_by_ticket_enter_at_the_same_action(site: Site, operator: str) -> None:
    issued = site.post(NUMBERS, {"service": "contract"}, site.token("kiosk")).json
    for act in ("open", "call-next", "start", "finish"):
        site.post(f"desks/north-1/{act}", token=operator)
    pad = site.token("bridge", "north")
    taken = site.post("ratings", {"desk": "north-1", "score": 4, "press_id": "pad-0001"}, pad)
    assert (taken.status_code, taken.json["counted"]) == (201, True)
    code = issued["status_url"].rsplit("/", 1)[1]
    by_phone = {"ticket": code, "score": 5, "press_id": "phone-0001", "source": "phone"}
    assert site.post("ratings", by_phone).json == {
        "press_id": "phone-0001",
        "counted": True,
        "replaced": True,
    }
    both = {"ticket": code, "desk": "north-1", "score": 5, "press_id": "both-0001"}
    assert site.post("ratings", both, pad).json["code"] == "desk_or_ticket"


def test_monthly_averages_come_out_of_the_days_work(
    site: Site, operator: str, clock: Clock, store: Any
) -> None:
    from tests.builders import add_person

    kiosk = site.token("kiosk")
    for wait, service in ((60, 300), (120, 301)):
        site.post(NUMBERS, {"service": "contract"}, kiosk)
        site.post("desks/north-1/open", token=operator)
        site.post("desks/north-1/call-next", token=operator)
        clock.forward(seconds=wait)
        site.post("desks/north-1/start", token=operator)
        clock.forward(seconds=service)
        site.post("desks/north-1/finish", token=operator)
    manager = add_person(store, "maria", "manager")
    report = MonthlyReport.model_validate(site.get("reports/monthly?year=2026", manager).json)
    march, april = report.company.months[2], report.company.months[3]
    assert (march.served, march.average_wait_minutes, march.average_service_minutes) == (2, 1.5, 5.0)
    assert (april.served, april.average_wait_minutes) == (0, None)
    assert [office.office for office in report.offices] == ["north", "south"]


def test_a_manager_of_one_office_sees_that_office_only(site: Site, store: Any) -> None:
    from tests.builders import add_person

    report = site.get("reports/monthly", add_person(store, "maria", "manager", "south")).json
    assert [office["office"] for office in report["offices"]] == ["south"]


def test_the_raw_log_is_given_to_the_auditor_as_json_lines(site: Site) -> None:
    site.post(NUMBERS, {"service": "contract"}, site.token("kiosk"))
    audit = site.token("audit")
    lines = site.get("offices/north/events", audit).get_data(as_text=True).splitlines()
    rows = [json.loads(line) for line in lines]
    assert [(row["seq"], row["kind"]) for row in rows] == [(1, "office_revised"), (2, "ticket_issued")]
    assert len(site.get("offices/north/events?after=1", audit).get_data(as_text=True).splitlines()) == 1
    assert site.get("offices/north/events?after=x", audit).status_code == 422


def test_a_revoked_token_is_out_at_once(site: Site) -> None:
    from server.db import accounts

    secret = site.token("kiosk")
    with site.store.write_company() as connection:
        known = accounts.token(connection, secret)
        assert known
        accounts.revoke_token(connection, known.id, site.store.clock())
    assert site.post(NUMBERS, {"service": "contract"}, secret).json["code"] == "token_unknown"


def test_health_tells_alive_ready_and_measures(site: Site) -> None:
    assert site.client.get("/healthz").status_code == 200
    assert site.client.get("/readyz").status_code == 200
    site.get("offices/north")
    assert b'talon_http_requests_total{method="GET",route="/api/v1/offices/<office>"' in (
        site.client.get("/metrics").data
    )
