"""An office, a ticket and a remembering server for the kiosk's tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from server.sdk.client import ServerRefused, ServerUnreachable
from server.sdk.commands import IssueTicket
from server.sdk.messages import CategoryInfo, DayHours, IssuedTicket, OfficeInfo, Problem, ServiceInfo

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


class RememberingServer:
    """A twin of ``TalonClient``: issues numbers by key, keeps what was asked, fails when told to."""

    def __init__(self, state: OfficeInfo | None = None) -> None:
        self.state = state or office()
        self.faults: list[Exception] = []
        self.asked: list[tuple[IssueTicket, str]] = []
        self.issued: dict[str, IssuedTicket] = {}
        self.before_answer: Callable[[], None] = lambda: None
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
            if key not in self.issued:
                number = f"А{123 + len(self.issued)}"
                self.issued[key] = ticket(number=number, service=request.service)
            return self.issued[key]

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)


def silence() -> ServerUnreachable:
    """Nothing was heard from the server."""
    return ServerUnreachable("no answer within 2 s")
