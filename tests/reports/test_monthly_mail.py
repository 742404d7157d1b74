"""The monthly mail: each month once to every addressee, with a PDF that can be opened."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from server import monthly_mail
from server.actions import disclosures
from server.db.disclosure_rows import DisclosureRows
from server.db.disclosure_tables import report_mail
from server.db.store import Store
from server.domain.errors import Invalid, NotFound
from server.domain.figures import DayKey, Sums
from server.domain.kept_sums import Changes
from server.reports import monthly_letter
from tests.builders import Clock
from tests.reports.figures import a_year, appeals, calls, cell, table


def letters(store: Store) -> list[tuple[str, str, str, bytes]]:
    table = report_mail
    query = select(table.c.address, table.c.period, table.c.state, table.c.file).order_by(table.c.address)
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def add(store: Store, *addresses: str) -> None:
    with store.write_company() as connection:
        for address in addresses:
            disclosures.add_addressee(DisclosureRows(connection, store.clock(), "boss"), address)


def test_every_addressee_gets_the_last_month_once(store: Store, clock: Clock) -> None:
    add(store, "head@example.org", "quality@example.org", " head@example.org ")
    with store.write("north", "test") as uow:
        sums = Sums(issued=2, served=2, wait_seconds=600)
        uow.sums.add(Changes(DayKey(date(2026, 2, 10), "contract"), sums))
    assert monthly_mail.post_last_month(store) == 2
    assert monthly_mail.post_last_month(store) == 0
    found = letters(store)
    assert [letter[:3] for letter in found] == [
        ("head@example.org", "2026-02", "queued"),
        ("quality@example.org", "2026-02", "queued"),
    ]
    assert all(letter[3].startswith(b"%PDF-") for letter in found)
    add(store, "new@example.org")
    assert monthly_mail.post_last_month(store) == 1
    clock.now = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
    assert monthly_mail.post_last_month(store) == 3
    assert {letter[1] for letter in letters(store)} == {"2026-02", "2026-03"}


def test_in_january_the_month_is_december_of_the_year_before(store: Store, clock: Clock) -> None:
    clock.now = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)
    add(store, "head@example.org")
    monthly_mail.post_last_month(store)
    assert [letter[1] for letter in letters(store)] == ["2026-12"]


def test_without_addressees_nothing_is_drawn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(monthly_mail, "rendered")
    assert monthly_mail.post_last_month(store) == 0


@pytest.mark.parametrize(
    "address", ["", "head", "a@b", "a b@c.de", "a@b.c\nBcc: x@y.zz", "x" * 200 + "@a.de"]
)
def test_what_is_no_address_is_refused(store: Store, address: str) -> None:
    with pytest.raises(Invalid):
        add(store, address)


def test_who_was_removed_gets_nothing_more(store: Store) -> None:
    add(store, "head@example.org")
    with store.write_company() as connection:
        rows = DisclosureRows(connection, store.clock(), "boss")
        disclosures.remove_addressee(rows, "head@example.org")
        with pytest.raises(NotFound):
            disclosures.remove_addressee(rows, "head@example.org")
    assert monthly_mail.post_last_month(store) == 0


def test_the_paper_tells_the_months_own_figures() -> None:
    sums = {
        ("north", 3): Sums(issued=5, served=4, wait_seconds=480, service_seconds=1200, no_show=1),
        ("north", 4): Sums(served=1, wait_seconds=9000),
    }
    document = monthly_letter.document(a_year(sums, appeals(), calls()), 3)
    assert document.title == "Ожидание и обслуживание: март 2025 года"
    assert table(document, "month").rows[1].cells == ("Север", 2.0, 5.0, 4, 5, 1, 0, 10, 2, 10.0)
    assert table(document, "month").rows[2].cells == ("Юг", *[None] * 9)
    assert cell(document, "phone", "month", "lost") == 5
