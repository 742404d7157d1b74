"""How far the expected wait can be trusted: simulated days over thirty seeds, by office and by load."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from server.simulation import estimates
from server.simulation.estimates import Statement
from tests.simulation.offices import an_office_with_weights, demonstration_offices

FIRST = date(2026, 3, 2)
SEEDS = range(100, 130)
DAYS = 8
"""Each load twice."""


@pytest.mark.bench
def test_the_expected_wait_over_thirty_seeds() -> None:
    offices = {**demonstration_offices(), "weights": an_office_with_weights()}
    by_office: dict[str, list[Statement]] = defaultdict(list)
    by_load: dict[str, list[Statement]] = defaultdict(list)
    by_seed: dict[int, list[Statement]] = defaultdict(list)
    for code, office in offices.items():
        for seed in SEEDS:
            for one in estimates.simulate(office, FIRST, DAYS, seed):
                by_office[code].append(one)
                by_load[f"load × {one.load}"].append(one)
                by_seed[seed].append(one)

    found = {name: estimates.accuracy(of) for name, of in (by_office | by_load).items()}
    print(f"\nThe expected wait on simulated days, {len(SEEDS)} seeds")
    print(*estimates.table(found), sep="\n")
    print("Before its rounding outwards the range holds, by load:")
    for name in by_load:
        print(f"  {name}   {_share(found[name].inside_seconds):.1%}")
    of_seeds = sorted(_share(estimates.accuracy(of).inside) for of in by_seed.values())
    print(f"Of all offices together, by seed: {of_seeds[0]:.1%} to {of_seeds[-1]:.1%}")

    for of in found.values():
        assert 0.80 <= _share(of.inside) <= 0.95
        assert _share(of.less) >= 0.25


def _share(value: float | None) -> float:
    assert value is not None
    return value
