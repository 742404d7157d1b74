"""The terminal's own name: the same over restarts, another on another machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.machine import machine_name


def test_the_name_stays_over_restarts_and_differs_between_machines(tmp_path: Path) -> None:
    one = machine_name(tmp_path / "one" / "machine")
    assert machine_name(tmp_path / "one" / "machine") == one
    assert machine_name(tmp_path / "two" / "machine") != one


@pytest.mark.parametrize("damaged", ["", "UPPER", "é", "a" * 40])
def test_a_damaged_name_is_replaced(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "machine"
    path.write_text(damaged, "utf-8")
    made = machine_name(path)
    assert len(made) == 12
    assert machine_name(path) == made


def test_a_disk_that_takes_no_writing_still_gives_a_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert len(machine_name(tmp_path / "file" / "machine")) == 12
