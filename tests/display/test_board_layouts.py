"""Every layout in every language and size: whole rows, nothing cut, parts as the data says, contrast."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser_pages.conftest import serious_faults
from tests.display.board_pages import (
    ADVICE,
    OFFICE,
    ROWS,
    SIZES,
    SPEECH,
    ZONE,
    full_board,
    open_board,
    resize,
    seconds,
    tickets,
)
from tests.display.boards import NOON, board, row
from tests.display.news_server import NewsServer
from tests.programs import until

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
LAYOUTS = ["side", "rows", "slides"]

FAULTS = "window.faults()"


@pytest.fixture
def page(plain_page: Page) -> Page:
    """A hall monitor whose browser may sound, so that no button asks for it."""
    plain_page.add_init_script(path=HERE / "fake_sound.js")
    plain_page.add_init_script(path=HERE / "page_faults.js")
    return plain_page


@pytest.mark.parametrize("speech", SPEECH)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_stands_whole_on_every_screen(
    page: Page, news: NewsServer, layout: str, speech: str
) -> None:
    open_board(page, news, full_board(layout, SPEECH[speech]))
    for width, height in SIZES:
        resize(page, width, height)
        assert page.evaluate(FAULTS) == [], (width, height)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        unit = min(width / 1920, height / 1080) if width > height else min(width / 1080, height / 1920)
        largest = page.locator(".ticket").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert largest >= 119.9 * unit, "read from ten metres"
        assert len(tickets(page)) >= (4 if layout == "slides" or width < height else 5)


@pytest.mark.parametrize("turn_seconds", [0, 5])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_languages_together_or_by_turns_with_nothing_moved(
    page: Page, news: NewsServer, layout: str, turn_seconds: int
) -> None:
    open_board(page, news, full_board(layout, SPEECH["all"], turn_seconds=turn_seconds))
    where = """() => [...document.querySelectorAll(
      "#office, #rows li, .ticket, .kind, #next-title, #next li, #services li, #wait p, .slide")]
      .map((e) => e.getBoundingClientRect())
      .map((r) => [r.x, r.y, r.width, r.height].map(Math.round).join())"""
    seconds(page, 12)  # the two fresh calls have become old
    places = page.evaluate(where)
    heard: dict[str, set[str]] = {}
    for _ in range(16):
        seconds(page, 1)
        language = str(page.locator("html").get_attribute("lang"))
        heard.setdefault(language, set()).update(
            text for text in page.locator("#office span").all_inner_texts() if text
        )
        assert page.evaluate(where) == places
    names = [OFFICE[language] for language in SPEECH["all"]]
    if turn_seconds:
        assert {language: {OFFICE[language]} for language in SPEECH["all"]} == heard
    else:
        assert heard == {"ru": set(names)}


def test_by_turns_a_text_missing_in_a_language_stands_in_another(page: Page, news: NewsServer) -> None:
    state = board(row("А1"), languages=["ru", "kk"], turn_seconds=5, name={"ru": "Заречный офис"})
    open_board(page, news, state)
    for _ in range(4):
        assert [text for text in page.locator("#office span").all_inner_texts() if text] == ["Заречный офис"]
        seconds(page, 5)


def test_an_arrow_turns_to_where_the_point_is_and_says_so(page: Page, news: NewsServer) -> None:
    directions = ["left", "right", "up", "down"]
    calls = [row(f"А{n}", ago=50 + n, direction=one) for n, one in enumerate(directions)]
    open_board(page, news, board(*calls, row("А9", ago=90)))
    signs = page.locator(f"{ROWS} > .pointer")
    turned = signs.evaluate_all("all => all.map((e) => getComputedStyle(e).rotate)")
    assert turned == ["180deg", "none", "-90deg", "90deg"]
    expect(page.locator(f"{ROWS} .visually-hidden")).to_have_text(["слева", "справа", "наверху", "внизу"])
    expect(page.locator(ROWS).last.locator("> .dash")).to_be_visible()  # an arrow there would point right
    news.tell(board(row("А9", ago=90), version=2))
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(f"{ROWS} > .arrow")).to_be_visible()


@pytest.mark.parametrize("left_out", ["next", "expected", "wait", "clock", "line", "slides"])
def test_a_part_that_the_board_does_not_have_is_not_there(
    page: Page, news: NewsServer, left_out: str
) -> None:
    parts = ["next", "expected", "wait", "clock", "line", "slides"]
    open_board(page, news, full_board("side", ["ru"], parts=[part for part in parts if part != left_out]))
    for part in parts:
        expect(page.locator(f"#{part}")).to_be_visible(visible=part != left_out)
    assert page.evaluate(FAULTS) == []


def test_a_board_of_calls_alone_gives_them_the_whole_width(page: Page, news: NewsServer) -> None:
    open_board(page, news, full_board("side", ["ru"], parts=[]))
    box = page.locator("#called").bounding_box()
    assert box
    assert box["width"] > 1800
    assert page.evaluate(FAULTS) == []


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 1), (6, 1), (8, 2), (12, 2)])
def test_no_more_rows_than_the_board_wants_and_larger_ones_where_there_is_room(
    page: Page, news: NewsServer, rows: int, columns: int
) -> None:
    open_board(page, news, full_board("rows", ["ru"], rows=rows))
    assert len(tickets(page)) == rows
    lefts = page.locator(ROWS).evaluate_all("all => all.map((e) => Math.round(e.getBoundingClientRect().x))")
    assert len(set(lefts)) == columns
    size = page.locator(".ticket").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= (180 if rows <= 3 else 120)
    assert page.evaluate(FAULTS) == []


def test_the_zone_stands_beside_the_office(page: Page, news: NewsServer) -> None:
    open_board(page, news, full_board("side", ["ru"]))
    expect(page.locator("#zone")).to_have_text(ZONE["ru"])
    news.tell(board(version=2, title={}))
    expect(page.locator("#zone")).to_be_hidden()


def test_a_state_of_an_older_server_is_shown_with_what_boards_had_then(page: Page, news: NewsServer) -> None:
    old = board(row("А1"), voice_languages=["ru"])
    assert "layout" not in old
    del old["voice"]
    open_board(page, news, old)
    assert tickets(page) == ["А1"]
    expect(page.locator("#wait")).to_contain_text("12 мин")


@pytest.mark.parametrize("theme", ["ordinary", "contrast"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_words_and_signs_stand_out_and_axe_finds_nothing_serious(
    page: Page, news: NewsServer, layout: str, theme: str
) -> None:
    page.emulate_media(contrast="more" if theme == "contrast" else "no-preference")
    open_board(page, news, full_board(layout, SPEECH["both"]))
    ratio, words = page.evaluate("window.lowestContrast()")
    assert ratio >= (7 if theme == "contrast" else 4.5), words
    page.clock.resume()  # axe waits now and then
    assert serious_faults(page) == []


def test_a_fresh_call_is_known_without_any_colour(page: Page, news: NewsServer) -> None:
    open_board(page, news, full_board("side", ["ru"]))
    expect(page.locator(f"{ROWS} .bell")).to_have_count(2)
    luminance = """all => all.map((e) => getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).map(Number))
      .map(([r, g, b, a = 1]) => a * (0.2126 * r + 0.7152 * g + 0.0722 * b))"""
    fresh, _, plain = page.locator(ROWS).evaluate_all(luminance)[:3]
    assert fresh > plain + 150, "light on dark also where colours are not told apart"


def test_with_reduced_motion_nothing_moves(page: Page, news: NewsServer) -> None:
    page.emulate_media(reduced_motion="reduce")
    long = {"ru": ADVICE["ru"] * 6}
    open_board(page, news, full_board("side", ["ru"], running_line=long))
    moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    page.wait_for_function(f"{moving} > 0")


def test_the_clock_is_the_servers_whatever_the_hall_pc_says(page: Page, news: NewsServer) -> None:
    open_board(page, news, board(at=NOON + timedelta(hours=5)))
    expect(page.locator("#clock")).to_have_text("17:00")
    page.clock.set_system_time(NOON - timedelta(days=400))
    seconds(page, 60)
    expect(page.locator("#clock")).to_have_text("17:01")


def test_nothing_technical_is_told_to_a_hall_that_has_seen_the_board(page: Page, news: NewsServer) -> None:
    open_board(page, news, board(row("А1")))
    news.refusal = {"code": "unknown_device", "detail": "unknown_device: 401"}
    news.cut()
    news.restore()
    page.clock.resume()
    until(lambda: len(news.followed) == 2, "the page comes back")
    news.tell(board(row("А1"), version=2, waiting=9))
    expect(page.locator("#wait")).to_contain_text("9")
    expect(page.locator("body")).not_to_contain_text("401")
    assert tickets(page) == ["А1"]
