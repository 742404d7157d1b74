"""The public booking pages by plain links and forms: the whole way, gone places, frames, limits."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest

from server import cli, company
from server.config import TalonSettings
from server.domain.errors import TooOften
from server.sdk.settings import SettingsError, check
from server.web.app import create_web
from server.web.rate_limit import Limits
from tests.booking_builders import TUESDAY, book, booking_company, minutes, take_bookings
from tests.builders import Clock
from tests.web.booking_forms import (
    TIMES,
    count_of_holds,
    details,
    hold,
    key_of,
    read,
    said,
    send,
)
from tests.web.conftest import Site
from tests.web.test_booking_api import solved


@pytest.fixture
def booked_site(site: Site) -> Site:
    take_bookings(site.store)
    return site


def test_anybody_books_by_links_and_forms_alone_and_no_address_or_log_tells_who(
    booked_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site = booked_site
    first = site.client.get("/book")
    assert first.headers["Location"] == "/book/north", "the only office is not asked for"
    page = read(site, "/book/north")
    assert "Шаг 1 из 4" in page
    service = re.findall(r'class="choice" href="([^"]+)"', page)[0]
    page = read(site, service)
    assert "<title>В какой день придёте? — Запись на приём</title>" in page
    days = re.findall(r'<li class="day (\w+)', page)
    assert days[:4] == ["free", "free", "free", "closed"], "Monday to Wednesday the office receives"
    day = next(path for path in re.findall(r'<a href="([^"]+)"', page) if "day=2026-03-03" in path)
    page = read(site, day)
    assert [part for part in ("Утром", "Днём", "Вечером") if f">{part}</h2>" in page] == ["Утром", "Днём"]
    assert "Договор, 15 мин" in page
    assert "Вторник, 3 марта" in page
    times = re.findall(r'name="at" value="([^"]+)"', page)
    assert times[0] == TUESDAY.isoformat()
    answer = send(site, day, at=times[0], key=key_of(page))
    link = answer.headers["Location"]
    page = read(site, link)
    assert "Место держим за вами до 12:10" in page
    assert "checked" not in page, "the consent is the visitor's own act"
    assert details(site, link).headers["Location"] == link
    page = read(site, link)
    code = "".join(re.findall(r"<span>(\d{3})</span>", page))
    with site.store.read() as connection:
        row = connection.exec_driver_sql("SELECT state, code, channel, language FROM booking").one()
    assert tuple(row) == ("booked", code, "site", "ru")
    assert "И*** И. И., +7 *** **-12" in page
    assert "Отметьтесь с 07:30 до 08:10" in page
    addresses = " ".join([service, day, link])
    told = addresses + caplog.text
    assert not [word for word in ("Иванов", "927", "000-00-12") if word in told]


def test_several_offices_are_asked_for_first(site: Site) -> None:
    values = booking_company().model_dump(mode="json")
    values["offices"][1]["bookings"] = values["offices"][0]["bookings"]
    cli.import_company(site.store, company.CompanySettings.model_validate(values), "test")
    page = read(site, "/book?language=kk")
    assert re.findall(r'class="choice" href="([^"]+)"', page) == [
        "/book/north?language=kk",
        "/book/south?language=kk",
    ]
    # Its only service needs no question, and its own zone is named.
    assert "Қай күні келесіз?" in read(site, "/book/south?language=kk")
    page = read(site, "/book/south?service=all&day=2026-03-09&language=en")
    assert "Times are those of the office: Almaty, UTC+5" in page


def test_a_place_that_is_gone_is_told_with_the_nearest_free_times_to_press(booked_site: Site) -> None:
    book(booked_site.store)
    answer = send(booked_site, TIMES, at=TUESDAY.isoformat())
    page = said(answer)
    assert answer.status_code == 409
    assert "Это время занято" in page
    nearest = page.split('class="nearest"')[1].split("</ul>")[0]
    assert f'value="{(TUESDAY + minutes(15)).isoformat()}" autofocus' in nearest
    assert "Вторник, 3 марта, 08:15" in nearest
    hold(booked_site, TUESDAY + minutes(15))


def test_a_double_tap_holds_one_place_and_another_time_is_another_hold(booked_site: Site) -> None:
    key = key_of(read(booked_site, TIMES))
    links = {hold(booked_site, key=key) for _ in range(2)}
    assert (len(links), count_of_holds(booked_site)) == (1, 1)
    links.add(hold(booked_site, TUESDAY + minutes(30), key=key))
    assert (len(links), count_of_holds(booked_site)) == (2, 2)


def test_the_language_stays_in_the_address_and_becomes_that_of_the_messages(booked_site: Site) -> None:
    path = TIMES.replace("language=ru", "language=kk")
    page = read(booked_site, path)
    assert "Қай уақытта келесіз?" in page
    assert "?language=en&service=contract&day=2026-03-03" in page, "the switch keeps the choice"
    answer = send(booked_site, path, at=TUESDAY.isoformat())
    link = answer.headers["Location"]
    assert link.endswith("?language=kk")
    page = read(booked_site, link)
    assert "Кім келеді?" in page
    assert f'action="{link}"' in page
    with booked_site.store.read() as connection:
        assert connection.exec_driver_sql("SELECT language FROM booking").scalar_one() == "kk"


def test_several_matters_take_longer_and_stay_chosen(booked_site: Site) -> None:
    page = read(booked_site, "/book/north/count?service=contract&language=ru")
    assert len(re.findall('class="choice"', page)) == 4
    path = TIMES.replace("service=contract", "service=contract&count=2")
    assert "Договор, 30 мин" in read(booked_site, path)
    assert "08:00–08:30" in read(booked_site, hold(booked_site, path=path))
    too_many = read(booked_site, TIMES.replace("service=contract", "service=contract&count=9"), 422)
    assert "не больше 4" in too_many


def test_words_the_companys_site_adds_to_an_address_do_no_harm(booked_site: Site) -> None:
    read(booked_site, f"{TIMES}&utm_source=site")


def test_what_cannot_be_booked_is_told_on_a_page_with_a_way_on(booked_site: Site) -> None:
    for path, status in (
        ("/book/nowhere", 404),
        ("/book/south", 409),
        ("/book/north?service=weather", 404),
        ("/book/north?service=archive", 409),
        ("/book/north?service=contract&day=tomorrow", 422),
        ("/book/north?service=contract&count=x", 422),
        ("/b/aaaaaaaaaaaaaaaaaaaaaaaa", 404),
        ("/b/aaaaaaaaaaaaaaaaaaaaaaaa.ics", 404),
    ):
        page = read(booked_site, path, status)
        (again,) = re.findall(r'class="button primary" href="([^"]+)"', page)
        assert booked_site.client.get(again, follow_redirects=True).status_code == 200, path


def test_a_day_that_is_past_or_full_has_no_times_and_no_dead_end(booked_site: Site) -> None:
    for day in ("2026-02-03", "2026-03-05", "2027-01-01"):
        page = read(booked_site, TIMES.replace("2026-03-03", day))
        assert "В этот день свободного времени нет." in page
        assert "Другой день" in page


def test_days_farther_than_four_weeks_are_a_link_away(site: Site) -> None:
    take_bookings(site.store, horizon_days=80)
    path, seen = "/book/north?service=contract&language=ru", []
    while path:
        page = read(site, path)
        seen.append(len(re.findall('<li class="day ', page)))
        later = re.findall(r'href="([^"]+)">Более поздние дни', page)
        path = later[0] if later else ""
    assert seen == [28, 28, 25]
    assert "Более ранние дни" in page


def test_another_sites_form_holds_nothing(booked_site: Site) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        answer = booked_site.client.post(TIMES, data={"at": TUESDAY.isoformat()}, headers=headers)
        assert answer.status_code == 403
    assert count_of_holds(booked_site) == 0
    for headers in ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://localhost"}, {}):
        answer = booked_site.client.post(TIMES, data={"at": TUESDAY.isoformat()}, headers=headers)
        assert answer.status_code in (303, 409)


def test_nobody_may_frame_a_page_unless_the_settings_name_them(booked_site: Site, tmp_path: Path) -> None:
    def policy(client: Any, path: str) -> str:
        return str(client.get(path).headers["Content-Security-Policy"])

    assert "frame-ancestors 'none'" in policy(booked_site.client, "/book/north?frame=1")
    settings = TalonSettings.model_validate(
        {
            "server": {"state_folder": str(tmp_path / "framed")},
            "bookings": {"frame_from": ["https://company.example", "http://127.0.0.1:8081"]},
        }
    )
    client = create_web(settings, booked_site.store, lambda: None, "threading").app.test_client()
    for path in ("/book/north?frame=1", "/book/nowhere?frame=1", f"{hold(booked_site)}?frame=1"):
        told = policy(client, path)
        assert "frame-ancestors https://company.example http://127.0.0.1:8081;" in told
        assert "default-src 'self'" in told
    for path in ("/book/north", "/office/north?frame=1", "/sign-in?frame=1"):
        assert "frame-ancestors 'none'" in policy(client, path)
    with client.get("/widget.js") as script:
        assert (script.status_code, script.mimetype) == (200, "text/javascript")


@pytest.mark.parametrize(
    "origin",
    ["https://company.example/", "company.example", "*", "https://a.example; script-src *", "'self'"],
)
def test_an_address_that_is_none_is_refused_at_the_start_with_its_cure(origin: str) -> None:
    with pytest.raises(SettingsError, match=r"for example https://company\.example"):
        check(TalonSettings, {"bookings": {"frame_from": [origin]}}, "server.toml")


def test_a_booking_from_the_frame_is_counted_as_the_widgets_and_stays_in_it(booked_site: Site) -> None:
    answer = send(booked_site, f"{TIMES}&frame=1", at=TUESDAY.isoformat())
    assert answer.headers["Location"].endswith("?language=ru&frame=1")
    with booked_site.store.read() as connection:
        assert connection.exec_driver_sql("SELECT channel FROM booking").scalar_one() == "widget"


def test_without_javascript_people_book_where_work_is_wanted_but_only_a_few_an_hour(
    site: Site, clock: Clock
) -> None:
    take_bookings(site.store, proof_of_work=True, public_percent=100, staff_percent=0)
    assert 'data-proof="/api/v1/offices/north/booking-challenge"' in read(site, TIMES)
    for n in range(5):
        hold(site, TUESDAY + minutes(15 * n))
    later = TUESDAY + minutes(90)
    answer = send(site, TIMES, at=later.isoformat())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Без JavaScript за час можно занять лишь несколько мест" in said(answer)
    proof = solved(site.get("offices/north/booking-challenge").json)
    hold(site, later, proof=proof)
    used = send(site, TIMES, at=(later + minutes(15)).isoformat(), proof=proof)
    assert (used.status_code, 'role="alert"' in said(used)) == (422, True)


def test_limits_by_hour_and_by_minute_do_not_disturb_each_other() -> None:
    now = [7200.0]
    limits = Limits({"page": 1}, clock=lambda: now[0], per_hour={"hold": 2})

    def seconds(what: str) -> object:
        try:
            limits.check(what, "a")
        except TooOften as error:
            return error.values["seconds"]
        return 0

    assert [seconds("hold"), seconds("page"), seconds("hold")] == [0, 0, 0]
    now[0] += 60
    assert [seconds("page"), seconds("hold")] == [0, 3541]
    now[0] += 3540
    assert seconds("hold") == 0


def test_the_offices_page_leads_to_booking_where_it_takes_any(booked_site: Site) -> None:
    def page(office: str) -> str:
        return str(booked_site.client.get(f"/office/{office}?language=ru").get_data(as_text=True))

    assert 'href="/book/north?language=ru"' in page("north")
    assert "/book/" not in page("south")


def test_pages_asked_too_often_from_one_address_say_when_to_come_again(booked_site: Site) -> None:
    answers = [booked_site.client.get("/book/north").status_code for _ in range(121)]
    assert answers == 120 * [200] + [429]
    refused = booked_site.client.get("/book/north?language=ru")
    assert "Retry-After" in refused.headers
    assert "Слишком много запросов" in said(refused)
