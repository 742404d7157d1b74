"""The figures of a period: averages of sums, exact percentiles, comparisons, filters, files, the page."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest

from server.actions import booking_arrivals
from server.db.store import Store
from server.domain.kept_sums import changes_at_end, changes_at_issue, changes_of_mark, day_key
from server.domain.visit import State, Visit
from server.domain.worktime import WorkKey, WorkTime
from server.web import period_data
from tests.booking_builders import TUESDAY, book, minutes, take_bookings
from tests.builders import Clock, a_served_visit, a_visit, add_person
from tests.web.conftest import Site

MARCH = date(2026, 3, 2)
LIMIT = 30 * 60


@pytest.fixture
def manager(store: Store) -> str:
    """The personal token of a manager of the company."""
    return add_person(store, "olga", "manager")


def served(wait: float, service: float = 300, day: date = MARCH, hour: int = 9, **more: Any) -> Visit:
    """A visitor of ``day`` who joined at this hour of UTC, waited and was served for so many seconds."""
    joined = datetime.combine(day, time(hour), UTC)
    came = {"issued_at": joined, "joined_at": joined, "day": day, "limit_seconds": LIMIT}
    return a_served_visit(wait, service, **{**came, "started_at": joined + timedelta(seconds=wait), **more})


def keep(store: Store, visits: Iterable[Visit], office: str = "north") -> None:
    """Keep these visits in the sums of an office."""
    with store.write(office, "test") as uow:
        for visit in visits:
            uow.sums.add(changes_at_issue(visit))
            uow.sums.add(changes_at_end(visit, uow.office.zone))


def report(site: Site, token: str, asked: str = "from=2026-03") -> Any:
    answer = site.get(f"reports/period?{asked}", token)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_averages_are_of_sums_and_never_of_averages(site: Site, store: Store, manager: str) -> None:
    keep(store, [*[served(30 * 60, hour=9)] * 40, *[served(2 * 60, hour=10)] * 2])
    total = report(site, manager)["total"]
    assert (total["served"], total["average_wait_minutes"]) == (42, 28.7)
    waits = {cell["hour"]: cell["average_wait_minutes"] for cell in report(site, manager)["hours"]}
    assert waits == {12: 30.0, 13: 2.0}  # the office's own hours


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_median_and_p90_are_exact_over_offices_and_months(
    site: Site, store: Store, manager: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period_data, "AT_ONCE", 1)
    chance = random.Random(seed)
    waits = {office: [chance.randrange(0, 4000) for _ in range(chance.randrange(1, 40))] for office in "ns"}
    for name, office in (("n", "north"), ("s", "south")):
        keep(
            store,
            [served(wait, day=chance.choice((MARCH, date(2026, 4, 7)))) for wait in waits[name]],
            office,
        )
    ordered = sorted(waits["n"] + waits["s"])
    found = report(site, manager, "from=2026-03&to=2026-04")
    assert found["total"]["median_wait_seconds"] == ordered[-(-50 * len(ordered) // 100) - 1]
    assert found["total"]["p90_wait_seconds"] == ordered[-(-90 * len(ordered) // 100) - 1]
    assert sum(bucket["visits"] for bucket in found["distribution"]) == len(ordered)
    for bucket in found["distribution"]:
        first, end = bucket["from_minute"] * 60, (bucket["to_minute"] or 1_000_000) * 60
        assert bucket["visits"] == sum(first <= wait < end for wait in ordered)


def test_over_the_limit_is_strict_and_the_unserved_count_beside_it(
    site: Site, store: Store, manager: str
) -> None:
    came = {"limit_seconds": LIMIT, "call_count": 1}
    gone = [
        a_visit(state=State.NO_SHOW, first_called_at=served(LIMIT + 1).started_at, desk="north-1",
                operator="anna", finished_at=served(LIMIT + 60).started_at, **came),
        a_visit(state=State.CANCELLED, finished_at=served(60).started_at, **came),
    ]  # fmt: skip
    keep(store, [served(LIMIT), served(LIMIT + 1), served(0), *gone])
    total = report(site, manager)["total"]
    assert (total["over_limit"], total["limited"], total["over_limit_share"]) == (1, 3, 33.3)
    assert (total["within_limit_share"], total["over_limit_all_share"]) == (66.7, 40.0)
    assert (total["no_show"], total["no_show_rate"], total["left"], total["arrived"]) == (1, 20.0, 1, 5)


def test_a_period_stands_beside_the_one_before_and_a_year_before(
    site: Site, store: Store, manager: str
) -> None:
    for day, wait in ((MARCH, 600), (date(2026, 1, 12), 300), (date(2025, 4, 7), 900)):
        keep(store, [served(wait, day=day)])
    found = report(site, manager, "from=2026-03&to=2026-04")
    for name, first, last, wait in (
        ("previous", "2026-01", "2026-02", 5.0),
        ("year_before", "2025-03", "2025-04", 15.0),
    ):
        other = found[name]
        assert (other["first"], other["last"]) == (first, last)
        assert other["figures"]["average_wait_minutes"] == wait
    assert [row["figures"]["average_wait_minutes"] for row in found["months"]] == [10.0, None]
    assert found["unfinished"] is True
    assert report(site, manager, "from=2025-12&to=2026-02")["unfinished"] is False


def test_where_nobody_was_served_there_is_no_data_and_never_zero(site: Site, manager: str) -> None:
    total = report(site, manager)["total"]
    unknown = [name for name, value in total.items() if value is None]
    assert {
        "average_wait_minutes", "median_wait_seconds", "p90_wait_seconds", "over_limit_share",
        "over_limit_all_share", "average_service_minutes", "no_show_rate", "average_score", "response_rate",
    } <= set(unknown)  # fmt: skip


def test_without_months_it_is_the_last_that_is_over(site: Site, manager: str) -> None:
    found = report(site, manager, "")
    assert (found["first"], found["last"]) == ("2026-02", "2026-02")


def test_what_is_asked_for_is_what_is_counted(site: Site, store: Store, manager: str) -> None:
    booked = served(60, service=600, booked_for=datetime(2026, 3, 2, 9, tzinfo=UTC))
    keep(store, [served(300), served(600, first_service="cash"), booked])
    keep(store, [served(900, first_service="all")], "south")
    for asked, waits in (
        ("", (5.0 + 10 + 1 + 15) / 4),
        ("office=north", (5.0 + 10 + 1) / 3),
        ("office=north,south&service=cash", 10.0),
        ("kind=booked", 1.0),
        ("kind=walk_in&office=north", 7.5),
    ):
        found = report(site, manager, f"from=2026-03&{asked}")
        assert found["total"]["average_wait_minutes"] == round(waits + 1e-9, 1), asked
    by_service = {row["service"]: row["figures"]["served"] for row in report(site, manager)["by_service"]}
    assert by_service == {"contract": 2, "cash": 1, "all": 1}
    by_office = {row["office"]: row["figures"]["served"] for row in report(site, manager)["by_office"]}
    assert by_office == {"north": 3, "south": 1}


def test_operators_and_desks_have_their_load_from_open_time_without_breaks(
    site: Site, store: Store, manager: str
) -> None:
    add_person(store, "anna", "operator", "north", "north-1", name="Анна К.")
    keep(store, [served(60, 600), served(120, 600, desk="north-2")])
    hour = 3_600_000
    with store.write("north", "test") as uow:
        uow.add_work(WorkKey(MARCH, "north-1", "anna"), WorkTime(4 * hour, hour, 3 * hour, 1))
        uow.add_work(WorkKey(date(2026, 3, 31), "north-2", "anna"), WorkTime(4 * hour, 0, hour, 1))
        uow.add_work(WorkKey(date(2026, 4, 1), "north-2", "anna"), WorkTime(hour, 0, hour, 1))
        key = day_key(served(60), MARCH)
        uow.sums.add(changes_of_mark(key, "anna", "north-1", 4))
    found = report(site, manager)
    (anna,) = found["operators"]
    assert (anna["operator"], anna["name"], anna["figures"]["load"]) == ("anna", "Анна К.", 50.0)
    assert (anna["figures"]["services"], anna["figures"]["average_score"]) == (2, 4.0)
    loads = {row["label"]: (row["kind"], row["figures"]["load"]) for row in found["desks"]}
    assert loads == {"1": ("window", 75.0), "2": ("window", 25.0)}


def test_of_many_offices_operators_are_told_in_files_alone(
    site: Site, store: Store, manager: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period_data, "MOST_OFFICES_BY_DESK", 1)
    keep(store, [served(60)])
    assert report(site, manager)["operators"] is None
    assert len(report(site, manager, "from=2026-03&office=north")["operators"]) == 1
    file = site.get("reports/period?from=2026-03&format=csv&part=operators", manager)
    assert "anna;" in file.get_data(as_text=True)


def test_bookings_are_kept_late_or_missed(site: Site, store: Store, clock: Clock, manager: str) -> None:
    take_bookings(store, late_minutes=10, missed_after_minutes=60)
    codes = [
        book(store, TUESDAY + minutes(wait), phone=f"+7927000001{wait % 7}")[0].code for wait in (0, 30, 60)
    ]
    kiosk = site.token("kiosk")
    for code, at in ((codes[0], 5), (codes[1], 45)):
        clock.now = TUESDAY + minutes(at)
        assert site.post("offices/north/check-in", {"code": code}, kiosk).status_code == 201
    clock.now = TUESDAY + minutes(600)
    with store.write("north", "clock") as uow:
        assert booking_arrivals.end_missed(uow) == 1
    total = report(site, manager)["total"]
    assert [total[f"bookings_{what}"] for what in ("kept", "late", "missed")] == [1, 1, 1]


def test_it_is_for_those_in_charge_and_an_administrator_sees_the_own_office(
    site: Site, store: Store, manager: str, operator: str
) -> None:
    head = add_person(store, "nina", "administrator", "north")
    keep(store, [served(60)])
    keep(store, [served(60, first_service="all")], "south")
    assert site.get("reports/period").status_code == 401
    assert site.get("reports/period", operator).status_code == 403
    assert site.get("reports/period?office=south", head).status_code == 403
    assert site.get("reports/period?office=north,south", head).status_code == 403
    assert site.get("reports/period?office=west", manager).status_code == 404
    found = report(site, head)
    assert ([row["office"] for row in found["by_office"]], found["total"]["served"]) == (["north"], 1)


@pytest.mark.parametrize(
    "asked",
    [
        "from=2026-03&to=2026-02",
        "from=2024-01&to=2026-02",
        "from=2026-13",
        "from=03.2026",
        "kind=all",
        "office=,",
        "part=weather",
        "weather=1",
    ],
)
def test_what_makes_no_sense_is_refused_and_the_page_says_so(
    site: Site, manager: str, asked: str, sign_in: Callable[[str], str]
) -> None:
    assert site.get(f"reports/period?{asked}", manager).status_code == 422
    add_person(site.store, "nina", "administrator")
    sign_in("nina")
    page = site.client.get(f"/figures/period?{asked}&language=en")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert 'class="problem"' in text
    assert "<h1>February 2026</h1>" in text


def test_files_are_read_again_and_no_name_in_them_is_a_formula(
    site: Site, store: Store, manager: str
) -> None:
    add_person(store, "anna", "operator", "north", "north-1", name="=cmd|' /C calc'!A0")
    keep(store, [served(630), served(60)])
    table = site.get("reports/period?from=2026-03&format=csv", manager)
    lines = table.get_data(as_text=True).splitlines()
    assert table.headers["Content-Disposition"] == 'attachment; filename="figures-2026-03_2026-03.csv"'
    assert "Среднее ожидание;5,8;мин;2;нет данных;нет данных;;нет данных;нет данных;" in lines
    assert any(line.startswith("'=cmd") for line in lines)
    assert not any(line.startswith("=") for line in lines)
    book = site.get("reports/period?from=2026-03&format=xlsx", manager, language="kk")
    sheets = openpyxl.load_workbook(io.BytesIO(book.data))
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert {"Орташа күту", "=cmd|' /C calc'!A0", 5.8} <= {cell.value for cell in cells}
    assert "Қызметкерлер бойынша" in sheets.sheetnames


def test_one_table_can_be_kept_alone(site: Site, store: Store, manager: str) -> None:
    keep(store, [served(60)])
    table = site.get("reports/period?from=2026-03&format=csv&part=months", manager, language="en")
    text = table.get_data(as_text=True)
    assert "By month" in text
    assert "By office" not in text
    assert "Average: the sum over all served visitors" in text


def test_the_page_shows_sentences_tables_and_rules_without_a_script(
    site: Site, store: Store, sign_in: Callable[[str], str]
) -> None:
    add_person(store, "nina", "administrator")
    keep(store, [served(30 * 60)] * 40 + [served(2 * 60)] * 2)
    keep(store, [served(600, day=date(2026, 2, 2))])
    assert site.client.get("/figures/period").headers["Location"].startswith("/sign-in?next=/figures/period")
    sign_in("nina")
    text = site.client.get("/figures/period?from=2026-03&language=en").get_data(as_text=True)
    for words in (
        "March 2026: mean wait 28.7 min over 42 served. The limit is 30 min.",
        "Half of those served waited at most 30.0 min",
        "+18.7 worse",
        "never an average of averages",
        "Most come on Monday at 12:00: 42 in all.",
    ):
        assert words in " ".join(text.split()), words


def test_several_offices_of_the_form_become_one_address_to_keep(
    site: Site, sign_in: Callable[[str], str]
) -> None:
    add_person(site.store, "nina", "administrator")
    sign_in("nina")
    answer = site.client.get("/figures/period?from=2026-02&office=north&office=south&kind=")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/figures/period?from=2026-02&office=north%2Csouth",
    )
    assert site.client.get(answer.headers["Location"]).status_code == 200
