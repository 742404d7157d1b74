"""An office, a ticket and a remembering server for the kiosk's tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from server.sdk.client import ServerRefused, ServerUnreachable
from server.sdk.commands import CheckIn, IssueTicket
from server.sdk.messages import (
    CategoryInfo,
    DayHours,
    IssuedTicket,
    OfficeInfo,
    Problem,
    ServiceInfo,
    TicketStatus,
)
from server.sdk.terminal_messages import (
    HandedIn,
    HandInTickets,
    LeaseNumbers,
    NumberBlock,
    NumberLease,
    PrintOrder,
    RefusedTicket,
    ReportPrint,
    ReportTerminal,
    TerminalCommand,
    TerminalView,
)

STATUS_URL = "http://127.0.0.1:8080/t/k3nq8w2x5v7z1m4p"


def service(code: str = "payments", **changes: Any) -> ServiceInfo:
    """A service with names in three languages."""
    values: dict[str, Any] = {
        "code": code,
        "name": {"ru": "Оплата и расчёты", "kk": "Төлем және есеп айырысу", "en": "Payments and bills"},
        "waiting": 3,
        "expected_wait_minutes": 15,
    }
    return ServiceInfo(**(values | changes))


def office(**changes: Any) -> OfficeInfo:
    """An open bilingual office in Kazakhstan's time."""
    values: dict[str, Any] = {
        "code": "zarechny",
        "version": 7,
        "company": {"ru": "Заречная энергия", "kk": "Заречный энергиясы", "en": "Zarechny Energy"},
        "name": {"ru": "Офис на Заречной", "kk": "Заречный кеңсесі", "en": "Zarechny office"},
        "address": {"ru": "ул. Энергетиков, 12", "kk": "Энергетиктер көшесі, 12", "en": "12 Grid St"},
        "phone": "8-800-000-00-01",
        "hotline": "8-800-000-00-00",
        "timezone": "Asia/Almaty",
        "languages": ["ru", "kk", "en"],
        "ticket_languages": ["ru"],
        "wait_hint": {
            "ru": "Ждите в зале у табло",
            "kk": "Залда таблоның жанында күтіңіз",
            "en": "Wait in the hall",
        },
        "is_open": True,
        "hours": [
            DayHours(weekday=day, intervals=[("08:00", "17:00")] if day < 6 else []) for day in range(1, 8)
        ],
        "services": [
            service(),
            service("metering", name={"ru": "Приборы", "kk": "Аспаптар", "en": "Meters"}, waiting=0),
        ],
        "categories": [],
        "waiting": 3,
        "desks_open": 2,
    }
    return OfficeInfo(**(values | changes))


def category(code: str = "veteran") -> CategoryInfo:
    """A priority category."""
    return CategoryInfo(code=code, name={"ru": "Ветеран", "kk": "Ардагер", "en": "Veteran"})


def ticket(**changes: Any) -> IssuedTicket:
    """The answer to a tap."""
    values: dict[str, Any] = {
        "id": "0190f2c0-0000-7000-8000-000000000001",
        "number": "А123",
        "service": "payments",
        "issued_at": datetime(2025, 3, 4, 5, 6, tzinfo=UTC),
        "ahead": 3,
        "expected_wait_minutes": 15,
        "status_url": STATUS_URL,
    }
    return IssuedTicket(**(values | changes))


def refusal(
    status: int = 409, code: str = "office_closed", detail: str = "Офис закрыт до 08:00"
) -> ServerRefused:
    """The server says no."""
    return ServerRefused(Problem(title="no", status=status, code=code, detail=detail))


NOON = datetime(2025, 3, 4, 7, 0, tzinfo=UTC)
"""A Tuesday, noon in the office: it is open."""


class FrozenTime:
    """The server's clock and the terminal's two: they move only when told to."""

    def __init__(self, at: datetime = NOON, ahead: timedelta = timedelta()) -> None:
        self.at = at
        self.ahead = ahead
        self._began = at

    def pass_(self, **time: float) -> None:
        """Let time go by on all clocks."""
        self.at += timedelta(**time)

    def wall(self) -> datetime:
        """The terminal's own clock."""
        return self.at + self.ahead

    def steady(self) -> float:
        """The terminal's steady clock."""
        return (self.at - self._began).total_seconds() + 1000


class RememberingServer:
    """A twin of ``TalonClient``: issues numbers by key, keeps what was asked, fails when told to.

    ``down``: nothing gets through. ``lost``: the next issue is done but its answer never comes.
    """

    def __init__(self, state: OfficeInfo | None = None, time: FrozenTime | None = None) -> None:
        self.state = state or office()
        self.time = time or FrozenTime()
        self.faults: list[Exception] = []
        self.asked: list[tuple[IssueTicket, str]] = []
        self.issued: dict[str, IssuedTicket] = {}
        self.before_answer: Callable[[], None] = lambda: None
        self.down = False
        self.lost = False
        self.keys: dict[str, str] = {}
        self.cancelled: list[str] = []
        self.reports: list[ReportTerminal] = []
        self.leases: list[LeaseNumbers] = []
        self.blocks = [NumberBlock(prefix="А", first=980, last=999, services=["payments", "metering"])]
        self.handed: dict[str, HandInTickets] = {}
        self.refuse: dict[str, str] = {}
        self.orders: list[PrintOrder] = []
        self.prints: list[ReportPrint] = []
        self.commands: list[TerminalCommand] = []
        self._lock = threading.Lock()

    def office(self, office: str) -> OfficeInfo:
        """The state, or the next fault."""
        self._fail()
        assert office == self.state.code
        return self.state

    def issue_ticket(self, office: str, request: IssueTicket, key: str) -> IssuedTicket:
        """One number a key, whatever happens."""
        self.before_answer()
        with self._lock:
            self.asked.append((request, key))
            self._fail()
            self._use(key, f"issue {request.model_dump_json()}")
            if key not in self.issued:
                number = 123 + len(self.issued)
                self.issued[key] = ticket(
                    id=f"0190f2c0-0000-7000-8000-{number:012d}",
                    number=f"А{number}",
                    service=request.service,
                    status_url=STATUS_URL if number == 123 else f"{STATUS_URL}{number}",
                )
            if self.lost:
                self.lost = False
                raise silence()
            return self.issued[key]

    def check_in(self, office: str, request: CheckIn, key: str) -> IssuedTicket:
        """The ticket of the one booking that is known."""
        self._fail()
        if request.code != "123456":
            raise refusal(404, "unknown_booking", "Запись не найдена")
        return ticket(number="Л001")

    def cancel_ticket(self, code: str) -> TicketStatus:
        """Remembers the code."""
        self._fail()
        self.cancelled.append(code)
        values: dict[str, Any] = {"number": "А123", "version": 1, "at": self.time.at, "office": "zarechny"}
        values |= {"office_name": {}, "timezone": "Asia/Almaty", "languages": [], "service_name": {}}
        return TicketStatus(**values, state="cancelled", issued_at=self.time.at)

    def lease_numbers(self, office: str, request: LeaseNumbers) -> NumberLease:
        """Today's block."""
        self._fail()
        self.leases.append(request)
        day = (self.time.at + timedelta(hours=5)).date()
        midnight = datetime(day.year, day.month, day.day, 19, 0, tzinfo=UTC)
        return NumberLease(day=day, expires_at=midnight, blocks=self.blocks, status_url="http://s/t/")

    def hand_in(self, office: str, request: HandInTickets, key: str) -> HandedIn:
        """Takes all but those to be refused."""
        self._fail()
        self._use(key, request.model_dump_json())
        self.handed[key] = request
        refused = [
            RefusedTicket(id=t.id, number=t.number, code="number_taken", detail=self.refuse[t.number])
            for t in request.tickets
            if t.number in self.refuse
        ]
        return HandedIn(taken=[t.id for t in request.tickets if t.number not in self.refuse], refused=refused)

    def report_terminal(self, office: str, request: ReportTerminal, key: str | None = None) -> TerminalView:
        """Remembers the report; answers with the orders."""
        self._fail()
        if key is not None:
            self._use(key, request.model_dump_json())
        self.reports.append(request)
        self.commands = [command for command in self.commands if command.id != request.done]
        return self.view()

    def report_print(self, office: str, request: ReportPrint, key: str) -> TerminalView:
        """Remembers the result; the order is done."""
        self._fail()
        self.prints.append(request)
        self.orders = [order for order in self.orders if order.id != request.order]
        return self.view()

    def view(self) -> TerminalView:
        """What the terminals have to do."""
        return TerminalView(
            office="zarechny",
            you="terminal-1",
            version=1,
            at=self.time.at,
            print_orders=self.orders,
            commands=self.commands,
        )

    def _use(self, key: str, command: str) -> None:
        if self.keys.setdefault(key, command) != command:
            raise refusal(422, "key_reused", "the key was used for another command")

    def _fail(self) -> None:
        if self.down:
            raise silence()
        if self.faults:
            raise self.faults.pop(0)


def silence() -> ServerUnreachable:
    """Nothing was heard from the server."""
    return ServerUnreachable("no answer within 2 s")


def print_order(**changes: Any) -> PrintOrder:
    """Staff want a ticket printed at this terminal."""
    values: dict[str, Any] = {
        "id": "0190f2c0-0000-7000-8000-00000000abcd",
        "terminal": "terminal-1",
        "ticket": "0190f2c0-0000-7000-8000-00000000ffff",
        "number": "А077",
        "service": "payments",
        "language": "ru",
        "issued_at": NOON,
        "ahead": 2,
        "status_url": STATUS_URL,
    }
    return PrintOrder(**(values | changes))
