"""How long things take: measured times made into a pace, and a pace into a few fixed scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, inf, log, sqrt
from statistics import NormalDist, median_low

ENOUGH_SAMPLES = 5
USUAL_SPREAD = 0.55
"""The spread (standard deviation of the logarithm) of service times before any is measured."""
TRUST_PLAN = 4
"""How many measured times weigh as much as the plan."""
TRUST_SERVICE = 15
"""How many measured times of one hour weigh as much as the service's at any hour."""
TRUST_SPREAD = 10
"""How many measured times weigh as much as the usual spread."""
FAR_DEVIATIONS = 2.5
FAR_TAIL = 0.995
SCENARIOS = 24

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Pace:
    """How long a thing takes: the middle, the spread of the logarithm, and how unsure the middle is."""

    seconds: float
    spread: float
    doubt: float


def pace_of(samples: Iterable[tuple[int, float]], hour: int, planned: float) -> Pace:
    """The pace of a service at a local ``hour`` from measured ``(local hour, seconds)`` and the plan.

    Robust: logarithms, the far ones drawn in. With few measurements of the hour it leans on the whole
    service, with few of the service on the planned seconds.
    """
    logs = [(at, log(max(1.0, seconds))) for at, seconds in samples]
    values = sorted(value for _, value in logs)
    low, high = _bounds(values)
    drawn = [(at, min(max(value, low), high)) for at, value in logs]
    n = len(drawn)
    middle = (sum(value for _, value in drawn) + TRUST_PLAN * log(planned)) / (n + TRUST_PLAN)
    own = [value for at, value in drawn if at == hour]
    variance = sum((value - middle) ** 2 for _, value in drawn) if n >= ENOUGH_SAMPLES else 0.0
    counted = n if n >= ENOUGH_SAMPLES else 0
    spread = sqrt((variance + TRUST_SPREAD * USUAL_SPREAD**2) / (counted + TRUST_SPREAD))
    at_hour = (sum(own) + TRUST_SERVICE * middle) / (len(own) + TRUST_SERVICE)
    return Pace(exp(at_hour), spread, spread / sqrt(n + TRUST_PLAN))


def quantiles(pace: Pace) -> list[float]:
    """What a thing takes in each stratum, from the shortest to the longest."""
    return [pace.seconds * exp(pace.spread * z) for z in normal_points()]


def rest(pace: Pace, elapsed: float, stratum: int) -> float:
    """What is left, in one scenario, of what has lasted ``elapsed`` seconds already."""
    part = (stratum + 0.5) / SCENARIOS
    middle = log(pace.seconds)
    before = _NORMAL.cdf((log(elapsed) - middle) / pace.spread) if elapsed > 0 else 0.0
    if before > FAR_TAIL:
        # Longer than nearly all before it: the longer it lasts, the longer it will last.
        return -log(1 - part) * elapsed * pace.spread / _NORMAL.inv_cdf(FAR_TAIL)
    share = before + (1 - before) * part
    return max(0.0, exp(middle + pace.spread * _NORMAL.inv_cdf(share)) - elapsed)


@cache
def strata(number: int) -> tuple[int, ...]:
    """A fixed shuffle of the strata: over all scenarios everybody meets each stratum once."""
    # A linear congruential generator (Knuth's MMIX constants): always the same shuffle for a number.
    state = number * 0x9E3779B97F4A7C15 + 1
    strata = list(range(SCENARIOS))
    for last in range(SCENARIOS - 1, 0, -1):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        other = (state >> 33) % (last + 1)
        strata[last], strata[other] = strata[other], strata[last]
    return tuple(strata)


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    """Where sorted logarithms are cut: a few robust deviations from the median."""
    if len(values) < ENOUGH_SAMPLES:
        return -inf, inf
    middle = median_low(values)
    deviation = (values[len(values) * 3 // 4] - values[len(values) // 4]) / 1.349
    return middle - FAR_DEVIATIONS * deviation, middle + FAR_DEVIATIONS * deviation


@cache
def normal_points() -> tuple[float, ...]:
    """The middles of the strata of a normal distribution, in deviations from its mean."""
    return tuple(_NORMAL.inv_cdf((k + 0.5) / SCENARIOS) for k in range(SCENARIOS))
