"""Entries, publications and letters in both databases: added, never changed, read as they count."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from server.actions import disclosures
from server.db import queries
from server.db.disclosure_rows import DisclosureRows
from server.db.store import Store
from server.domain.entries import Entry
from server.domain.errors import Conflict, Invalid
from server.domain.figures import DayKey, Sums
from server.domain.kept_sums import Changes
from server.domain.letter import Letter
from server.reports import network
from server.reports.document import canonical, sha256
from tests.builders import Clock
from tests.reports.figures import a_year, an_entry, appeals, calls


def test_the_newest_entry_of_a_key_counts_and_all_stay_on_record(store: Store, clock: Clock) -> None:
    first, corrected = appeals(), appeals(received=12, in_time=9)
    with store.write_company() as connection:
        rows = DisclosureRows(connection, clock(), "boss")
        disclosures.enter(rows, [(1, first), (2, calls()), (3, appeals("2024-03"))], False, "")
    clock.forward(days=1)
    with store.write_company() as connection:
        rows = DisclosureRows(connection, clock(), "anna")
        assert disclosures.enter(rows, [(1, corrected)], True, " Сверка ") == disclosures.Entered(0, 1, 0)
    with store.read() as connection:
        rows = DisclosureRows(connection, clock(), "")
        assert [kept.entry for kept in rows.entries([2025])] == [corrected, calls()]
        assert [kept.entry for kept in rows.entries([2024, 2025], "appeals")] == [
            appeals("2024-03"),
            corrected,
        ]
        history = [(kept.actor, kept.reason, kept.entry) for kept in rows.history("appeals", 2025)]
        assert history == [("boss", "", first), ("anna", "Сверка", corrected)]
        assert rows.years_entered() == [2024, 2025]


def test_rows_are_entered_all_or_none(store: Store, clock: Clock) -> None:
    def enter(*entries: Entry, correct: bool = False, reason: str = "") -> disclosures.Entered:
        with store.write_company() as connection:
            rows = DisclosureRows(connection, clock(), "boss")
            return disclosures.enter(rows, list(enumerate(entries, start=2)), correct, reason)

    enter(appeals())
    for correct, reason, code in ((False, "", "already_entered"), (True, "  ", "reason_needed")):
        with pytest.raises(disclosures.RowsRefused) as refused:
            enter(calls(), appeals(received=12, in_time=9), correct=correct, reason=reason)
        assert [(fault.line, fault.code) for fault in refused.value.faults] == [(3, code)]
    with store.read() as connection:
        assert [kept.entry for kept in DisclosureRows(connection, clock(), "").entries([2025])] == [appeals()]


def test_a_publication_is_kept_whole_and_once(store: Store, clock: Clock) -> None:
    document = network.document(a_year(None, appeals()))
    ends = date(2025, 12, 31)
    with store.write_company() as connection:
        rows = DisclosureRows(connection, clock(), "boss")
        version = disclosures.check_publishable(rows, canonical(document), sha256(document), "", ends)
        disclosures.publish(
            rows, canonical(document), "", ends, version, {"pdf": b"%PDF", "csv": b"\x00\xff"}
        )
    with store.read() as connection:
        rows = DisclosureRows(connection, clock(), "")
        (kept,) = rows.versions("network", "2025")
        assert (kept.version, kept.actor, kept.sha256) == (1, "boss", sha256(document))
        assert kept.content == canonical(document)
        assert rows.file("network", "2025", 1, "csv") == b"\x00\xff"
        assert rows.file("network", "2025", 2, "csv") is None

    def publish_the_same() -> None:
        with store.write_company() as connection:
            rows = DisclosureRows(connection, clock(), "anna")
            rows.add_version("network", "2025", 1, "", canonical(document), {})

    with pytest.raises(IntegrityError):
        publish_the_same()


def test_what_may_not_be_published_is_refused(store: Store, clock: Clock) -> None:
    before, after = (network.document(a_year(None, *some)) for some in ([], [appeals()]))
    ends = date(2025, 12, 31)
    with store.write_company() as connection:
        rows = DisclosureRows(connection, clock(), "boss")
        with pytest.raises(Conflict, match="draft_changed"):
            disclosures.check_publishable(rows, canonical(after), sha256(before), "", ends)
        with pytest.raises(Conflict, match="period_not_over"):
            disclosures.check_publishable(rows, canonical(after), sha256(after), "", clock().date())
        disclosures.publish(rows, canonical(before), "", ends, 1, {})
        with pytest.raises(Conflict, match="nothing_new"):
            disclosures.check_publishable(rows, canonical(before), sha256(before), "", ends)
        with pytest.raises(Invalid, match="why_needed"):
            disclosures.check_publishable(rows, canonical(after), sha256(after), " ", ends)
        with pytest.raises(Conflict, match="draft_changed"):
            disclosures.publish(rows, canonical(after), "Уточнение", ends, 3, {})
        disclosures.publish(rows, canonical(after), "Уточнение", ends, 2, {})


def test_a_year_is_summed_by_office_and_month(store: Store) -> None:
    with store.write("north", "test") as uow:
        for day, service in (
            (date(2025, 1, 31), "cash"),
            (date(2025, 2, 1), "cash"),
            (date(2025, 2, 28), "contract"),
        ):
            uow.sums.add(Changes(DayKey(day, service), Sums(issued=3, served=2, wait_seconds=100)))
        uow.sums.add(Changes(DayKey(date(2024, 12, 31), "cash"), Sums(issued=9)))
    with store.read() as connection:
        assert queries.month_sums(connection, 2025) == {
            ("north", 1): Sums(issued=3, served=2, wait_seconds=100),
            ("north", 2): Sums(issued=6, served=4, wait_seconds=200),
        }


def test_a_letter_waits_once_for_each_addressee(store: Store, clock: Clock) -> None:
    letter = Letter("2026-02", "Отчёт", "Отчёт приложен.", "report.pdf", b"%PDF-\x00")
    with store.write_company() as connection:
        rows = DisclosureRows(connection, clock(), "boss")
        disclosures.add_addressee(rows, "a@example.org")
        assert [disclosures.post(rows, letter), disclosures.post(rows, letter)] == [1, 0]
        assert rows.posted("2026-02") == {"a@example.org"}
        assert rows.posted("2026-01") == set()


def test_an_entry_of_a_long_name_fits_its_column(store: Store, clock: Clock) -> None:
    entry = an_entry(
        "channels", month="2025-03", channel="К" * 100, hours="в" * 500, outages=0, outage_minutes=0
    )
    with store.write_company() as connection:
        rows = DisclosureRows(connection, clock(), "b" * 60)
        disclosures.enter(rows, [(1, entry)], False, "п" * 400)
        assert [kept.entry for kept in rows.entries([2025])] == [entry]
