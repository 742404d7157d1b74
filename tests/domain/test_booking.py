"""Bookings: pools of desks, contacts written and masked, who may come when."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from functools import partial
from itertools import count
from typing import Any

import pytest

from server.domain import booking as bookings
from server.domain.booking import Contact
from server.domain.booking_rules import BookingRules
from server.domain.errors import Invalid
from server.domain.office import office_from_document
from tests.booking_builders import booking_company
from tests.builders import an_office


def rules(changes: dict[str, Any] | None = None, **more: Any) -> BookingRules:
    made = office_from_document(booking_company(changes, **more).documents()[0]).bookings
    assert made is not None
    return made


def test_an_office_without_the_table_takes_no_bookings() -> None:
    assert an_office().bookings is None


def test_services_of_the_same_desks_share_a_pool_with_the_offices_shares() -> None:
    (pool,) = rules(public_percent=40, staff_percent=20).pools
    assert (pool.services, pool.public, pool.staff) == (("contract", "cash"), Fraction(4, 5), Fraction(2, 5))


def test_a_desk_in_several_pools_is_divided_so_that_no_more_is_promised_than_desks_can_do() -> None:
    desks = [{"label": "1", "services": ["contract"]}, {"label": "2", "services": ["contract", "cash"]}]
    found = rules({"desks": desks}, public_percent=60, staff_percent=40).pools
    assert {pool.code: pool.public + pool.staff for pool in found} == {
        "contract": Fraction(3, 2), "cash": Fraction(1, 2),
    }  # fmt: skip


def test_a_desk_that_takes_a_service_only_when_idle_gives_it_no_booking() -> None:
    desks = [{"label": "1", "services": ["contract"], "when_idle": ["cash"]}]
    made = rules({"desks": desks})
    assert made.pool_of("cash") is None
    assert made.pool_of("contract") is not None


def test_a_service_takes_its_norm_rounded_up_to_the_slot_or_what_is_said() -> None:
    made = rules(slot_minutes=20, services=[{"service": "contract"}, {"service": "cash", "minutes": 10}])
    assert (made.services["contract"].minutes, made.services["cash"].minutes) == (20, 10)
    assert (made.services["contract"].most, made.services["cash"].most) == (3, 6)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+7 (927) 123-45-67", "+79271234567"),
        ("8 927 123 45 67", "+79271234567"),
        ("9271234567", "+79271234567"),
        ("77011234567", "+77011234567"),
        ("+49 30 1234567", "+49301234567"),
        ("", None),
        (None, None),
    ],
)
def test_a_phone_is_kept_in_one_way_however_it_is_written(written: str | None, kept: str | None) -> None:
    assert bookings.checked_phone(written) == kept


@pytest.mark.parametrize("written", ["1", "8927123456789012", "call me", "+7927٣٤٥٦٧٨٩", "++79271234567"])
def test_what_is_no_phone_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="bad_phone"):
        bookings.checked_phone(written)


@pytest.mark.parametrize(
    "written", ["ivan", "ivan@", "@mail.example", "i van@mail.example", "a@b", "a@b..c", "a,b@c.example"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="bad_email"):
        bookings.checked_email(written)


def test_lists_show_contacts_masked() -> None:
    contact = Contact("Иванов И. И.", "+79271234512", "ivan@Mail.Example", "link")
    assert contact.masked == ["+7 *** **-12", "i***@Mail.Example"]
    assert bookings.masked_name(contact.name) == "И*** И. И."
    assert bookings.checked_email("Ivan@Mail.Example") == "Ivan@mail.example"


def test_codes_are_six_digits_drawn_until_one_is_free() -> None:
    numbers = count()

    def dice(size: int) -> bytes:
        return next(numbers).to_bytes(size, "big")

    assert bookings.new_code(dice, lambda code: code == "000003") == "000003"
    drawn = [bookings.new_code(partial(int.to_bytes, n * 7919, byteorder="big"), bool) for n in range(256)]
    assert {code[-1] for code in drawn} == set("0123456789")
    assert all(len(code) == 6 for code in drawn)


def test_a_link_has_more_than_96_bits_and_is_stored_as_a_hash() -> None:
    link = bookings.new_link(lambda size: bytes(range(size)))
    assert len(link) == 24
    assert 27**24 > 2**96
    assert link not in bookings.link_hash(link)


def test_a_changed_text_of_consent_is_another_version() -> None:
    assert rules().consent_version != rules(consent={"ru": "Согласен"}).consent_version
    assert rules().consent_version == rules(lead_minutes=5).consent_version
    assert timedelta(minutes=45) == rules().length("contract", 3)
