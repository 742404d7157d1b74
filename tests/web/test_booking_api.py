"""Booking over the API: the way of a visitor, staff, abuse, and what nobody may learn."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import cli
from server.domain.errors import TooOften
from server.sdk.booking_messages import BookingList, BookingRules, BookingView, Hold, SlotList
from server.sdk.messages import IssuedTicket
from server.web.rate_limit import Limits
from tests.booking_builders import TUESDAY, booking_company, minutes, take_bookings
from tests.builders import Clock, add_person
from tests.web.conftest import Site

DETAILS = {"name": "Иванов И. И.", "phone": "+7 927 000-00-12", "consent": True}


@pytest.fixture
def booked_site(site: Site) -> Site:
    take_bookings(site.store)
    return site


def hold(site: Site, at: datetime = TUESDAY, **more: Any) -> Any:
    body = {"office": "north", "service": "contract", "at": at.isoformat()}
    return site.post("bookings", {**body, **more.pop("body", {})}, **more)


def confirm(site: Site, link: str, **changes: Any) -> Any:
    version = site.get("offices/north/booking-rules").json["consent"]["version"]
    return site.post(f"bookings/{link}/confirm", {**DETAILS, "consent_version": version, **changes})


def book(site: Site, at: datetime = TUESDAY, **changes: Any) -> Any:
    return confirm(site, hold(site, at).json["hold"], **changes).json


def test_the_whole_way_from_free_times_to_a_ticket(booked_site: Site, clock: Clock) -> None:
    site = booked_site
    rules = BookingRules.model_validate(site.get("offices/north/booking-rules").json)
    assert [(s.code, s.minutes) for s in rules.services] == [("contract", 15), ("cash", 15)]
    listed = SlotList.model_validate(site.get("offices/north/slots?service=contract&from=2026-03-03").json)
    slot = listed.days[0].slots[0]
    assert (slot.at, slot.time, slot.load, slot.left) == (TUESDAY, "08:00", "calm", None)
    held = hold(site, slot.at)
    assert held.status_code == 201
    told = Hold.model_validate(held.json)
    assert told.expires_at - clock.now == minutes(10)
    answer = confirm(site, told.hold)
    assert answer.status_code == 200
    booking = BookingView.model_validate(answer.json)
    assert (booking.state, booking.contact, booking.name) == ("booked", ["+7 *** **-12"], "И*** И. И.")
    assert booking.link == f"http://queue.example/b/{told.hold}"
    again = BookingView.model_validate(site.get(f"bookings/{told.hold}").json)
    assert again.code == booking.code
    clock.now = TUESDAY - minutes(10)
    ticket = site.post("offices/north/check-in", {"code": booking.code}, token=site.token("kiosk"))
    assert ticket.status_code == 201
    given = IssuedTicket.model_validate(ticket.json)
    assert (given.booked_for, given.issued_at) == (TUESDAY, clock.now)
    arrived = site.get(f"bookings/{told.hold}").json
    assert (arrived["state"], arrived["number"]) == ("arrived", given.number)
    assert arrived["ticket_url"] == given.status_url


def test_six_digits_alone_open_nothing_to_the_public(booked_site: Site) -> None:
    code = book(booked_site)["code"]
    for path in (f"bookings/{code}", f"bookings/{code}/cancel"):
        answer = booked_site.get(path) if path.endswith(code) else booked_site.post(path)
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_booking")
    answer = booked_site.post("offices/north/check-in", {"code": code})
    assert answer.status_code == 401


def test_a_taken_time_is_told_with_the_nearest_free_ones(booked_site: Site) -> None:
    book(booked_site)
    answer = hold(booked_site)
    assert (answer.status_code, answer.json["code"]) == (409, "slot_taken")
    nearest = [datetime.fromisoformat(at) for at in answer.json["nearest"]]
    assert nearest[0] == TUESDAY + minutes(15)
    assert "08:15" in answer.json["detail"]


def test_a_repeated_confirm_gets_the_first_answer_and_makes_one_booking(booked_site: Site) -> None:
    link = hold(booked_site).json["hold"]
    version = booked_site.get("offices/north/booking-rules").json["consent"]["version"]
    body = {**DETAILS, "consent_version": version}
    answers = [booked_site.post(f"bookings/{link}/confirm", body, key="the-same-key") for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_holders_move_and_cancel_by_link(booked_site: Site) -> None:
    link = hold(booked_site).json["hold"]
    confirm(booked_site, link)
    moved = booked_site.post(f"bookings/{link}/move", {"at": (TUESDAY + minutes(30)).isoformat()})
    assert (moved.status_code, moved.json["starts_at"]) == (200, "2026-03-03T05:30:00Z")
    gone = booked_site.post(f"bookings/{link}/cancel")
    assert (gone.json["state"], gone.json["may_move"]) == ("cancelled", False)
    refused = booked_site.post(f"bookings/{link}/move", {"at": TUESDAY.isoformat()})
    assert (refused.status_code, refused.json["code"]) == (409, "booking_over")


def test_whether_a_phone_has_a_booking_shows_in_no_answer(booked_site: Site) -> None:
    book(booked_site, phone="+79270000012")
    known = book(booked_site, TUESDAY + minutes(15), phone="+79270000012")
    unknown = book(booked_site, TUESDAY + minutes(30), phone="+79990000012")
    hidden = {"id", "code", "link", "starts_at", "ends_at", "check_in_from", "check_in_until"}
    assert {k: v for k, v in known.items() if k not in hidden} == {
        k: v for k, v in unknown.items() if k not in hidden
    }


def test_with_a_code_to_prove_the_answers_are_alike_too(site: Site) -> None:
    take_bookings(site.store, confirm_by="sms")
    answers = [
        book(site, TUESDAY + minutes(15 * n), phone=phone) for n, phone in enumerate(("+79270000012",) * 2)
    ]
    assert [(a["state"], a["proof"]) for a in answers] == 2 * [
        ("unconfirmed", {"sent_to": "+7 *** **-12", "tries_left": 5, "wrong": False})
    ]


def test_a_wrong_code_is_counted_and_says_so(site: Site) -> None:
    take_bookings(site.store, confirm_by="sms")
    link = hold(site).json["hold"]
    confirm(site, link)
    with site.store.write("north", "test") as uow:
        contact = uow.bookings.contact(uow.bookings.by_link(link).id)
    assert contact is not None
    wrong = "111111" if contact.proof != "111111" else "222222"
    tried = site.post(f"bookings/{link}/verify", {"code": wrong})
    assert (tried.status_code, tried.json["proof"]["tries_left"], tried.json["proof"]["wrong"]) == (
        200,
        4,
        True,
    )
    done = site.post(f"bookings/{link}/verify", {"code": contact.proof})
    assert done.json["state"] == "booked"


def test_staff_see_numbers_of_places_and_book_for_a_caller(booked_site: Site, operator: str) -> None:
    site = booked_site
    listed = site.get("offices/north/slots?service=contract&from=2026-03-03", operator).json
    assert listed["days"][0]["slots"][0]["left"] == 2
    body = {"service": "contract", "at": TUESDAY.isoformat(), "name": "Петров", "phone": "89270000099"}
    refused = site.post("offices/north/bookings", {**body, "consent": False}, operator)
    assert (refused.status_code, refused.json["code"]) == (422, "consent_needed")
    made = site.post("offices/north/bookings", {**body, "consent": True}, operator)
    assert (made.status_code, made.json["channel"], made.json["contact"]) == (201, "phone", ["+7 *** **-99"])
    day = BookingList.model_validate(site.get("offices/north/bookings?day=2026-03-03", operator).json)
    assert [(b.id, b.name) for b in day.bookings] == [(made.json["id"], "П***")]
    path = f"offices/north/bookings/{made.json['id']}"
    moved = site.post(f"{path}/move", {"at": (TUESDAY + minutes(15)).isoformat()}, operator)
    assert moved.json["starts_at"] == "2026-03-03T05:15:00Z"
    assert site.post(f"{path}/cancel", token=operator).json["state"] == "cancelled"


def test_only_staff_of_the_office_see_its_bookings(booked_site: Site, operator: str) -> None:
    made = book(booked_site)
    assert made["state"] == "booked"
    stranger = add_person(booked_site.store, "olga", "operator", "south", "south-1")
    for path in ("offices/north/bookings", "offices/north/booking-conflicts"):
        assert booked_site.get(path).status_code == 401
        assert booked_site.get(path, stranger).status_code == 403
        assert booked_site.get(path, booked_site.token("integration")).status_code == 403
        assert booked_site.get(path, operator).status_code == 200


def test_an_unmasked_contact_is_shown_on_demand_logged_and_kept_in_no_answer(
    booked_site: Site, operator: str
) -> None:
    book(booked_site)
    (row,) = booked_site.get("offices/north/bookings?day=2026-03-03", operator).json["bookings"]
    path = f"offices/north/bookings/{row['id']}/contact"
    for _ in range(2):
        seen = booked_site.post(path, token=operator, key="a-key-of-mine")
        assert seen.json == {"name": "Иванов И. И.", "phone": "+79270000012", "email": None}
    with booked_site.store.read() as connection:
        looks = connection.exec_driver_sql("SELECT actor FROM contact_access").all()
        kept = str(connection.exec_driver_sql("SELECT body FROM given_answer").all())
    assert [tuple(look) for look in looks] == [("anna",), ("anna",)]
    assert "9270000012" not in kept


def test_staff_check_in_by_hand_and_hear_of_conflicts(booked_site: Site, operator: str, clock: Clock) -> None:
    site = booked_site
    book(site)
    book(site, TUESDAY + minutes(300), phone="+79270000013")
    take_bookings(site.store, {"schedule": {"weekly": {"tue": [["08:00", "10:00"]]}}})
    listed = site.get("offices/north/booking-conflicts", operator).json["bookings"]
    assert [(row["conflict"], row["noticed_at"]) for row in listed] == [("closed", None)]
    assert site.post("offices/north/booking-conflicts/notice", token=operator).json == {
        "told": 1, "unreachable": [],
    }  # fmt: skip
    assert site.get("offices/north/booking-conflicts", operator).json["bookings"][0]["noticed_at"]
    clock.now = TUESDAY
    first = site.get("offices/north/bookings", operator).json["bookings"][0]
    ticket = site.post(f"offices/north/bookings/{first['id']}/check-in", token=operator)
    assert (ticket.status_code, ticket.json["booked_for"]) == (201, "2026-03-03T05:00:00Z")


def solved(challenge: dict[str, Any]) -> str:
    for number in range(challenge["maxnumber"] + 1):
        found = hashlib.sha256(f"{challenge['salt']}{number}".encode()).hexdigest()
        if found == challenge["challenge"]:
            told = {**challenge, "number": number}
            return base64.b64encode(json.dumps(told).encode()).decode()
    raise AssertionError("no number solves it")


def test_where_the_office_wants_it_a_hold_costs_work_and_each_piece_of_work_counts_once(
    site: Site, clock: Clock
) -> None:
    take_bookings(site.store, proof_of_work=True)
    assert hold(site).json["code"] == "proof_needed"
    proof = solved(site.get("offices/north/booking-challenge").json)
    assert hold(site, body={"proof": proof}).status_code == 201
    later = TUESDAY + minutes(15)
    assert hold(site, later, body={"proof": proof}).json["code"] == "proof_wrong"
    old = solved(site.get("offices/north/booking-challenge").json)
    forged = base64.b64encode(json.dumps({"salt": "x", "number": 1, "challenge": "y"}).encode()).decode()
    broken = base64.b64encode(b'{"salt": "\\ud800?expires=9", "number": 1, "challenge": "", "signature": ""}')
    for wrong in (forged, "%%%", broken.decode(), base64.b64encode(b"[1]").decode()):
        assert hold(site, later, body={"proof": wrong}).json["code"] == "proof_wrong"
    clock.forward(minutes=21)
    assert hold(site, later, body={"proof": old}).json["code"] == "proof_wrong"
    assert hold(site, later, token=site.token("integration")).status_code == 201


def test_the_public_may_hold_only_so_often_from_one_address_and_programs_as_they_need(
    booked_site: Site,
) -> None:
    answers = [hold(booked_site, TUESDAY + minutes(15 * n)).status_code for n in range(21)]
    assert answers == 20 * [201] + [429]
    refused = hold(booked_site)
    assert refused.json["code"] == "too_often"
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    at = TUESDAY + minutes(15 * 25)
    assert hold(booked_site, at, token=booked_site.token("integration")).status_code == 201


def test_limits_are_by_address_and_minute() -> None:
    now = [120.0]
    limits = Limits({"hold": 2}, clock=lambda: now[0])

    def taken(address: str) -> bool:
        try:
            limits.check("hold", address)
        except TooOften:
            return False
        return True

    assert [taken("a"), taken("a"), taken("a"), taken("b")] == [True, True, False, True]
    now[0] += 60
    assert taken("a")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("service=weather", 404, "unknown_service"),
        ("service=contract&from=2026-03-05&to=2026-03-01", 422, "bad_dates"),
        ("service=contract&from=2026-03-01&to=2027-03-01", 422, "bad_dates"),
        ("service=contract&from=9999-12-31", 422, "invalid"),
        ("service=contract&count=9", 422, "too_long"),
        ("", 422, "invalid"),
    ],
)
def test_what_cannot_be_listed_is_refused_in_words(
    booked_site: Site, query: str, status: int, code: str
) -> None:
    answer = booked_site.get(f"offices/north/slots?{query}")
    assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize(
    "at", ["2026-03-03T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "soon"]
)
def test_a_time_that_is_none_is_refused(booked_site: Site, at: str) -> None:
    answer = booked_site.post("bookings", {"office": "north", "service": "contract", "at": at})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


def test_an_office_without_bookings_says_so(booked_site: Site) -> None:
    for path in ("booking-rules", "slots?service=all", "booking-challenge"):
        answer = booked_site.get(f"offices/south/{path}")
        assert (answer.status_code, answer.json["code"]) == (409, "no_booking")
    infos = {info["code"]: info["bookings"] for info in booked_site.get("offices").json["offices"]}
    assert infos == {"north": True, "south": False}


def test_times_are_the_offices_own_across_zones(site: Site) -> None:
    for zone, utc_hour in (("Europe/Saratov", 4), ("Asia/Almaty", 3), ("Europe/Kaliningrad", 6)):
        cli.import_company(site.store, booking_company({"timezone": zone}), "test")
        day = site.get("offices/north/slots?service=contract&from=2026-03-03&to=2026-03-03").json["days"][0]
        first = day["slots"][0]
        assert (first["time"], first["at"]) == ("08:00", f"2026-03-03T0{utc_hour}:00:00Z")
        made = hold(site, datetime(2026, 3, 3, utc_hour, tzinfo=UTC) + timedelta(minutes=15))
        assert made.status_code == 201
