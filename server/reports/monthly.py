"""The monthly report: averages of waiting and service time by office and company (domain §7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from server.domain.figures import Sums, arrived, average_score, no_show_rate, share_over, share_over_all
from server.domain.office import Names, Office
from server.reports.inputs import service_minutes, wait_minutes
from server.sdk.messages import MonthFigures, MonthlyReport, YearFigures

RULE: dict[str, str] = {
    "ru": "Среднее = сумма по всем обслуженным посетителям ÷ их число. Ожидание — от выдачи талона "
    "до начала обслуживания; обслуживание — от начала до завершения во всех окнах, без времени, когда "
    "посетитель был отложен. Обслуженные без талона входят в среднее обслуживание, но не в ожидание. "
    "Неявки, ушедшие и необслуженные в средние не входят. Месяц — по местной дате начала обслуживания. "
    "Среднее по компании и за год — "
    "сумма ÷ число, а не среднее средних.",
    "kk": "Орташа = барлық қызмет көрсетілген келушілер бойынша қосынды ÷ олардың саны. Күту — талон "
    "берілгеннен қызмет көрсету басталғанға дейін; қызмет көрсету — барлық терезеде басталғаннан "
    "аяқталғанға дейін, келуші кейінге қалдырылған уақытсыз. Талонсыз қызмет көрсетілгендер қызмет көрсету "
    "орташасына кіреді, күтуге кірмейді. Келмегендер, кетіп қалғандар және қызмет көрсетілмегендер "
    "орташаға кірмейді. Ай — қызмет көрсету "
    "басталған жергілікті күн бойынша. Компания және жыл бойынша орташа — қосынды ÷ сан, "
    "орташалардың орташасы емес.",
    "en": "Average = the sum over all served visitors ÷ their number. Waiting runs from the issue of the "
    "ticket to the start of service; service from its start to its end at all desks, without the time a "
    "visitor was put aside. Those served without a ticket are in the average of service, not of waiting. "
    "No-shows, those who left and the unserved are not in the averages. The month is that of the local "
    "date on which service began. "
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
        average_wait_minutes=wait_minutes(sums),
        average_service_minutes=service_minutes(sums),
        ticketless=sums.ticketless,
        ticketless_service_seconds=sums.ticketless_seconds,
        issued=sums.issued,
        no_show=sums.no_show,
        excluded=sums.excluded,
        rated=sums.rated,
        average_score=average_score(sums.score_sum, sums.rated),
        over_limit_percent=share_over(sums),
        over_limit_with_unserved_percent=share_over_all(sums),
        no_show_percent=no_show_rate(sums),
        arrived=arrived(sums),
    )
