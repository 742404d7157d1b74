"""What people do for disclosure: enter the counts of a month, correct them, publish, write letters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from server.domain.entries import Entry, Fault
from server.domain.errors import Conflict, Invalid, NotFound
from server.domain.letter import Letter, is_address

if TYPE_CHECKING:
    from server.db.disclosure_rows import DisclosureRows

LONGEST_REASON = 300


@dataclass(frozen=True)
class Entered:
    """How many rows were new, corrected, and the same as before."""

    new: int = 0
    corrected: int = 0
    same: int = 0


class RowsRefused(Invalid):
    """Nothing was entered; ``faults`` tell why, row by row."""

    code = "rows_refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


def enter(rows: DisclosureRows, entries: Sequence[tuple[int, Entry]], correct: bool, reason: str) -> Entered:
    """Enter checked rows, all or none; each with its line in the file.

    A row whose key already has other values needs ``correct`` and a ``reason``: the old value stays on
    record. Raises ``RowsRefused``.
    """
    reason = _reason(reason)
    known = {place: rows.in_force(*place) for place in {(entry.form, entry.year) for _line, entry in entries}}
    new, corrected, same, faults = [], [], 0, []
    for line, entry in entries:
        kept = known[entry.form, entry.year].get(entry.key)
        if kept is None or kept.entry is None:
            new.append(entry)
        elif dict(kept.entry.values) == dict(entry.values):
            same += 1
        elif not correct:
            faults.append(Fault(line, None, "already_entered", {"actor": kept.actor, "at": kept.at}))
        elif not reason:
            faults.append(Fault(line, None, "reason_needed"))
        else:
            corrected.append(entry)
    if faults:
        raise RowsRefused(faults)
    for entry in (*new, *corrected):
        rows.add_entry(entry, reason)
    return Entered(len(new), len(corrected), same)


def take_back(rows: DisclosureRows, form: str, year: int, key: str, reason: str) -> None:
    """Let a row count no longer; it stays on record. Raises ``NotFound``, ``Invalid`` without a reason."""
    kept = rows.in_force(form, year).get(key)
    if kept is None or kept.entry is None:
        raise NotFound("unknown_entry")
    if not _reason(reason):
        raise Invalid("why_needed")
    rows.take_back(kept.entry, _reason(reason))


def check_publishable(rows: DisclosureRows, content: str, sha256: str, reason: str, ends: date) -> int:
    """Whether a report may be published now; returns the version it would be.

    ``content`` is its canonical JSON as it is now, ``sha256`` the hash of what the publisher saw, ``ends``
    the last day of its period. Raises ``Conflict`` when that day is not over, when the figures have
    changed since they were looked at, or when nothing differs from the last version; ``Invalid`` when a
    further version has no reason.
    """
    if rows.now.date() <= ends:
        raise Conflict("period_not_over", ends=ends.isoformat())
    report = json.loads(content)
    if hashlib.sha256(content.encode()).hexdigest() != sha256:
        raise Conflict("draft_changed")
    earlier = rows.versions(report["form"], report["period"])
    if earlier and earlier[-1].sha256 == sha256:
        raise Conflict("nothing_new", version=earlier[-1].version)
    if earlier and not _reason(reason):
        raise Invalid("why_needed")
    return len(earlier) + 1


def publish(
    rows: DisclosureRows, content: str, reason: str, ends: date, version: int, files: Mapping[str, bytes]
) -> None:
    """Freeze a report as ``version`` with its files, which carry that number.

    Raises what ``check_publishable`` does, and ``Conflict`` when somebody else published meanwhile.
    """
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    if check_publishable(rows, content, sha256, reason, ends) != version:
        raise Conflict("draft_changed")
    report = json.loads(content)
    rows.add_version(report["form"], report["period"], version, _reason(reason), content, files)


def add_addressee(rows: DisclosureRows, address: str) -> None:
    """Let an e-mail address get the month's paper. Raises ``Invalid`` when it is none; twice is once."""
    address = address.strip()
    if not is_address(address):
        raise Invalid("bad_address")
    if address not in rows.addressees():
        rows.add_addressee(address)


def remove_addressee(rows: DisclosureRows, address: str) -> None:
    """Let an address get it no longer. Raises ``NotFound``."""
    if not rows.remove_addressee(address):
        raise NotFound("unknown_address")


def post(rows: DisclosureRows, letter: Letter) -> int:
    """Leave a month's letter to everybody who has none of that month yet; returns to how many."""
    already = rows.posted(letter.period)
    waiting = [address for address in rows.addressees() if address not in already]
    for address in waiting:
        rows.add_letter(address, letter)
    return len(waiting)


def _reason(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]
