"""A large company to try things on: two hundred offices in a dozen time zones, with a year of visits."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from server.domain.office import Office
from server.simulation.habits import MONTHLY
from server.simulation.office_year import OfficeYear

ZONES = (
    "Europe/Moscow",
    "Europe/Kaliningrad",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
    "Asia/Almaty",
)
SERVICES = (
    ("contract", "А", "Договор энергоснабжения", "Энергиямен жабдықтау шарты", 12, 20),
    ("meters", "Д", "Показания и счётчики", "Көрсеткіштер мен есептегіштер", 5, 10),
    ("payment", "К", "Оплата и сверка", "Төлем және салыстыру", 4, 10),
    ("connection", "Е", "Подключение", "Қосылу", 15, 30),
    ("question", "Л", "Вопросы и справки", "Сұрақтар мен анықтамалар", 7, 15),
)
"""Code, prefix, name in Russian and Kazakh, usual and longest minutes; the first are asked for most."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEKDAY_LOAD = (1.2, 1.05, 1.0, 0.95, 0.8, 0.6, 0.0)
VISITS_A_DAY_AND_DESK = 26
LARGEST, SMALLEST = 4.0, 0.25
"""The largest and the smallest office, of the mean."""


def company_values(offices: int, visits: int, year: int, seed: int) -> dict[str, Any]:
    """The company as its file would say it (``company.CompanySettings``), with desks for so many visits."""
    counts = visits_by_office(offices, visits, seed)
    return {
        "name": {
            "ru": "Большая пробная компания",
            "kk": "Үлкен сынақ компаниясы",
            "en": "Large trial company",
        },
        "demonstration": True,
        "offices": [_office_values(number, count, year) for number, count in enumerate(counts, start=1)],
    }


def visits_by_office(offices: int, visits: int, seed: int) -> list[int]:
    """How many of all visits each office has: few large offices, many small ones."""
    chance = random.Random(f"{seed} offices")  # noqa: S311 - play, not secrets
    sizes = [min(LARGEST, max(SMALLEST, chance.lognormvariate(-0.2, 0.6))) for _ in range(offices)]
    return shares(visits, sizes)


def year_of(
    office: Office, operators: Sequence[str], visits: int, year: int, seed: int
) -> Iterator[OfficeYear]:
    """Let the year of an office pass; gives its state after each month, so that rows can be stored."""
    running = OfficeYear(office, list(operators), seed)
    chance = random.Random(f"{seed} days {office.code}")  # noqa: S311 - play, not secrets
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(_days_in(year))]
    loads = [_load(office, day) * chance.uniform(0.85, 1.15) for day in days]
    missing = 0
    for day, planned in zip(days, shares(visits, loads), strict=True):
        planned += missing if planned else 0
        if planned:
            missing = planned - running.run_day(day, planned)
        if (day + timedelta(days=1)).day == 1:
            yield running


def shares(whole: int, weights: Sequence[float]) -> list[int]:
    """``whole`` in whole parts as near to the weights as can be; together they are ``whole``."""
    total = sum(weights)
    exact = [whole * weight / total for weight in weights]
    parts = [int(part) for part in exact]
    by_rest = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_rest[: whole - sum(parts)]:
        parts[place] += 1
    return parts


def operators_of(office: Office) -> list[str]:
    """The logins of an office's operators: some more than it has desks."""
    count = len(office.desks) + max(1, len(office.desks) // 4)
    return [f"{office.code}-operator-{number}" for number in range(1, count + 1)]


def _office_values(number: int, visits: int, year: int) -> dict[str, Any]:
    # 250 working days, and the busiest is twice an ordinary one.
    desks = max(1, round(visits / 250 / VISITS_A_DAY_AND_DESK))
    begin, end = (("08:00", "17:00"), ("09:00", "18:00"), ("08:30", "17:30"))[number % 3]
    weekly = {day: [[begin, end]] for day in WEEKDAYS}
    if number % 4 == 0:
        weekly["sat"] = [["09:00", "14:00"]]
    return {
        "code": f"o{number:03d}",
        "name": {"ru": f"Офис {number}", "kk": f"{number}-кеңсе", "en": f"Office {number}"},
        "timezone": ZONES[number % len(ZONES)],
        "languages": ["ru", "kk", "en"],
        "schedule": {
            "weekly": weekly,
            "exceptions": {date(year, 1, day).isoformat(): [] for day in range(1, 9)},
        },
        "services": [
            {
                "code": code,
                "prefix": prefix,
                "name": {"ru": ru, "kk": kk},
                "typical_minutes": typical,
                "norm_minutes": norm,
                "wait_limit_minutes": 20 if number % 5 else 15,
            }
            for code, prefix, ru, kk, typical, norm in SERVICES
        ],
        "desks": [{"label": str(desk)} for desk in range(1, desks + 1)],
        "categories": [{"code": "veteran", "name": {"ru": "Ветераны", "kk": "Ардагерлер"}}],
        "bookings": {},
    }


def _load(office: Office, day: date) -> float:
    if not office.schedule.hall_hours(day):
        return 0.0
    return MONTHLY[day.month] * WEEKDAY_LOAD[day.weekday()]


def _days_in(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days
