"""The journal: on disk before it counts, whole after a power cut, repaired from its twin."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk import journal_file
from kiosk.journal_file import JournalFile, JournalInUse
from kiosk.lease_store import LeaseStore
from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import Doubt, GivenTicket, OfflineJournal
from kiosk.server_clock import ServerClock
from server.sdk.commands import IssueTicket
from server.sdk.terminal_messages import OfflineTicket, RefusedTicket
from tests.kiosk.builders import NOON, FrozenTime, RememberingServer, office, print_order, ticket

DAY = date(2025, 3, 4)


def given(n: int, day: date = DAY, online: bool = False) -> GivenTicket:
    id_ = f"0190f2c0-0000-7000-8000-{n:012d}"
    hand_in = OfflineTicket(
        id=id_, number=f"А{n:03d}", code="b" * 20, service="payments", issued_at=NOON + timedelta(seconds=n)
    )
    return GivenTicket(
        key=f"key-{n}",
        day=day,
        ticket=ticket(id=id_, number=f"А{n:03d}"),
        hand_in=None if online else hand_in,
    )


_OPENED: list[OfflineJournal] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _OPENED:
        _OPENED.pop().close()


def journal(folder: Path, today: date = DAY) -> OfflineJournal:
    _OPENED.append(OfflineJournal(folder, today))
    return _OPENED[-1]


def files(folder: Path) -> tuple[Path, Path]:
    return folder / "tickets.journal", folder / "tickets.copy"


def test_what_was_given_is_known_after_a_restart_and_handed_in_oldest_first(tmp_path: Path) -> None:
    before = journal(tmp_path)
    for n in (1, 2, 3):
        before.add(given(n))
    before.handed_in([given(1).ticket.id])
    before.close()
    after = journal(tmp_path)
    assert [one.ticket.number for one in after.to_hand_in()] == ["А002", "А003"]
    assert after.numbers(DAY) == {"А001", "А002", "А003"}
    assert after.by_key("key-2") == given(2)
    assert not after.lost
    assert not after.repaired


def test_a_ticket_is_synced_to_the_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = journal(tmp_path)
    synced: list[int] = []
    really = os.fsync
    monkeypatch.setattr(journal_file.os, "fsync", lambda file: (synced.append(file), really(file))[1])
    kept.add(given(1))
    assert len(synced) == 2

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(journal_file.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        kept.add(given(2))
    assert kept.numbers(DAY) == {"А001"}
    monkeypatch.setattr(journal_file.os, "fsync", really)
    kept.add(given(3))
    kept.close()
    assert journal(tmp_path).numbers(DAY) == {"А001", "А003"}


@pytest.mark.parametrize("cut", [1, 5, 100])
def test_a_last_line_torn_by_a_power_cut_is_no_damage(tmp_path: Path, cut: int) -> None:
    before = journal(tmp_path)
    before.add(given(1))
    before.close()
    first, twin = files(tmp_path)
    whole = first.read_bytes()
    before = journal(tmp_path)
    before.add(given(2))
    before.close()
    # The power went while the second ticket was on its way to the first file: nobody saw its number.
    first.write_bytes(first.read_bytes()[:-cut])
    twin.write_bytes(whole)
    after = journal(tmp_path)
    assert after.numbers(DAY) == {"А001"}
    assert not after.lost
    assert not after.repaired


def test_a_ticket_that_reached_only_the_first_file_counts(tmp_path: Path) -> None:
    before = journal(tmp_path)
    before.add(given(1))
    without = files(tmp_path)[1].read_bytes()
    before.add(given(2))
    before.close()
    files(tmp_path)[1].write_bytes(without)
    assert journal(tmp_path).numbers(DAY) == {"А001", "А002"}


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("damage", ["garbage", "zeros", "empty", "removed", "one letter"])
def test_a_damaged_file_is_repaired_from_the_other_and_set_aside_for_people(
    tmp_path: Path, which: int, damage: str
) -> None:
    before = journal(tmp_path)
    for n in (1, 2, 3):
        before.add(given(n))
    before.close()
    path = files(tmp_path)[which]
    content = path.read_bytes()
    broken = {
        "garbage": b"\xff\xfe\n{]\n" + content[40:],
        "zeros": bytes(len(content)),
        "empty": b"",
        "one letter": content.replace("А002".encode(), "А005".encode(), 1),
    }
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(broken[damage])
    after = journal(tmp_path)
    assert after.numbers(DAY) == {"А001", "А002", "А003"}
    assert not after.lost
    if damage in ("garbage", "one letter"):
        assert after.repaired
        assert path.with_suffix(path.suffix + ".damaged").exists()
    after.close()
    assert files(tmp_path)[0].read_bytes() == files(tmp_path)[1].read_bytes()


def test_what_is_damaged_in_both_files_is_told_and_no_number_of_the_day_is_trusted(tmp_path: Path) -> None:
    before = journal(tmp_path)
    for n in (1, 2, 3):
        before.add(given(n))
    before.close()
    for path in files(tmp_path):
        path.write_bytes(path.read_bytes().replace("А002".encode(), b"????"))
    after = journal(tmp_path)
    assert after.lost
    assert after.is_void(DAY)
    assert [one.ticket.number for one in after.to_hand_in()] == ["А001", "А003"]


def test_damage_at_different_places_of_both_files_loses_nothing(tmp_path: Path) -> None:
    before = journal(tmp_path)
    for n in (1, 2, 3):
        before.add(given(n))
    before.close()
    for path, number in zip(files(tmp_path), ("А001", "А003"), strict=True):
        path.write_bytes(path.read_bytes().replace(number.encode(), b"????"))
    after = journal(tmp_path)
    assert after.numbers(DAY) == {"А001", "А002", "А003"}
    assert not after.lost


def test_a_journal_that_is_gone_does_not_know_the_kept_numbers_so_they_are_dropped(tmp_path: Path) -> None:
    frozen, server = FrozenTime(), RememberingServer()
    clock = ServerClock(0, frozen.wall, frozen.steady)
    leases = LeaseStore(tmp_path / "numbers.json")
    first = OfflineDesk(journal(tmp_path), leases, clock, DAY)
    first.keep_lease(server.lease_numbers("zarechny", None))  # type: ignore[arg-type]
    assert first.ready(office())
    first.journal.close()
    for path in files(tmp_path):
        path.unlink()
    after = OfflineDesk(journal(tmp_path), LeaseStore(tmp_path / "numbers.json"), clock, DAY)
    assert not after.ready(office())
    assert after.journal.lost
    assert after.records_lost(office())


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b'{"lease": {}}'])
def test_damaged_numbers_are_told_and_not_used(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "numbers.json").write_bytes(damage)
    leases = LeaseStore(tmp_path / "numbers.json")
    assert leases.damaged
    assert leases.kept is None


def test_two_programs_cannot_keep_their_journals_in_one_folder(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    with pytest.raises(JournalInUse, match="state_folder"):
        journal(tmp_path)
    kept.close()


def test_when_all_is_handed_in_an_earlier_day_is_dropped_and_today_stays(tmp_path: Path) -> None:
    before = journal(tmp_path)
    before.add(given(1, DAY))
    before.add(given(2, DAY))
    before.add(given(3, DAY + timedelta(days=1)))
    before.handed_in([given(1).ticket.id])
    before.handed_in([given(3).ticket.id])
    before.close()
    after = journal(tmp_path, DAY + timedelta(days=1))
    assert after.numbers(DAY) == {"А002"}, "what is not handed in is never dropped"
    assert after.numbers(DAY + timedelta(days=1)) == {"А003"}
    assert [one.ticket.number for one in after.to_hand_in()] == ["А002"]


def test_a_number_that_may_not_be_on_paper_is_shown_to_staff(tmp_path: Path) -> None:
    before = journal(tmp_path)
    for n in (1, 2, 3):
        before.add(given(n, online=n == 3))
    before.on_paper(given(1).ticket.id, "printed")
    before.on_paper(given(2).ticket.id, "failed")
    assert before.unprinted(DAY) == [("А002", "failed")], "the third is still being printed"
    before.close()
    after = journal(tmp_path)
    assert after.unprinted(DAY) == [("А003", "unknown"), ("А002", "failed")]
    order = print_order(ticket=given(2).ticket.id)
    assert after.begin_order(order)
    after.end_order(order.id, "printed")
    assert after.unprinted(DAY) == [("А003", "unknown")]


def test_an_order_is_begun_once_whatever_happens_and_its_end_is_told(tmp_path: Path) -> None:
    before = journal(tmp_path)
    assert before.begin_order(print_order())
    assert not before.begin_order(print_order())
    assert before.orders_to_tell() == []
    before.close()
    after = journal(tmp_path)
    assert not after.begin_order(print_order())
    assert after.orders_to_tell() == [(print_order().id, "unknown")]
    after.order_told(print_order().id)
    after.close()
    again = journal(tmp_path)
    assert again.orders_to_tell() == []
    assert not again.begin_order(print_order())


def test_doubts_and_refusals_outlive_a_restart(tmp_path: Path) -> None:
    before = journal(tmp_path)
    doubt = Doubt(key="key-1", day=DAY, at=NOON, request=IssueTicket(service="payments"))
    before.add(given(1), doubt)
    before.doubt(doubt.model_copy(update={"key": "key-2"}))
    before.settled("key-2")
    refused = RefusedTicket(id=given(1).ticket.id, number="А001", code="number_taken", detail="нет")
    before.refused(refused)
    before.close()
    after = journal(tmp_path)
    assert after.doubts() == [doubt]
    assert after.refusals(DAY) == [refused]
    assert after.to_hand_in() == []


def test_a_rewriting_broken_off_by_a_power_cut_leaves_the_newer_lines(tmp_path: Path) -> None:
    file = JournalFile(tmp_path, "x")
    file.append({"a": 1}, {"a": 2}, {"a": 3})
    old = (tmp_path / "x.copy").read_bytes()
    file.rewrite([{"a": 3}])
    file.close()
    (tmp_path / "x.copy").write_bytes(old)
    again = JournalFile(tmp_path, "x")
    assert again.lines == [{"a": 3}]
    assert not again.lost
    again.close()
