"""An office that takes bookings and has something to send."""

from __future__ import annotations

import pytest

from server.db.store import Store
from tests.booking_builders import take_bookings


@pytest.fixture
def booking_store(store: Store) -> Store:
    take_bookings(store, remind_minutes=[120], lead_minutes=0)
    return store
