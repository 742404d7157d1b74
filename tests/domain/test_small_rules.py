"""Numbers, codes: the small rules."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import ids, numbering
from server.domain.errors import Conflict
from tests.builders import NINE


def test_a_number_is_its_prefix_and_three_digits() -> None:
    assert numbering.format_number("А", 7) == "А007"
    assert numbering.format_number("КА", 999) == "КА999"


def test_a_series_ends_instead_of_giving_a_number_twice() -> None:
    assert numbering.next_count(998) == 999
    with pytest.raises(Conflict, match="numbers_used_up"):
        numbering.next_count(999)


@pytest.mark.parametrize("prefix", ["З", "О", "Б", "Ч", "Й", "AБ", "АA", "", "АБВ", "а", "1"])
def test_a_prefix_that_could_be_misread_is_named_as_a_fault(prefix: str) -> None:
    assert numbering.prefix_fault(prefix)


@pytest.mark.parametrize("prefix", ["А", "К", "ТП", "A", "VIP"[:2]])
def test_a_clear_prefix_has_no_fault(prefix: str) -> None:
    assert numbering.prefix_fault(prefix) is None


@given(st.binary(min_size=10, max_size=10), st.integers(0, 10**9))
def test_an_identifier_is_a_uuid_of_version_7_ordered_by_time(noise: bytes, seconds: int) -> None:
    import uuid

    at = NINE + timedelta(seconds=seconds)
    made = uuid.UUID(ids.uuid7(at, lambda _n: noise))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert ids.uuid7(at + timedelta(milliseconds=1), lambda _n: bytes(10)) > str(made)[:13]


def test_a_tickets_code_has_at_least_64_bits_and_nothing_to_misread() -> None:
    code = ids.secret_code(secrets.token_bytes)
    assert len(code) == ids.CODE_LENGTH
    assert 27**ids.CODE_LENGTH > 2**64
    assert not set(code) & set("01loiOIaeuy")
