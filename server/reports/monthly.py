"""The monthly report: averages of waiting and service time by office and company (domain §7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from server.domain.figures import Sums, average_minutes, average_score
from server.domain.office import Names, Office
from server.sdk.messages import MonthFigures, MonthlyReport, YearFigures

RULE: dict[str, str] = {
    "ru": "Среднее = сумма по всем обслуженным посетителям ÷ их число. Ожидание — от выдачи талона "
    "до начала обслуживания; обслуживание — от начала до завершения. Неявки, ушедшие и необслуженные "
    "в средние не входят. Месяц — по местной дате начала обслуживания. Среднее по компании и за год — "
    "сумма ÷ число, а не среднее средних.",
    "kk": "Орташа = барлық қызмет көрсетілген келушілер бойынша қосынды ÷ олардың саны. Күту — талон "
    "берілгеннен қызмет көрсету басталғанға дейін; қызмет көрсету — басталғаннан аяқталғанға дейін. "
    "Келмегендер, кетіп қалғандар және қызмет көрсетілмегендер орташаға кірмейді. Ай — қызмет көрсету "
    "басталған жергілікті күн бойынша. Компания және жыл бойынша орташа — қосынды ÷ сан, "
    "орташалардың орташасы емес.",
    "en": "Average = the sum over all served visitors ÷ their number. Waiting runs from the issue of the "
    "ticket to the start of service; service from its start to its end. No-shows, those who left and the "
    "unserved are not in the averages. The month is that of the local date on which service began. "
    "The company's and the year's average is sum ÷ number, never an average of averages.",
}
"""The rule printed beside the figures (domain §7)."""


def report(
    year: int,
    years: Sequence[int],
    offices: Sequence[Office],
    sums: Mapping[tuple[str, int], Sums],
    generated_at: datetime,
) -> MonthlyReport:
    """The report of ``year`` over ``offices``; ``sums`` by (office code, month 1…12)."""
    company = [sum((sums.get((o.code, m), Sums()) for o in offices), Sums()) for m in range(1, 13)]
    by_office = [
        _year(office.code, office.name, [sums.get((office.code, month), Sums()) for month in range(1, 13)])
        for office in offices
    ]
    name = offices[0].company if offices else {"ru": ""}
    return MonthlyReport.model_validate(
        {
            "year": year,
            "years": sorted({*years, year}),
            "generated_at": generated_at,
            "rule": RULE,
            "company": _year(None, name, company),
            "offices": by_office,
        }
    )


def _year(office: str | None, name: Names, months: Sequence[Sums]) -> YearFigures:
    figures = [_figures(month, sums) for month, sums in enumerate(months, start=1)]
    whole = _figures(12, sum(months, Sums()))
    return YearFigures.model_validate({"office": office, "name": name, "months": figures, "year": whole})


def _figures(month: int, sums: Sums) -> MonthFigures:
    return MonthFigures(
        month=month,
        served=sums.served,
        wait_seconds=sums.wait_seconds,
        service_seconds=sums.service_seconds,
        average_wait_minutes=average_minutes(sums.wait_seconds, sums.served),
        average_service_minutes=average_minutes(sums.service_seconds, sums.served),
        issued=sums.issued,
        no_show=sums.no_show,
        excluded=sums.excluded,
        rated=sums.rated,
        average_score=average_score(sums.score_sum, sums.rated),
    )
