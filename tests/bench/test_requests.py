"""How long the server takes for the requests an office lives on: one process on SQLite, one after another."""

from __future__ import annotations

import time
from collections import defaultdict

import pytest

from tests.bench.idle_sockets import idle_sockets
from tests.bench.tables import Measured, print_table
from tests.programs import Caller, Program
from tests.working_company import OFFICE, WorkingCompany

ROUNDS = 150
SOCKETS = 100
WAITING = 40


@pytest.mark.bench
def test_the_requests_of_a_visit(server: Program, company: WorkingCompany) -> None:
    rows = measure(server, company, "no sockets")
    with idle_sockets(server.url, company.devices["display"], [f"board:{OFFICE}"], SOCKETS):
        rows += measure(server, company, f"{SOCKETS} idle sockets")
    print_table(f"Requests, {WAITING} people waiting", rows)


def measure(server: Program, company: WorkingCompany, situation: str) -> list[Measured]:
    """Issue, call, start and finish in turn; the hall stays as full as it was."""
    seconds: dict[str, list[float]] = defaultdict(list)
    desk, token = company.operators[0]
    with Caller(server.url, company.devices["kiosk"]) as kiosk, Caller(server.url, token) as operator:

        def timed(caller: Caller, path: str, status: int, body: object = None) -> None:
            began = time.monotonic()
            answer = caller.post(path, body)
            seconds[path.rpartition("/")[2]].append(time.monotonic() - began)
            assert answer.status_code == status, answer.text

        waiting = kiosk.get(f"offices/{OFFICE}").json()["waiting"]
        for _ in range(WAITING - waiting):
            kiosk.post(f"offices/{OFFICE}/tickets", {"service": "contract"})
        operator.post(f"desks/{desk}/open")
        for _ in range(ROUNDS):
            timed(kiosk, f"offices/{OFFICE}/tickets", 201, {"service": "contract"})
            for act in ("call-next", "start", "finish"):
                timed(operator, f"desks/{desk}/{act}", 200)
    return [Measured(f"POST …/{act}, {situation}", values) for act, values in seconds.items()]
