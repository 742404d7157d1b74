"""From a key pressed on a pad to the rating stored, by the real bridge and the real server over a pty."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest
import requests

from tests.bench.tables import Measured, print_table
from tests.programs import Caller, Program, Programs
from tests.working_company import OFFICE, WorkingCompany

VISITS = 100
WARM_UP = 5
LIMIT = 0.150
PATIENCE = 15
DESK = f"{OFFICE}-1"


@pytest.mark.bench
@pytest.mark.parametrize("sign", [False, True], ids=["usb-serial", "rs-485"])
def test_key_pressed_to_rating_stored(
    programs: Programs, server: Program, company: WorkingCompany, sockets: int, sign: bool
) -> None:
    to_stored = []
    devices, _bridge = programs.bridge(server, company.devices["bridge"], OFFICE, DESK, sign)
    path = company.database_url.removeprefix("sqlite:///")
    with (
        Caller(server.url, company.devices["kiosk"]) as kiosk,
        Caller(server.url, company.people["operator-1"]) as operator,
        requests.Session() as finger,
        closing(sqlite3.connect(path)) as database,
    ):
        finger.trust_env = False
        act(operator, "open")
        for turn in range(1, WARM_UP + VISITS + 1):
            issued = kiosk.post(f"offices/{OFFICE}/tickets", {"service": "contract"}, key=f"bench-{turn:06}")
            assert issued.status_code == 201, issued.text
            for name in ("call-next", "start"):
                act(operator, name)
            pressed = time.monotonic()
            answer = finger.post(f"{devices.url}/press", json={"desk": DESK, "key": 1 + turn % 5}, timeout=5)
            assert answer.status_code == 202, answer.text
            stored = wait_for_rating(database, turn)
            if turn > WARM_UP:
                to_stored.append(stored - pressed)
            act(operator, "finish")
        counted = database.execute("SELECT count(*) FROM rating WHERE visit IS NOT NULL").fetchone()[0]
    assert counted == WARM_UP + VISITS
    line = "pad and sign polled on one line" if sign else "pad alone on its line"
    print_table(
        f"Press on a pad, {sockets} idle sockets", [Measured(f"{line}: key → stored", to_stored, LIMIT)]
    )


def act(operator: Caller, name: str) -> None:
    """Something the operator does at the desk."""
    answer = operator.post(f"desks/{DESK}/{name}", {})
    assert answer.status_code == 200, answer.text


def wait_for_rating(database: sqlite3.Connection, count: int) -> float:
    """When the ``count``-th rating is in the database: seen by a reader of its own."""
    deadline = time.monotonic() + PATIENCE
    while database.execute("SELECT count(*) FROM rating").fetchone()[0] < count:
        assert time.monotonic() < deadline, "the rating was not stored"
        time.sleep(0.001)
    return time.monotonic()
