"""Disclosure over the wire: drafts, files, publishing, versions, who may do what."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from server.db.store import Store
from server.domain.figures import DayKey, Sums
from server.domain.kept_sums import Changes
from tests.builders import Clock, add_person
from tests.web.conftest import Site
from tests.web.disclosing import enter_appeals, publish, sign_in


@pytest.fixture
def manager(store: Store) -> str:
    """The token of a manager of the whole company, who can also sign in."""
    return add_person(store, "boss", "manager")


@pytest.fixture
def signed_in(site: Site, manager: str) -> str:
    """The manager signed in; the CSRF token."""
    return sign_in(site, "boss")


def served(store: Store, count: int, wait: int, month: int = 3) -> None:
    """So many visitors of the north office in a month of 2025 waited so many seconds each."""
    with store.write("north", "test") as uow:
        day = datetime(2025, month, 10, tzinfo=UTC).date()
        sums = Sums(issued=count, served=count, wait_seconds=count * wait)
        uow.sums.add(Changes(DayKey(day, "contract"), sums))


def table(report: Any, key: str) -> dict[str, list[Any]]:
    (found,) = [one for one in report["report"]["tables"] if one["key"] == key]
    return {row["key"]: row["cells"] for row in found["rows"]}


def test_the_draft_is_made_of_sums_and_entries(
    site: Site, store: Store, manager: str, signed_in: str
) -> None:
    served(store, 40, 1800)
    served(store, 2, 120)
    assert enter_appeals(site, signed_in, 17).status_code == 302
    answer = site.get("reports/disclosure?year=2025", manager).json
    assert answer["imprint"]["version"] == 0
    assert table(answer, "wait")["north|in_person"][4] == 28.7
    assert table(answer, "wait")["|in_person"][-1] == 28.7
    assert table(answer, "wait")["south|in_person"][-1] is None
    assert table(answer, "summary")["1"][2:] == [17, 17]
    network = site.get("reports/disclosure?year=2025&form=network", manager).json
    assert table(network, "4.2")["north"][7] == 42


def test_without_a_year_the_last_one_that_is_over_is_meant(site: Site, manager: str) -> None:
    assert site.get("reports/disclosure", manager).json["report"]["period"] == "2025"
    assert site.get("reports/quarterly", manager).json["report"]["period"] == "2025-Q4"


@pytest.mark.parametrize(("wanted", "start"), [("xlsx", b"PK"), ("pdf", b"%PDF"), ("csv", "\ufeff".encode())])
def test_the_same_comes_as_files(site: Site, manager: str, wanted: str, start: bytes) -> None:
    for address in ("reports/disclosure?year=2025&form=network", "reports/quarterly?year=2025&quarter=1"):
        answer = site.get(f"{address}&format={wanted}", manager)
        assert answer.status_code == 200
        assert answer.data.startswith(start)
        assert answer.headers["Content-Disposition"].endswith(f'-draft.{wanted}"')


@pytest.mark.parametrize(
    "wrong", ["year=1999", "form=other", "format=doc", "version=0", "quarter=1", "format=json&version=7"]
)
def test_a_wrong_question_is_refused(site: Site, manager: str, wrong: str) -> None:
    assert site.get(f"reports/disclosure?{wrong}", manager).status_code in (404, 422)


def test_figures_are_for_those_who_may_read_them(site: Site, store: Store, operator: str) -> None:
    assert site.get("reports/disclosure").status_code == 401
    assert site.get("reports/disclosure", operator).status_code == 403
    assert site.client.get("/figures/disclosure").status_code == 302
    assert site.client.get("/figures/entries").status_code == 302


def test_what_was_published_stays_when_the_figures_change(
    site: Site, store: Store, manager: str, signed_in: str
) -> None:
    served(store, 40, 1800)
    enter_appeals(site, signed_in, 17)
    assert publish(site, signed_in).headers["Location"].endswith("form=supplier&year=2025&version=1")
    first = {
        wanted: site.get(f"reports/disclosure?year=2025&version=1&format={wanted}", manager).data
        for wanted in ("json", "csv", "xlsx", "pdf")
    }
    enter_appeals(site, signed_in, 18, correct=1, reason="Описка")
    served(store, 2, 120)
    for wanted, content in first.items():
        now = site.get(f"reports/disclosure?year=2025&version=1&format={wanted}", manager).data
        assert now == content, wanted
    published = json.loads(first["json"])
    assert published["imprint"] == {
        "version": 1,
        "at": "02.03.2026 09:00 UTC",
        "author": "boss",
        "sha256": published["imprint"]["sha256"],
        "reason": "",
    }
    line = json.dumps(published["report"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(line.encode()).hexdigest() == published["imprint"]["sha256"]
    book = openpyxl.load_workbook(io.BytesIO(first["xlsx"]))
    assert "Версия 1 от 02.03.2026 09:00 UTC, опубликовал(а) boss" in [
        row[0].value for row in book.worksheets[0]
    ]
    assert table(site.get("reports/disclosure?year=2025", manager).json, "summary")["1"][2] == 18


def test_a_correction_makes_a_new_version_that_shows_every_changed_cell(
    site: Site, store: Store, signed_in: str
) -> None:
    served(store, 40, 1800)
    enter_appeals(site, signed_in, 17)
    publish(site, signed_in)
    enter_appeals(site, signed_in, 18, correct=1, reason="Описка")
    draft = site.client.get("/figures/disclosure?form=supplier&year=2025").get_data(as_text=True)
    assert draft.count("<del>17</del>") == draft.count("<ins>18</ins>") > 0
    assert publish(site, signed_in).status_code == 422  # A further version says why.
    assert publish(site, signed_in, reason="Описка в марте").headers["Location"].endswith("version=2")
    second = site.client.get("/figures/disclosure?form=supplier&year=2025&version=2").get_data(as_text=True)
    assert "<del>17</del>" in second
    assert "Описка в марте" in second
    first = site.client.get("/figures/disclosure?form=supplier&year=2025&version=1").get_data(as_text=True)
    assert "<del>" not in first


def test_nothing_is_published_twice_or_unseen_or_before_its_end(
    site: Site, store: Store, signed_in: str, clock: Clock
) -> None:
    served(store, 40, 1800)
    page = site.client.get("/figures/disclosure?year=2025").get_data(as_text=True)
    seen = str(page.split('name="sha256" value="')[1].split('"')[0])
    served(store, 1, 60)
    changed = publish(site, signed_in, sha256=seen)
    assert (changed.status_code, publish(site, signed_in).status_code) == (409, 302)
    again = site.client.post(
        "/figures/disclosure/publish",
        data={
            "form": "supplier",
            "year": 2025,
            "csrf_token": signed_in,
            "sha256": _sha(site),
            "reason": "Ещё",
        },
    )
    assert again.status_code == 409
    clock.now = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)
    assert publish(site, signed_in, form="network").status_code == 409


def _sha(site: Site) -> str:
    """The hash of the newest publication, which is also that of the draft while nothing has changed."""
    page = site.client.get("/figures/disclosure?year=2025&version=1").get_data(as_text=True)
    return page.split("SHA-256: <code>")[1].split("<")[0]


def test_one_offices_people_see_their_office_and_publish_nothing(
    site: Site, store: Store, signed_in: str
) -> None:
    served(store, 40, 1800)
    token = add_person(store, "north-boss", "manager", "north")
    answer = site.get("reports/disclosure?year=2025", token).json
    assert answer["report"]["company"] == "Компания, Север"
    assert "south|in_person" not in table(answer, "wait")
    refused = site.client.post(
        "/figures/disclosure/publish",
        data={"form": "supplier", "year": 2025},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert refused.status_code == 403
    admin = add_person(store, "admin", "administrator")
    refused = site.client.post(
        "/figures/disclosure/publish", data={"year": 2025}, headers={"Authorization": f"Bearer {admin}"}
    )
    assert refused.status_code == 403


def test_publishing_needs_the_pages_own_token(site: Site, signed_in: str) -> None:
    assert publish(site, "another").status_code == 403


def test_the_quarter_is_published_like_the_year(site: Site, manager: str, signed_in: str) -> None:
    enter_appeals(site, signed_in, 17)
    page = site.client.get("/figures/quarterly?year=2025&quarter=1").get_data(as_text=True)
    seen = page.split('name="sha256" value="')[1].split('"')[0]
    values = {"form": "quarterly", "year": 2025, "quarter": 1, "sha256": seen, "csrf_token": signed_in}
    answer = site.client.post("/figures/disclosure/publish", data=values)
    assert answer.headers["Location"] == "/figures/quarterly?year=2025&quarter=1&version=1"
    kept = site.get("reports/quarterly?year=2025&quarter=1&version=1", manager).json
    assert table(kept, "kind")["complaint"][1] == 17
    assert site.get("reports/quarterly?year=2025&quarter=2&version=1", manager).status_code == 404


def test_who_publishes_says_who_gets_the_monthly_mail(site: Site, store: Store, signed_in: str) -> None:
    address = {"csrf_token": signed_in, "address": "head@example.org"}
    assert site.client.post("/figures/disclosure/addressees", data=address).status_code == 302
    assert "head@example.org" in site.client.get("/figures/quarterly").get_data(as_text=True)
    remove = {"csrf_token": signed_in, "remove": "head@example.org"}
    assert site.client.post("/figures/disclosure/addressees", data=remove).status_code == 302
    assert "head@example.org" not in site.client.get("/figures/quarterly").get_data(as_text=True)
    wrong = site.client.post("/figures/disclosure/addressees", data={**address, "address": "nobody"})
    assert wrong.status_code == 422
    admin = {"Authorization": f"Bearer {add_person(store, 'admin', 'administrator')}"}
    assert site.client.post("/figures/disclosure/addressees", data=address, headers=admin).status_code == 403
