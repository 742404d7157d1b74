"""Bookings in the company's file: what cannot be meant is refused with its cure."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from server import company
from server.domain.office import office_from_document
from tests.booking_builders import booking_company
from tests.builders import COMPANY


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"public_percent": 70, "staff_percent": 40}, "more than 100 together"),
        ({"release_minutes": 30, "lead_minutes": 60}, "release_minutes has no effect"),
        ({"slot_minutes": 7}, "multiple of 5"),
        ({"prefix": "З"}, "easily confused"),
        ({"services": [{"service": "weather"}]}, "unknown service weather"),
        ({"services": 2 * [{"service": "cash"}]}, "service cash is given twice"),
        ({"services": [{"service": "cash"}], "pools": [{"code": "p", "services": ["contract"]}]}, "name it"),
        ({"pools": [{"code": "p", "services": ["cash"], "public": 0}]}, "has no place"),
        ({"pools": [{"code": p, "services": ["cash"]} for p in "pq"]}, "pool's service cash is given twice"),
        ({"pools": [{"code": "p", "services": ["cash"], "dates": {"2026-03-07": [["12:00", "10:00"]]}}]},
         "intervals must be given in order"),
        ({"consent": {"en": "Yes"}}, "no Russian text"),
        ({"hold_minutes": 0}, "greater than or equal to 1"),
        ({"horizn_days": 3}, "Extra inputs"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_meant_is_refused(rules: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        booking_company(public_percent=rules.pop("public_percent", 50), **rules)


def test_the_table_alone_is_enough_and_its_defaults_make_sense() -> None:
    values = {**COMPANY, "offices": [{**COMPANY["offices"][0], "bookings": {}}]}
    document = company.CompanySettings.model_validate(values).documents()[0]
    rules = office_from_document(document).bookings
    assert rules is not None
    assert (rules.hold, rules.lead, rules.early, rules.late) == (10, 60, 30, 10)
    assert {pool.horizon_days for pool in rules.pools} == {14}
    assert "152-ФЗ" in rules.consent["ru"]
    assert set(rules.consent) == {"ru", "kk", "en"}
