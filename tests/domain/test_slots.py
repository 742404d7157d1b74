"""Free times: hours and breaks, shares and walk-ins, zones across midnight and year end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import slots
from server.domain.booking_rules import PUBLIC, STAFF, BookingRules, Pool
from server.domain.office import office_from_document
from server.domain.opening_hours import Schedule
from server.domain.slots import Grid, Place
from tests.booking_builders import booking_company

MOSCOW = ZoneInfo("Europe/Moscow")
TUESDAY = date(2026, 3, 3)
MONDAY_NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEEK = {day: ((time(9), time(18)),) for day in range(1, 6)}
LUNCH = {day: ((time(13), time(14)),) for day in range(1, 6)}


def rules(**changes: object) -> BookingRules:
    office = office_from_document(booking_company(**changes).documents()[0])  # type: ignore[arg-type]
    assert office.bookings is not None
    return office.bookings


def pool(public: str = "1", staff: str = "0", run: int = 15, slot: int = 15, **changes: object) -> Pool:
    made = Pool("desks", ("contract",), Fraction(public), Fraction(staff), slot, run, 14)
    return replace(made, **changes)  # type: ignore[arg-type]


def grid(one: Pool | None = None, zone: ZoneInfo = MOSCOW, **schedule: object) -> Grid:
    hours = {"weekly": WEEK, "breaks": LUNCH, **schedule}
    return Grid(one or pool(), Schedule(**hours), zone)  # type: ignore[arg-type]


def times(
    one: Grid,
    day: date = TUESDAY,
    minutes: int = 15,
    now: datetime = MONDAY_NOON,
    who: str = PUBLIC,
    taken: slots.Taken | None = None,
    **changed: object,
) -> list[str]:
    """The free times of a day by the office's clock."""
    cells = slots.cells_of(timedelta(minutes=minutes))
    (found,) = slots.free_times(one, rules(**changed), cells, [day], taken or {}, now, who)
    return [f"{slot.at.astimezone(one.zone):%H:%M}" for slot in found.slots]


def state(one: Grid, day: date, taken: slots.Taken | None = None) -> str:
    (found,) = slots.free_times(one, rules(), 3, [day], taken or {}, MONDAY_NOON, PUBLIC)
    return found.state


def test_times_lie_in_the_hours_and_not_in_the_break() -> None:
    found = times(grid())
    assert (found[0], found[-1], len(found)) == ("09:00", "17:45", 32)
    assert not [time for time in found if "13:00" <= time < "14:00"]


def test_a_service_longer_than_a_slot_ends_before_the_break_and_before_closing() -> None:
    found = times(grid(pool(run=50)), minutes=50)
    assert found[:2] == ["09:00", "09:15"]
    assert [time for time in found if "12:00" <= time < "14:00"] == ["12:00"]
    assert found[-1] == "17:00"


def test_a_date_that_differs_replaces_the_week_and_its_break() -> None:
    short = grid(exceptions={TUESDAY: ((time(9), time(11)),)})
    assert (times(short)[-1], len(times(short))) == ("10:45", 8)
    assert state(grid(exceptions={TUESDAY: ()}), TUESDAY) == "closed"


def test_hours_that_begin_between_cells_begin_with_the_next_one() -> None:
    odd = grid(weekly={2: ((time(9, 2), time(9, 34)),)}, breaks={})
    assert times(odd) == ["09:05"]


def test_days_are_free_full_or_closed() -> None:
    piece = grid().pieces(TUESDAY)
    all_taken = {cell: (1, 0) for part in piece for cell in range(part.first, part.last)}
    assert state(grid(), TUESDAY) == "free"
    assert state(grid(), TUESDAY, all_taken) == "full"
    assert state(grid(), date(2026, 3, 7)) == "closed"
    assert state(grid(), TUESDAY + timedelta(days=14)) == "closed"


def test_neither_too_soon_nor_beyond_the_horizon() -> None:
    monday = MONDAY_NOON.date()
    assert times(grid(), monday, lead_minutes=60)[0] == "14:00"
    assert times(grid(weekly=WEEK, breaks={}), monday, lead_minutes=61)[0] == "13:15"
    assert times(grid(weekly=WEEK, breaks={}), monday, lead_minutes=61, who=STAFF)[0] == "12:00"
    assert times(grid(), monday + timedelta(days=14))
    assert times(grid(), monday + timedelta(days=15)) == []


def test_what_is_kept_for_staff_is_theirs_until_the_last_minute_release() -> None:
    one = grid(pool("0", "1"))
    assert times(one) == []
    assert len(times(one, who=STAFF)) == 32
    at_ten = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert times(one, now=at_ten, release_minutes=30, lead_minutes=0) == ["10:00", "10:15", "10:30"]


def test_half_a_place_is_every_second_slot_and_walk_ins_have_the_other() -> None:
    assert times(grid(pool("1/2")))[:4] == ["09:00", "09:30", "10:00", "10:30"]


def test_a_fraction_is_open_in_one_piece_so_that_the_longest_service_fits() -> None:
    found = times(grid(pool("2/5", run=30)), minutes=30)
    # Half an hour in each hour and a quarter.
    assert found[:3] == ["09:00", "10:15", "11:30"]


def test_the_word_for_a_time_tells_how_taken_its_hour_is() -> None:
    one = grid(pool("4"))
    first = one.pieces(TUESDAY)[0].first
    taken = {
        cell: (used, 0)
        for start, used in ((0, 1), (12, 2), (24, 3))
        for cell in range(first + start, first + start + 12)
    }
    (day,) = slots.free_times(one, rules(), 3, [TUESDAY], taken, MONDAY_NOON, PUBLIC)
    words = {f"{slot.at.astimezone(MOSCOW):%H}": (slot.load, slot.left) for slot in day.slots}
    assert [words[hour] for hour in ("09", "10", "11", "12")] == [
        ("calm", 3), ("usual", 2), ("usual", 1), ("calm", 4),
    ]  # fmt: skip
    taken = dict.fromkeys(range(first, first + 9), (4, 0))
    (day,) = slots.free_times(one, rules(), 3, [TUESDAY], taken, MONDAY_NOON, PUBLIC)
    assert (day.slots[0].load, day.slots[0].at) == ("usual", slots.moment(first + 9))


def test_own_hours_of_a_reception_replace_the_offices_and_a_holiday_cuts_them() -> None:
    head = pool(slot=30, run=30, hours={1: ((time(15), time(17)),), 3: ((time(18), time(20)),)})
    wednesday = date(2026, 3, 4)
    assert times(grid(head), wednesday, 30) == ["18:00", "18:30", "19:00", "19:30"]
    assert times(grid(head), TUESDAY, 30) == []
    holiday = grid(head, exceptions={wednesday: ()})
    assert times(holiday, wednesday, 30) == []
    short = grid(head, exceptions={wednesday: ((time(9), time(19)),)})
    assert times(short, wednesday, 30) == ["18:00", "18:30"]


def test_a_client_day_is_one_date_even_when_the_office_is_closed() -> None:
    saturday = date(2026, 3, 7)
    client_day = pool(dates={saturday: ((time(10), time(11)),)})
    assert times(grid(client_day), saturday) == ["10:00", "10:15", "10:30", "10:45"]
    assert times(grid(client_day), TUESDAY) == []


@pytest.mark.parametrize(
    ("zone", "first_utc"),
    [
        ("Europe/Saratov", datetime(2026, 12, 31, 5, 0, tzinfo=UTC)),
        ("Asia/Almaty", datetime(2026, 12, 31, 4, 0, tzinfo=UTC)),
        ("Europe/Kaliningrad", datetime(2026, 12, 31, 7, 0, tzinfo=UTC)),
    ],
)
def test_nine_in_the_morning_is_the_offices_own_at_the_year_end(zone: str, first_utc: datetime) -> None:
    one = grid(zone=ZoneInfo(zone))
    day = date(2026, 12, 31)
    now = datetime(2026, 12, 30, 20, 59, tzinfo=UTC)
    (found,) = slots.free_times(one, rules(lead_minutes=0), 3, [day], {}, now, PUBLIC)
    assert found.slots[0].at == first_utc
    assert times(one, date(2027, 1, 1), now=now)[0] == "09:00"


def test_an_evening_up_to_midnight_and_a_morning_from_it_are_two_days() -> None:
    late = {4: ((time(22), time(23, 59)),), 5: ((time(0), time(2)),)}
    one = grid(zone=ZoneInfo("Asia/Almaty"), weekly=late, breaks={})
    thursday, friday = date(2026, 12, 31), date(2027, 1, 1)
    now = datetime(2026, 12, 30, tzinfo=UTC)
    assert (times(one, thursday, now=now)[0], times(one, thursday, now=now)[-1]) == ("22:00", "23:30")
    assert times(one, friday, now=now)[0] == "00:00"
    (found,) = slots.free_times(one, rules(), 3, [friday], {}, now, PUBLIC)
    # Almaty lies five hours ahead: its new year begins on the evening before by UTC.
    assert found.slots[0].at == datetime(2026, 12, 31, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 5), (date(2026, 10, 25), 7), (date(2026, 6, 7), 6)]
)
def test_where_clocks_are_changed_no_time_is_lost_or_given_twice(day: date, hours: int) -> None:
    night = {7: ((time(0), time(6)),)}
    one = grid(zone=ZoneInfo("Europe/Berlin"), weekly=night, breaks={})
    (found,) = slots.free_times(
        one, rules(), 3, [day], {}, datetime(day.year, day.month, day.day - 3, tzinfo=UTC), PUBLIC
    )
    moments = [slot.at for slot in found.slots]
    assert len(set(moments)) == len(moments) == hours * 4
    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(minutes=15)}


def test_a_shifted_schedule_moves_the_times_and_old_bookings_still_count_where_they_overlap() -> None:
    before, after = grid(), grid(weekly={day: ((time(9, 10), time(18)),) for day in WEEK})
    first = slots.cell_of(datetime(2026, 3, 3, 6, 15, tzinfo=UTC))  # 09:15 in Moscow
    assert first is not None
    taken = dict.fromkeys(range(first, first + 3), (1, 0))
    assert times(before, taken=taken)[:2] == ["09:00", "09:30"]
    # 09:10 and 09:25 would overlap it: neither is offered.
    assert times(after, taken=taken)[:2] == ["09:40", "09:55"]


def test_the_nearest_other_times_are_offered_in_order() -> None:
    days = list(slots.free_times(grid(), rules(), 3, [TUESDAY], {}, MONDAY_NOON, PUBLIC))
    wanted = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    found = slots.nearest(days, wanted)
    assert [int((at - wanted).total_seconds() // 60) for at in found] == [-45, -30, -15, 15, 30]


def test_a_place_is_chosen_that_nobody_has_and_an_ended_hold_counts_as_none() -> None:
    now = MONDAY_NOON
    there = [
        Place(7, PUBLIC, 0, "a"),
        Place(7, PUBLIC, 1, "b", now),
        Place(7, PUBLIC, 2, "c", now + timedelta(seconds=1)),
    ]
    found = slots.choose(there, 7, (PUBLIC,), {PUBLIC: 3}, now)
    assert found == Place(7, PUBLIC, 1, "")
    # More are taken than the limit, as after a change of the company's data: none is free.
    assert slots.choose(there, 7, (PUBLIC,), {PUBLIC: 2}, now) is None
    assert slots.choose(there, 7, (PUBLIC, STAFF), {PUBLIC: 2, STAFF: 1}, now) == Place(7, STAFF, 0, "")


def test_what_one_share_has_too_many_the_other_lacks() -> None:
    one = grid(pool("1", "1"))
    first = one.pieces(TUESDAY)[0].first
    over = dict.fromkeys(range(first, first + 3), (0, 2))
    assert times(one, who=STAFF, taken=over)[0] == times(one, taken=over)[0] == "09:15"
    there = [Place(first, STAFF, number, "somebody") for number in range(2)]
    assert slots.choose(there, first, (STAFF, PUBLIC), {PUBLIC: 1, STAFF: 1}, MONDAY_NOON) is None


@given(
    st.integers(1, 40),
    st.integers(1, 20),
    st.sampled_from([5, 10, 15, 30]),
    st.integers(1, 6),
    st.integers(0, 3),
)
def test_walk_ins_always_keep_their_share(part: int, of: int, slot: int, run: int, whole: int) -> None:
    share = whole + Fraction(min(part, of), of) if part <= of else Fraction(whole)
    one = grid(pool(str(share), run=run * slot, slot=slot), breaks={}, weekly={2: ((time(0), time(23, 55)),)})
    (piece,) = one.pieces(TUESDAY)
    given_out = [public for public, _staff in one.capacities(piece)]
    assert max(given_out) <= -(-share // 1)
    # Rounded against walk-ins at most by the one run that is under way.
    assert sum(given_out) <= share * len(given_out) + run * slot // slots.CELL_MINUTES


@given(st.integers(0, 200), st.integers(1, 24))
def test_what_the_list_offers_can_be_taken_and_nothing_else(offset: int, cells: int) -> None:
    one = grid(pool("1/2", run=30))
    first = one.pieces(TUESDAY)[0].first - 50 + offset
    (day,) = slots.free_times(one, rules(), cells, [TUESDAY], {}, MONDAY_NOON, PUBLIC)
    offered = slots.moment(first) in {slot.at for slot in day.slots}
    capacity = one.capacity_of(first, cells)
    assert offered == (capacity is not None and all(public for public, _staff in capacity))
