"""The console's acts with the visitor: send on, notes, results, breaks, without a ticket; all by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.console import (
    DESK,
    MAIN,
    called,
    held,
    open_console,
    press_russian,
    push,
    sent,
    serving,
    settled,
    waiting,
)
from tests.browser_pages.moments import commands, whole_size
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser

CHOICES = "offices/zarechny/choices"
RESULTS = states.named(states.RESULTS)
PICKS = "#picks [role=option]"


def chosen(page: Page) -> Locator:
    """What is chosen in the list with a search field, its first line."""
    return page.locator(f"{PICKS}[aria-selected=true] .pick-words > span").first


def open_with_choices(page: Page, stub: StubServer, view: dict[str, Any], **choices: Any) -> None:
    """Open the console of an office that chooses from these."""
    stub.gets[CHOICES] = states.choices(**choices)
    open_console(page, stub, view)


def test_a_visitor_is_sent_to_a_service_found_by_typing(page: Page, stub: StubServer) -> None:
    open_with_choices(page, stub, states.desk(1, state="open", current=serving()))
    stub.answers[f"{DESK}/transfer"] = (200, states.desk(2, state="open"))
    press_russian(page, "е", "KeyT")
    expect(page.locator(PICKS)).to_have_count(8)
    page.keyboard.type("начисл")
    expect(chosen(page)).to_have_text("Начисления, сверка, справки")
    page.keyboard.press("Tab")
    page.keyboard.type("Нужна справка")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    body = {"ticket": "id-A019", "service": "bills", "note": "Нужна справка", "return_after": True}
    assert sent(stub) == [("transfer", body)]


@pytest.mark.parametrize(
    ("typed", "service", "body"),
    [
        ("окно 2", "Показания и приборы учёта", {"desk": "zarechny-2"}),
        ("окно 3", None, {"desk": "zarechny-3", "service": "contract"}),
        ("operator2", "Показания и приборы учёта", {"operator": "operator2"}),
        ("operator3", None, {"operator": "operator3", "service": "contract"}),
        ("окно 4", None, {"desk": "zarechny-4", "service": "payment"}),
    ],
    ids=[
        "keeps the service",
        "asks which service",
        "an operator keeps it",
        "an operator is asked",
        "its only service",
    ],
)
def test_a_desk_or_an_operator_keeps_the_service_given_there_and_asks_for_others(
    page: Page, stub: StubServer, typed: str, service: str | None, body: dict[str, Any]
) -> None:
    open_with_choices(page, stub, states.desk(1, state="open", current=serving()))
    stub.answers[f"{DESK}/transfer"] = (200, states.desk(2, state="open"))
    page.keyboard.press("t")
    page.keyboard.type(typed)
    which = page.get_by_label("По какой услуге")
    if service:
        expect(which.locator("option:checked")).to_have_text(service)
    if "contract" in body.values():
        page.keyboard.press("Enter")
        expect(page.get_by_text("выберите одну")).to_be_visible()
        expect(which).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert sent(stub) == [("transfer", {"ticket": "id-A019", "note": "", "return_after": False, **body})]


def test_arrows_walk_the_list_and_nobody_is_sent_without_a_place(page: Page, stub: StubServer) -> None:
    open_with_choices(page, stub, states.desk(1, state="open", current=serving()))
    page.keyboard.press("t")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Выберите, куда передать посетителя.")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_text("Начисления, сверка, справки")
    expect(page.get_by_text("Выберите, куда передать посетителя.")).to_be_hidden()
    page.keyboard.type("такого нет")
    expect(page.get_by_text("Ничего не найдено.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert commands(page) == []


def test_the_list_of_places_is_fetched_anew_when_the_dialog_opens(page: Page, stub: StubServer) -> None:
    open_with_choices(page, stub, states.desk(1, state="open", current=serving()))
    closed = states.desk_choice("2", "closed", None, ["meters"])
    stub.gets[CHOICES] = states.choices(desks=[closed])
    page.keyboard.press("t")
    expect(page.get_by_role("option", name="Окно")).to_have_count(1)
    expect(page.get_by_role("option", name="Окно 2")).to_contain_text("Закрыто")


def test_a_refusal_is_shown_inside_the_dialog_and_what_was_chosen_stays(page: Page, stub: StubServer) -> None:
    view = states.desk(1, state="open", current=serving())
    open_with_choices(page, stub, view)
    refusal = {"code": "service_closed", "detail": "Услуга «Касса» сейчас закрыта."}
    stub.answers[f"{DESK}/transfer"] = (409, refusal)
    page.keyboard.press("t")
    page.keyboard.type("касса")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("Услуга «Касса» сейчас закрыта.")
    expect(chosen(page)).to_have_text("Касса")
    expect(page.get_by_role("dialog").get_by_role("button", name="Передать")).to_have_attribute(
        "aria-disabled", "false"
    )


def test_a_refusal_about_a_visitor_who_has_gone_closes_the_dialog_with_its_words(
    page: Page, stub: StubServer
) -> None:
    open_with_choices(page, stub, states.desk(1, state="open", current=serving()))
    stub.answers[f"{DESK}/note"] = (409, {"code": "move_not_allowed", "detail": "Талон A019 уже отложен."})
    page.keyboard.press("a")
    page.keyboard.type("Ждёт справку")
    stub.gets[DESK] = states.desk(2, state="open")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("alert")).to_have_text("Талон A019 уже отложен.")


def test_notes_are_shown_with_the_visitor_and_one_is_added(page: Page, stub: StubServer) -> None:
    note = states.remark("Принёс выписку", actor="operator2")
    open_console(page, stub, states.desk(1, state="open", current=serving() | {"remarks": [note]}))
    notes = page.get_by_role("list", name="Заметки о посетителе")
    expect(notes).to_contain_text("operator2")
    expect(notes).to_contain_text("Принёс выписку")
    after = serving() | {"remarks": [note, states.remark("Ждёт справку", actor="operator1", since=0)]}
    stub.answers[f"{DESK}/note"] = (200, {**after, "screen": states.desk(2, state="open", current=after)})
    press_russian(page, "ф", "KeyA")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Напишите заметку.")).to_be_visible()
    page.keyboard.type("Ждёт справку")
    page.keyboard.press("Enter")
    expect(page.locator("#visitor").get_by_role("listitem").first).to_contain_text("Ждёт справку")
    assert sent(stub) == [("note", {"ticket": "id-A019", "text": "Ждёт справку"})]


def test_finish_asks_for_a_result_by_a_digit_when_the_office_has_results(
    page: Page, stub: StubServer
) -> None:
    view = states.desk(1, state="open", current=serving())
    open_with_choices(page, stub, view, results=RESULTS, result_required=True)
    stub.answers[f"{DESK}/finish"] = (200, states.desk(2, state="open"))
    page.keyboard.press("F2")
    expect(page.get_by_role("dialog")).not_to_contain_text("Без результата")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Выберите результат.")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_be_visible()
    assert sent(stub) == [("finish", {"ticket": "id-A019", "result": "accepted"})]


def test_a_result_that_is_not_required_may_be_left_out(page: Page, stub: StubServer) -> None:
    view = states.desk(1, state="open", current=serving())
    open_with_choices(page, stub, view, results=RESULTS)
    stub.answers[f"{DESK}/finish"] = (200, states.desk(2, state="open"))
    page.keyboard.press("F2")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_be_visible()
    assert sent(stub) == [("finish", {"ticket": "id-A019"})]


def test_without_results_finish_is_done_at_once_and_names_the_visitor(page: Page, stub: StubServer) -> None:
    open_with_choices(page, stub, states.desk(1, state="open", current=serving()))
    stub.answers[f"{DESK}/finish"] = (200, states.desk(2, state="open"))
    page.keyboard.press("F2")
    expect(page.locator(".empty")).to_be_visible()
    assert sent(stub) == [("finish", {"ticket": "id-A019"})]


@pytest.mark.parametrize(
    ("key", "command", "visitor"),
    [("F2", "start", called()), ("r", "recall", called()), ("g", "give-back", called())],
)
def test_every_act_on_the_visitor_names_the_ticket(
    page: Page, stub: StubServer, key: str, command: str, visitor: dict[str, Any]
) -> None:
    open_console(page, stub, states.desk(1, state="open", current=visitor))
    stub.answers[f"{DESK}/{command}"] = (200, states.desk(2, state="open"))
    page.keyboard.press(key)
    expect(page.locator(".empty")).to_be_visible()
    assert sent(stub) == [(command, {"ticket": "id-A019"})]


def test_a_break_asks_its_reason(page: Page, stub: StubServer) -> None:
    open_with_choices(page, stub, states.desk(1, state="open"))
    stub.answers[f"{DESK}/break"] = (200, states.desk(2, state="break", break_reason="lunch"))
    press_russian(page, "и", "KeyB")
    expect(page.get_by_role("dialog")).to_contain_text("Другое")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_have_text("Перерыв: Обед")
    expect(page.locator("#desk-state")).to_have_text("Перерыв: Обед")
    assert sent(stub) == [("break", {"reason": "lunch", "after_visitor": False})]


def test_with_a_visitor_the_break_comes_after_and_can_be_taken_back(page: Page, stub: StubServer) -> None:
    open_with_choices(page, stub, states.desk(1, state="open", current=serving()))
    due = states.desk(2, state="open", current=serving(), break_due="other")
    stub.answers[f"{DESK}/break"] = (200, due)
    stub.answers[f"{DESK}/open"] = (200, states.desk(3, state="open", current=serving()))
    page.get_by_role("button", name="Перерыв после").click()
    page.get_by_label("Причина своими словами").fill("К врачу")
    page.keyboard.press("Enter")
    expect(page.locator(".due")).to_contain_text("После этого посетителя — перерыв")
    settled(page)
    page.keyboard.press("b")
    expect(page.locator(".due")).to_have_count(0)
    assert sent(stub) == [("break", {"reason": "К врачу", "after_visitor": True}), ("open", {})]


def test_a_break_question_closes_when_the_visitor_it_waited_for_has_gone(
    page: Page, stub: StubServer
) -> None:
    open_with_choices(page, stub, states.desk(1, state="open", current=serving()))
    page.keyboard.press("b")
    expect(page.get_by_role("dialog")).to_be_visible()
    push(page, states.desk(2, state="open"))
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("alert")).to_contain_text("Ничего не сделано")


def test_somebody_without_a_ticket_is_served_and_shown_in_words(page: Page, stub: StubServer) -> None:
    view = states.desk(1, state="open", waiting=waiting())
    open_with_choices(page, stub, view)
    guest = serving() | {"number": "*001", "ticketless": True, "wait_seconds": None}
    after = states.desk(2, state="open", waiting=waiting(), current=guest, held=[held() | guest])
    stub.answers[f"{DESK}/serve-without-ticket"] = (200, after)
    press_russian(page, "ы", "KeyS")
    expect(page.locator(PICKS)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".huge")).to_have_text("Без талона")
    expect(page.locator("#visitor")).not_to_contain_text("Ждал")
    page.keyboard.press("2")
    expect(page.get_by_role("tabpanel")).to_contain_text("Без талона")
    assert "*001" not in page.locator("body").inner_text() + page.title()
    settled(page)
    page.keyboard.press("h")
    expect(page.get_by_role("dialog")).to_contain_text("посетитель без талона")
    assert sent(stub) == [("serve-without-ticket", {"service": "bills"})]


def test_without_a_ticket_is_offered_only_at_a_free_desk(page: Page, stub: StubServer) -> None:
    offer = page.get_by_role("button", name="Принять без талона")
    open_console(page, stub, states.desk(1, state="open"))
    offer.focus()
    push(page, states.desk(2, state="open", current=called()))
    expect(offer).to_be_hidden()
    expect(page.locator(".now")).to_be_focused()
    page.keyboard.press("s")
    push(page, states.desk(3, state="break"))
    expect(offer).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_without_a_start_button_a_called_visitor_is_finished(page: Page, stub: StubServer) -> None:
    visitor = called() | {"called_at": states.ago(700)}
    open_console(page, stub, states.desk(1, state="open", current=visitor, start_button=False))
    expect(page.locator(MAIN)).to_contain_text("Завершить")
    expect(page.locator(".timer")).to_contain_text("дольше нормы")
    expect(page.get_by_role("button", name="Не явился")).to_have_attribute("aria-disabled", "false")
    stub.answers[f"{DESK}/finish"] = (200, states.desk(2, state="open", start_button=False))
    page.keyboard.press("F2")
    expect(page.locator(".empty")).to_be_visible()
    assert sent(stub) == [("finish", {"ticket": "id-A019"})]


def test_an_office_that_calls_by_itself_says_so_and_shows_the_next_at_once(
    page: Page, stub: StubServer
) -> None:
    people = waiting()
    view = {"state": "open", "waiting": people, "auto_call": True}
    open_console(page, stub, states.desk(1, current=serving(), **view))
    expect(page.locator(MAIN)).to_contain_text("Завершить и вызвать следующего")
    following = states.ticket("A030", state="called", called_at=states.ago(0), call_count=1)
    stub.answers[f"{DESK}/finish"] = (200, states.desk(2, current=following, **view))
    page.keyboard.press("F2")
    expect(page.locator(".huge")).to_have_text("A030")
    expect(page.locator(MAIN)).to_contain_text("Начать")
    assert commands(page) == [f"{DESK}/finish"]


def test_acts_rest_in_every_dialog_while_contact_is_lost(page: Page, stub: StubServer) -> None:
    view = states.desk(1, state="open", current=serving())
    open_with_choices(page, stub, view, results=RESULTS)
    for key in ("t", "a", "b", "h", "F2"):
        page.keyboard.press(key)
        yes = page.get_by_role("dialog").locator("button.primary")
        expect(yes).to_have_attribute("aria-disabled", "false")
        page.evaluate("() => window.news.link(false)")
        expect(yes).to_have_attribute("aria-disabled", "true")
        expect(page.get_by_role("dialog")).to_contain_text("Нет связи с сервером")
        page.keyboard.press("Escape")
        page.evaluate("() => window.news.link(true)")
        settled(page)
    assert commands(page) == []


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_dialog_fits_1366_by_768_and_is_accessible(page: Page, stub: StubServer, language: str) -> None:
    stub.gets[CHOICES] = states.choices(results=RESULTS)
    notes = [states.remark("Нужен договор на нового собственника, принёс выписку и паспорт.")] * 4
    visitor = serving() | {"remarks": notes, "leg": 2, "then": [states.step("bills", "2")]}
    facts = {"state": "open", "alerts": [states.alert("long_queue", people=18)]}
    open_console(page, stub, states.desk(1, current=visitor, break_due="lunch", **facts), language)
    fits = "box => box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth"
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    assert whole_size(page) == [1366, 768]
    assert page.locator(".small, .main, .chip, .slim, .facts").evaluate_all(cut) == []
    assert page.locator(".facts").evaluate(fits)
    for keys in (["t", "ArrowUp", "Enter"], ["a", "Enter"], ["F2", "Enter"], ["l"], ["F1"]):
        for key in keys:
            page.keyboard.press(key)
        assert whole_size(page) == [1366, 768]
        assert page.get_by_role("dialog").evaluate(fits)
        assert page.locator(".choice, .pick, dialog button, .key-row").evaluate_all(cut) == []
        assert serious_faults(page) == []
        page.keyboard.press("Escape")
    push(page, states.desk(2, **facts))
    settled(page)
    for key in ("b", "s"):
        page.keyboard.press(key)
        assert whole_size(page) == [1366, 768]
        assert page.get_by_role("dialog").evaluate(fits)
        assert serious_faults(page) == []
        page.keyboard.press("Escape")
    assert serious_faults(page) == []
