"""How the image of the rating pad starts in simavr: who it is then, and what it still knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware_bridge import catalog
from firmware_bridge.catalog import Said
from firmware_bridge.line_protocol import Arm, Pressed, State
from tests.firmware.bench import Bench, Unit
from tests.firmware.native import hello

Put = Callable[..., Bench]
ALL_KEYS = {1, 2, 3, 4, 5}


def test_a_key_that_is_stuck_is_one_press_and_none_at_the_next_start(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.3)
    bench.touch(1, True)
    bench.run(3)
    assert bench.presses() == [(1, 1)]
    bench.tell("power 0")
    bench.run(3)
    assert bench.presses() == [(1, 1)]
    bench.press(2)
    assert bench.presses() == [(1, 1), (1, 2)]


def test_a_hanging_pad_starts_anew_in_the_middle_of_a_press_without_a_false_one(put: Put) -> None:
    bench = put(Unit())
    bench.line.want(1, Arm(True), bench.now)
    bench.run(0.5)
    before = bench.identity()["boot"]
    bench.touch(3, True)
    bench.run(0.01)
    bench.tell("hang 0")
    bench.run(3)
    assert bench.seen[0].resets == 2
    assert bench.identity()["boot"] == before + 1
    assert bench.presses() == []
    # What it was told is told again.
    assert bench.seen[0].lamps == ALL_KEYS
    bench.touch(3, False)
    bench.run(0.1)
    bench.press(3)
    assert bench.presses() == [(1, 3)]


def test_presses_kept_before_a_watchdog_reset_arrive_after_it_once(put: Put) -> None:
    bench = put(Unit())
    bench.run(0.3)
    bench.keep = False
    bench.press(3)
    bench.press(1)
    bench.run(0.5)
    # The bridge has the first one on disk, but its receipt does not arrive any more.
    told = {event.boot for event in bench.events if isinstance(event, Pressed)}
    bench.tell("hang 0")
    bench.alone(10_000)
    bench.keep = True
    bench.run(3)
    assert bench.seen[0].resets == 2
    assert set(bench.presses()) == {(1, 3), (2, 1)}
    assert {event.boot for event in bench.events if isinstance(event, Pressed)} == told
    last = [event for event in bench.events if isinstance(event, Pressed)][-1]
    assert last.age_seconds == pytest.approx(10.6, abs=1.5)
    assert State.TWO_DEVICES not in bench.states()
    # All told: the next reset has a number of its own.
    bench.tell("hang 0")
    bench.run(3)
    assert {bench.identity()["boot"]}.isdisjoint(told)


@pytest.mark.parametrize("cut", ["power", "dip"])
def test_after_a_power_cut_nothing_is_left_of_what_was_not_told(put: Put, cut: str) -> None:
    bench = put(Unit())
    bench.run(0.3)
    before = bench.identity()["boot"]
    bench.touch(3, True)
    bench.alone(20)
    bench.tell(f"{cut} 0")
    bench.touch(3, False)
    bench.run(3)
    assert bench.presses() == []
    bench.alone(10)
    bench.touch(3, True)
    bench.alone(30)
    bench.touch(3, False)
    # Nobody knows how long it was without power, so nobody knows whose visit an old press is for.
    bench.tell(f"{cut} 0")
    bench.run(3)
    assert bench.presses() == []
    assert bench.identity()["boot"] == before + 2


def test_a_newer_bridge_is_told_the_version_and_finds_nothing_else_out(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = put(Unit())
    monkeypatch.setattr(catalog, "VERSION", 3)
    monkeypatch.setattr(catalog, "OLDEST_VERSION", 2)
    bench.press(1)
    bench.run(6)
    assert bench.presses() == []
    assert State.ONLINE not in bench.states()
    assert bench.identity()["version"] == 1
    refused = [catalog.decode(frame) for frame in bench.ask(catalog.encode(1, 9, Said("poll")))]
    assert refused == [Said("refused", {"type": 2, "reason": 1})]
    monkeypatch.undo()
    bench.run(6)
    assert bench.states()[-1] is State.ONLINE
    assert bench.presses() == [(1, 1)]


@pytest.mark.parametrize(
    ("switches", "eeprom", "address"),
    [
        (0, b"", 1),
        (6, b"", 7),
        (31, b"", 32),
        (6, b"\x00\x00\x00\x01\x14", 20),
        (6, b"\x00\x00\x00\x01\x21", 7),
    ],
    ids=["all open", "set to 7", "all closed", "from EEPROM", "nonsense in EEPROM"],
)
def test_its_address_is_set_by_switches_or_in_eeprom(
    put: Put, switches: int, eeprom: bytes, address: int
) -> None:
    bench = put(Unit("rating_pad", switches, eeprom))
    answered = [other for other in (1, 7, 20, 32, 33) if bench.ask(hello(address=other))]
    assert answered == [address]


def test_starts_are_counted_round_the_eeprom_and_a_write_cut_short_is_passed_over(put: Put) -> None:
    bench = put(Unit())
    boots = []
    for _ in range(70):
        said = catalog.decode(bench.ask(hello())[0])
        assert said is not None
        boots.append(said.numbers["boot"])
        bench.tell("power 0")
        bench.alone(60)
    assert boots == list(range(1, 71))
    slots = bench.tell("eeprom 0 16 96")[0]
    assert "FF" * 3 not in [slots[at : at + 6] for at in range(0, len(slots), 6)]
    # The newest slot was half written when power went: its check is wrong.
    newest = 16 + 71 % 32 * 3
    bench.tell(f"write 0 {newest + 1} 99")
    bench.tell("power 0")
    bench.alone(60)
    said = catalog.decode(bench.ask(hello())[0])
    assert said is not None
    assert said.numbers["boot"] == 71
