"""Without the server: which number is next, whether the office is open, and what time it is by the server."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk import offline
from kiosk.server_clock import ServerClock
from server.domain import ids
from server.sdk.messages import OfficeInfo
from server.sdk.terminal_messages import NumberBlock, NumberLease
from tests.kiosk.builders import NOON, FrozenTime, office

HOUR = timedelta(hours=1)
CLOSES = NOON + 5 * HOUR
"""17:00 in the office."""


def lease(*blocks: NumberBlock) -> NumberLease:
    midnight = datetime(2025, 3, 4, 19, 0, tzinfo=UTC)
    return NumberLease(
        day=date(2025, 3, 4), expires_at=midnight, blocks=list(blocks), status_url="http://s/t/"
    )


def block(first: int, last: int, prefix: str = "А", *services: str) -> NumberBlock:
    return NumberBlock(prefix=prefix, first=first, last=last, services=list(services or ("payments",)))


def test_numbers_are_given_in_order_over_all_blocks_of_the_series_and_never_twice() -> None:
    held = lease(block(990, 991), block(960, 961), block(1, 9, "К", "cash"))
    given: set[str] = {"А990"}
    for expected in ("А960", "А961", "А991"):
        number = offline.next_number(held, "payments", given)
        assert number == expected
        given.add(number)
    assert offline.next_number(held, "payments", given) is None
    assert offline.numbers_left(held, "cash", given) == 9
    assert offline.next_number(held, "unknown", given) is None


def test_a_lease_ends_with_the_day_of_the_office() -> None:
    held = lease(block(1, 9))
    assert offline.in_force(held, NOON, "Asia/Almaty")
    assert not offline.in_force(held, held.expires_at, "Asia/Almaty")
    assert not offline.in_force(held, NOON - timedelta(days=1), "Asia/Almaty")


@pytest.mark.parametrize(
    ("snapshot", "at", "opened"),
    [
        (office(closes_at=CLOSES), NOON, True),
        (office(closes_at=CLOSES), CLOSES, False),
        # A short day: the weekly hours go on, what the server said comes first.
        (office(closes_at=NOON), NOON + HOUR, False),
        # Closed in the snapshot, opening as it was told.
        (office(is_open=False, opens_at=NOON), NOON - HOUR, False),
        (office(is_open=False, opens_at=NOON), NOON + HOUR, True),
        (office(is_open=False, opens_at=NOON), CLOSES, False),
        # A holiday with special hours on a weekly day off: the end was never told.
        (office(is_open=False, opens_at=NOON, hours=[]), NOON + HOUR, False),
        (office(is_open=False), NOON, False),
        (office(reception="closed"), NOON, False),
        (office(reception="always_open", is_open=True), CLOSES + 3 * HOUR, True),
    ],
)
def test_what_the_server_said_comes_before_the_weekly_hours(
    snapshot: OfficeInfo, at: datetime, opened: bool
) -> None:
    assert offline.is_open(snapshot, at) is opened


def test_after_the_pause_of_a_divided_day_the_office_is_open_again() -> None:
    hours = [{"weekday": 2, "intervals": [("08:00", "12:00"), ("14:00", "18:00")]}]
    snapshot = OfficeInfo.model_validate(office(closes_at=NOON).model_dump() | {"hours": hours})
    assert not offline.is_open(snapshot, NOON + HOUR)
    assert offline.next_opening(snapshot, NOON + HOUR) == NOON + 2 * HOUR
    assert offline.is_open(snapshot, NOON + 2 * HOUR)
    assert not offline.is_open(snapshot, NOON + 6 * HOUR)


def test_the_page_is_told_whether_it_is_open_now_and_no_waits() -> None:
    shown = offline.as_now(office(closes_at=CLOSES, live_wait_seconds=60), CLOSES + HOUR)
    assert not shown.is_open
    assert shown.closes_at is None
    assert shown.live_wait_seconds is None
    assert [one.expected_wait_minutes for one in shown.services] == [None, None]


def test_codes_and_ids_have_the_form_the_server_gives_its_own() -> None:
    chance = random.Random(5)
    code = offline.ticket_code(chance.choice)
    assert set(code) <= set(ids._LETTERS)
    assert len(code) == ids.CODE_LENGTH
    first = offline.ticket_id(NOON, chance.getrandbits(80))
    later = offline.ticket_id(NOON + timedelta(milliseconds=1), chance.getrandbits(80))
    assert first < later
    assert first[14] == "7"
    noise = chance.randbytes(10)
    assert offline.ticket_id(NOON, int.from_bytes(noise, "big")) == ids.uuid7(NOON, lambda _n: noise)


# --- The clock --------------------------------------------------------------------------------


def test_the_difference_of_the_clocks_is_measured_and_a_jump_of_the_own_clock_moves_nothing() -> None:
    frozen = FrozenTime(ahead=timedelta(minutes=7))
    clock = ServerClock(None, frozen.wall, frozen.steady)
    assert clock.ahead_ms() is None
    clock.compare(frozen.at, frozen.steady(), frozen.steady())
    assert clock.ahead_ms() == 7 * 60_000
    frozen.pass_(minutes=30)
    frozen.ahead = timedelta(hours=-3)
    assert clock.now() == NOON + timedelta(minutes=30)
    assert clock.ahead_ms() == -3 * 3_600_000


def test_a_sharper_comparison_is_kept_until_it_is_old() -> None:
    frozen = FrozenTime()
    clock = ServerClock(None, frozen.wall, frozen.steady)
    clock.compare(frozen.at, frozen.steady(), frozen.steady())
    clock.hear_date(frozen.at + timedelta(seconds=30), frozen.steady(), frozen.steady())
    assert clock.now() == NOON
    frozen.pass_(minutes=11)
    clock.hear_date(frozen.at + timedelta(seconds=30), frozen.steady(), frozen.steady())
    assert clock.now() == frozen.at + timedelta(seconds=30.5)


def test_after_a_restart_the_difference_measured_before_it_holds() -> None:
    frozen = FrozenTime(ahead=timedelta(seconds=90))
    clock = ServerClock(90_000, frozen.wall, frozen.steady)
    assert clock.now() == NOON
    assert clock.ahead_ms() == 90_000
