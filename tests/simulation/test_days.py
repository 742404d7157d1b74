"""A simulated day keeps the real rules: what it counts is what its own events say."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import pairwise

from server.domain import replay
from server.domain.events import FIRST_HASH, Kind, LoggedEvent
from server.domain.visit import State
from server.simulation.day import simulate_day
from server.simulation.habits import Habits
from server.simulation.records import Moment, Pace, SimulatedDay
from tests.simulation.offices import demonstration_offices

MONDAY = date(2026, 3, 2)
OFFICES = demonstration_offices()
OFFICE = OFFICES["zarechny"]


def a_day(seed: int = 1, habits: Habits | None = None, day: date = MONDAY) -> SimulatedDay:
    return simulate_day(OFFICE, day, random.Random(seed), habits)


def test_the_same_chance_gives_the_same_day() -> None:
    assert a_day(3) == a_day(3)
    assert a_day(3) != a_day(4)


def test_on_a_closed_day_nobody_comes() -> None:
    assert a_day(day=date(2026, 3, 1)) == SimulatedDay()


def test_the_sums_and_working_times_are_those_the_events_imply() -> None:
    for code, office in OFFICES.items():
        day = simulate_day(office, MONDAY, random.Random(7))
        rows = [LoggedEvent(code, seq, event, FIRST_HASH) for seq, event in enumerate(day.events, start=1)]
        derived = replay.derive(rows, office.zone)
        assert day.visits
        assert replay.differences(day.totals.rows(), derived.totals.rows()) == []
        assert replay.differences(day.work, derived.work) == []


def test_a_desk_serves_one_visitor_at_a_time() -> None:
    legs = sorted(a_day().legs, key=lambda leg: (leg.desk, leg.started_at))
    for before, after in pairwise(legs):
        assert before.desk != after.desk or before.finished_at <= after.started_at


def test_nobody_is_called_in_the_break_of_the_schedule() -> None:
    calls = [event.at.astimezone(OFFICE.zone) for event in a_day().events if event.kind is Kind.TICKET_CALLED]
    assert calls
    assert [at for at in calls if at.hour == 12] == []


def test_people_miss_their_call_book_and_claim_a_category() -> None:
    habits = Habits(visits_per_desk_hour=5)
    visits = [visit for seed in range(5) for visit in a_day(seed, habits).visits]
    assert 0.01 < sum(visit.state is State.NO_SHOW for visit in visits) / len(visits) < 0.1
    booked = [visit for visit in visits if visit.booked_for]
    assert 0.03 < len(booked) / len(visits) < 0.2
    assert all(visit.joined_at >= visit.booked_for for visit in booked if visit.booked_for)
    assert any(visit.category for visit in visits)


def test_who_watches_sees_only_what_the_server_knows_then() -> None:
    moments: list[tuple[datetime, tuple[int, int]]] = []
    pace: Pace = {}

    def watch(moment: Moment) -> None:
        assert moment.visit in moment.visits
        known = [v.called_at or v.joined_at for v in moment.visits if v.state is State.SERVING]
        assert all(at <= moment.now for at in known)
        assert all(v.finished_at is None for v in moment.visits)
        assert all(v.leg_started_at is None or v.leg_started_at <= moment.now for v in moment.visits)
        measured = sum(len(served) for served in moment.pace.values())
        moments.append((moment.now, (len(moment.visits), measured)))

    day = simulate_day(OFFICE, MONDAY, random.Random(2), pace=pace, watch=watch)
    assert [at for at, _ in moments] == sorted(at for at, _ in moments)
    for now, (_, measured) in moments:
        finished = sum(leg.finished_at <= now for leg in day.legs)
        assert measured <= finished
    issued = sum(event.kind is Kind.TICKET_ISSUED for event in day.events)
    assert len(moments) == issued


def test_more_people_come_on_a_busier_day() -> None:
    calm, busy = a_day(1, Habits(visits_per_desk_hour=1)), a_day(1, Habits(visits_per_desk_hour=5))
    assert len(busy.visits) > 3 * len(calm.visits)


def test_most_are_served_before_two_hours_after_closing() -> None:
    closing = datetime(2026, 3, 2, 17, tzinfo=OFFICE.zone)
    ends = [leg.finished_at for leg in a_day(1, Habits(visits_per_desk_hour=8)).legs]
    assert max(ends) < closing + timedelta(hours=4)
