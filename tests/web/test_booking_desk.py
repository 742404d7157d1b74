"""Bookings for staff over the API: who may look, who may act, what a list tells, every look at a contact."""

from __future__ import annotations

from typing import Any

import pytest

from server.db.booking_tables import contact_access
from server.sdk.booking_messages import BookingList, BookingNews
from server.sdk.messages import IssuedTicket
from tests.booking_builders import TUESDAY, book, book_by_staff, minutes, take_bookings
from tests.builders import Clock, add_person
from tests.web.conftest import Site

DAY = "offices/north/bookings?day=2026-03-03"


@pytest.fixture
def booked_site(site: Site) -> Site:
    take_bookings(site.store)
    return site


@pytest.fixture
def manager(booked_site: Site) -> str:
    """The personal token of a manager."""
    return add_person(booked_site.store, "maria", "manager")


def day_of(site: Site, token: str) -> BookingList:
    return BookingList.model_validate(site.get(DAY, token).json)


def test_a_manager_sees_the_bookings_and_does_nothing_with_them(booked_site: Site, manager: str) -> None:
    made, _link = book(booked_site.store)
    assert [row.id for row in day_of(booked_site, manager).bookings] == [made.id]
    assert booked_site.get("offices/north/booking-conflicts", manager).status_code == 200
    one = f"offices/north/bookings/{made.id}"
    at = {"at": (TUESDAY + minutes(15)).isoformat()}
    call = {"service": "contract", **at, "name": "П.", "consent": True}
    for path, body in (
        ("offices/north/bookings", call),
        ("offices/north/bookings/check-in", {"code": made.code}),
        ("offices/north/booking-conflicts/notice", {}),
        (f"{one}/move", at),
        (f"{one}/cancel", {}),
        (f"{one}/check-in", {}),
        (f"{one}/contact", {}),
    ):
        refused = booked_site.post(path, body, manager)
        assert (refused.status_code, refused.json["code"]) == (403, "no_right"), path
    with booked_site.store.read() as connection:
        assert connection.execute(contact_access.select()).all() == []


def test_the_list_tells_the_offices_today_and_the_places_staff_still_have(
    booked_site: Site, operator: str, clock: Clock
) -> None:
    # Two desks, nine hours in quarters of an hour: 36 slots of two places.
    empty = day_of(booked_site, operator)
    assert (str(empty.today), str(empty.day), empty.places_left) == ("2026-03-02", "2026-03-03", 72)
    book(booked_site.store)
    book_by_staff(booked_site.store)
    assert day_of(booked_site, operator).places_left == 70
    clock.now = TUESDAY + minutes(61)
    assert day_of(booked_site, operator).places_left == 62, "five of the slots have begun"
    clock.now = TUESDAY + minutes(24 * 60)
    assert day_of(booked_site, operator).places_left == 0, "nobody books for yesterday"


def test_an_office_that_takes_no_bookings_has_an_empty_list_and_no_places(site: Site) -> None:
    token = add_person(site.store, "olga", "operator", "south", "south-1")
    listed = BookingList.model_validate(site.get("offices/south/bookings", token).json)
    assert (listed.bookings, listed.places_left) == ([], 0)


def test_the_list_says_how_each_visitor_can_be_told(booked_site: Site, operator: str) -> None:
    store = booked_site.store
    book(store, email="ivan@mail.example")
    book(store, TUESDAY + minutes(15), phone="+79270000013")
    book_by_staff(store, TUESDAY + minutes(30))
    told = [(row.tell_by, row.contact) for row in day_of(booked_site, operator).bookings]
    assert told == [
        ("email", ["+7 *** **-12", "i***@mail.example"]),
        ("sms", ["+7 *** **-13"]),
        (None, []),
    ]


def test_staff_book_also_what_is_hidden_from_the_public(site: Site, operator: str) -> None:
    services: list[dict[str, Any]] = [
        {"service": "contract"},
        {"service": "cash", "by_public": False},
    ]
    take_bookings(site.store, services=services)
    path = "offices/north/booking-rules"
    assert [one["code"] for one in site.get(path).json["services"]] == ["contract"]
    assert [one["code"] for one in site.get(path, operator).json["services"]] == ["contract", "cash"]


@pytest.mark.parametrize("by", ["code", "link", "phone_digits"])
def test_the_reception_checks_in_by_code_link_or_digits_of_the_phone(
    booked_site: Site, operator: str, clock: Clock, by: str
) -> None:
    made, link = book(booked_site.store)
    named = {"code": made.code, "link": link, "phone_digits": "0012"}
    path, body = "offices/north/bookings/check-in", {by: named[by]}
    # Codes and phones are looked for among the bookings of today; a link is nobody else's.
    other_day = booked_site.post(path, body, operator)
    assert other_day.json["code"] == ("booking_other_day" if by == "link" else "unknown_booking")
    clock.now = TUESDAY - minutes(31)
    early = booked_site.post(path, body, operator)
    assert (early.status_code, early.json["code"]) == (409, "too_early")
    clock.now = TUESDAY
    come = booked_site.post(path, body, operator)
    assert come.status_code == 201
    ticket = IssuedTicket.model_validate(come.json)
    (row,) = day_of(booked_site, operator).bookings
    assert (row.state, row.ticket, row.number) == ("arrived", ticket.id, ticket.number)
    again = booked_site.post(path, body, operator)
    assert again.json["code"] == ("unknown_booking" if by == "phone_digits" else "already_arrived")


def test_every_look_at_a_contact_is_a_row_and_lists_are_none(
    booked_site: Site, operator: str, clock: Clock
) -> None:
    site = booked_site
    made, _link = book(site.store)
    boss = add_person(site.store, "boss", "administrator")
    day_of(site, operator)
    site.get("offices/north/booking-conflicts", operator)
    assert looks(site) == []
    wanted = []
    for login, token in (("anna", operator), ("boss", boss), ("anna", operator)):
        clock.forward(minutes=1)
        assert site.post(f"offices/north/bookings/{made.id}/contact", token=token).status_code == 200
        wanted.append((login, "north", made.id, clock.now, "view"))
    assert looks(site) == wanted
    stranger = add_person(site.store, "olga", "operator", "south", "south-1")
    for path in (f"offices/north/bookings/{made.id}/contact", f"offices/south/bookings/{made.id}/contact"):
        assert site.post(path, token=stranger).status_code in (403, 404)
    assert len(looks(site)) == 3, "a refused look shows nothing"


def looks(site: Site) -> list[tuple[Any, ...]]:
    table = contact_access
    columns = (table.c.actor, table.c.office, table.c.booking, table.c.at, table.c.purpose)
    with site.store.read() as connection:
        rows = connection.execute(table.select().with_only_columns(*columns).order_by(table.c.id))
        return sorted((tuple(row) for row in rows), key=lambda row: row[3])


def test_the_room_of_bookings_tells_staff_that_something_changed(
    booked_site: Site, operator: str, manager: str
) -> None:
    site = booked_site
    for token in (operator, manager):
        socket = site.socket(token)
        assert not socket.emit("follow", {"room": "bookings:north"}, callback=True)
        (first,) = states(socket)
        site.post(f"offices/north/bookings/{book(site.store)[0].id}/cancel", token=operator)
        site.web.push._tell("north")
        (news,) = states(socket)
        assert news.changes > first.changes
        socket.disconnect()


def states(socket: Any) -> list[BookingNews]:
    return [
        BookingNews.model_validate(message["args"][0]["state"])
        for message in socket.get_received()
        if message["name"] == "state"
    ]


@pytest.mark.parametrize("scope", [None, "kiosk", "integration", "display"])
def test_devices_and_strangers_do_not_follow_the_bookings(booked_site: Site, scope: str | None) -> None:
    socket = booked_site.socket(booked_site.token(scope) if scope else None)
    refused = socket.emit("follow", {"room": "bookings:north"}, callback=True)
    assert refused["status"] == (403 if scope else 401)


@pytest.mark.parametrize(
    ("role", "acts", "prints"),
    [("administrator", "true", "true"), ("operator", "true", "false"), ("manager", "false", "false")],
)
def test_the_page_says_what_its_reader_may_do(booked_site: Site, role: str, acts: str, prints: str) -> None:
    token = add_person(booked_site.store, "nina", role, "north", "north-1" if role == "operator" else None)
    headers = {"Authorization": f"Bearer {token}"}
    page = booked_site.client.get("/hall/north/bookings", headers=headers)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert f'data-may-manage="{acts}" data-may-print="{prints}"' in text
    assert booked_site.client.get("/hall/south/bookings", headers=headers).status_code == 403


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(booked_site: Site) -> None:
    answer = booked_site.client.get("/hall/north/bookings")
    assert (answer.status_code, answer.location.partition("?")[2]) == (302, "next=/hall/north/bookings?")
