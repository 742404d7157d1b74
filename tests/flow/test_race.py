"""Races: 120 people wait, eight operators in two client processes press call-next at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.flow import pressing
from tests.postgresql import PostgreSql
from tests.programs import ROOT, Caller, Program, Programs, assert_books_are_right, clean_environment
from tests.working_company import OFFICE, WorkingCompany, a_working_company

TICKETS = 120
ISSUERS = 4
DESKS_PER_PROCESS = 4


def test_one_server_on_sqlite_calls_everybody_once(programs: Programs, company: WorkingCompany) -> None:
    everybody_is_called_once([programs.server(company.database_url)], company)


def test_two_servers_on_one_sqlite_file_call_everybody_once(
    programs: Programs, company: WorkingCompany
) -> None:
    servers = [programs.server(company.database_url, name) for name in ("server-1", "server-2")]
    everybody_is_called_once(servers, company)


def test_two_servers_on_one_postgresql_call_everybody_once(
    programs: Programs, postgresql: PostgreSql
) -> None:
    company = a_working_company(postgresql.new_database())
    servers = [programs.server(company.database_url, name) for name in ("server-1", "server-2")]
    everybody_is_called_once(servers, company)


def everybody_is_called_once(servers: list[Program], company: WorkingCompany) -> None:
    """Issue, race, and compare what operators were told with what the log says."""
    issued = issue(servers, company)
    assert len(set(issued)) == TICKETS, "a number was given twice"
    open_desks(servers, company)

    presses = race(servers, company)

    refused = [press for press in presses if press["status"] != 200]
    assert [(press["act"], press["status"], press["said"]) for press in refused] == [
        ("call-next", 409, "nobody_waiting")
    ] * len(company.operators)
    calls = [press for press in presses if press["act"] == "call-next" and press["status"] == 200]
    assert Counter(press["said"] for press in calls) == Counter(issued)
    for act in ("start", "finish"):
        told = [press["said"] for press in presses if press["act"] == act]
        assert Counter(told) == Counter(issued), f"{act} was not of the visitor called"
    # Nobody was told "nobody waits" before the last visitor was being called.
    assert min(press["answered"] for press in refused) > max(press["sent"] for press in calls)
    assert len({press["desk"] for press in calls}) == len(company.operators), "a desk got nobody"

    with Caller(servers[-1].url, company.devices["audit"]) as auditor:
        events = auditor.events(OFFICE)
    kinds = Counter(event["kind"] for event in events)
    for kind in ("ticket_issued", "ticket_called", "service_started", "service_finished"):
        assert kinds[kind] == TICKETS, kind
    numbers = {
        event["visit"]: event["payload"]["number"] for event in events if event["kind"] == "ticket_issued"
    }
    arrived = sorted(
        (event for event in events if event["kind"] == "ticket_issued"),
        key=lambda event: (event["at"], event["payload"]["number"]),
    )
    called = [numbers[event["visit"]] for event in events if event["kind"] == "ticket_called"]
    assert called == [event["payload"]["number"] for event in arrived], "the order of the queue was broken"
    for server in servers:
        assert "Traceback" not in server.log, server.log
    assert_books_are_right(servers[0])


def issue(servers: list[Program], company: WorkingCompany) -> list[str]:
    """Two hundred tickets from four terminals at once; the numbers given."""

    def terminal(index: int) -> list[str]:
        numbers = []
        with Caller(servers[index % len(servers)].url, company.devices["kiosk"]) as kiosk:
            for turn in range(TICKETS // ISSUERS):
                service = ("contract", "cash")[turn % 2]
                answer = kiosk.post(f"offices/{OFFICE}/tickets", {"service": service})
                assert answer.status_code == 201, answer.text
                numbers.append(answer.json()["number"])
        return numbers

    with ThreadPoolExecutor(ISSUERS) as terminals:
        return [number for numbers in terminals.map(terminal, range(ISSUERS)) for number in numbers]


def open_desks(servers: list[Program], company: WorkingCompany) -> None:
    """Every operator sits down."""
    for desk, token in company.operators:
        with Caller(servers[0].url, token) as operator:
            assert operator.post(f"desks/{desk}/open").status_code == 200


def race(servers: list[Program], company: WorkingCompany) -> list[dict[str, Any]]:
    """Let two processes of four operators go at one moment; every press with its answer.

    Where there are two servers, each process has operators at both.
    """
    operators = [
        {"desk": desk, "token": token, "server": servers[index % len(servers)].url}
        for index, (desk, token) in enumerate(company.operators)
    ]
    halves = [operators[:DESKS_PER_PROCESS], operators[DESKS_PER_PROCESS:]]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", pressing.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=clean_environment(),
        )
        for _half in halves
    ]
    try:
        for process, half in zip(processes, halves, strict=True):
            _say(process, json.dumps(half))
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            _say(process, "begin")
        found = [process.communicate(timeout=90)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    names = ("desk", "act", "status", "said", "sent", "answered")
    return [dict(zip(names, press, strict=True)) for text in found for press in json.loads(text)]


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
