"""The expected wait on simulated days: how often the range is right, how far off the middle is."""

from __future__ import annotations

from datetime import date

import pytest

from server.simulation import estimates
from server.simulation.estimates import Statement
from tests.simulation.offices import an_office_with_weights, demonstration_offices

FIRST = date(2026, 3, 2)
SEEDS = (11, 12)
DAYS = 8
"""Each load twice."""

OFFICES = {**demonstration_offices(), "weights": an_office_with_weights()}


@pytest.fixture(scope="module")
def statements() -> dict[str, list[Statement]]:
    """By office: what everybody was told, over the seeds."""
    return {
        code: [one for seed in SEEDS for one in estimates.simulate(office, FIRST, DAYS, seed)]
        for code, office in OFFICES.items()
    }


@pytest.mark.parametrize("code", OFFICES)
def test_the_range_told_holds_the_real_wait_in_80_to_95_of_100(
    code: str, statements: dict[str, list[Statement]]
) -> None:
    found = estimates.accuracy(statements[code])
    assert found.visits > 500
    assert found.inside is not None
    assert 0.80 <= found.inside <= 0.95


@pytest.mark.parametrize("code", OFFICES)
def test_the_middle_errs_a_quarter_less_than_people_times_service_time_by_desks(
    code: str, statements: dict[str, list[Statement]]
) -> None:
    found = estimates.accuracy(statements[code])
    assert found.less is not None
    assert found.less >= 0.25


def test_calm_and_overloaded_days_all_keep_to_the_range_before_its_rounding(
    statements: dict[str, list[Statement]],
) -> None:
    for load in estimates.LOADS:
        found = estimates.accuracy([one for of in statements.values() for one in of if one.load == load])
        assert found.inside_seconds is not None
        assert 0.80 <= found.inside_seconds <= 0.95
        assert found.less is not None
        assert found.less >= 0.25


def test_on_days_that_differ_in_load_short_and_long_waits_are_told(
    statements: dict[str, list[Statement]],
) -> None:
    middles = [one.said.middle_seconds for of in statements.values() for one in of if one.said]
    assert min(middles) < 60
    assert max(middles) > 3600


def test_seldom_nothing_can_be_told(statements: dict[str, list[Statement]]) -> None:
    everybody = [one for of in statements.values() for one in of]
    assert sum(one.said is None for one in everybody) < 0.05 * len(everybody)


def test_the_same_seed_gives_the_same_statements() -> None:
    office = OFFICES["sadovy"]
    assert estimates.simulate(office, FIRST, 1, 5) == estimates.simulate(office, FIRST, 1, 5)
    assert estimates.simulate(office, FIRST, 1, 5) != estimates.simulate(office, FIRST, 1, 6)


def test_the_table_names_every_office_and_what_is_not_known() -> None:
    lines = estimates.table({"sadovy": estimates.accuracy([])})
    assert lines[1].split() == ["sadovy", "0", "0", "-", "-", "-", "-", "-"]
