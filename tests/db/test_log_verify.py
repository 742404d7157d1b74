"""``talon-server log verify``: one event changed, removed or put elsewhere is found and named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from server import cli
from server.actions import desks, visits
from server.db import tables
from server.db.store import Store

MIDDLE = 12


@pytest.fixture
def log(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A log of some twenty events, as ``talon-server`` finds it by its settings."""
    with store.write("north", "anna") as uow:
        desks.open_desk(uow, "north-1")
    for _ in range(5):
        with store.write("north", "anna") as uow:
            visits.issue_ticket(uow, "contract", None, "ru")
            visits.call_next(uow, "north-1")
            visits.start(uow, "north-1")
            visits.finish(uow, "north-1")
    monkeypatch.setenv("TALON_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    return store


def verified(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """The exit code, and the faults that were named."""
    code = cli.main(["log", "verify"], lambda _settings: 0)
    *faults, summary = capsys.readouterr().out.splitlines()
    assert ("FAULTS" in summary) is bool(faults)
    return code, faults


def change(store: Store, place: int, **values: Any) -> None:
    table = tables.event
    with store.engine.begin() as connection:
        one = (table.c.office == "north", table.c.seq == place)
        assert connection.execute(update(table).where(*one).values(**values)).rowcount == 1


def stored(store: Store, place: int) -> dict[str, Any]:
    table = tables.event
    with store.read() as connection:
        query = select(table).where(table.c.office == "north", table.c.seq == place)
        return dict(connection.execute(query).one()._mapping)


def test_a_changed_event_in_the_middle_is_named(log: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(capsys) == (0, [])
    before = stored(log, MIDDLE)
    changes: list[dict[str, Any]] = [
        {"payload": '{"result":"done"}'},
        {"payload": "this is no JSON"},
        {"payload": f" {before['payload']}"},
        {"kind": "no_such_kind"},
        {"actor": "nobody"},
        {"visit": None},
        {"desk": "north-2"},
        {"hash": "f" * 64},
        {"at": before["at"] + timedelta(hours=1)},
        {"at": before["at"] + timedelta(milliseconds=1)},
        {"at": before["at"] + timedelta(microseconds=1)},
    ]
    for values in changes:
        change(log, MIDDLE, **values)
        code, faults = verified(capsys)
        assert code == 1
        assert faults[0].startswith(f"north: event {MIDDLE} ("), values
        assert "changed" in faults[0]
        change(log, MIDDLE, **before)
    assert verified(capsys) == (0, [])


def test_a_removed_event_is_named(log: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with log.engine.begin() as connection:
        connection.execute(tables.event.delete().where(tables.event.c.seq == MIDDLE))
    assert verified(capsys) == (
        1,
        [f"north: event {MIDDLE} is missing or out of order before {MIDDLE + 1}"],
    )


def test_two_events_that_changed_places_are_named(log: Store, capsys: pytest.CaptureFixture[str]) -> None:
    for before, after in ((MIDDLE, 1000), (MIDDLE + 1, MIDDLE), (1000, MIDDLE + 1)):
        change(log, before, seq=after)
    code, faults = verified(capsys)
    assert code == 1
    for seq in (MIDDLE, MIDDLE + 1):
        assert any(fault.startswith(f"north: event {seq} (") for fault in faults)
