"""From the moment the server answers again after an outage to its state on the board, by the real clock."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bench.tables import Measured, print_table
from tests.conftest import watched_page
from tests.display.news_server import TOKEN
from tests.programs import free_port

ROOT = Path(__file__).resolve().parents[2]
OUTAGES = 10
AWAY_SECONDS = (0.0, 5.0)
LIMIT = 2.0
SHOWN = "(number) => document.querySelector('.ticket')?.textContent === number"
SERVER = """
import sys, threading
from tests.display.boards import board, row
from tests.display.news_server import NewsServer
NewsServer(board(row(sys.argv[2], ago=900)), port=int(sys.argv[1]))
print("ready", flush=True)
threading.Event().wait()
"""


def serving(port: int, number: str) -> subprocess.Popen[str]:
    """A server of news whose board shows ``number``, in a process of its own; returns when it answers."""
    command = [sys.executable, "-c", SERVER, str(port), number]
    process = subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    """End it as a power cut would: no farewell to anybody."""
    process.kill()
    process.communicate()


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_return_of_the_board_after_outages(browser: Browser) -> None:
    rows = []
    port = free_port()
    server = serving(port, "А0")
    with watched_page(browser, 1920, 1080) as page:
        page.goto(f"http://127.0.0.1:{port}/board/zarechny#{TOKEN}")
        page.get_by_text("А0", exact=True).wait_for()
        for away in AWAY_SECONDS:
            took = []
            for turn in range(OUTAGES):
                kill(server)
                threading.Event().wait(away)
                number = f"А{turn}-{away}"
                server = serving(port, number)
                back = time.monotonic()
                # Looks at every painted frame; the locators' own waiting looks but twice a second.
                page.wait_for_function(SHOWN, arg=number)
                took.append(time.monotonic() - back)
            rows.append(Measured(f"killed, started after {away} s", took, LIMIT))
    kill(server)
    print_table("The server answers again → its state on the board", rows)
