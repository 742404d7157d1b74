"""The monthly entry by page and by file: right rows count, wrong ones are told, corrections are kept."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from server.db.disclosure_rows import DisclosureRows
from server.db.store import Store
from server.domain.entries import FORMS
from server.web import entry_pages
from server.web.entry_words import FAULTS, FIELD_TITLES, FORM_HINTS, FORM_TITLES
from tests.builders import add_person
from tests.web.conftest import Site
from tests.web.disclosing import APPEALS, enter_appeals, sign_in

HEAD = ";".join(part.title for part in FORMS["appeals"])
ROW = "2025-{month:02};north;complaint;post;service;{received};{received};0;0;0;0"


@pytest.fixture
def csrf(site: Site, store: Store) -> str:
    """A manager of the whole company signed in; the CSRF token."""
    add_person(store, "boss", "manager")
    return sign_in(site, "boss")


def kept(store: Store, form: str = "appeals", year: int = 2025) -> dict[str, Any]:
    with store.read() as connection:
        rows = DisclosureRows(connection, store.clock(), "test").in_force(form, year)
    return {key: one.entry.values for key, one in rows.items() if one.entry}


def send(site: Site, csrf: str, text: str, encoding: str = "utf-8", **more: Any) -> Any:
    file = (io.BytesIO(text.encode(encoding)), "appeals.csv")
    values = {"csrf_token": csrf, "form": "appeals", "year": 2025, "file": file, **more}
    return site.client.post("/figures/entries/import", data=values, content_type="multipart/form-data")


def rows(*received: int) -> str:
    return "\r\n".join([HEAD, *(ROW.format(month=m, received=n) for m, n in enumerate(received, start=1))])


def test_a_row_entered_by_the_page_counts(site: Site, store: Store, csrf: str) -> None:
    answer = enter_appeals(site, csrf, 17)
    assert answer.headers["Location"] == "/figures/entries?form=appeals&year=2025&new=1&corrected=0&same=0"
    assert kept(store)["2025-03|north|complaint|post|service"]["received"] == 17
    assert ">17<" in site.client.get("/figures/entries?form=appeals&year=2025").get_data(as_text=True)


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig"])
def test_a_file_is_taken_whole(site: Site, store: Store, csrf: str, encoding: str) -> None:
    assert send(site, csrf, rows(5, 6, 7), encoding).status_code == 302
    assert [values["received"] for values in kept(store).values()] == [5, 6, 7]


def test_one_wrong_row_of_a_file_keeps_all_rows_out_and_all_faults_are_shown(
    site: Site, store: Store, csrf: str
) -> None:
    text = (
        rows(5, 6, 7) + "\r\n" + ROW.format(month=2, received=1) + "\r\n" + ROW.format(month=4, received=-1)
    )
    answer = send(site, csrf, text)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert kept(store) == {}
    assert ">5</td>" in page  # the line told twice
    assert page.count("меньше нуля") == 2
    assert "Ничего не внесено" in page


def test_a_row_that_was_entered_otherwise_is_replaced_only_when_asked_and_told_why(
    site: Site, store: Store, csrf: str
) -> None:
    send(site, csrf, rows(5, 6))
    assert send(site, csrf, rows(5, 9, 7)).status_code == 422
    assert send(site, csrf, rows(5, 9, 7), correct="1").status_code == 422
    assert [values["received"] for values in kept(store).values()] == [5, 6]
    done = send(site, csrf, rows(5, 9, 7), correct="1", reason="Сверка с журналом")
    assert done.headers["Location"].endswith("new=1&corrected=1&same=1")
    assert [values["received"] for values in kept(store).values()] == [5, 9, 7]
    page = site.client.get("/figures/entries?form=appeals&year=2025").get_data(as_text=True)
    assert "Сверка с журналом" in page
    assert "Поступило: 6" in page
    assert "Поступило: 9" in page


def test_a_row_taken_back_counts_no_longer_and_stays_on_record(site: Site, store: Store, csrf: str) -> None:
    enter_appeals(site, csrf, 17)
    key = next(iter(kept(store)))
    values = {**APPEALS, "csrf_token": csrf, "year": 2025, "key": key}
    assert site.client.post("/figures/entries/take-back", data=values).status_code == 422
    assert (
        site.client.post(
            "/figures/entries/take-back", data={**values, "reason": "Внесено дважды"}
        ).status_code
        == 302
    )
    assert kept(store) == {}
    assert site.client.post("/figures/entries/take-back", data={**values, "reason": "Ещё"}).status_code == 404
    assert "Внесено дважды" in site.client.get("/figures/entries?form=appeals&year=2025").get_data(
        as_text=True
    )
    assert enter_appeals(site, csrf, 18).status_code == 302
    assert kept(store)[key]["received"] == 18


def test_what_was_written_stays_in_the_form_when_it_is_refused(site: Site, store: Store, csrf: str) -> None:
    answer = enter_appeals(site, csrf, 17, in_time=16)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'name="received" value="17"' in page
    assert '<option value="complaint:service" selected>' in page


def test_a_large_file_is_read_and_a_huge_one_refused(
    site: Site, store: Store, csrf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_pages, "LARGEST_FILE", 300_000)
    padded = HEAD + "\r\n" + ROW.format(month=1, received=5) + "\r\n" + ";" * 200_000
    assert send(site, csrf, padded).status_code == 302
    assert send(site, csrf, "x" * 400_000).status_code == 413


def test_one_offices_administrator_enters_that_office_alone(site: Site, store: Store) -> None:
    add_person(store, "admin", "administrator", "north")
    csrf = sign_in(site, "admin")
    assert enter_appeals(site, csrf, 3, month="2025-02").status_code == 302
    assert enter_appeals(site, csrf, 3, office="south").status_code == 422
    assert enter_appeals(site, csrf, 3, office="").status_code == 422
    south = HEAD + "\r\n" + ROW.format(month=1, received=5).replace("north", "south")
    assert send(site, csrf, south).status_code == 422
    assert list(kept(store)) == ["2025-02|north|complaint|post|service"]
    page = site.client.get("/figures/entries").get_data(as_text=True)
    assert "Мероприятия" not in page


def test_operators_enter_nothing(site: Site, store: Store, operator: str) -> None:
    headers = {"Authorization": f"Bearer {operator}"}
    for path in ("/figures/entries", "/figures/entries/import", "/figures/entries/take-back"):
        assert site.client.post(path, data={**APPEALS, "received": 1}, headers=headers).status_code == 403


def test_the_rows_of_a_year_come_as_the_file_that_would_enter_them(
    site: Site, store: Store, csrf: str
) -> None:
    send(site, csrf, rows(5, 6))
    file = site.client.get("/figures/entries/file?form=appeals&year=2025").get_data(as_text=True)
    done = send(site, csrf, file)
    assert done.headers["Location"].endswith("new=0&corrected=0&same=2")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_form_has_its_page_in_every_language(site: Site, csrf: str, form: str, language: str) -> None:
    answer = site.client.get(f"/figures/entries?form={form}&year=2025&language={language}")
    assert answer.status_code == 200


def test_every_field_and_fault_has_its_words() -> None:
    assert set(FORM_TITLES) == set(FORM_HINTS) == set(FORMS)
    assert {part.code for fields in FORMS.values() for part in fields} <= set(FIELD_TITLES)
    sources = [
        __import__(name, fromlist=["_"]).__file__
        for name in ("server.domain.entries", "server.domain.entry_file", "server.actions.disclosures")
    ]
    text = "".join(Path(source).read_text("utf-8") for source in sources)
    assert [code for code in FAULTS if f'"{code}"' not in text] == ["other_office"]


def test_a_rows_cells_stand_under_their_columns(site: Site, csrf: str) -> None:
    enter_appeals(site, csrf, 17)
    page = site.client.get("/figures/entries?form=appeals&year=2025").get_data(as_text=True)
    row = page.split("<tbody>")[1].split("</tr>")[0]
    assert row.count("<td") == len(FORMS["appeals"]) + 2
    # A class that lays out links would take a cell out of the table.
    assert 'class="choice"' not in row
