"""From the offices as they stand to what their manager sees now: pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from server.db.hall_now import HallNow
from server.db.today_rows import OfficeNow
from server.domain.dispatch import Place
from server.domain.figures import Sums, average_minutes, share, share_over
from server.domain.office import Desk
from server.domain.visit import AT_DESK, WALK_IN
from server.sdk.figures_messages import (
    CompanyToday,
    DeskCounts,
    DeskToday,
    OfficeMood,
    OfficeToday,
    ServiceToday,
    TodayAlert,
    TodayLoad,
    TodayReport,
)
from server.web import staff_views

_TOGETHER = ("wait_over_limit", "service_over_norm", "idle_desk", "addressee_away")
"""Alerts of which several are told as one: how many, and the longest."""
_ADDED_UP = (
    "over_limit_now", "served", "counted", "wait_seconds", "limited", "over_limit", "bookings_to_come",
)  # fmt: skip
_MOODS: tuple[OfficeMood, ...] = ("over", "watch", "calm", "closed")


def office(one: OfficeNow) -> OfficeToday:
    """One office now."""
    hall = one.hall
    alerts = _alerts(hall)
    done = sum(one.sums.values(), Sums())
    load = _load(hall, hall.places, done, sum(one.to_come.values()))
    return OfficeToday(
        **vars(load),
        office=hall.office.code,
        name=dict(hall.office.name),
        timezone=str(hall.office.zone),
        version=hall.version,
        is_open=hall.is_open,
        mood=_mood(hall, alerts),
        desks=_desk_counts(hall),
        alerts=alerts,
    )


def report(
    offices: Sequence[OfficeToday], at: datetime, only: OfficeNow | None = None, names: Mapping[str, str] = {}
) -> TodayReport:
    """The offices the asker may see, the worst first; with services and desks of ``only``.

    ``names`` are those of its operators, by login.
    """
    return TodayReport(
        at=at,
        office=only.hall.office.code if only else None,
        total=_total(offices),
        offices=sorted(offices, key=_worst_first),
        services=_services(only) if only else [],
        desks=[_desk(only.hall, desk, names) for desk in only.hall.office.desks] if only else [],
    )


def _load(hall: HallNow, places: Sequence[Place], done: Sums, to_come: int) -> TodayLoad:
    waiting = [place.visit for place in places if place.reason != "early"]
    # The limit is of the first wait, as in the figures (domain §7).
    waits = [
        (int((hall.now - visit.queued_at).total_seconds()), hall.office.limit_of(visit))
        for visit in waiting
        if visit.started_at is None
    ]
    longest = max(waits, default=None)
    return TodayLoad(
        waiting=len(waiting),
        over_limit_now=sum(seconds > limit for seconds, limit in waits),
        longest_wait_seconds=longest[0] if longest else None,
        longest_wait_limit_seconds=longest[1] if longest else None,
        live_wait_seconds=hall.live_wait_seconds(places),
        served=done.served + done.ticketless + done.excluded,
        counted=done.served,
        wait_seconds=done.wait_seconds,
        limited=done.limited,
        over_limit=done.wait_over,
        over_limit_share=share_over(done),
        average_wait_minutes=average_minutes(done.wait_seconds, done.served),
        bookings_to_come=to_come,
    )


def _total(offices: Sequence[OfficeToday]) -> CompanyToday:
    longest = max(offices, key=lambda one: one.longest_wait_seconds or -1, default=None)
    waiting = sum(one.waiting for one in offices)
    waited = sum((one.live_wait_seconds or 0) * one.waiting for one in offices)
    added = (
        "over_limit_now",
        "served",
        "counted",
        "wait_seconds",
        "limited",
        "over_limit",
        "bookings_to_come",
    )
    sums = {name: sum(getattr(one, name) for one in offices) for name in added}
    desks = {name: sum(getattr(one.desks, name) for one in offices) for name in DeskCounts.model_fields}
    return CompanyToday(
        **sums,
        waiting=waiting,
        longest_wait_seconds=longest.longest_wait_seconds if longest else None,
        longest_wait_limit_seconds=longest.longest_wait_limit_seconds if longest else None,
        live_wait_seconds=waited // waiting if waiting else None,
        over_limit_share=share(sums["over_limit"], sums["limited"]),
        average_wait_minutes=average_minutes(sums["wait_seconds"], sums["counted"]),
        desks=DeskCounts(**desks),
        alerts=sum(alert.several for one in offices for alert in one.alerts),
        offices_open=sum(one.is_open for one in offices),
    )


def _services(one: OfficeNow) -> list[ServiceToday]:
    """The services that can be taken now, that people wait for or that somebody was given today."""
    hall, found = one.hall, []
    for service in hall.office.services:
        places = [place for place in hall.places if place.visit.service == service.code]
        done = one.sums.get(service.code, Sums())
        taken = service.state_on(hall.office.day(hall.now)) in ("open", "booking_only")
        if not taken and not places and done == Sums():
            continue
        load = _load(hall, places, done, one.to_come.get(service.code, 0))
        found.append(
            ServiceToday(
                **vars(load),
                service=service.code,
                name=dict(service.name),
                desks_open=hall.working_desks(service.code),
                wait_limit_seconds=service.limit_on(WALK_IN, hall.office.day(hall.now)),
            )
        )
    return found


def _alerts(hall: HallNow) -> list[TodayAlert]:
    """The alerts of a hall, several of one kind as one: the longest and how many."""
    found: dict[str, TodayAlert] = {}
    for place, alert in enumerate(hall.alerts):
        key = alert.code if alert.code in _TOGETHER else f"{alert.code} {place}"
        kind = hall.office.desk(alert.desk).kind if alert.desk else None
        told = TodayAlert.model_validate({**staff_views.alert(hall, alert).model_dump(), "kind": kind})
        known = found.get(key)
        if known is None:
            found[key] = told
            continue
        longer = told if (told.seconds or 0) > (known.seconds or 0) else known
        found[key] = longer.model_copy(update={"several": known.several + 1})
    return list(found.values())


def _mood(hall: HallNow, alerts: Sequence[TodayAlert]) -> OfficeMood:
    codes = {alert.code for alert in alerts}
    if codes & {"wait_over_limit", "nobody_serves", "addressee_away"}:
        return "over"
    if codes:
        return "watch"
    return "calm" if hall.is_open or hall.visits else "closed"


def _worst_first(one: OfficeToday) -> tuple[int, int, int, int]:
    excess = (one.longest_wait_seconds or 0) - (one.longest_wait_limit_seconds or 0)
    return (_MOODS.index(one.mood), -one.over_limit_now, -excess, -one.waiting)


def _desk_counts(hall: HallNow) -> DeskCounts:
    busy = {visit.desk for visit in hall.visits if visit.state in AT_DESK}
    states = Counter("busy" if desk.id in busy else hall.desk(desk.id).state for desk in hall.office.desks)
    return DeskCounts(
        busy=states["busy"], free=states["open"], on_break=states["break"], closed=states["closed"]
    )


def _desk(hall: HallNow, desk: Desk, names: Mapping[str, str]) -> DeskToday:
    row, visit = hall.desk(desk.id), hall.at_desk(desk.id)
    return DeskToday.model_validate(
        {
            "desk": desk.id,
            "label": desk.label,
            "kind": desk.kind,
            "state": row.state,
            "busy": visit is not None,
            "operator": names.get(row.operator or "") or row.operator,
            "number": visit.number if visit and not visit.ticketless else None,
            "served_today": row.served_count if row.served_day == hall.office.day(hall.now) else 0,
        }
    )
