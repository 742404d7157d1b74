"""API for managers: what in a month's figures is suspicious, and the correction of a visit's figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from server.actions import corrections
from server.actions.corrections import Wanted
from server.db import correction_rows, queries, sum_rows
from server.db.store import Store
from server.db.sum_rows import Period
from server.db.unit_of_work import UnitOfWork
from server.domain import anomalies, figures
from server.domain.errors import NotFound
from server.domain.visit import Corrected, State, Visit
from server.sdk.correction_messages import (
    Anomalies,
    AnomaliesQuery,
    CorrectedVisit,
    CorrectFigures,
    CorrectionReason,
    FiguresCorrection,
    SuspiciousOperator,
    SuspiciousVisit,
    VisitFigures,
)
from server.web.api import Api
from server.web.auth import Identity


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.read(
        "reports/anomalies",
        right="figures.read",
        query=AnomaliesQuery,
        answer=Anomalies,
        summary="What in an office's month a person should look at, and what was corrected",
    )
    def found(identity: Identity, query: AnomaliesQuery) -> Anomalies:
        identity.check_office(query.office)
        return of_month(api.store, query.office, date.fromisoformat(f"{query.month}-01"))

    @api.command(
        "visits/<visit>/correct",
        right="figures.correct",
        body=CorrectFigures,
        answer=CorrectedVisit,
        office=_by_visit,
        summary="Correct the figures of a visit; the old ones stay on record",
    )
    def correct(uow: UnitOfWork, body: CorrectFigures, visit: str) -> CorrectedVisit:
        wanted = Wanted(body.wait_seconds, body.service_seconds, body.excluded)
        after = corrections.correct(uow, visit, wanted, body.reason)
        return CorrectedVisit(id=after.id, number=after.number, figures=_figures(after))


def of_month(store: Store, office_code: str, month: date) -> Anomalies:
    """What is suspicious in an office's month; raises ``NotFound``."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    with store.read() as connection:
        head = queries.head(connection, office_code)
        office = store.book.office(connection, head.version)
        count, visits = correction_rows.suspicious(connection, office_code, month, last)
        made = correction_rows.corrections(connection, office_code, month, last)
        by_operator = sum_rows.by_operator(connection, Period([office_code], month, month))
    operators = {operator: sums for (_office, operator), sums in by_operator.items()}
    return Anomalies(
        office=office_code,
        month=f"{month:%Y-%m}",
        count=count,
        visits=[_suspicious(visit) for visit in visits],
        operators=[
            SuspiciousOperator(operator=name, no_show=operators[name].no_show, served=operators[name].served)
            for name in anomalies.many_no_shows(operators)
        ],
        corrections=[
            FiguresCorrection.model_validate({**vars(one), "old": _shown(one.old), "new": _shown(one.new)})
            for one in made
        ],
        reasons=[
            CorrectionReason.model_validate({"code": choice.code, "name": choice.name})
            for choice in office.reasons.corrections
        ],
    )


def _suspicious(visit: Visit) -> SuspiciousVisit:
    return SuspiciousVisit.model_validate(
        {
            "id": visit.id,
            "number": visit.number,
            "day": visit.day,
            "service": visit.first_service,
            "desk": visit.desk,
            "operator": visit.operator,
            "issued_at": visit.issued_at,
            "started_at": visit.started_at,
            "finished_at": visit.finished_at,
            "served": visit.state is State.SERVED,
            "figures": _figures(visit),
            "anomalies": anomalies.of_visit(visit),
        }
    )


def _figures(visit: Visit) -> VisitFigures:
    if visit.corrected is not None:
        known = visit.corrected
        wait: int | None = known.wait
        service: int | None = known.service
        excluded = known.excluded
    else:
        wait, service = figures.waiting_seconds(visit), figures.service_seconds(visit)
        excluded = visit.state is State.SERVED and figures.is_excluded(visit)
    return VisitFigures(
        wait_seconds=None if visit.ticketless else wait,
        service_seconds=service,
        excluded=excluded,
    )


def _shown(known: Corrected) -> VisitFigures:
    return VisitFigures(wait_seconds=known.wait, service_seconds=known.service, excluded=known.excluded)


def _by_visit(store: Store, _body: Any, values: dict[str, str]) -> str:
    with store.read() as connection:
        visit = queries.visit_by_id(connection, values["visit"])
    if visit is None:
        raise NotFound("unknown_visit")
    return visit.office
