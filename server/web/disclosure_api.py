"""API for what is disclosed: the yearly information and the quarterly report, as data or files."""

from __future__ import annotations

from typing import Annotated

from flask import Response
from pydantic import Field

from server.sdk.commands import Request
from server.web import disclosure_data
from server.web.api import Api
from server.web.auth import Identity
from server.web.disclosure_data import Disclosure, FileFormat, Form, Year


class DisclosureQuery(Request):
    """Which form and year (without one the last that is over), in which format; a version, or the draft."""

    year: Year | None = None
    form: Form = "supplier"
    format: FileFormat = "json"
    version: Annotated[int, Field(ge=1, le=10_000)] | None = None


class QuarterlyQuery(Request):
    """Which quarter (without one the last that is over), in which format; a version, or the draft."""

    year: Year | None = None
    quarter: Annotated[int, Field(ge=1, le=4)] | None = None
    format: FileFormat = "json"
    version: Annotated[int, Field(ge=1, le=10_000)] | None = None


def declare(api: Api) -> None:
    """Add these routes to the API."""

    @api.read(
        "reports/disclosure",
        right="figures.read",
        query=DisclosureQuery,
        answer=Disclosure,
        summary="The yearly information of a supplier or a network company: JSON, CSV, XLSX, PDF",
    )
    def disclosure(identity: Identity, query: DisclosureQuery) -> Response:
        year = query.year or disclosure_data.last_year(api)
        found = disclosure_data.shelf(api, identity, query.form, year)
        return disclosure_data.answer(api, found, query.format, query.version)

    @api.read(
        "reports/quarterly",
        right="figures.read",
        query=QuarterlyQuery,
        answer=Disclosure,
        summary="The quarterly report on complaints and appeals: JSON, CSV, XLSX, PDF",
    )
    def quarterly(identity: Identity, query: QuarterlyQuery) -> Response:
        last = disclosure_data.last_quarter(api)
        year, quarter = query.year or last[0], query.quarter or last[1]
        found = disclosure_data.shelf(api, identity, "quarterly", year, quarter)
        return disclosure_data.answer(api, found, query.format, query.version)
