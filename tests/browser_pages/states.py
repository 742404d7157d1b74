"""Builders of wire states for page tests: a plausible office, desk, ticket and year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from server.sdk import messages

NAMES: dict[messages.Language, str] = {
    "ru": "Офис «Заречный»",
    "kk": "«Заречный» кеңсесі",
    "en": "Zarechny office",
}
COMPANY: dict[messages.Language, str] = {
    "ru": "АО «Пример Энергосбыт»",
    "kk": "«Мысал Энергосбыт» АҚ",
    "en": "Example Energosbyt JSC",
}
SERVICES: dict[str, dict[messages.Language, str]] = {
    "meters": {
        "ru": "Показания и приборы учёта",
        "kk": "Көрсеткіштер және есептегіштер",
        "en": "Meters and readings",
    },
    "contract": {
        "ru": "Заключение и изменение договора",
        "kk": "Шарт жасасу және өзгерту",
        "en": "New contract or changes",
    },
}


def json_of(answer: messages.Answer) -> dict[str, Any]:
    """The state as it goes over the wire."""
    return answer.model_dump(mode="json")


def office(**changes: Any) -> dict[str, Any]:
    """An open office with one out-of-turn category."""
    facts: dict[str, Any] = {
        "code": "zarechny",
        "version": 1,
        "company": COMPANY,
        "name": NAMES,
        "address": {"ru": "ул. Примерная, 1", "kk": "Мысал көшесі, 1", "en": "1 Primernaya St."},
        "phone": "8 800 000-00-00",
        "timezone": "Asia/Yekaterinburg",
        "languages": ["ru", "kk", "en"],
        "ticket_languages": ["ru"],
        "demonstration": True,
        "is_open": True,
        "hours": [],
        "services": [],
        "categories": [{"code": "veteran", "name": {"ru": "Ветеран", "kk": "Ардагер", "en": "Veteran"}}],
        "waiting": 7,
        "desks_open": 3,
        "live_wait_seconds": 540,
    }
    return json_of(messages.OfficeInfo(**{**facts, **changes}))


def ticket(number: str = "A023", waited: int = 300, **changes: Any) -> dict[str, Any]:
    """A waiting visitor who came ``waited`` seconds ago."""
    service = changes.pop("service", "meters")
    facts: dict[str, Any] = {
        "id": f"id-{number}",
        "number": number,
        "service": service,
        "service_name": SERVICES[service],
        "state": "waiting",
        "language": "ru",
        "joined_at": ago(waited),
        "place": 1,
        "reason": "arrival",
    }
    return json_of(messages.TicketView(**{**facts, **changes}))


def desk(version: int = 1, **changes: Any) -> dict[str, Any]:
    """The screen of a closed desk; pass ``state``, ``current``, ``waiting``, ``mine`` for others."""
    facts: dict[str, Any] = {
        "office": "zarechny",
        "desk": "zarechny-1",
        "label": "1",
        "kind": "window",
        "version": version,
        "at": ago(0),
        "state": "closed",
        "operator": "operator1",
        "current": None,
        "waiting": [],
        "mine": [ticket["id"] for ticket in changes.get("waiting", [])],
        "service_norm_seconds": 600,
        "wait_limit_seconds": 900,
        "served_today": 14,
    }
    return json_of(messages.DeskView(**{**facts, **changes}))


def rating_page(version: int = 1, **changes: Any) -> dict[str, Any]:
    """What the tablet at window 1 follows; idle unless told."""
    facts: dict[str, Any] = {
        "office": "zarechny",
        "desk": "zarechny-1",
        "label": "1",
        "kind": "window",
        "version": version,
        "at": ago(0),
        "name": NAMES,
        "languages": ["ru", "kk", "en"],
        "state": "idle",
    }
    return json_of(messages.RatingPageView(**{**facts, **changes}))


def ticket_status(version: int = 1, **changes: Any) -> dict[str, Any]:
    """What the ticket's holder sees: fourth in the line unless told."""
    facts: dict[str, Any] = {
        "number": "A023",
        "version": version,
        "at": ago(0),
        "office": "zarechny",
        "office_name": NAMES,
        "timezone": "Asia/Yekaterinburg",
        "languages": ["ru", "kk", "en"],
        "service_name": SERVICES["meters"],
        "state": "waiting",
        "issued_at": ago(300),
        "ahead": 3,
        "expected_wait_minutes": 15,
    }
    return json_of(messages.TicketStatus(**{**facts, **changes}))


def report(year: int = 2026) -> dict[str, Any]:
    """A year of two offices: one with figures up to October, one where nobody was served."""
    busy = [month(number, 900 + 37 * number, 6.2 + number % 4 * 1.7) for number in range(1, 11)]
    busy += [month(number, 0, None) for number in (11, 12)]
    empty = [month(number, 0, None) for number in range(1, 13)]
    total = month(1, 10_835, 8.7)
    offices = [
        messages.YearFigures(office="zarechny", name=NAMES, months=busy, year=total),
        messages.YearFigures(
            office="new",
            name={"ru": "Офис «Новый»", "kk": "«Новый» кеңсесі", "en": "New office"},
            months=empty,
            year=month(1, 0, None),
        ),
    ]
    answer = messages.MonthlyReport(
        year=year,
        years=[year - 1, year],
        generated_at=datetime.now(UTC),
        rule={
            "ru": "Среднее = сумма по обслуженным за месяц / их число. Неявки и ушедшие не входят.",
            "kk": "Орташа = ай ішінде қызмет көрсетілгендер бойынша қосынды / олардың саны.",
            "en": "Average = sum over people served in the month / their number. No-shows are left out.",
        },
        company=messages.YearFigures(office=None, name=COMPANY, months=busy, year=total),
        offices=offices,
    )
    return json_of(answer)


def month(number: int, served: int, wait: float | None) -> messages.MonthFigures:
    """One month: ``served`` people who waited ``wait`` minutes on average."""
    return messages.MonthFigures(
        month=number,
        served=served,
        wait_seconds=round((wait or 0) * 60 * served),
        service_seconds=served * 420,
        average_wait_minutes=wait,
        average_service_minutes=7.0 if served else None,
        issued=served + served // 20,
        no_show=served // 25,
        excluded=served // 300,
        rated=served // 3,
        average_score=4.6 if served else None,
    )


def ago(seconds: int) -> str:
    """The instant ``seconds`` before now."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()
