"""Pages of the monthly entry: rows in force, adding and correcting one, a CSV file, what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.actions import disclosures
from server.actions.disclosures import Entered, RowsRefused
from server.db import queries
from server.db.disclosure_rows import DisclosureRows, KeptEntry
from server.domain.entries import FORMS, TOPICS, Entry, Fault, read_row
from server.domain.entry_file import read_file
from server.domain.errors import Forbidden, NotFound
from server.domain.office import Office
from server.reports.csv_table import csv_text
from server.web import entry_words
from server.web.api import Api
from server.web.auth import Identity, SignInFirst, Unauthorized

LARGEST_FILE = 5_000_000
FAULTS_SHOWN = 200
ROWS_SHOWN = 500


def blueprint(api: Api) -> Blueprint:
    """The pages under /figures/entries."""
    pages = Blueprint("entry_pages", __name__)

    def allowed(form: str) -> Identity:
        identity = api.gate.identity()
        identity.check("figures.enter")
        if form not in FORMS:
            raise NotFound("not_found")
        return identity

    def offices() -> list[Office]:
        with api.store.read() as connection:
            return [api.store.book.office(connection, head.version) for head in queries.heads(connection)]

    def shown(
        identity: Identity,
        form: str,
        year: int,
        faults: tuple[Fault, ...] = (),
        written: Mapping[str, str] | None = None,
    ) -> str:
        with api.store.read() as connection:
            rows = DisclosureRows(connection, api.store.clock(), identity.actor)
            kept = [one for one in rows.entries([year], form) if _may_see(identity, one)]
            history = [one for one in rows.history(form, year) if _may_see(identity, one)]
            years = {*rows.years_entered(), api.store.clock().year - 1, api.store.clock().year, year}
        edited = next((one for one in kept if one.key == request.args.get("edit")), None)
        values = written or (_as_text(edited.entry) if edited and edited.entry else {})
        return render_template(
            "entries.html",
            form=form,
            fields=FORMS[form],
            year=year,
            years=sorted(years),
            kept=kept,
            corrected=_corrected(history),
            written=values or _beginning(form, year),
            editing=edited is not None,
            offices=[one for one in offices() if identity.office in (None, one.code)],
            company_wide=identity.office is None,
            topics=TOPICS,
            faults=entry_words.fault_rows(form, faults[:FAULTS_SHOWN]),
            fault_count=len(faults),
            done=_done(),
            words=entry_words,
            may_enter=True,
            row_limit=ROWS_SHOWN,
        )

    def enter(
        identity: Identity, entries: Sequence[tuple[int, Entry]], correct: bool, reason: str
    ) -> Entered | tuple[Fault, ...]:
        strange = [(line, entry) for line, entry in entries if not _may_enter(identity, entry)]
        if strange:
            return tuple(Fault(line, "office", "other_office") for line, _entry in strange)
        try:
            with api.store.write_company() as connection:
                rows = DisclosureRows(connection, api.store.clock(), identity.actor)
                return disclosures.enter(rows, entries, correct, reason)
        except RowsRefused as refused:
            return refused.faults

    @pages.get("/figures/entries")
    def entries() -> str:
        form = request.args.get("form", "appeals")
        try:
            identity = allowed(form)
        except Unauthorized:
            raise SignInFirst from None
        return shown(identity, form, _year(api))

    @pages.post("/figures/entries")
    def add() -> AnyResponse | str:
        form = request.form.get("form", "")
        identity = allowed(form)
        written = {part.code: request.form.get(part.code, "") for part in FORMS[form]}
        if ":" in written.get("topic", ""):
            # The page offers topics under their kinds: one choice tells both.
            written["kind"], written["topic"] = written["topic"].split(":", 1)
        codes = [office.code for office in offices()]
        entry, faults = read_row(form, 1, written, codes, api.store.clock().date())
        result: Entered | tuple[Fault, ...] = tuple(faults)
        if entry is not None:
            correct = bool(request.form.get("correct"))
            result = enter(identity, [(1, entry)], correct, request.form.get("reason", ""))
        if isinstance(result, Entered) and entry is not None:
            return _back(form, entry.year, result)
        assert not isinstance(result, Entered)
        return Response(shown(identity, form, _year(api), result, written), 422)

    @pages.post("/figures/entries/import")
    def import_file() -> AnyResponse | str:
        # A year of rows is larger than any other body people send.
        request.max_content_length = LARGEST_FILE
        form = request.form.get("form", "")
        identity = allowed(form)
        sent = request.files.get("file")
        codes = [office.code for office in offices()]
        read = read_file(form, sent.read() if sent else b"", codes, api.store.clock().date())
        result: Entered | tuple[Fault, ...] = read.faults
        if not read.faults:
            correct = bool(request.form.get("correct"))
            result = enter(identity, read.entries, correct, request.form.get("reason", ""))
        if isinstance(result, Entered):
            return _back(form, max(entry.year for _line, entry in read.entries), result)
        return Response(shown(identity, form, _year(api), result), 422)

    @pages.post("/figures/entries/take-back")
    def take_back() -> AnyResponse:
        form = request.form.get("form", "")
        identity = allowed(form)
        year, key = _year(api), request.form.get("key", "")
        with api.store.write_company() as connection:
            rows = DisclosureRows(connection, api.store.clock(), identity.actor)
            kept = rows.in_force(form, year).get(key)
            if kept and kept.entry and not _may_enter(identity, kept.entry):
                raise Forbidden("other_office")
            disclosures.take_back(rows, form, year, key, request.form.get("reason", ""))
        return redirect(url_for("entry_pages.entries", form=form, year=year))

    @pages.get("/figures/entries/file")
    def file() -> Response:
        form = request.args.get("form", "")
        identity = allowed(form)
        with api.store.read() as connection:
            rows = DisclosureRows(connection, api.store.clock(), identity.actor)
            kept = [one for one in rows.entries([_year(api)], form) if _may_see(identity, one)]
        table: list[list[object]] = [[part.title for part in FORMS[form]]]
        table += [[one.entry.values[part.code] for part in FORMS[form]] for one in kept if one.entry]
        response = Response(csv_text(table), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{form}-{_year(api)}.csv"'
        return response

    return pages


def _may_enter(identity: Identity, entry: Entry) -> bool:
    """One office's people enter what belongs to their office."""
    return identity.office is None or entry.values.get("office") == identity.office


def _may_see(identity: Identity, kept: KeptEntry) -> bool:
    """What belongs to the whole company everybody may see who enters anything."""
    if kept.entry is None or identity.office is None:
        return True
    return entry_office(kept.entry) in ("", identity.office)


def entry_office(entry: Entry) -> str:
    """The office a row is about; empty: the company."""
    return str(entry.values.get("office", ""))


def _corrected(history: Sequence[KeptEntry]) -> list[tuple[KeptEntry, KeptEntry | None]]:
    """Every correction with what stood there before, the newest first."""
    last: dict[str, KeptEntry] = {}
    found = []
    for kept in history:
        if kept.key in last or kept.entry is None:
            found.append((kept, last.get(kept.key)))
        last[kept.key] = kept
    return found[::-1]


def _as_text(entry: Entry) -> dict[str, str]:
    return {name: str(value) for name, value in entry.values.items()}


def _beginning(form: str, year: int) -> dict[str, str]:
    """What a new row begins with: the year looked at."""
    return {"year": str(year), "month": f"{year}-"} if form else {}


def _back(form: str, year: int, done: Entered) -> AnyResponse:
    counts: dict[str, Any] = vars(done)
    return redirect(url_for("entry_pages.entries", form=form, year=year, **counts))


def _done() -> Entered | None:
    """What the last act did, as the address tells."""
    names = list(Entered.__dataclass_fields__)
    told = [request.args.get(name, "") for name in names]
    if not all(text.isdigit() and len(text) < 7 for text in told):
        return None
    return Entered(*(int(text) for text in told))


def _year(api: Api) -> int:
    text = request.values.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4 and 2000 <= int(text) <= 2100:
        return int(text)
    return api.store.clock().year
