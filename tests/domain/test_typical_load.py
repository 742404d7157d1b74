"""How full an office usually is: from the same weekday of past weeks, hour by hour of the reception."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from server.domain.typical_load import days_like, typical_hours
from tests.builders import an_office

MONDAY = date(2026, 3, 2)
OFFICE = an_office()  # Mondays 08:00-17:00 in Moscow


def came(*times: tuple[int, str]) -> list[datetime]:
    """Arrivals: so many weeks before the Monday, at a local time."""
    return [
        datetime.combine(MONDAY - timedelta(weeks=weeks), datetime.strptime(at, "%H:%M").time(), OFFICE.zone)
        for weeks, at in times
    ]


def test_the_days_alike_are_the_same_weekday_of_the_last_six_weeks() -> None:
    days = days_like(MONDAY)
    assert days[0] == date(2026, 2, 23)
    assert len(days) == 6
    assert {day.isoweekday() for day in days} == {1}


def test_each_hour_of_reception_has_the_mean_of_those_who_came_in_it_half_up() -> None:
    joined = came((1, "08:10"), (1, "08:20"), (2, "08:59"), (1, "09:00"), (2, "23:30"))
    hours = typical_hours(MONDAY, joined, OFFICE.schedule, OFFICE.zone)
    assert [hour.hour for hour in hours] == list(range(8, 17)), "the hours of reception and no others"
    assert [hour.people for hour in hours[:3]] == [2, 1, 0], "3 / 2 and 1 / 2 are rounded half up"


def test_an_hour_is_calm_or_busy_beside_the_average_hour_of_its_day() -> None:
    even = [(week, f"{hour:02d}:30") for week in (1, 2) for hour in range(8, 17)]
    rush = came(*even, (1, "10:01"), (1, "10:02"), (2, "10:03"))
    quiet = came(*(one for one in even if one[1] != "15:30"))
    loads = {hour.hour: hour.load for hour in typical_hours(MONDAY, rush, OFFICE.schedule, OFFICE.zone)}
    assert (loads[10], loads[9]) == ("busy", "usual")
    loads = {hour.hour: hour.load for hour in typical_hours(MONDAY, quiet, OFFICE.schedule, OFFICE.zone)}
    assert (loads[15], loads[9]) == ("calm", "usual")


def test_of_one_day_alone_and_of_a_day_without_reception_nothing_is_said() -> None:
    assert typical_hours(MONDAY, came((1, "08:10"), (1, "09:10")), OFFICE.schedule, OFFICE.zone) == []
    sunday = MONDAY - timedelta(days=1)
    assert typical_hours(sunday, came((1, "08:10"), (2, "09:10")), OFFICE.schedule, OFFICE.zone) == []
