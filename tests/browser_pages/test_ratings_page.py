"""The manager's page of ratings: figures with their counts and rule, on a PC and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.moments import resize, whole_size
from tests.browser_pages.rating_results import KEYS, rating_results
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser


def test_the_page_says_what_its_table_says(page: Page, stub: StubServer) -> None:
    page.goto(f"{stub.url}/figures/ratings?language=ru")
    expect(page.locator(".says").first).to_have_text(
        "Средняя оценка 4,09 по 55 оценкам. Оценку поставили 39,3 % обслуженных. "
        "Низких оценок (1 и 2): 9,1 %."
    )
    cells = page.locator("section[aria-labelledby=marks] tbody tr").first.locator("td")
    assert [text.strip() for text in cells.all_inner_texts()] == [
        "4,09", "55", "140", "39,3", "1,8 (1)", "7,3 (4)", "16,4 (9)", "29,1 (16)", "45,5 (25)",
    ]  # fmt: skip
    expect(page.locator("section[aria-labelledby=reasons] tfoot")).to_contain_text("1")
    expect(page.locator("section[aria-labelledby=survey-1]")).to_contain_text("Ответили 3 человека.")


@pytest.mark.parametrize("by", KEYS)
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_results_fit_an_office_pc_and_a_phone_and_are_accessible(
    page: Page, stub: StubServer, by: str, language: str
) -> None:
    page.goto(f"{stub.url}/figures/ratings?language={language}&by={by}")
    assert whole_size(page)[0] == 1366
    assert serious_faults(page) == []
    resize(page, 390, 844)
    assert whole_size(page)[0] == 390


def test_without_marks_there_are_no_figures_only_no_data() -> None:
    total = rating_results(empty=True)["report"]["total"]
    assert (total["average_score"], total["response_rate"], total["shares"]) == (None, None, [None] * 5)
