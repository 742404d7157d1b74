"""Pages for everybody: an office with its hours, its queue now and how full it usually is."""

from __future__ import annotations

from datetime import timedelta

from server.actions import desks, visits
from server.db.store import Store
from tests.builders import Clock
from tests.web.conftest import Site


def page(site: Site, path: str = "/office/north", language: str = "ru") -> str:
    answer = site.client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    text: str = answer.get_data(as_text=True)
    return text


def take(store: Store, service: str = "contract") -> None:
    with store.write("north", "kiosk") as uow:
        visits.issue_ticket(uow, service, None, "ru")


def test_anybody_sees_who_waits_now_and_when_the_office_receives(site: Site, store: Store) -> None:
    with store.write("north", "anna") as uow:
        desks.open_desk(uow, "north-1")
    take(store)
    take(store)
    text = page(site)
    assert "Открыто" in text
    assert "<dd>2</dd>" in text, "two people wait"
    assert "08:00–12:00, 13:00–17:00" in text, "the hours, without the break of the desks"
    assert "закрыто" in text, "days without reception are named"


def test_the_page_speaks_the_languages_of_the_company(site: Site) -> None:
    assert "Понедельник" in page(site)
    assert "Дүйсенбі" in page(site, language="kk")
    assert "Monday" in page(site, language="en")


def test_the_usual_load_comes_from_the_same_weekday_of_past_weeks(
    site: Site, store: Store, clock: Clock
) -> None:
    today = clock.now
    for weeks in (2, 1):
        clock.now = today - timedelta(weeks=weeks)
        for _ in range(3):
            take(store)
        with store.write("north", "clock") as uow:
            visits.end_past_days(uow)
    clock.now = today
    text = page(site)
    assert text.count("<meter") == 9, "the nine hours of Monday; other days have no history"
    assert "3 человека" in text
    assert "людно" in text
    # Read once a day: what comes today changes nothing of it.
    take(store)
    assert page(site).count("<meter") == 9


def test_an_unknown_office_is_not_found(site: Site) -> None:
    assert site.client.get("/office/nowhere").status_code == 404


def test_no_ticket_number_and_no_person_stands_on_the_public_page(site: Site, store: Store) -> None:
    with store.write("north", "anna") as uow:
        desks.open_desk(uow, "north-1")
    take(store)
    text = page(site)
    assert "А001" not in text
    assert "anna" not in text
