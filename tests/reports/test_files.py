"""Files of reports: what was computed stands in XLSX, PDF and CSV, and no cell of them is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import openpyxl
import pytest

from server.domain.figures import Sums
from server.reports import network, pdf, quarterly, supplier
from server.reports.document import (
    NO_DATA,
    Document,
    Imprint,
    canonical,
    differences,
    from_json,
    head,
    sha256,
)
from server.reports.render import CannotRender, rendered
from tests.needs import need
from tests.reports.figures import a_year, an_entry, appeals, calls

EVIL = ["=1+1", "+7 900", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")']
KAZAKH = "Әкімшілік: ңғүұқөһі ҢҒҮҰҚӨҺІ"


def documents() -> list[Document]:
    sums = {
        ("north", month): Sums(issued=50, served=40, wait_seconds=40 * 1800, service_seconds=9000)
        for month in range(1, 11)
    }
    entries = [appeals(), appeals("2024-03"), calls()]
    entries += [
        an_entry("measures", year=2025, number=str(n), measure=text.strip(), term="год", result=KAZAKH)
        for n, text in enumerate(EVIL, start=1)
    ]
    year = a_year(sums, *entries)
    return [supplier.document(year), network.document(year), quarterly.document(year, 1)]


def by_form(form: str) -> Document:
    return next(document for document in documents() if document.form == form)


@pytest.mark.parametrize("form", ["supplier", "network", "quarterly"])
def test_a_workbook_holds_every_cell_as_it_was_computed(form: str) -> None:
    document = by_form(form)
    book = openpyxl.load_workbook(io.BytesIO(rendered(document, Imprint(), "xlsx")))
    assert book.sheetnames == [*(table.short for table in document.tables), "Методика расчёта"]
    for table, sheet in zip(document.tables, book.worksheets, strict=False):
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        (title,) = [number for number, row in enumerate(rows) if row[0] == table.title and number > 1]
        depth, _titles = head(table.columns)
        first = title + 1 + depth
        for row, written in zip(table.rows, rows[first:], strict=False):
            expected = [NO_DATA if cell is None else cell for cell in row.cells]
            assert [value or "" for value in written[: len(expected)]] == [value or "" for value in expected]
        bottom = [written for line in rows[title + 1 : first] for written in line]
        assert [column.title for column in table.columns if column.title not in bottom] == []
    texts = [cell.value for row in book["Методика расчёта"].iter_rows() for cell in row]
    assert set(document.methodology) <= set(texts)
    assert [table.title for table in document.counts if table.title not in texts] == []


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(rendered(by_form("supplier"), Imprint(), "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.hyperlink is None for cell in cells)


def test_no_cell_of_a_csv_file_is_a_formula() -> None:
    document = by_form("supplier")
    text = rendered(document, Imprint(), "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    texts = [cell for row in rows for cell in row]
    assert [cell for cell in texts if cell.startswith(("=", "+", "@", "\t", "\r"))] == []
    assert [cell for cell in texts if cell.startswith("-") and not re.match(r"^-\d", cell)] == []
    assert {"'=1+1", "'+7 900", "'@SUM(A1)"} <= set(texts)
    assert ["Компания", "Очно", *["30,0"] * 10, NO_DATA, NO_DATA, "30,0"] in rows
    assert set(document.methodology) <= set(texts)


@pytest.mark.parametrize("form", ["supplier", "network", "quarterly"])
def test_a_pdf_shows_russian_and_kazakh_by_a_font_it_carries(form: str, tmp_path: Path) -> None:
    document = by_form(form)
    content = rendered(document, Imprint(2, "01.03.2026", "boss", "a" * 64, "Уточнение"), "pdf")
    assert content.startswith(b"%PDF-")
    assert b"DejaVuSans" in content
    program = need("pdftotext")
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    text = subprocess.run([program, "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    flat = " ".join(text.split())
    assert document.title in flat
    assert "Версия 2 от 01.03.2026" in flat
    assert "Методика расчёта" in flat
    if form == "supplier":
        assert all(word in flat for word in KAZAKH.split())


def test_without_the_font_the_fault_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf._fonts.cache_clear()
    monkeypatch.setattr(pdf, "FONT_FOLDERS", ("/nowhere",))
    with pytest.raises(pdf.NoFont, match="apt-get install fonts-dejavu-core"):
        pdf.pdf_bytes(by_form("quarterly"), Imprint())
    pdf._fonts.cache_clear()


def test_what_the_child_process_says_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(CannotRender):
        rendered(by_form("quarterly"), Imprint(), "pdf")


def test_a_row_taller_than_a_page_is_cut_and_not_lost() -> None:
    text = "Очень длинное название мероприятия. " * 13
    entries = [
        an_entry("measures", year=2025, number=str(n), measure=text, term=text, responsible=text, result=text)
        for n in range(30)
    ]
    assert rendered(supplier.document(a_year(None, *entries)), Imprint(), "pdf").startswith(b"%PDF-")


def test_a_report_written_as_json_and_read_back_is_the_same() -> None:
    for document in documents():
        back = from_json(json.loads(canonical(document)))
        assert back == document
        assert sha256(back) == sha256(document)


def test_the_hash_is_of_the_canonical_json_that_anybody_can_write() -> None:
    import hashlib

    document = by_form("network")
    written = json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert sha256(document) == hashlib.sha256(written.encode()).hexdigest()


def test_a_changed_count_shows_in_the_cells_it_changes_and_nowhere_else() -> None:
    before = network.document(a_year(None, appeals(), appeals("2024-03")))
    after = network.document(a_year(None, appeals(received=12, in_time=9), appeals("2024-03")))
    found = [
        (one.row, one.column.split(" / ")[-1], one.before, one.after) for one in differences(before, after)
    ]
    rows = [
        "1 Всего обращений потребителей, в том числе:",
        "1.4 Качество обслуживания потребителей",
        "2 Обращения потребителей, содержащие жалобу, в том числе:",
        "2.5 Качество обслуживания потребителей",
    ]
    assert found == [
        change
        for row in rows
        for change in (
            (row, "N (текущий год)", "10", "12"),
            (row, "Динамика изменения показателя, %", "0,0", "20,0"),
        )
    ]
    assert differences(before, before) == []


def test_an_added_row_shows_as_coming_from_nothing() -> None:
    before, after = (
        supplier.document(a_year(None, *entries))
        for entries in (
            [],
            [an_entry("measures", year=2025, number="1", measure="Дело", term="год", result="есть")],
        )
    )
    changes = [(one.column, one.before, one.after) for one in differences(before, after)]
    assert ("Наименование мероприятия", "", "Дело") in changes
    changed_rule = replace(before, methodology=("Иначе",))
    assert [one.table for one in differences(before, changed_rule)] == ["Методика"]
