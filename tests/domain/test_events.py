"""The chain of the log: any change in the past shows."""

from __future__ import annotations

from datetime import timedelta

from server.domain.events import FIRST_HASH, Event, Kind, LoggedEvent, StoredEvent, chain_hash, payload_text
from server.domain.events import log_faults as faults_of_rows
from tests.builders import NINE


def a_log(length: int = 5) -> list[LoggedEvent]:
    rows, last = [], FIRST_HASH
    for seq in range(1, length + 1):
        event = Event(
            Kind.TICKET_ISSUED, NINE + timedelta(seconds=seq), "kiosk", f"v{seq}", None, {"number": seq}
        )
        last = chain_hash(last, "north", seq, event)
        rows.append(LoggedEvent("north", seq, event, last))
    return rows


def log_faults(log: list[LoggedEvent]) -> list[str]:
    return faults_of_rows("north", [stored(row) for row in log])


def stored(row: LoggedEvent) -> StoredEvent:
    event = row.event
    facts = payload_text(event.payload)
    return (row.seq, event.at, str(event.kind), event.visit, event.desk, event.actor, facts, row.hash)


def test_an_untouched_log_has_no_faults() -> None:
    assert log_faults(a_log()) == []


def test_a_changed_event_is_named() -> None:
    log = a_log()
    log[2] = log[2]._replace(event=log[2].event._replace(at=NINE))
    assert [fault for fault in log_faults(log) if "event 3" in fault and "changed" in fault]


def test_a_removed_event_is_named() -> None:
    log = a_log()
    del log[1]
    assert "event 2 is missing" in log_faults(log)[0]


def test_two_events_that_changed_places_are_found() -> None:
    log = a_log()
    log[1], log[2] = log[2], log[1]
    assert log_faults(log)


def test_an_event_rewritten_with_a_fresh_hash_breaks_the_next_one() -> None:
    log = a_log()
    forged = log[1].event._replace(actor="nobody")
    log[1] = LoggedEvent("north", 2, forged, chain_hash(log[0].hash, "north", 2, forged))
    assert ["event 3" in fault for fault in log_faults(log)] == [True]
