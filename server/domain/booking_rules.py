"""How an office takes bookings: what can be booked, in which pools of places, when, and who may come when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from server.domain.opening_hours import Interval, intervals

PUBLIC, STAFF = "public", "staff"
"""For whom a place is kept. Staff may also take what is the public's; what is neither is for walk-ins."""


@dataclass(frozen=True)
class Pool:
    """Places at the same time that some services share: desks, the head's reception, a Client Day.

    ``public`` and ``staff`` are the places at once, possibly a fraction: half a place is open half of the
    time. ``whole_run`` is the longest single booking in the pool: a fraction opens so much in one piece.
    ``hours`` and ``dates`` are the pool's own, by weekday (1 = Monday) and by date; without any the
    desks' hours of the office hold.
    """

    code: str
    services: tuple[str, ...]
    public: Fraction
    staff: Fraction
    slot_minutes: int
    whole_run_minutes: int
    horizon_days: int
    prefix: str | None = None
    hours: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    dates: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class BookedService:
    """A service that can be booked: how long one takes, how long one visitor may book in all, by whom."""

    code: str
    minutes: int
    longest_minutes: int
    by_public: bool = True

    @property
    def most(self) -> int:
        """How many matters one visitor may book at once."""
        return min(10, max(1, self.longest_minutes // self.minutes))


@dataclass(frozen=True)
class BookingRules:
    """The bookings of one office. Times in minutes. ``missed_after``: ``None`` is the end of the day."""

    services: Mapping[str, BookedService]
    pools: tuple[Pool, ...]
    lead: int
    release: int
    hold: int
    early: int
    late: int
    late_keeps_turn: bool
    missed_after: int | None
    check_in: bool
    prefix: str | None
    contact: str
    confirm_by: str
    remind: tuple[int, ...]
    kept_days: int
    proof_of_work: bool
    consent: Mapping[str, str]
    consent_version: str

    def pool_of(self, service: str) -> Pool | None:
        """The pool a service takes its places from; ``None`` when it has none: no desk gives it."""
        return next((pool for pool in self.pools if service in pool.services), None)

    def length(self, service: str, count: int) -> timedelta:
        """How long a booking of so many matters takes."""
        return timedelta(minutes=self.services[service].minutes * count)


def rules_from_document(document: Mapping[str, Any]) -> BookingRules | None:
    """The rules of an office's stored document; ``None``: it takes no bookings."""
    written = document.get("bookings")
    if not written:
        return None
    services = _services(document, written)
    return BookingRules(
        services=services,
        pools=(*_own_pools(written, services), *_desk_pools(document, written, services)),
        lead=written["lead_minutes"],
        release=written["release_minutes"],
        hold=written["hold_minutes"],
        early=written["early_minutes"],
        late=written["late_minutes"],
        late_keeps_turn=written["late_keeps_turn"],
        missed_after=written["missed_after_minutes"],
        check_in=written["check_in"],
        prefix=written["prefix"],
        contact=written["contact"],
        confirm_by=written["confirm_by"],
        remind=tuple(written["remind_minutes"]),
        kept_days=written["kept_days"],
        proof_of_work=written["proof_of_work"],
        consent=written["consent"],
        consent_version=written["consent_version"],
    )


def _services(document: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, BookedService]:
    """The bookable services: those named, else all; one given in steps of its pool's slot."""
    told = {one["service"]: one for one in written["services"]}
    steps = {code: pool["slot_minutes"] for pool in written["pools"] for code in pool["services"]}
    found = {}
    for service in document["services"]:
        code = service["code"]
        if (told and code not in told) or service["state"] == "information":
            continue
        one = told.get(code, {})
        step = steps.get(code, written["slot_minutes"])
        minutes = one.get("minutes") or -(-service["norm_seconds"] // 60 // step) * step
        longest = max(minutes, one.get("longest_minutes") or written["longest_minutes"])
        found[code] = BookedService(code, minutes, longest, one.get("by_public", True))
    return found


def _own_pools(written: Mapping[str, Any], services: Mapping[str, BookedService]) -> list[Pool]:
    found = []
    for pool in written["pools"]:
        mine = tuple(code for code in pool["services"] if code in services)
        found.append(
            Pool(
                pool["code"],
                mine,
                Fraction(pool["public"]),
                Fraction(pool["staff"]),
                pool["slot_minutes"],
                max((services[code].minutes for code in mine), default=pool["slot_minutes"]),
                pool["horizon_days"] or written["horizon_days"],
                pool["prefix"],
                {int(day): intervals(pairs) for day, pairs in pool["hours"].items()},
                {date.fromisoformat(day): intervals(pairs) for day, pairs in pool["dates"].items()},
            )
        )
    return found


def _desk_pools(
    document: Mapping[str, Any], written: Mapping[str, Any], services: Mapping[str, BookedService]
) -> list[Pool]:
    """One pool for all services that the very same desks give. A desk in several pools is divided evenly.

    So all pools together never promise more than the desks can do.
    """
    taken = {code for pool in written["pools"] for code in pool["services"]}
    groups: dict[frozenset[str], list[str]] = {}
    for code in services:
        if code in taken:
            continue
        desks = frozenset(
            desk["id"]
            for desk in document["desks"]
            if code in desk["services"] and code not in desk.get("when_idle", ())
        )
        if desks:
            groups.setdefault(desks, []).append(code)
    found = []
    for desks, codes in groups.items():
        share = sum((Fraction(1, sum(desk in other for other in groups)) for desk in desks), Fraction(0))
        found.append(
            Pool(
                codes[0],
                tuple(codes),
                share * written["public_percent"] / 100,
                share * written["staff_percent"] / 100,
                written["slot_minutes"],
                max(services[code].minutes for code in codes),
                written["horizon_days"],
            )
        )
    return found
