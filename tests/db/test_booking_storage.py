"""Bookings in the database: found by index however many there are, contacts sealed with the key file."""

from __future__ import annotations

import base64
import re
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection

from server.db import booking_rows
from server.db.booking_rows import BookingRows
from server.db.contact_safe import ContactSafe, WrongKey, safe_from_file
from server.db.store import Store
from server.domain.booking import Contact
from server.domain.errors import NotFound
from tests.booking_builders import book, take_bookings
from tests.builders import NINE
from tests.db.test_storage import plans

OF_DAY = "uq_booking_office|sqlite_autoindex_booking_2"
"""The unique code of an office's day, as each database calls its index."""
BY_LINK = "uq_booking_link_hash|sqlite_autoindex_booking_[0-9]"
"""The unique hash of a link."""
IVAN = Contact("Иванов И. И.", "+79271234512", "ivan@mail.example", "a-link", "123456")


def of_office(connection: Connection) -> BookingRows:
    """The rows of the north office."""
    return BookingRows(connection, "north", NINE, ContactSafe(b"k" * 32))


def missing(read: Callable[[], object]) -> None:
    """Read what is not there: only how it is looked for counts."""
    with pytest.raises(NotFound):
        read()


@pytest.mark.parametrize(
    ("read", "table", "index"),
    [
        (lambda c: booking_rows.taken(c, "north", "contract", 0, 9, NINE), "booking_place", "booking_place"),
        (
            lambda c: booking_rows.of_day(c, "north", NINE.date()),
            "booking",
            "booking_office|sqlite_autoindex_booking_2",
        ),
        (lambda c: booking_rows.to_come(c, "north", NINE), "booking", "ix_booking_to_come"),
        (lambda c: booking_rows.not_come(c, "north", NINE), "booking", "ix_booking_to_come"),
        (lambda c: booking_rows.offices_not_come(c, NINE), "booking", "ix_booking_to_come"),
        (lambda c: booking_rows.offices_with_turns(c, NINE, NINE), "visit", "ix_visit_open"),
        (lambda c: missing(lambda: booking_rows.by_link(c, "a link")), "booking", BY_LINK),
        (lambda c: missing(lambda: of_office(c).by_code(NINE.date(), "123456")), "booking", OF_DAY),
        # The few of a day, or those still to come, are looked through for the phone's last digits.
        (
            lambda c: of_office(c).by_phone_tail(NINE.date(), "4512"),
            "booking",
            f"{OF_DAY}|ix_booking_to_come",
        ),
    ],
)
def test_what_booking_reads_is_found_by_index_however_many_there_are(
    store: Store, read: Callable[[Connection], object], table: str, index: str
) -> None:
    (plan,) = plans(store, read, table)
    assert re.search(index, plan)
    assert "Seq Scan" not in plan


def test_a_link_is_found_by_its_hash(store: Store) -> None:
    take_bookings(store)
    made, link = book(store)
    assert booking_rows.link_hash(link) != link
    with store.read() as connection:
        assert booking_rows.by_link(connection, link).id == made.id


def test_a_contact_comes_back_as_it_was_and_only_for_its_booking_and_key() -> None:
    safe, other = ContactSafe(b"k" * 32), ContactSafe(b"o" * 32)
    sealed = safe.seal("one", IVAN)
    assert safe.open("one", sealed) == IVAN
    assert safe.seal("one", IVAN) != sealed
    for wrong, booking, text in (
        (safe, "two", sealed),
        (other, "one", sealed),
        (safe, "one", sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(WrongKey, match="key file"):
            wrong.open(booking, text)
    for part in ("Иванов", "9271234512", "ivan"):
        assert part.encode() not in sealed


def test_contacts_are_compared_by_keyed_hashes_that_another_key_makes_otherwise() -> None:
    safe = ContactSafe(b"k" * 32)
    same = Contact("Другой", IVAN.phone, "IVAN@mail.example", "another")
    assert safe.keys(same) == safe.keys(IVAN)
    assert len(set(safe.keys(IVAN))) == 2
    assert set(safe.keys(IVAN)).isdisjoint(ContactSafe(b"o" * 32).keys(IVAN))
    assert safe.keys(Contact("Н.", None, None, "l")) == []


def test_the_key_is_made_once_for_the_server_alone_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "state" / "contacts.key"
    with ThreadPoolExecutor(8) as starts:
        found = list(starts.map(lambda _n: safe_from_file(path), range(8)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sum(made for _safe, made in found) == 1
    assert len({tuple(safe.keys(IVAN)) for safe, _made in found}) == 1
    assert [child.name for child in path.parent.iterdir()] == ["contacts.key"]


@pytest.mark.parametrize("text", [b"", b"short", base64.b64encode(b"x" * 31), b"\xff" * 44])
def test_a_file_that_is_no_key_is_refused_with_the_cure(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "contacts.key"
    path.write_bytes(text)
    with pytest.raises(ValueError, match="put the right file back"):
        safe_from_file(path)
    assert path.read_bytes() == text
