"""Issuing a ticket by hand on the hall's page, and the slip of paper it prints."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser_pages import hall_states, states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.hall_states import OFFICE, hall, open_hall, queue, sent, service
from tests.browser_pages.hall_stub import STATUS_URL, HallStub
from tests.browser_pages.moments import commands, remember_answers, wait_until_read

pytestmark = pytest.mark.browser

TICKETS = f"{OFFICE}/tickets"
SERVICES = [
    service("meters", waiting=3),
    service("contract", desks_open=0),
    service("bills"),
    service("payment"),
]
PRINTED = "window.printed = 0; window.print = () => { window.printed += 1; };"


@pytest.fixture
def stub() -> Iterator[HallStub]:
    """The hall's page with nothing behind it."""
    server = HallStub()
    server.answers[TICKETS] = (201, issued())
    yield server
    server.close()


def issued(**changes: Any) -> dict[str, Any]:
    facts = {
        "id": "id-A099",
        "number": "A099",
        "service": "meters",
        "issued_at": states.ago(0),
        "ahead": 3,
        "expected_wait_minutes": 15,
        "expected_wait": {"from_minutes": 10, "to_minutes": 25},
        "status_url": STATUS_URL,
    }
    return {**facts, **changes}


def ask(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, hall(1, waiting=queue(), services=SERVICES))
    page.keyboard.press("n")
    expect(page.get_by_role("dialog")).to_contain_text("Выдать талон")


def test_a_ticket_is_issued_by_keys_alone_and_its_number_stands_large(page: Page, stub: HallStub) -> None:
    ask(page, stub)
    page.keyboard.type("показ")
    page.keyboard.press("F2")
    expect(page.locator(".issued")).to_have_text("A099")
    expect(page.get_by_role("dialog")).to_contain_text("Перед посетителем 3 человека")
    expect(page.get_by_role("dialog")).to_contain_text("10–25 мин")
    assert serious_faults(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert sent(stub) == [(TICKETS, {"service": "meters", "language": "ru", "then": []})]


def test_category_language_and_further_services_go_with_the_ticket(page: Page, stub: HallStub) -> None:
    ask(page, stub)
    page.keyboard.type("договор")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("никто не принимает")
    page.locator("#issue-category").select_option(label="Ветеран")
    page.get_by_label("Қазақша").check()
    page.locator("summary").click()
    expect(page.locator(".further .choice:visible")).to_have_count(3)
    page.locator(".further").get_by_label("Касса").check()
    page.locator(".further").get_by_label("Показания и приборы учёта").check()
    page.get_by_role("dialog").get_by_role("button", name="Выдать", exact=True).click()
    expect(page.locator(".issued")).to_be_visible()
    ((_, body),) = sent(stub)
    assert body == {
        "service": "contract",
        "language": "kk",
        "then": ["payment", "meters"],
        "category": "veteran",
    }


def test_without_a_service_no_ticket_is_issued(page: Page, stub: HallStub) -> None:
    ask(page, stub)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert").first).to_have_text("Выберите услугу.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert commands(page) == []


def test_a_refusal_stands_in_the_dialog_and_the_choice_stays(page: Page, stub: HallStub) -> None:
    stub.answers[TICKETS] = (409, {"code": "service_closed", "detail": "Услуга сейчас не оказывается."})
    ask(page, stub)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F2")
    expect(page.get_by_role("dialog")).to_contain_text("Услуга сейчас не оказывается.")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("Показания")
    expect(page.locator(".issued")).to_have_count(0)


def test_issue_and_print_opens_the_slip_which_prints_itself(page: Page, stub: HallStub) -> None:
    page.context.add_init_script(PRINTED)
    ask(page, stub)
    page.keyboard.press("ArrowDown")
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    slip = opened.value
    slip.wait_for_function("() => window.printed === 1")
    expect(slip).to_have_url(f"{stub.url}/hall/zarechny/slip/id-A099?print=1")
    slip.close()
    expect(page.locator(".issued")).to_have_text("A099")


def test_a_browser_that_opens_no_windows_is_told_of_and_the_number_stays(page: Page, stub: HallStub) -> None:
    page.add_init_script("window.open = () => null;")
    ask(page, stub)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".issued")).to_have_text("A099")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(
        "Разрешите странице открывать окна"
    )


def test_a_slip_is_printed_again_from_the_row(page: Page, stub: HallStub) -> None:
    page.context.add_init_script(PRINTED)
    open_hall(page, stub, hall(1, waiting=queue()))
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    with page.expect_popup() as opened:
        page.keyboard.press("p")
    expect(opened.value).to_have_url(f"{stub.url}/hall/zarechny/slip/id-A031?print=1")
    assert commands(page) == []
    opened.value.close()


def test_the_slip_says_all_that_paper_says_in_the_languages_of_the_paper(page: Page, stub: HallStub) -> None:
    stub.slip_office = states.office(
        ticket_languages=["kk", "ru"],
        hotline="8 800 000-00-00",
        wait_hint={"ru": "Ждите в зале у окон 1–7", "kk": "1–7 терезелердің жанында күтіңіз"},
    )
    stub.slip_status = states.ticket_status(
        issued_at="2026-03-02T04:05:00Z",
        at="2026-03-02T04:05:01Z",
        expected_wait={"from_minutes": 15, "to_minutes": 15},
    )
    page.goto(f"{stub.url}/hall/zarechny/slip/id-A023?language=en")
    lines = page.locator(".slip p, .slip h1").all_inner_texts()
    assert lines == [
        "ДЕМОНСТРАЦИЯ",
        "«Мысал Энергосбыт» АҚ",
        "АО «Пример Энергосбыт»",
        "«Заречный» кеңсесі",
        "Офис «Заречный»",
        "Мысал көшесі, 1",
        "ул. Примерная, 1",
        "Сіздің нөміріңіз",
        "Ваш номер",
        "A023",
        "Көрсеткіштер және есептегіштер",
        "Показания и приборы учёта",
        "02.03.2026 09:05",
        "Алдыңызда 3 адам",
        "Күту шамамен 15 минут",
        "Перед вами 3 человека",
        "Ждать около 15 минут",
        "1–7 терезелердің жанында күтіңіз",
        "Ждите в зале у окон 1–7",
        "Кезектегі орныңыз телефонда:",
        "Ваше место в очереди на телефоне:",
        "Жедел желі: 8 800 000-00-00",
        "Горячая линия: 8 800 000-00-00",
        "Бүгін жарамды",
        "Действителен сегодня",
    ]
    assert serious_faults(page) == []


def test_the_slips_code_leads_to_the_tickets_page(page: Page, stub: HallStub) -> None:
    page.goto(f"{stub.url}/hall/zarechny/slip/id-A023")
    picture = Image.open(io.BytesIO(page.locator(".slip").screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == STATUS_URL


def test_a_slip_printed_later_says_when_its_wait_was_true(page: Page, stub: HallStub) -> None:
    stub.slip_status = states.ticket_status(
        issued_at="2026-03-02T04:05:00Z",
        at="2026-03-02T04:30:00Z",
        expected_wait={"from_minutes": 5, "to_minutes": 12},
    )
    page.goto(f"{stub.url}/hall/zarechny/slip/id-A023")
    expect(page.locator(".slip")).to_contain_text("02.03.2026 09:05")
    expect(page.locator(".slip")).to_contain_text("Ждать 5–12 минут")
    expect(page.locator(".slip")).to_contain_text("Напечатано ещё раз в 09:30")


def test_the_slip_prints_as_one_page_of_80_mm_just_as_long_as_it_is(page: Page, stub: HallStub) -> None:
    stub.slip_office = states.office(ticket_languages=["kk", "ru", "en"])
    page.goto(f"{stub.url}/hall/zarechny/slip/id-A023")
    page.wait_for_function("() => document.adoptedStyleSheets.length === 1")
    page.emulate_media(media="print")
    expect(page.locator("#print")).to_be_hidden()
    slip = page.locator(".slip").evaluate("slip => slip.getBoundingClientRect().height * 72 / 96")
    (box,) = re.findall(rb"/MediaBox \[0 0 (\S+) (\S+)\]", page.pdf(prefer_css_page_size=True))
    width, height = (float(points) for points in box)
    assert width == pytest.approx(80 * 72 / 25.4, abs=1)
    assert slip < height < slip + 10
    cut = """() => [...document.querySelectorAll('.slip *')]
      .filter(one => one.clientWidth && one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML)"""
    assert page.evaluate(cut) == []


def test_without_the_lists_to_choose_from_it_is_said_and_no_dialog_opens(page: Page, stub: HallStub) -> None:
    stub.gets[hall_states.HALL] = hall(1, waiting=queue())
    del stub.gets[f"{OFFICE}/choices"]
    remember_answers(page)
    page.goto(f"{stub.url}/hall/zarechny?language=ru")
    expect(page.locator("#list tbody tr")).to_have_count(3)
    wait_until_read(page, "/choices", times=1)
    page.keyboard.press("n")
    wait_until_read(page, "/choices", times=2)
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_role("dialog")).to_be_hidden()
