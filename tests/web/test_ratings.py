"""Ratings over HTTP: what is asked after a mark, low marks in the hall, results as JSON, page and CSV."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server.actions import desks, ratings, visits
from server.actions.ratings import Which
from server.domain.events import Event, Kind
from server.domain.visit import Visit
from server.reports.csv_table import csv_text
from tests.actions.test_low_marks import SURVEY
from tests.builders import Clock, add_person
from tests.web.conftest import Site


@pytest.fixture
def visit(site: Site, clock: Clock) -> Visit:
    """A visitor who was served and has just got up; the office has a survey."""
    with site.store.write("north", "test") as uow:
        uow.save_document({**uow.document(), "surveys": [SURVEY]})
        uow.record(Event(Kind.OFFICE_REVISED, uow.now, uow.actor))
    with site.store.write("north", "kiosk") as uow:
        made = visits.issue_ticket(uow, "contract", None, "ru")
    for act in (desks.open_desk, visits.call_next, visits.start, visits.finish):
        with site.store.write("north", "anna") as uow:
            act(uow, "north-1")
        clock.forward(seconds=20)
    return made


@pytest.fixture
def head(site: Site) -> str:
    """The personal token of the head of the north office."""
    return add_person(site.store, "maria", "manager", "north")


def rate(site: Site, score: int) -> None:
    press = {"desk": "north-1", "score": score, "press_id": "press-0001", "source": "tablet"}
    assert site.post("ratings", press, site.token("rating")).json["counted"]


def test_the_tablet_asks_reasons_by_its_press_and_needs_its_token(site: Site, visit: Visit) -> None:
    tablet = site.token("rating")
    choices = site.get("desks/north-1/rating-choices", tablet).json
    assert [reason["code"] for reason in choices["reasons"]] == [
        "long-wait", "rude", "not-solved", "not-explained", "other",
    ]  # fmt: skip
    assert (choices["low_mark"], [survey["code"] for survey in choices["surveys"]]) == (2, ["signs"])
    rate(site, 1)
    told = {"press_id": "press-0001", "reasons": ["rude"], "comment": "My own words"}
    assert site.post("ratings/reasons", told).status_code == 401
    assert site.post("ratings/reasons", told, tablet).json == {"kept": True}
    assert site.post("ratings/reasons", told, tablet).json == {"kept": False}


def test_the_tickets_holder_completes_a_mark_by_the_code_alone(site: Site, visit: Visit) -> None:
    rate(site, 1)
    asked = site.get(f"tickets/{visit.code}/rating").json
    assert (asked["score"], asked["explained"], len(asked["surveys"])) == (1, False, 1)
    by_code = {"ticket": visit.code}
    assert site.post("ratings/reasons", {**by_code, "reasons": ["rude"]}).json == {"kept": True}
    answers = {**by_code, "survey": "signs", "answers": {"clear": "5"}}
    assert site.post("ratings/survey", answers).json == {"kept": True}
    asked = site.get(f"tickets/{visit.code}/rating").json
    assert (asked["explained"], asked["surveys"]) == (True, [])


@pytest.mark.parametrize(
    "body",
    [
        {"reasons": ["rude"]},
        {"press_id": "press-0001"},
        {"press_id": "press-0001", "ticket": "0123456789abcdef", "reasons": ["rude"]},
        {"press_id": "press-0001", "reasons": ["rude", "rude"]},
        {"press_id": "press-0001", "comment": "x" * 501},
    ],
)
def test_what_explains_nothing_or_too_much_is_refused(site: Site, body: dict[str, Any]) -> None:
    assert site.post("ratings/reasons", body, site.token("rating")).status_code == 422


def test_a_low_mark_stands_in_the_hall_with_its_reasons_until_somebody_in_charge_has_seen_it(
    site: Site, visit: Visit, head: str, operator: str
) -> None:
    rate(site, 1)
    with site.store.write("north", "tablet") as uow:
        ratings.explain(uow, Which("press-0001"), ["rude", "other"], "My own words")
    (alert,) = site.get("offices/north/hall", head).json["alerts"]
    assert (alert["code"], alert["number"], alert["label"], alert["score"]) == (
        "low_mark", visit.number, "1", 1,
    )  # fmt: skip
    assert [reason["en"] for reason in alert["reasons"]] == ["Rude service", "Other"]
    assert alert["comment"] == "My own words"
    assert all(one["code"] != "low_mark" for one in site.get("desks/north-1", operator).json["alerts"])
    seen = {"ticket": visit.id}
    assert site.post("offices/north/low-mark-seen", seen, operator).status_code == 403
    assert site.post("offices/north/low-mark-seen", seen, head).json["alerts"] == []


def test_results_tell_marks_response_rate_and_reasons_by_whatever_is_asked(
    site: Site, visit: Visit, head: str
) -> None:
    rate(site, 2)
    site.post("ratings/reasons", {"ticket": visit.code, "reasons": ["rude"]})
    site.post("ratings/survey", {"ticket": visit.code, "survey": "signs", "answers": {"clear": "4"}})
    keys = {"office": "north", "service": "contract", "operator": "anna", "desk": "north-1",
            "month": "2026-03"}  # fmt: skip
    for by, key in keys.items():
        results = site.get(f"reports/ratings?from=2026-03-01&to=2026-03-31&by={by}", head).json
        (row,) = results["rows"]
        assert row["key"] == key
        for figures in (row, results["total"]):
            assert (figures["rated"], figures["served"], figures["response_rate"]) == (1, 1, 100.0)
            assert (figures["average_score"], figures["marks"]) == (2.0, [0, 1, 0, 0, 0])
            assert [(one["code"], one["count"]) for one in figures["reasons"]] == [("rude", 1)]
    (survey,) = results["surveys"]
    assert (survey["people"], survey["questions"][0]["average"]) == (1, 4.0)
    nothing = site.get("reports/ratings?from=2026-04-01&to=2026-04-30", head).json
    assert (nothing["total"]["average_score"], nothing["total"]["response_rate"]) == (None, None)


def test_results_are_for_those_in_charge_and_of_their_own_office(
    site: Site, head: str, operator: str
) -> None:
    assert site.get("reports/ratings").status_code == 401
    assert site.get("reports/ratings", operator).status_code == 403
    assert site.get("reports/ratings?office=south", head).status_code == 403
    assert (
        site.get("reports/ratings?office=west", add_person(site.store, "all", "manager")).status_code == 404
    )


@pytest.mark.parametrize("asked", ["from=2026-03-02&to=2026-03-01", "from=2020-01-01&to=2026-03-01"])
def test_a_period_that_runs_back_or_is_too_long_is_refused(site: Site, head: str, asked: str) -> None:
    answer = site.get(f"reports/ratings?{asked}", head)
    assert (answer.status_code, answer.json["code"]) == (422, "bad_period")


def test_the_page_and_its_table_tell_the_same(
    site: Site, visit: Visit, clock: Clock, sign_in: Callable[[str], str]
) -> None:
    rate(site, 1)
    site.post("ratings/reasons", {"ticket": visit.code, "reasons": ["rude"], "comment": "<b>=1+1</b>"})
    add_person(site.store, "nina", "administrator", "north", name="=cmd|' /C calc'!A0")
    clock.forward(seconds=1)
    sign_in("nina")
    page = site.client.get("/figures/ratings?by=operator&language=ru")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in text
    assert "Невежливое обслуживание" in text
    table = site.client.get("/figures/ratings.csv?by=operator")
    assert table.mimetype == "text/csv"
    lines = table.get_data(as_text=True).splitlines()
    assert lines[1].startswith("anna;1,0;1;1;100,0;1;0;0;0;0;100,0;")


def test_a_page_asked_for_a_wrong_period_says_so_and_shows_the_last_days(
    site: Site, sign_in: Callable[[str], str]
) -> None:
    add_person(site.store, "nina", "administrator", "north")
    sign_in("nina")
    for asked in ("from=2026-03-02&to=2026-03-01", "from=yesterday", "by=weather"):
        page = site.client.get(f"/figures/ratings?{asked}&language=en")
        assert page.status_code == 200
        assert 'class="problem"' in page.get_data(as_text=True)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "|", "%"])
def test_no_cell_of_a_table_is_taken_for_a_formula(start: str) -> None:
    cell = csv_text([[f"{start}1+1"]]).removeprefix("\ufeff").lstrip('"')
    assert cell.startswith("'")


def test_numbers_of_a_table_stay_numbers() -> None:
    assert csv_text([["a", 1, 2.5, None, -3]]) == "\ufeffa;1;2,5;;-3\r\n"


def test_results_are_of_the_visits_own_day(site: Site, visit: Visit, clock: Clock, head: str) -> None:
    clock.forward(hours=11, minutes=30)
    assert site.post("ratings", {"ticket": visit.code, "score": 5, "press_id": "phone-01"}).json["counted"]
    day = visit.day
    for first, rated in ((day, 1), (day + timedelta(days=1), 0)):
        results = site.get(f"reports/ratings?from={first}&to={first}", head).json
        assert results["total"]["rated"] == rated
