"""The page of suspicious figures: what is strange, how a visit is corrected, what stays on record."""

from __future__ import annotations

from typing import Any

import pytest

from server.db.store import Store
from tests.builders import Clock, add_person
from tests.web.conftest import Site

PAGE = "/figures/anomalies?office=north&month=2026-03"


@pytest.fixture
def manager(store: Store) -> dict[str, str]:
    """What a manager of the company sends along."""
    return {"Authorization": f"Bearer {add_person(store, 'olga', 'manager', name='Ольга М.')}"}


@pytest.fixture
def form(site: Site, clock: Clock, operator: str) -> dict[str, str]:
    """A service of three seconds after five minutes of waiting: what its form sends."""
    ticket = site.post("offices/north/tickets", {"service": "contract"}, site.token("kiosk")).json
    clock.forward(minutes=5)
    for act in ("open", "call-next", "start"):
        site.post(f"desks/north-1/{act}", {}, operator)
    clock.forward(seconds=3)
    site.post("desks/north-1/finish", {}, operator)
    return {"office": "north", "month": "2026-03", "visit": ticket["id"], "words": "Нажато дважды"}


def page(site: Site, who: dict[str, str], path: str = PAGE) -> str:
    answer = site.client.get(f"{path}&language=en", headers=who)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def correct(site: Site, who: dict[str, str], form: dict[str, str], **fields: str) -> Any:
    return site.client.post("/figures/anomalies", data={**form, **fields}, headers=who)


def test_what_is_strange_is_listed_with_its_kind(
    site: Site, manager: dict[str, str], form: dict[str, str]
) -> None:
    text = page(site, manager)
    said = "North, March 2026: 1 visit whose figures are strange."
    for words in (said, "service under 10 seconds", "<td>5:00</td>", "<td>0:03</td>"):
        assert words in text
    assert "nothing strange was found" in page(site, manager, PAGE.replace("03", "02"))


def test_a_correction_changes_the_figures_and_keeps_the_old_ones(
    site: Site, manager: dict[str, str], form: dict[str, str]
) -> None:
    answer = correct(site, manager, form, service="10:00")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}#corrections")
    text = page(site, manager)
    assert "<del>wait 5:00, service 0:03</del>" in text
    assert "<ins>wait 5:00, service 10:00</ins>" in text
    assert "Ольга М., 02.03" in text
    assert "nothing strange was found" in text
    figures = site.client.get("/api/v1/reports/period?from=2026-03", headers=manager).json["total"]
    assert (figures["average_service_minutes"], figures["average_wait_minutes"]) == (10.0, 5.0)


@pytest.mark.parametrize("fields", [{"service": "ten"}, {"wait": "5:61"}, {"words": ""}, {"visit": "nobody"}])
def test_what_cannot_be_corrected_so_is_said_and_nothing_is_changed(
    site: Site, manager: dict[str, str], form: dict[str, str], fields: dict[str, str]
) -> None:
    answer = correct(site, manager, form, **{"service": "10:00", **fields})
    assert answer.status_code in (404, 422)
    assert 'class="problem"' in answer.get_data(as_text=True)
    assert "<del>" not in page(site, manager)


def test_only_who_may_correct_can_and_only_in_the_own_office(
    site: Site, manager: dict[str, str], form: dict[str, str]
) -> None:
    head = {"Authorization": f"Bearer {add_person(site.store, 'nina', 'administrator', 'north')}"}
    south = {"Authorization": f"Bearer {add_person(site.store, 'ivan', 'manager', 'south')}"}
    assert '<form method="post"' not in page(site, head)
    assert correct(site, head, form, service="10:00").status_code == 403
    assert correct(site, south, form, service="10:00").status_code == 403
    assert site.client.get(PAGE, headers=south).status_code == 403
    assert site.client.get(PAGE).headers["Location"].startswith("/sign-in?next=/figures/anomalies")
    assert correct(site, {}, form, service="10:00").status_code == 401


def test_what_is_not_told_is_the_first_office_and_the_present_month(
    site: Site, manager: dict[str, str]
) -> None:
    for asked, shown in (
        ("office=", "North, March 2026"),
        ("office=north&month=13", "North, March 2026"),
        ("office=west&month=2026-02", "North, February 2026"),
    ):
        assert shown in page(site, manager, f"/figures/anomalies?{asked}")
