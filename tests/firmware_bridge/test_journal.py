"""Presses on disk outlive everything that can happen to the program."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from firmware_bridge import journal as journal_module
from firmware_bridge.journal import Journal, JournalInUse


class Clocks:
    """A wall clock and a steady one, set by hand."""

    def __init__(self) -> None:
        self.wall = 1_700_000_000.0
        self.steady = 50.0

    def journal(self, folder: Path) -> Journal:
        return Journal(folder, lambda: self.wall, lambda: self.steady)

    def run(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def ids(journal: Journal) -> list[str]:
    return [press.id for press in journal.pending()]


def test_a_press_outlives_a_restart_with_its_age_and_order(tmp_path: Path, clocks: Clocks) -> None:
    first = clocks.journal(tmp_path)
    assert first.add("d-1.a.1", "d-1", 5, 2.0)
    clocks.run(10)
    assert first.add("d-1.a.2", "d-1", 1, 0.0)
    first.close()
    clocks.run(3600)
    clocks.steady = 3.0
    second = clocks.journal(tmp_path)
    assert ids(second) == ["d-1.a.1", "d-1.a.2"]
    assert [second.age(press) for press in second.pending()] == [3612.0, 3600.0]
    assert [(press.desk, press.score) for press in second.pending()] == [("d-1", 5), ("d-1", 1)]
    second.close()


def test_the_age_of_a_press_follows_the_steady_clock_not_a_wall_clock_that_jumps(
    tmp_path: Path, clocks: Clocks
) -> None:
    journal = clocks.journal(tmp_path)
    journal.add("d-1.a.1", "d-1", 5, 1.0)
    clocks.wall += 1_000_000
    clocks.steady += 4
    assert journal.age(journal.pending()[0]) == 5.0
    journal.close()


def test_a_press_known_before_is_not_kept_again_handed_in_or_not(tmp_path: Path, clocks: Clocks) -> None:
    journal = clocks.journal(tmp_path)
    assert journal.add("d-1.a.1", "d-1", 5, 0)
    assert not journal.add("d-1.a.1", "d-1", 5, 0)
    journal.handed_in(journal.pending()[0])
    assert not journal.add("d-1.a.1", "d-1", 5, 0)
    journal.close()
    again = clocks.journal(tmp_path)
    assert not again.add("d-1.a.1", "d-1", 5, 0)
    assert again.pending() == []
    again.close()


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_broken_off_by_a_power_cut_costs_only_the_press_that_had_no_receipt(
    cut: int, tmp_path: Path, clocks: Clocks
) -> None:
    journal = clocks.journal(tmp_path)
    for number in (1, 2):
        journal.add(f"d-1.a.{number}", "d-1", 5, 0)
    journal.close()
    path = tmp_path / "presses.journal"
    path.write_bytes(path.read_bytes()[:-cut])
    again = clocks.journal(tmp_path)
    assert ids(again) == (["d-1.a.1", "d-1.a.2"] if cut == 1 else ["d-1.a.1"])
    assert again.add("d-1.a.3", "d-1", 4, 0)
    again.close()
    third = clocks.journal(tmp_path)
    assert ids(third)[-1] == "d-1.a.3"
    third.close()


def test_lines_that_are_not_ours_are_skipped(tmp_path: Path, clocks: Clocks) -> None:
    good = {"press": {"id": "d-1.a.1", "desk": "d-1", "score": 5, "pressed_at": 1.0}}
    bad = {"press": {"id": "d-1.a.2", "desk": "d-1", "score": 9, "pressed_at": 1.0}}
    lines = [b"\xff\x00", b"[]", b"7", b"{}", json.dumps(bad).encode(), json.dumps(good).encode()]
    (tmp_path / "presses.journal").write_bytes(b"\n".join(lines))
    journal = clocks.journal(tmp_path)
    assert ids(journal) == ["d-1.a.1"]
    journal.close()


def test_a_folder_has_one_owner(tmp_path: Path, clocks: Clocks) -> None:
    journal = clocks.journal(tmp_path)
    journal.add("d-1.a.1", "d-1", 5, 0)
    with pytest.raises(JournalInUse, match="belongs to a running bridge"):
        clocks.journal(tmp_path)
    journal.close()
    again = clocks.journal(tmp_path)
    assert ids(again) == ["d-1.a.1"]
    again.close()


def test_a_refused_press_is_set_aside_for_people(tmp_path: Path, clocks: Clocks) -> None:
    journal = clocks.journal(tmp_path)
    journal.add("d-1.a.1", "d-1", 5, 0)
    journal.set_aside(journal.pending()[0], "404 unknown_desk")
    assert journal.pending() == []
    journal.close()
    aside = json.loads((tmp_path / "refused.journal").read_text("utf-8"))
    assert (aside["id"], aside["why"]) == ("d-1.a.1", "404 unknown_desk")


def test_nothing_is_kept_when_the_disk_does_not_take_it(
    tmp_path: Path, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = clocks.journal(tmp_path)
    journal.add("d-1.a.1", "d-1", 5, 0)

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        for _ in range(2):
            with pytest.raises(OSError, match="No space"):
                journal.add("d-1.a.2", "d-1", 5, 0)
    assert ids(journal) == ["d-1.a.1"]
    assert journal.add("d-1.a.2", "d-1", 5, 0)
    journal.close()
    again = clocks.journal(tmp_path)
    assert ids(again) == ["d-1.a.1", "d-1.a.2"]
    again.close()


def test_a_press_is_synced_before_add_returns(
    tmp_path: Path, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = clocks.journal(tmp_path)
    on_disk: list[bytes] = []
    sync = os.fsync

    def remember(fd: int) -> None:
        sync(fd)
        on_disk.append((tmp_path / "presses.journal").read_bytes())

    monkeypatch.setattr(os, "fsync", remember)
    journal.add("d-1.a.1", "d-1", 5, 0)
    assert b"d-1.a.1" in on_disk[-1]
    journal.close()


def test_the_file_is_tidied_when_it_grows(
    tmp_path: Path, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "TIDY_BYTES", 3000)
    monkeypatch.setattr(journal_module, "REMEMBERED", 5)
    journal = clocks.journal(tmp_path)
    journal.add("d-2.a.1", "d-2", 3, 0)
    for number in range(200):
        journal.add(f"d-1.a.{number}", "d-1", 5, 0)
        journal.handed_in(journal.pending()[-1])
    assert (tmp_path / "presses.journal").stat().st_size < 3500
    journal.close()
    again = clocks.journal(tmp_path)
    assert ids(again) == ["d-2.a.1"]
    assert not again.add("d-1.a.199", "d-1", 5, 0)
    again.close()
