"""Pages of disclosure: a report as it is now or was published, publishing, and what differs."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from server.actions import disclosures
from server.db.disclosure_rows import DisclosureRows, Version
from server.domain.errors import Conflict, Forbidden
from server.reports import quarterly as quarterly_report
from server.reports.document import Imprint, canonical, differences, head, sha256, shown
from server.web import disclosure_data
from server.web.api import Api
from server.web.auth import Identity
from server.web.disclosure_data import FILE_FORMATS, Shelf

FORMS = ("supplier", "network", "quarterly")


def blueprint(api: Api) -> Blueprint:
    """The pages of the yearly and the quarterly reports."""
    pages = Blueprint("disclosure_pages", __name__)

    @pages.get("/figures/disclosure")
    @pages.get("/figures/quarterly")
    def report() -> str:
        identity = api.gate.identity_for_page("figures.read")
        form, year, quarter = _wanted(api)
        found = disclosure_data.shelf(api, identity, form, year, quarter)
        number = _number(request.args.get("version", ""))
        version = disclosure_data.version_of(found, number) if number else None
        document = disclosure_data.published(version) if version else found.draft
        earlier = _earlier(found, number)
        return render_template(
            "disclosure.html",
            report=document,
            imprint=disclosure_data.imprint(version) if version else Imprint(),
            form=form,
            year=year,
            quarter=quarter,
            years=found.years,
            versions=found.versions,
            against=earlier,
            changes=differences(disclosure_data.published(earlier), document) if earlier else [],
            sha256=sha256(found.draft),
            period_end=disclosure_data.period_end(year, quarter),
            over=api.store.clock().date() > disclosure_data.period_end(year, quarter),
            due=quarterly_report.due(year, quarter) if quarter else None,
            may_publish=_may_publish(identity),
            addressees=_addressees(api) if quarter and _may_publish(identity) else None,
            may_enter="figures.enter" in identity.rights,
            head=head,
            shown=shown,
        )

    @pages.post("/figures/disclosure/publish")
    def publish() -> AnyResponse:
        identity = api.gate.identity()
        identity.check("figures.publish")
        if not _may_publish(identity):
            raise Forbidden("other_office")
        form, year, quarter = _wanted(api)
        found = disclosure_data.shelf(api, identity, form, year, quarter)
        content, ends = canonical(found.draft), disclosure_data.period_end(year, quarter)
        seen, reason = request.form.get("sha256", ""), request.form.get("reason", "")
        now = api.store.clock()
        with api.store.read() as connection:
            rows = DisclosureRows(connection, now, identity.actor)
            version = disclosures.check_publishable(rows, content, seen, reason, ends)
        # Files are drawn before the transaction: nothing is waited for inside it.
        about = Imprint(version, now.strftime("%d.%m.%Y %H:%M UTC"), identity.actor, seen, reason)
        files = {name: disclosure_data.file_of(found.draft, about, name) for name in FILE_FORMATS}
        try:
            with api.store.write_company() as connection:
                rows = DisclosureRows(connection, now, identity.actor)
                disclosures.publish(rows, content, reason, ends, version, files)
        except IntegrityError:
            # Somebody else published the same version in the same moment.
            raise Conflict("draft_changed") from None
        return redirect(_address(form, year, quarter, version))

    @pages.post("/figures/disclosure/addressees")
    def addressees() -> AnyResponse:
        identity = api.gate.identity()
        identity.check("figures.publish")
        if not _may_publish(identity):
            raise Forbidden("other_office")
        with api.store.write_company() as connection:
            rows = DisclosureRows(connection, api.store.clock(), identity.actor)
            if request.form.get("remove"):
                disclosures.remove_addressee(rows, request.form["remove"])
            else:
                disclosures.add_addressee(rows, request.form.get("address", ""))
        return redirect("/figures/quarterly#addressees")

    return pages


def _wanted(api: Api) -> tuple[str, int, int]:
    """Form, year and quarter of the request; what is not told or makes no sense is the last that is over."""
    values = request.values
    year = _number(values.get("year", ""))
    year = year if 2000 <= year <= 2100 else 0
    form = "quarterly" if request.path.endswith("/quarterly") else values.get("form", "")
    if form != "quarterly":
        return form if form in FORMS else "supplier", year or disclosure_data.last_year(api), 0
    last = disclosure_data.last_quarter(api)
    quarter = _number(values.get("quarter", ""))
    return form, year or last[0], quarter if 1 <= quarter <= 4 else last[1]


def _address(form: str, year: int, quarter: int, version: int) -> str:
    if form == "quarterly":
        return f"/figures/quarterly?year={year}&quarter={quarter}&version={version}"
    return f"/figures/disclosure?form={form}&year={year}&version={version}"


def _earlier(found: Shelf, number: int) -> Version | None:
    """What a version (0: the draft) is compared with: the version before it."""
    before = [version for version in found.versions if number == 0 or version.version < number]
    return before[-1] if before else None


def _may_publish(identity: Identity) -> bool:
    """The company publishes: nobody who belongs to one office."""
    return "figures.publish" in identity.rights and identity.office is None


def _addressees(api: Api) -> list[str]:
    with api.store.read() as connection:
        return DisclosureRows(connection, api.store.clock(), "").addressees()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
