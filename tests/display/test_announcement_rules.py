"""Which call is said next, stale, repeated or kept quiet: one table for the page and for the program."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from display.announcements import CallQueue, Turn, implied_by
from server.sdk.messages import Announcement, BoardView
from tests.display.boards import NOON, board, row, saying, voice
from tests.needs import need

HERE = Path(__file__).parent
RULES = HERE.parents[1] / "display" / "ui" / "announcement_rules.js"
TABLE = HERE / "announcement_cases.json"
CASES: dict[str, list[list[Any]]] = json.loads(TABLE.read_text("utf-8"))["cases"]
ASKED = ("next", "wait", "first")


def expected(name: str) -> list[Any]:
    return [step[-1] for step in CASES[name] if step[0] in ASKED]


@cache
def answers_of_the_page() -> dict[str, list[Any]]:
    """What the page's rules answer to the whole table, by one run of node."""
    command = [need("node"), str(HERE / "run_announcement_cases.mjs"), str(RULES)]
    done = subprocess.run(
        command, input=TABLE.read_text("utf-8"), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    answers: dict[str, list[Any]] = json.loads(done.stdout)
    return answers


def moment(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def announcement(id_: str) -> Announcement:
    number, _, at = id_.partition("@")
    called = row(number, ago=-int(at), call_id=id_)
    return Announcement.model_validate(saying(called))


def state(at: float, rows: list[str], rules: dict[str, Any]) -> BoardView:
    called = []
    for text in rows:
        id_, _, visitor = text.partition(" ")
        number, _, moment_ = id_.partition("@")
        called.append(row(number, ago=-int(moment_), state=visitor, call_id=id_))
    return BoardView.model_validate(board(*called, at=moment(at), voice=voice(**rules)))


def answers_of_the_program(steps: list[list[Any]]) -> list[Any]:
    spoken: set[str] = set()
    queue = CallQueue(spoken.__contains__)
    view, turn = state(0, [], {}), Turn(announcement("А0@0"))
    found: list[Any] = []
    for what, first, *more in steps:
        if what == "view":
            view = state(first, more[0], more[1] if len(more) > 1 else {})
        elif what == "offer":
            queue.offer([announcement(id_) for id_ in first])
        elif what == "spoken":
            spoken.add(first)
        elif what == "said":
            queue.said(turn, view, moment(first))
        elif what in ("unsaid", "unheard"):
            if what == "unheard":
                spoken.remove(turn.announcement.id)
            queue.unsaid(turn, moment(first))
        elif what == "first":
            found.append(queue.has_first(view, moment(first)))
        elif what == "wait":
            wait = queue.wait(moment(first))
            found.append(None if wait is None else wait.total_seconds())
        else:
            next_ = queue.next(view, moment(first))
            if next_:
                turn = next_
                spoken.add(turn.announcement.id)
            found.append(next_ and next_.announcement.id + (f" again {next_.times}" if next_.times else ""))
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_program_follows_the_table(name: str) -> None:
    assert answers_of_the_program(CASES[name]) == expected(name)


@pytest.mark.parametrize("name", CASES)
def test_the_page_follows_the_same_table(name: str) -> None:
    assert answers_of_the_page()[name] == expected(name)


def test_a_burst_of_twenty_calls_is_said_whole_though_the_board_lists_eight() -> None:
    ids = [f"А{n:03}@{n - 20}" for n in range(20)]
    steps = [["view", 0, [f"{id_} called" for id_ in reversed(ids[12:])]], ["offer", ids]]
    assert answers_of_the_program([*steps, *(["next", 0, None] for _ in range(21))]) == [*ids, None]


def test_a_state_implies_the_announcements_of_its_called_rows_in_the_order_of_calls() -> None:
    first, second, here = row("А1", ago=40), row("А2", ago=20), row("А3", ago=10, state="serving")
    view = BoardView.model_validate(board(here, second, first, voice=voice("kk", "ru")))
    wanted = [saying(called, languages=["kk", "ru"]) for called in (first, second)]
    assert implied_by(view) == [Announcement.model_validate(one) for one in wanted]


def test_the_page_takes_the_same_from_a_state() -> None:
    first, here = row("А1", ago=40), row("А3", ago=10, state="serving")
    script = (
        "const { impliedBy } = await import('data:text/javascript,' + encodeURIComponent(process.argv[1]));"
        "console.log(JSON.stringify(impliedBy(JSON.parse(process.argv[2]))));"
    )
    view = board(here, first, voice=voice("kk", "ru"))
    command = [need("node"), "--input-type=module", "-e", script, RULES.read_text("utf-8"), json.dumps(view)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    wanted = saying(first, languages=["kk", "ru"])
    del wanted["office"]
    assert json.loads(done.stdout) == [wanted]
