"""Files of entries: every encoding and separator offices use, every fault by its line, all rows or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.entries import FORMS
from server.domain.entry_file import ReadFile, read_file
from server.reports.csv_table import csv_text
from tests.reports.figures import OFFICES, TODAY, an_entry, appeals

HEAD = [part.title for part in FORMS["appeals"]]
ROW = ["2025-03", "north", "Обращение, содержащее жалобу", "Прочее", "Качество обслуживания потребителей",
       "10", "7", "2", "1", "1", "1"]  # fmt: skip


def read(content: bytes, form: str = "appeals") -> ReadFile:
    return read_file(form, content, OFFICES, TODAY)


def a_file(*rows: list[str], head: list[str] | None = None, separator: str = ";") -> str:
    return "\r\n".join(separator.join(row) for row in ((head or HEAD), *rows)) + "\r\n"


def changed(**changes: str) -> list[str]:
    codes = [part.code for part in FORMS["appeals"]]
    return [changes.get(code, cell) for code, cell in zip(codes, ROW, strict=True)]


def codes(found: ReadFile) -> list[tuple[int, str | None, str]]:
    return [(fault.line, fault.place, fault.code) for fault in found.faults]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_file_is_read_in_every_encoding_and_separator_offices_use(encoding: str, separator: str) -> None:
    row = changed(kind="complaint")
    found = read(a_file(row, separator=separator).encode(encoding))
    assert found.faults == ()
    ((line, entry),) = found.entries
    assert (line, entry.key) == (2, "2025-03|north|complaint|other|service")
    assert [entry.count(name) for name in ("received", "in_time", "late", "open")] == [10, 7, 2, 1]


def test_columns_may_stand_in_any_order_and_empty_lines_between() -> None:
    turned = [HEAD[::-1], ROW[::-1]]
    found = read(("\r\n" + ";".join(turned[0]) + "\r\n\r\n;;;\r\n" + ";".join(turned[1])).encode())
    assert [line for line, _entry in found.entries] == [5]


def test_wrong_columns_are_all_named() -> None:
    found = read(a_file(ROW[:-1], head=[*HEAD[:-2], "Итого"]).encode())
    assert codes(found) == [
        (1, None, "unknown_column"),
        (1, None, "column_missing"),
        (1, None, "column_missing"),
    ]
    assert read(a_file(head=[*HEAD, HEAD[0]]).encode()).faults[0].code == "column_twice"


def test_every_fault_is_told_by_its_line_and_nothing_is_taken() -> None:
    rows = [
        ROW,
        changed(received="-10"),
        changed(month="13.2025", office="nowhere"),
        changed(month="2026-04"),
        changed(in_time="7,5", topic="Выдумка"),
        changed(in_time="8"),
        changed(repeated="11"),
        ROW,
        ROW[:-1],
        changed(kind="", late="9999999999"),
    ]
    found = read(a_file(*rows).encode("cp1251"))
    assert found.entries == ()
    assert codes(found) == [
        (3, "received", "negative"),
        (4, "month", "not_a_month"),
        (4, "office", "unknown_office"),
        (5, "month", "in_future"),
        (6, "topic", "unknown_choice"),
        (6, "in_time", "not_whole"),
        (7, "received", "parts_differ"),
        (8, "repeated", "more_than_received"),
        (9, None, "duplicate"),
        (10, None, "cells"),
        (11, "kind", "missing"),
        (11, "topic", "topic_needs_kind"),
        (11, "late", "too_large"),
    ]
    assert found.faults[8].values == {"line": 2}


@pytest.mark.parametrize(
    ("form", "values", "fault"),
    [
        ("calls", {"calls": "9", "answered": "8", "automatic": "2"}, ("calls", "more_than_calls")),
        ("calls", {"answered": "0", "automatic": "0"}, ("wait_seconds", "seconds_of_nobody")),
        ("channels", {"outages": "0", "outage_minutes": "5"}, ("outage_minutes", "outages_differ")),
        ("measures", {"year": "25"}, ("year", "not_a_year")),
        ("measures", {"number": "1" * 101}, ("number", "too_long")),
        ("measures", {"result": "о" * 501}, ("result", "too_long")),
        ("offices", {"office": ""}, ("office", "missing")),
    ],
)
def test_each_form_refuses_what_contradicts_itself(
    form: str, values: dict[str, str], fault: tuple[str, str]
) -> None:
    right = {
        "calls": {"month": "2025-03", "office": "", "calls": "10", "answered": "8", "automatic": "1",
                  "wait_seconds": "5", "handling_seconds": "50"},
        "channels": {"month": "2025-03", "channel": "Сайт", "hours": "всегда", "outages": "1",
                     "outage_minutes": "5"},
        "measures": {"year": "2025", "number": "1", "measure": "Дело", "term": "год", "responsible": "",
                     "result": "есть"},
        "offices": {"year": "2025", "office": "north", "type": "ЦОП", "email": "", "others": "0",
                    "other_names": ""},
    }[form]  # fmt: skip
    an_entry(form, **right)
    written = {**right, **values}
    text = csv_text([[part.title for part in FORMS[form]], [written[part.code] for part in FORMS[form]]])
    assert fault in [(one.place, one.code) for one in read(text.encode(), form).faults]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (b"\r\n ;;\r\n", "empty"),
        (a_file().encode(), "empty"),
        (b"PK\x03\x04 a workbook", "not_text"),
        (b"\x00\x01\x02", "not_text"),
        (b"\x98\x98", "not_text"),
        (b'"an open quote;\r\n', "not_csv"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, fault: str) -> None:
    assert codes(read(content)) == [(1, None, fault)]


def test_numbers_may_be_grouped_by_spaces_of_any_kind() -> None:
    row = changed(received="1 010", in_time="1\u00a0007")
    ((_line, entry),) = read(a_file(row).encode()).entries
    assert (entry.count("received"), entry.count("in_time")) == (1010, 1007)


def test_our_own_export_is_read_back_as_it_was() -> None:
    measure = an_entry("measures", year=2025, number="1", measure="=1+1", term="год", result="- сделано")
    fields = FORMS["measures"]
    text = csv_text([[part.title for part in fields], [measure.values[part.code] for part in fields]])
    assert "'=1+1" in text
    ((_line, back),) = read(text.encode(), "measures").entries
    assert back == measure


def test_a_quoted_cell_with_a_line_break_keeps_the_lines_after_it_right() -> None:
    head = ";".join(part.title for part in FORMS["measures"])
    text = f'{head}\r\n2025;1;"Дело\r\nв две строки";год;;есть\r\n25;2;Дело;год;;есть\r\n'
    assert codes(read(text.encode(), "measures")) == [(4, "year", "not_a_year")]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    found = read(content)
    assert bool(found.entries) != bool(found.faults)


def test_the_same_row_by_codes_and_by_names_has_one_key() -> None:
    by_codes = appeals(kind="complaint", channel="other", topic="service")
    by_names = appeals(
        kind="обращение, содержащее жалобу", channel="ПРОЧЕЕ", topic="service", month="03.2025"
    )
    assert by_codes == by_names
    assert appeals(kind="Жалоба", channel="Почта").key == appeals().key
