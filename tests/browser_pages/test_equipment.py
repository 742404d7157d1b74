"""The equipment page: each device with its worst state in words, cures, and commands to terminals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.hall_states import hall
from tests.browser_pages.hall_stub import HallStub
from tests.browser_pages.moments import commands, resize, whole_size

pytestmark = pytest.mark.browser


@pytest.fixture
def stub() -> Iterator[HallStub]:
    """The hall's pages with nothing behind them."""
    server = HallStub()
    yield server
    server.close()


def terminal(**changes: Any) -> dict[str, Any]:
    facts = {"id": "t1", "name": "Вход", "seen_at": states.ago(5), "silent": False, "printer": "ready"}
    return {**facts, "fault": "", "queued": 0, "unprinted": [], "offline_tickets": 0, **changes}


def bridge(**changes: Any) -> dict[str, Any]:
    parts = [
        {"name": "Окно 1: пульт", "state": "ok", "fault": ""},
        {"name": "Окно 2: пульт", "state": "fault", "fault": "Не отвечает: проверьте кабель и питание"},
    ]
    facts = {"id": "b1", "kind": "bridge", "name": "Зал", "version": "0.1.0", "seen_at": states.ago(5)}
    return {**facts, "silent": False, "parts": parts, **changes}


def open_equipment(page: Page, stub: HallStub, language: str = "ru", **view: Any) -> None:
    page.goto(f"{stub.url}/hall/zarechny/equipment?language={language}")
    page.wait_for_function("() => window.news")
    push(page, **view)


def push(page: Page, version: int = 1, **view: Any) -> None:
    page.evaluate("state => window.news.push('hall:zarechny', state)", hall(version, **view))


def test_each_device_tells_its_worst_state_in_words_and_the_cure_of_each_fault(
    page: Page, stub: HallStub
) -> None:
    open_equipment(page, stub, terminals=[terminal(printer="paper_out")], devices=[bridge()])
    cards = page.locator(".device")
    expect(cards.nth(0).locator("h2")).to_have_text("Терминал «Вход» нужен человек")
    expect(cards.nth(0)).to_contain_text("нет бумаги")
    expect(cards.nth(1).locator("h2")).to_contain_text("Пульты и табло окон «Зал»")
    expect(cards.nth(1)).to_contain_text("Не отвечает: проверьте кабель и питание")


def test_a_terminal_short_of_disk_or_with_a_wrong_clock_needs_a_person(page: Page, stub: HallStub) -> None:
    short = terminal(id="t1", disk_free_mb=40, version="0.1.0")
    late = terminal(id="t2", disk_free_mb=9000, clock_ahead_ms=-61_000)
    open_equipment(page, stub, terminals=[short, late])
    cards = page.locator(".device")
    expect(cards.nth(0)).to_have_attribute("data-state", "fault")
    expect(cards.nth(0)).to_contain_text("40 МБ")
    expect(cards.nth(0)).to_contain_text("Версия 0.1.0")
    expect(cards.nth(1)).to_have_attribute("data-state", "warning")
    expect(cards.nth(1)).to_contain_text("расходятся с сервером на 61 с")


def test_a_silent_device_says_since_when_and_nothing_it_told_before(page: Page, stub: HallStub) -> None:
    open_equipment(page, stub, devices=[bridge(silent=True, seen_at="2026-03-02T04:05:00Z")])
    expect(page.locator(".device")).to_contain_text("Нет связи с09:05")
    expect(page.locator(".device")).not_to_contain_text("Окно 1")


def test_an_administrator_has_the_last_ticket_printed_again_once(page: Page, stub: HallStub) -> None:
    told = hall(2, terminals=[terminal(command="reprint_last")])
    stub.answers["offices/zarechny/terminal-command"] = (200, told)
    open_equipment(page, stub, terminals=[terminal()])
    button = page.get_by_role("button", name="Напечатать последний талон ещё раз")
    button.click()
    expect(page.locator(".device")).to_contain_text("Терминалу передано.")
    button.click(force=True)
    assert commands(page) == ["offices/zarechny/terminal-command"]
    assert [(path, body) for path, body, _ in stub.posts] == [
        ("offices/zarechny/terminal-command", {"terminal": "t1", "what": "reprint_last"})
    ]


def test_a_refused_command_is_told_and_may_be_given_again(page: Page, stub: HallStub) -> None:
    refusal = {"code": "no_terminal", "detail": "Терминал не на связи."}
    stub.answers["offices/zarechny/terminal-command"] = (409, refusal)
    open_equipment(page, stub, terminals=[terminal()])
    button = page.get_by_role("button", name="Перезапустить экран терминала")
    button.click()
    expect(page.get_by_role("alert")).to_have_text("Терминал не на связи.")
    expect(button).to_have_attribute("aria-disabled", "false")


def test_a_manager_sees_all_and_commands_nothing(page: Page, stub: HallStub) -> None:
    stub.may_manage = False
    open_equipment(page, stub, terminals=[terminal()])
    expect(page.locator(".device")).to_have_count(1)
    expect(page.locator(".device button")).to_have_count(0)


def test_without_contact_the_page_says_how_old_it_is(page: Page, stub: HallStub) -> None:
    open_equipment(page, stub, terminals=[terminal()])
    page.evaluate("() => window.news.link(false)")
    expect(page.locator("#contact")).to_contain_text("Нет связи с сервером")
    page.evaluate("() => window.news.link(true)")
    expect(page.locator("#contact")).to_be_hidden()


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_nothing_is_cut_and_axe_finds_nothing_serious(page: Page, stub: HallStub, language: str) -> None:
    open_equipment(page, stub, language, terminals=[terminal(unprinted=["А001"])], devices=[bridge()])
    expect(page.locator(".device")).to_have_count(2)
    for width in (1366, 360):
        resize(page, width, 740)
        assert whole_size(page)[0] <= width
    assert serious_faults(page) == []
