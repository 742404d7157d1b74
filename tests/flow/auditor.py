"""An auditor with nothing but the raw log: checks the chain and works the figures out by hand.

Imports nothing of the product: these are the published rules, written down a second time.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

Event = dict[str, Any]


def verify_chain(events: list[Event]) -> None:
    """Each row's hash is SHA-256 over the hash before it and the row's own content; no row is missing."""
    previous = "0" * 64
    for place, event in enumerate(events, start=1):
        assert event["seq"] == place
        payload = json.dumps(event["payload"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        names = ("office", "seq", "at", "kind", "visit", "desk", "actor")
        content = [previous, *(event[name] for name in names), payload]
        line = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        assert event["hash"] == hashlib.sha256(line.encode()).hexdigest(), f"row {place} was changed"
        previous = event["hash"]


def monthly_figures(events: list[Event], timezone: str) -> dict[tuple[int, int], dict[str, Any]]:
    """Served visits of one leg by the local month in which service began: sums, averages, marks."""
    zone = ZoneInfo(timezone)
    by_visit: dict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        if event["visit"]:
            by_visit[event["visit"]][event["kind"]] = event
    months: dict[tuple[int, int], list[tuple[int, int, int | None, bool]]] = defaultdict(list)
    for seen in by_visit.values():
        if "service_finished" not in seen:
            continue
        came, began, ended = (
            _at(seen[kind]) for kind in ("ticket_issued", "service_started", "service_finished")
        )
        if "issued_at" in seen["ticket_issued"]["payload"]:
            # Given while the server was out of reach: the wait runs from the real moment.
            came = datetime.fromisoformat(seen["ticket_issued"]["payload"]["issued_at"])
        local = began.astimezone(zone)
        mark = seen["rated"]["payload"]["score"] if "rated" in seen else None
        waited = int((began - came).total_seconds())
        over = waited > seen["ticket_issued"]["payload"]["limit"]
        months[local.year, local.month].append((waited, int((ended - began).total_seconds()), mark, over))
    return {month: _figures(visits) for month, visits in months.items()}


def _figures(visits: list[tuple[int, int, int | None, bool]]) -> dict[str, Any]:
    waits, services = sum(visit[0] for visit in visits), sum(visit[1] for visit in visits)
    marks = [mark for _, _, mark, _ in visits if mark is not None]
    over = sum(over for *_, over in visits)
    return {
        "served": len(visits),
        "wait_seconds": waits,
        "service_seconds": services,
        "average_wait_minutes": _rounded(Decimal(waits) / 60 / len(visits), "0.1"),
        "average_service_minutes": _rounded(Decimal(services) / 60 / len(visits), "0.1"),
        "over_limit_percent": _rounded(Decimal(100 * over) / len(visits), "0.1"),
        "rated": len(marks),
        "average_score": _rounded(Decimal(sum(marks)) / len(marks), "0.01") if marks else None,
    }


def _rounded(value: Decimal, step: str) -> float:
    return float(value.quantize(Decimal(step), ROUND_HALF_UP))


def _at(event: Event) -> datetime:
    return datetime.fromisoformat(event["at"])
