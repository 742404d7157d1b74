"""A queue server of tests over HTTP: one number a key, and it remembers what terminals tell."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self

from pydantic import BaseModel

from server.sdk.messages import IssuedTicket, OfficeInfo, Problem
from server.sdk.terminal_messages import NumberLease, ReportTerminal, TerminalView
from tests.kiosk.builders import office, ticket

SERIES = "АБВГДЕЖИКЛМН"


def number_of(place: int) -> str:
    """The number given at ``place`` (0 = first): А001 … А999, Б001 …"""
    return f"{SERIES[place // 999]}{place % 999 + 1:03d}"


class StubQueue:
    """Serves at ``url``. Ticket number ``n`` of the day has ``/t/n`` as the address in its QR code."""

    def __init__(self, **changes: Any) -> None:
        self.state: OfficeInfo = office(**changes)
        self.issued: dict[str, IssuedTicket] = {}
        self.reports: list[ReportTerminal] = []
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"queue": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()

    def answer(self, asked: str, key: str, body: bytes) -> BaseModel | None:
        """The answer to a request for the last part of its path; None: not here."""
        now = datetime.now(UTC)
        with self._lock:
            if asked == self.state.code:
                return self.state
            if asked == "tickets":
                return self.issued.setdefault(key, self._ticket(now))
            if asked == "terminals":
                self.reports = [ReportTerminal.model_validate_json(body)]
                return TerminalView(office=self.state.code, you="one", version=1, at=now, print_orders=[])
            if asked == "number-leases":
                # None to lease: what is asked for here is given by the server itself.
                ends = now + timedelta(hours=1)
                return NumberLease(
                    day=now.date(), expires_at=ends, blocks=[], status_url="http://127.0.0.1/t/"
                )
        return None

    def _ticket(self, now: datetime) -> IssuedTicket:
        place = len(self.issued)
        return ticket(
            id=f"0190f2c0-0000-7000-8000-{place:012d}",
            number=number_of(place),
            issued_at=now,
            status_url=f"http://127.0.0.1/t/{place}",
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer is two writes: without this each waits 40 ms for the acknowledgement of the first.
    wbufsize = -1
    disable_nagle_algorithm = True
    queue: ClassVar[StubQueue]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = self.path.partition("?")[0].rsplit("/", 1)[1]
        said = self.queue.answer(asked, self.headers.get("Idempotency-Key", ""), body)
        unknown = Problem(title="no", status=404, code="not_found", detail="no")
        text = (said or unknown).model_dump_json().encode()
        self.send_response(200 if said else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_line: object) -> None:
        """Thousands of requests are not logged."""
