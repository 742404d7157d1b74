"""Builders of wire states for page tests: a plausible office, desk, ticket and year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from server.company_reasons import ReasonsSettings
from server.domain.typical_load import Hour
from server.reports.ratings import OTHER_REASON
from server.sdk import messages, rating_messages, staff_messages

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
    "bills": {
        "ru": "Начисления, сверка, справки",
        "kk": "Есептеулер, салыстыру, анықтамалар",
        "en": "Bills, reconciliation, certificates",
    },
    "payment": {"ru": "Касса", "kk": "Касса", "en": "Payment desk"},
}
CALL_REASONS: dict[str, dict[messages.Language, str]] = {
    "documents": {
        "ru": "Вернулся с документами",
        "kk": "Құжаттарымен қайта келді",
        "en": "Came back with documents",
    },
    "administrator": {
        "ru": "Решение администратора",
        "kk": "Әкімшінің шешімі",
        "en": "Decided by the administrator",
    },
    "short": {"ru": "Короткий вопрос", "kk": "Қысқа сұрақ", "en": "A short question"},
}
HOLD_REASONS: dict[str, dict[messages.Language, str]] = {
    "documents": {"ru": "Ждёт документы", "kk": "Құжаттарын күтуде", "en": "Waits for documents"},
    "form": {"ru": "Заполняет бланк", "kk": "Бланк толтыруда", "en": "Fills in a form"},
    "out": {"ru": "Вышел ненадолго", "kk": "Аз уақытқа шықты", "en": "Stepped out for a moment"},
}
BREAK_REASONS: dict[str, dict[messages.Language, str]] = {
    "lunch": {"ru": "Обед", "kk": "Түскі ас", "en": "Lunch"},
    "technical": {"ru": "Технический", "kk": "Техникалық", "en": "Technical"},
    "training": {"ru": "Обучение", "kk": "Оқыту", "en": "Training"},
    "papers": {"ru": "Документооборот", "kk": "Құжат айналымы", "en": "Paperwork"},
}
RESULTS: dict[str, dict[messages.Language, str]] = {
    "done": {"ru": "Вопрос решён", "kk": "Мәселе шешілді", "en": "Solved"},
    "accepted": {"ru": "Принято заявление", "kk": "Өтініш қабылданды", "en": "Application taken"},
    "papers": {"ru": "Не хватает документов", "kk": "Құжаттар жетіспейді", "en": "Documents are missing"},
    "elsewhere": {"ru": "Не наш вопрос", "kk": "Біздің мәселе емес", "en": "Not our matter"},
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


def days() -> list[dict[str, Any]]:
    """A Monday with its usual load, and a Sunday without reception, as the office's page takes them."""
    hours = [Hour(8, 4, "usual"), Hour(9, 12, "busy"), Hour(10, 1, "calm")]
    open_from, closes = time(8, 0), time(11, 0)
    return [
        {"day": date(2026, 3, 1), "desks": (), "hours": [], "now": None},
        {"day": date(2026, 3, 2), "desks": ((open_from, closes),), "hours": hours, "now": 9},
    ]


def window(version: int = 1, **changes: Any) -> dict[str, Any]:
    """The screen over window 5, free; pass ``state``, ``number`` and the rest."""
    facts: dict[str, Any] = {
        "office": "zarechny",
        "desk": "zarechny-5",
        "label": "5",
        "kind": "window",
        "version": version,
        "at": ago(0),
        "timezone": "Asia/Yekaterinburg",
        "languages": ["kk", "ru"],
        "state": "free",
    }
    return json_of(messages.WindowView(**{**facts, **changes}))


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
        "waiting_since": ago(waited),
        "place": 1,
        "reason": "arrival",
        "norm_seconds": 600,
        "wait_limit_seconds": 900,
    }
    return json_of(staff_messages.TicketView(**{**facts, **changes}))


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
        "since": ago(300),
        "services": ["meters", "bills"],
        "current": None,
        "waiting": [],
        "mine": [ticket["id"] for ticket in changes.get("waiting", [])],
        "service_norm_seconds": 600,
        "wait_limit_seconds": 900,
        "served_today": 14,
    }
    return json_of(staff_messages.DeskView(**{**facts, **changes}))


def choices(**changes: Any) -> dict[str, Any]:
    """What the staff of the office choose from: three desks, four services, no results unless told."""
    facts: dict[str, Any] = {
        "office": "zarechny",
        "call_reasons": named(CALL_REASONS),
        "hold_reasons": named(HOLD_REASONS),
        "break_reasons": named(BREAK_REASONS),
        "annul_reasons": [],
        "results": [],
        "result_required": False,
        "services": [
            {"code": code, "name": name, "waiting": waiting, "desks_open": desks_open}
            for (code, name), waiting, desks_open in zip(
                SERVICES.items(), (3, 1, 0, 5), (2, 1, 0, 1), strict=True
            )
        ],
        "desks": [
            desk_choice("1", "open", "operator1", ["meters", "bills"]),
            desk_choice("2", "open", "operator2", ["meters", "contract"]),
            desk_choice("3", "break", "operator3", ["contract", "bills"]),
            desk_choice("4", "closed", None, ["payment"]),
        ],
        "categories": office()["categories"],
    }
    return json_of(staff_messages.Choices(**{**facts, **changes}))


def desk_choice(label: str, state: str, operator: str | None, services: list[str]) -> dict[str, Any]:
    """A window a visitor may be sent to."""
    return {
        "desk": f"zarechny-{label}",
        "label": label,
        "kind": "window",
        "state": state,
        "operator": operator,
        "services": services,
    }


def named(names: dict[str, dict[messages.Language, str]]) -> list[dict[str, Any]]:
    """Choices of these codes and names."""
    return [{"code": code, "name": name} for code, name in names.items()]


def remark(text: str, kind: str = "note", actor: str = "operator2", since: int = 600) -> dict[str, Any]:
    """Words of a colleague about a ticket, written ``since`` seconds ago."""
    return {"at": ago(since), "actor": actor, "kind": kind, "text": text}


def step(service: str, label: str | None = None) -> dict[str, Any]:
    """A further service of a visit, at a certain window when it has a ``label``."""
    desk = label and f"zarechny-{label}"
    return {"service": service, "service_name": SERVICES[service], "desk": desk, "label": label}


def alert(code: str, **changes: Any) -> dict[str, Any]:
    """Something in the hall that needs a person, of the second service unless told."""
    facts: dict[str, Any] = {"code": code, "service": "contract", "service_name": SERVICES["contract"]}
    return json_of(staff_messages.AlertView(**{**facts, **changes}))


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


def rating_choices(surveys: bool = False, **changes: Any) -> dict[str, Any]:
    """What the office asks after a mark; with a survey of three questions if wanted."""
    low = ReasonsSettings().low_marks
    facts: dict[str, Any] = {
        "low_mark": 2,
        "correction_seconds": 5,
        "reasons": [
            *({"code": choice.code, "name": choice.name} for choice in low),
            {"code": "other", "name": OTHER_REASON},
        ],
        "surveys": [SURVEY] if surveys else [],
    }
    return json_of(rating_messages.TicketRating.model_validate({**facts, **changes}))


SURVEY: dict[str, Any] = {
    "code": "hall",
    "title": {"ru": "О зале", "kk": "Зал туралы", "en": "About the hall"},
    "questions": [
        {
            "code": "signs",
            "kind": "scale",
            "text": {
                "ru": "Понятны ли указатели в зале?",
                "kk": "Залдағы көрсеткіштер түсінікті ме?",
                "en": "Are the signs in the hall clear?",
            },
        },
        {
            "code": "found",
            "kind": "yes_no",
            "text": {
                "ru": "Вы нашли нужное окно сами?",
                "kk": "Қажетті терезені өзіңіз таптыңыз ба?",
                "en": "Did you find your window yourself?",
            },
        },
        {
            "code": "source",
            "kind": "choice",
            "text": {
                "ru": "Откуда вы узнали, какие документы нужны?",
                "kk": "Қандай құжаттар қажет екенін қайдан білдіңіз?",
                "en": "Where did you learn which documents you need?",
            },
            "choices": [
                {"code": "site", "name": {"ru": "С сайта", "kk": "Сайттан", "en": "From the site"}},
                {"code": "phone", "name": {"ru": "По телефону", "kk": "Телефон арқылы", "en": "By phone"}},
                {"code": "staff", "name": {"ru": "От сотрудника", "kk": "Қызметкерден", "en": "From staff"}},
                {"code": "nowhere", "name": {"ru": "Не знал(а)", "kk": "Білмедім", "en": "I did not know"}},
            ],
        },
    ],
}


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
