"""Writes on SQLite share a connection and a commit: what goes wrong in one does no harm to the others."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server import company
from server.actions import offices, visits
from server.db import engine as engines
from server.db import event_log
from server.db.store import Store
from server.db.writer import KeptWriter
from server.domain.errors import NotFound
from tests.builders import a_store, changed_company
from tests.programs import until

WRITERS = 8
TICKETS_EACH = 25


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "talon.sqlite"


@pytest.fixture
def store(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The company of the tests on SQLite, where a writer waits for other processes only shortly."""
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.05)
    made = a_store(f"sqlite:///{file}")
    yield made
    made.engine.dispose()


def issue(store: Store) -> str:
    with store.write("north", "kiosk") as uow:
        return visits.issue_ticket(uow, "contract", None, "ru").number


def issue_twice(store: Store, second: str) -> None:
    with store.write("north", "kiosk") as uow:
        visits.issue_ticket(uow, "contract", None, "ru")
        visits.issue_ticket(uow, second, None, "ru")


def issue_the_same_twice(store: Store) -> None:
    with store.write("north", "kiosk") as uow:
        uow.add_visit(visits.issue_ticket(uow, "contract", None, "ru"))


def write_without_room(store: Store) -> None:
    with store.write_company() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
        connection.execute(text("CREATE TABLE big AS SELECT zeroblob(100000)"))


def write_on_what_breaks(store: Store) -> None:
    with store.write("north", "kiosk") as uow:
        visits.issue_ticket(uow, "contract", None, "ru")
        driver = uow.connection.connection.dbapi_connection
        assert driver is not None
        driver.close()
        visits.issue_ticket(uow, "contract", None, "ru")


def break_off(store: Store, name: str) -> None:
    with store.write("north", "kiosk") as uow:
        assert uow.office.name["ru"] == name
        uow.connection.execute(text("ROLLBACK"))


def test_a_refused_act_leaves_no_trace_and_the_next_one_works(store: Store) -> None:
    with pytest.raises(NotFound):
        issue_twice(store, "no such service")
    assert issue(store) == "А001"


def test_a_refused_row_leaves_no_trace_and_the_next_write_works(store: Store) -> None:
    with pytest.raises(IntegrityError):
        issue_the_same_twice(store)
    assert issue(store) == "А001"


def test_a_write_while_another_process_writes_fails_and_the_next_one_works(store: Store, file: Path) -> None:
    issue(store)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        issue(store)
    other.execute("COMMIT")
    other.close()
    assert issue(store) == "А002"


def test_after_a_full_disk_the_next_write_works(store: Store) -> None:
    issue(store)
    # SQLite itself ends a transaction for which there is no room.
    with pytest.raises(DBAPIError, match="full"):
        write_without_room(store)
    assert issue(store) == "А002"


def test_a_connection_that_broke_is_made_anew(store: Store) -> None:
    issue(store)
    with pytest.raises(sqlite3.Error, match="closed"):
        write_on_what_breaks(store)
    assert issue(store) == "А002"


def test_many_write_at_once_and_each_number_is_given_once(store: Store) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        numbers = list(pool.map(lambda _: issue(store), range(WRITERS * TICKETS_EACH)))
    assert sorted(numbers) == [f"А{count:03d}" for count in range(1, WRITERS * TICKETS_EACH + 1)]
    with store.read() as connection:
        assert event_log.faults(connection, "north") == []


def test_what_was_read_of_an_office_while_its_new_data_were_being_lost_is_forgotten(file: Path) -> None:
    documents = [
        changed_company(lambda office, name=name: office["name"].update(ru=name))  # type: ignore[misc]
        for name in ("Лишний", "Новый")
    ]
    lost, kept = (company.CompanySettings.model_validate(one).documents()[0] for one in documents)
    let_in: deque[Callable[[], object]] = deque()
    store = a_store(f"sqlite:///{file}", let_others=lambda: let_in.popleft()() if let_in else None)

    def revise(document: dict[str, Any]) -> None:
        with store.write("north", "admin") as uow:
            offices.revise(uow, document)

    def see_them_and_break() -> None:
        with pytest.raises(sqlite3.OperationalError):
            break_off(store, "Лишний")

    let_in.append(see_them_and_break)
    with pytest.raises(sqlite3.OperationalError, match="not written"):
        revise(lost)
    assert store.hall("north").office.name["ru"] == "Север"
    revise(kept)
    assert store.hall("north").office.name["ru"] == "Новый"
    store.engine.dispose()


def test_an_engine_that_is_disposed_of_leaves_no_connection_open(store: Store, file: Path) -> None:
    issue(store)
    log = file.with_name(file.name + "-wal")
    assert log.exists()
    store.engine.dispose()
    # SQLite removes it with the last connection.
    assert not log.exists()
    assert issue(store) == "А002"


@dataclass(frozen=True)
class Meeting:
    """A writer on a database of notes, and how a second one comes to meet the first."""

    writer: KeptWriter
    # Green threads come when they are let: what they do then. None: they wait for their turn.
    let_in: deque[Callable[[], None]] | None


@pytest.fixture(params=["who waits", "who is let in"])
def meeting(file: Path, request: pytest.FixtureRequest) -> Iterator[Meeting]:
    engine = engines.connect(f"sqlite:///{file}")
    let_in: deque[Callable[[], None]] | None = deque() if request.param == "who is let in" else None

    def let_others() -> None:
        if let_in:
            let_in.popleft()()

    made = KeptWriter(engine, None if let_in is None else let_others)
    with made.transaction() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT)"))
    yield Meeting(made, let_in)
    engine.dispose()


def write_note(writer: KeptWriter, words: str, then: Callable[[Connection], object]) -> None:
    with writer.transaction() as connection:
        connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": words})
        then(connection)


def notes_on_disk(file: Path) -> list[str]:
    reader = sqlite3.connect(file)
    found = [words for (words,) in reader.execute("SELECT words FROM note ORDER BY words")]
    reader.close()
    return found


def asleep(writer: KeptWriter) -> bool:
    """Whether somebody who wrote waits for the disk."""
    together = writer._together
    return together is not None and bool(together._sleeping)


def two_at_once(
    meeting: Meeting, in_the_second: Callable[[Connection], object]
) -> tuple[BaseException | None, BaseException | None]:
    """Two write, the second comes before the first has committed; what each raised."""
    writer, others = meeting.writer, list[Future[None]]()

    with ThreadPoolExecutor(2) as pool:

        def let_another_come() -> None:
            others.append(pool.submit(write_note, writer, "second", in_the_second))
            until(lambda: writer.waiting == 1 or asleep(writer) or others[0].done(), "the second is there")

        if meeting.let_in is None:
            first = pool.submit(write_note, writer, "first", lambda _: let_another_come())
        else:
            meeting.let_in.append(let_another_come)
            first = pool.submit(write_note, writer, "first", lambda _: None)
        raised = first.exception()
        return raised, others[0].exception()


def test_writes_that_meet_go_to_the_disk_together(meeting: Meeting, file: Path) -> None:
    seen: list[list[str]] = []
    assert two_at_once(meeting, lambda _: seen.append(notes_on_disk(file))) == (None, None)
    assert seen == [[]]
    assert notes_on_disk(file) == ["first", "second"]


def test_a_write_that_fails_harms_none_of_those_it_met(meeting: Meeting, file: Path) -> None:
    first, second = two_at_once(meeting, lambda connection: connection.execute(text("no SQL at all")))
    assert first is None
    assert isinstance(second, DBAPIError)
    assert notes_on_disk(file) == ["first"]


def test_who_is_refused_hears_of_it_when_what_refused_him_is_on_the_disk(
    meeting: Meeting, file: Path
) -> None:
    seen: list[list[str]] = []

    class Refused(Exception):
        """Said to the second because of what the first wrote."""

    def refuse(_connection: Connection) -> None:
        raise Refused

    write = meeting.writer.transaction

    @contextmanager
    def heard() -> Iterator[Connection]:
        try:
            with write() as connection:
                yield connection
        except Refused:
            seen.append(notes_on_disk(file))
            raise

    meeting.writer.transaction = heard  # type: ignore[method-assign]
    first, second = two_at_once(meeting, refuse)
    assert first is None
    assert isinstance(second, Refused)
    assert seen == [["first"]]


@pytest.mark.parametrize("meeting", ["who is let in"], indirect=True)
def test_who_was_refused_because_of_what_is_lost_hears_that(meeting: Meeting) -> None:
    writer, let_in = meeting.writer, meeting.let_in
    assert let_in is not None

    def refuse(_connection: Connection) -> None:
        raise NotFound("unknown_visit")

    with ThreadPoolExecutor(2) as pool:
        others: list[Future[None]] = []

        def let_another_come_and_break() -> None:
            others.append(pool.submit(write_note, writer, "second", refuse))
            until(lambda: asleep(writer) or others[0].done(), "the second was refused")
            writer._driver.execute("ROLLBACK")

        let_in.append(let_another_come_and_break)
        first = pool.submit(write_note, writer, "first", lambda _: None)
        assert "not written" in str(first.exception())
        assert "not written" in str(others[0].exception())


def test_when_the_disk_refuses_all_who_wrote_hear_of_it(meeting: Meeting, file: Path) -> None:
    first, second = two_at_once(meeting, lambda connection: connection.execute(text("ROLLBACK")))
    assert "not written" in str(first)
    assert second is not None
    assert notes_on_disk(file) == []
    write_note(meeting.writer, "next", lambda _: None)
    assert notes_on_disk(file) == ["next"]
