"""Somebody outside the company: makes the figures from an exported log by docs/methodology.en.md alone.

Imports nothing of the product and reads nothing but the export. Section numbers are the document's.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

Line = dict[str, Any]
Month = tuple[str, int, int]
"""Office, year and month."""


@dataclass
class Visit:
    """Section 2: what is kept for each visit. Moments and sums are whole milliseconds."""

    issue: int
    joined: int
    ticketless: bool = False
    started: int | None = None
    leg: int | None = None
    holding: int | None = None
    missed: int | None = None
    served: int = 0
    held: int = 0
    away: int = 0
    end: str | None = None
    ended: int = 0
    limit: int | None = None
    first_call: int | None = None
    corrected: dict[str, Any] | None = None


@dataclass
class Figures:
    """Section 4: numbers and sums of one office and month."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __add__(self, other: Figures) -> Figures:
        names = {*self.counts, *other.counts}
        return Figures(defaultdict(int, {name: self.counts[name] + other.counts[name] for name in names}))

    @property
    def waiting(self) -> float | None:
        """Mean waiting in minutes."""
        return minutes(self.counts["wait"], self.counts["served"])

    @property
    def service(self) -> float | None:
        """Mean service in minutes."""
        return minutes(self.counts["service"], self.counts["served"] + self.counts["ticketless"])

    @property
    def over(self) -> float | None:
        """Share over the limit, percent."""
        return share(self.counts["over"], self.counts["limited"])

    @property
    def over_all(self) -> float | None:
        """Share over the limit including the unserved, percent."""
        over = self.counts["over"] + self.counts["unserved_over"]
        return share(over, self.counts["limited"] + self.counts["unserved_limited"])

    @property
    def came(self) -> int:
        """Who came in person."""
        return self.counts["issued"] - self.counts["annulled"] + self.counts["ticketless"]


def minutes(seconds: int, people: int) -> float | None:
    """Section 4: one decimal, rounded once, half up, from the exact quotient."""
    if people == 0:
        return None
    exact = Decimal(seconds) / Decimal(people * 60)
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def share(part: int, whole: int) -> float | None:
    """Section 4: percent with one decimal, rounded once, half up."""
    if whole == 0:
        return None
    return float((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def check_chain(export: str) -> None:
    """Section 1: every event's hash, no gap, and the end the office line tells."""
    heads: dict[str, Line] = {}
    seen: dict[str, tuple[int, str]] = {}
    for line in map(json.loads, export.splitlines()):
        office = line["office"]
        if "documents" in line:
            heads[office], seen[office] = line, (0, "0" * 64)
            continue
        number, before = seen[office]
        assert line["seq"] == number + 1, f"{office}: event {number + 1} is missing"
        payload = json.dumps(line["payload"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        names = ("office", "seq", "at", "kind", "visit", "desk", "actor")
        text = json.dumps(
            [before, *(line[name] for name in names), payload], ensure_ascii=False, separators=(",", ":")
        )
        assert line["hash"] == hashlib.sha256(text.encode()).hexdigest(), f"{office}: event {line['seq']}"
        seen[office] = (line["seq"], line["hash"])
    for office, head in heads.items():
        assert seen[office] == (head["last_seq"], head["last_hash"]), f"{office}: the export is cut"


def figures(export: str) -> dict[Month, Figures]:
    """The numbers and sums of every office and month in an export."""
    found: dict[Month, Figures] = defaultdict(Figures)
    zones: dict[str, ZoneInfo] = {}
    visits: dict[str, dict[str, Visit]] = defaultdict(dict)
    for line in map(json.loads, export.splitlines()):
        if "documents" in line:
            zones[line["office"]] = ZoneInfo(line["timezone"])
        elif line["visit"]:
            follow(visits[line["office"]], line)
    for office, known in visits.items():
        for visit in known.values():
            if not visit.ticketless:
                found[month(office, visit.issue, zones[office])].counts["issued"] += 1
            if visit.end:
                moment = visit.issue if visit.started is None else visit.started
                settle(visit, found[month(office, moment, zones[office])].counts)
    return found


def follow(visits: dict[str, Visit], line: Line) -> None:
    """Section 2, a line of its table at a time."""
    kind, at, payload = line["kind"], ms(line["at"]), line["payload"]
    if kind == "ticket_issued":
        issue = ms(payload["issued_at"]) if "issued_at" in payload else at
        booked = ms(payload["booked_for"]) if "booked_for" in payload else issue
        visits[line["visit"]] = Visit(issue, max(issue, booked), limit=payload.get("limit"))
    elif kind == "served_without_ticket":
        visits[line["visit"]] = Visit(at, at, ticketless=True, started=at, leg=at)
    if line["visit"] not in visits:
        return
    visit = visits[line["visit"]]
    if kind == "service_started":
        moment = ms(payload["since"]) if "since" in payload else at
        if visit.leg is None:
            visit.leg = moment
            visit.started = moment if visit.started is None else visit.started
        elif visit.holding is not None:
            visit.held += max(0, moment - visit.holding)
        visit.holding = None
    elif kind in ("ticket_called", "ticket_recalled"):
        visit.first_call = at if visit.first_call is None else visit.first_call
    elif kind == "ticket_held":
        visit.holding = at if visit.holding is None else visit.holding
    elif kind in ("ticket_transferred", "ticket_moved"):
        end_leg(visit, at)
    elif kind == "no_show":
        visit.missed, visit.ended, visit.end = at, at, "no_show"
    elif kind == "no_show_restored":
        visit.end = None
        if visit.started is None:
            visit.away += max(0, at - int(visit.missed or at))
    elif kind == "service_finished":
        end_leg(visit, at)
        visit.end, visit.ended = "served", at
    elif kind in ("service_unfinished", "ticket_cancelled", "closed_unserved", "ticket_annulled"):
        visit.end = {"service_unfinished": "excluded", "ticket_annulled": "annulled"}.get(kind, "unserved")
        visit.ended = at
    elif kind == "figures_corrected":
        visit.corrected = payload["new"]


def end_leg(visit: Visit, at: int) -> None:
    """Section 2, below the table."""
    if visit.leg is not None:
        still = max(0, at - visit.holding) if visit.holding is not None else 0
        visit.served += at - visit.leg - visit.held - still
    visit.leg, visit.holding, visit.held = None, None, 0


def settle(visit: Visit, counts: dict[str, int]) -> None:
    """Section 3: the seconds of a visit that has ended, or why it has none."""
    if visit.corrected is not None:
        settle_corrected(visit, visit.corrected, counts)
    elif visit.end != "served" or visit.started is None:
        counts[str(visit.end)] += 1
        if visit.end in ("no_show", "unserved") and visit.limit is not None:
            asked = max(0, (visit.first_call or visit.ended) - visit.joined) // 1000
            counts["unserved_limited"] += 1
            counts["unserved_over"] += asked > visit.limit
    elif visit.ended < visit.started or visit.started < visit.issue:
        counts["excluded"] += 1
    elif visit.ticketless:
        counts["ticketless"] += 1
        counts["service"] += visit.served // 1000
    else:
        wait = max(0, visit.started - visit.joined - visit.away) // 1000
        settle_served(visit, wait, visit.served // 1000, counts)


def settle_corrected(visit: Visit, new: dict[str, Any], counts: dict[str, int]) -> None:
    """Section 2, the line of corrections: what stands instead of the measured figures."""
    if new["excluded"]:
        counts["excluded"] += 1
    elif visit.ticketless:
        counts["ticketless"] += 1
        counts["service"] += new["service"]
    else:
        settle_served(visit, new["wait"], new["service"], counts)


def settle_served(visit: Visit, wait: int, service: int, counts: dict[str, int]) -> None:
    """Sections 3 and 4: somebody was served by ticket."""
    counts["served"] += 1
    counts["wait"] += wait
    counts["service"] += service
    if visit.limit is not None:
        counts["limited"] += 1
        counts["over"] += wait > visit.limit


def ms(text: str) -> int:
    """A moment of the log in milliseconds."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def month(office: str, moment: int, zone: ZoneInfo) -> Month:
    """The calendar month of a moment by the office's clock."""
    local = datetime.fromtimestamp(moment / 1000, zone)
    return office, local.year, local.month
