"""The pages behind a booking's link: details, code, move, cancel, calendar file, what became of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest

from server.actions import booking_arrivals
from tests.booking_builders import TUESDAY, book, messages, minutes, take_bookings
from tests.builders import Clock
from tests.web.booking_forms import (
    PERSON,
    details,
    hold,
    proof_of,
    read,
    said,
    send,
)
from tests.web.conftest import Site


@pytest.fixture
def booked_site(site: Site) -> Site:
    take_bookings(site.store)
    return site


FAULTS = [
    ("name", "  ", "Напишите имя или инициалы"),
    ("name", "И" * 81, "не больше 80 букв"),
    ("phone", "", "Укажите телефон или электронную почту"),
    ("phone", "12-34", "+7 и десять цифр"),
    ("phone", "9" * 31, "+7 и десять цифр"),
    ("email", "ivan@", "имя, знак @ и домен"),
    ("consent", None, "Без согласия мы не вправе хранить запись"),
    ("consent", "", "Без согласия мы не вправе хранить запись"),
]


def test_each_fault_stands_beside_its_field_which_has_the_focus_and_the_rest_stays_typed(
    booked_site: Site,
) -> None:
    link = hold(booked_site)
    for field, value, sentence in FAULTS:
        answer = details(booked_site, link, **{field: value})
        assert answer.status_code == 422
        page = said(answer)
        assert sentence in page.split(f'id="{field}-fault">')[1].split("</p>")[0]
        asked = next(tag for tag in re.findall(r"<input[^>]+>", page) if f'id="{field}"' in tag)
        assert 'aria-invalid="true"' in asked
        assert f"{field}-fault" in asked
        assert "autofocus" in asked
        assert page.count("autofocus") == 1
        assert "<title>Ошибка: Кто придёт? —" in page
        assert field == "name" or 'value="Иванов И. И."' in page
    assert messages(booked_site.store) == []
    several = said(details(booked_site, link, name="", phone="", consent=None))
    assert re.findall(r'id="(\w+)-fault"', several) == ["name", "phone", "consent"]


def test_consent_to_a_text_that_has_changed_meanwhile_does_not_count(booked_site: Site) -> None:
    link = hold(booked_site)
    answer = details(booked_site, link, consent_version="another text")
    assert answer.status_code == 422
    assert 'id="consent-fault"' in said(answer)
    assert details(booked_site, link).status_code == 303


def test_a_hold_that_ran_out_is_told_kindly_with_the_way_back_to_the_same_day(
    booked_site: Site, clock: Clock
) -> None:
    link = hold(booked_site)
    page = read(booked_site, link)
    version = page.split('name="consent_version" value="')[1].split('"')[0]
    clock.forward(minutes=11)
    answer = send(booked_site, link, **PERSON, consent_version=version)
    assert answer.headers["Location"] == link
    page = read(booked_site, link)
    assert "Время на оформление записи истекло" in page
    assert "/book/north?service=contract&count=1&day=2026-03-03" in page
    assert "Иванов" not in page


def test_whoever_changes_the_mind_before_booking_gives_the_place_back(booked_site: Site) -> None:
    link = hold(booked_site)
    answer = send(booked_site, f"{link}/release")
    assert answer.headers["Location"] == "/book/north?service=contract&count=1&day=2026-03-03"
    assert "Место освобождено" in read(booked_site, link)
    hold(booked_site)


def test_where_the_office_wants_a_code_it_is_typed_and_counted(site: Site) -> None:
    take_bookings(site.store, confirm_by="sms")
    link = hold(site)
    assert details(site, link).status_code == 303
    page = read(site, link)
    assert "Код из шести цифр отправлен: +7 *** **-12." in page
    assert "Осталось 5 попыток." in page
    assert 'autocomplete="one-time-code"' in page
    assert "Введите шесть цифр кода" in said(send(site, f"{link}/code", code="12"))
    right = proof_of(site, link)
    wrong = "111111" if right != "111111" else "222222"
    answer = send(site, f"{link}/code", code=wrong)
    assert answer.status_code == 422
    assert "Это не тот код" in said(answer)
    assert "Осталось 4 попытки." in said(answer)
    assert "Кто придёт?" in read(site, f"{link}/details"), "the code can be sent again"
    assert send(site, f"{link}/code", code=f"{right[:3]} {right[3:]}").status_code == 303
    assert "Вы записаны" in read(site, link)


def test_the_fifth_wrong_code_ends_it_in_words(site: Site) -> None:
    take_bookings(site.store, confirm_by="sms")
    link = hold(site)
    details(site, link)
    wrong = "111111" if proof_of(site, link) != "111111" else "222222"
    for _ in range(4):
        send(site, f"{link}/code", code=wrong)
    answer = send(site, f"{link}/code", code=wrong)
    assert (answer.status_code, "слишком много раз" in said(answer)) == (409, True)
    assert send(site, f"{link}/code", code=wrong).headers["Location"] == link


def test_a_proven_contact_with_another_booking_is_told_and_a_code_is_sent_three_times_only(
    site: Site,
) -> None:
    take_bookings(site.store, confirm_by="sms")
    first = hold(site)
    details(site, first)
    send(site, f"{first}/code", code=proof_of(site, first))
    second = hold(site, TUESDAY + minutes(30))
    for _ in range(3):
        assert details_again(site, second).status_code == 303
    refused = details_again(site, second)
    assert (refused.status_code, "Отправлено раз: 3." in said(refused)) == (409, True)
    answer = send(site, f"{second}/code", code=proof_of(site, second))
    assert answer.status_code == 409
    assert "Вторник, 3 марта, 08:00".lower() in said(answer).lower()


def details_again(site: Site, link: str) -> Any:
    version = read(site, f"{link}/details").split('name="consent_version" value="')[1].split('"')[0]
    return send(site, link, **PERSON, consent_version=version)


def test_a_holder_moves_a_booking_by_the_same_pages(booked_site: Site) -> None:
    link = hold(booked_site)
    details(booked_site, link)
    book(booked_site.store, TUESDAY + minutes(60), phone="+79270000099")
    assert "day=2026-03-04" in read(booked_site, f"{link}/move")
    path = f"{link}/move?day=2026-03-03"
    page = read(booked_site, path)
    assert "Сейчас записано" in page
    taken = send(booked_site, path, at=(TUESDAY + minutes(60)).isoformat())
    assert (taken.status_code, "Ближайшее свободное время" in said(taken)) == (409, True)
    moved = send(booked_site, path, at=(TUESDAY + minutes(75)).isoformat())
    assert moved.headers["Location"] == link
    assert "Вторник, 3 марта, 09:15–09:30" in read(booked_site, link)
    assert send(booked_site, path, at="soon").status_code == 422


def test_cancelling_asks_once_and_is_told_kindly_also_twice(booked_site: Site) -> None:
    link = hold(booked_site)
    details(booked_site, link)
    assert "Отменить эту запись?" in read(booked_site, f"{link}/cancel")
    assert "Вы записаны" in read(booked_site, link), "asking changes nothing"
    for _ in range(2):
        assert send(booked_site, f"{link}/cancel").headers["Location"] == link
    page = read(booked_site, link)
    assert "Запись отменена" in page
    assert "Выбрать время снова" in page
    for path in (f"{link}/move", f"{link}/cancel", f"{link}/details"):
        assert booked_site.client.get(path).headers["Location"] == link


def test_a_missed_booking_and_one_that_became_a_ticket_say_so(booked_site: Site, clock: Clock) -> None:
    came, missed = hold(booked_site), hold(booked_site, TUESDAY + minutes(15))
    details(booked_site, came)
    details(booked_site, missed, phone="+79270000044")
    clock.now = TUESDAY
    with booked_site.store.write("north", "kiosk") as uow:
        visit = booking_arrivals.check_in(uow, uow.bookings.by_link(came.removeprefix("/b/")))
    page = read(booked_site, came)
    assert "Вы отметились" in page
    assert f'href="http://queue.example/t/{visit.code}"' in page
    assert visit.number in page
    clock.forward(days=1)
    assert "Время этой записи прошло" in read(booked_site, missed)


def test_the_booking_says_when_to_come_and_what_happens_when_late(site: Site) -> None:
    rules: dict[str, bool]
    for n, (rules, sentence) in enumerate(
        [
            ({"late_keeps_turn": True}, "Если опоздаете, очередь за вами сохранится"),
            ({"late_keeps_turn": False}, "Если опоздаете, будете ждать в общей очереди"),
            ({"check_in": False}, "Приходите к 08:30 и ждите вызова: отмечаться не нужно."),
        ]
    ):
        take_bookings(site.store, **rules)
        link = hold(site, TUESDAY + minutes(15 * n))
        details(site, link)
        assert sentence in read(site, link)


def calendar(site: Site, link: str) -> tuple[Any, Any]:
    answer = site.client.get(f"{link}.ics?language=ru")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    read_file = icalendar.Calendar.from_ical(answer.get_data())
    (event,) = read_file.walk("VEVENT")
    return read_file, event


def test_the_calendar_file_follows_the_booking(booked_site: Site, clock: Clock) -> None:
    link = hold(booked_site)
    assert booked_site.client.get(f"{link}.ics").status_code == 404, "a hold is no appointment"
    details(booked_site, link)
    whole, event = calendar(booked_site, link)
    assert (whole["METHOD"], event["STATUS"]) == ("PUBLISH", "CONFIRMED")
    assert event.decoded("DTSTART") == TUESDAY
    assert str(event["DTSTART"].dt.tzinfo) == "Europe/Moscow"
    assert event.decoded("DTEND") - event.decoded("DTSTART") == minutes(15)
    assert [str(zone["TZID"]) for zone in whole.walk("VTIMEZONE")] == ["Europe/Moscow"]
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-1)
    assert "Договор" in event["SUMMARY"]
    clock.forward(minutes=5)
    send(booked_site, f"{link}/move?day=2026-03-03", at=(TUESDAY + minutes(30)).isoformat())
    _whole, moved = calendar(booked_site, link)
    assert moved["UID"] == event["UID"]
    assert moved["SEQUENCE"] > event["SEQUENCE"]
    assert moved.decoded("DTSTART") == TUESDAY + minutes(30)
    clock.forward(minutes=5)
    send(booked_site, f"{link}/cancel")
    _whole, gone = calendar(booked_site, link)
    assert (gone["UID"], gone["STATUS"]) == (event["UID"], "CANCELLED")
    assert gone["SEQUENCE"] > moved["SEQUENCE"]
    assert not gone.walk("VALARM")


def test_pages_behind_the_link_are_kept_and_told_nowhere(booked_site: Site) -> None:
    link = hold(booked_site)
    headers = booked_site.client.get(link).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "no-store"
