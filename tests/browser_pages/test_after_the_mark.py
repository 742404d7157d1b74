"""What follows a mark on tablet and phone: reasons of a low one, own words, a survey; each may be skipped."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages import states
from tests.browser_pages.conftest import serious_faults
from tests.browser_pages.moments import (
    remember_answers,
    resize,
    start_clock,
    stop_clock,
    wait_until_read,
    whole_size,
)
from tests.browser_pages.stub_server import StubServer

pytestmark = pytest.mark.browser

ASK = {"state": "ask", "visit": "visit-1", "number": "A023"}
CODE = "abcdefabcdef0123"


def open_tablet(page: Page, stub: StubServer, surveys: bool = False, **view: Any) -> None:
    stub.answers["ratings"] = (201, {"press_id": "p", "counted": True})
    stub.gets["desks/zarechny-1/rating-choices"] = states.rating_choices(surveys=surveys)
    remember_answers(page)
    start_clock(page)
    page.goto(f"{stub.url}/rate/zarechny-1#secret-token")
    page.wait_for_function("() => window.news")
    stop_clock(page)
    push(page, states.rating_page(1, **{**ASK, **view}))
    wait_until_read(page, "/rating-choices")
    expect(page.get_by_role("heading")).to_have_text("Оцените обслуживание")


def push(page: Page, view: dict[str, Any]) -> None:
    page.evaluate("view => window.news.push('rating:zarechny-1', view)", view)


def open_phone(page: Page, stub: StubServer, language: str = "ru", **rating: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    stub.answers["ratings"] = (201, {"press_id": "p", "counted": True})
    stub.gets[f"tickets/{CODE}/rating"] = states.rating_choices(**rating)
    stub.status = states.ticket_status(
        1, state="served", may_rate=not rating.get("score"), score=rating.get("score")
    )
    remember_answers(page)
    page.goto(f"{stub.url}/t/{CODE}?language={language}")
    page.wait_for_function("() => window.news")
    page.evaluate(f"status => window.news.push('ticket:{CODE}', status)", stub.status)
    wait_until_read(page, f"/{CODE}/rating")


def sent(page: Page, stub: StubServer, path: str) -> list[dict[str, Any]]:
    page.wait_for_function("() => (localStorage.getItem('talon-presses') ?? '[]') === '[]'")
    return [body for told, body, _ in stub.posts if told == path]


def test_a_low_mark_asks_why_and_sends_reasons_and_words_after_its_press(
    page: Page, stub: StubServer
) -> None:
    open_tablet(page, stub)
    page.get_by_role("button", name="Плохо", exact=True).click()
    page.get_by_role("button", name="Далее").click()
    expect(page.get_by_role("heading")).to_have_text("Что было не так?")
    expect(page.locator("#main")).to_contain_text("не пишите имён и номеров телефонов")
    expect(page.get_by_role("button", name="Отправить")).to_be_disabled()
    page.get_by_role("button", name="Долгое ожидание").click()
    page.get_by_role("button", name="Другое").click()
    page.get_by_label("Своими словами").fill("Закрыли окно")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_role("heading")).to_have_text("Спасибо!")
    (mark,), (told,) = sent(page, stub, "ratings"), sent(page, stub, "ratings/reasons")
    assert told == {
        "press_id": mark["press_id"],
        "reasons": ["long-wait", "other"],
        "comment": "Закрыли окно",
    }
    assert [path for path, _, _ in stub.posts] == ["ratings", "ratings/reasons"]


def test_a_good_mark_is_not_asked_why(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub)
    page.get_by_role("button", name="Хорошо").click()
    expect(page.get_by_role("button", name="Далее")).to_have_count(0)
    page.clock.run_for(5_300)
    expect(page.get_by_role("heading")).to_have_text("Спасибо!")


def test_a_low_mark_corrected_to_a_good_one_is_not_asked_why(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub)
    page.get_by_role("button", name="Плохо", exact=True).click()
    page.get_by_role("button", name="Отлично").click()
    page.clock.run_for(5_300)
    expect(page.get_by_role("heading")).to_have_text("Спасибо!")


def test_whoever_goes_away_is_not_asked_for_ever_and_unsent_words_stay_here(
    page: Page, stub: StubServer
) -> None:
    open_tablet(page, stub)
    page.get_by_role("button", name="Очень плохо").click()
    page.clock.run_for(5_300)
    page.get_by_role("button", name="Долгое ожидание").click()
    page.get_by_label("Своими словами").fill("Не отправлено")
    page.clock.run_for(30_300)
    expect(page.get_by_role("heading")).to_have_text("Спасибо!")
    (told,) = sent(page, stub, "ratings/reasons")
    assert (told["reasons"], "comment" in told) == (["long-wait"], False)
    page.clock.run_for(4_300)
    expect(page.get_by_role("heading")).to_have_text("Добро пожаловать!")


def test_the_next_visitor_ends_what_is_asked_of_the_one_before(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub)
    page.get_by_role("button", name="Очень плохо").click()
    page.clock.run_for(5_300)
    expect(page.get_by_role("heading")).to_have_text("Что было не так?")
    push(page, states.rating_page(2, state="serving", visit="visit-2", number="A024"))
    expect(page.get_by_role("heading")).to_have_text("Вас обслуживают")
    assert sent(page, stub, "ratings/reasons") == []


def test_a_survey_is_asked_one_question_at_a_time_and_may_be_skipped(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub, surveys=True)
    page.get_by_role("button", name="Отлично").click()
    page.get_by_role("button", name="Далее").click()
    expect(page.get_by_role("heading")).to_have_text("Понятны ли указатели в зале?")
    page.get_by_role("button", name="4", exact=True).click()
    expect(page.get_by_role("heading")).to_have_text("Вы нашли нужное окно сами?")
    page.get_by_role("button", name="Пропустить").click()
    page.get_by_role("button", name="От сотрудника").click()
    expect(page.get_by_role("heading")).to_have_text("Спасибо!")
    (told,) = sent(page, stub, "ratings/survey")
    assert (told["survey"], told["answers"]) == ("hall", {"signs": "4", "source": "staff"})


def test_answers_given_count_when_the_visitor_wants_no_more_questions(page: Page, stub: StubServer) -> None:
    open_tablet(page, stub, surveys=True)
    page.get_by_role("button", name="Отлично").click()
    page.get_by_role("button", name="Далее").click()
    page.get_by_role("button", name="5", exact=True).click()
    page.get_by_role("button", name="Закончить опрос").click()
    expect(page.get_by_role("heading")).to_have_text("Спасибо!")
    (told,) = sent(page, stub, "ratings/survey")
    assert told["answers"] == {"signs": "5"}


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 1280)])
def test_what_follows_fits_the_tablet_in_every_language_and_is_accessible(
    page: Page, stub: StubServer, width: int, height: int
) -> None:
    resize(page, width, height)
    open_tablet(page, stub, surveys=True)
    page.get_by_role("button", name="Плохо", exact=True).click()
    page.locator(".next").click()
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    low = "all => all.filter(one => one.getBoundingClientRect().height < 56).map(one => one.innerText)"
    for step in ("reasons", "question", "question", "question"):
        for name, code in (("Қазақша", "kk"), ("English", "en"), ("Русский", "ru")):
            page.get_by_role("button", name=name).click()
            expect(page.locator("html")).to_have_attribute("lang", code)
            expect(page.locator("#main")).to_have_attribute("data-screen", step)
            assert whole_size(page) == [width, height]
            for found in (cut, low):
                assert page.locator("#main button").evaluate_all(found) == []
        page.get_by_role("button", name="Пропустить").click()
    page.clock.resume()
    assert serious_faults(page) == []


def test_the_phone_asks_why_after_a_low_mark_and_then_the_survey(page: Page, stub: StubServer) -> None:
    open_phone(page, stub, surveys=True)
    page.get_by_role("button", name="Очень плохо").click()
    expect(page.locator("#rate")).to_contain_text("Ваша оценка: Очень плохо. Спасибо!")
    page.get_by_role("button", name="Вопрос не решён").click()
    page.get_by_role("button", name="Отправить").click()
    page.get_by_role("button", name="3", exact=True).click()
    page.get_by_role("button", name="Да", exact=True).click()
    with page.expect_response("**/ratings/survey"):
        page.get_by_role("button", name="Пропустить").click()
    expect(page.locator("#rate")).to_contain_text("Ваши ответы помогают")
    told = {path: body for path, body, _ in stub.posts}
    assert told["ratings/reasons"] == {"ticket": CODE, "reasons": ["not-solved"], "comment": ""}
    assert told["ratings/survey"] == {
        "ticket": CODE,
        "survey": "hall",
        "answers": {"signs": "3", "found": "yes"},
    }


def test_the_phone_lets_the_mark_be_changed_for_the_correction_seconds(page: Page, stub: StubServer) -> None:
    start_clock(page)
    open_phone(page, stub)
    stop_clock(page)
    page.get_by_role("button", name="Очень плохо").click()
    expect(page.get_by_role("heading", name="Что было не так?")).to_be_visible()
    page.get_by_role("button", name="Отлично").click()
    expect(page.locator("#rate")).to_contain_text("Ваша оценка: Отлично")
    expect(page.get_by_role("heading", name="Что было не так?")).to_have_count(0)
    page.clock.run_for(5_300)
    expect(page.locator("#rate .mark")).to_have_count(0)


def test_the_phone_completes_a_low_mark_given_on_the_pad(page: Page, stub: StubServer) -> None:
    open_phone(page, stub, score=1)
    expect(page.locator("#rate")).to_contain_text("Ваша оценка: Очень плохо")
    expect(page.locator("#rate .mark")).to_have_count(0)
    page.get_by_role("button", name="Невежливое обслуживание").click()
    with page.expect_response("**/ratings/reasons"):
        page.get_by_role("button", name="Отправить").click()
    assert [path for path, _, _ in stub.posts] == ["ratings/reasons"]


def test_what_was_told_before_is_not_asked_again(page: Page, stub: StubServer) -> None:
    open_phone(page, stub, score=1, explained=True)
    expect(page.locator("#rate")).to_contain_text("Ваша оценка: Очень плохо")
    expect(page.locator("#rate form")).to_have_count(0)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_what_follows_fits_a_phone_and_is_accessible(page: Page, stub: StubServer, language: str) -> None:
    open_phone(page, stub, language, surveys=True, score=1)
    for _step in range(4):
        expect(page.locator(".follow-up")).to_be_visible()
        assert whole_size(page)[0] == 360
        assert serious_faults(page) == []
        page.locator(".follow-up .acts button").nth(1 if _step == 0 else 0).click()
