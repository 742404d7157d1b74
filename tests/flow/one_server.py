"""One live server for many requests, and a look at all it has written: refusals must leave no trace."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from sqlalchemy import Engine, func, select

from server.db.tables import metadata, office_log
from tests.programs import Program
from tests.working_company import WorkingCompany

FAULT_MARKS = ("Traceback", 'File "', "sqlalchemy", "pydantic", "site-packages")
"""What only a programmer should ever read."""


@dataclass(frozen=True)
class OneServer:
    """A running server, its company, and its database seen from beside it."""

    program: Program
    company: WorkingCompany
    engine: Engine

    def written(self) -> dict[str, object]:
        """Rows in every table and the heads of all logs: equal before and after what was refused."""
        with self.engine.connect() as connection:
            rows: dict[str, object] = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }
            columns = (office_log.c.office, office_log.c.last_seq, office_log.c.last_hash)
            rows["heads"] = sorted(tuple(row) for row in connection.execute(select(*columns)))
        return rows

    def raw(self, request: bytes) -> bytes:
        """Send bytes as they are; everything that came back until the server hung up (or 15 s)."""
        address = urlsplit(self.program.url)
        answer = b""
        with socket.create_connection((str(address.hostname), int(address.port or 0)), 15) as line:
            # A server that has read enough may answer and hang up while we still send.
            with suppress(ConnectionError):
                line.sendall(request)
            with suppress(OSError):
                line.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while part := line.recv(65536):
                    answer += part
        return answer


def assert_is_problem(answer: requests.Response, status: int, code: str) -> dict[str, object]:
    """The answer is RFC 9457 JSON with this status and code, worded for people; returns it."""
    assert answer.status_code == status, answer.text
    problem = assert_is_some_problem(answer)
    assert problem["code"] == code, problem
    return problem


def assert_is_some_problem(answer: requests.Response) -> dict[str, object]:
    """The answer is a refusal in the one shape of refusals, and tells nothing of our insides."""
    assert 400 <= answer.status_code < 500, f"{answer.status_code} {answer.text}"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not [mark for mark in FAULT_MARKS if mark in answer.text], answer.text
    problem: dict[str, object] = json.loads(answer.content)
    for key in ("type", "title", "code", "detail"):
        assert isinstance(problem[key], str), problem
        assert problem[key], problem
    assert problem["status"] == answer.status_code
    return problem
