"""What the company does with an office: put its data in force, open or close it by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from server.actions import booking_places
from server.domain.events import Event, Kind, payload_text
from server.domain.office import Reception, office_from_document

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


def revise(uow: UnitOfWork, document: dict[str, Any]) -> bool:
    """Put an office's new data in force. Returns whether anything changed; the log keeps its SHA-256."""
    same = uow.document() == document
    if same and not uow.is_new:
        return False
    if not same:
        uow.save_document(document)
        booking_places.rehouse(uow, office_from_document(document))
    uow.add_desks([desk["id"] for desk in document["desks"]])
    digest = hashlib.sha256(payload_text(document).encode()).hexdigest()
    uow.record(Event(Kind.OFFICE_REVISED, uow.now, uow.actor, None, None, {"sha256": digest}))
    return True


def set_reception(uow: UnitOfWork, mode: str, note: Mapping[str, str]) -> None:
    """Open or close the office apart from its schedule, with a word why for every screen."""
    reception = Reception(mode, dict(note))
    if reception == uow.reception:
        return
    uow.set_reception(reception)
    payload = {"mode": mode, "note": dict(note)}
    uow.record(Event(Kind.RECEPTION_SET, uow.now, uow.actor, None, None, payload))
