"""The server dies or is told to end while people take tickets: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import json
import random
import socket
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.programs import Caller, Program, Programs, assert_books_are_right, command, server_ready, until
from tests.working_company import OFFICE, WorkingCompany

TICKETS = 300
TERMINALS = 5
CRASHES = 3
PATH = f"offices/{OFFICE}/tickets"


class Terminals:
    """Threads that issue tickets, each under its own key, and repeat a key until it is answered."""

    def __init__(self, server: Program, token: str, tickets: int) -> None:
        self.given: dict[str, dict[str, object]] = {}
        self.faults: list[str] = []
        self.repeats = 0
        self._server = server
        self._token = token
        self._keys = [f"tap-{n:04d}" for n in range(tickets)]
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._run, args=(self._keys[first::TERMINALS],), daemon=True)
            for first in range(TERMINALS)
        ]

    def start(self) -> None:
        """Begin issuing."""
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        """Wait until so many tickets were acknowledged."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.given) >= count or self.faults, 60)
            assert came, f"{len(self.given)} of {count} tickets were acknowledged"
            assert not self.faults

    def join(self) -> None:
        """Wait until every key was answered."""
        self.wait_for(len(self._keys))
        for thread in self._threads:
            thread.join(timeout=30)

    def _run(self, keys: list[str]) -> None:
        with Caller(self._server.url, self._token) as kiosk:
            for key in keys:
                answer = self._ask_until_answered(kiosk, key)
                with self._changed:
                    if answer is not None and answer.status_code == 201:
                        self.given[key] = answer.json()
                    else:
                        self.faults.append(f"{key}: {answer.text if answer else 'no answer'}")
                    self._changed.notify_all()

    def _ask_until_answered(self, kiosk: Caller, key: str) -> requests.Response | None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                return kiosk.post(PATH, {"service": "contract"}, key)
            except requests.RequestException:
                # Whether it was done is unknown: the same key again, as a terminal does.
                with self._changed:
                    self.repeats += 1
                until(lambda: server_answers(self._server.url), "the server being back")
        return None


def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(
    programs: Programs, company: WorkingCompany
) -> None:
    every_tap_is_one_ticket(programs, company, 1)


def every_tap_is_one_ticket(programs: Programs, company: WorkingCompany, seed: int) -> None:
    """Kill the server at seeded moments while tickets are issued, and compare answers, log and series."""
    chance = random.Random(seed)
    server = programs.server(company.database_url)
    terminals = Terminals(server, company.devices["kiosk"], TICKETS)
    terminals.start()
    for moment in sorted(chance.sample(range(10, TICKETS - 20), CRASHES)):
        terminals.wait_for(moment)
        # Somewhere inside the work on a ticket, which takes some milliseconds.
        threading.Event().wait(chance.uniform(0, 0.02))
        server.kill()
        verified = command(server, "log", "verify")
        assert verified.returncode == 0, verified.stdout
        server.start()
        server.wait_ready(lambda: server_ready(server.url))
    terminals.join()

    assert terminals.repeats >= CRASHES, "no request was under way at any crash: the test proves nothing"
    events = issued_events(server, company)
    assert len(terminals.given) == len(events) == TICKETS, "each tap is one ticket, each ticket one tap"
    numbers = [event["payload"]["number"] for event in events]
    assert not [number for number, count in Counter(numbers).items() if count > 1]
    # A number that was never acknowledged was not used either: the series has no holes.
    assert sorted(numbers) == [f"А{n:03d}" for n in range(1, TICKETS + 1)]
    assert {(ticket["id"], ticket["number"]) for ticket in terminals.given.values()} == {
        (event["visit"], event["payload"]["number"]) for event in events
    }
    with Caller(server.url, company.devices["kiosk"]) as kiosk:
        for key in chance.sample(sorted(terminals.given), 50):
            again = kiosk.post(PATH, {"service": "contract"}, key)
            assert (again.status_code, again.json()) == (201, terminals.given[key])
            assert again.headers["Idempotent-Replayed"] == "true"
    assert len(issued_events(server, company)) == TICKETS, "a repeated key made a ticket"
    assert_books_are_right(server)


def test_a_request_under_way_is_finished_when_the_server_is_told_to_end(
    programs: Programs, company: WorkingCompany, tmp_path: Path
) -> None:
    server = programs.server(company.database_url)
    address = urlsplit(server.url)
    place = (str(address.hostname), int(address.port or 0))
    with socket.create_connection(place, 15) as idle, socket.create_connection(place, 15) as line:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: talon\r\n\r\n")
        assert b" 200 " in idle.recv(65536)
        body = json.dumps({"service": "contract"}).encode()
        head = (
            f"POST /api/v1/{PATH} HTTP/1.1\r\nHost: talon\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {company.devices['kiosk']}\r\nContent-Length: {len(body)}\r\n"
            "Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        line.sendall(head.encode())
        # The server asks for the body only when it has begun to work on the request.
        assert line.recv(65536).startswith(b"HTTP/1.1 100 ")
        server.process.terminate()
        assert idle.recv(65536) == b"", "an idle connection is closed: the server is ending"

        line.sendall(body)
        answer = b""
        while part := line.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 201 "), answer

    assert server.end() == 0
    assert_database_is_closed(tmp_path)
    given = json.loads(answer.partition(b"\r\n\r\n")[2])
    server.start()
    server.wait_ready(lambda: server_ready(server.url))
    events = issued_events(server, company)
    assert [(event["visit"], event["payload"]["number"]) for event in events] == [
        (given["id"], given["number"])
    ]


def test_no_ticket_is_made_without_its_answer_when_the_server_is_told_to_end(
    programs: Programs, company: WorkingCompany, tmp_path: Path
) -> None:
    server = programs.server(company.database_url)
    told: list[str] = []
    stopped = threading.Event()

    def terminal() -> None:
        with Caller(server.url, company.devices["kiosk"]) as kiosk:
            while not stopped.is_set():
                try:
                    answer = kiosk.post(PATH, {"service": "contract"})
                except requests.RequestException:
                    return
                told.append(answer.json()["number"])

    threads = [threading.Thread(target=terminal) for _ in range(TERMINALS)]
    for thread in threads:
        thread.start()
    until(lambda: len(told) >= 50, "fifty tickets")
    code = server.end()
    stopped.set()
    for thread in threads:
        thread.join(timeout=30)

    assert code == 0
    assert_database_is_closed(tmp_path)
    server.start()
    server.wait_ready(lambda: server_ready(server.url))
    issued = [event["payload"]["number"] for event in issued_events(server, company)]
    assert Counter(told) == Counter(issued)
    assert_books_are_right(server)


def test_a_client_that_went_away_does_not_hold_up_the_end(
    programs: Programs, company: WorkingCompany, tmp_path: Path
) -> None:
    server = programs.server(company.database_url)
    address = urlsplit(server.url)
    place = (str(address.hostname), int(address.port or 0))
    polling = requests.get(
        f"{server.url}/socket.io/", params={"EIO": "4", "transport": "polling"}, timeout=15
    )
    assert polling.status_code == 400, "news goes by WebSocket only"
    upgrade = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: talon\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(place, 15) as mute, socket.create_connection(place, 15) as silent:
        mute.sendall(upgrade.encode())
        assert mute.recv(65536).startswith(b"HTTP/1.1 101 ")
        silent.sendall(b"GET /healthz HT")
        assert server.end() == 0
    # A server that is held up gives up after ten seconds and leaves its database as it is.
    assert_database_is_closed(tmp_path)


def server_answers(url: str) -> bool:
    """Whether anybody listens there and is ready."""
    try:
        return server_ready(url)
    except requests.RequestException:
        return False


def issued_events(server: Program, company: WorkingCompany) -> list[dict[str, Any]]:
    """The log's tickets."""
    with Caller(server.url, company.devices["audit"]) as auditor:
        return [event for event in auditor.events(OFFICE) if event["kind"] == "ticket_issued"]


def assert_database_is_closed(folder: Path) -> None:
    """The last connection took its write-ahead log away with it, and the file is sound."""
    assert sorted(path.name for path in folder.glob("talon.sqlite*")) == ["talon.sqlite"]
    connection = sqlite3.connect(folder / "talon.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
