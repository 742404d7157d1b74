"""Opening hours by the office's own wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.domain.opening_hours import Schedule, local_day

MOSCOW = ZoneInfo("Europe/Moscow")
NINE_TO_FIVE = ((time(9), time(17)),)
SCHEDULE = Schedule(
    weekly={1: NINE_TO_FIVE, 2: NINE_TO_FIVE, 4: NINE_TO_FIVE, 5: ((time(9), time(15)),)},
    breaks={day: ((time(12), time(13)),) for day in range(1, 6)},
    exceptions={date(2026, 3, 9): (), date(2026, 3, 11): ((time(10), time(12)),)},
)


def moscow(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=MOSCOW)


def test_an_office_is_open_from_its_first_minute_and_closed_from_its_last() -> None:
    assert not SCHEDULE.is_open(moscow(2, 8, 59), MOSCOW)
    assert SCHEDULE.is_open(moscow(2, 9), MOSCOW)
    assert SCHEDULE.is_open(moscow(2, 16, 59), MOSCOW)
    assert not SCHEDULE.is_open(moscow(2, 17), MOSCOW)


def test_lunch_closes_desks_but_not_the_hall() -> None:
    assert SCHEDULE.is_open(moscow(2, 12, 30), MOSCOW)
    assert SCHEDULE.desk_hours(date(2026, 3, 2)) == ((time(9), time(12)), (time(13), time(17)))


def test_a_closed_wednesday_opens_next_on_thursday() -> None:
    assert SCHEDULE.next_opening(moscow(4, 10), MOSCOW) == moscow(5, 9)


def test_a_holiday_replaces_the_hours_of_its_date_and_an_extra_day_adds_some() -> None:
    assert not SCHEDULE.is_open(moscow(9, 10), MOSCOW)
    assert SCHEDULE.is_open(moscow(11, 11), MOSCOW)
    assert SCHEDULE.next_opening(moscow(6, 16), MOSCOW) == moscow(10, 9)


def test_the_same_instant_is_open_in_one_zone_and_closed_in_another() -> None:
    instant = datetime(2026, 3, 2, 13, 30, tzinfo=UTC)
    assert SCHEDULE.is_open(instant, MOSCOW)
    assert not SCHEDULE.is_open(instant, ZoneInfo("Asia/Almaty"))


def test_a_week_is_the_sum_of_intervals_less_breaks() -> None:
    assert SCHEDULE.weekly_seconds() == (7 + 7 + 7 + 5) * 3600


def test_a_day_belongs_to_the_offices_zone() -> None:
    assert local_day(datetime(2026, 3, 2, 22, 0, tzinfo=UTC), MOSCOW) == date(2026, 3, 3)


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    assert Schedule(weekly={}).next_opening(moscow(2, 9), MOSCOW) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)))
def test_the_next_opening_is_later_open_and_closed_a_second_before(at: datetime) -> None:
    opening = SCHEDULE.next_opening(at, MOSCOW)
    assert opening is not None
    assert opening > at
    assert SCHEDULE.is_open(opening, MOSCOW)
    assert not SCHEDULE.is_open(opening - timedelta(seconds=1), MOSCOW)
