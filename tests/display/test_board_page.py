"""The board page in Chromium against real Socket.IO news, with a fake clock and a remembering sound card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server.sdk.speech.engines import EspeakNg, RememberedSpeech
from tests.display.board_pages import resize
from tests.display.boards import NOON, board, row, saying, voice
from tests.display.conftest import Site, settings
from tests.display.news_server import TOKEN, NewsServer
from tests.needs import need

pytestmark = pytest.mark.browser
FAKE_SOUND = Path(__file__).with_name("fake_sound.js")
ROWS = "#rows li"


@pytest.fixture
def page(plain_page: Page) -> Page:
    """A hall monitor at noon."""
    plain_page.add_init_script(path=FAKE_SOUND)
    plain_page.clock.install(time=NOON)
    return plain_page


@pytest.fixture
def open_board(page: Page, site: Site, news: NewsServer) -> Callable[..., Page]:
    """Opens the page with a first state and stops its clock."""

    def open_with(*called: dict[str, Any], **more: Any) -> Page:
        news.state = board(*called, **more)
        page.goto(site.url)
        expect(page.locator("#clock")).not_to_be_empty()
        expect(page.locator("#contact")).to_be_hidden()
        page.evaluate("document.fonts.ready.then(() => true)")
        # Half a minute of room: on a busy machine the first state comes late by the page's clock.
        page.clock.pause_at(NOON + timedelta(minutes=1, seconds=30))
        seconds(page, 1)
        return page

    return open_with


def seconds(page: Page, count: float) -> None:
    """Let the page's clock run; promises settle in between, as with a real clock."""
    for _ in range(round(count * 2)):
        page.clock.run_for(500)


def sounds(page: Page) -> list[str]:
    return [sound["what"] for sound in page.evaluate("window.sounds")]


def current(page: Page) -> datetime:
    """The server's clock as the page has it: noon plus what has passed since the state came."""
    return NOON + timedelta(milliseconds=page.evaluate("Date.now()") - NOON.timestamp() * 1000)


def call(page: Page, number: str, label: str = "5", **more: Any) -> dict[str, Any]:
    """A row called just now."""
    return row(number, label, called_at=current(page).isoformat(), **more)


def test_rows_stand_newest_first_with_number_point_and_mark_of_painting(
    open_board: Callable[..., Page],
) -> None:
    page = open_board(row("К007", "205", ago=30, kind="room"), row("А122", "3", ago=90, state="serving"))
    texts = [text.split() for text in page.locator(ROWS).all_inner_texts()]
    assert texts == [["К007", "кабинет", "205"], ["А122", "окно", "3"]]
    page.clock.run_for(100)
    expect(page.locator("[data-call-id=call-К007]")).to_be_visible()
    expect(page.locator("#next li")).to_have_text(["А124", "Б018"])
    expect(page.locator("#wait")).to_contain_text("12 мин")
    expect(page.locator("#clock")).to_have_text("12:01")


def test_a_new_call_comes_on_top_and_the_clock_need_not_run_for_it(
    open_board: Callable[..., Page], news: NewsServer
) -> None:
    page = open_board(row("А122", ago=90))
    news.tell(board(call(page, "А123"), row("А122", ago=90), version=2, at=current(page)))
    expect(page.locator(".ticket")).to_have_text(["А123", "А122"])


def test_a_call_is_highlighted_with_a_bell_and_only_for_its_time(
    open_board: Callable[..., Page], news: NewsServer
) -> None:
    page = open_board()
    news.tell(board(call(page, "А123", state="serving"), version=2, at=current(page)))
    fresh = page.locator("li.fresh")
    expect(fresh.locator(".bell")).to_be_visible()
    seconds(page, 11)
    expect(fresh).to_have_count(1)
    seconds(page, 2)
    expect(fresh).to_have_count(0)
    expect(page.locator(".bell")).to_have_count(0)
    expect(page.locator(ROWS)).to_have_count(1)


def test_announcements_are_said_one_at_a_time_in_the_order_of_calls(
    open_board: Callable[..., Page], news: NewsServer
) -> None:
    page = open_board(voice=voice("kk", "ru"))
    rows: list[dict[str, Any]] = []
    for version, number in enumerate(("А1", "А2", "А3"), start=2):
        page.clock.run_for(100)
        rows.insert(0, call(page, number))
        news.tell(board(*rows, version=version, at=current(page), voice=voice("kk", "ru")))
        news.say(saying(rows[0], languages=["kk", "ru"]))
        expect(page.locator(ROWS)).to_have_count(len(rows))
    seconds(page, 40)
    expected = ["chime", "kk А1", "ru А1", "chime", "kk А2", "ru А2", "chime", "kk А3", "ru А3"]
    assert sounds(page) == expected
    log = page.evaluate("window.sounds")
    assert all(one["end"] <= other["begin"] for one, other in pairwise(log))


def test_a_visitor_who_has_come_before_his_turn_to_be_said_is_not_announced(
    open_board: Callable[..., Page], news: NewsServer
) -> None:
    page = open_board()
    first, second, third = (call(page, number) for number in ("А1", "А2", "А3"))
    news.tell(board(third, second, first, version=2, at=current(page)))
    expect(page.locator(ROWS)).to_have_count(3)
    seconds(page, 1)
    news.tell(board(third, second | {"state": "serving"}, first, version=3, at=current(page), waiting=7))
    expect(page.locator("#wait")).to_contain_text("7")
    seconds(page, 25)
    assert [what for what in sounds(page) if what != "chime"] == ["ru А1", "ru А3"]


def test_a_call_older_than_the_limit_is_shown_and_not_said(open_board: Callable[..., Page]) -> None:
    page = open_board(row("А1", ago=61))
    seconds(page, 10)
    expect(page.locator(".ticket")).to_have_text(["А1"])
    assert sounds(page) == []


def test_a_call_whose_announcement_was_lost_with_the_line_is_still_said_once(
    open_board: Callable[..., Page], news: NewsServer
) -> None:
    page = open_board()
    lost = call(page, "А1")
    news.tell(board(lost, version=2, at=current(page)))
    expect(page.locator(ROWS)).to_have_count(1)
    seconds(page, 10)
    news.say(saying(lost))
    news.tell(board(lost, version=3, at=current(page), waiting=9))
    expect(page.locator("#wait")).to_contain_text("9")
    seconds(page, 10)
    assert sounds(page) == ["chime", "ru А1"]


def test_a_said_call_is_not_said_again_after_a_reload(
    open_board: Callable[..., Page], news: NewsServer
) -> None:
    page = open_board()
    news.tell(board(call(page, "А1"), version=2, at=current(page)))
    expect(page.locator(ROWS)).to_have_count(1)
    seconds(page, 1)
    assert sounds(page) == ["chime"]
    page.reload()
    expect(page.locator(".ticket")).to_have_text(["А1"])
    seconds(page, 10)
    assert sounds(page) == []


def test_without_speech_there_is_the_chime_and_the_next_call_is_said(
    open_board: Callable[..., Page], news: NewsServer
) -> None:
    page = open_board()
    page.evaluate("window.silentVoices.add('number=А1')")
    rows = [call(page, "А2"), call(page, "А1")]
    news.tell(board(*rows, version=2, at=current(page)))
    expect(page.locator(ROWS)).to_have_count(2)
    seconds(page, 15)
    assert sorted(sounds(page)) == ["chime", "chime", "ru А2"]


def test_lost_contact_keeps_the_state_says_since_when_and_heals(
    page: Page, open_board: Callable[..., Page], news: NewsServer
) -> None:
    with page.expect_websocket() as opened:
        open_board(row("А122", ago=90))
    mark = page.locator("#contact")
    with opened.value.expect_event("close"):
        news.cut()
    seconds(page, 3)
    expect(mark).to_have_text("Нет связи, показано состояние на 12:01")
    expect(page.locator(".ticket")).to_have_text(["А122"])
    news.restore()
    news.state = board(row("А123", ago=1), row("А122", ago=90), version=2)
    page.clock.resume()
    expect(mark).to_be_hidden()
    expect(page.locator(".ticket")).to_have_text(["А123", "А122"])


def test_a_page_started_without_contact_shows_what_the_program_kept(
    page: Page, tmp_path: Path, engine: RememberedSpeech
) -> None:
    site = Site(settings("http://127.0.0.1:9", tmp_path), engine)
    try:
        site.agent.state_came("", board(row("А122", ago=90)))
        page.goto(site.url)
        expect(page.locator(".ticket")).to_have_text(["А122"])
        page.clock.run_for(3000)
        expect(page.locator("#contact")).to_have_text("Нет связи, показано состояние на 12:00")
    finally:
        site.close()


def test_a_page_that_never_had_contact_says_so_in_three_languages(
    page: Page, tmp_path: Path, engine: RememberedSpeech
) -> None:
    site = Site(settings("http://127.0.0.1:9", tmp_path), engine)
    try:
        page.goto(site.url)
        page.clock.run_for(3000)
        expect(page.locator("#contact [lang]")).to_have_count(3)
        expect(page.locator("#contact")).to_contain_text("Нет связи с сервером")
    finally:
        site.close()


def test_any_browser_can_be_a_board_with_the_link_of_the_server(page: Page, news: NewsServer) -> None:
    news.state = board(row("А122", ago=10), voice=voice("kk", "ru"))
    page.goto(f"{news.url}/board/zarechny#{TOKEN}")
    expect(page.locator(".ticket")).to_have_text(["А122"])
    assert TOKEN not in page.url
    seconds(page, 5)
    assert sounds(page) == ["own chime"]
    page.reload()
    expect(page.locator(".ticket")).to_have_text(["А122"])


def test_a_link_without_its_key_says_what_to_do(page: Page, news: NewsServer) -> None:
    page.goto(f"{news.url}/board/zarechny")
    expect(page.locator("#contact")).to_contain_text("Откройте полную ссылку")
    assert news.connections == 0


def test_a_bilingual_office_has_both_languages_side_by_side_and_equal_words_once(
    open_board: Callable[..., Page],
) -> None:
    rows = [row("А2", "5", ago=20), row("А1", "205", ago=30, kind="room")]
    page = open_board(
        *rows, languages=["kk", "ru"], name={"kk": "Орталық", "ru": "Центр"}, demonstration=True
    )
    expect(page.locator(".kind").first.locator("span")).to_have_text(["терезе", "окно"])
    expect(page.locator(".kind").nth(1).locator("span")).to_have_text(["кабинет"])
    expect(page.locator("#office span")).to_have_text(["Орталық", "Центр"])
    expect(page.locator("#next-title span")).to_have_text(["Келесі", "Следующие"])
    expect(page.locator("#band")).to_contain_text("вымышлены")
    expect(page.locator("html")).to_have_attribute("lang", "kk")


@pytest.mark.parametrize(("width", "height", "least"), [(1920, 1080, 6), (1080, 1920, 8), (1366, 768, 6)])
def test_rows_fit_whole_and_numbers_are_large_enough_for_ten_metres(
    open_board: Callable[..., Page], width: int, height: int, least: int
) -> None:
    rows = [row(f"А{n:03}", "205А" if n == 3 else "12", ago=20 + n) for n in range(8)]
    line = {"ru": "Показания можно передать по телефону. " * 6, "kk": "Көрсеткіштер"}
    page = open_board(*rows, languages=["kk", "ru"], demonstration=True, running_line=line)
    resize(page, width, height)
    box = page.locator("#rows").bounding_box()
    boxes = [element.bounding_box() for element in page.locator(ROWS).all()]
    assert box
    whole = [one for one in boxes if one and one["x"] < box["x"] + box["width"]]
    assert len(whole) >= least
    assert all(one["y"] + one["height"] <= box["y"] + box["height"] + 1 for one in whole)
    size = float(page.locator(".ticket").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
    assert size >= 119.9 * (min(width / 1920, height / 1080) if width > height else 1)
    overflowing = """() => [...document.querySelectorAll(".ticket, .label, .kind, #office, #next li")]
      .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"""
    assert page.evaluate(overflowing) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


SERVICES = [
    ("Договор энергоснабжения", "Энергиямен жабдықтау шарты", "Electricity contract", 15, 30),
    ("Счётчики и показания", "Есептегіштер және көрсеткіштер", "Meters and readings", 0, 5),
    ("Начисления, сверка, справки", "Есептеулер, анықтамалар", "Charges and statements", 15, 30),
    ("Касса", "Касса", "Cash desk", 5, 5),
    ("Технологическое присоединение", "Технологиялық қосылу", "Grid connection", 100, 120),
    ("Жалобы и обращения", "Шағымдар мен өтініштер", "Complaints and appeals", 20, 30),
    ("Выдача документов", "Құжаттарды беру", "Documents", 0, 1),
]


def expected_waits() -> list[dict[str, Any]]:
    """Of seven services, in the office's order."""
    return [
        {
            "name": {"ru": ru, "kk": kk, "en": en},
            "expected_wait": {"from_minutes": least, "to_minutes": most},
        }
        for ru, kk, en, least, most in SERVICES
    ]


def test_expected_waits_stand_as_ranges_the_longest_first_beside_the_wait_now(
    open_board: Callable[..., Page],
) -> None:
    page = open_board(expected=expected_waits())
    expect(page.locator("#expected-title")).to_have_text("Ожидание по услугам, мин")
    expect(page.locator("#services .number")).to_have_text(["100–120", "20–30", "15–30", "15–30", "5", "0–5"])
    names = page.locator("#services .service").all_inner_texts()
    assert names[2:4] == ["Договор энергоснабжения", "Начисления, сверка, справки"]
    expect(page.locator("#wait")).to_contain_text("12 мин")


def test_a_board_says_nothing_of_expected_waits_that_cannot_be_known(
    open_board: Callable[..., Page], news: NewsServer
) -> None:
    page = open_board(expected=expected_waits())
    expect(page.locator("#expected")).to_be_visible()
    news.tell(board(version=2, at=current(page), expected=[]))
    expect(page.locator("#expected")).to_be_hidden()
    expect(page.locator("#next li")).to_have_count(2)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1366, 768)])
@pytest.mark.parametrize(
    ("languages", "least"),
    [(["ru"], 4), (["kk"], 4), (["en"], 4), (["kk", "ru"], 3), (["ru", "kk", "en"], 2)],
)
def test_expected_waits_fit_whole_and_leave_room_for_the_next_numbers(
    open_board: Callable[..., Page], languages: list[str], least: int, width: int, height: int
) -> None:
    line = {"ru": "Показания можно передать по телефону. " * 6, "kk": "Көрсеткіштер"}
    page = open_board(
        *(row(f"А{n:03}", ago=20 + n) for n in range(8)),
        languages=languages, expected=expected_waits(), next=[f"АБ{n}" for n in range(200, 210)],
        waiting=14, demonstration=True, running_line=line,
    )  # fmt: skip
    resize(page, width, height)
    inside = """([list, of]) => {
      const room = document.querySelector(list).getBoundingClientRect();
      return [...document.querySelectorAll(of)].map((e) => e.getBoundingClientRect())
        .filter((r) => r.height > 1 && r.left < room.right)
        .filter((r) => r.top >= room.top - 1 && r.bottom <= room.bottom + 1).length;
    }"""
    cut = """() => [...document.querySelectorAll("#side :is(h2, p, #next li)")]
      .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"""
    assert page.evaluate(inside, ["#services", "#services li"]) >= least
    assert page.evaluate(inside, ["#next", "#next li"]) >= 4
    assert page.evaluate(inside, ["#side", "#wait p"]) == 3
    assert page.evaluate(cut) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_silent_browser_offers_sound_and_then_plays_real_speech(
    plain_page: Page, news: NewsServer, tmp_path: Path
) -> None:
    site = Site(settings(news.url, tmp_path), EspeakNg(program=need("espeak-ng")))
    try:
        plain_page.add_init_script(
            """// The test's own looking counts as a touch: hold the sound back as an untouched page would.
            window.AudioContext = class extends AudioContext {
              constructor() {
                super();
                this.suspend();
              }
            };
            const played = [];
            const start = AudioBufferSourceNode.prototype.start;
            window.played = new Promise((heard) => {
              AudioBufferSourceNode.prototype.start = function () {
                const ended = () => played.push(this.buffer.duration) === 2 && heard(played);
                this.addEventListener("ended", ended);
                start.call(this);
              };
            });"""
        )
        plain_page.goto(site.url)
        button = plain_page.get_by_role("button", name="Включить звук")
        button.click()
        expect(button).to_be_hidden()
        now = datetime.fromtimestamp(plain_page.evaluate("Date.now()") / 1000, tz=NOON.tzinfo)
        called = row("А123", called_at=now.isoformat())
        news.tell(board(called, version=2, at=now))
        chime, speech = plain_page.evaluate("window.played")
        assert 1.3 < chime < 1.5
        assert 2 < speech < 8
    finally:
        site.close()
