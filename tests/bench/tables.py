"""Tables of measured times beside their limits."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """What was measured, in seconds; ``limit`` is the promise for the percentile ``share``, if any."""

    what: str
    seconds: Sequence[float]
    limit: float | None = None
    share: int = 95


def print_table(title: str, rows: Sequence[Measured]) -> None:
    """Print median, p95, p99 and largest in milliseconds, and the promised percentile beside its limit."""
    head = ("", "n", "p50", "p95", "p99", "max", "limit", "of limit")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print(f"\n{title}, ms (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)")
    for line in lines:
        first, *rest = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        print("  " + first.strip().ljust(widths[0]), *rest, sep="  ")


def percentile(seconds: Sequence[float], share: int) -> float:
    """Nearest rank: the value number ceil(share·N/100) of the sorted list."""
    return sorted(seconds)[math.ceil(share * len(seconds) / 100) - 1]


def _cells(row: Measured) -> tuple[str, ...]:
    held = percentile(row.seconds, row.share)
    return (
        row.what,
        str(len(row.seconds)),
        _milliseconds(percentile(row.seconds, 50)),
        _milliseconds(percentile(row.seconds, 95)),
        _milliseconds(percentile(row.seconds, 99)),
        _milliseconds(max(row.seconds)),
        f"p{row.share} {_milliseconds(row.limit)}" if row.limit else "—",
        f"{held / row.limit:.2f}" if row.limit else "—",
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
