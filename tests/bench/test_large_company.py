"""A large company with a year of visits: its reports, the recompute and verification of its log, and calls
meanwhile. Small unless TALON_BENCH_FULL is set: then 200 offices and 3,000,000 visits, some 7 GB.

TALON_BENCH_FOLDER names where the databases go; a generated one that is found there is used again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import delete, insert, select, update

from server import cli
from server.actions import offices
from server.db import accounts, migrate, queries, tables
from server.db.accounts import Person
from server.db.engine import connect
from server.db.store import Store, clock_now
from server.simulation.large_company import SERVICES
from tests.bench.calling_clerk import Clerk, calling_clerk
from tests.bench.tables import Measured, percentile, print_table
from tests.postgresql import PostgreSql
from tests.programs import ROOT, Program, Programs, clean_environment
from tests.working_company import PASSWORD

FULL = bool(os.environ.get("TALON_BENCH_FULL"))
OFFICES, VISITS = (200, 3_000_000) if FULL else (20, 300_000)
YEAR = clock_now().year - 1
SHARE = VISITS / 3_000_000
RECOMPUTE_LIMIT = 300 * SHARE
PAGE_LIMIT, FILE_LIMIT = 1.0, 5.0
ROUNDS = 5
CALLS_LIMIT = 2.0
CALLING_SECONDS = 15

FILES = tuple(f"reports/disclosure?year={YEAR}&format={name}" for name in ("xlsx", "pdf", "csv"))
ANSWERS = (
    f"reports/disclosure?year={YEAR}",
    f"reports/disclosure?form=network&year={YEAR}",
    f"reports/monthly?year={YEAR}",
    f"reports/period?from={YEAR}-01&to={YEAR}-12",
)
PAGES = (
    "figures",
    f"figures/disclosure?year={YEAR}",
    f"figures/period?from={YEAR}-01&to={YEAR}-12",
    f"figures/period?from={YEAR}-06&to={YEAR}-06",
    "figures/quarterly",
    "figures/anomalies",
    "figures/entries",
    "figures/ratings",
)


@dataclass(frozen=True)
class Large:
    """The company on a database."""

    url: str
    operator: str
    kiosk: str
    office: str
    desk: str


@pytest.fixture(params=["sqlite", "postgresql"])
def large(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Large]:
    """The generated company, open now, with a manager, an operator and a terminal."""
    folder = Path(os.environ.get("TALON_BENCH_FOLDER", tmp_path))
    url = f"sqlite:///{folder}/large-{OFFICES}-{VISITS}.sqlite"
    if request.param == "postgresql":
        server: PostgreSql = request.getfixturevalue("postgresql")
        url = server.new_database()
    store = Store(connect(url))
    migrate.upgrade(store.engine)
    with store.read() as connection:
        there = bool(queries.heads(connection))
    if not there:
        command = ["generate", "--offices", str(OFFICES), "--visits", str(VISITS), "--year", str(YEAR)]
        print_command("generating", run(url, *command), None)
    yield prepared(store, url)
    store.engine.dispose()


def prepared(store: Store, url: str) -> Large:
    with store.read() as connection:
        heads = queries.heads(connection)
        # Another at each run: the numbers of a day run out.
        head = heads[int(time.time()) % len(heads)]
        desk = store.book.office(connection, head.version).desks[0].id
    with store.write(head.office, "bench") as uow:
        offices.set_reception(uow, "always_open", {})
    with store.write_company() as connection:
        accounts.save_person(connection, Person("bench-manager", "manager", None, None), PASSWORD)
        accounts.save_person(connection, Person("bench", "operator", head.office, desk), PASSWORD)
    operator = cli.make_token(store, "person", "bench", None, "bench")
    kiosk = cli.make_token(store, "kiosk", "bench", None)
    return Large(url, operator, kiosk, head.office, desk)


@pytest.mark.bench
@pytest.mark.timeout(4 * 3600)
def test_a_large_companys_year(large: Large, tmp_path: Path) -> None:
    print(f"\n{OFFICES} offices, {VISITS:,} visits, {large.url.split(':')[0]}")
    print_command("log verify", run(large.url, "log", "verify"), RECOMPUTE_LIMIT)
    print_command(
        "figures recompute --check", run(large.url, "figures", "recompute", "--check"), RECOMPUTE_LIMIT
    )
    print_tampering(large)
    with Programs(tmp_path) as programs:
        server = programs.server(large.url)
        print_reports(server)
        print_calls(server, large)


def print_reports(server: Program) -> None:
    """How long each report and page takes, one after another."""
    manager = signed_in(server)
    rows = [
        Measured(f"GET {path}", [seconds(manager, f"{server.url}/{path}") for _ in range(ROUNDS)], limit)
        for paths, limit in (
            ([f"api/v1/{path}" for path in ANSWERS], PAGE_LIMIT),
            (PAGES, PAGE_LIMIT),
            ([f"api/v1/{path}" for path in FILES], FILE_LIMIT),
        )
        for path in paths
    ]
    print_table("Reports of the whole company", rows)


def print_calls(server: Program, large: Large) -> None:
    """How long a call takes while nothing else happens and while reports are made, by turns."""
    manager = signed_in(server)
    services = " ".join(code for code, *_rest in SERVICES)
    wish = {"url": server.url, "kiosk": large.kiosk, "operator": large.operator, "services": services}
    making = {
        "pages": [f"{server.url}/{path}" for path in PAGES[:3]],
        "disclosure as JSON": [f"{server.url}/api/v1/{ANSWERS[0]}"],
        "XLSX, PDF, CSV": [f"{server.url}/api/v1/{path}" for path in FILES],
    }
    calls: dict[str, list[float]] = {name: [] for name in ("idle", *making)}
    with calling_clerk({**wish, "office": large.office, "desk": large.desk}) as clerk:
        calls_while(clerk, 3, lambda: None)
        for _ in range(2):
            calls["idle"] += calls_while(clerk, CALLING_SECONDS, lambda: None)
            for name, urls in making.items():
                calls[name] += calls_while(clerk, CALLING_SECONDS, asking(manager, urls))
    print_table("call-next meanwhile", [Measured(name, found, share=99) for name, found in calls.items()])
    idle = percentile(calls["idle"], 99)
    for name in making:
        print(f"  {name}: p99 {percentile(calls[name], 99) / idle:.2f} × idle (limit {CALLS_LIMIT})")


def calls_while(clerk: Clerk, length: float, ask: Callable[[], None]) -> list[float]:
    """The calls of so many seconds while ``ask`` is done again and again."""
    until = time.monotonic() + length
    clerk.begin(length)
    while time.monotonic() < until:
        ask()
        time.sleep(0.05)
    return clerk.calls()


def asking(session: requests.Session, urls: list[str]) -> Callable[[], None]:
    def ask() -> None:
        for url in urls:
            seconds(session, url)

    return ask


def seconds(session: requests.Session, url: str) -> float:
    began = time.monotonic()
    answer = session.get(url, timeout=120)
    assert answer.status_code == 200, f"{url}: {answer.status_code} {answer.text[:300]}"
    return time.monotonic() - began


def signed_in(server: Program) -> requests.Session:
    """The manager at a browser."""
    session = requests.Session()
    session.trust_env = False
    page = session.get(f"{server.url}/sign-in", timeout=30).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    form = {"login": "bench-manager", "password": PASSWORD, "csrf_token": token[1]}
    assert session.post(f"{server.url}/sign-in", form, timeout=30).ok
    return session


def print_tampering(large: Large) -> None:
    """One event in the middle of the year changed, removed, put elsewhere: what the command says."""
    store, table = Store(connect(large.url)), tables.event
    with store.read() as connection:
        head = queries.heads(connection)[1]
        middle = head.last_seq // 2
        two = select(table).where(table.c.office == head.office, table.c.seq.in_([middle, middle + 1]))
        kept = [dict(row._mapping) for row in connection.execute(two.order_by(table.c.seq))]
    here = table.c.office == head.office
    change = update(table).where(here, table.c.seq == middle)
    swap = [
        update(table).where(here, table.c.seq == before).values(seq=after)
        for before, after in ((middle, -1), (middle + 1, middle), (-1, middle + 1))
    ]
    for what, statements in (
        ("changed", [change.values(actor="nobody")]),
        ("removed", [delete(table).where(here, table.c.seq == middle)]),
        ("reordered", swap),
    ):
        with store.engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)
        code, output = said(large.url, "log", "verify")
        print(f"  event {middle} {what}: exit {code}; {output.splitlines()[0]}")
        assert code == 1
        assert f"{head.office}: event {middle}" in output
        with store.engine.begin() as connection:
            connection.execute(delete(table).where(here, table.c.seq.in_([middle, middle + 1])))
            connection.execute(insert(table), kept)
    store.engine.dispose()


@dataclass(frozen=True)
class Spent:
    """What a command took: by the clock, of the processor, and of memory at most."""

    wall: float
    processor: float
    megabytes: int


def run(url: str, *command: str) -> Spent:
    """Run a command of talon-server to its good end, and measure it."""
    began = time.monotonic()
    process = start(url, *command, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return Spent(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def said(url: str, *command: str) -> tuple[int, str]:
    """The exit code of a command and what it printed."""
    process = start(url, *command, stdout=subprocess.PIPE)
    output, _nothing = process.communicate()
    return process.returncode, output.decode()


def start(url: str, *command: str, stdout: int) -> subprocess.Popen[Any]:
    environment = {**clean_environment(), "TALON_DATABASE_URL": url}
    return subprocess.Popen(
        [sys.executable, "-m", "server", *command], stdout=stdout, cwd=ROOT, env=environment
    )


def print_command(what: str, spent: Spent, limit: float | None) -> None:
    beside = f", limit {limit:.0f} s: {spent.processor / limit:.2f} of it" if limit else ""
    print(
        f"  {what}: {spent.processor:.1f} s of one processor ({spent.wall:.1f} s by the clock), "
        f"{spent.megabytes} MB{beside}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
