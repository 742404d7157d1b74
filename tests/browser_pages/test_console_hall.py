"""What the console tells of the hall: who is next and why, legs, alerts, a sound on a newcomer, the keys."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.console import (
    MAIN,
    called,
    held,
    missed,
    open_console,
    press_russian,
    push,
    serving,
    waiting,
)
from tests.browser_pages.moments import commands, hold_time, resize, whole_size
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser

ROWS = ".line tbody tr"
SILENT = "delete window.AudioContext"
FORBIDDEN = """window.AudioContext = class {
  constructor() { throw new Error('not allowed'); }
}"""
LISTENING = """window.tones = 0;
window.AudioContext = class {
  state = 'running';
  currentTime = 0;
  destination = {};
  createOscillator() {
    return { frequency: {}, connect: (to) => to, start: () => { window.tones += 1; }, stop() {} };
  }
  createGain() {
    const ramp = () => {};
    const gain = { setValueAtTime: ramp, linearRampToValueAtTime: ramp, exponentialRampToValueAtTime: ramp };
    return { gain, connect: (to) => to };
  }
}"""


def tones(page: Page) -> int:
    """How many tones have sounded so far."""
    count: int = page.evaluate("window.tones")
    return count


def test_this_desks_queue_stands_in_its_own_order_with_the_next_marked(page: Page, stub: StubServer) -> None:
    people = waiting(3)
    order = [people[2]["id"], people[0]["id"]]
    open_console(page, stub, states.desk(1, state="open", waiting=people, mine=order))
    expect(page.locator(f"{ROWS} th")).to_have_text(["A032", "A030"])
    expect(page.locator(ROWS).first).to_contain_text("следующий")
    expect(page.locator(ROWS).last).not_to_contain_text("следующий")
    page.keyboard.press("m")
    expect(page.locator(f"{ROWS} th")).to_have_text(["A030", "A031", "A032"])
    expect(page.locator(ROWS).last).to_contain_text("следующий")


def test_every_place_explains_itself(page: Page, stub: StubServer) -> None:
    booked = {"booked_for": "2026-03-02T05:30:00Z"}
    places: list[tuple[dict[str, Any], str]] = [
        ({"reason": "guarded"}, "уже пропустил других"),
        ({"reason": "booked", **booked}, "по записи на 10:30"),
        ({"reason": "out_of_turn", "category": "veteran"}, "вне очереди · ★ Ветеран"),
        ({"reason": "near_limit"}, "скоро предел ожидания"),
        ({"reason": "raised"}, "поднят администратором"),
        ({"reason": "returned"}, "вернулся в очередь"),
        ({"reason": "transferred"}, "передан с другого места"),
        ({"reason": "transferred", "desk": "zarechny-2", "leg": 2}, "передан: Окно 2 · 2-я услуга"),
        ({"reason": "head_start"}, "льготная категория, раньше других"),
        ({"then": [states.step("bills", "2")]}, "далее: Начисления, сверка, справки (Окно 2)"),
        ({"reason": "early", **booked}, "по записи на 10:30, время не пришло"),
    ]
    people = [states.ticket(f"A{row:03d}", **changes) for row, (changes, _) in enumerate(places)]
    open_console(page, stub, states.desk(1, state="open", waiting=people))
    for row, (_, words) in enumerate(places):
        expect(page.locator(ROWS).nth(row)).to_contain_text(words)


def test_each_wait_is_measured_by_the_limit_of_its_own_service(page: Page, stub: StubServer) -> None:
    patient = states.ticket("A001", waited=1000, wait_limit_seconds=1800)
    again = states.ticket("A002", waited=5000, leg=2, waiting_since=states.ago(130))
    late = states.ticket("A003", waited=700, wait_limit_seconds=600)
    hold_time(page)
    open_console(page, stub, states.desk(1, state="open", waiting=[patient, again, late]))
    expect(page.locator(f"{ROWS} [data-since]")).to_have_text(["16 мин", "2 мин", "▲ 11 мин, больше предела"])


def test_the_queue_is_filtered_by_service_from_the_keyboard(page: Page, stub: StubServer) -> None:
    people = [*waiting(2), states.ticket("B001", service="contract")]
    open_console(page, stub, states.desk(1, state="open", waiting=people))
    choice = page.get_by_label("Услуга", exact=True)
    press_russian(page, "а", "KeyF")
    expect(choice).to_be_focused()
    expect(choice.locator("option")).to_have_text(
        ["Все услуги (3)", "Показания и приборы учёта (2)", "Заключение и изменение договора (1)"]
    )
    page.keyboard.press("End")
    page.keyboard.press("r")
    expect(page.locator(f"{ROWS} th")).to_have_text(["B001"])
    page.keyboard.press("Escape")
    expect(page.locator(ROWS)).to_be_focused()
    push(page, states.desk(2, state="open", waiting=people[:2]))
    expect(page.locator(".empty-line")).to_have_text("Никто не ждёт.")
    expect(choice.locator("option:checked")).to_have_text("Заключение и изменение договора (0)")
    assert commands(page) == []


def test_notes_stand_shortly_in_the_rows_and_wholly_in_their_title(page: Page, stub: StubServer) -> None:
    notes = [states.remark("Первая"), states.remark("Принёс выписку, " * 12)]
    facts = {"held": [held() | {"remarks": notes}], "missed": [missed() | {"remarks": notes[:1]}]}
    person = states.ticket("A001", remarks=notes)
    open_console(page, stub, states.desk(1, state="open", waiting=[person], **facts))
    for tab in ("1", "2"):
        page.keyboard.press(tab)
        line = page.locator(f"{ROWS} .remark-line")
        expect(line).to_contain_text("и ещё 1")
        assert "Первая" in str(line.get_attribute("title"))
        assert page.locator(ROWS).evaluate("row => row.offsetHeight") < 100
    page.keyboard.press("3")
    expect(page.locator(ROWS)).to_contain_text("✎ Заметка: Первая")


def test_own_words_of_a_hold_are_shown_in_place_of_its_code(page: Page, stub: StubServer) -> None:
    words = [states.remark("Пошёл в банкомат", "hold")]
    people = [held("A007"), held("A008") | {"held_reason": "other", "remarks": words}]
    open_console(page, stub, states.desk(1, state="open", held=people))
    page.keyboard.press("2")
    expect(page.locator(ROWS).first).to_contain_text("Ждёт документы")
    expect(page.locator(ROWS).last).to_contain_text("Пошёл в банкомат")


def test_a_further_service_is_timed_by_itself_and_tells_what_follows(page: Page, stub: StubServer) -> None:
    leg = {"leg": 2, "leg_started_at": states.ago(130), "waiting_since": states.ago(1200), "held_seconds": 60}
    visitor = serving() | leg | {"started_at": states.ago(5000), "norm_seconds": 60}
    visitor |= {"then": [states.step("bills", "2"), states.step("payment")]}
    hold_time(page)
    open_console(page, stub, states.desk(1, state="open", current=visitor))
    card = page.locator("#visitor")
    expect(card).to_contain_text("2-я услуга")
    expect(card).to_contain_text("После этого: Начисления, сверка, справки (Окно 2), Касса")
    expect(card.locator(".fact")).to_contain_text("▲ Ждал: 17 мин")
    expect(card.locator(".timer .number")).to_have_text("1:10")
    expect(card.locator(".timer")).to_contain_text("дольше нормы (1 мин)")


def test_the_most_urgent_alert_is_told_and_the_list_opens(page: Page, stub: StubServer) -> None:
    alerts = [
        states.alert("service_over_norm", number="A019", desk="zarechny-1", label="1", seconds=900),
        states.alert("long_queue", people=18),
        states.alert("idle_desk", desk="zarechny-3", label="3", seconds=400, people=6),
        states.alert("wait_over_limit", number="A030", seconds=1900),
        states.alert("addressee_away", number="A027", desk="zarechny-3", label="3", operator="operator3"),
        states.alert("nobody_serves", people=3),
    ]
    open_console(page, stub, states.desk(1, state="open", alerts=alerts))
    expect(page.locator(".alert-line")).to_contain_text(
        "«Заключение и изменение договора»: никто не принимает, в очереди 3 человека"
    )
    expect(page.locator("#alerts [role=status]")).to_contain_text("никто не принимает")
    press_russian(page, "д", "KeyL")
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_text(
        [
            "«Заключение и изменение договора»: никто не принимает, в очереди 3 человека",
            "A027 некому вызвать (только: Окно 3, operator3)",
            "A030 ждёт 31 мин — больше предела. Заключение и изменение договора",
            "Свободно 6 мин, а в очереди 6 человек (Окно 3)",
            "Длинная очередь: 18 человек",
            "A019 обслуживается 15 мин — дольше нормы (ваше место)",
        ]
    )
    push(page, states.desk(2, state="open"))
    expect(page.get_by_role("dialog")).to_contain_text("В зале всё спокойно.")
    page.keyboard.press("l")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_an_alert_takes_neither_the_focus_nor_the_place_of_the_buttons(page: Page, stub: StubServer) -> None:
    open_console(page, stub, states.desk(1, state="open", waiting=waiting()))
    page.keyboard.press("1")
    assert whole_size(page) == [1366, 768]
    place = page.locator(MAIN).bounding_box()
    row = page.locator(ROWS).first.bounding_box()
    alerts = [states.alert("long_queue", people=18)]
    push(page, states.desk(2, state="open", waiting=waiting(), alerts=alerts))
    expect(page.locator(".alert-line")).to_have_text("▲ Длинная очередь: 18 человек")
    expect(page.locator(ROWS).first).to_be_focused()
    assert whole_size(page) == [1366, 768]
    assert (page.locator(MAIN).bounding_box(), page.locator(ROWS).first.bounding_box()) == (place, row)


def test_a_newcomer_at_an_idle_desk_is_heard_and_seen_in_the_tab(page: Page, stub: StubServer) -> None:
    page.add_init_script(LISTENING)
    open_console(page, stub, states.desk(1, state="open"))
    expect(page).to_have_title("Окно 1")
    push(page, states.desk(2, state="open", waiting=waiting(1)))
    expect(page).to_have_title("● ждут: 1 — Окно 1")
    assert tones(page) == 2
    push(page, states.desk(3, state="open", waiting=waiting(1)))
    assert tones(page) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"state": "open"}, {"state": "open", "current": called(), "waiting": waiting(1)}),
        ({"state": "break"}, {"state": "break", "waiting": waiting(1)}),
        ({"state": "open"}, {"state": "open", "waiting": waiting(1), "mine": []}),
    ],
    ids=["a visitor is at the desk", "on a break", "for another desk"],
)
def test_no_sound_while_it_would_only_disturb(
    page: Page, stub: StubServer, before: dict[str, Any], after: dict[str, Any]
) -> None:
    page.add_init_script(LISTENING)
    open_console(page, stub, states.desk(1, **before))
    push(page, states.desk(2, **after))
    assert tones(page) == 0


def test_a_visitor_whom_the_office_calls_by_itself_is_heard(page: Page, stub: StubServer) -> None:
    page.add_init_script(LISTENING)
    open_console(page, stub, states.desk(1, state="open", auto_call=True))
    push(page, states.desk(2, state="open", auto_call=True, current=called()))
    assert tones(page) == 2


def test_the_sound_is_muted_by_a_key_and_stays_so(page: Page, stub: StubServer) -> None:
    page.add_init_script(LISTENING)
    open_console(page, stub, states.desk(1, state="open"))
    expect(page.get_by_role("button", name="Звук включён")).to_be_visible()
    press_russian(page, "г", "KeyU")
    expect(page.get_by_role("button", name="Звук выключен")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Звук выключен")).to_be_visible()
    expect(page).to_have_title("Окно 1")
    push(page, states.desk(2, state="open", waiting=waiting(1)))
    assert tones(page) == 0


@pytest.mark.parametrize("browser_script", [SILENT, FORBIDDEN], ids=["no sound", "forbidden"])
def test_a_browser_that_makes_no_sound_breaks_nothing(
    page: Page, stub: StubServer, browser_script: str
) -> None:
    page.add_init_script(browser_script)
    open_console(page, stub, states.desk(1, state="open"))
    page.keyboard.press("u")
    page.keyboard.press("u")
    push(page, states.desk(2, state="open", waiting=waiting(1)))
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(MAIN)).to_have_attribute("aria-disabled", "false")


@pytest.mark.parametrize("press", ["F1", "?"])
def test_all_keys_are_listed_in_one_dialog(page: Page, stub: StubServer, press: str) -> None:
    open_console(page, stub, states.desk(1, state="open", current=serving()))
    page.keyboard.press(press)
    dialog = page.get_by_role("dialog")
    for button in page.locator("#console button kbd").all_inner_texts():
        expect(dialog.locator("dt").filter(has_text=button).first).to_be_visible()
    page.keyboard.press("t")
    expect(dialog).to_contain_text("Клавиши")
    page.keyboard.press("F1")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_fullest_screen_keeps_its_buttons_on_the_page(
    page: Page, stub: StubServer, language: str
) -> None:
    visitor = serving() | {"remarks": [states.remark("Принёс выписку")] * 9, "leg": 2, "category": "veteran"}
    visitor |= {"then": [states.step("bills", "2"), states.step("payment")]}
    alerts = [states.alert("nobody_serves", people=3), states.alert("long_queue", people=18)]
    facts = {"current": visitor, "break_due": "lunch", "alerts": alerts, "held": [held()]}
    open_console(page, stub, states.desk(1, state="open", waiting=waiting(30), **facts), language)
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    for width, height in ((1280, 720), (1366, 768), (1920, 1080)):
        resize(page, width, height)
        assert whole_size(page) == [width, height]
        parts = page.locator(".small, .main, .chip, .slim, .tools, .tabs, .bar, .head")
        assert parts.evaluate_all(cut) == []
        for button in page.locator("#visitor button:visible").all():
            expect(button).to_be_in_viewport(ratio=1)
        assert page.locator(".remarks").evaluate("list => list.clientHeight") > 40
    assert serious_faults(page) == []
