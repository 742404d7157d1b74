"""Two server processes on one PostgreSQL: a call committed by one is on the boards of the other at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from server.sdk.client import NewsFeed
from tests.flow import told_server
from tests.postgresql import PostgreSql
from tests.programs import READY_SECONDS, Caller, Program, Programs, until
from tests.redis_server import RedisServer
from tests.working_company import OFFICE, WorkingCompany, a_working_company


class Board:
    """What a board that follows one server has heard."""

    def __init__(self, server: Program, company: WorkingCompany) -> None:
        self.called: list[str] = []
        self.said: list[str] = []
        self.following = threading.Event()
        self.feed = NewsFeed(
            server.url, company.devices["display"], [f"board:{OFFICE}"], self._state, self._say
        )

    def _state(self, _room: str, state: Mapping[str, Any]) -> None:
        self.called = [row["number"] for row in state["called"]]
        self.following.set()

    def _say(self, announcement: Mapping[str, Any]) -> None:
        self.said.append(announcement["number"])


@contextmanager
def a_board(server: Program, company: WorkingCompany) -> Iterator[Board]:
    board = Board(server, company)
    board.feed.start()
    try:
        assert board.following.wait(READY_SECONDS), "the board never heard its office"
        yield board
    finally:
        board.feed.stop()


def call_one(server: Program, company: WorkingCompany) -> str:
    desk, token = company.operators[0]
    with Caller(server.url, company.devices["kiosk"]) as kiosk, Caller(server.url, token) as operator:
        services = kiosk.get(f"offices/{OFFICE}").json()["services"]
        issued = kiosk.post(f"offices/{OFFICE}/tickets", {"service": services[0]["code"]})
        assert issued.status_code == 201, issued.text
        assert operator.post(f"desks/{desk}/open").status_code == 200
        called = operator.post(f"desks/{desk}/call-next")
        assert called.status_code == 200, called.text
        return str(called.json()["number"])


def two_servers(programs: Programs, company: WorkingCompany, redis: RedisServer) -> tuple[Program, Program]:
    """Servers that find nothing out without being told: how fast a test goes proves nothing."""
    first, second = (
        programs.server(company.database_url, name, redis_url=redis.url, module=told_server.__name__)
        for name in ("first", "second")
    )
    return first, second


def test_a_board_of_one_process_shows_and_says_once_what_another_has_called(
    programs: Programs, postgresql: PostgreSql
) -> None:
    company = a_working_company(postgresql.new_database())
    with RedisServer() as redis:
        first, second = two_servers(programs, company, redis)
        with a_board(first, company) as here, a_board(second, company) as there:
            number = call_one(first, company)
            until(lambda: here.said and there.said, "both boards saying the call")
            assert (here.said, there.said) == ([number], [number])
            assert (here.called, there.called) == ([number], [number])
        for server in (first, second):
            assert server.end() == 0


def test_without_redis_boards_are_told_by_their_own_process_and_by_others_once_it_is_back(
    programs: Programs, postgresql: PostgreSql
) -> None:
    company = a_working_company(postgresql.new_database())
    redis = RedisServer()
    with redis:
        first, second = two_servers(programs, company, redis)
    with a_board(first, company) as here, a_board(second, company) as there:
        number = call_one(first, company)
        until(lambda: here.said, "the board saying the call")
        assert here.said == [number]
        with redis:
            until(lambda: there.said, "the other board saying what it has missed")
            assert (there.said, there.called) == ([number], [number])
