"""The touch page in Chromium: at most three touches to a ticket, in three languages, whatever breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from kiosk.printer import PrinterFault
from server.sdk.messages import ExpectedWait
from tests.kiosk import builders
from tests.kiosk.builders import category, office, refusal, service, silence, ticket
from tests.kiosk.conftest import Kiosk
from tests.kiosk.kiosk_page.walk import button, settled, title

pytestmark = pytest.mark.browser
Served = Callable[..., str]
MANY = [
    service(
        f"service-{n}",
        name={"ru": f"Услуга номер {n} с довольно длинным названием"},
        expected_wait=ExpectedWait(from_minutes=100, to_minutes=120),
    )
    for n in range(1, 12)
]


def test_two_touches_give_a_number_and_a_printed_ticket(kiosk: Kiosk, served: Served, page: Page) -> None:
    page.goto(served())
    expect(title(page)).to_have_text("Что вам нужно?")
    expect(page.get_by_text("3 человека в очереди")).to_be_visible()
    button(page, "Оплата и расчёты").click()
    button(page, "Взять талон").click()
    expect(page.locator(".big-number")).to_have_text("А123")
    expect(page.get_by_text("Возьмите талон")).to_be_visible()
    expect(page.get_by_text("Ждите в зале у табло")).to_be_visible()
    assert len(kiosk.printer.jobs) == 1
    button(page, "Готово").click()
    expect(title(page)).to_have_text("Что вам нужно?")


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [(10, 25, "ждать 10–25 минут"), (2, 3, "ждать 2–3 минуты"), (0, 5, "ждать до 5 минут"),
     (0, 1, "ждать до 1 минуты"), (5, 5, "ждать около 5 минут"), (15, 21, "ждать 15–21 минуту")],
)  # fmt: skip
def test_the_expected_wait_is_a_range_before_the_ticket_and_with_it(
    kiosk: Kiosk,
    served: Served,
    page: Page,
    monkeypatch: pytest.MonkeyPatch,
    least: int,
    most: int,
    said: str,
) -> None:
    wait = ExpectedWait(from_minutes=least, to_minutes=most)
    monkeypatch.setattr(builders, "ticket", partial(ticket, expected_wait=wait))
    kiosk.server.state = office(services=[service(expected_wait=wait)])
    kiosk.hear()
    page.goto(served())
    expect(page.locator(".service-hint")).to_have_text(f"3 человека в очереди, {said}")
    button(page, "Оплата").click()
    expect(page.locator(".sentence").first).to_have_text(f"Перед вами 3 человека, {said}. Взять талон?")
    button(page, "Взять талон").click()
    expect(page.locator(".sentence").first).to_have_text(f"Перед вами 3 человека, {said}")
    expect(page.locator("#voice")).to_have_text(f"Ваш номер А123. Перед вами 3 человека, {said}")


def test_a_wait_that_cannot_be_known_is_not_told(kiosk: Kiosk, served: Served, page: Page) -> None:
    kiosk.server.state = office(services=[service(expected_wait=None)])
    kiosk.hear()
    page.goto(served())
    expect(page.locator(".service-hint")).to_have_text("3 человека в очереди")
    button(page, "Оплата").click()
    button(page, "Взять талон").click()
    expect(page.locator(".sentence").first).to_have_text("Перед вами 3 человека")


def test_desks_that_are_all_busy_make_wait_though_nobody_stands_before(
    kiosk: Kiosk, served: Served, page: Page
) -> None:
    wait = ExpectedWait(from_minutes=0, to_minutes=10)
    kiosk.server.state = office(services=[service(waiting=0, expected_wait=wait)])
    kiosk.hear()
    page.goto(served())
    expect(page.locator(".service-hint")).to_have_text("Очереди нет, ждать до 10 минут")


@pytest.mark.parametrize(
    ("language", "what", "take", "good"),
    [("Қазақша", "Сізге не қажет?", "Талон алу", "Талоныңызды алыңыз"),
     ("English", "What do you need?", "Take a ticket", "Take your ticket"),
     ("Русский", "Что вам нужно?", "Взять талон", "Возьмите талон")],
)  # fmt: skip
def test_every_language_goes_the_whole_way(
    kiosk: Kiosk, served: Served, page: Page, language: str, what: str, take: str, good: str
) -> None:
    page.goto(served())
    button(page, language).click()
    expect(title(page)).to_have_text(what)
    page.locator("[data-key=payments]").click()
    button(page, take).click()
    expect(page.locator(".paper")).to_have_text(good)
    assert kiosk.server.asked[0][0].language == {"Қ": "kk", "E": "en", "Р": "ru"}[language[0]]


def test_only_the_offices_languages_are_offered(kiosk: Kiosk, served: Served, page: Page) -> None:
    kiosk.server.state = office(languages=["ru", "en"])
    kiosk.hear()
    page.goto(served())
    expect(page.locator("#languages button")).to_have_text(["Русский", "English"])


def test_the_right_to_be_served_first_is_a_quiet_third_touch(
    kiosk: Kiosk, served: Served, page: Page
) -> None:
    kiosk.server.state = office(categories=[category()])
    kiosk.hear()
    page.goto(served())
    button(page, "Оплата").click()
    button(page, "вне очереди").click()
    button(page, "Ветеран").click()
    expect(page.locator(".big-number")).to_have_text("А123")
    assert kiosk.server.asked[0][0].category == "veteran"
    expect(page.get_by_role("main")).not_to_contain_text("Ветеран")


@pytest.mark.parametrize(
    ("fault", "words"),
    [(PrinterFault("off"), "Талон не напечатался. Запомните или сфотографируйте номер"),
     (PrinterFault("cut", maybe_printed=True), "Если талон не вышел, запомните или сфотографируйте номер")],
)  # fmt: skip
def test_a_printer_fault_leaves_the_number_on_the_screen(
    kiosk: Kiosk, served: Served, page: Page, monkeypatch: pytest.MonkeyPatch, fault: PrinterFault, words: str
) -> None:
    monkeypatch.setattr("kiosk.print_jobs.TRY_SECONDS", 0.0)
    kiosk.printer.broken = fault
    page.goto(served())
    button(page, "Оплата").click()
    button(page, "Взять талон").click()
    expect(page.locator(".paper")).to_contain_text(words)
    expect(page.locator(".big-number")).to_have_text("А123")


def test_a_silent_server_ends_in_a_calm_screen_and_trying_again_gives_the_ticket(
    kiosk: Kiosk, served: Served, page: Page
) -> None:
    kiosk.server.faults = [silence(), silence()]
    page.goto(served())
    button(page, "Оплата").click()
    button(page, "Взять талон").click()
    expect(page.get_by_role("main")).to_contain_text("второго талона не будет")
    button(page, "Попробовать ещё раз").click()
    expect(page.locator(".big-number")).to_have_text("А123")
    assert len({key for _request, key in kiosk.server.asked}) == 1


def test_a_refusal_is_shown_in_the_queues_words_with_a_way_home(
    kiosk: Kiosk, served: Served, page: Page
) -> None:
    kiosk.server.faults = [refusal(detail="Приём окончен, приходите завтра с 08:00")]
    page.goto(served())
    button(page, "Оплата").click()
    button(page, "Взять талон").click()
    expect(page.get_by_role("main")).to_contain_text("Приём окончен, приходите завтра с 08:00")
    button(page, "В начало").click()
    expect(title(page)).to_have_text("Что вам нужно?")


def test_a_closed_office_says_when_it_opens_and_the_page_wakes_by_itself(
    kiosk: Kiosk, served: Served, page: Page
) -> None:
    opens = (datetime.now(UTC) + timedelta(days=9)).replace(hour=3, minute=0)
    kiosk.server.state = office(is_open=False, opens_at=opens, closed_reason={"ru": "Обеденный перерыв"})
    kiosk.hear()
    page.goto(served())
    expect(title(page)).to_have_text("Сейчас приёма нет")
    expect(page.get_by_text("Обеденный перерыв")).to_be_visible()
    expect(page.locator(".opens")).to_contain_text(re.compile(rf"[а-я]+, {opens:%d\.%m}, в\s08:00"))
    kiosk.server.state = office()
    kiosk.hear()
    expect(title(page)).to_have_text("Что вам нужно?")


def test_a_kiosk_that_knows_nothing_yet_sends_people_to_the_staff(
    kiosk: Kiosk, served: Served, page: Page
) -> None:
    kiosk.agent.on_link(False)
    kiosk.agent._online = False
    page.goto(served())
    expect(title(page)).to_have_text("Терминал временно не работает")
    expect(page.get_by_role("main")).to_contain_text("обратитесь, пожалуйста, к сотруднику")
    kiosk.hear()
    expect(title(page)).to_have_text("Что вам нужно?")


def test_new_loads_are_painted_without_moving_the_buttons(kiosk: Kiosk, served: Served, page: Page) -> None:
    page.goto(served())
    settled(page)
    payments = page.locator("[data-key=payments]")
    before = payments.element_handle()
    kiosk.server.state = office(version=8, services=[service(waiting=21), kiosk.server.state.services[1]])
    kiosk.hear()
    expect(payments).to_contain_text("21 человек в очереди")
    assert before is not None
    assert before.is_visible()


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080), (768, 1024)])
@pytest.mark.parametrize("larger", [False, True])
def test_more_than_eight_services_are_paged_and_nothing_is_cut(
    kiosk: Kiosk, served: Served, page: Page, size: tuple[int, int], larger: bool
) -> None:
    kiosk.server.state = office(services=MANY)
    kiosk.hear()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(served())
    settled(page)
    if larger:
        button(page, "Крупный текст").click()
        expect(page.locator("html")).to_have_attribute("data-size", "150")
    seen: list[str] = []
    while True:
        cards = page.locator(".service")
        assert 1 <= cards.count() <= 8
        for card in cards.all():
            seen.append(str(card.get_attribute("data-key")))
            box = card.bounding_box()
            assert box is not None
            assert box["height"] >= 80
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]
        for side in ("Height", "Width"):
            main = page.get_by_role("main")
            assert main.evaluate(f"main => main.scroll{side} <= main.client{side} + 1")
        if button(page, "^Ещё$").count() == 0 or button(page, "^Ещё$").is_disabled():
            break
        button(page, "^Ещё$").click()
    assert seen == [one.code for one in MANY]


def test_buttons_and_the_number_have_the_sizes_of_the_screen_plan(served: Served, page: Page) -> None:
    page.goto(served())
    settled(page)
    box = page.locator(".service").first.bounding_box()
    assert box is not None
    assert box["height"] >= 120
    button(page, "Оплата").click()
    button(page, "Взять талон").click()
    expect(page.locator(".big-number")).to_have_css("font-size", "300px")


def test_contrast_larger_text_and_low_position_work_and_end_with_the_visit(
    served: Served, page: Page
) -> None:
    page.goto(served())
    settled(page)
    root = page.locator("html")
    text = page.locator(".service-name").first
    before = float(text.evaluate("one => parseFloat(getComputedStyle(one).fontSize)"))
    heading_before = title(page).bounding_box()
    for name, pressed in [("Контраст", "Контраст"), ("Крупный текст", "Текст 150%"), ("Ниже", "Ниже")]:
        button(page, name).click()
        expect(button(page, pressed)).to_have_attribute("aria-pressed", "true")
    expect(root).to_have_attribute("data-theme", "contrast")
    expect(page.locator("body")).to_have_css("background-color", "rgb(0, 0, 0)")
    assert text.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") > 1.3 * before
    heading = title(page).bounding_box()
    assert heading is not None
    assert heading_before is not None
    assert heading["y"] > heading_before["y"] + 100
    button(page, "Оплата").click()
    button(page, "Взять талон").click()
    button(page, "Готово").click()
    expect(root).not_to_have_attribute("data-theme", "contrast")
    expect(root).to_have_attribute("data-position", "normal")


def test_the_keyboard_alone_gets_a_ticket_and_sees_where_it_is(served: Served, page: Page) -> None:
    page.goto(served())
    expect(title(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-key=payments]")).to_be_focused()
    expect(page.locator("[data-key=payments]")).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Оплата и расчёты")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".big-number")).to_have_text("А123")


def test_a_preview_printer_shows_the_ticket_beside_the_number(served: Served, page: Page) -> None:
    page.goto(served(preview=True))
    button(page, "Оплата").click()
    button(page, "Взять талон").click()
    picture = page.get_by_role("img", name="Ваш талон")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 640)


@pytest.mark.parametrize(
    ("state", "said"),
    [({"demonstration": True, "reception": "always_open"}, "Демонстрация: приём открыт круглосуточно"),
     ({"demonstration": True, "reception_note": {"ru": "Учебный показ"}}, "Учебный показ"),
     ({"demonstration": True}, "Демонстрация"), ({}, "")],
)  # fmt: skip
def test_a_demonstration_says_so_on_every_screen(
    kiosk: Kiosk, served: Served, page: Page, state: dict[str, object], said: str
) -> None:
    kiosk.server.state = office(**state)
    kiosk.hear()
    page.goto(served())
    expect(title(page)).to_have_text("Что вам нужно?")
    band = page.locator("#band")
    if said:
        expect(band).to_be_visible()
        expect(band).to_have_text(said)
    else:
        expect(band).to_be_hidden()
