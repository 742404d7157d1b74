"""A generated company is one that people could have made: its log, rows and sums are what real acts leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from server import cli, trial_company
from server.db import event_log, migrate, queries, tables
from server.db.engine import connect
from server.db.store import Store
from server.domain import moves
from server.domain.events import Event, Kind
from server.domain.visit import TERMINAL, State, Step, Visit

YEAR = 2025
OFFICES, VISITS = 3, 2400

Told = tuple[Visit, Event]


def generated(url: str, visits: int = VISITS, seed: int = 1) -> Store:
    store = Store(connect(url))
    migrate.upgrade(store.engine)
    made = trial_company.generate(store, OFFICES, visits, YEAR, seed, lambda _line: None)
    assert made == visits
    return store


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A small company of the kind, on SQLite."""
    store = generated(f"sqlite:///{tmp_path_factory.mktemp('trial')}/talon.sqlite")
    yield store
    store.engine.dispose()


def run(store: Store, monkeypatch: pytest.MonkeyPatch, *command: str) -> int:
    monkeypatch.setenv("TALON_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    return cli.main([*command], lambda _settings: 0)


def logs(store: Store) -> dict[str, list[Event]]:
    with store.read() as connection:
        heads = queries.heads(connection)
        return {head.office: [row.event for row in event_log.read(connection, head.office)] for head in heads}


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_its_log_is_whole_and_its_sums_are_those_of_the_log(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = generated(database_url, visits=600)
    assert run(store, monkeypatch, "log", "verify") == 0
    assert run(store, monkeypatch, "figures", "recompute", "--check") == 0, capsys.readouterr().out
    store.engine.dispose()


def test_every_event_and_row_of_a_visit_is_what_the_real_moves_make(trial: Store) -> None:
    with trial.read() as connection:
        rows = connection.execute(select(tables.visit)).all()
        kept = {
            row.id: Visit(**{name: getattr(row, name) for name in Visit.__dataclass_fields__}) for row in rows
        }
    made: dict[str, Visit] = {}
    for office, events in logs(trial).items():
        for event in events:
            if event.visit is None or event.kind not in MOVES:
                continue
            stored = kept[event.visit]
            before = made.get(event.visit, stored)
            assert before.office == office
            made[event.visit], told = MOVES[event.kind](before, event)
            assert told == event
    assert made == kept


def test_every_end_of_a_visit_is_there_and_most_are_served(trial: Store) -> None:
    with trial.read() as connection:
        visits = connection.execute(select(tables.visit)).all()
    states = Counter(visit.state for visit in visits)
    ends = (State.SERVED, State.NO_SHOW, State.CANCELLED, State.ANNULLED, State.CLOSED_UNSERVED)
    assert set(states) == set(ends)
    assert states[State.SERVED] > 0.85 * len(visits)
    for what in ("incomplete", "ticketless", "booked_for", "category", "absent_ms", "repeated_ms", "held_ms"):
        assert any(getattr(visit, what) for visit in visits), what
    assert len({visit.operator for visit in visits}) > len({visit.desk for visit in visits})


def test_people_come_while_their_office_is_open_by_its_own_clock(trial: Store) -> None:
    with trial.read() as connection:
        offices = {
            head.office: trial.book.office(connection, head.version) for head in queries.heads(connection)
        }
    assert len({str(office.zone) for office in offices.values()}) == OFFICES
    issued = [
        (offices[code], event.at)
        for code, events in logs(trial).items()
        for event in events
        if event.kind is Kind.TICKET_ISSUED
    ]
    assert all(office.schedule.is_open(at, office.zone) for office, at in issued)
    assert {at.astimezone(office.zone).month for office, at in issued} == set(range(1, 13))


def test_the_times_of_a_log_never_run_back(trial: Store) -> None:
    for events in logs(trial).values():
        moments: list[datetime] = [event.at for event in events]
        assert moments == sorted(moments)


def test_the_same_seed_makes_the_same_and_another_seed_something_else(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    found = []
    for number, seed in enumerate((5, 5, 6)):
        store = generated(f"sqlite:///{tmp_path_factory.mktemp('seed')}/{number}.sqlite", 300, seed)
        with store.read() as connection:
            found.append([head.last_hash for head in queries.heads(connection)])
        store.engine.dispose()
    assert found[0] == found[1]
    assert not set(found[0]) & set(found[2])


def test_a_database_that_is_not_empty_is_left_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(store, monkeypatch, "generate", "--offices", "1", "--visits", "10") == 2
    assert "not empty" in capsys.readouterr().err
    with store.read() as connection:
        assert [head.office for head in queries.heads(connection)] == ["north", "south"]


def test_an_engineer_makes_a_trial_database_by_one_command(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = Store(connect(f"sqlite:///{tmp_path_factory.mktemp('command')}/talon.sqlite"))
    asked = ["generate", "--offices", "2", "--visits", "100", "--year", str(YEAR)]
    assert run(store, monkeypatch, *asked) == 0
    assert "100 visits of 2 offices in 2025" in capsys.readouterr().out
    with store.read() as connection:
        assert len(queries.heads(connection)) == 2
    store.engine.dispose()


# --- the real moves, with what the log says of each ---


def _issue(visit: Visit, event: Event) -> Told:
    facts = event.payload
    booked_for = facts.get("booked_for")
    return moves.issue(
        visit_id=visit.id,
        office=visit.office,
        day=visit.day,
        number=facts["number"],
        service=facts["service"],
        code=visit.code,
        language=facts["language"],
        category=facts["category"],
        at=event.at,
        actor=event.actor,
        booked_for=datetime.fromisoformat(booked_for) if booked_for else None,
        channel=facts.get("channel", TERMINAL),
        limit=facts["limit"],
    )


def _without_ticket(visit: Visit, event: Event) -> Told:
    return moves.serve_without_ticket(
        visit_id=visit.id,
        office=visit.office,
        day=visit.day,
        number=event.payload["number"],
        service=event.payload["service"],
        code=visit.code,
        language=event.payload["language"],
        desk=str(event.desk),
        operator=event.actor,
        at=event.at,
    )


def _call(visit: Visit, event: Event) -> Told:
    facts = event.payload
    return moves.call(
        visit,
        desk=str(event.desk),
        operator=event.actor,
        call_id=facts["call"],
        at=event.at,
        why=facts["why"],
    )


def _hold(visit: Visit, event: Event) -> Told:
    until = datetime.fromisoformat(event.payload["until"])
    return moves.hold(visit, reason=event.payload["reason"], until=until, operator=event.actor, at=event.at)


def _transfer(visit: Visit, event: Event) -> Told:
    steps = tuple(Step(**step) for step in event.payload["steps"])
    return moves.transfer(visit, steps=steps, operator=event.actor, at=event.at)


def _operators(move: Callable[..., Any]) -> Callable[[Visit, Event], Told]:
    return lambda visit, event: move(visit, operator=event.actor, at=event.at)


def _anybodys(move: Callable[..., Any]) -> Callable[[Visit, Event], Told]:
    return lambda visit, event: move(visit, actor=event.actor, at=event.at)


MOVES: dict[Kind, Callable[[Visit, Event], Told]] = {
    Kind.TICKET_ISSUED: _issue,
    Kind.SERVED_WITHOUT_TICKET: _without_ticket,
    Kind.TICKET_CALLED: _call,
    Kind.TICKET_RECALLED: lambda visit, event: moves.recall(
        visit, operator=event.actor, call_id=event.payload["call"], at=event.at
    ),
    Kind.SERVICE_STARTED: _operators(moves.start),
    Kind.SERVICE_FINISHED: _operators(moves.finish),
    Kind.NO_SHOW: _operators(moves.no_show),
    Kind.NO_SHOW_RESTORED: _anybodys(moves.restore),
    Kind.CALL_GIVEN_BACK: _anybodys(moves.give_back),
    Kind.TICKET_HELD: _hold,
    Kind.TICKET_RETURNED: _anybodys(moves.return_held),
    Kind.TICKET_TRANSFERRED: _transfer,
    Kind.TICKET_CANCELLED: _anybodys(moves.cancel),
    Kind.TICKET_ANNULLED: lambda visit, event: moves.annul(
        visit, reason=event.payload["reason"], actor=event.actor, at=event.at
    ),
    Kind.CLOSED_UNSERVED: _anybodys(moves.close_at_day_end),
    Kind.SERVICE_UNFINISHED: _anybodys(moves.close_at_day_end),
}
