"""The hall administrator's page: the whole queue, acts on it, desks, services and alerts, all by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages import hall_states, states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.console import press_russian
from tests.browser_pages.hall_states import (
    OFFICE,
    busy_hall,
    desk,
    hall,
    open_hall,
    push,
    queue,
    sent,
    serving,
)
from tests.browser_pages.hall_stub import HallStub
from tests.browser_pages.moments import commands, hold_time, resize, whole_size

pytestmark = pytest.mark.browser

ROWS = "#list tbody tr"
HAND = ".hand"


@pytest.fixture
def stub() -> Iterator[HallStub]:
    """The hall's page with nothing behind it."""
    server = HallStub()
    yield server
    server.close()


def test_the_queue_tells_place_reason_signs_and_the_wait_against_its_limit_in_words(
    page: Page, stub: HallStub
) -> None:
    open_hall(page, stub, busy_hall())
    rows = page.locator(ROWS)
    expect(rows.nth(0)).to_contain_text(re.compile(r"1\s*A031.*21 мин\s*дольше предела"))
    expect(rows.nth(0)).to_contain_text("пропустил")
    expect(rows.nth(1)).to_contain_text("вне очереди")
    expect(rows.nth(1)).to_contain_text("Ветеран")
    expect(rows.nth(1).locator(".mark")).to_have_text(re.compile("2 мин.*в срок"))
    expect(rows.nth(2).locator(".mark")).to_have_text(re.compile("13 мин.*близко к пределу"))
    expect(rows.nth(2)).to_contain_text("✎")
    expect(rows.nth(3)).to_contain_text("Окно 2")
    expect(rows.nth(5)).to_contain_text("operator6")
    expect(rows.nth(6)).to_contain_text("запис")


def test_the_visitor_in_hand_shows_remarks_and_the_services_to_follow(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, busy_hall())
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(HAND)).to_contain_text("Просила позвать сына, он в коридоре")
    page.keyboard.press("ArrowDown")
    expect(page.locator(HAND)).to_contain_text("Касса, Заключение и изменение договора (Окно 3)")


def test_a_waiting_visitor_is_raised_by_one_key_of_a_russian_keyboard(page: Page, stub: HallStub) -> None:
    people = queue()
    open_hall(page, stub, hall(1, waiting=people))
    raised = {**people[2], "place": 1, "reason": "raised"}
    stub.answers[f"{OFFICE}/raise"] = (200, raised)
    stub.gets[hall_states.HALL] = hall(2, waiting=[raised, *people[:2]])
    page.keyboard.press("1")
    page.keyboard.press("End")
    press_russian(page, "г", "KeyU")
    expect(page.get_by_role("alert")).to_have_text("A032 поднят, теперь место: 1.")
    expect(page.locator(ROWS).first).to_contain_text("A032")
    expect(page.locator(ROWS).first).to_be_focused()
    assert sent(stub) == [(f"{OFFICE}/raise", {"ticket": "id-A032"})]


def test_who_is_first_or_raised_already_is_not_raised_again(page: Page, stub: HallStub) -> None:
    people = [*queue(2), states.ticket("A050", place=3, reason="raised")]
    open_hall(page, stub, hall(1, waiting=people))
    page.keyboard.press("1")
    for number, resting in (("A030", "true"), ("A031", "false"), ("A050", "true")):
        expect(page.locator(HAND)).to_contain_text(number)
        expect(page.locator("[data-act=raise]")).to_have_attribute("aria-disabled", resting)
        page.keyboard.press("ArrowDown")
    page.keyboard.press("u")
    assert commands(page) == []


def test_a_visitor_is_sent_to_another_service_found_by_typing_with_a_note(page: Page, stub: HallStub) -> None:
    people = queue()
    open_hall(page, stub, hall(1, waiting=people))
    stub.answers[f"{OFFICE}/move"] = (200, {**people[1], "service": "contract"})
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    expect(page.get_by_role("dialog")).to_contain_text("A031")
    page.keyboard.type("договор")
    page.locator("#question textarea").fill("Нужен новый договор")
    page.get_by_role("dialog").locator(".primary").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("alert")).to_contain_text("A031")
    assert sent(stub) == [
        (f"{OFFICE}/move", {"ticket": "id-A031", "service": "contract", "note": "Нужен новый договор"})
    ]


def test_a_visitor_is_sent_to_a_certain_operator(page: Page, stub: HallStub) -> None:
    people = queue(1)
    open_hall(page, stub, hall(1, waiting=people))
    stub.answers[f"{OFFICE}/move"] = (200, people[0])
    page.keyboard.press("1")
    page.keyboard.press("m")
    page.get_by_role("group", name="Операторы").get_by_role("option", name="operator2").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert sent(stub) == [(f"{OFFICE}/move", {"ticket": "id-A030", "note": "", "operator": "operator2"})]


def test_a_desk_of_other_services_is_asked_for_one_of_its_own(page: Page, stub: HallStub) -> None:
    people = queue(1)
    open_hall(page, stub, hall(1, waiting=people))
    stub.answers[f"{OFFICE}/move"] = (200, people[0])
    page.keyboard.press("1")
    page.keyboard.press("m")
    page.get_by_role("group", name="Рабочие места").get_by_role("option", name="Окно 3").click()
    page.keyboard.press("Enter")
    expect(page.locator("#question .problem:visible")).to_contain_text("выберите")
    assert commands(page) == []
    page.locator("#question select").select_option("bills")
    page.get_by_role("dialog").locator(".primary").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    ((_, body),) = sent(stub)
    assert (body["desk"], body["service"]) == ("zarechny-3", "bills")


def test_a_ticket_is_annulled_only_with_a_reason(page: Page, stub: HallStub) -> None:
    people = queue()
    open_hall(page, stub, hall(1, waiting=people))
    stub.answers[f"{OFFICE}/annul"] = (200, {**people[0], "state": "annulled"})
    stub.gets[hall_states.HALL] = hall(2, waiting=people[1:])
    page.keyboard.press("1")
    page.keyboard.press("a")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Выберите причину.")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(2)
    assert sent(stub) == [(f"{OFFICE}/annul", {"ticket": "id-A030", "reason": "test"})]


def test_a_refusal_is_shown_where_it_was_asked_and_nothing_is_lost(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, hall(1, waiting=queue()))
    stub.answers[f"{OFFICE}/annul"] = (409, {"code": "move_not_allowed", "detail": "Талон A030 уже вызван."})
    page.keyboard.press("1")
    page.keyboard.press("a")
    page.get_by_label("Причина своими словами").fill("Ошибся кнопкой")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Талон A030 уже вызван.")
    assert sent(stub)[0][1]["reason"] == "Ошибся кнопкой"


def test_a_question_closes_when_its_visitor_has_left_the_queue(page: Page, stub: HallStub) -> None:
    people = queue()
    open_hall(page, stub, hall(1, waiting=people))
    page.keyboard.press("1")
    page.keyboard.press("a")
    expect(page.get_by_role("dialog")).to_be_visible()
    push(page, hall(2, waiting=people[1:]))
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("alert")).to_contain_text("A030 уже не в очереди. Ничего не сделано.")
    assert commands(page) == []


def test_held_visitors_return_and_no_shows_are_restored(page: Page, stub: HallStub) -> None:
    view = busy_hall()
    open_hall(page, stub, view)
    back = states.ticket("A007", place=1, reason="returned")
    for command in ("return", "restore"):
        stub.answers[f"{OFFICE}/{command}"] = (200, back)
    page.keyboard.press("2")
    expect(page.locator(ROWS).first).to_contain_text("Ждёт документы")
    expect(page.locator(ROWS).last).to_contain_text("Пошёл в кассу")
    expect(page.locator(ROWS).last).to_contain_text("вручную")
    page.keyboard.press("w")
    expect(page.locator("[data-act=return]")).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("3")
    expect(page.locator(ROWS)).to_contain_text("10:40")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).not_to_be_empty()
    assert sent(stub) == [
        (f"{OFFICE}/return", {"ticket": "id-A007"}),
        (f"{OFFICE}/restore", {"ticket": "id-A005"}),
    ]


def test_a_number_is_found_whichever_alphabet_its_letter_was_typed_in(page: Page, stub: HallStub) -> None:
    cyrillic = states.ticket("А077", place=4)
    open_hall(page, stub, hall(1, waiting=[*queue(), cyrillic]))
    page.keyboard.press("f")
    page.keyboard.type("a077")
    expect(page.locator(ROWS)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_be_focused()
    page.keyboard.press("f")
    page.keyboard.type("999")
    expect(page.locator(".empty-line")).to_have_text("По поиску никого нет.")
    page.keyboard.press("Escape")
    expect(page.locator(ROWS)).to_have_count(4)


def test_a_service_shows_its_own_queue_and_says_when_nobody_serves_it(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, busy_hall())
    services = page.locator(".services tbody tr")
    expect(services.nth(1)).to_contain_text("никто не принимает")
    expect(services.first.locator(".mark")).to_have_text(re.compile("21 мин.*дольше предела"))
    page.keyboard.press("5")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROWS} th")).to_have_text(["B002", "B005"])
    expect(page.locator(ROWS).first).to_be_focused()


def test_desks_show_the_visitor_against_the_norm_the_break_and_since_when(page: Page, stub: HallStub) -> None:
    hold_time(page)
    open_hall(page, stub, busy_hall())
    rows = page.locator(".desks tbody tr")
    expect(rows.nth(0)).to_contain_text(re.compile(r"A019.*11:40.*дольше нормы"))
    expect(rows.nth(1)).to_contain_text("близко к норме")
    expect(rows.nth(2)).to_contain_text("Перерыв: Обед")
    expect(rows.nth(2)).to_contain_text("21 мин")
    expect(rows.nth(4)).to_contain_text("Без талона")
    expect(rows.nth(4)).not_to_contain_text("*001")
    expect(rows.nth(5)).to_contain_text("Закрыто")
    expect(rows.nth(5).get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize(
    ("visitor", "words"),
    [
        (states.ticket("A028", state="called", called_at=states.ago(9)), "вернётся на своё место в очереди"),
        (serving("A028"), "«неполные данные»"),
        (None, "Посетителя на этом месте нет."),
    ],
    ids=["called", "serving", "nobody"],
)
def test_closing_for_a_colleague_tells_first_what_becomes_of_the_visitor(
    page: Page, stub: HallStub, visitor: dict[str, object] | None, words: str
) -> None:
    open_hall(page, stub, hall(1, desks=[desk("1", current=visitor), desk("2")]))
    after = hall(2, desks=[desk("1", state="closed", operator=None), desk("2")])
    stub.answers["desks/zarechny-1/close-for-colleague"] = (200, after)
    page.keyboard.press("4")
    press_russian(page, "с", "KeyC")
    expect(page.get_by_role("dialog")).to_contain_text("Окно 1")
    expect(page.get_by_role("dialog")).to_contain_text("operator1")
    expect(page.get_by_role("dialog")).to_contain_text(words)
    assert commands(page) == []
    page.keyboard.press("Enter")
    expect(page.locator(".desks tbody tr").first).to_contain_text("Закрыто")
    assert sent(stub) == [("desks/zarechny-1/close-for-colleague", {})]


def test_closing_is_not_done_when_the_desk_has_moved_on_meanwhile(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, hall(1, desks=[desk("1", current=serving("A028"))]))
    page.keyboard.press("4")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog")).to_be_visible()
    push(page, hall(2, desks=[desk("1", current=serving("A029"))]))
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("alert")).to_contain_text("Окно 1: состояние уже изменилось")
    assert commands(page) == []


def test_alerts_lead_to_the_visitor_the_desk_and_the_queue_nobody_serves(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, busy_hall())
    alerts = page.locator(".alert")
    expect(alerts).to_have_count(6)
    expect(page).to_have_title(re.compile(r"^\(6\)"))
    page.keyboard.press("6")
    expect(alerts.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROWS} th")).to_have_text(["B002", "B005"])
    alerts.nth(1).click()
    expect(page.locator(f"{ROWS}[data-id='id-A037']")).to_be_focused()
    alerts.nth(2).click()
    expect(page.locator(f"{ROWS}[data-id='id-A031']")).to_be_focused()
    alerts.nth(4).click()
    expect(page.locator(".desks tr[data-id='zarechny-7']")).to_be_focused()


def test_links_beside_many_alerts_keep_a_buttons_height(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, busy_hall())
    expect(page.locator(".alert")).to_have_count(6)
    strip, link = (page.locator(name).bounding_box() for name in ("#alerts", ".first > a.button:visible"))
    assert strip is not None
    assert link is not None
    assert strip["height"] > link["height"] == 56


def test_many_who_wait_too_long_are_told_together_by_the_longest(page: Page, stub: HallStub) -> None:
    alerts = [
        states.alert("wait_over_limit", ticket=f"id-A{n:03d}", number=f"A{n:03d}", seconds=900 + 60 * n)
        for n in (30, 31, 32)
    ]
    open_hall(page, stub, hall(1, waiting=queue(), alerts=alerts))
    expect(page.locator(".alert")).to_have_count(1)
    expect(page.locator(".alert")).to_contain_text("Ждут дольше предела: 3; дольше всех A032, 47 мин")


def test_a_new_alert_is_spoken_once_and_a_calm_hall_says_so(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, hall(1))
    expect(page.locator(".alerts")).to_contain_text("В зале всё спокойно")
    expect(page.locator("#spoken")).to_be_empty()
    push(page, hall(2, alerts=[states.alert("long_queue", people=31)]))
    expect(page.locator("#spoken")).to_have_text("Длинная очередь: 31 человек")
    page.evaluate("() => { document.getElementById('spoken').textContent = ''; }")
    push(page, hall(3, alerts=[states.alert("long_queue", people=32)]))
    expect(page.locator(".alert")).to_contain_text("32")
    expect(page.locator("#spoken")).to_be_empty()


def test_when_the_visitor_in_hand_leaves_the_next_key_acts_on_nobody(page: Page, stub: HallStub) -> None:
    people = queue()
    open_hall(page, stub, hall(1, waiting=people))
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    push(page, hall(2, waiting=[people[0], people[2]]))
    expect(page.locator(HAND)).to_contain_text("Выберите посетителя")
    for key in ("u", "m", "a"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert commands(page) == []


def test_lost_contact_is_said_and_rests_every_act_until_it_is_back(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, hall(1, waiting=queue()))
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    page.evaluate("() => window.news.link(false)")
    expect(page.locator("#contact")).to_contain_text("Нет связи с сервером")
    for act in page.locator(".act, #issue-place button").all():
        expect(act).to_have_attribute("aria-disabled", "true")
    for key in ("u", "m", "a", "n"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("() => window.news.link(true)")
    expect(page.locator("#contact")).to_be_hidden()
    expect(page.locator("[data-act=raise]")).to_have_attribute("aria-disabled", "false")
    assert commands(page) == []


def test_an_older_state_never_replaces_a_newer_one(page: Page, stub: HallStub) -> None:
    open_hall(page, stub, hall(7, waiting=queue(2)))
    push(page, hall(6))
    expect(page.locator(ROWS)).to_have_count(2)
    push(page, hall(8))
    expect(page.locator(".empty-line")).to_have_text("Никто не ждёт.")


def test_a_manager_sees_the_whole_hall_and_no_acts(page: Page, stub: HallStub) -> None:
    stub.may_manage = False
    open_hall(page, stub, busy_hall())
    page.keyboard.press("1")
    expect(page.locator(HAND)).to_contain_text("A031")
    expect(page.locator(".act")).to_have_count(0)
    expect(page.get_by_role("button", name="Выдать талон")).to_have_count(0)
    for key in ("u", "m", "a", "n", "4", "c"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert commands(page) == []


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("size", [(1366, 768), (768, 1024)], ids=["pc", "tablet"])
def test_the_page_never_scrolls_nor_cuts_words_and_is_accessible(
    page: Page, stub: HallStub, language: str, size: tuple[int, int]
) -> None:
    resize(page, *size)
    open_hall(page, stub, busy_hall(), language)
    page.keyboard.press("1")
    page.evaluate("() => window.news.link(false)")
    assert whole_size(page) == list(size)
    assert page.locator("#list").evaluate("list => list.scrollHeight > list.clientHeight")
    wider = """() => [...document.querySelectorAll('button, .mark, th, td, .alert, dt, dd')]
      .filter(one => one.offsetParent && one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML)"""
    assert page.evaluate(wider) == []
    page.evaluate("() => window.news.link(true)")
    assert serious_faults(page) == []
