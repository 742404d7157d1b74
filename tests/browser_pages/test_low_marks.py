"""Low marks on the hall's page: told with their reasons, gone when somebody in charge has seen them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.hall_states import OFFICE, desk, hall, open_hall, push, sent
from tests.browser_pages.hall_stub import HallStub
from tests.browser_pages.moments import commands

pytestmark = pytest.mark.browser


@pytest.fixture
def stub() -> Iterator[HallStub]:
    """The hall's page with nothing behind it."""
    server = HallStub()
    yield server
    server.close()


def low_mark(number: str = "A023", **changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"service": None, "service_name": None, "desk": "zarechny-1", "label": "1"}
    facts |= {"ticket": f"00000000-0000-7000-8000-000000000{number[1:]}", "number": number, "score": 1}
    facts |= {"seconds": 300, "reasons": [{"ru": "Невежливое обслуживание"}], "comment": "Не дали договорить"}
    return states.alert("low_mark", **{**facts, **changes})


def test_a_low_mark_tells_number_desk_reasons_and_own_words(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, hall(desks=[desk()], alerts=[low_mark(), low_mark("A024", reasons=[], comment="")]))
    alerts = page.locator("#alerts li")
    expect(alerts.nth(0)).to_contain_text(
        "A023 · низкая оценка 1, 5 мин назад (Окно 1): Невежливое обслуживание; «Не дали договорить»"
    )
    expect(alerts.nth(1).locator(".alert").first).to_have_text(
        "▲ A024 · низкая оценка 1, 5 мин назад (Окно 1)"
    )
    assert serious_faults(page) == []


def test_seen_is_sent_for_that_visit_and_the_alert_goes_with_the_next_state(
    page: Page, stub: HallStub
) -> None:
    open_hall(page, stub, hall(desks=[desk()], alerts=[low_mark(), low_mark("A024")]))
    row = page.locator("#alerts li", has_text="A024")
    with page.expect_response("**/low-mark-seen"):
        row.get_by_role("button", name="Просмотрено").click()
    assert sent(stub)[-1][1] == {"ticket": low_mark("A024")["ticket"]}
    assert sent(stub)[-1][0] == f"{OFFICE}/low-mark-seen"
    assert commands(page) == [f"{OFFICE}/low-mark-seen"]
    push(page, hall(2, desks=[desk()], alerts=[low_mark()]))
    expect(page.locator("#alerts li")).to_have_count(1)


def test_a_refusal_is_told_and_seen_can_be_pressed_again(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, hall(desks=[desk()], alerts=[low_mark()]))
    stub.answers[f"{OFFICE}/low-mark-seen"] = (404, {"code": "unknown_visit", "detail": "Нет такого талона"})
    seen = page.locator("#alerts").get_by_role("button", name="Просмотрено")
    seen.click()
    expect(page.locator("#spoken")).to_have_text("Нет такого талона")
    expect(seen).to_be_enabled()
