"""The reports of disclosure as they are now, as they were published, and their files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from server.db import queries
from server.db.disclosure_rows import DisclosureRows, Version
from server.db.store import Store
from server.domain.entries import Entry
from server.domain.errors import Conflict, NotFound
from server.reports import network, quarterly, supplier
from server.reports.document import Document, Imprint, from_json
from server.reports.inputs import Inputs
from server.reports.render import CannotRender, rendered
from server.web.api import Api
from server.web.auth import Identity

Form = Literal["supplier", "network"]
FILE_FORMATS = ("xlsx", "pdf", "csv", "json")
MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "json": "application/json",
}


class Disclosure(BaseModel):
    """A report with its imprint: version 0 is a draft."""

    imprint: Imprint
    report: Document


@dataclass(frozen=True)
class Shelf:
    """A report's draft and its publications, the oldest first."""

    draft: Document
    versions: list[Version]
    years: list[int]


def shelf(api: Api, identity: Identity, form: str, year: int, quarter: int = 0) -> Shelf:
    """Make the draft of a report and read its publications in one moment.

    ``quarter`` 1…4 belongs to the quarterly report. One office's people see a draft of their own office.
    """
    with api.store.read() as connection:
        rows = DisclosureRows(connection, api.store.clock(), identity.actor)
        inputs = year_of(api.store, connection, year, with_sums=form != "quarterly")
        period = f"{year}-Q{quarter}" if quarter else str(year)
        versions = rows.versions(form, period)
        years = {*queries.years_with_figures(connection), *rows.years_entered(), last_year(api), year}
    if identity.office is not None:
        offices = [office for office in inputs.offices if office.code == identity.office]
        kept = [entry for entry in inputs.entries if _is_of(entry, identity.office)]
        part = offices[0].name["ru"] if offices else identity.office
        inputs = Inputs(year, offices, inputs.sums, kept, part)
    return Shelf(_document(inputs, form, quarter), versions, sorted(years))


def year_of(store: Store, connection: Connection, year: int, with_sums: bool = True) -> Inputs:
    """All that reports of a year are made of, for the whole company."""
    rows = DisclosureRows(connection, store.clock(), "")
    kept = [one.entry for one in rows.entries([year - 1, year]) if one.entry is not None]
    offices = [store.book.office(connection, head.version) for head in queries.heads(connection)]
    sums = queries.month_sums(connection, year) if with_sums else {}
    return Inputs(year, offices, sums, kept)


def imprint(version: Version) -> Imprint:
    """What a publication says about itself."""
    at = version.at.strftime("%d.%m.%Y %H:%M UTC")
    return Imprint(version.version, at, version.actor, version.sha256, version.reason)


def published(version: Version) -> Document:
    """The report as it was published."""
    return from_json(json.loads(version.content))


def version_of(found: Shelf, number: int) -> Version:
    """A publication by its number; raises ``NotFound``."""
    for version in found.versions:
        if version.version == number:
            return version
    raise NotFound("unknown_version", version=number)


def file_of(document: Document, about: Imprint, wanted: str) -> bytes:
    """A report's file, drawn outside this process; raises ``Conflict`` when it cannot be."""
    if wanted == "json":
        return (Disclosure(imprint=about, report=document).model_dump_json() + "\n").encode()
    try:
        return rendered(document, about, wanted)
    except CannotRender as error:
        raise Conflict("cannot_render", why=str(error)) from error


def answer(api: Api, found: Shelf, wanted: str, version: int | None) -> Response:
    """The file of the draft, or of a version as it was published."""
    report = found.draft
    if version is None:
        content = file_of(report, Imprint(), wanted)
    else:
        kept = version_of(found, version)
        with api.store.read() as connection:
            rows = DisclosureRows(connection, api.store.clock(), "")
            stored = rows.file(kept.form, kept.period, kept.version, wanted)
        if stored is None:
            raise NotFound("unknown_version", version=version)
        content = stored
    mark = f"v{version}" if version else "draft"
    response = Response(content, mimetype=MIME[wanted])
    response.headers["Cache-Control"] = "no-store"
    if wanted != "json":
        name = f"{report.form}-{report.period}-{mark}.{wanted}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def last_year(api: Api) -> int:
    """The year that is to be disclosed now: the last one that is over."""
    return api.store.clock().year - 1


def last_quarter(api: Api) -> tuple[int, int]:
    """The last quarter that is over, with its year."""
    now = api.store.clock()
    quarter = (now.month - 1) // 3
    return (now.year, quarter) if quarter else (now.year - 1, 4)


def period_end(year: int, quarter: int = 0) -> date:
    """The last day of a year, or of one of its quarters."""
    return (date(year, 12, 31), date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))[
        quarter
    ]


def _document(inputs: Inputs, form: str, quarter: int) -> Document:
    if form == "quarterly":
        return quarterly.document(inputs, quarter)
    return supplier.document(inputs) if form == "supplier" else network.document(inputs)


def _is_of(entry: Entry, office: str) -> bool:
    return str(entry.values.get("office", office)) == office


Year = Annotated[int, Field(ge=2000, le=2100)]
FileFormat = Literal["json", "csv", "xlsx", "pdf"]
